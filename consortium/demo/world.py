"""
The consortium of the demo world, made through the services.

The companies, their seats and the founding dates are facts; every person,
amount and signature is invented.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from inm_portal.accounts.models import User

from .. import services
from ..models import ContactRole, Organization, Sector, SiteKind
from . import (
    amendments,
    benefits,
    credits,
    engagement,
    former,
    governance,
    ladders,
    library,
    papers,
    people,
    prospects,
    receivables,
    renewals,
    screenings,
    workforce,
)

FOUNDED_ON = date(2025, 5, 27)


class Place(NamedTuple):
    name: str
    kind: SiteKind
    city: str
    region: str
    country: str


class Founder(NamedTuple):
    name: str
    legal_name: str
    domain: str
    sector: Sector
    named_since_on: date
    joined_on: date
    signed_on: date
    #: Required and fee part of each year, in thousands of dollars.
    years: list[tuple[int, int]]
    terms_days: int
    sites: list[Place]
    people: list[str]
    has_alternate: bool


HQ, PLANT, RESEARCH = SiteKind.HEADQUARTERS, SiteKind.PLANT, SiteKind.RESEARCH
FLOOR = [(500, 275)] * 3

FOUNDERS = [
    Founder(
        *("Amgen", "Amgen Inc.", "amgen.example", Sector.BIOMANUFACTURING),
        *(date(1983, 3, 15), FOUNDED_ON, date(2025, 5, 12)),
        *(FLOOR, 45),
        [
            Place("Headquarters", HQ, "Thousand Oaks", "California", "US"),
            Place(
                "Holly Springs plant", PLANT, "Holly Springs", "North Carolina", "US"
            ),
        ],
        [
            *["Ruth Okafor", "Peter Lindqvist", "Ines Carvalho"],
            *["Maya Rosen", "Tobias Kern", "Grace Adeyemi"],
        ],
        True,
    ),
    Founder(
        *("Autodesk", "Autodesk, Inc.", "autodesk.example", Sector.SOFTWARE),
        *(date(1982, 1, 30), date(2025, 5, 30), date(2025, 5, 29)),
        *([(500, 275), (550, 275), (600, 275)], 30),
        [
            Place("Headquarters", HQ, "San Francisco", "California", "US"),
            Place("Technology Center", RESEARCH, "Boston", "Massachusetts", "US"),
        ],
        [
            *["Helen Marsh", "Arjun Mehta", "Colleen Byrne"],
            *["Victor Salas", "Naomi Petersen", "Luke Brandt"],
        ],
        False,
    ),
    Founder(
        *("Flex", "Flex Ltd."),
        *("flex.example", Sector.ELECTRONICS),
        *(date(1990, 5, 31), FOUNDED_ON, date(2025, 5, 20)),
        *(FLOOR, 60),
        [
            Place("Headquarters", HQ, "Austin", "Texas", "US"),
            Place("Design center", RESEARCH, "Milpitas", "California", "US"),
        ],
        [
            *["Daniel Osei", "Wei Zhang", "Sofia Herrera"],
            *["Karen Whitlock", "Omar Haddad", "Jill Novak"],
        ],
        True,
    ),
    Founder(
        *("GE Vernova", "GE Vernova Inc.", "gevernova.example", Sector.ENERGY),
        *(date(2024, 4, 2), FOUNDED_ON, date(2025, 5, 14)),
        *([(750, 300), (750, 300), (750, 300)], 60),
        [
            Place("Headquarters", HQ, "Cambridge", "Massachusetts", "US"),
            Place("Schenectady plant", PLANT, "Schenectady", "New York", "US"),
        ],
        [
            *["Laura Fenwick", "Rahul Iyer", "Beth Caruso"],
            *["Simon Achterberg", "Elena Moretti", "Marcus Hale"],
        ],
        False,
    ),
    Founder(
        *("PTC", "PTC Inc.", "ptc.example", Sector.SOFTWARE),
        *(date(2013, 1, 28), FOUNDED_ON, date(2025, 6, 9)),
        *(FLOOR, 30),
        [Place("Headquarters", HQ, "Boston", "Massachusetts", "US")],
        [
            *["Andrew Sokolov", "Priya Nair", "Janet Doyle"],
            *["Felix Aumann", "Tara Quinn", "Brian Castellano"],
        ],
        True,
    ),
    Founder(
        *("Sanofi", "Sanofi S.A.", "sanofi.example", Sector.BIOMANUFACTURING),
        *(date(2011, 5, 6), FOUNDED_ON, date(2025, 5, 22)),
        *([(500, 275), (500, 275), (650, 275)], 60),
        [
            Place("Headquarters", HQ, "Paris", "Île-de-France", "FR"),
            Place("Framingham plant", PLANT, "Framingham", "Massachusetts", "US"),
        ],
        [
            *["Claire Dubois", "Julien Marchand", "Amélie Roux"],
            *["Nathalie Girard", "Étienne Lambert", "Sarah Cohen"],
        ],
        False,
    ),
    Founder(
        *("Siemens", "Siemens Aktiengesellschaft"),
        *("siemens.example", Sector.INDUSTRIAL),
        *(date(1966, 10, 1), FOUNDED_ON, date(2025, 5, 16)),
        *([(600, 275), (600, 275), (600, 275)], 45),
        [
            Place("Headquarters", HQ, "Munich", "Bavaria", "DE"),
            Place("Grand Prairie plant", PLANT, "Grand Prairie", "Texas", "US"),
        ],
        [
            *["Katrin Vogel", "Stefan Baumann", "Monika Schäfer"],
            *["Dirk Hoffmann", "Annette Krüger", "Jonas Weber"],
        ],
        True,
    ),
]

#: Local part of the address, title and role of each of a company's six people.
PEOPLE = [
    ("sponsor", "Vice President, Advanced Manufacturing", ContactRole.SPONSOR),
    ("tech", "Director of Manufacturing R&D", ContactRole.TECHNICAL),
    ("billing", "Accounts Payable Lead", ContactRole.BILLING),
    ("legal", "Senior Counsel, University Relations", ContactRole.LEGAL),
    ("council", "Head of Manufacturing Strategy", ContactRole.COUNCIL),
    ("events", "Partnership Coordinator", ContactRole.EVENTS),
]


#: The consortium agreement that the founders started from.
TEMPLATE = "2025-03"

#: Whose agreement lets excess count in the next year.
CARRIES = "PTC"

#: What Siemens agreed on beside it.
SECOND_SEAT = {
    "clause": "4.2, seats on the council",
    "template_says": "Each member has one seat on the council.",
    "agreement_says": "The member has two seats on the council.",
    "reason": "Two divisions take part, and each sends somebody.",
}

#: What Flex was called before, and until when.
FLEXTRONICS = ("Flextronics", "Flextronics International Ltd.")
FLEX_SINCE = date(2016, 9, 28)


def load(*, by: User, password: str, today: date) -> None:
    """
    Make the founding members and others; ``password`` is a hash for all who sign in.

    Nothing happens if there are organizations already.
    """
    if Organization.objects.exists():
        return
    for number, founder in enumerate(FOUNDERS):
        organization = _organization(founder, today, by)
        _people(organization, founder, number, password, today, by)
        _agreement(organization, founder, today, by)
    _rename(today, by)
    _departure(today, by)
    people.load(today=today, by=by)
    _drafts(by)
    papers.load(by=by)
    amendments.load(by=by)
    benefits.load(today=today, by=by)
    renewals.load(today=today, by=by)
    engagement.load(today=today, by=by)
    governance.load(today=today, by=by)
    prospects.load(today=today, by=by)
    library.load(today=today, by=by)
    workforce.load(today=today, password=password, by=by)
    screenings.load(today=today)
    screenings.hold(_parent(today, by), today=today)
    screenings.refuse(_refused(today, by), today=today)
    receivables.load(today=today)
    ladders.load(today=today)
    credits.load(today=today, by=by)
    former.load(password=password, by=by)
    renewals.bid_farewell(company=former.NAME, today=today, by=by)


def _organization(founder: Founder, today: date, by: User) -> Organization:
    names = founder.name, founder.legal_name
    name, legal_name = FLEXTRONICS if founder.name == "Flex" else names
    organization = services.add_organization(
        name=name,
        legal_name=legal_name,
        named_since_on=founder.named_since_on,
        sector=founder.sector,
        is_founding=True,
        owner=by,
        today=today,
        by=by,
    )
    for site in founder.sites:
        services.add_site(organization, by=by, **site._asdict())
    return organization


def _people(
    organization: Organization,
    founder: Founder,
    number: int,
    password: str,
    today: date,
    by: User,
) -> None:
    for place, (local, title, role) in enumerate(PEOPLE):
        name, email = founder.people[place], f"{local}@{founder.domain}"
        user = User.objects.create(email=email, name=name, password=password)
        contact = services.add_contact(
            organization,
            name=name,
            email=email,
            job_title=title,
            phone=f"+1 617 555 01{number}{place}",
            user=user,
            on=today - timedelta(days=(number * 6 + place) * 11 % 230),
            by=by,
        )
        joined = founder.joined_on
        services.assign_role(contact, role=role, from_on=joined, by=by)
        if role == ContactRole.TECHNICAL and founder.has_alternate:
            alternate = ContactRole.ALTERNATE
            services.assign_role(contact, role=alternate, from_on=joined, by=by)


def _agreement(
    organization: Organization, founder: Founder, today: date, by: User
) -> None:
    draft = services.draft_agreement(
        organization,
        template_version=TEMPLATE,
        contracting_entity=founder.legal_name,
        entity_country=founder.sites[0].country,
        effective_on=founder.joined_on,
        years=_years(founder.years),
        payment_terms_days=founder.terms_days,
        carries_forward=founder.name == CARRIES,
        by=by,
    )
    if founder.name == "Siemens":
        services.add_deviation(draft, **SECOND_SEAT, by=by)
    papers.approve(draft)
    services.sign_agreement(
        draft,
        signed_on=founder.signed_on,
        signed_for_member_by=founder.people[0],
        signed_for_mit_by="Eleanor Whitcombe",
        file=papers.signed(draft.number),
        today=max(founder.signed_on, founder.joined_on),
        at=timezone.now(),
        by=by,
    )


def _years(thousands: list[tuple[int, int]]) -> list[services.YearTerms]:
    return [
        services.YearTerms(Decimal(required * 1000), Decimal(fee * 1000))
        for required, fee in thousands
    ]


def _rename(today: date, by: User) -> None:
    services.rename_organization(
        Organization.objects.get(name=FLEXTRONICS[0]),
        name="Flex",
        legal_name="Flex Ltd.",
        from_on=FLEX_SINCE,
        today=today,
        by=by,
    )


def _parent(today: date, by: User) -> Organization:
    """An invented group that Autodesk belongs to in the demo, and nowhere else."""
    group = services.add_organization(
        name="Talbrook Group",
        legal_name="Talbrook Group plc",
        named_since_on=date(2001, 4, 2),
        sector=Sector.OTHER,
        owner=by,
        today=today,
        by=by,
    )
    services.link_parent(
        Organization.objects.get(name="Autodesk"),
        other=group,
        from_on=date(2026, 3, 2),
        today=today,
        by=by,
    )
    return group


def _refused(today: date, by: User) -> Organization:
    """An invented prospect with which nobody may go on."""
    return services.add_organization(
        name="Orlan Dynamics",
        legal_name="Orlan Dynamics JSC",
        named_since_on=date(2009, 6, 8),
        sector=Sector.AEROSPACE,
        owner=by,
        today=today,
        by=by,
    )


def _departure(today: date, by: User) -> None:
    """A second technical lead of Siemens came and left."""
    contact = services.add_contact(
        Organization.objects.get(name="Siemens"),
        name="Ulrike Brandl",
        email="ulrike.brandl@siemens.example",
        job_title="Principal Engineer",
        on=date(2025, 6, 2),
        by=by,
    )
    role = ContactRole.TECHNICAL
    services.assign_role(contact, role=role, from_on=date(2025, 6, 2), by=by)
    services.depart_contact(contact, on=date(2026, 3, 31), today=today, by=by)


def _drafts(by: User) -> None:
    """Two second terms under negotiation, one below the floor and not yet waived."""
    renewals = [("PTC", [(500, 275)] * 2), ("Sanofi", [(700, 300)] * 3)]
    for name, years in renewals:
        organization = Organization.objects.get(name=name)
        services.draft_agreement(
            organization,
            template_version=TEMPLATE,
            contracting_entity=organization.legal_name,
            entity_country=organization.sites.get(kind=HQ).country,
            effective_on=date(2028, 5, 27),
            years=_years(years),
            by=by,
        )
