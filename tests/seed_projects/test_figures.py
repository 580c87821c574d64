"""The figures of a call: of drafts a number, of what was handed in lists."""

from datetime import timedelta

import pytest
from django.urls import reverse

from inm_portal.accounts import roles
from seed_projects import services
from seed_projects.models import Call
from seed_projects.reports import figures_of
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories import screening as screen
from tests.factories.accounts import staff
from tests.factories.calls import DAY, NOON
from tests.factories.engagement import faculty

pytestmark = pytest.mark.django_db

CLOSES = NOON + 10 * DAY


def figures(call):
    call = Call.objects.with_closing().get(pk=call.pk)
    return figures_of(call, deadline=call.closes_at)


def told(slots) -> dict[str, int]:
    return {slot.label: slot.count for slot in slots if slot.count}


def hand_in(call, **before):
    proposal = proposals.complete(call)
    at = CLOSES - timedelta(**before)
    services.submit_proposal(proposal, at=at, by=proposals.pi_of(proposal))
    return proposal


def test_each_figure_counts_what_was_handed_in_and_of_drafts_there_is_a_number():
    call = make.opened()
    first = hand_in(call, minutes=1)
    hand_in(call, hours=3)
    hand_in(call, days=4)
    proposals.draft(call)
    pi = proposals.pi_of(first)
    faculty(email=pi.email, department="Materials Science")
    finding = services.Finding("scope", passes=True, theme=call.themes.get())
    services.record_checks(first, [finding], at=NOON, by=None)

    found = figures(call)

    assert (found.begun, found.drafts, found.handed_in) == (4, 1, 3)
    assert told(found.states) == {"To be screened": 3}
    assert told(found.hours) == {"-1 h": 1, "-3 h": 1, "earlier": 1}
    assert told(found.themes) == {call.themes.get().name: 1, "Not said yet": 2}
    assert told(found.departments) == {"Materials Science": 1, "Not known": 2}
    assert told(found.tracks) == {"No track": 3}


def test_what_was_sent_back_is_no_draft_and_who_did_not_confirm_is_counted():
    call = make.opened()
    proposal = proposals.complete(call)
    person = {"name": "Co", "email": "co@mit.example", "role": "co_pi"}
    pi = proposals.pi_of(proposal)
    services.add_author(proposal, **person, at=NOON, by=pi)
    services.submit_proposal(proposal, at=NOON, by=pi)
    draft = proposals.draft(call)
    services.add_author(draft, **person, at=NOON, by=proposals.pi_of(draft))
    screen.sent_back(screen.waiting(call), at=NOON, until_at=NOON + DAY)

    found = figures(call)

    assert found.drafts == 1
    assert told(found.states) == {"To be screened": 1, "Sent back": 1}
    assert found.unconfirmed.count == 1


def test_a_sealed_call_tells_what_was_begun_and_nothing_else_until_it_closes():
    call = make.opened(is_sealed=True)
    proposals.submitted(call)

    found = figures(call)
    assert (found.begun, found.drafts, found.handed_in) == (1, None, 0)
    assert not [*found.states, *found.hours, *found.themes, *found.departments]

    services.close_call(call, at=screen.LATER, by=None)
    assert figures(call).handed_in == 1


def test_the_page_never_names_a_draft_and_leads_to_lists_who_may_read_them(sign_in):
    call = make.opened()
    proposals.draft(call, title="A secret idea")
    screen.waiting(call)
    address = reverse("seed_projects:call_dashboard", args=[call.slug])
    queue = f"/seed-projects/screening/?call={call.pk}"

    office = sign_in(staff(roles.PROGRAM_STAFF)).get(address).content.decode()
    finance = sign_in(staff(roles.FINANCE)).get(address).content.decode()

    assert "A secret idea" not in office
    assert queue in office
    assert queue not in finance


def test_figures_ask_the_same_statements_for_one_and_for_many(
    sign_in, django_assert_max_num_queries
):
    call = make.opened()
    screen.waiting(call)
    office = sign_in(staff(roles.PROGRAM_STAFF))
    address = reverse("seed_projects:call_dashboard", args=[call.slug])
    office.get(address)
    with django_assert_max_num_queries(8) as first:
        office.get(address)
    for _each in range(3):
        screen.waiting(call)
    with django_assert_max_num_queries(8) as later:
        office.get(address)

    assert len(first) == len(later)
