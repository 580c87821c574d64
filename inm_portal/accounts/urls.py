"""
Sign-in, passwords and second factors: allauth's pages, as far as they are offered.

Sign-up stays to say that people come by invitation. `account_patterns` are what
stands under ``/account/``: what people see of and do to their own account.
"""

from typing import Any

from allauth.account.urls import urlpatterns as allauth_patterns
from allauth.decorators import rate_limit
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as apps
from allauth.mfa.webauthn import views as passkeys
from django.db import transaction
from django.urls import URLPattern, path

from .sso import views as sso
from .views import account, delegations, emails, tokens
from .views.factors import FactorsPage, RemovePasskey
from .views.passwords import ResetPassword, SetPassword

OFFERED = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_change_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}


def in_one_transaction(address: str, view: Any, name: str) -> URLPattern:
    """Return a route whose change, journal entry and count of guesses are one."""
    return path(f"second-factor/{address}", transaction.atomic(view), name=name)


#: Each start keeps a challenge for somebody whom nobody knows yet.
begin_with_passkey = rate_limit(action="login", limit_get=True)(passkeys.login_webauthn)

#: Of allauth's pages about second factors, those that the portal offers.
factor_patterns = [
    in_one_transaction(*route)
    for route in [
        ("", FactorsPage.as_view(), "mfa_index"),
        ("show/", factors.authenticate, "mfa_authenticate"),
        ("confirm/", factors.reauthenticate, "mfa_reauthenticate"),
        ("app/", apps.activate_totp, "mfa_activate_totp"),
        ("app/remove/", apps.deactivate_totp, "mfa_deactivate_totp"),
        ("codes/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
        ("codes/new/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
        ("passkeys/", passkeys.list_webauthn, "mfa_list_webauthn"),
        ("passkeys/add/", passkeys.add_webauthn, "mfa_add_webauthn"),
        ("passkeys/login/", begin_with_passkey, "mfa_login_webauthn"),
        (
            "passkeys/confirm/",
            passkeys.reauthenticate_webauthn,
            "mfa_reauthenticate_webauthn",
        ),
        ("passkeys/<int:pk>/rename/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
        ("passkeys/<int:pk>/remove/", RemovePasskey.as_view(), "mfa_remove_webauthn"),
    ]
]

institution_patterns = [
    path("oidc/", sso.confirm, name="sso_reauthenticate"),
    path("oidc/<slug:institution>/", sso.start_sign_in, name="sso_start"),
    path("oidc/<slug:institution>/return/", sso.come_back, name="sso_return"),
    path("oidc/<slug:institution>/again/", sso.start_confirming, name="sso_again"),
    path("oidc/<slug:institution>/connect/", sso.connect, name="sso_connect"),
    path("identities/<int:pk>/remove/", sso.remove, name="sso_remove"),
]

urlpatterns = [
    path("password/reset/", ResetPassword.as_view(), name="account_reset_password"),
    path("password/set/", SetPassword.as_view(), name="account_set_password"),
    *[pattern for pattern in allauth_patterns if pattern.name in OFFERED],
    *factor_patterns,
    *institution_patterns,
]

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
    path("preferences/", account.Preferences.as_view(), name="preferences"),
    path("email/", emails.ChangeEmail.as_view(), name="change_email"),
    path("email/<str:key>/", emails.ConfirmEmail.as_view(), name="confirm_email"),
    path("standing-in/new/", delegations.Delegate.as_view(), name="delegate"),
    path(
        "standing-in/<int:pk>/revoke/",
        delegations.RevokeDelegation.as_view(),
        name="revoke_delegation",
    ),
    path("standing-in/<int:pk>/act/", delegations.StartActing.as_view(), name="act"),
    path("tokens/new/", tokens.AddToken.as_view(), name="add_token"),
    path(
        "tokens/<slug:token_key>/revoke/",
        tokens.RevokeToken.as_view(),
        name="revoke_token",
    ),
]
