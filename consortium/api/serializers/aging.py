"""What is owed and for how long, and the account of a member, as JSON."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.money import CURRENCIES

from ...models import Invoice, Organization
from ...models.aging import SUMS
from ...states import Bucket, ForecastKind, Stated, StatementForm
from .amounts import amount_field, amount_read


class AgingSerializer(RecordSerializer):
    """
    What a member owes, by days past the due date of its invoices.

    ``receivable`` is the sum of the buckets and ``in_dispute`` a part of it; cash that
    is ``on_account`` stands beside, and is not taken off.
    """

    currency = serializers.CharField(read_only=True)

    owed_current, owed_days_30, owed_days_60 = (
        amount_read(),
        amount_read(),
        amount_read(),
    )
    owed_days_90, owed_days_120, owed_older = (
        amount_read(),
        amount_read(),
        amount_read(),
    )
    receivable, in_dispute, on_account = amount_read(), amount_read(), amount_read()

    class Meta:
        model = Organization
        fields = ["id", "name", *SUMS, "currency"]


class OpenInvoiceSerializer(RecordSerializer):
    """An invoice of which something is open, with what was done, and what is next."""

    bucket = serializers.ChoiceField(choices=Bucket.choices, read_only=True)
    days_late = serializers.IntegerField(read_only=True)
    asked, allocated, credited = amount_read(), amount_read(), amount_read()
    written_off, open_amount, disputed = amount_read(), amount_read(), amount_read()
    owner = serializers.IntegerField(read_only=True, allow_null=True)
    last_contact_on = serializers.DateField(read_only=True, allow_null=True)
    promised_on = serializers.DateField(read_only=True, allow_null=True)
    settle_by = serializers.DateField(read_only=True, allow_null=True)
    next_on = serializers.DateField(read_only=True, allow_null=True)
    next_rung = serializers.CharField(read_only=True, allow_null=True)
    task = serializers.CharField(read_only=True, allow_null=True)
    task_on = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = Invoice
        fields = [
            *["id", "number", "organization", "order_number", "issued_on"],
            *["terms_days", "due_on", "days_late", "bucket", "asked", "allocated"],
            *["credited", "written_off", "open_amount", "disputed", "currency"],
            *["owner", "last_contact_on", "promised_on", "settle_by"],
            *["next_on", "next_rung", "task", "task_on"],
        ]


class ExpectedSerializer(serializers.Serializer):
    """An amount that is to come: of what, when, and why then."""

    kind = serializers.ChoiceField(choices=ForecastKind.choices)
    organization = serializers.IntegerField()
    member = serializers.CharField()
    what = serializers.CharField()
    due_on = serializers.DateField()
    expected_on = serializers.DateField()
    amount, covered = amount_read(), amount_read()
    why = serializers.CharField()
    probability = serializers.IntegerField(allow_null=True)
    weighted = amount_read()


class CashForecastSerializer(serializers.Serializer):
    """
    The cash to come over 24 months; ``disputed`` and ``renewal`` are in no sum.

    ``weighted`` is what renews by its probability, in percent, as staff estimate it.
    """

    on = serializers.DateField()
    cash, weighted = amount_read(), amount_read()
    lines = ExpectedSerializer(many=True)


class WaitsSerializer(serializers.Serializer):
    """Things that wait for finance; ``url`` is the page that lists them."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField()
    count = serializers.IntegerField()
    amount = amount_read()


class PartSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    rows = WaitsSerializer(many=True)


class AgedOfAllSerializer(serializers.Serializer):
    """What is open of an age; ``disputed`` is a part of ``amount``."""

    bucket = serializers.ChoiceField(choices=Bucket.choices)
    count, disputes = serializers.IntegerField(), serializers.IntegerField()
    amount, disputed = amount_read(), amount_read()


class CockpitSerializer(serializers.Serializer):
    """The work of a day, and what is open by age; cash ``on_account`` is apart."""

    on = serializers.DateField()
    parts = PartSerializer(many=True)
    aging = AgedOfAllSerializer(many=True)
    receivable, disputed = amount_read(), amount_read()
    on_account = amount_field(read_only=True, source="forecast.on_account")


class StatementLineSerializer(serializers.Serializer):
    """What changed the balance: ``effect`` is below zero where it was credited."""

    on = serializers.DateField()
    kind = serializers.CharField()
    what = serializers.CharField()
    number = serializers.CharField()
    detail = serializers.CharField()
    effect = amount_read()
    balance = amount_read()


class AgedSerializer(serializers.Serializer):
    bucket = serializers.ChoiceField(choices=Bucket.choices)
    amount = amount_read()


class OpenOnStatementSerializer(serializers.Serializer):
    """An invoice that was open at the end of the period."""

    id = serializers.IntegerField(source="pk")
    number = serializers.CharField()
    due_on = serializers.DateField()
    bucket = serializers.ChoiceField(choices=Bucket.choices)
    open_amount = amount_read()
    disputed = amount_read()


class StatementSerializer(serializers.Serializer):
    """
    The account of a member over a period, as known on a day.

    ``closing`` is ``opening`` with the effects of all lines, and is what is
    ``receivable`` less what is ``on_account``.
    """

    organization = serializers.IntegerField(source="organization.pk")
    since = serializers.DateField(source="period.since")
    until = serializers.DateField(source="period.until")
    known_on = serializers.DateField(source="period.known_on")
    currency = serializers.ChoiceField(choices=CURRENCIES)
    opening, closing = amount_read(), amount_read()
    receivable, disputed, on_account = amount_read(), amount_read(), amount_read()
    lines = StatementLineSerializer(many=True, source="all_lines")
    aging = AgedSerializer(many=True, source="aged")
    open_invoices = OpenOnStatementSerializer(many=True)


class IssueStatementsInput(serializers.Serializer):
    """Whose statements of a period are issued, and how; this fiscal year by default."""

    since = serializers.CharField(required=False)
    until = serializers.CharField(required=False)
    on = serializers.CharField(required=False)
    currency = serializers.CharField(required=False)
    whom = serializers.ChoiceField(choices=Stated.choices)
    form = serializers.ChoiceField(choices=StatementForm.choices)
