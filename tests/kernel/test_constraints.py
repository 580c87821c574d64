"""What two conditions say together, for each of the four cases."""

import pytest
from django.db.models import Q

from inm_portal.kernel.constraints import iff


@pytest.mark.parametrize(
    ("left", "right", "holds"),
    [(1, 1, True), (1, 0, False), (0, 1, False), (0, 0, True)],
)
def test_both_hold_or_neither_does(db, left, right, holds):
    condition = iff(Q(left=1), Q(right=1))

    assert condition.check({"left": left, "right": right}) is holds
