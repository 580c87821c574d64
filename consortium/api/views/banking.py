"""Files of the bank: uploaded, looked at, taken in."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.parsers import FILES
from inm_portal.kernel.api.views import RecordViewSet, version_of

from ... import services
from ...models import BankAccount, BankFile
from ...services.banking import BankFileHasErrors
from .. import serializers
from ..parameters import IF_MATCH

LINES_SHOWN = 200


class BankAccountViewSet(RecordViewSet):
    """How the files of each bank account are read."""

    queryset = BankAccount.objects.all()
    serializer_class = serializers.BankAccountSerializer
    requires_key = True

    @extend_schema(
        request=serializers.BankAccountInput,
        responses={201: serializers.BankAccountSerializer},
    )
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.BankAccountInput)
        account = services.add_bank_account(**data, by=self.user)
        return self.answer(account, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.BankAccountInput, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        account = self.get_object()
        data = self.validated(serializers.BankAccountInput, partial=True)
        version = version_of(request)
        return self.answer(
            services.change_bank_account(account, **data, version=version, by=self.user)
        )


class BankFileViewSet(RecordViewSet):
    """
    Files of the bank: one is read and shown, and then taken in whole or not at all.

    A file with rows that cannot be read is answered 422 with each of them, and
    nothing of it is kept.
    """

    queryset = BankFile.objects.select_related("account", "taken_in")
    serializer_class = serializers.BankFileSerializer
    requires_key = True

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.defer("lines") if self.action == "list" else rows

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.BankFileSerializer
        return serializers.BankFileDetail

    def get_parsers(self) -> Any:
        is_read = self.request is not None and self.request.method != "POST"
        return super().get_parsers() if is_read else [parser() for parser in FILES]

    def shown(self, obj: Any, status_code: int = status.HTTP_200_OK) -> Response:
        found = services.try_bank_file(obj)
        obj.counts, obj.total = found.counts, found.total
        job = None if hasattr(obj, "taken_in") else services.job_of(obj)
        obj.job = job and job.pk
        return super().shown(obj, status_code)

    @extend_schema(
        request={"multipart/form-data": serializers.BankFileInput},
        responses={
            201: serializers.BankFileDetail,
            422: serializers.RecognitionTrial,
        },
    )
    def create(self, request: Request) -> Response:
        today, now = timezone.localdate(), timezone.now()
        data = self.validated(serializers.BankFileInput)
        try:
            file = services.upload_bank_file(**data, today=today, at=now, by=self.user)
        except BankFileHasErrors as refusal:
            rows = [{"row": e.number, "detail": e.words} for e in refusal.errors]
            problem = {"code": refusal.code, "detail": str(refusal), "errors": rows}
            return Response(problem, status.HTTP_422_UNPROCESSABLE_ENTITY)
        return self.answer(file, status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("page", int)],
        responses=serializers.BankLines,
        filters=False,
    )
    @action(detail=True)
    def lines(self, request: Request, pk: str) -> Response:
        """Say line by line what becomes of a file, as things are now."""
        told = services.try_bank_file(self.get_object()).told
        asked = request.GET.get("page", "")
        number = int(asked) if asked.isascii() and asked.isdecimal() else 1
        begin = (max(number, 1) - 1) * LINES_SHOWN
        page = {
            "next": number + 1 if len(told) > begin + LINES_SHOWN else None,
            "results": told[begin : begin + LINES_SHOWN],
        }
        return Response(serializers.BankLines(page).data)

    @extend_schema(
        request=None,
        responses={200: serializers.BankFileDetail, 202: serializers.BankFileDetail},
    )
    @action(detail=True, methods=["post"], url_path="take-in")
    def take_in(self, request: Request, pk: str) -> Response:
        """
        Record what arrived by it: all of it, each line once.

        A file that brings more than 500 receipts is answered 202 and taken in by a
        job, which ``job`` names until it is done.
        """
        file = self.get_object()
        job = services.take_in_or_ask(file, at=timezone.now(), by=self.user)
        return self.answer(file, status.HTTP_202_ACCEPTED if job else 200)
