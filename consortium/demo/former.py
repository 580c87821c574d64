"""A former member of the demo world, invented with all of its people and papers."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from inm_portal.accounts.models import User

from .. import services
from ..models import Category, Channel, ContactRole, Organization, Sector
from . import amendments, credits, papers

#: A company that joined, gave a machine up to the cap, committed less, and left.
NAME, LEGAL_NAME, SPONSOR = "Halden Robotics", "Halden Robotics, Inc.", "Marit Halden"

JOINED_ON, CUT_ON = date(2025, 9, 15), date(2026, 3, 16)
NOTICE_ON = date(2026, 5, 18)
NOTICE = timedelta(days=90)

PAID = [
    credits.Claim(NAME, 1, Category.FEE, 275, "Membership fee of year 1", 275),
    credits.Claim(
        *(NAME, 1, Category.RESEARCH, 200, "Grippers for soft parts", 200),
        credits.RELEVANT,
    ),
]


def load(*, password: str, by: User) -> None:
    """Let it join and leave; ``password`` is a hash for its sponsor."""
    organization = services.add_organization(
        name=NAME,
        legal_name=LEGAL_NAME,
        named_since_on=date(2014, 2, 3),
        sector=Sector.INDUSTRIAL,
        owner=by,
        today=JOINED_ON,
        by=by,
    )
    _sponsor(organization, password, by)
    _join(organization, by)
    _pays(organization)
    director = User.objects.get(email="director@inm.example")
    finance = User.objects.get(email="finance@inm.example")
    for claim in PAID:
        credits.decide(credits.enter_claim(claim), claim, director)
    cell = credits.offer(NAME, 60, 80, "A cell of two robots", Category.EQUIPMENT)
    credits.deliver(cell, 80, 0, director=director, finance=finance)
    credits.accept(cell, 60, director)
    _commit_less(by)
    _leave(organization, director)


def _pays(organization: Organization) -> None:
    """Say where its invoices go; that of its first fee was never drafted."""
    services.keep_payer(
        organization,
        bill_to_entity=LEGAL_NAME,
        bill_to_address="40 Foundry Street\nLowell, MA 01852",
        attention="Accounts payable",
        terms_days=30,
        channel=Channel.EMAIL,
        needs_order=False,
        vendor_form_on=JOINED_ON,
        tax_form_on=JOINED_ON,
        entity_confirmed_on=JOINED_ON,
        by=User.objects.get(email="finance@inm.example"),
    )


def _sponsor(organization: Organization, password: str, by: User) -> None:
    email = "sponsor@halden.example"
    contact = services.add_contact(
        organization,
        name=SPONSOR,
        email=email,
        job_title="Chief Executive Officer",
        user=User.objects.create(email=email, name=SPONSOR, password=password),
        on=JOINED_ON,
        by=by,
    )
    role = ContactRole.SPONSOR
    services.assign_role(contact, role=role, from_on=JOINED_ON, by=by)


def _join(organization: Organization, by: User) -> None:
    draft = services.draft_agreement(
        organization,
        template_version="2025-03",
        contracting_entity=LEGAL_NAME,
        effective_on=JOINED_ON,
        years=[services.YearTerms(Decimal(600_000), Decimal(275_000))] * 3,
        by=by,
    )
    services.sign_agreement(
        draft,
        signed_on=JOINED_ON,
        signed_for_member_by=SPONSOR,
        signed_for_mit_by="Eleanor Whitcombe",
        file=papers.signed(draft.number),
        today=JOINED_ON,
        at=timezone.now(),
        by=by,
    )


def _commit_less(by: User) -> None:
    """Lower each year; of the machine less is under the cap then."""
    less = amendments.draft(
        NAME,
        dict.fromkeys((1, 2, 3), (500, 275)),
        effective_on=CUT_ON,
        reason="One of two divisions was sold.",
        today=CUT_ON,
        by=by,
    )
    amendments.sign(less, on=CUT_ON, by=by)


def _leave(organization: Organization, by: User) -> None:
    services.terminate_agreement(
        organization.agreements.get(),
        notice_received_on=NOTICE_ON,
        last_on=NOTICE_ON + NOTICE,
        reason="The company was sold, and its new owner closes the laboratory.",
        file=papers.signed(NAME, "Notice of termination"),
        today=NOTICE_ON,
        at=timezone.now(),
        by=by,
    )
