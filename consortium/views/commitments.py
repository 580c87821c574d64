"""Where a member stands: the term, each year with its lines, and the report of all."""

from datetime import date
from typing import Any

from django.db.models import F
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports, money
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows, slice_of
from inm_portal.kernel.prepared import KeyIn, prepared
from inm_portal.kernel.views import UseCaseView

from .. import reports, services
from ..filters import PositionFilter, day_asked, is_restated
from ..models import (
    CommitmentYear,
    ContributionCredit,
    CreditEntry,
    Instalment,
    Organization,
    ShortfallWaiver,
    YearAmount,
)
from ..models.categories import RULES
from ..states import YearStatus
from .pages import KnownOnADay, as_known_on, member_crumbs

COMMITMENTS = (_("Commitments"), reverse_lazy("consortium:commitments"))


def commitment_crumbs(organization: Organization) -> list[tuple[Any, Any]]:
    """Return the way to the commitment of a member."""
    url = reverse("consortium:member_commitment", args=[organization.pk])
    return [*member_crumbs(organization), (_("Commitment"), url)]


def ways_to_count() -> list[tuple[str, list[str]]]:
    """Return each rule by which something counts, with the categories it is for."""
    found: dict[str, list[str]] = {}
    for category, rule in RULES.items():
        found.setdefault(rule.words, []).append(str(category.label))
    return list(found.items())


class MemberCommitment(KnownOnADay):
    """A member's number, for its own finance department to check."""

    queryset = Organization.objects.all()
    action = "see_commitment"
    buttons = ("claim_credit", "offer_in_kind")
    template_name = "consortium/commitment.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = self.on
        found = reports.terms_of(self.object, user=self.user, on=on)
        terms = sorted(found, key=lambda term: term.current is None)
        years = [year for term in terms for year in term.years]
        reports.mark_prepaid(self.object, years, on=on)
        current = terms[0].current if terms else None
        credits = ContributionCredit.objects.filter(organization=self.object)
        waiting = credits.permitted(self.user, "view").pending(on=on).with_outcome()
        waiting = waiting.with_related("commitment_year__number")
        return super().get_context_data(
            heading=_("Commitment of %(name)s") % {"name": self.object.name},
            breadcrumbs=member_crumbs(self.object),
            organization=self.object,
            terms=terms,
            current=current,
            gap=current and reports.gap_of(current),
            ways=ways_to_count(),
            waiting=slice_of(
                waiting.order_by("claimed_at", "pk"), "waiting", self.request.GET
            ),
            **kwargs,
        )


@prepared
def entries_of(year: int, *, on: date) -> Any:
    """Return what counts toward a year, as known on a day."""
    rows = CreditEntry.objects.filter(commitment_year=year).known(on=on)
    rows = rows.with_related("credit__category", "carried_from__number")
    return rows.order_by("recorded_at", "pk")


@prepared
def pending_of(year: int, *, on: date) -> Any:
    """Return the claims on a year that were not settled on a day."""
    rows = ContributionCredit.objects.filter(commitment_year=year).pending(on=on)
    rows = rows.with_related("commitment_year__number").with_outcome()
    return rows.order_by("claimed_at", "pk")


@prepared
def amounts_of(year: int, *, on: date) -> Any:
    """Return what amendments that were recorded by a day ask of a year."""
    rows = YearAmount.objects.filter(commitment_year=year, recorded_on__lte=on)
    return rows.with_related("amendment__number").order_by("pk")


@prepared
def waivers_of(year: int, *, on: date) -> Any:
    """Return what was waived of a year by a day."""
    rows = ShortfallWaiver.objects.filter(commitment_year=year).known(on=on)
    return rows.with_related("granted_by__name")


@prepared
def instalments_of(year: int, *, on: date) -> Any:
    """Return by which parts the fee of a year comes due, and what was paid of them."""
    rows = Instalment.objects.filter(commitment_year=year).known(on=on)
    return rows.with_billing(on=on).order_by("due_on", "number")


class YearDetail(KnownOnADay):
    """One year: each total of it, with the lines that it is the sum of."""

    queryset = CommitmentYear.objects.select_related("agreement__organization")
    buttons = ("waive",)
    template_name = "consortium/commitment_year.html"

    @classmethod
    def rows(cls, **known: Any) -> Any:
        return super().rows().known(**known).with_position(**known)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year, on = self.object, self.on
        organization = year.agreement.organization
        pending: Any = pending_of(year.pk, on=on) if year.pending else []
        amounts: Any = amounts_of(year.pk, on=on) if year.is_amended else []
        waivers: Any = waivers_of(year.pk, on=on) if year.waived else []
        return super().get_context_data(
            heading=_("Year %(number)s of %(agreement)s")
            % {"number": year.number, "agreement": year.agreement.number},
            breadcrumbs=commitment_crumbs(organization),
            year=year,
            organization=organization,
            gap=reports.gap_of(year),
            agreement_ends_on=year.agreement.ends_on_known(on),
            amounts=list(amounts),
            lines=slice_of(entries_of(year.pk, on=on), "credited", self.request.GET),
            claims=slice_of(pending, "pending", self.request.GET),
            waivers=list(waivers),
            instalments=slice_of(
                instalments_of(year.pk, on=on), "instalments", self.request.GET
            ),
            sees_invoices=self.user.has_perm(
                "consortium.view_payer_organization", organization
            ),
            entries=self.history(),
            **kwargs,
        )


class WaiveShortfall(UseCaseView):
    queryset = CommitmentYear.objects.select_related("agreement__organization")
    action = "waive"
    form_class = ReasonForm
    done = _("Shortfall waived.")

    def get_queryset(self) -> Any:
        return super().get_queryset().with_position(on=timezone.localdate())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = self.object
        missing = money.written(year.unwaived, year.currency)
        crumb = (str(year), year.get_absolute_url())
        return super().get_context_data(
            heading=_("Waive the shortfall"),
            intro=_("%(missing)s is missing now. The list of exceptions says why.")
            % {"missing": missing},
            submit_label=_("Waive"),
            breadcrumbs=[*commitment_crumbs(year.agreement.organization), crumb],
            cancel_url=year.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> CommitmentYear:
        waiver: ShortfallWaiver = services.waive_shortfall(
            self.object,
            **data,
            at=timezone.now(),
            today=timezone.localdate(),
            by=self.user,
        )
        return waiver.commitment_year


class PositionRows(Rows):
    """
    The years of all terms that were signed by a day, as they were known then.

    Or restated: with what is known of that day now (case 35).
    """

    queryset = CommitmentYear.objects.select_related("agreement__organization")
    filter_class = PositionFilter
    default_sort = "organization"
    columns = [
        Column(
            *("organization", _("Member")),
            ("agreement__organization__name", "starts_on"),
        ),
        Column("year", _("Year"), ("starts_on",)),
        Column("status", _("Status"), ("status",)),
        Column("required", _("Required"), ("required_now",), is_numeric=True),
        Column("credited", _("Credited"), ("credited",), is_numeric=True),
        Column("pending", _("Pending"), ("pending",), is_numeric=True),
        Column("short", _("Short"), ("short",), is_numeric=True),
        Column("excess", _("Excess"), ("excess",), is_numeric=True),
    ]

    #: What is read of the position of each year; all of it, if nothing is named.
    read: tuple[str, ...] = ()

    @property
    def known(self) -> dict[str, Any]:
        """The day asked for, and how it is told."""
        query = self.request.GET
        return {"on": day_asked(query), "restated": is_restated(query)}

    def get_queryset(self) -> Any:
        known = super().get_queryset().known(**self.known)
        return known.with_organization().with_position(*self.read, **self.known)


@prepared
def positions_of(keys: list[int], **known: Any) -> Any:
    """Return years with all that their list shows of them."""
    rows = PositionList.queryset.with_organization().filter(KeyIn(keys))
    return rows.with_position(*PositionList.read, **known)


class PositionList(PositionRows, RecordList):
    queryset = PositionRows.queryset.only(
        *["number", "starts_on", "ends_on", "currency", "agreement__organization__name"]
    )
    read = (
        *("status", "required_now", "credited", "pending", "short", "excess"),
        *reports.READ_BY_PLOTS,
    )
    template_name = "consortium/position_list.html"
    keys_first = True
    noun = (_("year"), _("years"))
    export_url = reverse_lazy("consortium:export_commitments")
    extra_context = {
        "heading": _("Commitments"),
        "empty_title": _("No commitments yet"),
        "empty_text": _("Each signed agreement brings its commitment years."),
    }

    def derived(self, keys: list[int]) -> Any:
        return positions_of(keys, **self.known)

    def get_context(self, page: Any) -> dict[str, Any]:
        on, restated = day_asked(self.request.GET), is_restated(self.request.GET)
        return super().get_context(page) | {
            "on": on,
            "is_restated": restated,
            # The lines of what is restated are those that are known today.
            "as_known": "" if restated else as_known_on(on),
            "plot": reports.positions_plot(page.object_list),
        }


class ExportPositions(PositionRows, RecordExport):
    name = "commitments"
    export_columns = {
        "id": "pk",
        "organization": exports.text("agreement__organization__name"),
        "agreement": F("agreement_id"),
        "year": "number",
        "starts_on": "starts_on",
        "ends_on": "ends_on",
        "status": "status",
        "status_words": exports.words("status", YearStatus.choices),
        "required": "required_now",
        "credited": "credited",
        "pending": "pending",
        "short": "short",
        "excess": "excess",
        "recognized": "recognized",
        "in_kind": "in_kind",
        "in_kind_cap": "cap",
        "in_cash": "in_cash",
        "cash_part": "cash_part",
        "cash_short": "cash_short",
        "waived": "waived",
        "cure_until": "cure_until",
        "currency": "currency",
    }
