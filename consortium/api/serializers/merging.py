"""Two contacts that are one person."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.filters import LARGEST

from ...models import ContactMerge


class ContactMergeSerializer(RecordSerializer):
    undo_until = serializers.DateTimeField(read_only=True)

    class Meta:
        model = ContactMerge
        fields = [
            *["id", "survivor", "merged", "merged_at", "merged_by"],
            *["undo_until", "undone_at"],
        ]


class MergeInput(serializers.Serializer):
    merged = serializers.IntegerField(min_value=1, max_value=LARGEST)
    take = serializers.MultipleChoiceField(
        choices=[(name, name) for name in ContactMerge.FIELDS], required=False
    )
