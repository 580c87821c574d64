"""Reminders of the consortium: what is asked of whom, and when."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.bounces import Holder, tells_whose
from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.money import written
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare
from inm_portal.kernel.templatetags.portal import on as written_day

from .models import (
    ORDER_WARNED,
    Agreement,
    CommitmentYear,
    Contact,
    ContactRole,
    Instalment,
    Organization,
    PaymentPromise,
    PurchaseOrder,
    RoleAssignment,
)
from .states import PromiseStanding


@tells_whose
def whose_contact(address: str) -> Holder | None:
    """Return the contact of an address; the owner of the relation finds another."""
    theirs = Q(email__iexact=address) | Q(user__email=address, user__is_active=True)
    people = Contact.objects.current().select_related("organization__owner")
    contact = people.filter(theirs).order_by("pk").first()
    if contact is None:
        return None
    owner = contact.organization.owner
    finder = owner if owner and owner.is_active else None
    return Holder(contact.name, contact.get_absolute_url(), finder)


CONTACT, OWNER = "contact", "owner"

#: After so many days without an answer, the owner of the relation has a task.
GIVEN_UP = timedelta(days=28)


def contacts() -> QuerySet[Contact]:
    return Contact.objects.select_related("organization")


def contacts_to_confirm(audience: str, *, on: date) -> QuerySet[Contact]:
    """
    Return the people at members, with the day on which their details are due.

    Asked is the person; without an account, the sponsor of the company; at last
    its owner at INM. One that was never confirmed has no day to count from.
    """
    in_force = Agreement.objects.signed().filter(
        organization=OuterRef("organization"), ends_on__gte=on
    )
    due_on = F("confirmed_on") + Value(Contact.CONFIRM_EVERY.days)
    rows = (
        Contact.objects.current()
        .filter(Exists(in_force), confirmed_on__isnull=False)
        .annotate(
            anchor_on=ExpressionWrapper(due_on, output_field=DateField()),
            organization_key=F("organization"),
        )
    )
    return _with_owner(rows) if audience == OWNER else _with_person(rows, on)


def _with_owner(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    is_there = When(organization__owner__is_active=True, then="organization__owner")
    return rows.annotate(
        person_key=Case(is_there),
        address=Coalesce("organization__owner__email", Value("")),
    )


def _with_person(rows: QuerySet[Contact], on: date) -> QuerySet[Contact]:
    sponsor = RoleAssignment.objects.held(on=on).filter(
        organization=OuterRef("organization"),
        role=ContactRole.SPONSOR,
        contact__departed_on=None,
        contact__user__is_active=True,
    )
    signs_in = {"user__is_active": True}
    return rows.annotate(
        person_key=Case(
            When(**signs_in, then="user"),
            default=Subquery(sponsor.values("contact__user")[:1]),
            output_field=BigIntegerField(),
        ),
        address=Case(
            When(**signs_in, then="user__email"),
            default=Coalesce(
                Subquery(sponsor.values("contact__user__email")[:1]), Value("")
            ),
        ),
    )


def describe_contact(delivery: ReminderDelivery, contact: Contact) -> Item:
    """Say what is asked: of the person, of the sponsor, or of the owner at INM."""
    facts: dict[str, Any] = {
        "name": contact.name,
        "company": contact.organization.name,
        "days": Contact.CONFIRM_EVERY.days,
        "due": written_day(delivery.anchor_on),
    }
    what, why = _words(delivery, contact)
    return Item(
        what=what % facts,
        why=why % facts,
        by_on=delivery.anchor_on + GIVEN_UP,
        url=contact.get_absolute_url(),
    )


def _words(delivery: ReminderDelivery, contact: Contact) -> tuple[str, str]:
    if delivery.rung == STAFF:
        return (
            _("Find out whether %(name)s is still at %(company)s"),
            _("The details fell due on %(due)s, and nobody confirmed them."),
        )
    if delivery.person_id == contact.user_id:
        return (
            _("Confirm your contact details at %(company)s"),
            _("You are asked every %(days)s days, so that mail to you finds you."),
        )
    return (
        _("Confirm the contact details of %(name)s"),
        _("You are the sponsor of %(company)s, and %(name)s does not sign in."),
    )


STAFF = "staff"

declare(
    Rule(
        name="consortium.contact_confirmation",
        title=_("Contact details to confirm"),
        sentence=_(
            "People at members confirm their details every 180 days; for those who do "
            "not sign in, the executive sponsor does. After four weeks without an "
            "answer, the owner of the relation at INM has a task."
        ),
        subjects=contacts,
        candidates=contacts_to_confirm,
        rungs=[
            Rung("due", 0, CONTACT, _("first mail")),
            Rung("again", 14, CONTACT, _("second mail")),
            Rung(STAFF, GIVEN_UP.days, OWNER, _("task for the owner"), is_task=True),
        ],
        describe=describe_contact,
        matching=lambda text: Contact.objects.matching(text),
    )
)

#: Nothing of a cure period lies further from the end of its year.
LONGEST_CURE = timedelta(days=365)

#: How far around the day dates matter: those too late to tell of, those planned ahead.
BEHIND, AHEAD = timedelta(days=14), timedelta(days=100)

SPONSOR = "sponsor"


def years() -> QuerySet[CommitmentYear]:
    """Return the commitment years with what they lack today."""
    rows = CommitmentYear.objects.select_related("agreement__organization")
    return rows.with_position(on=timezone.localdate())


def years_matching(text: str) -> QuerySet[CommitmentYear]:
    members = Organization.objects.matching(text).values("pk")
    return CommitmentYear.objects.filter(agreement__organization__in=members)


def years_that_end(audience: str, *, on: date) -> QuerySet[CommitmentYear]:
    """Return the years that end about now and lack something."""
    ending = CommitmentYear.objects.filter(ends_on__range=(on - BEHIND, on + AHEAD))
    return _to_tell(ending.lacking(on=on), audience, on=on).annotate(
        anchor_on=F("ends_on")
    )


def years_to_cure(audience: str, *, on: date) -> QuerySet[CommitmentYear]:
    """Return the years that lack something and whose cure period ends about now."""
    since = on - LONGEST_CURE - BEHIND
    lately = Q(ends_on__range=(since, on))
    lately |= Q(entries__kind="reversed", entries__recorded_at__date__gte=since)
    keys = CommitmentYear.objects.filter(lately, ends_on__lt=on).values("pk")
    found = CommitmentYear.objects.filter(pk__in=keys)
    curable = found.curable(on=on, since=on - BEHIND)
    return _to_tell(curable, audience, on=on).annotate(anchor_on=F("cure_until"))


def _to_tell(
    rows: QuerySet[CommitmentYear], audience: str, *, on: date
) -> QuerySet[CommitmentYear]:
    rows = rows.annotate(organization_key=F("agreement__organization"))
    if audience == OWNER:
        owner = "agreement__organization__owner"
        is_there = When(**{f"{owner}__is_active": True}, then=owner)
        return rows.annotate(
            person_key=Case(is_there),
            address=Coalesce(f"{owner}__email", Value("")),
        )
    sponsor = RoleAssignment.objects.held(on=on).filter(
        organization=OuterRef("agreement__organization"),
        role=ContactRole.SPONSOR,
        contact__departed_on=None,
    )
    signs_in = sponsor.filter(contact__user__is_active=True)
    return rows.annotate(
        person_key=Subquery(signs_in.values("contact__user")[:1]),
        address=Coalesce(Subquery(sponsor.values("contact__email")[:1]), Value("")),
    )


def describe_year(delivery: ReminderDelivery, year: CommitmentYear) -> Item:
    """Say what a year lacks and until when that can be made good."""
    facts = {
        "number": year.number,
        "company": year.agreement.organization.name,
        "short": written(year.unwaived, year.currency),
        "until": written_day(year.cure_until),
    }
    what, why = _words_of_year(delivery)
    return Item(
        what=what % facts,
        why=why % facts,
        by_on=year.cure_until,
        url=year.get_absolute_url(),
    )


def _words_of_year(delivery: ReminderDelivery) -> tuple[str, str]:
    if delivery.rung == STAFF:
        return (
            _("Decide on the shortfall of %(company)s in year %(number)s"),
            _("%(short)s is missing, and its cure period ended on %(until)s."),
        )
    return (
        _("Close year %(number)s: %(short)s is missing"),
        _("It can be made good until %(until)s; what is pending counts for nothing."),
    )


declare(
    Rule(
        name="consortium.year_ended_short",
        title=_("Years that ended short"),
        sentence=_(
            "The day after a commitment year ended short, the executive sponsor is "
            "told what is missing and until when it can be made good."
        ),
        subjects=years,
        candidates=years_that_end,
        rungs=[Rung("ended", 1, SPONSOR, _("mail"))],
        describe=describe_year,
        matching=years_matching,
    )
)
declare(
    Rule(
        name="consortium.cure_period",
        title=_("Cure periods that end"),
        sentence=_(
            "Thirty days and seven days before the cure period of a short year ends, "
            "the executive sponsor is reminded. When it is over, the owner of the "
            "relation at INM has a task."
        ),
        subjects=years,
        candidates=years_to_cure,
        rungs=[
            Rung("month", -30, SPONSOR, _("30 days before")),
            Rung("week", -7, SPONSOR, _("7 days before")),
            Rung(STAFF, 1, OWNER, _("task for the owner"), is_task=True),
        ],
        describe=describe_year,
        matching=years_matching,
    )
)

FINANCE = "finance"


def instalments() -> QuerySet[Instalment]:
    member = "commitment_year__agreement__organization"
    return Instalment.objects.select_related(member)


def instalments_matching(text: str) -> QuerySet[Instalment]:
    members = Organization.objects.matching(text).values("pk")
    rows = Instalment.objects.all()
    return rows.filter(commitment_year__agreement__organization__in=members)


def instalments_without_order(audience: str, *, on: date) -> QuerySet[Instalment]:
    """
    Return what is due about now of members that pay only against a purchase order.

    Those are left out for which an order reaches that lasts until they are due.
    """
    member = "commitment_year__agreement__organization"
    orders: Any = PurchaseOrder.objects.filter(organization=OuterRef(member))
    lasting = Q(ends_on=None) | Q(ends_on__gte=OuterRef("due_on"))
    reaching = orders.with_left().filter(lasting, left__gte=OuterRef("amount"))
    rows = Instalment.objects.to_invoice().filter(
        ~Exists(reaching),
        due_on__range=(on - BEHIND, on + AHEAD),
        **{f"{member}__payer_profile__needs_order": True},
    )
    return rows.annotate(
        anchor_on=F("due_on"),
        organization_key=F(member),
        person_key=Value(None, output_field=BigIntegerField()),
        address=Value(""),
    )


def describe_instalment(delivery: ReminderDelivery, instalment: Instalment) -> Item:
    """Say for what a purchase order is missing, or ends too early (case 25)."""
    year = instalment.commitment_year
    member = year.agreement.organization
    facts = {
        "company": member.name,
        "amount": written(instalment.amount, year.currency),
        "due": written_day(instalment.due_on),
    }
    return Item(
        what=_("Ask %(company)s for a purchase order") % facts,
        why=_("%(amount)s is due on %(due)s, and no order reaches until then.") % facts,
        by_on=instalment.due_on,
        url=member.get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.order_needed",
        title=_("Purchase orders that are missing, or end too early"),
        sentence=_(
            "Seventy-five days before an instalment is due of a member that pays only "
            "against a purchase order, finance has a task if no order reaches until "
            "then."
        ),
        subjects=instalments,
        candidates=instalments_without_order,
        rungs=[Rung("order", -75, FINANCE, _("task for finance"), is_task=True)],
        describe=describe_instalment,
        matching=instalments_matching,
    )
)


BILLING = "billing"


def orders() -> QuerySet[PurchaseOrder]:
    return PurchaseOrder.objects.select_related("organization")


def orders_matching(text: str) -> QuerySet[PurchaseOrder]:
    return PurchaseOrder.objects.matching(text)


def orders_that_end(audience: str, *, on: date) -> QuerySet[PurchaseOrder]:
    """Return the last orders of members that end about now, while fees come later."""
    later = Instalment.objects.to_invoice().filter(
        commitment_year__agreement__organization=OuterRef("organization"),
        due_on__gte=OuterRef("ends_on"),
    )
    rows = PurchaseOrder.objects.ending(on=on).filter(
        Exists(later), ends_on__lte=on + AHEAD
    )
    if audience == OWNER:
        is_there = When(organization__owner__is_active=True, then="organization__owner")
        asked = {
            "person_key": Case(is_there),
            "address": Coalesce("organization__owner__email", Value("")),
        }
    else:
        asked = _who_pays(on)
    return rows.annotate(
        anchor_on=F("ends_on"), organization_key=F("organization"), **asked
    )


def _who_pays(on: date) -> dict[str, Any]:
    """Return who is asked about orders: the billing contact, else the sponsor."""
    told: dict[str, list[Any]] = {"contact__user": [], "contact__email": []}
    for role in (ContactRole.BILLING, ContactRole.SPONSOR):
        holders = RoleAssignment.objects.held(on=on).filter(
            organization=OuterRef("organization"),
            role=role,
            contact__departed_on=None,
        )
        signs_in = Q(contact__user__is_active=True)
        first = holders.annotate(
            has=Exists(RoleAssignment.objects.filter(signs_in, pk=OuterRef("pk")))
        ).order_by("-has", "pk")
        for column, found in told.items():
            found.append(Subquery(first.values(column)[:1]))
    return {
        "person_key": Coalesce(*told["contact__user"]),
        "address": Coalesce(*told["contact__email"], Value("")),
    }


def describe_order(delivery: ReminderDelivery, order: PurchaseOrder) -> Item:
    """Say that an order ends, and that invoices need another (case 25)."""
    facts = {
        "number": order.number,
        "company": order.organization.name,
        "day": written_day(order.ends_on),
    }
    what = _("Send a purchase order that follows %(number)s")
    if delivery.rung == STAFF:
        what = _("Ask %(company)s for an order that follows %(number)s")
    why = _("%(number)s ends on %(day)s, and fees of %(company)s come due after it.")
    return Item(
        what=what % facts,
        why=why % facts,
        by_on=delivery.anchor_on,
        url=order.get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.order_ends",
        title=_("Purchase orders that end"),
        sentence=_(
            "Seventy-five and thirty days before the last purchase order of a member "
            "ends while fees come due after it, its billing contact is asked for "
            "another. Two weeks before, the owner of the relation at INM has a task."
        ),
        subjects=orders,
        candidates=orders_that_end,
        rungs=[
            Rung("ends", -ORDER_WARNED.days, BILLING, _("75 days before")),
            Rung("again", -30, BILLING, _("30 days before")),
            Rung(STAFF, -14, OWNER, _("task for the owner"), is_task=True),
        ],
        describe=describe_order,
        matching=orders_matching,
    )
)


def promises() -> QuerySet[PaymentPromise]:
    return PaymentPromise.objects.select_related("invoice__organization")


def promises_matching(text: str) -> QuerySet[PaymentPromise]:
    return PaymentPromise.objects.matching(text)


def promises_that_broke(audience: str, *, on: date) -> QuerySet[PaymentPromise]:
    """Return the promises whose day passed lately and that were not kept."""
    lately = PaymentPromise.objects.filter(pay_on__range=(on - BEHIND, on + AHEAD))
    told: Any = lately.standing().with_standing(on=on)
    unkept = [PromiseStanding.PROMISED, PromiseStanding.BROKEN]
    return told.filter(standing__in=unkept).annotate(
        anchor_on=F("pay_on"),
        organization_key=F("invoice__organization"),
        person_key=Value(None, output_field=BigIntegerField()),
        address=Value(""),
    )


def describe_promise(delivery: ReminderDelivery, promise: PaymentPromise) -> Item:
    """Say which promise was not kept."""
    invoice = promise.invoice
    facts = {
        "company": invoice.organization.name,
        "number": invoice.number,
        "amount": written(promise.amount, invoice.currency),
        "day": written_day(promise.pay_on),
    }
    return Item(
        what=_("Ask %(company)s about %(number)s") % facts,
        why=_("%(amount)s was promised by %(day)s, and is not there.") % facts,
        by_on=promise.pay_on + timedelta(days=3),
        url=promise.get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.promise_broken",
        title=_("Promises to pay that were not kept"),
        sentence=_(
            "The day after a payment was promised and did not arrive, finance has a "
            "task."
        ),
        subjects=promises,
        candidates=promises_that_broke,
        rungs=[Rung("broken", 1, FINANCE, _("task for finance"), is_task=True)],
        describe=describe_promise,
        matching=promises_matching,
    )
)
