"""The library: works, versions, comments on drafts, and what was opened."""

from typing import Any

from django.http import HttpResponseRedirect
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.parsers import FILES
from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet, version_of
from inm_portal.kernel.exports.papers import given_file

from ... import filters, services
from ...models import LibraryComment, LibraryItem, LibraryOpening, LibraryVersion
from ...policies.library import comments_read_by
from .. import serializers
from ..parameters import IF_MATCH


class LibraryItemViewSet(RecordViewSet):
    """Works of the library, as far as the caller reads them."""

    queryset = LibraryItem.objects.all()
    serializer_class = serializers.LibraryItemSerializer
    filterset_class = filters.LibraryFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().with_last_version()

    @property
    def now(self) -> dict[str, Any]:
        return {"at": timezone.now(), "by": self.user}

    @extend_schema(
        request=serializers.LibraryItemInput,
        responses={201: serializers.LibraryItemSerializer},
    )
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.LibraryItemInput)
        row = services.add_library_item(**data, **self.now)
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.LibraryItemInput, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        item = self.get_object()
        row = services.change_library_item(
            item,
            **self.validated(serializers.LibraryItemInput, partial=True),
            version=version_of(request),
            by=self.user,
        )
        return self.answer(row)

    @extend_schema(
        request={"multipart/form-data": serializers.LibraryVersionInput},
        responses={201: serializers.LibraryVersionSerializer},
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="versions",
        parser_classes=FILES,
    )
    def add_version(self, request: Request, pk: str) -> Response:
        item = self.get_object()
        data = self.validated(serializers.LibraryVersionInput)
        row = services.add_library_version(item, **data, **self.now)
        shown = serializers.LibraryVersionSerializer(row).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        row = services.publish_library_item(self.get_object(), **self.now)
        return self.answer(row)

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        item, data = self.get_object(), self.validated(ReasonInput)
        return self.answer(services.withdraw_library_item(item, **data, **self.now))

    @extend_schema(
        request=serializers.LibraryCommentInput,
        responses={201: serializers.LibraryCommentSerializer},
    )
    @action(detail=True, methods=["post"])
    def comment(self, request: Request, pk: str) -> Response:
        item = self.get_object()
        data = self.validated(serializers.LibraryCommentInput)
        row = services.comment_on_draft(item, **data, **self.now)
        row = comments_read_by(self.user).get(pk=row.pk)
        shown = serializers.LibraryCommentSerializer(row).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.FollowLibraryInput,
        responses={200: serializers.FollowLibraryInput},
    )
    @action(detail=False, methods=["post"])
    def follow(self, request: Request) -> Response:
        data = self.validated(serializers.FollowLibraryInput)
        services.follow_library(self.user, **data, at=timezone.now())
        return Response(data)


class LibraryVersionViewSet(RecordViewSet):
    """Versions: all of them for INM, the newest one for others."""

    queryset = LibraryVersion.objects.select_related("document")
    serializer_class = serializers.LibraryVersionSerializer
    filterset_class = filters.LibraryVersionFilter

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def download(self, request: Request, pk: str) -> Any:
        """Take its file, or be led to its recording; either is recorded."""
        version, now = self.get_object(), timezone.now()
        opened = services.open_library_version(version, at=now, by=self.user)
        if opened.file is None:
            return HttpResponseRedirect(opened.link)
        return given_file(opened.file, opened.name, opened.content_type)


class LibraryCommentViewSet(RecordViewSet):
    """What was said to drafts; the names of other members' people are kept back."""

    queryset = LibraryComment.objects.all()
    serializer_class = serializers.LibraryCommentSerializer
    filterset_class = filters.LibraryCommentFilter

    def get_queryset(self) -> Any:
        return comments_read_by(self.user)


class LibraryOpeningViewSet(RecordViewSet):
    queryset = LibraryOpening.objects.select_related("person", "version")
    serializer_class = serializers.LibraryOpeningSerializer
    filterset_class = filters.LibraryOpeningFilter
