"""Documents: each read by permission, sent as a file that runs nowhere."""

from http import HTTPStatus
from typing import Any

import django_filters
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel import documents
from inm_portal.kernel.api.documents import DocumentSerializer
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.filters import KeyFilter
from inm_portal.kernel.models import Document
from inm_portal.kernel.views import RecordDetail, StepView


def sent(document: Document, *, by: Any) -> HttpResponseBase:
    """
    Answer with a document that somebody may read, as a file to keep.

    Where a front server stands, it is told which file to send.

    :raises HeldBack: if nobody may have it now.
    """
    file = documents.open_for(document, by=by, at=timezone.now())
    response: HttpResponse | FileResponse
    if settings.FILES_FROM_FRONT:
        file.close()
        response = HttpResponse()
        response["X-Accel-Redirect"] = settings.FILES_FROM_FRONT + document.stored
    else:
        response = FileResponse(file)
    disposition = content_disposition_header(True, document.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Content-Type"] = document.content_type
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Encoding"] = "identity"  # what was kept is what is sent
    return response


class Download(RecordDetail):
    queryset = Document.objects.all()
    http_method_names = ["get"]  # a HEAD would be journaled, and take nothing

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        document = self.get_object()
        if document.name != kwargs["name"]:
            raise Http404
        try:
            return sent(document, by=self.user)
        except documents.HeldBack as refusal:
            context = {"heading": document.name, "refusal": refusal}
            status = HTTPStatus.CONFLICT
            return render(request, "documents/held_back.html", context, status=status)


class SupersedeDocument(StepView):
    queryset = Document.objects.all()
    action = "supersede"
    done = _("The document is out of use; it is kept for the record.")

    def perform(self, document: Document, /) -> Any:
        superseded = documents.supersede(document, at=timezone.now(), by=self.user)
        return documents.subject_of(superseded)


class DocumentFilter(django_filters.FilterSet):
    kind = django_filters.CharFilter(label=_("Kind"))
    subject_id = KeyFilter(label=_("Object"))

    class Meta:
        model = Document
        fields: list[str] = []


class DocumentViewSet(RecordViewSet):
    queryset = Document.objects.all()
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def download(self, request: Request, pk: str) -> HttpResponseBase:
        return sent(self.get_object(), by=self.user)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def supersede(self, request: Request, pk: str) -> Response:
        document = self.get_object()
        return self.answer(
            documents.supersede(document, at=timezone.now(), by=self.user)
        )
