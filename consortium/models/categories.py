"""What can count toward a commitment, and by which rule each category does."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _


class Category(models.TextChoices):
    FEE = "fee", _("Membership fee")
    RESEARCH = "research", _("Sponsored research")
    FELLOWSHIP = "fellowship", _("Fellowship")
    GIFT = "gift", _("Gift")
    EQUIPMENT = "equipment", _("Equipment, in kind")
    SOFTWARE = "software", _("Software, in kind")
    LOAN = "loan", _("Loan of equipment, in kind")
    DATA = "data", _("Data, in kind")
    FACILITY = "facility", _("Facility or major project")
    EDUCATION = "education", _("Executive or professional education")
    HOSTING = "hosting", _("Plant visits, staff time, travel")
    DUES = "dues", _("Other membership dues at MIT")


class Office(models.TextChoices):
    """Whose opinion a category may need before it counts."""

    FINANCE = "finance", _("Finance")
    LEGAL = "legal", _("Legal counsel")


@dataclass(frozen=True)
class CategoryRule:
    """
    How a category counts.

    ``needs_reason``: by default it does not count, or not without its
    relevance, so whoever accepts it says why. ``opinions``: which offices
    are asked before.
    """

    counts: bool = True
    is_in_kind: bool = False
    needs_reason: bool = False
    opinions: tuple[Office, ...] = ()
    #: In a sentence, for the page of a claim.
    words: str = ""


_IN_KIND = CategoryRule(
    is_in_kind=True,
    words=_(
        "Counts up to the agreement's cap, never toward the cash part, once it is "
        "valued, accepted and delivered."
    ),
)
_ASKED = CategoryRule(
    needs_reason=True,
    words=_("Does not count by default; a director who accepts it says why."),
)

RULES = {
    Category.FEE: CategoryRule(words=_("Counts once the invoice is paid.")),
    Category.RESEARCH: CategoryRule(
        needs_reason=True,
        words=_("Counts if a director accepts that it is about manufacturing."),
    ),
    Category.FELLOWSHIP: CategoryRule(words=_("Counts for each academic year funded.")),
    Category.GIFT: CategoryRule(
        opinions=(Office.FINANCE, Office.LEGAL),
        words=_("Counts only with the opinions of finance and of legal counsel."),
    ),
    Category.EQUIPMENT: _IN_KIND,
    Category.SOFTWARE: _IN_KIND,
    Category.LOAN: _IN_KIND,
    Category.DATA: _IN_KIND,
    Category.FACILITY: CategoryRule(words=_("Counts by the schedule agreed.")),
    Category.EDUCATION: _ASKED,
    Category.HOSTING: CategoryRule(
        counts=False, words=_("Is recognized, and never credited.")
    ),
    Category.DUES: _ASKED,
}

IN_KIND = [category for category, rule in RULES.items() if rule.is_in_kind]

#: What counts in full once it is accepted, toward the part in cash too.
COUNT_IN_CASH = [
    category for category, rule in RULES.items() if rule.counts and not rule.is_in_kind
]

#: What is claimed by a document alone; what is given in kind is offered as a thing.
IN_CASH = [category for category in Category if category not in IN_KIND]
