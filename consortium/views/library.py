"""The library: its list, each work with its versions, and what was opened."""

from http import HTTPStatus
from typing import Any

from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.documents import HeldBack
from inm_portal.kernel.exports.papers import given_file
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows, slice_of
from inm_portal.kernel.views import (
    CreateView,
    FormPage,
    RecordDetail,
    StepView,
    UseCaseView,
    Visited,
)
from inm_portal.kernel.watermarks import CannotBeMarked

from .. import forms, services
from ..filters import LibraryFilter, LibraryOpeningFilter
from ..models import (
    Audience,
    LibraryFollower,
    LibraryItem,
    LibraryKind,
    LibraryOpening,
    LibraryVersion,
)
from ..policies.library import comments_read_by
from ..states import LibraryState

LIBRARY = (_("Library"), reverse_lazy("consortium:library"))


class LibraryRows(Rows):
    queryset = LibraryItem.objects.all()
    filter_class = LibraryFilter
    default_sort = "-added"
    columns = [
        Column("title", _("Title"), (Lower("title"),)),
        Column("kind", _("Kind"), ("kind",)),
        Column("audience", _("Audience"), ("audience",)),
        Column("state", _("State"), ("state",)),
        Column("version", _("Version"), is_numeric=True),
        Column("added", _("Added"), ("added_at",)),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().with_last_version()


class LibraryList(LibraryRows, RecordList):
    template_name = "consortium/library_list.html"
    noun = (_("work"), _("works"))
    export_url = reverse_lazy("consortium:export_library")
    extra_context = {
        "heading": _("Library"),
        "empty_title": _("Nothing here yet"),
        "empty_text": _(
            "Roadmaps, case studies, white papers and recordings stand here."
        ),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().with_news(self.user)

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("consortium.add_libraryitem")
        marks_news = not self.user.is_at_inm
        more = {"now": timezone.now(), "may_add": may_add, "marks_news": marks_news}
        return super().get_context(page) | more


class ExportLibrary(LibraryRows, RecordExport):
    name = "library"
    export_columns = {
        "id": "pk",
        "title": exports.text("title"),
        "kind": "kind",
        "kind_words": exports.words("kind", LibraryKind.choices),
        "summary": exports.text("summary"),
        "audience": "audience",
        "audience_words": exports.words("audience", Audience.choices),
        "state": "state",
        "state_words": exports.words("state", LibraryState.choices),
        "version": "last_number",
        "embargo_until": "embargo_until",
        "added_at": "added_at",
        "published_at": "published_at",
        "withdrawn_at": "withdrawn_at",
    }


class LibraryDetail(RecordDetail):
    queryset = LibraryItem.objects.all()
    template_name = "consortium/library_detail.html"
    buttons = ("change", "add_version", "publish", "withdraw", "comment")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.object
        at_inm = self.user.has_perm("consortium.view_libraryitem")
        versions = item.versions.permitted(self.user, "view")
        comments = comments_read_by(self.user).filter(item=item).order_by("-pk")
        context = super().get_context_data(
            heading=item.title,
            pretitle=item.kind_label,
            breadcrumbs=[LIBRARY],
            item=item,
            at_inm=at_inm,
            is_under_embargo=item.is_under_embargo(at=timezone.now()),
            versions=list(versions.select_related("document").order_by("-number")),
            comments=slice_of(comments, "comments", self.request.GET),
            **kwargs,
        )
        if at_inm:
            rows: Any = LibraryItem.objects.filter(pk=item.pk)
            opened = rows.with_openings()
            context["opened"] = opened.values("openings", "members_opened").get()
        return context


class AddLibraryItem(CreateView):
    permission = "consortium.add_libraryitem"
    form_class = forms.LibraryItemForm
    done = _("Added as a draft. Add its first version now.")
    extra_context = {
        "heading": _("Add to the library"),
        "submit_label": _("Add"),
        "breadcrumbs": [LIBRARY],
        "cancel_url": reverse_lazy("consortium:library"),
    }

    def perform(self, **data: Any) -> LibraryItem:
        return services.add_library_item(**data, at=timezone.now(), by=self.user)


class OfItem(UseCaseView):
    queryset = LibraryItem.objects.all()
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.object
        return super().get_context_data(
            heading=self.heading,
            breadcrumbs=[LIBRARY, (str(item), item.get_absolute_url())],
            cancel_url=item.get_absolute_url(),
            **kwargs,
        )

    @property
    def now(self) -> dict[str, Any]:
        return {"at": timezone.now(), "by": self.user}


class ChangeLibraryItem(OfItem):
    action = "change"
    form_class = forms.ChangeLibraryItemForm
    heading = _("Change the entry")
    done = _("Changed.")
    extra_context = {"submit_label": _("Save")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, **data: Any) -> LibraryItem:
        return services.change_library_item(self.object, **data, by=self.user)


class AddLibraryVersion(OfItem):
    action = "add_version"
    form_class = forms.LibraryVersionForm
    heading = _("Add a version")
    done = _("Version added.")
    extra_context = {
        "submit_label": _("Add version"),
        "intro": _("Readers see the newest version; INM keeps all."),
    }

    def perform(self, **data: Any) -> LibraryVersion:
        return services.add_library_version(self.object, **data, **self.now)


class PublishLibraryItem(StepView):
    queryset = LibraryItem.objects.all()
    action = "publish"
    done = _("Published.")

    def perform(self, item: LibraryItem, /) -> LibraryItem:
        return services.publish_library_item(item, at=timezone.now(), by=self.user)


class WithdrawLibraryItem(OfItem):
    action = "withdraw"
    form_class = ReasonForm
    heading = _("Withdraw it")
    done = _("Withdrawn; INM alone sees it.")
    extra_context = {
        "submit_label": _("Withdraw"),
        "intro": _("Nobody else can open it from now on. Who did stays on record."),
    }

    def perform(self, **data: Any) -> LibraryItem:
        return services.withdraw_library_item(self.object, **data, **self.now)


class CommentDraft(OfItem):
    action = "comment"
    form_class = forms.CommentForm
    heading = _("Comment on the draft")
    done = _("Your comment is there.")
    extra_context = {
        "submit_label": _("Comment"),
        "intro": _(
            "All who read this draft read it; other members do not learn who said it."
        ),
    }

    def perform(self, **data: Any) -> Any:
        return services.comment_on_draft(self.object, **data, **self.now)


class OpenLibraryVersion(RecordDetail):
    """Give a version to who may read it; that they took it is on record."""

    queryset = LibraryVersion.objects.select_related("document", "item")
    http_method_names = ["get"]  # a HEAD would be recorded, and take nothing

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        version = self.get_object()
        try:
            now = timezone.now()
            opened = services.open_library_version(version, at=now, by=self.user)
        except (HeldBack, CannotBeMarked) as refusal:
            context = {"heading": version.item.title, "refusal": refusal}
            status = HTTPStatus.CONFLICT
            return render(request, "documents/held_back.html", context, status=status)
        if opened.file is None:
            return HttpResponseRedirect(opened.link)
        return given_file(opened.file, opened.name, opened.content_type)


class FollowLibrary(Visited, FormPage):
    form_class = forms.FollowLibraryForm
    done = _("Saved.")
    asks_again = False
    extra_context = {
        "heading": _("News of the library"),
        "submit_label": _("Save"),
        "breadcrumbs": [LIBRARY],
        "cancel_url": reverse_lazy("consortium:library"),
    }

    def get_initial(self) -> dict[str, Any]:
        mine = LibraryFollower.objects.filter(person=self.user)
        return {"is_following": mine.exists()}

    def perform(self, **data: Any) -> str:
        services.follow_library(self.user, **data, at=timezone.now())
        return reverse("consortium:library")


class OpeningRows(Rows):
    """INM sees all, a coordinator those of the company, each their own."""

    queryset = LibraryOpening.objects.select_related(
        *["version__item", "person", "organization"]
    )
    filter_class = LibraryOpeningFilter
    default_sort = "-opened"
    columns = [
        Column("title", _("Title"), ("version__item__title",)),
        Column("version", _("Version"), is_numeric=True),
        Column("person", _("Person"), ("person__name",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("opened", _("Opened"), ("opened_at",)),
        Column("copy", _("Copy")),
    ]


class OpeningList(OpeningRows, RecordList):
    template_name = "consortium/library_opening_list.html"
    noun = (_("opening"), _("openings"))
    export_url = reverse_lazy("consortium:export_library_openings")
    extra_context = {
        "heading": _("Opened in the library"),
        "breadcrumbs": [LIBRARY],
        "empty_title": _("Nothing was opened yet"),
        "empty_text": _("Who opened what of the library stands here."),
    }


class ExportOpenings(OpeningRows, RecordExport):
    name = "library-openings"
    export_columns = {
        "id": "pk",
        "item": "version__item__pk",
        "title": exports.text("version__item__title"),
        "version": "version__number",
        "person": exports.text("person__name"),
        "organization": exports.text("organization__name"),
        "is_marked": "is_marked",
        "opened_at": "opened_at",
    }
