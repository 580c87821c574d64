"""Personal data: handed out to whom it is about, and erased for good."""

from collections.abc import Sequence
from typing import IO, Any

from django import forms
from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from consortium import services
from consortium.models import Contact
from consortium.views.pages import contact_crumbs
from inm_portal.accounts import personal_data
from inm_portal.accounts.freshness import FreshMixin
from inm_portal.accounts.models import Erasure, Ground, User
from inm_portal.kernel.forms import RecordForm
from inm_portal.kernel.views import PermittedMixin, RecordDetail, UseCaseView, Visited

from .directory import trail_of

ARCHIVE = "personal-data-{}.zip"


def archive_of(person: User, by: User) -> FileResponse:
    """Answer with all that is held about a person."""
    return packed(personal_data.hand_out(person, by=by), ARCHIVE.format(person.pk))


def packed(archive: IO[bytes], name: str) -> FileResponse:
    return FileResponse(archive, as_attachment=True, filename=name)


class OwnData(FreshMixin, Visited, View):
    """Everything that the portal holds about whoever asks."""

    http_method_names = ["get"]  # a HEAD would be journaled, and take nothing

    def get(self, request: HttpRequest) -> FileResponse:
        return archive_of(self.user, self.user)


class ContactData(PermittedMixin, View):
    """The same of a contact who has no account."""

    http_method_names = ["get"]
    queryset = Contact.objects.select_related("organization")
    action = "hand_out"

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        contact = self.get_object()
        archive = services.hand_out_contact(contact, by=self.user)
        return packed(archive, ARCHIVE.format(f"contact-{contact.pk}"))


class PersonData(PermittedMixin, View):
    """Everything that the portal holds about somebody who asked INM for it."""

    http_method_names = ["get"]
    queryset = User.objects.all()
    action = "hand_out"

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        return archive_of(self.get_object(), self.user)


class GroundForm(RecordForm):
    """Why; the person has no part in it."""

    class Meta:
        model = Erasure
        fields = ["ground", "reference"]


class ErasureForm(GroundForm):
    """Why, as it was said before, and the address once more."""

    address = forms.EmailField(
        label=_("Address of the person"),
        help_text=_("Typed once more, so that nobody is erased by a wrong click."),
    )

    class Meta(GroundForm.Meta):
        widgets = {"ground": forms.HiddenInput, "reference": forms.HiddenInput}


class ErasePerson(RecordDetail):
    """The first step: what goes, what stays and why."""

    queryset = User.objects.all()
    action = "erase"
    template_name = "home/erase_person.html"
    context_object_name = "person"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("Erase %(name)s") % {"name": self.object.name},
            preview=personal_data.preview(self.object),
            objections=self.objections(),
            form=GroundForm(initial={"ground": Ground.ASKED}),
            pseudonym=personal_data.pseudonym_of(self.object),
            next_url=reverse("confirm_erasure", args=[self.object.pk]),
            breadcrumbs=trail_of(self.object),
            **kwargs,
        )

    def objections(self) -> Sequence[str]:
        return personal_data.objections(self.object)


class ConfirmErasure(UseCaseView):
    """The second step: the address typed, and the person is gone."""

    queryset = User.objects.all()
    action = "erase"
    form_class = ErasureForm
    context_object_name = "person"  # "user" is who visits
    first_step = "erase_person"
    done = _("Erased.")

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        return {name: asked.get(name, "") for name in ("ground", "reference")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("Erase %(name)s for good") % {"name": self.object.name},
            intro=_("This cannot be undone, and restoring a backup does not undo it."),
            submit_label=_("Erase for good"),
            submit_tone="danger",
            breadcrumbs=self.trail(),
            cancel_url=reverse(self.first_step, args=[self.object.pk]),
            **kwargs,
        )

    def trail(self) -> Any:
        return trail_of(self.object)

    def perform(self, **data: Any) -> Any:
        return personal_data.erase(self.object, **data, at=timezone.now(), by=self.user)


class EraseContact(RecordDetail):
    """The first step, for a contact who has no account."""

    queryset = Contact.objects.select_related("organization")
    action = "erase"
    template_name = "home/erase_person.html"
    context_object_name = "person"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contact = self.object
        return super().get_context_data(
            heading=_("Erase %(name)s") % {"name": contact.name},
            breadcrumbs=contact_crumbs(contact),
            preview=services.preview_contact(contact),
            objections=services.objections_to_erasing(contact),
            form=GroundForm(initial={"ground": Ground.ASKED}),
            pseudonym=services.pseudonym_of_contact(contact),
            next_url=reverse("confirm_contact_erasure", args=[contact.pk]),
            **kwargs,
        )


class ConfirmContactErasure(ConfirmErasure):
    """The second step."""

    queryset = Contact.objects.select_related("organization")
    first_step = "erase_contact"

    def trail(self) -> Any:
        return contact_crumbs(self.object)

    def perform(self, **data: Any) -> Contact:
        return services.erase_contact(
            self.object, **data, at=timezone.now(), by=self.user
        )
