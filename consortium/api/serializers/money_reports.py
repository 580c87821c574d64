"""Reports of money by fiscal year, as JSON."""

from rest_framework import serializers

from .amounts import amount_field, amount_read


class CashLineSerializer(serializers.Serializer):
    """Where cash came from, or stands; one amount for each of the fiscal years."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    amounts = serializers.ListField(child=amount_field())
    total = amount_read()


class SourcesAndUsesSerializer(serializers.Serializer):
    """The uses of each year add up to its sources; projects are not told yet."""

    on = serializers.DateField()
    years = serializers.ListField(child=serializers.IntegerField())
    sources = CashLineSerializer(many=True)
    uses = CashLineSerializer(many=True)


class MemberYearSerializer(serializers.Serializer):
    """A member in a fiscal year; none of the money words means another."""

    organization = serializers.IntegerField()
    member = serializers.CharField()
    year = serializers.IntegerField()
    committed, invoiced, received = amount_read(), amount_read(), amount_read()
    recognized, deferred = amount_read(), amount_read()
