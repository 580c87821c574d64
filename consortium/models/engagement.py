"""What is spoken with members: each meeting, call or visit, and what follows of it."""

from datetime import date
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Count, F, Func, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Lower, Upper
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from .contacts import Contact
from .organizations import Organization

#: What is neither corrected nor taken back.
STANDS = Q(correction=None, is_taken_back=False)


class FacultyMemberQuerySet(PortalQuerySet):
    def with_activity(
        self, *, since: date | None = None, until: date | None = None
    ) -> Self:
        """
        Annotate ``interactions``, ``one_to_ones``, ``members`` and ``last_on``.

        They count what stands from the first day to the last, both included.
        """
        took_part = Participant.objects.filter(
            faculty=OuterRef("pk"),
            interaction__correction=None,
            interaction__is_taken_back=False,
        )
        if since is not None:
            took_part = took_part.filter(interaction__held_on__gte=since)
        if until is not None:
            took_part = took_part.filter(interaction__held_on__lte=until)
        each = took_part.order_by().values("faculty")
        alone = each.filter(interaction__kind=InteractionKind.ONE_TO_ONE)
        last = each.values(found=Max("interaction__held_on"))
        return self.annotate(
            interactions=_or_none_at_all(each, Count("pk")),
            one_to_ones=_or_none_at_all(alone, Count("pk")),
            members=_or_none_at_all(
                each, Count("interaction__organization", distinct=True)
            ),
            last_on=Subquery(last, output_field=models.DateField()),
        )

    def matching(self, text: str) -> Self:
        named = Q(name__icontains=text) | Q(email__icontains=text)
        return self.filter(named | Q(department__icontains=text))


def _or_none_at_all(rows: Any, found: Any) -> Coalesce:
    return Coalesce(Subquery(rows.values(found=found).values("found")), 0)


class FacultyMember(models.Model):
    """Somebody of the faculty at MIT who speaks with members."""

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    department = models.CharField(
        _("department"), max_length=200, help_text=_("As in Mechanical Engineering.")
    )
    one_to_one_cap = models.PositiveSmallIntegerField(
        _("one-to-ones a half-year"),
        default=4,
        validators=[MaxValueValidator(50)],
        help_text=_(
            "So many talks with members alone are agreed from January to June, "
            "and from July to December. With none, nobody can ask."
        ),
    )

    objects = FacultyMemberQuerySet.as_manager()

    #: Annotated by with_one_to_ones_taken().
    taken: int
    #: Annotated by with_activity().
    interactions: int
    one_to_ones: int
    members: int
    last_on: date | None

    class Meta:
        verbose_name = _("member of the faculty")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="faculty_email_is_unique"),
            models.CheckConstraint(
                name="faculty_has_a_name_and_a_department",
                condition=~Q(name="") & ~Q(department=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('consortium:interactions')}?faculty={self.pk}"


class InteractionKind(models.TextChoices):
    MEETING = "meeting", _("Meeting")
    CALL = "call", _("Call")
    VISIT = "visit", _("Visit")
    ONE_TO_ONE = "one_to_one", _("One-to-one")
    MAIL = "mail", _("Mail")


class InteractionQuerySet(PortalQuerySet):
    def standing(self) -> Self:
        """Keep those that were neither corrected nor taken back."""
        return self.filter(STANDS)

    def with_people(self) -> Self:
        """Annotate ``people``: the names of all who took part, in their order."""
        names: Any = Participant.objects.named().filter(interaction=OuterRef("pk"))
        listed = ArraySubquery(names.order_by("name").values("name"))
        joined = Func(
            listed,
            Value(", "),
            function="array_to_string",
            output_field=models.TextField(),
        )
        return self.annotate(people=joined)

    def matching(self, text: str) -> Self:
        """Keep those whose summary, member or people hold ``text``."""
        members = Organization.objects.matching(text).values("pk")
        called: Any = Participant.objects.named()
        called = called.filter(name__icontains=text)
        named = called.values("interaction")
        found = Q(summary__icontains=text) | Q(organization__in=members)
        return self.filter(found | Q(pk__in=named))


#: A correction is of the same member, and of what stands.
OF_THE_SAME_MEMBER = """
    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM consortium_interaction i
        WHERE i.id = NEW.corrects_id AND i.organization_id = NEW.organization_id
            AND NOT i.is_taken_back
            AND NEW.first_id = coalesce(i.first_id, i.id)
    ) THEN
        RAISE EXCEPTION 'A correction is of the same member.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
"""


class Interaction(AppendOnlyModel):
    """
    What was spoken with a member: on which day, of what, and by whom.

    Never changed: a correction, or what takes it back, is a further row. Staff
    alone reads it, unless it is shared with the people of the member.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="interactions",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=InteractionKind)
    held_on = models.DateField(_("day"))
    summary = models.TextField(
        _("summary"),
        max_length=4000,
        help_text=_("What was spoken of, and what was agreed."),
    )
    is_shared = models.BooleanField(
        _("shared with the member"),
        default=False,
        help_text=_("Every contact of the member with an account reads it."),
    )
    corrects = models.OneToOneField(
        "self",
        verbose_name=_("corrects"),
        on_delete=models.PROTECT,
        null=True,
        related_name="correction",
    )
    first = models.ForeignKey(
        "self",
        verbose_name=_("first account of it"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    correction_reason = models.CharField(
        _("reason of the correction"), max_length=500, blank=True
    )
    is_taken_back = models.BooleanField(_("taken back"), default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = InteractionQuerySet.as_manager()

    people: str  # annotated by with_people()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("interaction")
        constraints = [
            models.CheckConstraint(
                name="interaction_says_what", condition=~Q(summary="")
            ),
            models.CheckConstraint(
                name="interaction_reason_iff_it_corrects",
                condition=iff(Q(corrects=None), Q(correction_reason="")),
            ),
            models.CheckConstraint(
                name="interaction_has_a_first_iff_it_corrects",
                condition=iff(Q(corrects=None), Q(first=None)),
            ),
            models.CheckConstraint(
                name="interaction_takes_back_what_is_there",
                condition=Q(is_taken_back=False) | Q(corrects__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["-held_on", "-id"], name="interaction_by_day"),
            models.Index(
                fields=["organization", "-held_on"], name="interaction_of_member"
            ),
            GinIndex(
                OpClass(Upper("summary"), name="gin_trgm_ops"),
                name="interaction_by_words",
            ),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="of_the_same_member",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=OF_THE_SAME_MEMBER,
            ),
        ]

    def __str__(self) -> str:
        facts = {"kind": self.kind_label, "company": self.organization.name}
        return _("%(kind)s with %(company)s") % facts

    def get_absolute_url(self) -> str:
        return page_of("consortium:interaction", self.pk)

    @property
    def kind_label(self) -> str:
        return str(InteractionKind(self.kind).label)

    @property
    def of_it_all(self) -> Q:
        """Return the condition of what is about any account of this."""
        first = self.first_id or self.pk
        return Q(interaction=first) | Q(interaction__first=first)


class ParticipantQuerySet(PortalQuerySet):
    def named(self) -> Self:
        """Annotate ``name``, by which each is known today."""
        names = [F(f"{who}__name") for who in ("contact", "faculty", "person")]
        return self.annotate(name=Coalesce(*names))


class Participant(AppendOnlyModel):
    """Who took part: somebody of the member, of the faculty, or of INM's own people."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, related_name="participants"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, related_name="+"
    )
    faculty = models.ForeignKey(
        FacultyMember, on_delete=models.PROTECT, null=True, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ParticipantQuerySet.as_manager()

    name: str  # annotated by named()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("participant")
        constraints = [
            models.CheckConstraint(
                name="participant_is_one_person",
                condition=Q(
                    contact__isnull=False, faculty__isnull=True, person__isnull=True
                )
                | Q(contact__isnull=True, faculty__isnull=False, person__isnull=True)
                | Q(contact__isnull=True, faculty__isnull=True, person__isnull=False),
            ),
            *[
                models.UniqueConstraint(
                    fields=["interaction", who], name=f"participant_{who}_is_named_once"
                )
                for who in ("contact", "faculty", "person")
            ],
        ]

    def __str__(self) -> str:
        return str(self.contact or self.faculty or self.person)


class FollowUp(AppendOnlyModel):
    """
    Something that somebody at INM does after an interaction.

    Who does it by when, and what came of it, stands in its task; done, it can be
    asked for again.
    """

    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, related_name="follow_ups"
    )
    what = models.CharField(_("what"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = PortalQuerySet.as_manager()

    may_reopen: bool  # annotated by with_permissions()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("follow-up")
        constraints = [
            models.CheckConstraint(name="follow_up_says_what", condition=~Q(what=""))
        ]
        indexes = [models.Index(fields=["interaction"], name="follow_up_of")]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return self.interaction.get_absolute_url()
