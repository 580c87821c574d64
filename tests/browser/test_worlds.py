import pytest
from django.db import connection

from inm_portal.accounts.models import User

pytestmark = pytest.mark.django_db


def test_a_connection_that_lingers_holds_up_no_world(portal, worlds):
    worlds.begin()
    lingering = connection.copy()
    with lingering.cursor() as cursor:
        cursor.execute("SELECT 1")

    worlds.begin()

    assert User.objects.filter(email="finance@inm.example").exists()
    lingering.close()
