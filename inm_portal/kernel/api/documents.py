"""How documents become JSON, and files reach the API."""

from rest_framework import serializers

from inm_portal.kernel.models import Document

from .serializers import RecordSerializer


class DocumentSerializer(RecordSerializer):
    class Meta:
        model = Document
        fields = [
            *["id", "kind", "subject_id", "name", "content_type", "size", "sha256"],
            *["uploaded_by", "uploaded_at", "expires_at", "state", "superseded_at"],
        ]


class FileInput(serializers.Serializer):
    file = serializers.FileField()
