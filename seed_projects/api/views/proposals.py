"""Proposals for those who write them: what the pages do, and nothing of others."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.parsers import FILES
from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet, version_of

from ... import filters, services
from ...models import (
    Answer,
    AsideText,
    BudgetLine,
    Declaration,
    Proposal,
    ProposalComment,
    ProposalPerson,
    ProposalSnapshot,
    as_told,
    with_deadline,
)
from ..serializers import proposals as told
from .calls import IF_MATCH, made


class OfAuthors(RecordViewSet):
    """A resource of those who take part in proposals."""

    def now(self) -> dict[str, Any]:
        return {"at": timezone.now(), "by": self.user}


class ProposalViewSet(OfAuthors):
    """The caller's own proposals; one is begun at its call."""

    queryset = Proposal.objects.all()
    serializer_class = told.ProposalSerializer
    filterset_class = filters.ProposalFilter

    def get_queryset(self) -> Any:
        parts = ProposalPerson.objects.filter(person=self.user)
        mine = super().get_queryset().filter(pk__in=parts.values("proposal"))
        return with_deadline(as_told(mine, at=timezone.now()))

    @extend_schema(request=told.ProposalInput, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        proposal = self.get_object()
        data = self.validated(told.ProposalInput, partial=True)
        names = told.ProposalInput.Meta.fields
        facts = {name: getattr(proposal, name) for name in names} | data
        version = version_of(request)
        changed = services.change_proposal(
            proposal, **facts, version=version, **self.now()
        )
        return self.answer(changed)

    @extend_schema(responses=told.ProposalLackSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def lacks(self, request: Request, pk: str) -> Response:
        """Tell what a draft lacks before it can be submitted."""
        found = services.lacks_of_proposal(self.get_object(), at=timezone.now())
        return Response(told.ProposalLackSerializer(found, many=True).data)

    @extend_schema(
        request=told.ProposalAnswerInput,
        responses={200: told.SavedSerializer, 409: told.SavedSerializer},
    )
    @action(detail=True, methods=["post"], url_path="answers")
    def write_answer(self, request: Request, pk: str) -> Response:
        """Write an answer upon a version; a text that meets another is kept too."""
        proposal, data = self.get_object(), self.validated(told.ProposalAnswerInput)
        asked = get_object_or_404(
            proposal.form.questions.all(), pk=data.pop("question")
        )
        saved = services.save_answer(proposal, asked, **data, **self.now())
        met = saved.aside is not None
        shown = told.SavedSerializer(saved).data
        return Response(shown, status.HTTP_409_CONFLICT if met else status.HTTP_200_OK)

    @extend_schema(
        request={"multipart/form-data": told.AttachInput},
        responses={201: told.ProposalAnswerSerializer},
    )
    @action(detail=True, methods=["post"], parser_classes=FILES)
    def attach(self, request: Request, pk: str) -> Response:
        """Answer a question by a PDF."""
        proposal, data = self.get_object(), self.validated(told.AttachInput)
        asked = get_object_or_404(proposal.form.questions.all(), pk=data["question"])
        row = services.attach_file(proposal, asked, file=data["file"], **self.now())
        return made(told.ProposalAnswerSerializer, row)

    @extend_schema(request=told.BudgetInput, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def budget(self, request: Request, pk: str) -> Response:
        """Replace all lines of the budget."""
        proposal, data = self.get_object(), self.validated(told.BudgetInput)
        version, lines = version_of(request), data["lines"]
        services.set_budget(proposal, lines=lines, version=version, **self.now())
        return self.answer(proposal)

    @extend_schema(
        request=told.DeclarationInput, responses={201: told.DeclarationSerializer}
    )
    @action(detail=True, methods=["post"])
    def declare(self, request: Request, pk: str) -> Response:
        proposal, data = self.get_object(), self.validated(told.DeclarationInput)
        rule = data["rule"]
        services.declare(proposal, met={rule: data["is_met"]}, **self.now())
        return made(told.DeclarationSerializer, proposal.declarations.get(rule=rule))

    @extend_schema(request=told.AuthorInput, responses={201: told.AuthorSerializer})
    @action(detail=True, methods=["post"], url_path="add-author")
    def add_author(self, request: Request, pk: str) -> Response:
        proposal, data = self.get_object(), self.validated(told.AuthorInput)
        part = services.add_author(proposal, **data, **self.now())
        return made(told.AuthorSerializer, part)

    @extend_schema(
        request=told.ProposalCommentInput,
        responses={201: told.ProposalCommentSerializer},
    )
    @action(detail=True, methods=["post"])
    def comment(self, request: Request, pk: str) -> Response:
        proposal, data = self.get_object(), self.validated(told.ProposalCommentInput)
        row = services.comment_on(proposal, **data, **self.now())
        return made(told.ProposalCommentSerializer, row)

    @extend_schema(request=None, responses={201: told.SubmissionSerializer})
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        snapshot = services.submit_proposal(self.get_object(), **self.now())
        return made(told.SubmissionSerializer, snapshot)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        return self.answer(services.take_back(self.get_object(), **self.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def revive(self, request: Request, pk: str) -> Response:
        return self.answer(services.revive(self.get_object(), **self.now()))

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        proposal, data = self.get_object(), self.validated(ReasonInput)
        return self.answer(services.withdraw_proposal(proposal, **data, **self.now()))


class ProposalPersonViewSet(OfAuthors):
    """Who takes part in proposals, and what each may do."""

    queryset = ProposalPerson.objects.all()
    serializer_class = told.AuthorSerializer
    filterset_class = filters.OfProposalFilter

    @extend_schema(request=told.AuthorChangeInput)
    def partial_update(self, request: Request, pk: str) -> Response:
        part, data = self.get_object(), self.validated(told.AuthorChangeInput)
        return self.answer(services.change_author(part, **data, **self.now()))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        services.remove_author(self.get_object(), **self.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        return self.answer(services.confirm_part(self.get_object(), **self.now()))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        services.decline_part(self.get_object(), **self.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class AnswerViewSet(OfAuthors):
    """Answers to the questions of forms; they are written at their proposal."""

    queryset = Answer.objects.all()
    serializer_class = told.ProposalAnswerSerializer
    filterset_class = filters.OfProposalFilter

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="remove-file")
    def remove_file(self, request: Request, pk: str) -> Response:
        """Take the file that answers a question out of a draft."""
        services.remove_file(self.get_object(), **self.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class AsideTextViewSet(OfAuthors):
    """Texts that met others; settled by saying what the answer is."""

    queryset = AsideText.objects.all()
    serializer_class = told.AsideTextSerializer
    filterset_class = filters.AsideTextFilter

    @extend_schema(
        request=told.SettleInput, responses={200: told.ProposalAnswerSerializer}
    )
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        aside, data = self.get_object(), self.validated(told.SettleInput)
        answer = services.settle_texts(aside, **data, **self.now())
        return Response(told.ProposalAnswerSerializer(answer).data)


class BudgetLineViewSet(OfAuthors):
    """Lines of budgets; benefits and indirect cost are worked out, and are none."""

    queryset = BudgetLine.objects.all()
    serializer_class = told.BudgetLineSerializer
    filterset_class = filters.OfProposalFilter


class DeclarationViewSet(OfAuthors):
    """What investigators said of the rules of eligibility."""

    queryset = Declaration.objects.all()
    serializer_class = told.DeclarationSerializer
    filterset_class = filters.OfProposalFilter


class SubmissionViewSet(OfAuthors):
    """What was handed in, each time as it was."""

    queryset = ProposalSnapshot.objects.all()
    serializer_class = told.SubmissionSerializer
    filterset_class = filters.OfProposalFilter


class ProposalCommentViewSet(OfAuthors):
    """What the people of a proposal say among themselves."""

    queryset = ProposalComment.objects.all()
    serializer_class = told.ProposalCommentSerializer
    filterset_class = filters.OfProposalFilter
