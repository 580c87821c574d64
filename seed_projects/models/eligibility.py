"""Who may answer a call: tracks, rules, and exceptions by name and date."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import MoneyField
from inm_portal.kernel.querysets import PortalQuerySet

from .calls import Call
from .timeline import of_person, set_in_draft


class Track(models.Model):
    """A way into a call with a name and perhaps a ceiling of its own."""

    call = models.ForeignKey(
        Call, verbose_name=_("call"), on_delete=models.CASCADE, related_name="tracks"
    )
    name = models.CharField(
        _("track"), max_length=120, help_text=_("As in Junior faculty.")
    )
    description = models.TextField(_("for whom"), max_length=1000, blank=True)
    ceiling = MoneyField(
        _("most for one project"),
        null=True,
        blank=True,
        help_text=_("Where it is less than that of the call."),
    )

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("track")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "name"], name="call_names_each_track_once"
            ),
            models.CheckConstraint(
                name="track_has_a_name_and_an_amount",
                condition=~Q(name="") & (Q(ceiling=None) | Q(ceiling__gt=0)),
            ),
        ]
        triggers = set_in_draft("call", "ceiling")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.call.get_absolute_url()


class RuleKind(models.TextChoices):
    DECLARED = "declared", _("Applicants say so themselves")
    CHECKED = "checked", _("INM checks it")


class EligibilityRule(models.Model):
    """What a PI must be or have, as one sentence that is true or not."""

    call = models.ForeignKey(
        Call, verbose_name=_("call"), on_delete=models.CASCADE, related_name="rules"
    )
    position = models.PositiveSmallIntegerField(_("place"))
    kind = models.CharField(
        _("how it is known"),
        max_length=20,
        choices=RuleKind,
        default=RuleKind.DECLARED,
    )
    statement = models.CharField(
        _("rule"),
        max_length=300,
        help_text=_("As in: I hold PI status on the day when the project starts."),
    )

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of eligibility")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="rule_states_something", condition=~Q(statement="")
            ),
            models.UniqueConstraint(
                fields=["call", "position"], name="rule_has_its_place"
            ),
        ]
        triggers = set_in_draft("call", "kind", "statement", "position")

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        return self.call.get_absolute_url()


class ExceptionQuerySet(PortalQuerySet):
    def granted_to(self, person: Any) -> Self:
        """Keep those of somebody, granted to whichever account of theirs."""
        return self.filter(of_person(person))

    def standing(self, *, on: date) -> Self:
        """Keep those that hold on a day."""
        return self.filter(until_on__gte=on)


class EligibilityException(AppendOnlyModel):
    """Leave for one person to apply though a rule is not met, until a day."""

    rule = models.ForeignKey(
        EligibilityRule,
        verbose_name=_("rule"),
        on_delete=models.PROTECT,
        related_name="exceptions",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("for"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=500)
    until_on = models.DateField(_("until"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("granted by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    granted_at = models.DateTimeField(_("granted"))

    objects = ExceptionQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("exception of eligibility")
        ordering = ["granted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="eligibility_exception_has_a_reason", condition=~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return _("Exception for %(person)s") % {"person": self.person}
