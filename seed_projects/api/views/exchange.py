"""Problems that members state, and questions about calls."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import CallQuestion, ProblemStatement
from ...policies import companies_that_state
from ..serializers import calls
from ..serializers import exchange as told


class ProblemStatementViewSet(RecordViewSet):
    """What members would have researched."""

    queryset = ProblemStatement.objects.all()
    serializer_class = told.ProblemSerializer
    filterset_class = filters.ProblemFilter

    def may_create(self, user) -> bool:
        office = user.has_perm("seed_projects.change_call")
        return office or bool(companies_that_state(user))

    @extend_schema(request=told.ProblemInput, responses={201: told.ProblemSerializer})
    def create(self, request: Request) -> Response:
        data = self.validated(told.ProblemInput)
        company, now = data.pop("organization"), timezone.now()
        row = services.state_problem(company, **data, at=now, by=self.user)
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        row, now = self.get_object(), timezone.now()
        return self.answer(services.withdraw_problem(row, at=now, by=self.user))


class CallQuestionViewSet(RecordViewSet):
    """Questions about calls: what was answered, and what the caller asked."""

    queryset = CallQuestion.objects.all()
    serializer_class = told.CallQuestionSerializer

    @extend_schema(request=calls.CallAnswerInput)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        row, now = self.get_object(), timezone.now()
        data = self.validated(calls.CallAnswerInput)
        return self.answer(services.answer_question(row, **data, at=now, by=self.user))
