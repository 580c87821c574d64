"""Two accounts that are one person: compared side by side, merged, parted again."""

from typing import Any

from django import forms
from django.contrib.postgres.search import TrigramSimilarity
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from inm_portal.accounts import merging
from inm_portal.accounts.models import User, UserMerge
from inm_portal.kernel.filters import key_of
from inm_portal.kernel.views import StepView

from .directory import OfPerson, companies

#: Accounts from which the duplicate is chosen.
CANDIDATES = 20


class MergeForm(forms.Form):
    merged = forms.ModelChoiceField(
        queryset=User.objects.none(), widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["merged"].queryset = candidates  # type: ignore[attr-defined]


class MergePerson(OfPerson):
    """First which account is the duplicate, then a look at both."""

    action = "merge"
    form_class = MergeForm
    template_name = "accounts/user_merge.html"
    heading = _("Merge a duplicate")
    done = _("Accounts merged; this can be undone for 30 days.")
    extra_context = {"submit_label": _("Merge")}

    @cached_property
    def candidates(self) -> Any:
        """Accounts that may be the same person's, those of a like name first."""
        words = self.request.GET.get("search", "").strip().replace("\0", "")
        others = self.everybody.exclude(pk__in=[self.object.pk, self.user.pk])
        if words:
            others = others.matching(words)
        likeness = TrigramSimilarity("name", self.object.name)
        return others.filter(merged_into=None).order_by(likeness.desc(), "name", "pk")

    @property
    def everybody(self) -> Any:
        rows = User.objects.permitted(self.user, "view").with_roles()
        return rows.annotate(companies=companies())

    @cached_property
    def merged(self) -> User | None:
        asked = self.request.POST.get("merged") or self.request.GET.get("merged", "")
        return self.candidates.filter(pk=key_of(asked)).first()

    def get_initial(self) -> dict[str, Any]:
        return {"merged": self.merged}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"candidates": self.candidates}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.merged
        present = self.everybody.filter(pk=self.object.pk)
        return super().get_context_data(
            pretitle=self.object.name,
            search=self.request.GET.get("search", ""),
            compared=[*present, chosen] if chosen else [],
            candidates=[] if chosen else self.candidates[:CANDIDATES],
            **kwargs,
        )

    def perform(self, **data: Any) -> UserMerge:
        return merging.merge_users(self.object, **data, at=timezone.now(), by=self.user)


class UndoMerge(StepView):
    queryset = UserMerge.objects.select_related("survivor", "merged")
    action = "undo"
    done = _("The accounts are two again.")

    def perform(self, merge: UserMerge, /) -> UserMerge:
        return merging.undo_merge(merge, at=timezone.now(), by=self.user)
