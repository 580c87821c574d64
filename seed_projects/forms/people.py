"""Somebody with an account, found by address among those who are likely meant."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from consortium.models import FacultyMember
from inm_portal.accounts.models import User

from ..models import Call, CallQuestion, ProposalPerson


class Offered(forms.EmailInput):
    """An address that is typed, with likely ones offered as it is."""

    likely: Iterable[tuple[str, str]] = ()

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> Any:
        found = f"{name}-offered"
        box = super().render(name, value, (attrs or {}) | {"list": found}, renderer)
        rows = format_html_join("", '<option value="{}">{}</option>', self.likely)
        return format_html('{}<datalist id="{}">{}</datalist>', box, found, rows)


class PersonField(forms.ModelChoiceField):
    """Whoever has the account of an address; faculty and applicants are offered."""

    widget = Offered
    default_error_messages = {
        "invalid_choice": _("Nobody of this address has an account.")
    }

    def __init__(self, **kwargs: Any) -> None:
        told = {"queryset": User.objects.filter(is_active=True)}
        told["to_field_name"] = "email"
        super().__init__(**told | {"help_text": _("Their e-mail.")} | kwargs)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        rows: Any = self.queryset
        found = rows.filter(email__iexact=str(value).strip()).first()
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"])
        return found

    def offer(self, call: Call) -> None:
        """Offer the faculty, and whoever works on something for a call."""
        widget: Any = self.widget
        widget.likely = likely_for(call)


def likely_for(call: Call) -> Any:
    """Return addresses and names of those who may answer a call; one statement."""
    of_faculty = FacultyMember.objects.annotate(address=Lower("email"))
    at_work = ProposalPerson.objects.filter(proposal__call=call, person__isnull=False)
    asked = CallQuestion.objects.filter(call=call, asked_by__isnull=False)
    faculty = User.objects.alias(address=Lower("email")).filter(
        Q(address__in=of_faculty.values("address"))
        | Q(pk__in=at_work.values("person"))
        | Q(pk__in=asked.values("asked_by")),
        is_active=True,
    )
    return faculty.order_by("name", "pk").values_list("email", "name")[:500]
