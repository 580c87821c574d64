"""AUD-04, SES-01, case 114: staff see what a member sees, and do nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from consortium.models import Contact
from inm_portal.accounts import tasks
from inm_portal.accounts.models import User, Viewing
from inm_portal.accounts.tokens import issue_token
from inm_portal.accounts.verbs import Verb
from inm_portal.accounts.viewing import NotToBeViewed, end_viewing, start_viewing
from inm_portal.kernel import context
from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.permissions import rows_for

from ..conftest import TODAY
from ..entries import recorded
from ..factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

REASON = "They asked why a year is missing."
END = "/people/view-as/end/"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def client(cast, sign_in) -> Client:
    return sign_in(cast["staff"])


@pytest.fixture
def sponsor(cast) -> User:
    return cast["sponsor"]


def view_as(client: Client, person: User, reason: str = REASON):
    return client.post(f"/people/{person.pk}/view-as/", {"reason": reason})


@pytest.fixture
def viewing(client, sponsor) -> Client:
    """A browser in which staff see what the sponsor sees."""
    assert view_as(client, sponsor).status_code == 302
    return client


def key_of(client: Client) -> str:
    return client.cookies["sessionid"].value


def shown_to(client: Client) -> str:
    return client.get("/").context["user"].name


def entries(verb: Verb) -> list[tuple]:
    found = JournalEntry.objects.filter(verb=verb)
    return list(found.values_list("actor", "acting_as", "subject_id"))


PEOPLE_OUTSIDE = {
    *["stranger", "sponsor", "technical", "billing", "legal", "council"],
    *["coordinator", "colleague", "amgen sponsor", "leaver"],
}


@pytest.mark.parametrize("who", ["director", "staff", "admin"])
def test_who_views_as_others_does_so_as_those_without_a_role_at_inm(cast, who):
    seen = User.objects.permitted(cast[who], "view_as")

    assert set(seen) == {cast[name] for name in PEOPLE_OUTSIDE}


@pytest.mark.parametrize("who", ["finance", "auditor", "sponsor", "stranger"])
def test_nobody_else_views_as_anybody(cast, who):
    assert not User.objects.permitted(cast[who], "view_as").exists()


def test_nobody_views_as_somebody_who_does_not_come_in(cast, sponsor, now):
    sponsor.is_active = False
    sponsor.save()

    with pytest.raises(NotToBeViewed):
        start_viewing(sponsor, reason=REASON, at=now, by=cast["staff"])


@pytest.mark.parametrize("who", ["director", "staff", "finance"])
def test_a_person_at_inm_is_not_viewed(cast, client, who):
    assert view_as(client, cast[who]).status_code == 403
    assert not Viewing.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_reason_is_asked_for(client, sponsor, reason):
    assert view_as(client, sponsor, reason).status_code == 422
    assert not Viewing.objects.exists()


def test_it_begins_with_another_session_and_the_old_one_is_dead(client, sponsor):
    before = key_of(client)
    view_as(client, sponsor)
    old = Client()
    old.cookies["sessionid"] = before

    assert key_of(client) != before
    assert old.get("/").status_code == 302
    assert shown_to(client) == sponsor.name


def test_it_is_journaled_under_both_names_and_without_the_reason(
    cast, viewing, sponsor
):
    entry = JournalEntry.objects.get(verb=Verb.VIEW_AS_STARTED)

    assert (entry.actor, entry.acting_as) == (cast["staff"], sponsor)
    assert entry.subject_id == sponsor.pk
    assert REASON not in str(entry.facts)
    assert Viewing.objects.get().reason == REASON


def test_every_page_says_who_sees_what_whom_and_how_long(cast, viewing, sponsor):
    for address in ["/", "/consortium/members/", "/no-such-page/", "/account/"]:
        said = " ".join(viewing.get(address).text.split())

        assert f"<strong>{cast['staff'].name}</strong> sees what" in said
        assert f"<strong>{sponsor.name}</strong> sees" in said
        assert "in 30 minutes" in said
        assert f'action="{END}"' in said


def test_nobody_else_is_told_of_a_viewing(viewing, cast, sign_in):
    assert "viewing-band" not in sign_in(cast["sponsor"]).get("/").text
    assert "viewing-band" not in sign_in(cast["director"]).get("/").text


def test_they_see_what_the_person_sees(viewing, cast):
    assert viewing.get(cast.siemens.get_absolute_url()).status_code == 200
    assert viewing.get(cast.amgen.get_absolute_url()).status_code == 404
    assert viewing.get(cast.drafted.get_absolute_url()).status_code == 404
    assert viewing.get("/people/view-as/").context["page"].paginator.count == 0


def test_they_see_nothing_that_they_may_not_see_themselves(viewing, cast):
    """Case 114: what holds for the real person holds on."""
    agreement = cast.signed.get_absolute_url()
    assert viewing.get(agreement).status_code == 200

    group = cast["staff"].groups.get()
    group.permissions.remove(*group.permissions.filter(codename="view_agreement"))

    assert viewing.get(agreement).status_code == 404


def test_a_rule_and_a_group_allow_what_they_allow_to_both(cast):
    sponsor, auditor = cast["sponsor"], cast["auditor"]
    sponsor.viewer = auditor
    name = "consortium.change_contact"

    assert sponsor.get_all_permissions() == set()
    assert not Contact.objects.filter(rows_for(sponsor, name)).exists()
    assert rows_for(User.objects.get(pk=sponsor.pk), name)


def test_a_group_allows_what_it_allows_to_both(cast):
    director = cast["director"]
    own = director.get_all_permissions()
    director.viewer = cast["auditor"]

    both = director.get_all_permissions()

    assert both == own & cast["auditor"].get_all_permissions()
    assert both < own


def test_a_viewer_who_left_sees_nothing(cast):
    sponsor, staff = cast["sponsor"], cast["staff"]
    staff.is_active = False
    sponsor.viewer = staff

    assert not Contact.objects.permitted(sponsor, "view").exists()


@pytest.mark.parametrize(
    "address", ["/accounts/password/change/", "/accounts/reauthenticate/", "/api/docs/"]
)
def test_what_is_for_the_person_alone_is_closed(viewing, address):
    assert viewing.get(address).status_code == 403


def test_the_api_is_not_for_viewing(viewing):
    answer = viewing.get("/api/v1/contacts/")

    assert (answer.status_code, answer.json()["code"]) == (403, "viewing")


def test_the_programs_of_either_go_on(viewing, cast, sponsor):
    for user in (cast["staff"], sponsor):
        token = issue_token(user, scope="write", lifetime=TODAY.resolution)
        program = APIClient(headers={"Authorization": f"Bearer {token}"})

        assert program.get("/api/v1/contacts/").status_code == 200


def test_an_export_meanwhile_has_both_names(viewing, cast, sponsor):
    viewing.get("/consortium/contacts/export/").getvalue()

    entry = JournalEntry.objects.get(verb="kernel.list_exported")
    assert (entry.actor, entry.acting_as) == (cast["staff"], sponsor)


def test_what_is_recorded_by_the_viewed_person_is_by_the_viewer(cast, sponsor):
    sponsor.viewer = cast["staff"]

    entry = recorded(Verb.PASSWORD_SET, sponsor, by=sponsor)

    assert entry.actor == cast["staff"]


def test_nothing_of_a_viewing_outlives_its_request(viewing):
    viewing.get("/")

    assert context.acting_as.get() is None


def test_the_way_out_gives_another_session_and_ones_own_view(viewing, cast, sponsor):
    before = key_of(viewing)
    answer = viewing.post(END, follow=True)
    old = Client()
    old.cookies["sessionid"] = before

    assert answer.context["user"] == cast["staff"]
    assert answer.redirect_chain == [(f"/people/{sponsor.pk}/", 302)]
    assert "You see the portal as yourself again." in answer.text
    assert key_of(viewing) != before
    assert old.get("/").status_code == 302
    assert entries(Verb.VIEW_AS_ENDED) == [(cast["staff"].pk, sponsor.pk, sponsor.pk)]
    assert Viewing.objects.get().ended_at is not None


def test_the_way_out_may_be_taken_twice(viewing):
    for _time in range(2):
        assert viewing.post(END).status_code == 302

    assert len(entries(Verb.VIEW_AS_ENDED)) == 1


def test_signing_out_ends_it_and_is_the_viewers_own(viewing, cast, sponsor):
    viewing.post("/accounts/logout/")

    assert viewing.get("/").status_code == 302
    assert entries(Verb.SIGNED_OUT) == [(cast["staff"].pk, None, cast["staff"].pk)]
    assert entries(Verb.VIEW_AS_ENDED) == [(cast["staff"].pk, sponsor.pk, sponsor.pk)]


def test_after_half_an_hour_it_is_over(viewing, cast, now):
    before = key_of(viewing)
    with time_machine.travel(now + Viewing.LONGEST + timedelta(seconds=5)):
        assert shown_to(viewing) == cast["staff"].name

    ended = Viewing.objects.get()
    assert key_of(viewing) != before
    assert ended.ended_at == ended.until


def test_what_was_open_when_it_ran_out_does_nothing(viewing, cast, now):
    """Else a button of the person's page would act as whoever viewed it."""
    contact = Contact.objects.get(user=cast["technical"])
    with time_machine.travel(now + Viewing.LONGEST + timedelta(seconds=5)):
        answer = viewing.post(f"/consortium/contacts/{contact.pk}/confirm/")

    assert answer.status_code == 403
    assert "The viewing is over, and nothing was done." in answer.text
    assert not JournalEntry.objects.filter(verb="consortium.contact_confirmed").exists()


def test_a_form_of_a_page_that_was_open_before_is_refused_afterwards(cast, sponsor):
    """Each page that was made for one of the two sends a token of that time."""
    from ..conftest import enter

    client = Client(enforce_csrf_checks=True)
    enter(client, cast["staff"])
    form = client.get(f"/people/{sponsor.pk}/view-as/")
    token = form.context["csrf_token"]
    body = {"reason": REASON, "csrfmiddlewaretoken": str(token)}
    client.post(f"/people/{sponsor.pk}/view-as/", body)

    stale = client.post(END, {"csrfmiddlewaretoken": str(token)})

    assert stale.status_code == 403
    assert shown_to(client) == sponsor.name


@pytest.mark.parametrize(
    "happening", ["viewer loses the role", "person joins INM", "person leaves"]
)
def test_it_ends_at_the_next_request_when_the_right_to_it_does(
    viewing, cast, sponsor, happening
):
    if happening == "viewer loses the role":
        cast["staff"].groups.clear()
    elif happening == "person joins INM":
        sponsor.groups.set(cast["finance"].groups.all())
    else:
        User.objects.filter(pk=sponsor.pk).update(is_active=False)

    assert shown_to(viewing) == cast["staff"].name
    assert len(entries(Verb.VIEW_AS_ENDED)) == 1


def test_it_ends_with_the_access_of_whoever_views(viewing, cast):
    User.objects.filter(pk=cast["staff"].pk).update(is_active=False)

    assert viewing.get("/").status_code == 302
    assert len(entries(Verb.VIEW_AS_ENDED)) == 1


def test_another_viewing_ends_the_one_before(cast, sponsor, now):
    for person in (sponsor, cast["technical"]):
        start_viewing(person, reason=REASON, at=now, by=cast["staff"])

    assert [v.person for v in Viewing.objects.open()] == [cast["technical"]]
    assert len(entries(Verb.VIEW_AS_ENDED)) == 1


def test_a_viewing_that_somebody_walked_away_from_is_ended_by_the_worker(
    cast, sponsor, now
):
    start_viewing(sponsor, reason=REASON, at=now, by=cast["staff"])

    for minutes in (29, 31, 32):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            tasks.end_viewings()

    assert entries(Verb.VIEW_AS_ENDED) == [(cast["staff"].pk, sponsor.pk, sponsor.pk)]


def test_ending_twice_is_ending_once(cast, sponsor, now):
    viewing = start_viewing(sponsor, reason=REASON, at=now, by=cast["staff"])

    for _time in range(2):
        end_viewing(viewing, at=now, why="hand")

    assert len(entries(Verb.VIEW_AS_ENDED)) == 1


def test_the_person_can_read_that_it_happened(viewing, cast, sponsor, sign_in):
    told = JournalEntry.objects.about(sponsor).told_to(sponsor)
    page = sign_in(sponsor).get("/account/").text

    assert [entry.verb for entry in told] == [Verb.VIEW_AS_STARTED]
    assert "Portal viewed as this person" in page
    assert cast["staff"].name in page
    assert REASON not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"until": timedelta(minutes=31)},
        {"until": timedelta()},
        {"ended_at": timedelta(minutes=-1)},
        {"ended_at": timedelta(minutes=21)},
        {"person": None},
    ],
    ids=str,
)
def test_the_database_refuses_a_viewing_that_is_not_right(cast, sponsor, now, wrong):
    right = {
        "by": cast["staff"],
        "person": sponsor,
        "reason": REASON,
        "started_at": now,
        "until": now + timedelta(minutes=20),
    }
    given = {
        name: now + value if isinstance(value, timedelta) else value
        for name, value in wrong.items()
    }
    if "person" in given:
        given["person"] = cast["staff"]

    with pytest.raises(IntegrityError), transaction.atomic():
        Viewing.objects.create(**right | given)
    assert Viewing.objects.create(**right).pk


def test_the_button_stands_on_the_page_of_a_contact_who_signs_in(cast, sign_in):
    with_account = Contact.objects.get(user=cast["technical"]).get_absolute_url()
    without = cast.contact.get_absolute_url()
    button = f"/people/{cast['technical'].pk}/view-as/"

    assert button in sign_in(cast["staff"]).get(with_account).text
    assert button not in sign_in(cast["finance"]).get(with_account).text
    assert button not in sign_in(cast["sponsor"]).get(with_account).text
    assert "/view-as/" not in sign_in(cast["staff"]).get(without).text
    assert button in sign_in(cast["staff"]).get(f"/people/{cast['technical'].pk}/").text


@pytest.mark.parametrize(
    ("who", "seen"),
    [("director", 2), ("admin", 2), ("auditor", 2), ("staff", 1), ("finance", 0)],
)
def test_who_sees_which_viewings(cast, sponsor, now, who, seen):
    for viewer in ("staff", "director"):
        start_viewing(sponsor, reason=REASON, at=now, by=cast[viewer])

    assert Viewing.objects.permitted(cast[who], "view").count() == seen


def test_one_viewing_or_three_cost_the_same_statements(
    cast, sponsor, sign_in, now, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    director, counts = sign_in(cast["director"]), []
    for viewer in ("staff", "director", "admin"):
        start_viewing(sponsor, reason=REASON, at=now, by=cast[viewer])
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert REASON in director.get("/people/view-as/").text
        counts.append(len(asked))

    assert counts[0] == counts[2] <= 8


def test_somebody_without_an_account_of_that_key_is_not_viewed(client):
    assert view_as(client, UserFactory.build(pk=987_654_321)).status_code == 404
