"""What lists of reminders of dues and their steps can be narrowed by."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.filters import KeyFilter
from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.reminders.rules import rule_named

from ..models import (
    DUES_RULE,
    Became,
    DuesException,
    DuesExceptionKind,
    DuesStep,
    InvoiceLine,
    ReminderPolicy,
    SponsorNote,
    StepKind,
)
from ..models.invoice_answers import of_members_matching
from ..states import (
    LadderStanding,
    NoteState,
)
from .answers import OfInvoiceFilter, StandingFilter


def dues_rungs() -> list[tuple[str, str]]:
    """Return the rungs of the ladder of dues, as choices."""
    rule = rule_named(DUES_RULE)
    return [(rung.key, str(rung)) for rung in (rule.rungs if rule else [])]


class DunningFilter(django_filters.FilterSet):
    """Rungs of the ladder of dues: whose, which, how, when, and what became of them."""

    search = django_filters.CharFilter(method="find", label=_("Search"))
    became = django_filters.ChoiceFilter(
        choices=Became, label=_("What became of it"), empty_label=_("All of it")
    )
    rung = django_filters.ChoiceFilter(
        choices=dues_rungs, label=_("Rung"), empty_label=_("All rungs")
    )
    channel = django_filters.ChoiceFilter(
        choices=[("mail", _("Mail")), ("task", _("Task"))],
        method="by_channel",
        label=_("By"),
        empty_label=_("Mail or task"),
    )
    since = django_filters.DateFilter("planned_on", "gte", label=_("From"))
    until = django_filters.DateFilter("planned_on", "lte", label=_("Until"))
    organization = KeyFilter(field_name="organization_key", label=_("Organization"))
    invoice = KeyFilter(field_name="invoice_id", label=_("Invoice"))
    person = KeyFilter(label=_("Person"))

    class Meta:
        model = ReminderDelivery
        fields: list[str] = []

    def find(self, queryset, _name, text):
        lines = InvoiceLine.objects.filter(of_members_matching(text)).values("pk")
        return queryset.filter(
            Q(subject_id__in=lines)
            | Q(address__icontains=text)
            | Q(person__name__icontains=text)
            | Q(copied_to__icontains=text)
            | Q(note__icontains=text)
        )

    def by_channel(self, queryset, _name, channel):
        rule = rule_named(DUES_RULE)
        tasks = rule.task_rungs if rule else []
        if channel == "task":
            return queryset.filter(rung__in=tasks)
        return queryset.exclude(rung__in=tasks)


class DuesExceptionFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    kind = django_filters.ChoiceFilter(
        choices=DuesExceptionKind, label=_("Kind"), empty_label=_("Any kind")
    )
    organization = KeyFilter(label=_("Organization"))
    invoice = KeyFilter(label=_("Invoice"))

    class Meta:
        model = DuesException
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class DuesStepFilter(StandingFilter, OfInvoiceFilter):
    kind = django_filters.ChoiceFilter(
        choices=StepKind, label=_("What"), empty_label=_("All of it")
    )
    since = django_filters.DateFilter("on", "gte", label=_("From"))
    until = django_filters.DateFilter("on", "lte", label=_("Until"))

    class Meta:
        model = DuesStep
        fields: list[str] = []


class SponsorNoteFilter(StandingFilter, OfInvoiceFilter):
    state = django_filters.ChoiceFilter(
        choices=NoteState, label=_("State"), empty_label=_("Any state")
    )

    class Meta:
        model = SponsorNote
        fields: list[str] = []


class ReminderPolicyFilter(django_filters.FilterSet):
    scope = django_filters.ChoiceFilter(
        method="of_scope",
        label=_("Of"),
        empty_label=_("All, and of some"),
        choices=[("all", _("All members")), ("some", _("A member or an invoice"))],
    )
    standing = django_filters.ChoiceFilter(
        choices=LadderStanding, label=_("Standing"), empty_label=_("Any standing")
    )
    organization = KeyFilter(label=_("Organization"))
    invoice = KeyFilter(label=_("Invoice"))

    class Meta:
        model = ReminderPolicy
        fields: list[str] = []

    def of_scope(self, queryset, _name, scope):
        return queryset.default() if scope == "all" else queryset.of_some()
