"""An agreement that ends before its term (case 7)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from consortium import services
from consortium.models import Agreement, CommitmentYear, Organization
from consortium.reports import renewals_ahead
from consortium.services.amendments import NotInForce
from consortium.services.claims import AsksForNothing
from consortium.services.terminations import (
    LastDayBeforeNotice,
    LastDayOutsideTerm,
    NoticeInFuture,
)
from consortium.states import AgreementState, YearStatus
from inm_portal.kernel import invariants
from inm_portal.kernel.errors import EditConflict
from inm_portal.kernel.models import Document, JournalEntry, Message
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import (
    FLOOR,
    OrganizationFactory,
    amend,
    draft,
    person_at,
    sign,
    sign_amendment,
)
from tests.factories.credits import claim, decide, position, year_of
from tests.factories.invoices import a_draft, issue
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db

#: Notice in month 14, and 90 days later.
NOTICE, LAST = date(2026, 7, 20), date(2026, 10, 18)
#: The day after the portal learned of it.
RECORDED = date(2026, 7, 22)


@pytest.fixture
def agreement():
    return sign(draft(OrganizationFactory(name="Norhaven")))


def end(agreement: Agreement, **changes: Any) -> Agreement:
    given = {
        "notice_received_on": NOTICE,
        "last_on": LAST,
        "reason": "The plant closes.",
        "today": RECORDED,
        "at": timezone.now(),
        "by": None,
    }
    return services.terminate_agreement(agreement, **(given | changes))


def years(agreement: Agreement, *, on: date) -> list[tuple[Decimal, str]]:
    """Return what each year asks for as known on a day, and where it stands."""
    rows = CommitmentYear.objects.filter(agreement=agreement).with_position(on=on)
    return [(y.required_now, y.status) for y in rows.order_by("number")]


def status_of(agreement: Agreement, *, on: date) -> str:
    rows = Organization.objects.with_membership(on=on)
    return rows.get(pk=agreement.organization_id).status


HALF, NONE = Decimal(500_000), Decimal(0)


def test_case_7_years_after_the_last_day_ask_for_nothing(agreement):
    """The year in which it falls keeps its amount; membership ends with that day."""
    end(agreement, file=sent())

    assert years(agreement, on=TODAY) == [
        (HALF, YearStatus.SHORT),
        (HALF, YearStatus.OPEN),
        (NONE, YearStatus.RELEASED),
    ]
    assert [status_of(agreement, on=on) for on in (LAST, date(2026, 10, 19))] == [
        "active",
        "ended",
    ]
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ends_on) == (AgreementState.TERMINATED, LAST)
    assert agreement.notice_days == 90
    assert agreement.notice == Document.objects.latest("pk")
    assert list(invariants.broken()) == []


def test_case_7_a_past_day_is_told_as_it_was_known(agreement):
    end(agreement)

    before, after = [
        Agreement.objects.as_known(on=on).get() for on in (date(2026, 7, 21), RECORDED)
    ]

    assert [before.state_now, after.state_now] == ["signed", "terminated"]
    assert [before.ends_on_now, after.ends_on_now] == [date(2028, 5, 26), LAST]
    assert [before.total, after.total] == [3 * HALF, 2 * HALF]
    assert years(agreement, on=date(2026, 7, 21))[2] == (HALF, YearStatus.UPCOMING)


def test_the_journal_says_when_it_ends_and_what_is_released(agreement):
    end(agreement)

    entry = JournalEntry.objects.about(agreement).latest("pk")
    assert entry.verb == "consortium.agreement_terminated"
    assert entry.facts == {
        "notice_received_on": "2026-07-20",
        "last_on": "2026-10-18",
        "released": [3],
    }


def test_who_decides_at_the_member_reads_what_becomes_of_each_year(agreement):
    member = agreement.organization
    readers = [person_at(member, role) for role in ("sponsor", "legal")]
    person_at(member, "events")

    end(agreement)

    letters = Message.objects.filter(kind="consortium/mail/agreement_terminated")
    assert {m.recipient for m in letters} == {reader.email for reader in readers}
    letter = letters[0]
    assert letter.subject == f"Agreement {agreement.number} ends on Oct 18, 2026"
    for words in [
        "Dear colleagues at Norhaven,",
        "Notice was received on Jul 20, 2026, and the last day is Oct 18, 2026.",
        "Year 2 (May 27, 2026 to May 26, 2027) asks for $500,000, as before, since",
        "asks for nothing any more; it asked for $500,000.",
        "The instalment of $275,000 of May 27, 2027 is canceled.",
        agreement.get_absolute_url(),
    ]:
        assert words in letter.text
    assert "is canceled" in letter.html
    assert not any(gap in letter.text for gap in ["None", "()", ": ,"])


@pytest.mark.parametrize(
    ("days", "refusal"),
    [
        ({"notice_received_on": date(2026, 7, 23)}, NoticeInFuture),
        ({"last_on": date(2026, 7, 19)}, LastDayBeforeNotice),
        ({"last_on": date(2028, 5, 26)}, LastDayOutsideTerm),
        (
            {"notice_received_on": date(2025, 5, 1), "last_on": date(2025, 5, 26)},
            LastDayOutsideTerm,
        ),
    ],
)
def test_the_days_follow_each_other_within_the_term(agreement, days, refusal):
    with pytest.raises(refusal):
        end(agreement, **days)


def test_it_ends_once(agreement):
    end(agreement)

    with pytest.raises(NotInForce):
        end(agreement)


def test_a_draft_is_not_terminated():
    with pytest.raises(NotInForce):
        end(draft(OrganizationFactory()))


def test_nobody_terminates_what_changed_since_they_read_it(agreement):
    with pytest.raises(EditConflict):
        end(agreement, version=agreement.version - 1)


def test_its_amendments_are_neither_drafted_nor_signed(agreement):
    drafted = amend(agreement, payment_terms_days=60)

    end(agreement)

    with pytest.raises(NotInForce):
        sign_amendment(drafted)
    with pytest.raises(NotInForce):
        amend(agreement, payment_terms_days=45)


def test_nothing_is_claimed_or_accepted_for_a_year_that_asks_for_nothing(agreement):
    director = staff("director")
    third = year_of(agreement, 3)
    waiting = claim(third, 10_000, on=date(2026, 6, 1))
    end(agreement)

    with pytest.raises(AsksForNothing):
        claim(third, 10_000, on=RECORDED)
    with pytest.raises(AsksForNothing):
        decide(waiting, by=director, on=RECORDED)

    assert position(year_of(agreement, 2), RECORDED).required_now == HALF
    claim(year_of(agreement, 2), 10_000, on=RECORDED)
    decide(waiting, 0, by=director, on=RECORDED)


def test_excess_is_not_carried_into_a_year_that_asks_for_nothing():
    agreement = sign(draft(OrganizationFactory(), carries_forward=True))
    decide(claim(year_of(agreement), 600_000), by=staff("director"))
    end(agreement, notice_received_on=date(2026, 2, 3), last_on=date(2026, 5, 1))

    services.carry_excess(agreement, at=timezone.now(), today=TODAY, by=None)

    assert position(year_of(agreement), TODAY).excess == 100_000
    assert position(year_of(agreement, 2), TODAY).credited == 0


def test_a_next_agreement_can_begin_the_day_after(agreement):
    end(agreement)

    again = sign(
        draft(agreement.organization, effective_on=date(2026, 10, 19), years=FLOOR)
    )

    assert status_of(again, on=TODAY) == "active"


def test_none_that_was_terminated_waits_for_a_renewal(agreement):
    assert agreement in renewals_ahead(on=RECORDED)

    end(agreement)

    assert agreement not in renewals_ahead(on=RECORDED)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"last_on": date(2026, 12, 1)}, "termination_is_immutable"),
        ({"terminated_because": "Else"}, "termination_is_immutable"),
        ({"state": AgreementState.SIGNED}, "Invalid transition"),
    ],
)
def test_a_termination_stays_as_it_was_recorded(agreement, change, name):
    end(agreement)

    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(**change)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"state": AgreementState.TERMINATED}, "terminated_iff_it_says_when"),
        ({"last_on": LAST}, "terminat"),
        (
            {"state": AgreementState.TERMINATED, "last_on": LAST},
            "termination_is_told_whole",
        ),
    ],
)
def test_a_termination_says_all_of_it_around_python(agreement, told, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(**told)


# --- page and API


def test_a_director_reads_what_changes_and_terminates(agreement, sign_in):
    drafted = amend(agreement, payment_terms_days=60)
    client = sign_in(staff("director"))
    url = reverse("consortium:terminate_agreement", args=[agreement.pk])

    shown = client.get(url).content.decode()
    assert "before May 27, 2027" in shown
    assert drafted.name in shown
    assert "can be signed no more" in shown

    typed = {"notice_received_on": "2026-07-20", "last_on": "2026-10-18"}
    typed |= {"reason": "The plant closes.", "version": agreement.version}
    sent_off = client.post(url, typed)

    assert sent_off.status_code == 302
    page = client.get(agreement.get_absolute_url()).content.decode()
    for words in ["Terminated", "The plant closes.", "90 days", "Released"]:
        assert words in page
    kept, released = [
        client.get(year_of(agreement, number).get_absolute_url()).content.decode()
        for number in (2, 3)
    ]
    assert "which keeps its amount" in kept
    assert "which asks for nothing" in released
    then = client.get(f"{agreement.get_absolute_url()}?on=2026-06-01").content.decode()
    assert "The plant closes." not in then
    assert "Signed" in then


def test_a_program_terminates_and_reads_it(agreement, program):
    program = program(staff("director"))
    url = f"/api/v1/agreements/{agreement.pk}/"
    told = {"notice_received_on": "2026-07-20", "last_on": "2026-10-18"}

    answer = program.post(
        f"{url}terminate/",
        told | {"reason": "The plant closes."},
        headers={"If-Match": f'"{agreement.version}"'},
    )

    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["ends_on"]) == (
        "terminated",
        "2026-10-18",
    )
    assert answer.json()["termination"] | told == answer.json()["termination"]
    before = program.get(f"{url}?on=2026-06-01").json()
    assert (before["state"], before["termination"]) == ("signed", None)
    found = program.get("/api/v1/agreements/?state=terminated").json()["results"]
    assert [row["id"] for row in found] == [agreement.pk]


def test_case_7_instalments_of_years_that_never_begin_are_cancelled(agreement):
    first, second, third = agreement.commitment_years.order_by("number")

    end(agreement)

    assert not third.instalments.in_force().exists()
    assert first.instalments.in_force().exists()
    assert second.instalments.in_force().exists()
    assert list(invariants.broken()) == []


def test_case_7_what_was_invoiced_ahead_is_to_be_credited(agreement):
    third = agreement.commitment_years.get(number=3)
    with transaction.atomic():
        issue(a_draft(agreement, third.instalments.get()))

    end(agreement)

    assert [(one.amount, one.due_on) for one in third.instalments.to_credit()] == [
        (-third.fee_part, RECORDED)
    ]
    assert list(invariants.broken()) == []
