"""Addresses of log-ins and keys."""

from django.urls import path

from staff.views import account, invitation, rights

urlpatterns = [
    path("roles/", rights.roles, name="roles"),
    path("accounts/", account.account_list, name="accounts"),
    path("accounts/new/", account.account_new, name="account-new"),
    path("accounts/tokens/", account.tokens, name="tokens"),
    path("accounts/tokens/<int:pk>/revoke/", account.token_revoke, name="token-revoke"),
    path("accounts/invitations/", invitation.invitations, name="invitations"),
    path("accounts/invitations/<int:pk>/revoke/", invitation.invitation_revoke, name="invitation-revoke"),
    path("accounts/<int:pk>/invite/", invitation.account_invite, name="account-invite"),
    path("accounts/<int:pk>/reopen/", account.account_reopen, name="account-reopen"),
    path("accounts/<int:pk>/", account.account, name="account"),
    path("accounts/<int:pk>/password/", account.account_password, name="account-password"),
    path("accounts/<int:pk>/deactivate/", account.account_deactivate, name="account-deactivate"),
]
