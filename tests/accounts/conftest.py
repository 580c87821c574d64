"""Somebody with a password, and the door."""

import pytest
from django.test import Client

from inm_portal.accounts.models import User

PASSWORD = "correct horse battery"


@pytest.fixture
def person(db) -> User:
    return User.objects.create_user("Dana.Kim@inm.example", "Dana Kim", PASSWORD)


@pytest.fixture
def door(db):
    """Return a browser at the sign-in page, and what it got after trying."""

    def enter(email: str, password: str = PASSWORD, client: Client | None = None):
        client = client or Client()
        answer = client.post("/accounts/login/", {"login": email, "password": password})
        return client, answer

    return enter


@pytest.fixture
def is_in():
    """Say whether a browser is signed in, by what the portal answers next."""
    return lambda client: client.get("/").status_code == 200
