"""Who may do what with members, contacts and agreements."""

from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from inm_portal.accounts.mailboxes import shared_if
from inm_portal.accounts.models import InvitationState
from inm_portal.accounts.roles import ADMIN, AUDITOR, DIRECTOR, FINANCE, PROGRAM_STAFF
from inm_portal.kernel.delegation import Scope, companions, register
from inm_portal.kernel.models import JournalEntry, undoable
from inm_portal.kernel.permissions import (
    ANYONE,
    NOBODY,
    permission,
    staff,
    staff_or,
)
from inm_portal.kernel.privacy import ERASED
from inm_portal.kernel.tasklist import kept_from

from .models import (
    IN_KIND,
    Agreement,
    Amendment,
    ContributionCredit,
    CreditOpinion,
    ExceptionKind,
    LinkKind,
    Office,
    ValuationDispute,
)
from .states import (
    PENDING_CLAIMS,
    AgreementState,
    AmendmentState,
    ClaimState,
    ItemState,
)
from .ties import (
    OfMailbox,
    barring,
    companies_of,
    companies_that_commit,
    companies_that_tell,
    sponsored_by,
)
from .verbs import Verb

VIEW = [
    "view_organization",
    "view_contact",
    "view_agreement",
    "view_commitmentyear",
    "view_contributioncredit",
    "view_creditopinion",
    "view_evidence",
    "view_amendment",
    "view_organizationlink",
    "view_agreementexception",
]
PEOPLE = ["add_contact", "change_contact", "add_roleassignment"]
CARE = [
    *["add_organization", "change_organization", "add_site"],
    *["add_organizationlink", "change_organizationlink"],
    *PEOPLE,
    *["add_agreement", "change_agreement", "sign_agreement"],
    *["add_amendment", "change_amendment", "sign_amendment"],
]

CLAIMS = ["add_contributioncredit", "review_contributioncredit", "change_evidence"]
VALUING = ["value_contributioncredit"]
DECIDING = ["decide_contributioncredit", "waive_commitmentyear"]
INTERESTS = ["view_interest", "add_interest"]
#: A hit is for directors, and for whoever else is given these rights.
SCREENING = ["view_screening", "add_screening"]

#: What each role may do with the consortium's models.
ROLES = {
    DIRECTOR: [
        *[*VIEW, *CARE, "waive_agreement", *CLAIMS, *VALUING, *DECIDING, *INTERESTS],
        *["speak_for_counsel", *SCREENING],
    ],
    PROGRAM_STAFF: [
        *[*VIEW, *CARE, *CLAIMS, *VALUING, *INTERESTS],
        "speak_for_counsel",
    ],
    FINANCE: [
        *[*VIEW, *CLAIMS, *VALUING, "view_interest"],
        *["book_contributioncredit", "speak_for_finance"],
    ],
    ADMIN: [*VIEW, *PEOPLE, *INTERESTS],
    AUDITOR: [*VIEW, "view_interest"],
}


@permission("consortium.view_organization")
def view_organization(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_organization",
        lambda: Q(pk__in=companies_of(user)),
    )


permission("consortium.change_organization")(staff("consortium.change_organization"))
permission("consortium.rename_organization")(staff("consortium.change_organization"))
permission("consortium.add_site_organization")(staff("consortium.add_site"))
permission("consortium.add_contact_organization")(staff("consortium.add_contact"))
permission("consortium.draft_agreement_organization")(staff("consortium.add_agreement"))


permission("consortium.link_parent_organization")(
    staff("consortium.add_organizationlink")
)
permission("consortium.merge_organization")(staff("consortium.add_organizationlink"))
permission("consortium.spin_off_organization")(staff("consortium.add_organizationlink"))


@permission("consortium.view_organizationlink")
def view_organizationlink(user: Any) -> Q:
    """The company sees to whom it belongs; a survivor, once the history is open."""
    return staff_or(
        user,
        "consortium.view_organizationlink",
        lambda: (
            Q(organization__in=companies_of(user))
            | Q(other__in=companies_of(user), history_open_on__isnull=False)
        ),
    )


@permission("consortium.open_history_organizationlink")
def open_history_organizationlink(user: Any) -> Q:
    is_closed = Q(kind=LinkKind.MERGED, history_open_on=None)
    return is_closed & staff("consortium.change_organizationlink")(user)


@permission("consortium.view_agreementexception")
def view_agreementexception(user: Any) -> Q:
    """Staff see all of them but holds, which are for those who see a hit."""
    if not user.has_perm("consortium.view_agreementexception"):
        return NOBODY
    if user.has_perm("consortium.view_screening"):
        return ANYONE
    return ~Q(kind=ExceptionKind.SCREENING_HOLD)


@permission("consortium.view_contact")
def view_contact(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_contact",
        lambda: Q(organization__in=companies_of(user), departed_on=None),
    )


@permission("consortium.change_contact")
def change_contact(user: Any) -> Q:
    """Staff, the sponsor of the company, and the person."""
    return Q(departed_on=None) & staff_or(
        user,
        "consortium.change_contact",
        lambda: Q(user=user) | Q(organization__in=sponsored_by(user)),
    )


permission("consortium.confirm_contact")(change_contact)


@permission("consortium.depart_contact")
@permission("consortium.merge_contact")
def depart_contact(user: Any) -> Q:
    return Q(departed_on=None) & staff("consortium.change_contact")(user)


@permission("consortium.invite_contact")
def invite_contact(user: Any) -> Q:
    """Staff, for somebody present who neither signs in nor has an invitation."""
    not_invited = Q(invitation=None) | ~Q(invitation__state=InvitationState.PENDING)
    waits = Q(departed_on=None, user=None) & not_invited
    return waits & staff("accounts.add_invitation")(user)


@permission("consortium.hand_out_contact")
def hand_out_contact(user: Any) -> Q:
    """Of those without an account; who has one is handed out as a person."""
    return Q(user=None) & staff("accounts.add_erasure")(user)


@permission("consortium.erase_contact")
def erase_contact(user: Any) -> Q:
    is_erased = Q(email__endswith=ERASED)
    return Q(user=None) & ~is_erased & staff("accounts.add_erasure")(user)


@permission("consortium.assign_role_contact")
def assign_role_contact(user: Any) -> Q:
    return Q(departed_on=None) & staff("consortium.add_roleassignment")(user)


@permission("consortium.view_roleassignment")
def view_roleassignment(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_contact",
        lambda: Q(organization__in=companies_of(user), contact__departed_on=None),
    )


permission("consortium.end_roleassignment")(staff("consortium.add_roleassignment"))


permission("consortium.view_contactmerge")(staff("consortium.view_contact"))


@permission("consortium.undo_contactmerge")
def undo_contactmerge(user: Any) -> Q:
    return undoable() & staff("consortium.change_contact")(user)


@permission("consortium.view_agreement")
def view_agreement(user: Any) -> Q:
    """Staff see drafts too; the company sees what was executed."""
    return staff_or(
        user,
        "consortium.view_agreement",
        lambda: (
            ~Q(state=AgreementState.DRAFT)
            & Q(organization__in=companies_that_tell(user))
        ),
    )


@permission("consortium.change_agreement")
def change_agreement(user: Any) -> Q:
    return Q(state=AgreementState.DRAFT) & staff("consortium.change_agreement")(user)


permission("consortium.add_deviation_agreement")(change_agreement)


@permission("consortium.view_deviation")
def view_deviation(user: Any) -> Q:
    """Whoever sees the agreement sees where it differs."""
    return staff_or(
        user,
        "consortium.view_agreement",
        lambda: (
            ~Q(agreement__state=AgreementState.DRAFT)
            & Q(agreement__organization__in=companies_that_tell(user))
        ),
    )


@permission("consortium.remove_deviation")
def remove_deviation(user: Any) -> Q:
    is_draft = Q(agreement__state=AgreementState.DRAFT)
    return is_draft & staff("consortium.change_agreement")(user)


permission("consortium.view_screening")(staff("consortium.view_screening"))


@permission("consortium.screen_organization")
def screen_organization(user: Any) -> Q:
    return unbarred(user, "consortium.add_screening", "pk")


permission("consortium.attach_agreement")(staff("consortium.change_agreement"))


@permission("consortium.sign_agreement")
def sign_agreement(user: Any) -> Q:
    return unbarred(user, "consortium.sign_agreement")


@permission("consortium.waive_agreement")
def waive_agreement(user: Any) -> Q:
    return unbarred(user, "consortium.waive_agreement")


@permission("consortium.amend_agreement")
def amend_agreement(user: Any) -> Q:
    is_signed = Q(state=AgreementState.SIGNED)
    return is_signed & unbarred(user, "consortium.add_amendment")


@permission("consortium.view_amendment")
@permission("consortium.preview_amendment")
def view_amendment(user: Any) -> Q:
    """Staff see drafts too; the company sees what was signed."""
    return staff_or(
        user,
        "consortium.view_amendment",
        lambda: (
            Q(state=AmendmentState.SIGNED)
            & Q(agreement__organization__in=companies_that_tell(user))
        ),
    )


#: The member that an amendment is with.
OF_AMENDMENT = "agreement__organization"


@permission("consortium.change_amendment")
def change_amendment(user: Any) -> Q:
    is_draft = Q(state=AmendmentState.DRAFT)
    return is_draft & unbarred(user, "consortium.change_amendment", OF_AMENDMENT)


@permission("consortium.abandon_amendment")
def abandon_amendment(user: Any) -> Q:
    return Q(state=AmendmentState.DRAFT) & staff("consortium.change_amendment")(user)


@permission("consortium.sign_amendment")
def sign_amendment(user: Any) -> Q:
    return unbarred(user, "consortium.sign_amendment", OF_AMENDMENT)


@permission("consortium.waive_amendment")
def waive_amendment(user: Any) -> Q:
    return unbarred(user, "consortium.waive_agreement", OF_AMENDMENT)


@permission("consortium.view_commitmentyear")
def view_commitmentyear(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_commitmentyear",
        lambda: Q(agreement__organization__in=companies_that_tell(user)),
    )


def unbarred(user: Any, name: str, member: str = "organization") -> Q:
    """Everywhere for those whose group holds ``name``, but where they are barred."""
    if not user.has_perm(name):
        return NOBODY
    return ~Q(**{f"{member}__in": barring(user)})


def by_person(user: Any, field: str) -> Q:
    """What somebody did, under their account or one that was merged into it."""
    return Q(**{field: user}) | Q(**{f"{field}__merged_into": user})


#: The task to have an entity abroad approved; its subject is the paper that names it.
FOREIGN_ENTITY = "consortium.foreign_entity"


def wrote(user: Any, *verbs: Verb) -> QuerySet:
    """Return what the journal says that somebody wrote of agreements."""
    of_agreements = JournalEntry.objects.filter(subject_type="consortium.agreement")
    return of_agreements.filter(by_person(user, "actor"), verb__in=verbs)


def drafted_agreement(user: Any) -> Q:
    """Agreements that somebody drafted, or changed while they were drafts."""
    entries = wrote(user, Verb.AGREEMENT_DRAFTED, Verb.AGREEMENT_CHANGED)
    return Q(Exists(entries.filter(subject_id=OuterRef("pk"))))


def drafted_amendment(user: Any) -> Q:
    """Amendments that somebody drafted, or changed while they were drafts."""
    entries = wrote(user, Verb.AMENDMENT_DRAFTED, Verb.AMENDMENT_CHANGED)
    key = Cast(KeyTextTransform("amendment", "facts"), BigIntegerField())
    told = entries.annotate(amendment=key).filter(amendment=OuterRef("pk"))
    return Q(Exists(told.filter(subject_id=OuterRef("agreement"))))


@kept_from(FOREIGN_ENTITY)
def approve_entity(user: Any) -> Q:
    """Who drafted a paper, or is barred, does not say that its entity is approved."""
    barred = barring(user)
    agreements = Agreement.objects.filter(
        drafted_agreement(user) | Q(organization__in=barred)
    )
    amendments = Amendment.objects.filter(
        drafted_amendment(user) | Q(agreement__organization__in=barred)
    )
    return Q(
        subject_type="consortium.agreement", subject_id__in=agreements.values("pk")
    ) | Q(subject_type="consortium.amendment", subject_id__in=amendments.values("pk"))


@permission("consortium.view_interest")
def view_interest(user: Any) -> Q:
    """Those who keep them, and the person."""
    return staff_or(user, "consortium.view_interest", lambda: Q(person=user))


@permission("consortium.end_interest")
def end_interest(user: Any) -> Q:
    """Those who keep them, and never the person who would be free again."""
    open_ = Q(until_on=None) & ~Q(person=user)
    return open_ & staff("consortium.add_interest")(user)


permission("consortium.disclose_interest_organization")(
    staff("consortium.add_interest")
)


@permission("consortium.waive_commitmentyear")
def waive_commitmentyear(user: Any) -> Q:
    name = "consortium.waive_commitmentyear"
    return unbarred(user, name, "agreement__organization")


@permission("consortium.view_evidence")
def view_evidence(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_evidence",
        lambda: Q(organization__in=companies_that_tell(user)),
    )


@permission("consortium.attach_evidence")
def attach_evidence(user: Any) -> Q:
    """Staff; those of the company, while a claim on it waits."""
    waits = ContributionCredit.objects.filter(state__in=PENDING_CLAIMS)
    return staff_or(
        user,
        "consortium.change_evidence",
        lambda: (
            Q(organization__in=companies_that_commit(user))
            & Q(pk__in=waits.values("evidence"))
        ),
    )


permission("consortium.change_evidence")(staff("consortium.change_evidence"))


@permission("consortium.see_commitment_organization")
def see_commitment_organization(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_commitmentyear",
        lambda: Q(pk__in=companies_that_tell(user)),
    )


@permission("consortium.claim_credit_organization")
@permission("consortium.offer_in_kind_organization")
def claim_credit_organization(user: Any) -> Q:
    """Staff, and those of the company itself who see what it committed."""
    return staff_or(
        user,
        "consortium.add_contributioncredit",
        lambda: Q(pk__in=companies_that_commit(user)),
    )


@permission("consortium.view_contributioncredit")
def view_contributioncredit(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_contributioncredit",
        lambda: Q(organization__in=companies_that_tell(user)),
    )


#: What MIT booked is its own bookkeeping; the company sees what is credited.
permission("consortium.see_booking_contributioncredit")(
    staff("consortium.view_contributioncredit")
)
#: What others claim by the same document, for those who bring a claim to its decision.
permission("consortium.compare_contributioncredit")(
    staff("consortium.review_contributioncredit")
)
permission("consortium.view_creditopinion")(staff("consortium.view_creditopinion"))


def claimant(user: Any) -> Q:
    """Those who could have made the claim."""
    return staff_or(
        user,
        "consortium.add_contributioncredit",
        lambda: Q(organization__in=companies_that_commit(user)),
    )


@permission("consortium.withdraw_contributioncredit")
def withdraw_contributioncredit(user: Any) -> Q:
    return Q(state__in=PENDING_CLAIMS) & claimant(user)


@permission("consortium.supply_contributioncredit")
def supply_contributioncredit(user: Any) -> Q:
    return Q(state=ClaimState.EVIDENCE_REQUESTED) & claimant(user)


@permission("consortium.ask_contributioncredit")
def ask_contributioncredit(user: Any) -> Q:
    waits = Q(state__in=[ClaimState.CLAIMED, ClaimState.UNDER_REVIEW])
    return waits & staff("consortium.review_contributioncredit")(user)


@permission("consortium.review_contributioncredit")
def review_contributioncredit(user: Any) -> Q:
    waits = Q(state__in=[ClaimState.CLAIMED, ClaimState.EVIDENCE_REQUESTED])
    return waits & staff("consortium.review_contributioncredit")(user)


@permission("consortium.opine_contributioncredit")
def opine_contributioncredit(user: Any) -> Q:
    """Whoever speaks for an office, while the claim of somebody else waits."""
    speaks = unbarred(user, "consortium.speak_for_finance")
    speaks |= unbarred(user, "consortium.speak_for_counsel")
    waits = Q(state__in=PENDING_CLAIMS) & ~by_person(user, "claimed_by")
    return waits & speaks


@permission("consortium.decide_contributioncredit")
def decide_contributioncredit(user: Any) -> Q:
    """A director who neither claimed it nor gave an opinion, nor is barred there."""
    heard = CreditOpinion.objects.filter(by_person(user, "given_by"))
    waits = Q(state=ClaimState.UNDER_REVIEW) & ~by_person(user, "claimed_by")
    waits &= ~Q(pk__in=heard.values("credit"))
    return waits & unbarred(user, "consortium.decide_contributioncredit")


@permission("consortium.reduce_contributioncredit")
@permission("consortium.reverse_contributioncredit")
def reduce_contributioncredit(user: Any) -> Q:
    """Who decides may reduce and reverse."""
    given = Q(state=ClaimState.DECIDED, accepted__gt=0)
    return given & unbarred(user, "consortium.decide_contributioncredit")


@permission("consortium.value_contributioncredit")
def value_contributioncredit(user: Any) -> Q:
    waits = Q(state__in=PENDING_CLAIMS, category__in=IN_KIND)
    return waits & unbarred(user, "consortium.value_contributioncredit")


@permission("consortium.appraise_contributioncredit")
def appraise_contributioncredit(user: Any) -> Q:
    """Whoever values it; a dispute may ask for an appraisal after the decision."""
    kept = Q(category__in=IN_KIND) & ~Q(state=ClaimState.WITHDRAWN)
    return kept & unbarred(user, "consortium.value_contributioncredit")


#: Before a thing is agreed to or declined.
IS_OPEN = Q(
    state__in=PENDING_CLAIMS,
    item__state__in=[ItemState.OFFERED, ItemState.ASSESSING],
)
IS_ASSESSED = Q(state__in=PENDING_CLAIMS, item__state=ItemState.ASSESSING)


@permission("consortium.assess_contributioncredit")
def assess_contributioncredit(user: Any) -> Q:
    return IS_OPEN & unbarred(user, "consortium.review_contributioncredit")


@permission("consortium.approve_contributioncredit")
def approve_contributioncredit(user: Any) -> Q:
    """Those who review record what an office approved; not of their own offer."""
    others = IS_ASSESSED & ~by_person(user, "claimed_by")
    return others & unbarred(user, "consortium.review_contributioncredit")


@permission("consortium.agree_contributioncredit")
def agree_contributioncredit(user: Any) -> Q:
    """A director, but not on their own offer."""
    others = IS_ASSESSED & ~by_person(user, "claimed_by")
    return others & unbarred(user, "consortium.decide_contributioncredit")


@permission("consortium.decline_contributioncredit")
def decline_contributioncredit(user: Any) -> Q:
    others = IS_OPEN & ~by_person(user, "claimed_by")
    return others & unbarred(user, "consortium.decide_contributioncredit")


@permission("consortium.deliver_contributioncredit")
def deliver_contributioncredit(user: Any) -> Q:
    agreed = Q(state__in=PENDING_CLAIMS, item__state=ItemState.AGREED)
    return agreed & staff("consortium.review_contributioncredit")(user)


@permission("consortium.give_back_contributioncredit")
def give_back_contributioncredit(user: Any) -> Q:
    delivered = Q(item__state=ItemState.DELIVERED)
    return delivered & unbarred(user, "consortium.decide_contributioncredit")


@permission("consortium.book_contributioncredit")
def book_contributioncredit(user: Any) -> Q:
    return Q(category__in=IN_KIND) & staff("consortium.book_contributioncredit")(user)


@permission("consortium.dispute_contributioncredit")
def dispute_contributioncredit(user: Any) -> Q:
    given = Q(state=ClaimState.DECIDED, category__in=IN_KIND)
    return given & claimant(user)


@permission("consortium.settle_contributioncredit")
def settle_contributioncredit(user: Any) -> Q:
    """A second approver: not who decided, claimed or disputes it."""
    others = ValuationDispute.objects.filter(outcome=None)
    others = others.exclude(by_person(user, "raised_by"))
    given = Q(state=ClaimState.DECIDED, item__disputes__in=others)
    given &= ~by_person(user, "decided_by") & ~by_person(user, "claimed_by")
    return given & unbarred(user, "consortium.decide_contributioncredit")


#: Who speaks for which office.
SPEAKS_FOR = {
    Office.FINANCE: "consortium.speak_for_finance",
    Office.LEGAL: "consortium.speak_for_counsel",
}


shared_if(OfMailbox)


@companions
def colleagues(user: Any) -> Q:
    """Whoever is at a company where ``user`` is now may stand in for them."""
    return Q(contacts__organization__in=companies_of(user), contacts__departed_on=None)


SEEING = frozenset(
    f"consortium.view_{model}"
    for model in ("organization", "contact", "roleassignment")
)

#: The same with every part of an agreement.
SEEING_AGREEMENTS = frozenset(
    f"consortium.view_{model}"
    for model in ("agreement", "deviation", "amendment", "commitmentyear")
)

register(
    Scope("consortium.company", _("See the company and its people"), SEEING),
    Scope(
        "consortium.contacts",
        _("Keep contacts up to date"),
        SEEING | {"consortium.change_contact", "consortium.confirm_contact"},
    ),
    Scope(
        "consortium.commitment",
        _("See agreements and what is committed"),
        SEEING
        | SEEING_AGREEMENTS
        | {"consortium.view_contributioncredit", "consortium.view_evidence"}
        | {"consortium.see_commitment_organization"},
    ),
)
