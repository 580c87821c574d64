"""Two contacts that are one person: compared side by side, merged, parted again."""

from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from inm_portal.kernel.filters import key_of
from inm_portal.kernel.views import StepView

from .. import forms, services
from ..models import Contact, ContactMerge
from .contacts import OfContact

#: Contacts of a company from which the duplicate is chosen.
CANDIDATES = 20


class MergeContact(OfContact):
    """First which contact is the duplicate, then which values stand."""

    action = "merge"
    form_class = forms.MergeForm
    template_name = "consortium/contact_merge.html"
    heading = _("Merge a duplicate")
    done = _("Contacts merged; this can be undone for 30 days.")
    extra_context = {"submit_label": _("Merge")}

    @cached_property
    def candidates(self) -> Any:
        others = Contact.objects.resembling(self.object)
        return others.with_roles(on=timezone.localdate()).select_related("user")

    @cached_property
    def merged(self) -> Contact | None:
        """The contact that was chosen; None before, and for one of elsewhere."""
        asked = self.request.POST.get("merged") or self.request.GET.get("merged", "")
        return self.candidates.filter(pk=key_of(asked)).first()

    def get_form_kwargs(self) -> dict[str, Any]:
        chosen = {"survivor": self.object, "merged": self.merged}
        return super().get_form_kwargs() | chosen

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.merged
        pair = Contact.objects.filter(pk=self.object.pk).select_related("user")
        present = pair.with_roles(on=timezone.localdate())
        return super().get_context_data(
            pretitle=self.object.name,
            compared=[*present, chosen] if chosen else [],
            candidates=[] if chosen else self.candidates[:CANDIDATES],
            **kwargs,
        )

    def perform(self, **data: Any) -> ContactMerge:
        return services.merge_contacts(
            self.object,
            **data,
            at=timezone.now(),
            today=timezone.localdate(),
            by=self.user,
        )


class UndoContactMerge(StepView):
    queryset = ContactMerge.objects.select_related("survivor__organization", "merged")
    action = "undo"
    done = _("The contacts are two again.")

    def perform(self, merge: ContactMerge, /) -> ContactMerge:
        return services.undo_contact_merge(merge, at=timezone.now(), by=self.user)
