"""Companies that belong together."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import Contact, OrganizationLink


class LinkSerializer(RecordSerializer):
    reduce_on = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = OrganizationLink
        fields = [
            *["id", "organization", "kind", "other", "from_on", "until_on"],
            *["history_open_on", "reduce_on"],
        ]


class LinkInput(RecordSerializer):
    class Meta:
        model = OrganizationLink
        fields = ["other", "from_on"]


class SpinOffInput(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    legal_name = serializers.CharField(max_length=200)
    rest_name = serializers.CharField(max_length=200)
    rest_legal_name = serializers.CharField(max_length=200)
    from_on = serializers.DateField()
    contacts = serializers.PrimaryKeyRelatedField(
        many=True, queryset=Contact.objects.current(), default=[]
    )
