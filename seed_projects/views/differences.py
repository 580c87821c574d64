"""What changed from one submission of a proposal to another."""

from itertools import groupby
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from inm_portal.kernel.views import RecordDetail

from .. import services
from ..models import ProposalSnapshot


class SubmissionDifferences(RecordDetail):
    """Beside the submission just before, or beside ``since``, the number of another."""

    queryset = ProposalSnapshot.objects.select_related("proposal__call")
    template_name = "seed_projects/submission_differences.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        later, since = self.object, self.request.GET.get("since", "")
        number = int(since) if since.isdecimal() and len(since) < 5 else None
        try:
            earlier = services.submission_before(later, number)
        except services.NothingBefore:
            raise Http404 from None
        found = services.differences_of(earlier.content, later.content)
        others = later.proposal.snapshots.filter(number__lt=later.number)
        return super().get_context_data(
            heading=_("What changed from submission %(earlier)s to %(later)s")
            % {"earlier": earlier.number, "later": later.number},
            pretitle=later.content["title"],
            breadcrumbs=[(later.content["title"], later.proposal.get_absolute_url())],
            earlier=earlier,
            later=later,
            sections=[
                (title, list(rows))
                for title, rows in groupby(found, key=lambda one: one.section)
            ],
            numbers=list(others.order_by("-number").values_list("number", flat=True)),
            **kwargs,
        )
