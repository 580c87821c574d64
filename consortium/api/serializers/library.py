"""The library, its versions, what is said to drafts, and what was opened."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import LibraryComment, LibraryItem, LibraryOpening, LibraryVersion


class LibraryItemSerializer(RecordSerializer):
    """A work of the library; ``last_number`` is that of its newest version."""

    last_number = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = LibraryItem
        fields = [
            *["id", "kind", "title", "summary", "audience", "embargo_until"],
            *["is_draft_shared", "state", "last_number", "added_at"],
            *["published_at", "withdrawn_at", "version"],
        ]


class LibraryItemInput(RecordSerializer):
    class Meta:
        model = LibraryItem
        fields = [
            *["kind", "title", "summary", "audience"],
            *["embargo_until", "is_draft_shared"],
        ]


class LibraryVersionSerializer(RecordSerializer):
    name = serializers.CharField(source="document.name", read_only=True, default=None)

    class Meta:
        model = LibraryVersion
        fields = ["id", "item", "number", "name", "link", "changes", "added_at"]


class LibraryVersionInput(serializers.Serializer):
    """A file, or the address of a recording."""

    file = serializers.FileField(required=False)
    link = serializers.URLField(required=False, allow_blank=True)
    changes = serializers.CharField(required=False, allow_blank=True, max_length=500)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("file") and not attrs.get("link"):
            words = _("Give a file, or the address of a recording.")
            raise serializers.ValidationError({"file": [words]})
        return attrs


class LibraryCommentSerializer(RecordSerializer):
    """What was said to a draft; who said it, INM and their own company are told."""

    said_by = serializers.CharField(read_only=True, allow_null=True)
    said_for = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = LibraryComment
        fields = ["id", "item", "number", "said_by", "said_for", "text", "written_at"]


class LibraryCommentInput(serializers.Serializer):
    text = serializers.CharField(max_length=4000)


class LibraryOpeningSerializer(RecordSerializer):
    item = serializers.IntegerField(source="version.item_id", read_only=True)
    number = serializers.IntegerField(source="version.number", read_only=True)
    person = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = LibraryOpening
        fields = ["id", "item", "number", "version", "person", "organization"]
        fields += ["is_marked", "opened_at"]


class FollowLibraryInput(serializers.Serializer):
    is_following = serializers.BooleanField()
