"""A proposal that comes after one without success, and takes over from it."""

from datetime import timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from seed_projects import services
from seed_projects.models import Proposal
from seed_projects.services.papers import words_of_paper
from seed_projects.services.resubmission import taken_over
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories.accounts import UserFactory
from tests.factories.calls import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
ACT = {"at": NOON, "by": None}
TOLD = NOON + timedelta(minutes=11)


@pytest.fixture
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def former() -> Proposal:
    """One that its PI withdrew."""
    made = proposals.submitted(make.opened("Before"))
    return services.withdraw_proposal(made, reason="Too early", **ACT)


def begun_again(former: Proposal, call=None, **told) -> Proposal:
    stage = (call or make.opened("After")).stages.get()
    pi = told.pop("pi", None) or proposals.pi_of(former)
    given = {"title": "Once more", "at": NOON, "by": pi} | told
    return services.begin_again(stage, former=former, pi=pi, **given)


def test_what_both_forms_ask_is_taken_over_and_the_rest_is_not(former):
    draft = begun_again(former)

    assert (draft.former, draft.title) == (former, "Once more")
    assert draft.abstract == former.abstract
    assert draft.smallest_budget == former.smallest_budget
    values = [*draft.answers.values_list("value", flat=True)]
    assert values == ["Some words", "Some words"]
    assert draft.starts_on is None
    assert not draft.budget_lines.exists()
    assert not draft.declarations.exists()


def test_a_question_of_another_kind_takes_nothing_over(former):
    version = services.add_form(title="Other form", **ACT)
    section = services.add_section(version, title="Project", by=None)
    services.add_question(section, kind="number", label="Title", by=None)
    services.add_question(section, kind="long_text", label="ABSTRACT", by=None)
    services.publish_form(version, **ACT)

    taken = taken_over(former, Proposal(form=version))

    assert [(row.label, value) for row, value in taken] == [("ABSTRACT", "Some words")]


def test_its_submission_and_its_paper_say_after_which_it_comes(former):
    draft = begun_again(former)
    act = {"at": NOON, "by": proposals.pi_of(draft)}
    head = {"title": draft.title, "abstract": draft.abstract}
    services.change_proposal(
        draft,
        **head,
        starts_on=former.starts_on,
        smallest_budget=former.smallest_budget,
        **act,
    )
    services.declare(draft, met=dict.fromkeys(draft.call.rules.all(), True), **act)
    services.set_budget(draft, lines=[proposals.line()], **act)
    snapshot = services.submit_proposal(draft, **act)

    assert snapshot.content["former"] == former.number
    facts = words_of_paper(snapshot)["facts"]
    assert ["Resubmission of", former.number] in facts


@pytest.mark.parametrize("made", [proposals.draft, proposals.submitted])
def test_what_may_still_succeed_is_not_asked_for_again(made):
    with pytest.raises(services.NotToBeResubmitted):
        begun_again(made(make.opened("Before")))


def test_nobody_takes_over_from_others(former):
    with pytest.raises(services.NotToBeResubmitted):
        begun_again(former, pi=UserFactory())


def test_an_administrator_of_it_does_not_ask_again_as_its_investigator(former):
    helper = UserFactory()
    former.people.create(
        **{"person": helper, "name": helper.name, "email": helper.email},
        **{"role": "administrator", "right": "write", "added_at": NOON},
    )

    assert not services.resubmittable(helper, at=NOON).exists()


def test_a_return_is_not_told_by_it_before_its_letter():
    made = proposals.submitted(make.opened("Before"))
    services.return_proposal(
        made, ground="out_of_scope", reason="About bread", at=NOON, by=UserFactory()
    )
    pi = proposals.pi_of(made)

    assert not services.resubmittable(pi, at=NOON).exists()
    assert services.resubmittable(pi, at=TOLD).get() == made


def test_after_which_it_comes_never_changes(former):
    draft = begun_again(former)

    with pytest.raises(InternalError), transaction.atomic():
        Proposal.objects.filter(pk=draft.pk).update(former=None)


def test_the_page_offers_ones_own_and_begins_with_what_was_written(sign_in, former):
    call, other = make.opened("After"), UserFactory()
    url = reverse("seed_projects:begin_proposal", args=[call.pk])
    client = sign_in(proposals.pi_of(former))
    assert f"{former.number}, {former.title}" in client.get(url).content.decode()
    assert "Resubmission of" not in sign_in(other).get(url).content.decode()

    refused = sign_in(other).post(url, {"title": "Mine", "former": former.pk})
    client.post(url, {"title": "Once more", "former": former.pk})

    draft = Proposal.objects.get(title="Once more")
    assert draft.former == former
    assert former.number in client.get(draft.get_absolute_url()).content.decode()
    assert refused.status_code == 302
    assert Proposal.objects.get(title="Mine").former is None


def test_the_page_asks_as_often_with_one_as_with_many(sign_in, former):
    pi = proposals.pi_of(former)
    client = sign_in(pi)
    url = reverse("seed_projects:begin_proposal", args=[make.opened("After").pk])

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    statements()
    alone = statements()
    for number in range(3):
        made = proposals.submitted(make.opened(f"Call {number}"), pi=pi)
        services.withdraw_proposal(made, reason="Too early", **ACT)
    assert statements() == alone


def test_programs_begin_with_what_was_written_and_take_over_from_nobody_else(
    sign_in, former
):
    call, given = make.opened("After"), {"title": "Once more", "former": former.pk}
    url = reverse("call-propose", args=[call.pk])

    refused = sign_in(UserFactory()).post(url, given, content_type="application/json")
    begun = sign_in(proposals.pi_of(former)).post(
        url, given, content_type="application/json"
    )

    assert (refused.status_code, begun.status_code) == (400, 201)
    assert "former" in refused.json()["errors"]
    assert begun.json()["former"] == former.pk
    assert begun.json()["abstract"] == former.abstract
