"""Who sees and does what; list, object and button agree for everybody."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.utils import timezone

from consortium import services
from consortium.models import (
    Agreement,
    CommitmentYear,
    Contact,
    Interest,
    Organization,
)
from inm_portal.accounts.roles import DIRECTOR
from inm_portal.kernel.permissions import name_for, rule_names

from ..factories import receivables as money
from ..factories.accounts import staff as person_at_inm
from ..factories.consortium import TODAY, amend
from ..factories.credits import agreed, claim, decide, delivered, offer, year_of

pytestmark = pytest.mark.django_db

INM = ["director", "staff", "finance", "admin", "auditor"]
SEES_MONEY = ["sponsor", "technical", "billing", "legal", "council"]
SERVES_ONE_PURPOSE = ["coordinator", "colleague"]
NOBODY_HERE = ["visitor", "stranger", "leaver"]


@pytest.mark.parametrize("who", INM)
def test_everybody_at_inm_sees_every_member(cast, who):
    seen = Organization.objects.permitted(cast[who], "view")

    assert set(seen) == {cast.siemens, cast.amgen}


@pytest.mark.parametrize("who", [*SEES_MONEY, *SERVES_ONE_PURPOSE])
def test_people_of_a_company_see_that_company_alone(cast, who):
    seen = Organization.objects.permitted(cast[who], "view")

    assert set(seen) == {cast.siemens}


@pytest.mark.parametrize("who", NOBODY_HERE)
def test_others_see_no_company(cast, who):
    assert not Organization.objects.permitted(cast[who], "view").exists()


@pytest.mark.parametrize("who", SEES_MONEY)
def test_roles_with_a_say_see_the_signed_agreement_and_its_years(cast, who):
    agreements = Agreement.objects.permitted(cast[who], "view")
    years = CommitmentYear.objects.permitted(cast[who], "view")

    assert set(agreements) == {cast.signed}
    assert set(years) == set(cast.signed.commitment_years.all())


@pytest.mark.parametrize("who", [*SERVES_ONE_PURPOSE, *NOBODY_HERE])
def test_others_see_no_amounts(cast, who):
    assert not Agreement.objects.permitted(cast[who], "view").exists()
    assert not CommitmentYear.objects.permitted(cast[who], "view").exists()


@pytest.mark.parametrize(
    ("action", "who"),
    [
        ("sign", {"director", "staff"}),
        ("change", {"director", "staff"}),
        ("waive", {"director"}),
    ],
)
def test_who_may_act_on_a_draft(cast, action, who):
    may = {
        name
        for name, user in cast.people.items()
        if user.has_perm(f"consortium.{action}_agreement", cast.drafted)
    }

    assert may == who


def test_a_contact_is_changed_by_staff_by_its_sponsor_and_by_nobody_else(cast):
    may = {
        name
        for name, user in cast.people.items()
        if user.has_perm("consortium.change_contact", cast.contact)
    }

    assert may == {"director", "staff", "admin", "sponsor"}


def test_a_person_changes_their_own_contact(cast):
    own = Contact.objects.get(user=cast["billing"])

    assert cast["billing"].has_perm("consortium.change_contact", own)
    assert not cast["technical"].has_perm("consortium.change_contact", own)


@pytest.fixture
def ledger(cast):
    """Claims and things in many states, an amendment, and people with an interest."""
    year, other = year_of(cast.signed), year_of(cast.amgens)
    director, sponsor, staff = cast["director"], cast["sponsor"], cast["staff"]
    deputy = person_at_inm(DIRECTOR)
    for by in (sponsor, director):
        claim(year, 1_000, by=by)
        services.review_claim(claim(year, 2_000, by=by), by=staff)
        offer(year, 3_000, by=by)
        agreed(offer(year, 4_000, by=by), by=deputy)
        thing = offer(other, 5_000, by=by)
        delivered(thing, basis=5_000, valued_by=cast["finance"], by=deputy)
        decide(claim(other, 600, by=by), by=deputy)
    amend(cast.amgens, other_terms="Two seats")
    keep_books(cast)
    for person, organization in ((director, cast.amgen), (staff, cast.siemens)):
        Interest.objects.create(
            person=person,
            organization=organization,
            reason="Consults for them",
            from_on=TODAY,
            disclosed_at=timezone.now(),
        )


def keep_books(cast):
    """Money that is posted, waits for a second person, or was taken back."""
    finance, now = cast["finance"], {"at": timezone.now()}
    closed = services.close_period(
        TODAY.replace(month=1), today=TODAY, by=finance, **now
    )
    services.propose_reopening(closed, reason="Missing", by=finance, **now)
    for issuer, amount in ((finance, 500), (cast["director"], 600)):
        line = money.invoiced(cast.siemens, 1_000, by=issuer)
        share = money.cash(amount, cast.siemens, by=finance)
        money.receive(amount, cast.siemens, by=issuer, reason="Another wire")
        money.apply(share, line, 100, by=finance)
        services.propose_refund(
            share, amount=Decimal(50), reason="Twice", by=issuer, **now
        )
        services.write_off(
            line,
            **{"kind": "bad_debt", "amount": Decimal(9), "reason": "Gone"},
            **{"today": TODAY, "by": cast["auditor"], **now},
        )
    money.bounce(money.receive(700, cast.amgen, by=finance), by=finance)
    money.receive(700, payer_name="Nobody", by=cast["director"])
    services.export_entries(posted_until=TODAY, by=finance, **now)


def actions_on(model):
    """Return what the rules of a model are about."""
    ends, app = f"_{model._meta.model_name}", "consortium."
    names = (name for name in rule_names() if name.startswith(app))
    return {n.removeprefix(app).removesuffix(ends) for n in names if n.endswith(ends)}


RULED = [m for m in apps.get_app_config("consortium").get_models() if actions_on(m)]


@pytest.mark.parametrize("model", RULED, ids=lambda model: model.__name__)
def test_list_object_and_button_agree(cast, ledger, model):
    rows = list(model.objects.all())
    for name, user in cast.people.items():
        for action in sorted(actions_on(model)):
            listed = set(model.objects.permitted(user, action))
            flagged = {
                row
                for row in model.objects.with_permissions(user, action)
                if getattr(row, f"may_{action}")
            }
            asked = name_for(model, action)
            held = {row for row in rows if user.has_perm(asked, row)}

            assert listed == flagged == held, (name, action)
