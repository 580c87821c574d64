"""What is not as the template and the program ask for."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import AgreementException, DuesException


class ExceptionSerializer(RecordSerializer):
    what = serializers.CharField(source="words", read_only=True)

    class Meta:
        model = AgreementException
        fields = [
            *["id", "kind", "organization", "agreement", "amendment"],
            *["commitment_year", "noted_on", "what", "amount", "currency"],
        ]


class DuesExceptionSerializer(RecordSerializer):
    class Meta:
        model = DuesException
        fields = [
            *["id", "kind", "organization", "invoice", "noted_on", "what"],
            *["amount", "currency"],
        ]
