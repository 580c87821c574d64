"""What everybody reads of calls, without signing in: a page, and a feed."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from .. import services
from ..models import PUBLIC_DATES, Call


class OpenCalls(TemplateView):
    template_name = "seed_projects/open_calls.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Call.objects.not_over(at=timezone.now())[:50]
        rows = [(c, services.in_zone(c.closes_at, c)) for c in found if c.closes_at]
        heading = _("Open calls for seed proposals")
        return super().get_context_data(heading=heading, calls=rows, **kwargs)


class PublicCall(TemplateView):
    """A published call, of any state; a draft is not there."""

    template_name = "seed_projects/public_call.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Call.objects.published().with_closing()
        call = rows.filter(slug=self.kwargs["slug"]).first()
        if call is None:
            raise Http404
        stages = call.stages.with_deadlines()
        dates = call.dates.filter(kind__in=PUBLIC_DATES)
        return super().get_context_data(
            heading=call.title,
            call=call,
            stages=[(s, services.in_zone(s.deadline_at, call)) for s in stages],
            dates=[(one, services.in_zone(one.at, call)) for one in dates],
            themes=call.themes.all(),
            pillars=call.pillars.all(),
            rules=call.rules.all(),
            tracks=call.tracks.all(),
            problems=call.problem_statements.select_related("organization"),
            questions=call.questions.answered(),
            **kwargs,
        )
