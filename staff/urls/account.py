"""Addresses of log-ins and keys."""

from django.urls import path

from staff.views import account

urlpatterns = [
    path("accounts/", account.account_list, name="accounts"),
    path("accounts/new/", account.account_new, name="account-new"),
    path("accounts/tokens/", account.tokens, name="tokens"),
    path("accounts/tokens/<int:pk>/revoke/", account.token_revoke, name="token-revoke"),
    path("accounts/<int:pk>/", account.account, name="account"),
    path("accounts/<int:pk>/password/", account.account_password, name="account-password"),
    path("accounts/<int:pk>/deactivate/", account.account_deactivate, name="account-deactivate"),
]
