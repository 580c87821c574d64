"""The Atom feed of calls that are open, for readers of news and other sites."""

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from .. import services
from ..models import Call


class OpenCallFeed(Feed):
    feed_type = Atom1Feed
    title = _("Calls for seed proposals")
    subtitle = _("MIT Initiative for New Manufacturing")
    link = reverse_lazy("seed_projects:open_calls")

    def items(self) -> Any:
        return Call.objects.not_over(at=timezone.now()).order_by("-opened_at")[:50]

    def item_title(self, item: Call) -> str:
        return item.title

    def item_description(self, item: Call) -> str:
        words = _("Deadline: %(when)s")
        assert item.closes_at is not None  # noqa: S101 - those that are open have one
        told = words % {"when": services.in_zone(item.closes_at, item)}
        return f"{item.summary} {told}"

    def item_link(self, item: Call) -> str:
        return reverse("seed_projects:public_call", args=[item.slug])

    def item_pubdate(self, item: Call) -> datetime | None:
        return item.opened_at

    def item_updateddate(self, item: Call) -> datetime | None:
        return item.opened_at


_feed = OpenCallFeed()


@require_GET
def open_calls(request: HttpRequest) -> HttpResponse:
    """Answer with the feed."""
    return _feed(request)
