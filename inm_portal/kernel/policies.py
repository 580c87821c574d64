"""Who may do what with what the kernel keeps for people."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel import documents
from inm_portal.kernel.models import PENDING
from inm_portal.kernel.permissions import (
    EVERY_ROLE,
    Rule,
    permission,
    staff,
    staff_or,
)
from inm_portal.kernel.tasklist import not_kept_from

#: What whoever holds a role at INM sees all of, auditors included.
READ = [
    *["view_journalentry", "view_message", "view_mailhold", "view_bounce"],
    *["view_reminderdelivery", "view_reminderhold", "view_reminderstop"],
    "view_closure",
]
STEER = ["change_job", "change_message", "add_mailhold", "add_bounce"]
CARE = [
    "change_reminderdelivery",
    "add_reminderhold",
    "change_reminderhold",
    "change_reminderstop",
    "add_closure",
    "change_closure",
    "change_task",
]

#: Everybody with a role at INM may look; these roles may also act.
ROLES = {
    EVERY_ROLE: [*READ, "view_job", "view_task"],
    "director": [*STEER, *CARE],
    "program staff": [*STEER, *CARE],
    "admin": STEER,
}


@permission("kernel.view_job")
def view_job(user: Any) -> Q:
    return staff_or(user, "kernel.view_job", lambda: Q(asked_by=user))


@permission("kernel.cancel_job")
def cancel_job(user: Any) -> Q:
    """Those who steer jobs, and who asked."""
    return staff_or(user, "kernel.change_job", lambda: Q(asked_by=user))


permission("kernel.retry_job")(staff("kernel.change_job"))


@permission("kernel.take_result_job")
def take_result_job(user: Any) -> Q:
    """Who asked, and nobody else: a result shows what that person may see."""
    return Q(asked_by=user)


permission("kernel.view_document")(documents.seen_by)
permission("kernel.download_document")(documents.seen_by)
permission("kernel.supersede_document")(documents.managed_by)

for _name in READ:
    permission(f"kernel.{_name}")(staff(f"kernel.{_name}"))

for _action in ["hold", "release", "cancel", "resend"]:
    permission(f"kernel.{_action}_message")(staff("kernel.change_message"))

permission("kernel.release_mailhold")(staff("kernel.add_mailhold"))
permission("kernel.clear_bounce")(staff("kernel.add_bounce"))
permission("kernel.hold_reminderdelivery")(staff("kernel.add_reminderhold"))


def while_open(condition: Q, name: str) -> Rule:
    """Return a rule: those whose group holds ``name``, until something came of it."""
    return lambda user: condition & staff(name)(user)


permission("kernel.fill_reminderdelivery")(
    while_open(Q(state__in=PENDING), "kernel.change_reminderdelivery")
)
permission("kernel.lift_reminderhold")(
    while_open(Q(lifted_at=None), "kernel.change_reminderhold")
)
permission("kernel.withdraw_closure")(
    while_open(Q(withdrawn_at=None), "kernel.change_closure")
)
for _action in ["release", "cancel"]:
    permission(f"kernel.{_action}_reminderstop")(
        while_open(Q(decided_at=None), "kernel.change_reminderstop")
    )


@permission("kernel.view_task")
def view_task(user: Any) -> Q:
    """Those at INM, and whoever is asked."""
    return staff_or(user, "kernel.view_task", lambda: Q(person=user))


@permission("kernel.finish_task")
def finish_task(user: Any) -> Q:
    """Those who act at INM, and whoever is asked, unless they had a part in it."""
    theirs = staff_or(user, "kernel.change_task", lambda: Q(person=user))
    return Q(done_at=None) & not_kept_from(user) & theirs
