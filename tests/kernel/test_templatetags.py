"""What every template can say."""

from decimal import Decimal

import pytest

from inm_portal.kernel.templatetags.portal import page, total


@pytest.mark.parametrize(
    ("amount", "tone"), [(Decimal(1_500), ""), (Decimal(0), " text-secondary")]
)
def test_a_total_opens_to_its_lines(amount, tone):
    written = total(amount, "USD", "/years/7/?on=2026-01-01&x", "credited")

    assert written == (
        f'<a class="text-nowrap{tone}" href="/years/7/?on=2026-01-01&amp;x#credited">'
        f"${amount:,}</a>"
    )


def test_nothing_in_a_total_is_markup():
    written = total(Decimal(1), '"<b>', '/"><script>', "x")

    assert "<script>" not in written
    assert "<b>" not in written


def test_an_object_has_one_address():
    assert page("consortium:contact", 12) == "/consortium/contacts/12/"
