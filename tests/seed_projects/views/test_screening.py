"""Pages of screening: the queue, each proposal, what is done with it, and by whom."""

import csv

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inm_portal.accounts import roles
from seed_projects import services
from seed_projects.models import Appeal, MoveBatch, Proposal, ScreeningCheck
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories import screening as screen
from tests.factories.accounts import staff
from tests.factories.engagement import faculty

pytestmark = pytest.mark.django_db


def url(name: str, *args) -> str:
    return reverse(f"seed_projects:{name}", args=args)


@pytest.fixture
def office(sign_in) -> Client:
    return sign_in(staff(roles.PROGRAM_STAFF))


def shown(client: Client, **asked) -> set[int]:
    answer = client.get(url("screening"), asked)
    return {row.pk for row in answer.context["page"]}


def test_the_queue_is_narrowed_by_what_the_office_asks_for(office):
    call, other = make.opened("Seeds"), make.opened("Other seeds")
    bread, dust = screen.passed(call), screen.waiting(other)
    proposals.complete(call)
    pi = proposals.pi_of(bread)
    faculty(email=pi.email.upper(), department="Materials Science")

    assert shown(office) == {bread.pk, dust.pk}
    assert shown(office, call=call.pk) == {bread.pk}
    assert shown(office, checks="passed") == {bread.pk}
    assert shown(office, checks="none") == {dust.pk}
    assert shown(office, department="materials") == {bread.pk}
    assert shown(office, pi=pi.name) == {bread.pk}
    assert shown(office, search=dust.number) == {dust.pk}
    assert shown(office, search=pi.email) == {bread.pk}
    assert shown(office, state="returned") == set()
    assert shown(office, theme="No such theme") == set()


def test_the_export_has_the_same_rows(office):
    bread = screen.passed()

    answer = office.get(url("export_screening"), {"checks": "passed"})

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(text.splitlines())
    assert (row["id"], row["checks_passed"]) == (str(bread.pk), "5")


def test_the_page_shows_what_was_handed_in_with_its_hash(office):
    proposal = screen.waiting()

    text = office.get(url("screened", proposal.pk)).content.decode()

    assert "Repair by cold spray." in text
    assert proposal.snapshots.get().sha256 in text


def test_the_page_of_one_that_is_out_shows_nothing_of_the_draft(office):
    proposal = screen.waiting()
    screen.sent_back(proposal)
    told = {"abstract": "A secret", "at": screen.LATER, "by": proposals.pi_of(proposal)}
    services.change_proposal(proposal, title="Another title", **told)

    for address in [url("screening"), url("screened", proposal.pk)]:
        text = office.get(address).content.decode()
        assert "Cold spray" in text
        assert "A secret" not in text
        assert "Another title" not in text


def test_checks_are_typed_and_only_what_changed_is_written(office):
    proposal = screen.waiting()
    address = url("check_proposal", proposal.pk)
    told = {"complete": "yes", "budget": "no", "budget_note": "Above the ceiling"}

    office.post(address, told)
    office.post(address, told | {"complete": "no", "complete_note": "Page 3"})

    rows = ScreeningCheck.objects.values_list("kind", "passes")
    assert list(rows) == [("complete", True), ("budget", False), ("complete", False)]


def test_what_fails_without_words_is_refused_beside_its_note(office):
    address = url("check_proposal", screen.waiting().pk)

    answer = office.post(address, {"budget": "no"})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"budget_note"}


def test_several_are_moved_by_what_was_seen_before(office):
    call = make.opened()
    ready, unready = screen.passed(call), screen.waiting(call)
    services.close_call(call, at=screen.LATER, by=None)
    keys = {"proposals": [ready.pk, unready.pk], "kind": "accepted"}

    looks = office.get(url("move_proposals"), keys).context["looks"]
    assert [(one.proposal.pk, one.is_moved) for one in looks] == [
        (ready.pk, True),
        (unready.pk, False),
    ]
    answer = office.post(url("move_proposals"), keys)
    batch = MoveBatch.objects.get()
    assert answer.url == batch.get_absolute_url()
    assert "Not checked" in office.get(answer.url).content.decode()

    office.post(url("undo_batch", batch.pk))
    assert Proposal.objects.get(pk=ready.pk).state == "submitted"


def test_several_are_not_returned_without_words(office):
    keys = {"proposals": [screen.waiting().pk], "kind": "returned"}

    answer = office.post(url("move_proposals"), keys)

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"ground", "reason"}


def test_the_pi_appeals_in_the_browser_and_a_director_decides(sign_in):
    move = screen.returned(at=timezone.now() - services.UNDO_FOR)
    proposal = move.snapshot.proposal
    pi = sign_in(proposals.pi_of(proposal))

    page = pi.get(move.get_absolute_url()).content.decode()
    assert "It is about bread" in page
    pi.post(url("appeal_return", move.pk), {"text": "Bread is made too"})
    assert pi.post(url("appeal_return", move.pk), {"text": "Again"}).status_code == 403
    director = sign_in(staff(roles.DIRECTOR))
    told = {"is_upheld": "yes", "words": "So it is"}
    director.post(url("decide_appeal", Appeal.objects.get().pk), told)

    assert Proposal.objects.get(pk=proposal.pk).state == "submitted"
    assert "Back in the queue" in pi.get(move.get_absolute_url()).content.decode()


def test_what_was_just_returned_is_not_told_yet(sign_in):
    move = screen.returned(at=timezone.now())
    pi = sign_in(proposals.pi_of(move.snapshot.proposal))

    assert pi.get(move.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ["screening", "screening_moves", "appeals"])
def test_lists_ask_the_same_statements_for_one_and_for_many(
    office, name, django_assert_max_num_queries
):
    call = make.opened()
    many = [screen.checked(screen.waiting(call)) for _each in range(4)]
    services.close_call(call, at=screen.LATER, by=None)
    screen.appealed(screen.returned(many.pop()))
    office.get(url(name))
    with django_assert_max_num_queries(8) as first:
        office.get(url(name))
    for one in many:
        screen.appealed(screen.returned(one))
    with django_assert_max_num_queries(8) as later:
        office.get(url(name))

    assert len(later) == len(first)
    assert len({one["sql"] for one in later}) == len(later)


def test_the_page_of_a_proposal_asks_few_statements(
    office, django_assert_max_num_queries
):
    proposal = screen.passed()
    office.get(url("screened", proposal.pk))
    with django_assert_max_num_queries(9) as asked:
        office.get(url("screened", proposal.pk))

    assert len({one["sql"] for one in asked}) == len(asked)
