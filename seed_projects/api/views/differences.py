"""What changed from one submission of a proposal to another."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import RecordViewSet

from ... import services
from ...models import ProposalSnapshot
from ..serializers import differences as told

SINCE = OpenApiParameter(
    "since", int, description="The number of an earlier submission; the last by default"
)


class SinceInput(serializers.Serializer):
    since = serializers.IntegerField(min_value=1, max_value=9999, required=False)


class SubmissionDifferencesViewSet(RecordViewSet):
    """Submissions that have one before them; by its key, what changed in one."""

    queryset = ProposalSnapshot.objects.filter(number__gt=1)
    serializer_class = told.LaterSubmissionSerializer

    @extend_schema(parameters=[SINCE], responses=told.SubmissionDifferencesSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Compare with the submission just before, or with that of a number."""
        later = self.get_object()
        asked = SinceInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        earlier = services.submission_before(later, asked.validated_data.get("since"))
        shown = {
            "proposal": later.proposal_id,
            "since": earlier.number,
            "number": later.number,
            "differences": services.differences_of(earlier.content, later.content),
        }
        return Response(told.SubmissionDifferencesSerializer(shown).data)
