"""Passwords follow NIST 800-63B: length counts, and what everybody uses is refused."""

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from inm_portal.accounts.models import User


def faults(password: str) -> list[str]:
    person = User(email="dana.kim@inm.example", name="Dana Kim-Robertson")
    try:
        validate_password(password, person)
    except ValidationError as error:
        return [fault.code for fault in error.error_list]
    return []


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("x7-q mLw9 ~tzP", ["password_too_short"]),
        ("x7-q mLw9 ~tzPe", []),
        ("all lower case words", []),
        ("482957103648205", []),
        ("製造製造製造製造製造製造製造製", []),
        ("🏭" * 15, []),
        ("x" * 128, []),
        ("polniypizdec0211", ["password_too_common"]),
        ("POLNIYPIZDEC0211", ["password_too_common"]),
        ("dana.kim@inm.example", ["password_too_similar"]),
        ("Dana Kim-Robertson", ["password_too_similar"]),
    ],
)
def test_which_passwords_are_taken(password, found):
    assert faults(password) == found


def test_real_passwords_are_kept_by_argon2():
    from inm_portal.settings import base

    first = base.PASSWORD_HASHERS[0]

    assert first == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert settings.AUTH_PASSWORD_VALIDATORS == base.AUTH_PASSWORD_VALIDATORS
