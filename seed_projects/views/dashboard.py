"""The figures of a call, each with the way to the proposals that it counts."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.views import RecordDetail, StepView

from .. import services
from ..models import Call
from ..reports import Slot, figures_of
from .calls import CALLS


class CallDashboard(RecordDetail):
    queryset = Call.objects.with_closing()
    action = "dashboard"
    template_name = "seed_projects/call_dashboard.html"
    buttons = ("book", "write_letter")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.object
        figures = figures_of(call, deadline=call.closes_at)
        hours = figures.hours
        return super().get_context_data(
            heading=_("How it is answered"),
            pretitle=call.title,
            breadcrumbs=[CALLS, (call.title, call.get_absolute_url())],
            call=call,
            figures=figures,
            at=timezone.now(),
            queue=self.queue() if self.may_open else "",
            states=self.led(figures.states),
            parts=[
                (_("Themes"), self.led(figures.themes)),
                (_("Tracks"), self.led(figures.tracks)),
                (_("Departments of PIs"), self.led(figures.departments)),
            ],
            unconfirmed=self.led([figures.unconfirmed] if figures.unconfirmed else []),
            deadline=call.closes_at and services.in_zone(call.closes_at, call),
            plot={
                "labels": [slot.label for slot in hours],
                "datasets": [
                    {"label": _("Handed in"), "data": [slot.count for slot in hours]}
                ],
            },
            **kwargs,
        )

    @property
    def may_open(self) -> bool:
        return bool(self.user.has_perm("seed_projects.view_proposal"))

    def queue(self, **asked: str) -> str:
        told = urlencode({"call": str(self.object.pk)} | asked)
        return f"{reverse('seed_projects:screening')}?{told}"

    def led(self, slots: Iterable[Slot]) -> list[tuple[Slot, str]]:
        """Return figures with the way to what they count, for who may read it."""
        return [
            (slot, self.queue(**slot.asked) if slot.asked and self.may_open else "")
            for slot in slots
        ]


class BindBook(StepView):
    """Ask for all that was handed in as one PDF; its page tells how far it is."""

    queryset = Call.objects.all()
    action = "book"
    done = _("Asked for; this page tells how far it is.")

    def perform(self, call: Call, /) -> Any:
        return services.ask_for_book(call, at=timezone.now(), by=self.user)
