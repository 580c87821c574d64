"""Contribution credits: the queue, each one with its evidence, and what is done."""

from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import documents, exports
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import (
    Column,
    RecordExport,
    RecordList,
    Rows,
    Slice,
    slice_of,
)
from inm_portal.kernel.prepared import KeyIn, prepared
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import PreparedDetail, StepView, UseCaseView

from .. import forms, services
from ..documents import EVIDENCE
from ..filters import CreditFilter
from ..models import (
    Category,
    CommitmentYear,
    ContributionCredit,
    CreditEntry,
    Evidence,
    InKindItem,
    Method,
    Organization,
    Valuation,
)
from ..models.credits import BESIDE
from ..models.worth import said_of
from ..services.claims import ClaimedBefore
from ..states import Outcome
from .commitments import commitment_crumbs

CREDITS = (_("Credits"), reverse_lazy("consortium:credits"))
#: What became of a claim, where the reason is what its claimant looks for.
EXPLAINED = {Outcome.PARTLY_ACCEPTED, Outcome.REJECTED}
RELATED = ["organization", "commitment_year__agreement", "evidence"]


class CreditRows(Rows):
    queryset = ContributionCredit.objects.select_related(*RELATED).with_outcome()
    filter_class = CreditFilter
    default_sort = "claimed"
    columns = [
        Column("number", _("Credit"), ("pk",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("category", _("Category"), ("category",)),
        Column("year", _("Year")),
        Column("outcome", _("Outcome"), ("outcome",)),
        Column("claimed", _("Claimed on"), ("claimed_at",)),
        Column("amount", _("Claimed"), ("amount",), is_numeric=True),
        Column("credited", _("Credited"), ("credited",), is_numeric=True),
    ]


@prepared
def outcomes_of(keys: list[int]) -> Any:
    """Return credits with all that their list shows of them."""
    return CreditList.queryset.filter(KeyIn(keys))


class CreditList(CreditRows, RecordList):
    queryset = (
        ContributionCredit.objects.select_related(*RELATED[:2])
        .only(
            *["category", "what_for", "amount", "currency", "claimed_at"],
            *["organization__name", "commitment_year__number"],
            "commitment_year__agreement__id",
        )
        .with_outcome()
    )
    template_name = "consortium/credit_list.html"
    keys_first = True
    noun = (_("credit"), _("credits"))
    export_url = reverse_lazy("consortium:export_credits")
    extra_context = {
        "heading": _("Credits"),
        "empty_title": _("Nothing is claimed yet"),
        "empty_text": _("Contributions are claimed on the commitment of a member."),
    }

    def derived(self, keys: list[int]) -> Any:
        return outcomes_of(keys)


class ExportCredits(CreditRows, RecordExport):
    name = "credits"
    export_columns = {
        "id": "pk",
        "organization": exports.text("organization__name"),
        "agreement": "commitment_year__agreement_id",
        "year": "commitment_year__number",
        "category": "category",
        "category_words": exports.words("category", Category.choices),
        "what_for": exports.text("what_for"),
        "payer": exports.text("evidence__payer"),
        "document": exports.text("evidence__number"),
        "contributed_on": "contributed_on",
        "claimed_at": "claimed_at",
        "outcome": "outcome",
        "outcome_words": exports.words("outcome", Outcome.choices),
        "claimed": "amount",
        "accepted": "accepted",
        "credited": "credited",
        "recognized": "recognized",
        "currency": "currency",
    }


def claim_context(credit: ContributionCredit, request: Any) -> dict[str, Any]:
    """
    Return a claim with its evidence and what was said and claimed beside it.

    It was read with what is told of these, so that nothing is asked in vain.
    """
    evidence = credit.evidence
    evidence.used, evidence.left = credit.used, credit.left
    others = evidence.credits.if_any(credit.is_shared).exclude(pk=credit.pk)
    opinions = credit.opinions.if_any(credit.is_opined)
    return {
        "credit": credit,
        "evidence": evidence,
        "documents": documents.listed(evidence, EVIDENCE),
        "earlier": first_claims(others),
        "alike": credit.is_pending
        and first_claims(ContributionCredit.objects.alike(evidence)),
        "opinions": slice_of(
            opinions.permitted(request.user, "view").with_related("given_by__name"),
            *("opinions", request.GET),
        ),
    }


@prepared
def entries_of(credit: int) -> Any:
    """Return what counts of a credit, and in which year."""
    rows = CreditEntry.objects.filter(credit=credit)
    return rows.with_related("commitment_year__number")


def said_slice(item: InKindItem, request: Any) -> Slice:
    """Return what was said of a thing's worth, each method by its name."""
    said = slice_of(said_of(item), "said", request.GET)
    for each in said.rows:
        each["method"] = each["by_method"] and Method(each["by_method"]).label
    return said


def first_claims(credits: Any) -> Slice:
    """Return the first claims on a document, whose page has all of them."""
    rows = credits.with_related("commitment_year__number").with_outcome()
    return slice_of(rows.order_by("claimed_at", "pk"), "claims", QueryDict())


def all_of(way: str, model: Any) -> list[str]:
    """Return the columns of rows to which others lead, for `with_related`."""
    return [f"{way}__{field.name}" for field in model._meta.concrete_fields]


class CreditDetail(PreparedDetail):
    queryset = (
        ContributionCredit.objects.with_related(
            *["organization__name", "commitment_year__number"],
            *["commitment_year__agreement__id", "claimed_by__name", "decided_by__name"],
            *[*all_of("evidence", Evidence), *all_of("item", InKindItem)],
        )
        .with_outcome(*BESIDE)
        .with_left()
    )
    template_name = "consortium/credit_detail.html"
    buttons = (
        *(
            "withdraw",
            "supply",
            "ask",
            "review",
            "opine",
            "decide",
            "reduce",
            "reverse",
        ),
        *("assess", "approve", "agree", "decline", "deliver", "give_back"),
        *("value", "appraise", "book", "see_booking"),
        *("dispute", "settle"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        credit = self.object
        counted: Any = entries_of(credit.pk) if credit.decided_at else []
        return super().get_context_data(
            heading=credit.ref,
            pretitle=f"{credit.organization.name}, {credit.get_category_display()}",
            breadcrumbs=commitment_crumbs(credit.organization),
            **claim_context(credit, self.request),
            is_own=self.user.pk == credit.claimed_by_id or not self.user.is_at_inm,
            is_explained=credit.outcome in EXPLAINED,
            appeal_until=services.appeal_until_of(credit),
            lines=slice_of(counted, "credited", self.request.GET),
            **self.of_item(),
            entries=history_of(credit, user=self.user),
            **kwargs,
        )

    def of_item(self) -> dict[str, Any]:
        item = getattr(self.object, "item", None)
        if item is None:
            return {}
        prefetch_related_objects([item], "approvals")
        return {
            "item": item,
            "approvals": [one for one in item.approvals.all() if one.is_of(item)],
            "missing": [office.label for office in item.missing],
            "said": said_slice(item, self.request),
        }


class Claims(UseCaseView):
    """A form that claims; what was claimed on its document before is shown first."""

    queryset = Organization.objects.all()
    template_name = "consortium/claim_form.html"
    heading: Any
    earlier: Evidence | None = None

    def get_initial(self) -> dict[str, Any]:
        """Start from the member that pays, in the year that is open today."""
        years = forms.years_of(self.object).open(on=timezone.localdate())
        year = years.values_list("pk", flat=True).first()
        return {"payer": self.object.legal_name, "year": year, "year_1": year}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"organization": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document, way = self.earlier, commitment_crumbs(self.object)
        return super().get_context_data(
            heading=self.heading,
            breadcrumbs=way,
            cancel_url=way[-1][1],
            evidence=document,
            earlier=document and first_claims(document.credits.all()),
            **kwargs,
        )

    def perform(self, **data: Any) -> ContributionCredit:
        try:
            return self.claim(
                **data, at=timezone.now(), today=timezone.localdate(), by=self.user
            )
        except ClaimedBefore as refusal:
            self.earlier = refusal.evidence
            raise

    def claim(self, **data: Any) -> ContributionCredit:
        raise NotImplementedError


class ClaimCredit(Claims):
    action = "claim_credit"
    form_class = forms.ClaimForm
    heading = _("Claim a contribution")
    extra_context = {
        "submit_label": _("Claim"),
        "intro": _(
            "A claim is pending until a director of INM has decided on it; nothing "
            "counts before. Things that you give are offered in kind instead."
        ),
    }
    done = _("Claimed; it counts once it is accepted.")

    def claim(self, **data: Any) -> ContributionCredit:
        return services.claim_credits(self.object, **data)[0]


class OfferInKind(Claims):
    action = "offer_in_kind"
    form_class = forms.OfferForm
    template_name = "consortium/offer_form.html"
    heading = _("Offer something in kind")
    extra_context = {
        "submit_label": _("Offer"),
        "intro": _(
            "INM accepts it in principle, values it, and decides once it is "
            "delivered. It never counts toward the part that is to come in cash."
        ),
    }
    done = _("Offered; it counts once it is valued, accepted and delivered.")

    def claim(self, **data: Any) -> ContributionCredit:
        return services.offer_in_kind(self.object, **data)


class OfCredit(UseCaseView):
    """A form about a credit."""

    queryset = ContributionCredit.objects.select_related(*RELATED)
    heading: Any
    submit_label: Any = _("Save")
    intro: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        credit = self.object
        crumb = (credit.ref, credit.get_absolute_url())
        return super().get_context_data(
            heading=self.heading,
            intro=self.intro,
            submit_label=self.submit_label,
            breadcrumbs=[*commitment_crumbs(credit.organization), crumb],
            cancel_url=credit.get_absolute_url(),
            **kwargs,
        )

    @property
    def now(self) -> dict[str, Any]:
        """When and by whom."""
        return {
            "at": timezone.now(),
            "today": timezone.localdate(),
            "by": self.user,
        }


class WithdrawCredit(StepView):
    queryset = ContributionCredit.objects.select_related(*RELATED)
    action = "withdraw"
    done = _("Claim withdrawn.")

    def perform(self, credit: ContributionCredit, /) -> ContributionCredit:
        return services.withdraw_claim(credit, at=timezone.now(), by=self.user)


class ReviewCredit(StepView):
    queryset = ContributionCredit.objects.select_related(*RELATED)
    action = "review"
    done = _("Under review.")

    def perform(self, credit: ContributionCredit, /) -> ContributionCredit:
        return services.review_claim(credit, by=self.user)


class AskEvidence(OfCredit):
    action = "ask"
    form_class = forms.AskForm
    heading = _("Ask for evidence")
    submit_label = _("Ask")
    done = _("Asked; the claim waits for it.")

    def perform(self, **data: Any) -> ContributionCredit:
        return services.ask_for_evidence(
            self.object, **data, at=timezone.now(), by=self.user
        )


class AnswerEvidence(OfCredit):
    action = "supply"
    form_class = forms.EvidenceFileForm
    heading = _("Add the evidence")
    submit_label = _("Add")
    done = _("Added; the claim goes on.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = _("Asked for: %(what)s") % {"what": self.object.asked_for}
        return super().get_context_data(**kwargs) | {"intro": asked}

    def perform(self, **data: Any) -> ContributionCredit:
        return services.answer_with_evidence(
            self.object, **data, at=timezone.now(), by=self.user
        )


class GiveOpinion(OfCredit):
    action = "opine"
    form_class = forms.OpinionForm
    heading = _("Give an opinion")
    done = _("Opinion noted.")

    def perform(self, **data: Any) -> ContributionCredit:
        services.give_opinion(self.object, **data, **self.now)
        return self.object


class DecideCredit(OfCredit):
    queryset = (
        ContributionCredit.objects.select_related(*RELATED, "claimed_by", "decided_by")
        .with_outcome(*BESIDE)
        .with_left()
    )
    action = "decide"
    template_name = "consortium/decision_form.html"
    form_class = forms.DecisionForm
    heading = _("Decide on the claim")
    submit_label = _("Decide")
    done = _("Decided.")

    def get_initial(self) -> dict[str, Any]:
        """Start from what is claimed, and no more than a thing is worth."""
        worth = self.valued.value if self.valued else self.object.amount
        return {"accepted": min(worth, self.object.amount)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show beside the form what the decision is about, and adds to."""
        credit, years = self.object, CommitmentYear.objects
        year = years.with_position(on=timezone.localdate()).get(
            pk=credit.commitment_year_id
        )
        return super().get_context_data(
            **claim_context(credit, self.request),
            elsewhere=ContributionCredit.objects.elsewhere(credit.evidence),
            year=year,
            valued=self.valued,
            **kwargs,
        )

    @cached_property
    def valued(self) -> Valuation | None:
        return Valuation.objects.filter(item__credit=self.object).last()

    def perform(self, **data: Any) -> ContributionCredit:
        return services.decide_credit(self.object, **data, **self.now)


class ReduceCredit(OfCredit):
    action = "reduce"
    form_class = forms.ReductionForm
    heading = _("Reduce the credit")
    submit_label = _("Reduce")
    intro = _(
        "By an entry of today, and not all of it, which would be to reverse it. Once "
        "the year is closed, what counted is taken from the year that is open."
    )
    done = _("Reduced.")

    def perform(self, **data: Any) -> ContributionCredit:
        return services.reduce_credit(self.object, **data, **self.now)


class ReverseCredit(OfCredit):
    action = "reverse"
    form_class = ReasonForm
    heading = _("Reverse the credit")
    submit_label = _("Reverse")
    intro = _("All that stands of it is taken back. The company has 20 days to appeal.")
    done = _("Reversed.")

    def perform(self, **data: Any) -> ContributionCredit:
        return services.reverse_credit(self.object, **data, **self.now)


class EvidenceDetail(PreparedDetail):
    queryset = Evidence.objects.select_related("organization", "invoice").with_used()
    template_name = "consortium/evidence_detail.html"
    buttons = ("change", "attach")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        evidence = self.object
        managed = evidence.may_change
        credits = evidence.credits.select_related("commitment_year__agreement")
        credits = credits.with_outcome().order_by("claimed_at", "pk")
        return super().get_context_data(
            heading=str(evidence),
            breadcrumbs=commitment_crumbs(evidence.organization),
            evidence=evidence,
            can_see_invoice=self.user.has_perm(
                "consortium.view_invoice", evidence.invoice
            ),
            credits=slice_of(credits, "claims", self.request.GET),
            documents=documents.listed(evidence, EVIDENCE, with_superseded=managed),
            **kwargs,
        )


class OfEvidence(UseCaseView):
    """A form about a document."""

    queryset = Evidence.objects.select_related("organization")
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        evidence = self.object
        crumb = (str(evidence), evidence.get_absolute_url())
        return super().get_context_data(
            heading=self.heading,
            breadcrumbs=[*commitment_crumbs(evidence.organization), crumb],
            cancel_url=evidence.get_absolute_url(),
            **kwargs,
        )


class ChangeEvidence(OfEvidence):
    action = "change"
    form_class = forms.EvidenceForm
    heading = _("Change the document")
    done = _("Document changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, **data: Any) -> Evidence:
        return services.change_evidence(self.object, **data, by=self.user)


class AttachEvidence(OfEvidence):
    action = "attach"
    form_class = forms.EvidenceFileForm
    heading = _("Add a file")
    done = _("File added.")

    def perform(self, **data: Any) -> Evidence:
        documents.upload(
            **data,
            kind=EVIDENCE,
            subject=self.object,
            at=timezone.now(),
            by=self.user,
        )
        return self.object
