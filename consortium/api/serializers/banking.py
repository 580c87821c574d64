"""Files of the bank, their lines, and how those of an account are read."""

from typing import Any

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import BankAccount, BankFile, BankImport
from ...services.bank_trial import Fate
from .amounts import amount_read

MAPPING = [
    *["name", "format", "currency", "method", "delimiter", "day_format"],
    *["decimal_mark", "day_column", "amount_column", "credit_column"],
    *["debit_column", "payer_column", "reference_column", "note_column"],
    "currency_column",
]


class BankAccountSerializer(RecordSerializer):
    """How the files of an account are read; it is named, never numbered."""

    class Meta:
        model = BankAccount
        fields = ["id", *MAPPING, "version"]


class BankAccountInput(RecordSerializer):
    class Meta:
        model = BankAccount
        fields = MAPPING
        validators: list[object] = []  # the service says what is missing
        extra_kwargs: dict[str, Any] = {
            "name": {"validators": BankAccount._meta.get_field("name").validators}
        }


class BankImportSerializer(RecordSerializer):
    class Meta:
        model = BankImport
        fields = [
            *["line_count", "receipt_count", "known_count", "debit_count"],
            *["imported_by", "imported_at"],
        ]


class BankFileSerializer(RecordSerializer):
    """A file of the bank; ``taken_in`` is null while nothing of it is recorded."""

    taken_in = BankImportSerializer(read_only=True, allow_null=True, default=None)

    class Meta:
        model = BankFile
        fields = [
            *["id", "account", "name", "sha256", "uploaded_by", "uploaded_at"],
            "taken_in",
        ]


class BankFileDetail(BankFileSerializer):
    """
    A file with how many of its lines are of which fate now.

    ``job`` takes it in just now, or failed to.
    """

    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    total = amount_read()
    job = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta(BankFileSerializer.Meta):
        fields = [*BankFileSerializer.Meta.fields, "counts", "total", "job"]


class BankFileInput(serializers.Serializer):
    account = serializers.PrimaryKeyRelatedField(queryset=BankAccount.objects.all())
    file = serializers.FileField()


class BankLineSerializer(serializers.Serializer):
    """
    A line of a file, and what becomes of it, or became.

    ``receipt`` is the one that it is, may be, or came back from.
    """

    row = serializers.IntegerField(source="line.number")
    day = serializers.DateField(source="line.day")
    amount = serializers.DecimalField(14, 2, source="line.amount")
    currency = serializers.CharField(source="line.currency")
    payer = serializers.CharField(source="line.payer")
    reference = serializers.CharField(source="line.reference")
    note = serializers.CharField(source="line.note")
    fate = serializers.ChoiceField([fate.value for fate in Fate])
    organization = serializers.IntegerField(
        source="member.pk", allow_null=True, default=None
    )
    receipt = serializers.IntegerField(
        source="receipt.pk", allow_null=True, default=None
    )
    words = serializers.CharField()


class BankLines(serializers.Serializer):
    """Lines of a file, 200 at a time; ``next`` is the page after, if there is one."""

    next = serializers.IntegerField(allow_null=True)
    results = BankLineSerializer(many=True)
