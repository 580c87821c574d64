"""Bodies that guide the consortium, and who sits on them from day to day."""

from datetime import date
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Case, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from .contacts import Contact
from .organizations import Organization
from .ranges import DateRange


class BodyKind(models.TextChoices):
    STEERING = "steering", _("Steering committee")
    ADVISORY = "advisory", _("Advisory board")
    COUNCIL = "council", _("Leadership council")
    WORKING_GROUP = "working_group", _("Working group")


#: Where people of companies that may compete meet (domain.md 5, antitrust).
OF_COMPETITORS = [BodyKind.COUNCIL, BodyKind.WORKING_GROUP]


class Body(models.Model):
    """A committee, board, council or group of the consortium; it has seats."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=13, choices=BodyKind)
    charge = models.TextField(
        _("charge"), max_length=2000, help_text=_("What it decides or advises on.")
    )
    formed_on = models.DateField(_("formed"))

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        constraints = [
            models.UniqueConstraint(Lower("name"), name="body_name_is_unique"),
            models.CheckConstraint(
                name="body_has_a_name_and_a_charge",
                condition=~Q(name="") & ~Q(charge=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("consortium:body", self.pk)

    @property
    def kind_label(self) -> str:
        return str(BodyKind(self.kind).label)

    @property
    def needs_antitrust(self) -> bool:
        """Say whether each who sits acknowledges the antitrust statement."""
        return self.kind in OF_COMPETITORS


class SeatQuerySet(PortalQuerySet):
    def standing(self, *, on: date) -> Self:
        """Keep those that the body has on a day."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=on))

    def taken(self, *, on: date) -> Self:
        """Keep those that have a holder or an alternate on a day."""
        sat = Sitting.objects.sitting(on=on).values("seat")
        return self.filter(pk__in=sat)


class Seat(models.Model):
    """
    A place on a body, of one member or of none; it outlasts who sits there.

    ``votes`` is what it weighs in motions that go by seat. ``until_on`` is the
    first day on which the body does not have it any more: when members merge, one
    council seat is left (case 2).
    """

    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="seats"
    )
    name = models.CharField(
        _("name"), max_length=200, help_text=_("As in Chair, or Siemens.")
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats_on_bodies",
        help_text=_("Only its people sit here."),
    )
    votes = models.PositiveSmallIntegerField(_("votes"), default=1)
    is_chair = models.BooleanField(
        _("chair"),
        default=False,
        help_text=_("Who holds it calls meetings and keeps their record, as staff do."),
    )
    until_on = models.DateField(_("until"), null=True, editable=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        constraints = [
            models.UniqueConstraint(
                "body", Lower("name"), name="seat_name_is_unique_on_its_body"
            ),
            models.UniqueConstraint(
                fields=["body"], condition=Q(is_chair=True), name="body_has_one_chair"
            ),
            models.CheckConstraint(
                name="seat_has_a_name_and_a_vote",
                condition=~Q(name="") & Q(votes__gte=1),
            ),
            models.CheckConstraint(
                name="seat_of_the_chair_stays",
                condition=Q(until_on=None) | Q(is_chair=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="stays_where_it_is",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("body", "organization"),
            ),
            pgtrigger.Protect(
                name="ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    'OLD."until_on" IS NOT NULL AND '
                    'NEW."until_on" IS DISTINCT FROM OLD."until_on"'
                ),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("consortium:body", self.body_id)


class Remaining(Func):
    """The contact that one became: itself, or the last of those it was merged into."""

    arity = 1
    output_field = models.BigIntegerField()
    template = """(
        WITH RECURSIVE led (id, next) AS (
            SELECT c.id, c.merged_into_id FROM consortium_contact c
            WHERE c.id = %(expressions)s
            UNION ALL
            SELECT c.id, c.merged_into_id FROM led
            JOIN consortium_contact c ON c.id = led.next
        ) SELECT id FROM led WHERE next IS NULL
    )"""


class SittingQuerySet(PortalQuerySet):
    def sitting(self, *, on: date) -> Self:
        """Keep those in force on a day."""
        is_open = Q(until_on=None) | Q(until_on__gt=on)
        return self.filter(is_open, from_on__lte=on)

    def lasting(self, *, after: date) -> Self:
        """Keep those in force on or after a day; what ended as it began never was."""
        is_open = Q(until_on=None) | Q(until_on__gt=after)
        return self.filter(is_open).exclude(until_on=F("from_on"))

    def of_person(self, user: Any) -> Self:
        """
        Keep those of an account: its own, and those of its contacts now.

        A contact that was merged sits on as the one that stays.
        """
        present = Contact.objects.current().filter(user=user).with_merged()
        return self.filter(Q(person=user) | Q(contact__in=present))

    def named(self) -> Self:
        """Annotate ``name``, by which each is known today."""
        return self.annotate(known_as=Coalesce("contact__name", "person__name"))

    def of_contact(self, contact: Contact) -> Self:
        """Keep those of a contact, and of those that were merged into it."""
        return self.filter(
            contact__in=Contact.objects.filter(pk=contact.pk).with_merged()
        )

    def beside(self, others: Self) -> "Sitting | None":
        """Return one that is on a body of ``others``, if there is one."""
        rows: Any = self.filter(body__in=others.values("body"))
        found: Sitting | None = rows.select_related("body").order_by("pk").first()
        return found

    def reached(self) -> Self:
        """
        Annotate ``account_key`` and ``reached_at``: by which account, and address.

        Neither is of somebody who left, or whose account no longer comes in.
        """
        present = Contact.objects.current().filter(pk=OuterRef("remaining_key"))
        signs_in = present.filter(user__is_active=True)
        is_active = {"person__is_active": True}
        return self.annotate(remaining_key=Remaining("contact")).annotate(
            account_key=Coalesce(
                Subquery(signs_in.values("user")[:1]),
                Case(When(**is_active, then="person")),
                output_field=models.BigIntegerField(),
            ),
            reached_at=Coalesce(
                Subquery(signs_in.values("user__email")[:1]),
                Subquery(present.values("email")[:1]),
                Case(When(**is_active, then="person__email")),
                Value(""),
                output_field=models.CharField(),
            ),
        )


#: Who sits is of the seat's member, no longer than the seat is there, and is a
#: person: a shared mailbox cannot vote (case 44).
SITS_WHERE_IT_MAY = """
    IF NOT EXISTS (
        SELECT FROM consortium_seat s
        LEFT JOIN consortium_contact c ON c.id = NEW.contact_id
        WHERE s.id = NEW.seat_id AND s.body_id = NEW.body_id
            AND (s.organization_id IS NULL OR s.organization_id = c.organization_id)
            AND NOT coalesce(c.is_shared_mailbox, false)
            AND coalesce(NEW.until_on <= s.until_on, s.until_on IS NULL)
    ) THEN
        RAISE EXCEPTION 'Who sits is a person of the member whose seat it is.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
"""


class Sitting(models.Model):
    """
    That somebody holds a seat, or stands in for its holder: from a day up to another.

    Its end is brought forward at most; whoever sits there next is a further row.
    Nobody sits twice on a body at one time, and a seat has one holder and one
    alternate.
    """

    #: What goes along when accounts are merged.
    moves_with_person = ("person",)

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="sittings")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="sittings")
    is_alternate = models.BooleanField(_("alternate"), default=False)
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, related_name="sittings"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True)

    objects = SittingQuerySet.as_manager()

    known_as: str  # annotated by named()
    account_key: int | None  # annotated by reached()
    reached_at: str  # annotated by reached()

    class Meta:
        verbose_name = _("sitting")
        constraints = [
            models.CheckConstraint(
                name="sitting_is_of_a_contact_or_of_a_person",
                condition=Q(contact__isnull=False, person__isnull=True)
                | Q(contact__isnull=True, person__isnull=False),
            ),
            models.CheckConstraint(
                name="sitting_does_not_end_before_it_starts",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
            ),
            ExclusionConstraint(
                name="seat_has_one_holder_and_one_alternate",
                expressions=[
                    ("seat", RangeOperators.EQUAL),
                    (
                        models.Case(models.When(is_alternate=True, then=1), default=0),
                        RangeOperators.EQUAL,
                    ),
                    (DateRange("from_on", "until_on"), RangeOperators.OVERLAPS),
                ],
            ),
            *[
                ExclusionConstraint(
                    name=f"{who}_sits_once_on_a_body",
                    expressions=[
                        ("body", RangeOperators.EQUAL),
                        (who, RangeOperators.EQUAL),
                        (DateRange("from_on", "until_on"), RangeOperators.OVERLAPS),
                    ],
                )
                for who in ("contact", "person")
            ],
        ]
        triggers = [
            pgtrigger.Trigger(
                name="where_it_may",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=SITS_WHERE_IT_MAY,
            ),
            pgtrigger.Protect(
                name="stays_as_it_began",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "body", "seat", "is_alternate", "contact", "from_on"
                ),
            ),
            pgtrigger.Protect(
                name="ends_no_later",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    'OLD."until_on" IS NOT NULL AND '
                    '(NEW."until_on" IS NULL OR NEW."until_on" > OLD."until_on")'
                ),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.contact or self.person)

    def get_absolute_url(self) -> str:
        return page_of("consortium:body", self.body_id)


class AntitrustStatementQuerySet(PortalQuerySet):
    def in_force(self, *, on: date) -> "AntitrustStatement | None":
        """Return the one that holds on a day, if there is one."""
        rows: Any = self.filter(from_on__lte=on).order_by("-number")
        return rows.first()


class AntitrustStatement(AppendOnlyModel):
    """
    What people of companies that may compete do not speak of: one version of it.

    Handed out at each meeting, and acknowledged each year (domain.md 5).
    """

    number = models.PositiveSmallIntegerField(_("version"), unique=True)
    text = models.TextField(_("text"), max_length=10000)
    from_on = models.DateField(_("in force from"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"))

    objects = AntitrustStatementQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("antitrust statement")
        constraints = [
            models.CheckConstraint(
                name="antitrust_statement_says_something",
                condition=~Q(text="") & Q(number__gte=1),
            )
        ]

    def __str__(self) -> str:
        return _("Antitrust statement, version %(number)s") % {"number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("consortium:antitrust")


class AcknowledgmentQuerySet(PortalQuerySet):
    def valid(self, statement: AntitrustStatement | None, *, on: date) -> Self:
        """Keep those of a version that are not a year old on a day."""
        year = _year_before(on)
        return self.filter(statement=statement, on__gt=year, on__lte=on)


def _year_before(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


class Acknowledgment(AppendOnlyModel):
    """That somebody read a version of the statement; it holds for a year."""

    statement = models.ForeignKey(
        AntitrustStatement, on_delete=models.PROTECT, related_name="acknowledgments"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    on = models.DateField(_("on"))

    objects = AcknowledgmentQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("acknowledgment")
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "person", "on"],
                name="statement_is_acknowledged_once_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.statement}"
