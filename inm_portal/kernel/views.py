"""View behavior that every app shares."""

import sys
from functools import partial
from http import HTTPStatus
from itertools import chain
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.generic import DetailView, FormView, View
from django.views.generic.detail import SingleObjectMixin

from .columns import holds, is_told, told_parts, ways_of
from .context import forget
from .errors import EditConflict, Refusal
from .idempotency import Repeated
from .once import once, repeated
from .permissions import flags_for, name_for
from .prepared import prepared

#: Seconds after which a browser or program may ask again.
RETRY_AFTER = "30"


class Visited(LoginRequiredMixin):
    """A page for people who are signed in; ``user`` is who acts."""

    request: HttpRequest

    @property
    def user(self) -> Any:
        return self.request.user


class PermittedMixin(Visited, SingleObjectMixin):
    """
    Show only what the visitor may see; do only what the visitor may do.

    What they may not see is not found; what they may see but not act on is
    forbidden.
    """

    queryset: Any
    object: Any
    action: ClassVar[str] = "view"
    #: Further actions whose buttons the page shows, read with the object.
    buttons: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self) -> Any:
        asked = {self.action, *self.buttons} - {"view"}
        seen = self.queryset.all().permitted(self.user, "view")
        return seen.with_permissions(self.user, *asked)

    def get_object(self, queryset: Any = None) -> Any:
        return self.permitted(super().get_object(queryset))

    def permitted(self, obj: Any) -> Any:
        """
        Return the object that was read, if the visitor may do what the page is for.

        :raises PermissionDenied: if they may only see it.
        """
        if self.action != "view" and not getattr(obj, f"may_{self.action}"):
            raise PermissionDenied
        return obj

    def still_may(self) -> bool:
        """Say whether the visitor may do it again, as far as they are concerned."""
        rows = self.queryset.all().permitted(self.user, self.action)
        return bool(rows.filter(pk=self.object.pk).exists())


class RecordDetail(PermittedMixin, DetailView):
    """The page of one object."""


class PreparedDetail(RecordDetail):
    """
    The page of one object whose statement is compiled once for all visitors.

    Who may see it, and do what, the row tells by itself once it is read. What a rule
    asks beyond that is asked only where the row leaves it open.
    """

    @classmethod
    def rows(cls, **known: Any) -> Any:
        """Return the rows of which one is shown; ``known`` alone decides of them."""
        return cls.queryset.all()

    @property
    def known(self) -> dict[str, Any]:
        """How rows are told: as of which day, say."""
        return {}

    def get_queryset(self) -> Any:
        asked = {self.action, *self.buttons} - {"view"}
        seen = self.rows(**self.known).permitted(self.user, "view")
        return seen.with_permissions(self.user, *asked)

    def get_object(self, queryset: Any = None) -> Any:
        model = self.queryset.model
        asked = {"view", self.action, *self.buttons}
        rules = flags_for(self.user, model, *asked)
        if not is_told(rules["may_view"], model):
            return super().get_object(queryset)
        told = {flag: list(told_parts(rule, model)) for flag, rule in rules.items()}
        ways = ways_of(chain.from_iterable(told.values()), model)
        found = row_of(self.kwargs["pk"], view=type(self), ways=ways, **self.known)
        obj = next(iter(found), None)
        flags = {
            flag: obj is not None and all(holds(part, obj) for part in parts)
            for flag, parts in told.items()
        }
        if obj is None or not flags["may_view"]:
            raise Http404
        left = {f for f, may in flags.items() if may and not is_told(rules[f], model)}
        vars(obj).update(flags | self.flags_asked(obj, left))
        return self.permitted(obj)

    def flags_asked(self, obj: Any, flags: set[str]) -> dict[str, bool]:
        """Return flags of an object that it does not tell by itself."""
        if not flags:
            return {}
        actions = [flag.removeprefix("may_") for flag in flags]
        rows = type(obj)._default_manager.filter(pk=obj.pk)
        return rows.with_permissions(self.user, *actions).values(*flags).get()


@prepared
def row_of(key: Any, *, view: Any, ways: tuple[str, ...], **known: Any) -> Any:
    """Return what a page reads of its object, whoever asks for it."""
    return view.rows(**known).with_ways(*ways).filter(pk=key)


class StepView(PermittedMixin, View):
    """A button: one object, one use case, then the page of what it returned."""

    http_method_names = ["post"]
    done: Any = ""

    def perform(self, obj: Any, /) -> Any:
        """Call the use case; return the object as it is now."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.object = self.get_object()
        except (PermissionDenied, Http404):
            if answer := repeated(request):
                return answer
            raise
        try:
            return once(request, self.step, still_may=self.still_may)
        except Refusal as refusal:
            forget()
            messages.warning(request, str(refusal))
        return redirect(self.object)

    def step(self) -> HttpResponse:
        obj = self.perform(self.object)
        messages.success(self.request, str(self.done))
        return redirect(obj)


class FormPage(FormView):
    """A form for one use case; a refusal stands beside the field that it is about."""

    template_name = "form.html"
    done: Any = ""
    #: Whether what was sent within the hour is asked about before it is done again.
    asks_again: ClassVar[bool] = True
    object: Any = None

    def perform(self, **data: Any) -> Any:
        """Call the use case; return the object to go to."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if words := getattr(request, "name_needed", ""):
            return self.held_back(words)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act = partial(super().post, request, *args, **kwargs)
        try:
            return once(
                request, act, still_may=self.still_may, asks_again=self.asks_again
            )
        except Repeated as refusal:
            return self.held_back(str(refusal), sent_before=refusal)

    def still_may(self) -> bool:
        """Say whether the visitor may do it again; see `PermittedMixin`."""
        return True

    def held_back(
        self, words: str, *, sent_before: Repeated | None = None
    ) -> HttpResponse:
        """Show the form with what was typed, and a key of its own."""
        form = self.get_form()
        form.errors  # noqa: B018 - reads what was typed, so that a line can be added
        form.add_error(None, words)
        form.sent_before = sent_before
        return self.form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            obj = self.perform(**form.cleaned_data)
        except EditConflict as refusal:
            show_present(form, self.object)
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        except Refusal as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, str(self.done))
        return redirect(obj)

    def form_invalid(self, form: Any) -> HttpResponse:
        forget()
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def show_present(form: Any, obj: Any) -> None:
    """
    Let a form that came too late be saved again, by somebody who knows.

    Beside each field that differs stands what is there now; what was typed
    stays.
    """
    form.data = form.data.copy()
    form.data["version"] = obj.version
    for name in form.changed_data:
        if name != "version":
            now = form[name].initial
            form.add_error(
                name, _("Now there is: %(now)s.") % {"now": now or _("nothing")}
            )


class UseCaseView(PermittedMixin, FormPage):
    """A form about one object."""

    object: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        try:
            self.object = self.get_object()
        except (PermissionDenied, Http404):
            if answer := repeated(request):
                return answer
            raise
        return super().dispatch(request, *args, **kwargs)


class ForGroups(Visited):
    """A page that asks a permission of the group, and is about no one object."""

    permission: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class CreateView(ForGroups, FormPage):
    """A form that makes an object without a parent."""


def permission_of(view: type[PermittedMixin]) -> str:
    """Return the full name of the permission that a page asks."""
    return name_for(view.queryset.model, view.action)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was open too long, instead of a bare refusal."""
    context = {"is_csrf": True}
    return render(request, "403.html", context, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that nothing is there: to a program as a problem, to a person as a page."""
    if is_for_programs(request):
        return problem(HTTPStatus.NOT_FOUND, "not_found", _("Not found."))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer the fault in flight: 503 when the database is away, 500 otherwise."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return fault(request, HTTPStatus.INTERNAL_SERVER_ERROR, "server_error")
    response = fault(request, HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
    response["Retry-After"] = RETRY_AFTER
    return response


def fault(request: HttpRequest, status: HTTPStatus, code: str) -> HttpResponse:
    """Answer from a file alone: what else a page asks may be what is broken."""
    if is_for_programs(request):
        return problem(status, code, _("The portal cannot answer just now."))
    return HttpResponse(render_to_string(f"{status:d}.html"), status=status)


def is_for_programs(request: HttpRequest) -> bool:
    """Say whether an address belongs to the API."""
    return request.path.startswith("/api/")


def problem(status: HTTPStatus, code: str, detail: str) -> JsonResponse:
    """Answer as the API answers every problem."""
    return JsonResponse({"code": code, "detail": detail}, status=status)
