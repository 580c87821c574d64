"""Case 44: a shared mailbox does nothing without a name, and sees what billing sees."""

import time
from dataclasses import replace

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db.models import BooleanField, Func

from consortium.models import ContactRole
from inm_portal.accounts import mailboxes
from inm_portal.accounts.naming import FREE
from inm_portal.kernel import journal, sessions
from inm_portal.kernel.prepared import prepared
from inm_portal.kernel.sessions import SessionStore

from ..factories.accounts import UserFactory
from ..factories.consortium import ContactFactory, RoleFactory
from .payloads import NOTHING, PAYLOADS
from .stage import Stage, sign_in
from .table import PERSONAS, Row, rows

pytestmark = pytest.mark.django_db

ASKED = [row for row in rows() if row.is_write and row.name not in FREE]
READ = [row for row in rows() if not row.is_write and row.name not in FREE]
HIDDEN = {403, 404, 405}
REFUSED = {400, 403, 404, 405, 422}
SIGNED_IN = [who for who in PERSONAS if who != "visitor"]

NAMED, HEADER = {"acting_name": "Mei Lin"}, {"Acting-Name": "Mei Lin"}


@pytest.fixture(scope="module")
def mailbox(stage) -> Stage:
    """The stage with accounts payable of Siemens, signed in."""
    user = UserFactory(email="ap@siemens.example", name="Accounts payable")
    siemens = {"organization": stage.cast.siemens, "user": user, "email": user.email}
    contact = ContactFactory(**siemens, is_shared_mailbox=True)
    RoleFactory(contact=contact, role=ContactRole.BILLING)
    stage.sessions["mailbox"] = sign_in(user.pk)
    return stage


@pytest.fixture(scope="module")
def signed_in(stage) -> Stage:
    """The stage with further sessions of everybody, who signed in just now."""
    for who in SIGNED_IN:
        pk = stage.cast[who].pk
        stage.sessions[f"fresh {who}"] = fresh(sign_in(pk), pk)
    return stage


def fresh(key: str, pk: int) -> str:
    session = SessionStore(key)
    given = {"method": "password", "at": time.time()}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [given]
    session["account_authentication_methods_user"] = str(pk)
    session.save()
    return key


@pytest.fixture
def recorded(monkeypatch) -> list[str]:
    """The verbs of what is recorded from now on."""
    verbs, record = [], journal.record

    def noted(verb, *args, **kwargs) -> None:
        record(verb, *args, **kwargs)
        verbs.append(verb)

    monkeypatch.setattr(journal, "record", noted)
    return verbs


class Anybody(Func):
    """Whether an account has a key."""

    output_field = BooleanField()
    template = "%(expressions)s > 0"


@pytest.fixture
def _all_share(monkeypatch) -> None:
    """Let every account be one that several people share, and no right be missing."""
    monkeypatch.setattr(mailboxes, "_conditions", [Anybody])
    build = sessions._with_key.__wrapped__
    monkeypatch.setattr(sessions, "_with_key", prepared(build))


@pytest.mark.usefixtures("_all_share")
@pytest.mark.parametrize("row", ASKED, ids=str)
def test_nothing_is_done_without_a_name_whoever_may(
    signed_in: Stage, recorded, row: Row
):
    url, body = signed_in.url(row), signed_in.filled(PAYLOADS.get(row.name, NOTHING))
    may = [who for who in SIGNED_IN if row.answers[who] not in HIDDEN]

    answers = {
        who: signed_in.ask(f"fresh {who}", row.method, url, body).status for who in may
    }

    assert set(answers.values()) <= REFUSED
    assert recorded == []


@pytest.mark.usefixtures("_all_share")
@pytest.mark.parametrize("row", READ, ids=str)
def test_nothing_is_recorded_of_who_reads_without_a_name(
    signed_in: Stage, recorded, row: Row
):
    may = [who for who in SIGNED_IN if row.answers[who] not in HIDDEN]

    for who in may[:2]:
        signed_in.ask(f"fresh {who}", row.method, signed_in.url(row))

    assert recorded == []


@pytest.mark.parametrize("row", rows(), ids=str)
def test_with_a_name_it_is_answered_as_whoever_holds_the_billing_role(
    mailbox: Stage, row: Row
):
    url = mailbox.url(row)
    by_form = row in READ and not url.startswith("/api/")
    data = NAMED | {"reads": "1"} if by_form else NAMED
    body = replace(NOTHING, data=data, headers=HEADER)

    answer = mailbox.ask("mailbox", "POST" if by_form else row.method, url, body)

    assert answer.status == row.answers["billing"]
