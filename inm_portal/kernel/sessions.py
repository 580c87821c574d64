"""Sessions in the database; what cannot be a key is not looked for."""

import re
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

KEY = re.compile(r"[a-z0-9]{32}")


class SessionStore(DatabaseStore):
    def _validate_session_key(self, key: Any) -> bool:
        return bool(key and KEY.fullmatch(key))
