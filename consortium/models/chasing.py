"""
What of an open line a member is reminded of, and what stops it: the one definition.

Not asked for is what the member disputes, what it promised for a day that is not
over, and what it announced as paid lately; nothing is, while cash on account could pay
the rest, while its payables rejected the invoice, or when only a bank fee is missing.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, JSONObject

from inm_portal.kernel.computed import View, join_view, work_out
from inm_portal.kernel.money import MoneyField
from inm_portal.kernel.reminders.planning import AHEAD

from .invoice_answers import (
    AnswerKind,
    CustomerAnswer,
    InvoiceDispute,
    PaymentPromise,
    is_of_member,
)
from .invoices import InvoiceLine
from .organizations import Organization, Site, SiteKind
from .receipts import ReceiptShare
from .reminder_policies import (
    ReminderCopy,
    ReminderPolicy,
    ReminderPreference,
    earlier_than_all,
)
from .remittances import AdvisedInvoice, RemittanceAdvice
from .roles import ContactRole, RoleAssignment
from .terms import NOTHING

#: The name of the rule by which members are reminded.
DUES_RULE = "consortium.dues"

#: So long after it was paid, money that was announced is on its way.
ON_ITS_WAY = timedelta(days=14)


def chased_lines(*, on: date) -> Any:
    """
    Return the lines of issued invoices with what is asked of each on a day.

    ``chased`` is what is open less ``disputed``, ``promised`` and ``announced`` of its
    invoice, which are taken off its first lines first. ``on_account`` is the cash of
    its member that is not applied yet, ``expected`` what it announced for no invoice.
    """
    rows = InvoiceLine.objects.issued().with_open()
    rows = work_out(
        rows,
        "aside",
        disputed=_if_any(InvoiceDispute.objects.open(), "amount"),
        promised=_if_any(_promised(on), "left"),
        announced=_if_any(_announced(on), "advice__amount"),
        on_account=_on_account(),
        expected=_expected(on),
        is_rejected=ExpressionWrapper(
            Q(invoice__in=_rejected().values("invoice")), output_field=BooleanField()
        ),
    )
    rows = work_out(rows, "before", earlier=_earlier())
    aside = F("disputed") + F("promised") + F("announced")
    off = Greatest(_amount(aside - F("earlier")), NOTHING, output_field=MoneyField())
    left = _amount(F("open_amount") - off)
    chased = Greatest(left, NOTHING, output_field=MoneyField())
    return work_out(rows, "chase", chased=chased)


def _amount(expression: Any) -> ExpressionWrapper:
    return ExpressionWrapper(expression, output_field=MoneyField())


def _if_any(found: Any, amount: str) -> Case:
    """Return the sum of what is found of the invoice of a line, if there is any."""
    own = found.filter(invoice=OuterRef("invoice")).order_by()
    return _gated(Q(invoice__in=found.order_by().values("invoice")), own, amount)


def _gated(condition: Q, found: Any, amount: str) -> Case:
    # What hardly any line has is looked for once, and summed up only where it is.
    return Case(
        When(condition, then=_sum_of(found, amount)),
        default=NOTHING,
        output_field=MoneyField(),
    )


def _sum_of(found: Any, amount: str) -> Coalesce:
    one = found.order_by().annotate(all=Value(1)).values("all")
    sums = one.annotate(sum=Sum(amount, output_field=MoneyField())).values("sum")
    return Coalesce(Subquery(sums), NOTHING, output_field=MoneyField())


def _promised(on: date) -> Any:
    promises: Any = PaymentPromise.objects.pausing(on=on)
    left = Greatest(
        _amount(F("amount") - F("paid")), NOTHING, output_field=MoneyField()
    )
    return promises.with_standing(on=on).annotate(left=left)


def _on_its_way(on: date) -> Any:
    """
    Return what was announced lately.

    While money that a member announced before has not arrived in time, what it
    announces itself is not waited for.
    """
    since = on - ON_ITS_WAY
    rows = RemittanceAdvice.objects.announced()
    missing = rows.filter(
        organization=OuterRef("organization"), pk__lt=OuterRef("pk"), paid_on__lte=since
    )
    again = Q(Exists(missing)) & Q(is_of_member("organization"))
    return rows.filter(paid_on__gt=since).exclude(again).order_by()


def _announced(on: date) -> QuerySet[AdvisedInvoice]:
    """Return the invoices for which a payment was announced lately."""
    return AdvisedInvoice.objects.filter(advice__in=_on_its_way(on).values("pk"))


def _expected(on: date) -> Case:
    """Return what the member announced lately, and for no invoice by name."""
    rows = _on_its_way(on).filter(covered=None)
    own = rows.filter(
        organization=OuterRef("invoice__organization"),
        currency=OuterRef("invoice__currency"),
    )
    some = Q(invoice__organization__in=rows.values("organization"))
    return _gated(some, own, "amount")


def _rejected() -> QuerySet[CustomerAnswer]:
    """Return the last answers to invoices that say no."""
    later = CustomerAnswer.objects.filter(
        invoice=OuterRef("invoice"), pk__gt=OuterRef("pk")
    )
    said = CustomerAnswer.objects.filter(kind=AnswerKind.REJECTED)
    return said.filter(~Exists(later)).order_by()


def _on_account() -> Case:
    shares: Any = ReceiptShare.objects.unused().order_by()
    own = shares.filter(
        organization=OuterRef("invoice__organization"),
        receipt__currency=OuterRef("invoice__currency"),
    )
    any_of_it = Q(invoice__organization__in=shares.values("organization"))
    return _gated(any_of_it, own, "unapplied")


def _earlier() -> Case:
    """Return what is open of the lines of the same invoice before each."""
    before: Any = InvoiceLine.objects.with_open().filter(
        invoice=OuterRef("invoice"), pk__lt=OuterRef("pk")
    )
    some = Q(disputed__gt=0) | Q(promised__gt=0) | Q(announced__gt=0)
    return Case(
        When(some, then=_sum_of(before, "open_amount")),
        default=NOTHING,
        output_field=MoneyField(),
    )


def is_chased() -> Q:
    """Return the condition that a line with what is asked of it is reminded of."""
    fee = Q(allocated__gt=0, chased__lte=settings.WRITE_OFF_TOLERANCE)
    covered = F("on_account") + F("expected")
    return Q(chased__gt=covered, is_rejected=False) & ~fee


@lru_cache(maxsize=4)
def asked_at_members(on: date) -> View:
    """
    Return whom each member is asked by: first who pays, and who is copied.

    That is a billing contact who signs in, another one, at last the executive
    sponsor. ``copied`` has the addresses of the other billing contacts, of the
    technical leads, of the sponsor, and of those whom the member added.
    """
    billing, sponsor = (
        _holders(role, on) for role in (ContactRole.BILLING, ContactRole.SPONSOR)
    )
    office = Site.objects.filter(
        organization=OuterRef("pk"), kind=SiteKind.HEADQUARTERS
    ).order_by("pk")
    rows = Organization.objects.annotate(
        payer=Case(
            When(Exists(billing), then=Subquery(billing.values("contact__user")[:1])),
            default=Subquery(sponsor.values("contact__user")[:1]),
        ),
        payer_address=Coalesce(
            *(
                Subquery(each.values("contact__email")[:1])
                for each in (billing, sponsor)
            ),
            Value(""),
        ),
        payer_copied=JSONObject(
            billing=_addresses(ContactRole.BILLING, on),
            lead=_addresses(ContactRole.TECHNICAL, on),
            sponsor=_addresses(ContactRole.SPONSOR, on),
            extra=_chosen(),
        ),
        payer_country=Coalesce(Subquery(office.values("country")[:1]), Value("")),
    )
    return View(rows, "payer", "payer_address", "payer_copied", "payer_country")


def _holders(role: ContactRole, on: date) -> Any:
    """Return who holds a role of an organization; who signs in comes first."""
    held = RoleAssignment.objects.held(on=on).filter(
        organization=OuterRef("pk"), role=role, contact__departed_on=None
    )
    signs_in = RoleAssignment.objects.filter(
        contact__user__is_active=True, pk=OuterRef("pk")
    )
    return held.annotate(has=Exists(signs_in)).order_by("-has", "pk")


def _addresses(role: ContactRole, on: date) -> ArraySubquery:
    return ArraySubquery(_holders(role, on).values("contact__email"))


def _chosen() -> ArraySubquery:
    """Return those whom a member added to the readers of its reminders."""
    rows = ReminderCopy.objects.filter(organization=OuterRef("pk"))
    rows = rows.filter(contact__departed_on=None).order_by("pk")
    return ArraySubquery(rows.values("contact__email"))


def with_ladder(rows: Any, *, on: date, beside: Sequence[Any] = ()) -> Any:
    """
    Annotate lines with ``variant_key``: by which ladder each is reminded of.

    That is the key of its invoice where that has one of its own, the negative of its
    member's where that has one or chose an earlier notice, and else nothing.
    ``beside`` are ladders to count as well, recorded or not.
    """
    some = ReminderPolicy.objects.of_some().of_days(first=on, last=on + AHEAD)
    early = ReminderPreference.objects.filter(earlier_than_all())
    invoices = Q(invoice__in=some.exclude(invoice=None).order_by().values("invoice"))
    invoices |= Q(invoice__in=[one.invoice_id for one in beside if one.invoice_id])
    members = Q(
        invoice__organization__in=some.exclude(organization=None)
        .order_by()
        .values("organization")
    )
    members |= Q(invoice__organization__in=early.order_by().values("organization"))
    members |= Q(
        invoice__organization__in=[
            one.organization_id for one in beside if one.organization_id
        ]
    )
    none = Value(None, output_field=BigIntegerField())
    return rows.annotate(
        variant_key=Case(
            When(invoices, then=F("invoice")),
            When(members, then=-F("invoice__organization")),
            default=none,
            output_field=BigIntegerField(),
        )
    )


def with_who_pays(rows: Any, *, on: date, member: str) -> Any:
    """Annotate rows with whom the member that a path leads to is asked by."""
    return join_view(rows, "who", asked_at_members(on), by=member).annotate(
        person_key=F("payer"), address=F("payer_address"), copied=F("payer_copied")
    )
