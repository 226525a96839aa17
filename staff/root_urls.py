"""Addresses of `staff` that stand outside its name space, because the whole product knows them."""

from django.urls import path

from staff.views import delegation, invitation, profile, session

urlpatterns = [
    path("sign-in/", session.sign_in, name="sign-in"),
    path("sign-out/", session.sign_out, name="sign-out"),
    path("invitation/<str:key>/", invitation.accept, name="invitation"),
    path("profile/", profile.profile, name="profile"),
    path("profile/delegations/", delegation.delegations, name="delegations"),
    path("profile/delegations/new/", delegation.delegation_new, name="delegation-new"),
    path("profile/delegations/stop/", delegation.stand_in_stop, name="stand-in-stop"),
    path("profile/delegations/<str:public_id>/end/", delegation.delegation_end, name="delegation-end"),
    path("profile/delegations/<str:public_id>/stand-in/", delegation.stand_in, name="stand-in"),
    path("profile/language/", profile.profile_language, name="profile-language"),
    path("profile/password/", profile.password, name="password"),
    path("profile/tokens/<int:pk>/revoke/", profile.profile_token_revoke, name="profile-token-revoke"),
]
