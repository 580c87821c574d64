"""Calls for seed proposals: the list, and the page of each."""

from typing import Any

from inm_portal.kernel.views import RecordDetail

from ..models import Call


class CallDetail(RecordDetail):
    queryset = Call.objects.with_closing()
    template_name = "seed_projects/call_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.object
        return super().get_context_data(heading=call.title, call=call, **kwargs)
