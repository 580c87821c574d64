"""Why was this not sent? And which rules there are."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from inm_portal.kernel.reminders.rules import rules
from inm_portal.kernel.reminders.stories import stories_about
from inm_portal.kernel.views import ForGroups

from .frame import frame


class ReminderPage(ForGroups, TemplateView):
    permission = "kernel.view_reminderdelivery"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | frame(self.request)


class Ladders(ReminderPage):
    """The ladders of what a search finds: each rung, and what came of it."""

    template_name = "home/reminders/ladders.html"
    extra_context = {"heading": _("Why was this not sent?")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("search", "").strip().replace("\0", "")
        found = stories_about(asked, on=timezone.localdate()) if asked else []
        return super().get_context_data(asked=asked, stories=list(found), **kwargs)


class Rules(ReminderPage):
    template_name = "home/reminders/rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        return super().get_context_data(
            heading=_("Rules of reminders"),
            rules=[(rule, rule.plain(on=today)) for rule in rules()],
            **kwargs,
        )
