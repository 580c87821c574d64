"""What somebody claims on one document."""

from typing import Any

from rest_framework import serializers

from inm_portal.kernel.filters import LARGEST
from inm_portal.kernel.money import CENT

from ...models import IN_CASH
from ...services import Paper
from .amounts import amount_field
from .evidence import PaperInput


class PartInput(serializers.Serializer):
    commitment_year = serializers.IntegerField(min_value=1, max_value=LARGEST)
    category = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in IN_CASH]
    )
    amount = amount_field(min_value=CENT)


#: Years of the longest term, in three categories each.
MOST_PARTS = 30


class ClaimInput(serializers.Serializer):
    """``knows_earlier``: what was claimed on the same document before was seen."""

    paper = PaperInput()
    parts = PartInput(many=True, min_length=1, max_length=MOST_PARTS)  # type: ignore[call-arg]
    contributed_on = serializers.DateField()
    what_for = serializers.CharField(max_length=500)
    knows_earlier = serializers.BooleanField(default=False)

    def validate_paper(self, paper: dict[str, Any]) -> Paper:
        return Paper(**paper)
