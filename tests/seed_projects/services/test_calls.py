"""Calls: drafted, changed, opened, closed, extended, reopened, copied, cancelled."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction

from inm_portal.kernel.errors import EditConflict, IllegalTransition
from inm_portal.kernel.models import JournalEntry, Message
from seed_projects import services
from seed_projects.models import Call, CallStage, Extension, Theme
from seed_projects.services.calls import (
    FixedOnceOpen,
    NoCosts,
    NoTheme,
    PotTooSmall,
    RateMissing,
    SlugTaken,
    YearAboveTotal,
)
from seed_projects.services.opening import DeadlineAhead, NotLater, NotReady
from seed_projects.services.timeline import (
    AboveTheCall,
    CallNotDraft,
    ClosesBeforeItOpens,
    NotPublished,
    OnlyAhead,
    OutOfOrder,
    TrackKnown,
)
from seed_projects.states import CallState, CallStatus
from seed_projects.verbs import Verb
from tests.factories import calls as make
from tests.factories.accounts import UserFactory
from tests.factories.calls import BOSTON, DAY, NOON

pytestmark = pytest.mark.django_db


def stage_of(call: Call) -> CallStage:
    return call.stages.get()


def deadline(call: Call, person=None) -> datetime:
    return call.stages.with_deadlines(person=person).get().deadline_at


def test_the_themes_and_pillars_of_the_initiative_are_there():
    assert [theme.position for theme in Theme.objects.all()] == [1, 2, 3, 4]


def test_a_draft_says_so_in_the_journal():
    call = make.call()

    assert (call.state, call.number) == (CallState.DRAFT, f"CA-{call.pk:05}")
    assert JournalEntry.objects.filter(verb=Verb.CALL_DRAFTED).count() == 1


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"slug": "taken"}, SlugTaken),
        ({"themes": []}, NoTheme),
        ({"cost_categories": []}, NoCosts),
        ({"pot": Decimal(1)}, PotTooSmall),
        ({"year_ceiling": Decimal(150_001)}, YearAboveTotal),
        ({"indirect_rule": "fixed"}, RateMissing),
        ({"indirect_rate": Decimal(10)}, RateMissing),
    ],
)
def test_what_a_draft_and_a_change_refuse(told, refusal):
    make.call("Taken")
    known = make.call("Known")

    with pytest.raises(refusal):
        make.call("Another", **told)
    with pytest.raises(refusal):
        services.change_call(known, **told, by=None)


def test_a_change_knows_what_it_started_from():
    call = make.call()
    services.change_call(call, version=1, title="Another title", by=None)

    with pytest.raises(EditConflict):
        services.change_call(call, version=1, title="A third one", by=None)

    entry = JournalEntry.objects.get(verb=Verb.CALL_CHANGED)
    assert entry.facts == {"fields": ["title"]}


def test_what_applicants_rely_on_stays_once_it_is_open():
    call = make.opened()

    with pytest.raises(FixedOnceOpen) as refused:
        services.change_call(call, ceiling=Decimal(100_000), by=None)
    assert refused.value.field == "ceiling"
    changed = services.change_call(call, summary="In other words.", by=None)

    assert changed.summary == "In other words."


def test_the_database_keeps_it_too():
    call = make.opened()

    with pytest.raises(InternalError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(ceiling=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        call.stages.update(closes_at=NOON + 20 * DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        call.rules.all().delete()
    with pytest.raises(InternalError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(state=CallState.DECIDED)


def test_it_opens_only_with_all_it_needs():
    call = make.call()

    with pytest.raises(NotReady) as refused:
        services.open_call(call, at=NOON, by=None)

    lacks = ["a stage with a deadline", "a published rubric", "a rule of who may apply"]
    assert all(words in str(refused.value) for words in lacks)


def test_it_does_not_open_with_a_form_that_may_change():
    call = make.ready()
    draft = make.form("Unfinished", is_published=False)
    stage = stage_of(call)
    told = {"kind": stage.kind, "opens_at": stage.opens_at}
    told |= {"closes_at": stage.closes_at}
    services.set_stage(call, **told, form=draft, by=None)

    with pytest.raises(NotReady, match="a published form for the full proposal"):
        services.open_call(call, at=NOON, by=None)


@pytest.mark.parametrize(
    ("days", "status"),
    [
        (-2, CallStatus.SCHEDULED),
        (-1, CallStatus.OPEN),
        (10, CallStatus.OPEN),
        (11, CallStatus.CLOSED),
    ],
)
def test_whether_it_takes_proposals_follows_from_its_dates(days, status):
    call = Call.objects.with_closing().get(pk=make.opened().pk)
    at = NOON + days * DAY

    taken = Call.objects.taking(at=at).exists()

    assert call.status(at=at) == status
    assert taken == (status == CallStatus.OPEN)


def test_it_closes_when_nobody_has_time_left():
    call, late = make.opened(), UserFactory()
    told = {"reason": "Ill", "at": NOON, "by": None}
    services.extend_deadline(
        stage_of(call), person=late, until_at=NOON + 12 * DAY, **told
    )

    with pytest.raises(DeadlineAhead):
        services.close_call(call, at=NOON + 11 * DAY, by=None)
    closed = services.close_call(call, at=NOON + 13 * DAY, by=None)

    assert closed.state == CallState.CLOSED


def test_more_time_for_one_is_nobody_elses():
    call, one, other = make.opened(), UserFactory(), UserFactory()
    until = NOON + 12 * DAY

    services.extend_deadline(
        stage_of(call), person=one, until_at=until, reason="Ill", at=NOON, by=None
    )

    assert deadline(call, one) == until
    assert deadline(call, other) == deadline(call) == NOON + 10 * DAY


def test_more_time_for_all_reaches_everybody_and_is_written_down():
    call, one = make.opened(), UserFactory()
    make.question(call, by=one)
    until = NOON + 12 * DAY

    services.extend_deadline(
        stage_of(call), until_at=until, reason="An outage", at=NOON, by=None
    )

    assert deadline(call, one) == deadline(call) == until
    (mail,) = Message.objects.about(call)
    assert (mail.recipient, "December 4, 2026, 12:00 EST" in mail.text) == (
        one.email,
        True,
    )
    entry = JournalEntry.objects.get(verb=Verb.DEADLINE_EXTENDED)
    assert entry.facts["person"] is None


@pytest.mark.parametrize("days", [-1, 10])
def test_a_deadline_only_moves_to_later(days):
    stage = stage_of(make.opened())
    told = {"until_at": NOON + days * DAY, "reason": "Why not"}

    with pytest.raises(NotLater):
        services.extend_deadline(stage, **told, at=NOON, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(stage=stage, **told, granted_at=NOON)


def test_a_closed_call_opens_again_with_a_later_deadline():
    call = make.closed()
    at, until = NOON + 11 * DAY, NOON + 14 * DAY
    told = {"stage": stage_of(call), "reason": "An outage", "at": at, "by": None}

    with pytest.raises(NotLater):
        services.reopen_call(call, until_at=at - DAY, **told)
    again = services.reopen_call(call, until_at=until, **told)

    assert (again.state, deadline(call)) == (CallState.OPEN, until)


def test_only_an_open_call_has_deadlines_that_move():
    stage = stage_of(make.closed())

    with pytest.raises(NotLater):
        services.extend_deadline(
            stage, until_at=NOON + 90 * DAY, reason="No", at=NOON, by=None
        )


def test_who_asked_hears_that_it_is_cancelled():
    call, one = make.opened(), UserFactory()
    make.question(call, by=one)

    done = services.cancel_call(call, reason="No money", at=NOON, by=None)

    assert (done.state, done.cancel_reason) == (CallState.CANCELLED, "No money")
    assert [mail.recipient for mail in Message.objects.about(call)] == [one.email]


def test_a_draft_is_not_reviewed():
    with pytest.raises(IllegalTransition):
        services.begin_review(make.ready(), by=None)


def test_stages_close_one_after_another():
    call, form = make.ready(), make.form("Short")
    told = {"kind": "pre_proposal", "form": form, "by": None}

    with pytest.raises(OutOfOrder):
        services.set_stage(call, opens_at=NOON, closes_at=NOON + 11 * DAY, **told)
    with pytest.raises(ClosesBeforeItOpens):
        services.set_stage(call, opens_at=NOON, closes_at=NOON, **told)
    services.set_stage(call, opens_at=NOON - DAY, closes_at=NOON + DAY, **told)

    assert [stage.kind for stage in call.stages.all()] == ["pre_proposal", "full"]


def test_nothing_is_prepared_in_an_open_call():
    call = make.opened()
    stage = stage_of(call)

    for act in [
        lambda: services.remove_stage(stage, by=None),
        lambda: services.add_rule(call, statement="More", by=None),
        lambda: services.add_track(call, name="Juniors", by=None),
    ]:
        with pytest.raises(CallNotDraft):
            act()


def test_tracks_have_names_and_lower_ceilings():
    call = make.call()
    services.add_track(call, name="Juniors", ceiling=Decimal(50_000), by=None)

    with pytest.raises(TrackKnown):
        services.add_track(call, name="juniors", by=None)
    with pytest.raises(AboveTheCall):
        services.add_track(call, name="Stars", ceiling=Decimal(150_001), by=None)


def test_an_exception_is_for_one_and_ends():
    call, one = make.opened(), UserFactory()
    told = {"person": one, "reason": "Appointed in May", "at": NOON, "by": None}
    today = NOON.date()

    with pytest.raises(OnlyAhead):
        services.grant_exception(
            call.rules.get(), until_on=date(2026, 11, 21), today=today, **told
        )
    row = services.grant_exception(
        call.rules.get(), until_on=today, today=today, **told
    )

    standing = type(row).objects.standing
    assert standing(on=today).get() == row
    assert not standing(on=today + DAY).exists()


def test_an_open_call_takes_another_version_of_its_form():
    call = make.opened()
    stage = stage_of(call)
    draft = services.begin_form_version(stage.form.form, at=NOON, by=None)

    with pytest.raises(NotPublished):
        services.replace_form(stage, form=draft, by=None)
    draft = services.publish_form(draft, at=NOON, by=None)
    services.replace_form(stage, form=draft, by=None)

    assert stage_of(call).form == draft


def test_a_copy_keeps_the_time_of_day_when_clocks_change():
    """Case 51: 23:59 stays 23:59, whichever side of the change a day is on."""
    call = make.call()
    closes = datetime(2026, 10, 31, 23, 59, tzinfo=BOSTON)
    told = {"kind": "full", "opens_at": closes - 30 * DAY, "closes_at": closes}
    services.set_stage(call, **told, form=make.form(), by=None)
    services.add_rule(call, statement="I hold PI status.", by=None)

    copy = services.copy_call(
        call, title="Again", slug="again", shift_days=2, at=NOON, by=None
    )

    moved = stage_of(copy).closes_at.astimezone(BOSTON)
    assert moved == datetime(2026, 11, 2, 23, 59, tzinfo=BOSTON)
    assert (
        moved.timestamp() - closes.timestamp()
        == timedelta(days=2, hours=1).total_seconds()
    )
    assert (copy.state, copy.copied_from) == (CallState.DRAFT, call)
    assert copy.rules.get().statement == "I hold PI status."
    assert list(copy.themes.all()) == list(call.themes.all())
