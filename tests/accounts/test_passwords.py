"""AUT-04: length counts, not composition; what a guesser tries first is refused."""

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from consortium.models import ContactRole
from inm_portal.accounts.models import User

from ..factories.consortium import OrganizationFactory, person_at

DANA = User(email="dana.kim@inm.example", name="Dana Kim-Robertson")


def faults(password: str, person: User = DANA) -> list[str]:
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
        ("🏭 among 🏭 and 🏭 and ⚙", []),
        ("many words of a poem that nobody wrote " * 20 + "and an end", []),
        ("x" * 128, ["password_predictable"]),
        ("abcdefghijklmnopqrstuvwxyz", ["password_predictable"]),
        ("passwordpassword", ["password_predictable"]),
        ("qwertyuiop-asdfghjkl-1234", ["password_predictable"]),
        ("inm-consortium-2026", ["password_predictable"]),
        ("New.Manufacturing.Portal!", ["password_predictable"]),
        ("\uff29\uff2e\uff2d consortium portal", ["password_predictable"]),
        ("Summer2026-Robertson", ["password_predictable"]),
        ("Robertson likes orchards", []),
        ("polniypizdec0211", ["password_too_common"]),
        ("POLNIYPIZDEC0211", ["password_too_common"]),
        ("dana.kim@inm.example", ["password_too_similar", "password_predictable"]),
        ("Dana Kim-Robertson", ["password_too_similar", "password_predictable"]),
    ],
)
def test_which_passwords_are_taken(password, found):
    assert faults(password) == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("Vernova-Vernova-2026", False),
        ("Aerospace Vernova 2026!", False),
        ("a turbine of Vernova's", True),
    ],
)
def test_no_password_is_made_of_the_names_of_ones_company(password, taken):
    """NIST 800-63B: words of the context, here of a company with another domain."""
    company = OrganizationFactory(name="GE Vernova", legal_name="GE Aerospace Inc.")
    contact = person_at(company, ContactRole.TECHNICAL)

    assert (faults(password, contact.user) == []) == taken


def test_real_passwords_are_kept_by_argon2():
    from inm_portal.settings import base

    first = base.PASSWORD_HASHERS[0]

    assert first == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert settings.AUTH_PASSWORD_VALIDATORS == base.AUTH_PASSWORD_VALIDATORS


@pytest.mark.parametrize(
    "typed", ["fa\u00e7ade of the mu\u0308hle", "fac\u0327ade of the m\u00fchle"]
)
def test_a_password_opens_however_a_keyboard_writes_its_letters(typed):
    person = User()
    person.set_password("fa\u00e7ade of the m\u00fchle")

    assert person.check_password(typed)


@pytest.mark.django_db
@pytest.mark.parametrize("length", [64, 128, 1000])
def test_a_long_password_counts_to_its_end(client, length):
    long = ("correct horse battery staple " * 40)[: length - 1]
    person = User.objects.create_user("dana@inm.example", "Dana", f"{long}!")

    assert person.check_password(f"{long}!")
    assert not person.check_password(f"{long}?")
    answer = client.post(
        "/accounts/login/", {"login": person.email, "password": f"{long}!"}
    )
    assert answer.status_code == 302
