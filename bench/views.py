"""The reference list and its export."""

from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from inm_portal.accounts.models import User
from inm_portal.kernel import exports

from .models import Category, Item, ItemQuerySet, State

PAGE_SIZE = 50
COUNT_UP_TO = 10_000

EXPORT_COLUMNS: dict[str, Any] = {
    "id": "pk",
    "code": exports.text("code"),
    "name": exports.text("name"),
    "category": exports.text("category__name"),
    "supplier": exports.text("supplier__name"),
    "state": "state",
    "quantity": "quantity",
    "amount": "amount",
    "made_on": "made_on",
}


class ItemFilterForm(forms.Form):
    """What the reference list is narrowed by."""

    search = forms.CharField(required=False)
    category = forms.ModelChoiceField(Category.objects.order_by("name"), required=False)
    state = forms.ChoiceField(choices=[("", "Any"), *State.choices], required=False)

    def filtered(self, items: ItemQuerySet) -> ItemQuerySet:
        asked = self.cleaned_data if self.is_valid() else {}
        if asked.get("search"):
            items = items.matching(asked["search"])
        for name in ("category", "state"):
            if asked.get(name):
                items = items.filter(**{name: asked[name]})
        return items


class ReferenceList(View):
    """
    What a plain list costs: the yardstick of the pages.

    Five statements: session, user, permission, choices, and the rows with their
    capped count. User and permission are asked for here as Django does, although
    the portal reads both with the session: a yardstick must not shrink with what
    it measures.
    """

    permission_required = "view_organization"

    def get(self, request: HttpRequest) -> HttpResponse:
        reader = User.objects.get(pk=request.user.pk)
        rights = Permission.objects.filter(group__user=reader)
        if not rights.filter(codename=self.permission_required).exists():
            raise PermissionDenied
        form = ItemFilterForm(request.GET)
        number = max(int(request.GET.get("page") or 1), 1)
        items = (
            form.filtered(Item.objects.all())
            .with_count(up_to=COUNT_UP_TO + 1)
            .select_related("category", "supplier")
            .order_by("-made_on", "-pk")
        )
        shown = list(items[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
        counted = shown[0].counted if shown else 0
        context = {
            "form": form,
            "items": shown,
            "total": min(counted, COUNT_UP_TO),
            "is_capped": counted > COUNT_UP_TO,
            "number": number,
            "is_last": number * PAGE_SIZE >= counted,
            "sections": range(1, 21),
        }
        return render(request, "bench/reference_list.html", context)


def export(request: HttpRequest) -> HttpResponse:
    """Answer with all rows as a file, by the way of every export."""
    rows = Item.objects.order_by("pk")
    return exports.csv_response("reference", rows, EXPORT_COLUMNS)
