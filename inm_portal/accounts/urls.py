"""
Sign-in, sign-out and passwords: allauth's pages, those that the portal offers.

Sign-up stays to say that people come by invitation. `account_patterns` are what
stands under ``/account/``: what people see of and do to their own account.
"""

from allauth.account.urls import urlpatterns as allauth_patterns
from django.urls import path

from .sso import views as sso
from .views import account, tokens

OFFERED = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}

account_patterns = [
    path("", account.AccountPage.as_view(), name="account"),
    path(
        "sessions/<slug:handle>/end/", account.EndSession.as_view(), name="end_session"
    ),
    path(
        "sessions/end/",
        account.SignOutEverywhere.as_view(),
        name="sign_out_everywhere",
    ),
    path("tokens/new/", tokens.AddToken.as_view(), name="add_token"),
    path(
        "tokens/<slug:token_key>/revoke/",
        tokens.RevokeToken.as_view(),
        name="revoke_token",
    ),
]

AT_INSTITUTIONS = [
    path("oidc/<slug:institution>/", sso.start_sign_in, name="sso_start"),
    path("oidc/<slug:institution>/return/", sso.come_back, name="sso_return"),
    path("oidc/<slug:institution>/connect/", sso.connect, name="sso_connect"),
    path("identities/<int:pk>/remove/", sso.remove, name="sso_remove"),
]

urlpatterns = [
    *[pattern for pattern in allauth_patterns if pattern.name in OFFERED],
    *AT_INSTITUTIONS,
]
