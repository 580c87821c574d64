"""An entity abroad is approved before anything is signed with it (case 10)."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django_countries.fields import Country

from inm_portal.accounts.models import User
from inm_portal.kernel import tasklist
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.models import Task

from ..models import Agreement, Amendment, Organization
from ..policies import FOREIGN_ENTITY, drafted_agreement, drafted_amendment
from ..states import AgreementState, AmendmentState

#: What an approval was given for.
ENTITY = {"contracting_entity", "entity_country"}


class NotApproved(Refusal):
    code = "not_approved"


class OwnDraft(Refusal):
    code = "own_draft"


def ask_for_approval(paper: Agreement | Amendment, *, by: User) -> None:
    """Open the task to approve the entity abroad that a draft names."""
    facts = {
        "entity": paper.contracting_entity[:100],
        "paper": paper,
        "country": Country(str(paper.entity_country)).name,
    }
    tasklist.open_task(
        FOREIGN_ENTITY,
        paper,
        what=_("Have %(entity)s approved as a foreign party") % facts,
        why=_("%(paper)s is with an entity in %(country)s; MIT approves it first.")
        % facts,
        due_on=paper.effective_on,
        url=paper.get_absolute_url(),
        by=by,
    )


def ask_no_more(paper: Agreement | Amendment, *, outcome: str, by: User) -> None:
    """Close the task to approve an entity with which nothing is to be signed now."""
    now = timezone.now()
    tasklist.finish_about(FOREIGN_ENTITY, paper, outcome=outcome, at=now, by=by)


def ask_again(paper: Agreement | Amendment, *, by: User) -> None:
    """Ask for the approval of the entity that a draft names now, if it needs one."""
    ask_no_more(paper, outcome=_("Another entity is to sign."), by=by)
    if paper.is_foreign:
        ask_for_approval(paper, by=by)


def require_approval(paper: Agreement | Amendment) -> None:
    """
    :raises NotApproved: if the approval of an entity abroad is still open.
    """
    about = {"subject_type": paper._meta.label_lower, "subject_id": paper.pk}
    if Task.objects.open().filter(kind=FOREIGN_ENTITY, **about).exists():
        raise NotApproved(
            _("The task to approve the foreign entity is still open; finish it first.")
        )


def require_drafted_nothing(organization: Organization, *, by: User | None) -> None:
    """
    :raises OwnDraft: if ``by`` drafted what waits to be signed with a company.
    """
    if by is None:
        return
    agreements = Agreement.objects.filter(organization=organization)
    amendments = Amendment.objects.filter(agreement__in=agreements)
    if (
        agreements.filter(drafted_agreement(by), state=AgreementState.DRAFT).exists()
        or amendments.filter(drafted_amendment(by), state=AmendmentState.DRAFT).exists()
    ):
        raise OwnDraft(_("You drafted what is to be signed; somebody else decides."))
