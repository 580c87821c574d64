"""
Sign-in, sign-out and passwords: allauth's pages, those that the portal offers.

Sign-up stays to say that people come by invitation.
"""

from allauth.account.urls import urlpatterns as allauth_patterns

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

urlpatterns = [pattern for pattern in allauth_patterns if pattern.name in OFFERED]
