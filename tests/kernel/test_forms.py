"""Forms say what input looks like and change no row."""

from datetime import date

import pytest

from consortium.models import Organization
from inm_portal.kernel.forms import DATE, DayField, EditForm, RecordForm

from ..factories.consortium import OrganizationFactory


class NameForm(RecordForm):
    class Meta:
        model = Organization
        fields = ["name", "named_since_on"]
        widgets = {"named_since_on": DATE}


class NameEditForm(EditForm):
    class Meta(NameForm.Meta):
        pass


TYPED = {"name": "Siemens", "named_since_on": "2026-11-22"}


def test_clean_data_is_all_that_a_form_gives(db):
    organization = OrganizationFactory(name="Amgen")
    form = NameForm(TYPED, instance=organization)

    assert form.is_valid()
    assert form.cleaned_data == {
        "name": "Siemens",
        "named_since_on": date(2026, 11, 22),
    }
    assert organization.name == "Amgen"


def test_whether_a_name_is_free_is_not_for_the_form_to_say(
    db, django_assert_num_queries
):
    OrganizationFactory(name="Siemens")

    with django_assert_num_queries(0):
        assert NameForm(TYPED).is_valid()


def test_an_edit_starts_from_the_version_that_was_read(db):
    form = NameEditForm(instance=OrganizationFactory(version=3))

    assert form["version"].value() == 3
    assert form.hidden_fields() == [form["version"]]


@pytest.mark.parametrize("version", [{}, {"version": ""}, {"version": "latest"}])
def test_an_edit_without_a_version_is_incomplete(db, version):
    form = NameEditForm(TYPED | version, instance=OrganizationFactory())

    assert list(form.errors) == ["version"]


def test_an_edit_hands_its_version_on(db):
    form = NameEditForm(TYPED | {"version": "1"}, instance=OrganizationFactory())

    assert form.is_valid()
    assert form.cleaned_data["version"] == 1


def test_a_day_is_entered_with_the_picker_of_the_browser():
    field = DayField(label="From")

    shown = field.widget.render("from_on", date(2026, 11, 22))
    assert shown == '<input type="date" name="from_on" value="2026-11-22">'
    assert field.clean("2026-11-22") == date(2026, 11, 22)
