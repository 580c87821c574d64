"""What people type about the works of the library."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import EditForm, RecordForm

from ..documents import LIBRARY
from ..models import LibraryItem

FIELDS = ["kind", "title", "summary", "audience", "embargo_until", "is_draft_shared"]
WIDGETS: dict[str, Any] = {
    "summary": forms.Textarea(attrs={"rows": 5}),
    "embargo_until": forms.DateTimeInput(
        attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
    ),
}


class LibraryItemForm(RecordForm):
    class Meta:
        model = LibraryItem
        fields = FIELDS
        widgets = WIDGETS


class ChangeLibraryItemForm(EditForm):
    class Meta:
        model = LibraryItem
        fields = FIELDS
        widgets = WIDGETS


class LibraryVersionForm(forms.Form):
    file = forms.FileField(label=_("File"), widget=forms.FileInput, required=False)
    link = forms.URLField(
        label=_("Address of the recording"),
        required=False,
        assume_scheme="https",
        help_text=_("In place of a file, as of a video."),
    )
    changes = forms.CharField(
        label=_("What is new"),
        required=False,
        max_length=500,
        help_text=_("From the second version on; readers see it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields["file"]
        file.widget.attrs["accept"] = LIBRARY.accept
        file.help_text = LIBRARY.help_text


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class FollowLibraryForm(forms.Form):
    is_following = forms.BooleanField(
        label=_("Tell me by mail of what is new"),
        required=False,
        help_text=_("One mail for each new work or version that you may read."),
    )
