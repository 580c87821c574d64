"""Who may read the journal, and see and steer jobs, documents and mails."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel import documents
from inm_portal.kernel.permissions import EVERY_ROLE, permission, staff, staff_or

#: Auditors look at everything and change nothing.
STEER = ["change_job", "change_message", "add_mailhold", "add_bounce"]

#: Everybody with a role at INM may look; these roles may also act.
ROLES = {
    EVERY_ROLE: [
        *["view_journalentry", "view_job"],
        *["view_message", "view_mailhold", "view_bounce"],
    ],
    "director": STEER,
    "program staff": STEER,
    "admin": STEER,
}

permission("kernel.view_journalentry")(staff("kernel.view_journalentry"))


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

permission("kernel.view_message")(staff("kernel.view_message"))
permission("kernel.hold_message")(staff("kernel.change_message"))
permission("kernel.release_message")(staff("kernel.change_message"))
permission("kernel.cancel_message")(staff("kernel.change_message"))
permission("kernel.resend_message")(staff("kernel.change_message"))

permission("kernel.view_mailhold")(staff("kernel.view_mailhold"))
permission("kernel.release_mailhold")(staff("kernel.add_mailhold"))

permission("kernel.view_bounce")(staff("kernel.view_bounce"))
permission("kernel.clear_bounce")(staff("kernel.add_bounce"))
