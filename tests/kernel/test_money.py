"""Money is exact, refused beyond the cent, and written as people read it."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from consortium.models import AgreementYear
from inm_portal.kernel.money import CENT, AmountField, MoneyField, split, written


class Form(forms.Form):
    amount = AmountField()


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("500000", "500000"),
        ("500000.00", "500000.00"),
        ("$500,000", "500000"),
        ("$500,000.5", "500000.5"),
        ("  500,000.05 ", "500000.05"),
        ("0", "0"),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed, amount):
    assert AmountField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed",
    ["0.001", "$1.234", "1e400", "NaN", "Infinity", "€5", "five", "1234567890123.00"],
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        AmountField().clean(typed)


def test_a_third_decimal_is_refused_by_the_model_too():
    year = AgreementYear(required=Decimal("1.005"))

    with pytest.raises(ValidationError, match="2 decimal places"):
        AgreementYear._meta.get_field("required").clean(year.required, year)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("500000.00"), "500,000"),
        (Decimal("500000.10"), "500,000.10"),
        (Decimal("0.00"), "0"),
    ],
)
def test_a_form_shows_an_amount_as_people_write_it(amount, shown):
    assert Form(initial={"amount": amount})["amount"].value() == shown


def test_a_form_keeps_what_was_typed():
    form = Form({"amount": "$5oo"})

    assert not form.is_valid()
    assert form["amount"].value() == "$5oo"


def test_money_has_two_decimals_and_a_field_of_its_own():
    field = MoneyField()

    assert (field.max_digits, field.decimal_places) == (14, 2)
    assert type(field.formfield()) is AmountField


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("500000", "$500,000"),
        ("500000.00", "$500,000"),
        ("1234567.8", "$1,234,567.80"),
        ("0", "$0"),
        ("-12.50", "-$12.50"),
    ],
)
def test_an_amount_is_written_for_people(amount, words):
    assert written(Decimal(amount)) == words


def test_w9_and_case_40_the_first_parts_take_the_cents_that_are_left():
    parts = split(Decimal(500_000), 3)

    assert [str(part) for part in parts] == ["166666.67", "166666.67", "166666.66"]


@pytest.mark.parametrize("amount", ["0.00", "0.01", "-37500.01", "999999999999.99"])
@pytest.mark.parametrize("parts", [1, 2, 3, 4, 7])
def test_parts_differ_by_a_cent_at_most_and_add_up(amount, parts):
    found = split(Decimal(amount), parts)

    assert sum(found) == Decimal(amount)
    assert max(found) - min(found) <= CENT
    assert found == sorted(found, reverse=True)
