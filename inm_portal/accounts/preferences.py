"""What suits a person, said by themselves."""

from django.db import transaction

from inm_portal.kernel import journal

from .models import User
from .verbs import Verb


@transaction.atomic
def set_time_zone(user: User, *, time_zone: str, by: User) -> User:
    """Let reminders reach a person in the working hours of another place."""
    user = User.objects.locked(user)
    if user.time_zone != time_zone:
        user.time_zone = time_zone
        user.save(update_fields=["time_zone"])
        journal.record(Verb.TIME_ZONE_SET, user, by=by)
    return user
