"""What waits for somebody today: what is theirs, what is late, who is at risk."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from consortium import services
from consortium.models import Organization, with_signs
from inm_portal.kernel.models import Task
from inm_portal.kernel.views import Visited

#: So many of each stand here; the lists have the rest.
SHOWN = 15


class Queue(Visited, View):
    """Each part is what its reader may see, the most urgent first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        mine = self.tasks().waiting_for(self.user)
        others = self.tasks().open().exclude(pk__in=mine.values("pk"))
        context = {
            "heading": _("Today"),
            "today": today,
            "mine": self.first(mine),
            "late": self.first(others.filter(due_on__lt=today)),
            "at_risk": self.at_risk(),
            "shown": SHOWN,
        }
        return render(request, "home/queue.html", context)

    def tasks(self) -> Any:
        return Task.objects.permitted(self.user, "view")

    def first(self, tasks: Any) -> list[Task]:
        rows = tasks.select_related("person").with_permissions(self.user, "finish")
        return list(rows.order_by("due_on", "pk")[:SHOWN])

    def at_risk(self) -> list[Any] | None:
        """Return the members with most signs; None for those who do not see them."""
        if not self.user.has_perm("consortium.view_healthnote"):
            return None
        today = timezone.localdate()
        rows: Any = Organization.objects.select_related("owner")
        rows = rows.permitted(self.user, "see_care")
        rows = with_signs(rows.with_membership(on=today), on=today).filter(signs__gt=0)
        found = list(rows.order_by("-signs", "notice_on", "pk")[:SHOWN])
        for member in found:
            member.told = services.signs_of(member, on=today)
        return found
