"""Who acts, on what; each request is asked in a transaction that is taken back."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import reverse
from django.utils import timezone

from consortium.documents import AGREEMENT
from consortium.models import Agreement, RoleAssignment
from consortium.services import (
    YearTerms,
    add_deviation,
    invite_contact,
    merge_contacts,
    record_merger,
    record_screening,
)
from inm_portal.accounts import roles
from inm_portal.accounts.merging import merge_users
from inm_portal.accounts.models import AccessRequest, ApiToken, Delegation, User
from inm_portal.accounts.tokens import issue_token
from inm_portal.accounts.viewing import start_viewing
from inm_portal.kernel import (
    bounces,
    documents,
    jobs,
    message_steps,
    outbox,
    outcomes,
    wire,
)
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.models import Job, JournalEntry
from inm_portal.kernel.sessions import handle_of

from ..cast import Cast, make_cast
from ..conftest import TODAY
from ..factories.accounts import UserFactory, invitation_to_inm, staff
from ..factories.consortium import (
    FLOOR,
    ContactFactory,
    OrganizationFactory,
    amend,
    draft,
    sign_amendment,
)
from ..kernel.files import sent
from ..kernel.letters import LETTER
from .objects import (
    of_benefits,
    of_books,
    of_calls,
    of_credits,
    of_engagement,
    of_governance,
    of_invoices,
    of_ladders,
    of_library,
    of_prospects,
    of_receipts,
    of_reminders,
    of_renewals,
    of_workforce,
)
from .payloads import ALONE, NEWCOMER, NOTHING, PASSWORD, Body, Key
from .proposals import of_proposals
from .screening import of_screening
from .table import PERSONAS, Row

#: A key that no object has.
ABSENT = 987_654_321

#: Whom tests ask more than once.
OUTSIDE = ["amgen sponsor", "stranger"]

#: A temporary redirect that is not to the sign-in page stands as 303 in the table.
ELSEWHERE = 303


class Asker(RequestFactory):
    """A client that is told what was answered, and not how: it is asked often."""

    handler = ClientHandler(enforce_csrf_checks=False)

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))


@dataclass(frozen=True)
class Answer:
    """What somebody was answered."""

    status: int
    text: str
    location: str


@dataclass(frozen=True)
class Stage:
    cast: Cast
    objects: dict[str, dict[str, Any]]
    sessions: dict[str, str]
    answers: dict[tuple[str, ...], Answer] = field(default_factory=dict)

    def url(self, row: Row) -> str:
        if row.on.startswith("?"):
            return reverse(row.name) + row.on
        return reverse(row.name, kwargs=self.objects[row.on])

    def absent_url(self, row: Row) -> str:
        absent = dict.fromkeys(self.objects[row.on], ABSENT)
        return reverse(row.name, kwargs=absent)

    def filled(self, body: Body) -> Body:
        """Return a body with the keys of the objects that it names."""
        return Body(self._filled(body.data), body.headers, body.files)

    def _named(self, name: str) -> str:
        """Return a field's name with the key of the object that it is about, if any."""
        start, _sign, of = name.partition(":")
        return f"{start}_{self.objects[of]['pk']}" if of else name

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._named(name): self._filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        return self.objects[value]["pk"] if isinstance(value, Key) else value

    def told(self, who: str, method: str, url: str, body: Body = NOTHING) -> Answer:
        """Return what ``who`` is answered, asking once: nothing of it stays."""
        asked = (who, method, url, repr(body))
        if asked not in self.answers:
            answer = self.ask(who, method, url, body)
            if who not in OUTSIDE:
                return answer
            self.answers[asked] = answer
        return self.answers[asked]

    def ask(self, who: str, method: str, url: str, body: Body = NOTHING) -> Answer:
        """Return what ``who`` is answered; nothing of it stays."""
        client = Asker()
        if key := self.sessions.get(who):
            client.cookies[settings.SESSION_COOKIE_NAME] = key
        with transaction.atomic():
            answer = _read(_send(client, method, url, body))
            transaction.set_rollback(True)
        return answer


def _send(client: Asker, method: str, url: str, body: Body) -> Any:
    call = getattr(client, method.lower())
    if method == "GET":
        return call(url, headers=body.headers)
    files = {name: SimpleUploadedFile(*file) for name, file in body.files.items()}
    is_json = url.startswith("/api/") and not files
    kind = {"content_type": "application/json"} if is_json else {}
    headers = body.headers | {"Idempotency-Key": uuid4().hex}
    return call(url, data=body.data | files, headers=headers, **kind)


def _read(response: Any) -> Answer:
    location = response.headers.get("Location", "")
    is_elsewhere = response.status_code == 302 and "/login/?next" not in location
    status = ELSEWHERE if is_elsewhere else response.status_code
    content = response.getvalue()
    is_packed = content.startswith(b"PK")
    text = unpacked(content) if is_packed else content.decode(errors="replace")
    return Answer(status, text, location)


def unpacked(content: bytes) -> str:
    """Return all that stands in the parts of an Excel file."""
    with ZipFile(BytesIO(content)) as parts:
        return " ".join(parts.read(name).decode() for name in parts.namelist())


def make_stage() -> Stage:
    cast = make_cast(on=TODAY)
    cast.siemens.owner = UserFactory(name="Ottilie Owner")
    cast.siemens.save()
    User.objects.update(password=make_password(PASSWORD))
    people = {name: cast[name] for name in PERSONAS if name != "visitor"}
    sessions = {name: sign_in(user.pk) for name, user in people.items()}
    return Stage(cast=cast, objects=_objects(cast, sessions), sessions=sessions)


def sign_in(pk: int) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=pk), settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _objects(cast: Cast, sessions: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Return what addresses hold; sessions and tokens are those of the sponsor."""
    lifetime = timedelta(days=1)
    token = issue_token(cast["sponsor"], scope="read", lifetime=lifetime)
    role = RoleAssignment.objects.get(contact__user=cast["technical"])
    below_floor = draft(cast.siemens, years=FLOOR[:2], effective_on=TODAY)
    viewed = {"by": cast["director"], "reason": "Asked for help."}
    viewing = start_viewing(cast["technical"], at=timezone.now(), **viewed)
    entry = JournalEntry.objects.about(cast.signed).earliest("pk")
    now = timezone.now()
    differs = add_deviation(
        cast.drafted, clause="4.2", reason="-", agreement_says="2", by=None
    )
    Agreement.objects.filter(pk=cast.drafted.pk).update(version=1)
    screening = record_screening(
        cast.siemens,
        **{"result": "clear", "screened_name": "Siemens AG", "screened_on": TODAY},
        **{"today": TODAY, "by": None},
    )
    in_force = sign_amendment(amend(cast.signed, payment_terms_days=60))
    amended = amend(cast.signed, years={3: YearTerms(Decimal(600_000), Decimal(0))})
    cut = amend(cast.signed, years={3: YearTerms(Decimal(100_000), Decimal(0))})
    group = OrganizationFactory(name="Talbrook Group")
    linked = {"other": group, "from_on": TODAY, "today": TODAY, "by": None}
    link = record_merger(cast.siemens, **linked)
    failed = parked()
    job = jobs.ask("test", title="Work", by=cast["sponsor"], at=now)
    document = documents.upload(
        sent(), kind=AGREEMENT, subject=cast.signed, at=now, by=None
    )
    invited = ContactFactory(organization=cast.siemens, name="Invited Person")
    invite_contact(invited, at=timezone.now(), by=cast["staff"])
    twins = ContactFactory.create_batch(2, organization=cast.siemens, name="A Twin")
    alone = ContactFactory(organization=cast.siemens, email=ALONE, departed_on=TODAY)
    merge = merge_contacts(
        cast.contact, merged=twins[1], at=timezone.now(), today=TODAY, by=None
    )
    ended, merged = UserFactory(is_active=False), UserFactory()
    one_now = merge_users(UserFactory(), merged=merged, at=timezone.now(), by=None)
    return {
        "-": {},
        "alone": {"pk": alone.pk},
        "twin": {"pk": twins[0].pk},
        "merge": {"pk": merge.pk},
        "one_now": {"pk": one_now.pk},
        "member": {"pk": cast.siemens.pk},
        "contact": {"pk": cast.contact.pk},
        "role": {"pk": role.pk},
        "agreement": {"pk": cast.signed.pk},
        "draft": {"pk": cast.drafted.pk},
        "amendment": {"pk": in_force.pk},
        "amending": {"pk": amended.pk},
        "cut": {"pk": cut.pk},
        "group": {"pk": group.pk},
        "organization_link": {"pk": link.pk},
        "exception": {"pk": 2 * 10**12 + differs.pk},
        "deviation": {"pk": differs.pk},
        "screening": {"pk": screening.pk},
        "low": {"pk": below_floor.pk},
        "year": {"pk": cast.signed.commitment_years.earliest("number").pk},
        "viewing": {"pk": viewing.pk},
        "entry": {"pk": entry.pk},
        "session": {"handle": handle_of(sessions["sponsor"])},
        "token": {"token_key": ApiToken.key_of(token)},
        "job": {"pk": job.pk},
        "parked": {"pk": failed.pk},
        "document": {"pk": document.pk},
        "file": {"pk": document.pk, "name": document.name},
        "passkey": {"pk": 1},
        "mailed": {"key": "none"},
        "request": {"pk": access_request().pk},
        "newcomer": {"pk": User.objects.get(name="Nora Newcomer").pk},
        "leave": {"pk": leave_of(cast).pk},
        "identity": {"pk": identity_of(cast["sponsor"]).pk},
        "institute": {"institution": "none"},
        "person": {"pk": cast["technical"].pk},
        "colleague": {"pk": staff(roles.FINANCE).pk},
        "ended": {"pk": ended.pk},
        "invitation": {"pk": invited.refreshed().invitation_id},
        "to_inm": {"pk": invitation_to_inm(by=cast["admin"]).pk},
        "link": {"token": "none"},
        **of_reminders(cast),
        **of_credits(cast),
        **of_benefits(cast),
        **of_renewals(cast),
        **of_prospects(cast),
        **of_engagement(cast),
        **of_governance(cast),
        **of_proposals(cast),
        **of_library(cast),
        **of_workforce(cast),
        **of_calls(cast),
        **of_screening(cast),
        **of_invoices(cast),
        **of_receipts(cast),
        **of_books(cast),
        **of_ladders(cast),
        "key": {"uidb36": "1", "key": "none"},
        **_mails(cast),
    }


def _mails(cast: Cast) -> dict[str, dict[str, Any]]:
    """Return a message in each state that a row needs, a mark, a hold that ended."""
    staff, now = cast["staff"], timezone.now()
    queued, held, failed = (
        outbox.queue(LETTER, kind="test", to="a@x.example", slot=slot, at=now)
        for slot in ("queued", "held", "failed")
    )
    message_steps.hold(held, reason="Not yet", by=staff)
    outcomes.put_off(failed, wire.Answer("Refused", (550,)), at=now)
    mark = bounces.mark("b@x.example", at=now, codes="550")
    hold = message_steps.hold_all(reason="A trial", at=now, by=staff)
    message_steps.release_all(at=now, by=staff)
    return {
        "mail": {"pk": queued.pk},
        "heldmail": {"pk": held.pk},
        "failedmail": {"pk": failed.pk},
        "bounce": {"pk": mark.pk},
        "mailhold": {"pk": hold.pk},
    }


def parked() -> Job:
    """Return a job of the portal's own that failed for good."""
    jobs.ask("test", title="Work", by=None, at=timezone.now())
    job = jobs.claim(at=timezone.now())
    jobs.fail(job, Refusal("Not like this."), at=timezone.now())
    return job


def access_request() -> AccessRequest:
    """Return the request of somebody who came in by an institution."""
    newcomer = UserFactory(name="Nora Newcomer", email=NEWCOMER)
    return AccessRequest.objects.create(
        user=newcomer, institution="mit", asked_at=timezone.now()
    )


def leave_of(cast: Cast) -> Delegation:
    """Return the sponsor's leave for a colleague to act in their place."""
    return Delegation.objects.create(
        principal=cast["sponsor"],
        delegate=cast["colleague"],
        scopes=["consortium.company"],
        starts_on=TODAY,
        ends_on=TODAY,
        granted_by=cast["sponsor"],
        granted_at=timezone.now(),
    )


def identity_of(user: User) -> SocialAccount:
    return SocialAccount.objects.create(user=user, provider="mit", uid="of the tests")
