"""What people type about contacts, their roles and their departure."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DayField, EditForm, RecordForm

from ..models import Contact, ContactRole


class ContactForm(RecordForm):
    class Meta:
        model = Contact
        fields = ["name", "email", "job_title", "phone", "is_shared_mailbox"]
        help_texts = {
            "is_shared_mailbox": _(
                "Several people read it, as ap@…: it may hold the billing role, and"
                " whoever signs in with it is asked for their name at each action."
            )
        }


class ContactDetailsForm(EditForm):
    class Meta(ContactForm.Meta):
        pass


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=ContactRole.choices)
    from_on = DayField(label=_("From"), initial=timezone.localdate)


class EndRoleForm(forms.Form):
    until_on = DayField(
        label=_("Ends on"),
        initial=timezone.localdate,
        help_text=_("The first day without the role."),
    )


class DepartureForm(forms.Form):
    on = DayField(
        label=_("Left on"),
        initial=timezone.localdate,
        help_text=_("Roles and access end on this day; history stays."),
    )
