"""``manage.py check --deploy`` finds what makes a place unfit for real people."""

import pytest

from inm_portal.kernel import checks


def ids(messages):
    return [message.id for message in messages]


def test_demo_mode_is_found(settings):
    settings.DEMO = True
    assert ids(checks.check_demo()) == ["portal.E001"]

    settings.DEMO = False
    assert ids(checks.check_demo()) == []


@pytest.mark.parametrize(
    ("owner", "found"),
    [
        ({"USER": "portal_web"}, ["portal.E002"]),
        ({"USER": "portal_owner"}, []),
        ({}, []),
    ],
)
def test_serving_pages_as_the_owner_is_found(monkeypatch, settings, owner, found):
    monkeypatch.setitem(settings.DATABASES["default"], "USER", "portal_web")
    settings.MIGRATE_DATABASE = owner

    assert ids(checks.check_roles()) == found


def test_https_without_a_front_server_is_found(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = None
    assert ids(checks.check_front_server()) == ["portal.W001"]

    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert ids(checks.check_front_server()) == []


@pytest.mark.django_db
def test_the_role_of_the_portal_may_only_use_rows():
    assert ids(checks.check_database(databases=["default"])) == []
