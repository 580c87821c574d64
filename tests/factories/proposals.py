"""Proposals for seed funding."""

from datetime import date, timedelta
from decimal import Decimal

from inm_portal.accounts.models import User
from seed_projects import services
from seed_projects.models import USUAL_COSTS, Call, Proposal, ProposalSnapshot, Question
from tests.factories import calls as make
from tests.factories.accounts import UserFactory
from tests.factories.calls import NOON

LINE = {"year": 1, "category": "materials", "what": "Steel", "quantity": Decimal(1)}


def line(category: str = "materials", amount: int | None = 10_000, **told) -> dict:
    given = {"category": category, "what": category.capitalize()}
    given |= {"unit_amount": None if amount is None else Decimal(amount)}
    return LINE | given | told


def draft(call: Call | None = None, *, pi: User | None = None, **told) -> Proposal:
    """A draft of somebody, with nothing answered."""
    stage = (call or make.opened()).stages.get()
    pi = pi or UserFactory()
    given = {"title": "Cold spray", "at": NOON} | told
    return services.begin_proposal(stage, pi=pi, **given | {"by": told.get("by", pi)})


def question(proposal: Proposal, label: str = "Abstract") -> Question:
    return proposal.form.questions.get(label=label)


def complete(call: Call | None = None, *, pi: User | None = None, **told) -> Proposal:
    """A draft that can be submitted."""
    made = draft(call, pi=pi, **told)
    act = {"at": NOON, "by": None}
    services.change_proposal(
        made,
        title=made.title,
        abstract="Repair by cold spray.",
        starts_on=date(2027, 6, 1),
        smallest_budget=Decimal(5_000),
        **act,
    )
    for asked in made.form.questions.exclude(kind="file").in_order():
        services.save_answer(made, asked, value="Some words", version=0, **act)
    for rule in made.call.rules.all():
        services.declare(made, met={rule: True}, **act)
    services.set_budget(made, lines=[line()], **act)
    return Proposal.objects.get(pk=made.pk)


def pi_of(proposal: Proposal) -> User:
    return proposal.people.get(role="pi").person


def submitted(call: Call | None = None, **told) -> Proposal:
    made = complete(call, **told)
    services.submit_proposal(made, at=NOON, by=pi_of(made))
    return Proposal.objects.get(pk=made.pk)


def submitted_twice(call: Call | None = None, **told) -> ProposalSnapshot:
    """The second submission of a proposal whose abstract was changed in between."""
    made = submitted(call, **told)
    act = {"at": NOON, "by": pi_of(made)}
    made = services.take_back(made, **act)
    services.change_proposal(
        made,
        title=made.title,
        abstract="Repair of shafts by cold spray.",
        starts_on=made.starts_on,
        smallest_budget=made.smallest_budget,
        **act,
    )
    return services.submit_proposal(made, **act)


def w8(**told) -> Call:
    """A call that pays for subawards, not benefits, and 60 percent of indirect cost."""
    costs = [one for one in USUAL_COSTS if one != "benefits"] + ["subaward"]
    given = {"ceiling": Decimal(300_000), "cost_categories": costs}
    given |= {"indirect_rule": "fixed", "indirect_rate": Decimal(60)}
    return make.opened("W8", **given | told)


MINUTE = timedelta(minutes=1)
