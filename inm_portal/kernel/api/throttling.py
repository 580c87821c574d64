"""How much one caller may ask for in a minute; counted in the database."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

WINDOW = timedelta(minutes=1)

#: One statement: begin a window, or count in the one that is open. No request waits
#: for the disk: counts of a moment before a crash may be lost.
COUNT = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO kernel_requestcount AS c (caller, started_at, count)
SELECT %(caller)s, %(now)s, 1 FROM quick
ON CONFLICT (caller) DO UPDATE SET
    started_at = CASE WHEN c.started_at > %(floor)s THEN c.started_at
                      ELSE excluded.started_at END,
    count = CASE WHEN c.started_at > %(floor)s THEN c.count + 1 ELSE 1 END
RETURNING count, started_at
"""


class MinuteThrottle(BaseThrottle):
    """Refuse what exceeds the rate of a person, or of an address without one."""

    def allow_request(self, request: Request, view: Any) -> bool:
        kind = "user" if request.user.is_authenticated else "anon"
        who = request.user.pk if kind == "user" else self.get_ident(request)
        most: Any = api_settings.DEFAULT_THROTTLE_RATES[kind]
        return self.count(f"{kind} {who}", most)

    def count(self, caller: str, most: int) -> bool:
        """Count one request of ``caller``; say whether there were ``most`` at most."""
        now = timezone.now()
        asked: dict[str, Any] = {"caller": caller[:100], "now": now}
        asked["floor"] = now - WINDOW
        with connection.cursor() as cursor:
            cursor.execute(COUNT, asked)
            count, started_at = cursor.fetchone()
        self.left = (started_at + WINDOW - now).total_seconds()
        return count <= most

    def wait(self) -> float:
        return self.left
