"""What stands here about people at companies."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import Invitation
from inm_portal.kernel import mentions
from inm_portal.kernel.documents import supersede
from inm_portal.kernel.models import GivenName, Message
from inm_portal.kernel.privacy import Fate, Kind, Pseudonym, Row, register, values

from .models import (
    Acknowledgment,
    Action,
    Agreement,
    Amendment,
    AntitrustStatement,
    Appraisal,
    BankFile,
    BankImport,
    Benefit,
    BenefitGrant,
    BenefitRate,
    BenefitUse,
    CallBack,
    Cast,
    ConflictDeclared,
    Contact,
    ContactMerge,
    ContributionCredit,
    CreditEntry,
    CreditNote,
    CreditOpinion,
    CustomerAnswer,
    Decision,
    DisputeOutcome,
    DisputeResolution,
    DuesStep,
    Evidence,
    ExitInterview,
    ExportBatch,
    FacultyMember,
    FloorWaiver,
    FollowUp,
    FormerAddress,
    GoodwillAccess,
    HealthNote,
    Inquiry,
    Interaction,
    Interest,
    Invoice,
    InvoiceDelivery,
    InvoiceDispute,
    InvoiceReturn,
    ItemApproval,
    LateNoticeRuling,
    LedgerEntry,
    LibraryComment,
    LibraryFollower,
    LibraryItem,
    LibraryOpening,
    LibraryVersion,
    Meeting,
    MeetingPaper,
    Minutes,
    Motion,
    OneToOneRequest,
    Organization,
    Participant,
    PaymentPromise,
    PeriodClose,
    PeriodReopening,
    PolicyEnd,
    ProfileConsent,
    ProfileOpening,
    ProgramContribution,
    ProgramPart,
    PromiseWithdrawal,
    ProspectStep,
    Proxy,
    PurchaseOrder,
    Receipt,
    RecognitionImport,
    Refund,
    ReminderPolicy,
    RemittanceAdvice,
    RemittanceWithdrawal,
    RenewalAnswer,
    RenewalEstimate,
    RoleAssignment,
    Screening,
    ShortfallWaiver,
    Sitting,
    SponsorNote,
    StudentProfile,
    Valuation,
    ValuationDispute,
    WorkforceProgram,
    WriteOff,
)
from .states import AgreementState


def contacts_of(user: Any) -> Any:
    """Return somebody's contacts: of an account, or of whoever has none."""
    alone = getattr(user, "contact", None)
    if alone is None:
        return Contact.objects.filter(pk__in=_keys_of(user))
    return Contact.objects.filter(pk=alone.pk).with_merged()


def _keys_of(user: Any) -> Sequence[int]:
    """Return the keys of somebody's contacts, read once for all kinds of data."""
    if not hasattr(user, "contact_keys"):
        found = Contact.objects.of_person(user).values_list("pk", flat=True)
        user.contact_keys = list(found)
    return user.contact_keys


def mails_about(user: Any) -> Iterable[Row]:
    return mentions.rows_of(_mails_about(user))


def _mails_about(user: Any) -> Any:
    keys = contacts_of(user).values_list("pk", flat=True)
    return mentions.mails_about({Contact: keys}, to=user.email)


def rename_in_mails(user: Any, pseudonym: Pseudonym) -> None:
    """Take out the names and addresses that they have and had as contacts."""
    known = [*_names_of(user), user.email]
    known += contacts_of(user).values_list("email", flat=True)
    former = FormerAddress.objects.filter(contact__in=contacts_of(user))
    known += former.values_list("email", flat=True)
    mentions.rename_in(_mails_about(user), known, pseudonym)


def _names_of(user: Any) -> list[str]:
    return [user.name, *contacts_of(user).values_list("name", flat=True)]


def names_at_mailboxes(user: Any) -> Any:
    """Return where somebody's name was given at a shared mailbox of their companies."""
    companies = contacts_of(user).values("organization")
    there = Contact.objects.filter(organization__in=companies).values("user")
    theirs = reduce(or_, (Q(name__iexact=name) for name in _names_of(user)))
    return GivenName.objects.filter(theirs, entry__actor__in=there)


def given_names(user: Any) -> Iterable[Row]:
    return values(names_at_mailboxes(user).order_by("pk"), "name", at="entry__at")


def strip_given_names(user: Any, pseudonym: Pseudonym) -> None:
    names_at_mailboxes(user).update(name=pseudonym.name)


def contacts(user: Any) -> Iterable[Row]:
    return values(
        contacts_of(user).order_by("pk"),
        *["name", "email", "job_title", "phone", "confirmed_on", "departed_on"],
        company="organization__name",
    )


def strip_contacts(user: Any, pseudonym: Pseudonym) -> None:
    contacts_of(user).update(
        name=pseudonym.name,
        email=pseudonym.email,
        job_title="",
        phone="",
        version=F("version") + 1,
    )


def former(user: Any) -> Iterable[Row]:
    """Yield addresses of before, and what stood in a contact before a merge."""
    addresses = FormerAddress.objects.filter(contact__in=contacts_of(user)).order_by(
        "pk"
    )
    yield from values(addresses, "email", "until_on")
    merged = ContactMerge.objects.filter(_of(user)).order_by("pk")
    yield from values(merged, "name", "email", "job_title", "phone", "merged_at")


def _of(user: Any) -> Q:
    own = contacts_of(user)
    return Q(survivor__in=own) | Q(merged__in=own)


def written_before(user: Any, recipient: str, on: str) -> Q:
    """
    Return what was written to an address while it was somebody's.

    Later it may have been given to another person.
    """
    found = Q(pk__in=[])
    for before in FormerAddress.objects.filter(contact__in=contacts_of(user)):
        to_it = {f"{recipient}__iexact": before.email, f"{on}__lte": before.until_on}
        found |= Q(**to_it)
    return found


def strip_former(user: Any, pseudonym: Pseudonym) -> None:
    """Forget former addresses, and what went there while they were in use."""
    mails = written_before(user, "recipient", "not_before__date")
    mentions.blank(Message.objects.filter(mails), pseudonym)
    invited = written_before(user, "email", "sent_at__date")
    stands = {"name": pseudonym.name, "email": pseudonym.email}
    Invitation.objects.filter(invited).update(**stands)
    FormerAddress.objects.filter(contact__in=contacts_of(user)).delete()
    ContactMerge.objects.filter(_of(user)).update(
        name=pseudonym.name, email=pseudonym.email, job_title="", phone=""
    )


def is_present(user: Any) -> str:
    present = contacts_of(user).current().select_related("organization")
    names = ", ".join(contact.organization.name for contact in present)
    return (
        _("Record the departure from %(names)s first.") % {"names": names}
        if names
        else ""
    )


def roles(user: Any) -> Iterable[Row]:
    held = RoleAssignment.objects.filter(contact__in=contacts_of(user)).order_by("pk")
    return values(held, "role", "from_on", "until_on", company="organization__name")


def signatures(user: Any) -> Iterable[Row]:
    """Yield what somebody signed, for a company or for MIT, by the name they bear."""
    signed = Agreement.objects.exclude(state=AgreementState.DRAFT).filter(
        Q(
            signed_for_member_by=user.name,
            organization__in=contacts_of(user).values("organization"),
        )
        | Q(signed_for_mit_by=user.name)
    )
    columns = {"company": "organization__name", "agreement": "pk", "on": "signed_on"}
    yield from values(signed.distinct().order_by("pk"), **columns)
    amended = Amendment.objects.signed().filter(
        Q(
            signed_for_member_by=user.name,
            agreement__organization__contacts__user=user,
        )
        | Q(signed_for_mit_by=user.name)
    )
    columns = {"company": "agreement__organization__name", "amendment": "pk"}
    yield from values(amended.distinct().order_by("pk"), **columns, on="signed_on")
    waived = FloorWaiver.objects.filter(granted_by=user).order_by("pk")
    yield from values(waived, waiver="pk", on="granted_at")


#: What somebody did in the ledger of contributions: the act, its table, who, when.
IN_THE_LEDGER: list[tuple[str, Any, str, str]] = [
    ("claimed", ContributionCredit, "claimed_by", "claimed_at"),
    ("recorded a document", Evidence, "recorded_by", "recorded_at"),
    ("decided", ContributionCredit, "decided_by", "decided_at"),
    ("entered", CreditEntry, "by", "recorded_at"),
    ("gave an opinion", CreditOpinion, "given_by", "given_at"),
    ("valued", Valuation, "valued_by", "valued_at"),
    ("recorded an approval", ItemApproval, "recorded_by", "recorded_at"),
    ("added an appraisal", Appraisal, "recorded_by", "recorded_at"),
    ("disputed", ValuationDispute, "raised_by", "raised_at"),
    ("settled a dispute", DisputeOutcome, "settled_by", "settled_at"),
    ("waived a shortfall", ShortfallWaiver, "granted_by", "granted_at"),
    ("defined a benefit", Benefit, "defined_by", "defined_at"),
    ("set the rate of a benefit", BenefitRate, "recorded_by", "recorded_at"),
    ("estimated a renewal", RenewalEstimate, "estimated_by", "estimated_at"),
    ("recorded a member's answer", RenewalAnswer, "recorded_by", "recorded_at"),
    ("decided about a late notice", LateNoticeRuling, "ruled_by", "ruled_at"),
    ("granted goodwill access", GoodwillAccess, "recorded_by", "recorded_at"),
    ("recorded an exit interview", ExitInterview, "recorded_by", "recorded_at"),
    ("noted the health of a member", HealthNote, "recorded_by", "recorded_at"),
    ("wrote down talks", ProspectStep, "recorded_by", "recorded_at"),
    ("set an inquiry aside", Inquiry, "set_aside_by", "set_aside_at"),
    ("granted a benefit", BenefitGrant, "recorded_by", "recorded_at"),
    ("recorded a use", BenefitUse, "recorded_by", "recorded_at"),
]

#: What somebody did in the receivables: the act, its table, who and when.
IN_THE_RECEIVABLES: list[tuple[str, Any, str, str]] = [
    ("posted to the ledger", LedgerEntry, "recorded_by", "recorded_at"),
    ("proposed a receipt", Receipt, "proposed_by", "proposed_at"),
    ("decided on a receipt", Receipt, "decided_by", "decided_at"),
    ("proposed a write-off", WriteOff, "proposed_by", "proposed_at"),
    ("decided on a write-off", WriteOff, "decided_by", "decided_at"),
    ("asked for a call-back", CallBack, "proposed_by", "proposed_at"),
    ("called back", CallBack, "decided_by", "decided_at"),
    ("proposed a ladder", ReminderPolicy, "proposed_by", "proposed_at"),
    ("decided on a ladder", ReminderPolicy, "decided_by", "decided_at"),
    ("ended a ladder", PolicyEnd, "ended_by", "ended_at"),
    ("proposed a refund", Refund, "proposed_by", "proposed_at"),
    ("decided on a refund", Refund, "decided_by", "decided_at"),
    ("closed a month", PeriodClose, "closed_by", "closed_at"),
    ("proposed to open a month", PeriodReopening, "proposed_by", "proposed_at"),
    ("decided on opening a month", PeriodReopening, "decided_by", "decided_at"),
    ("exported the ledger", ExportBatch, "made_by", "made_at"),
    ("imported what finance told", RecognitionImport, "imported_by", "imported_at"),
    ("uploaded a file of the bank", BankFile, "uploaded_by", "uploaded_at"),
    ("took in a file of the bank", BankImport, "imported_by", "imported_at"),
]


def in_the_ledger(user: Any) -> Iterable[Row]:
    return _acts(user, IN_THE_LEDGER)


def in_the_receivables(user: Any) -> Iterable[Row]:
    return _acts(user, IN_THE_RECEIVABLES)


def _acts(user: Any, tables: list[tuple[str, Any, str, str]]) -> Iterable[Row]:
    """Yield what somebody did, by the number of what it was done to."""
    for act, model, who, when in tables:
        rows = model.objects.filter(**{who: user}).order_by("pk")
        for row in values(rows, number="pk", at=when):
            yield {"act": act, **row}


#: What somebody did about invoices: the act, its table, who, when.
ABOUT_INVOICES: list[tuple[str, Any, str, str]] = [
    ("recorded a purchase order", PurchaseOrder, "recorded_by", "recorded_at"),
    ("drafted an invoice", Invoice, "drafted_by", "drafted_at"),
    ("approved an invoice", Invoice, "approved_by", "approved_at"),
    ("sent an invoice back", InvoiceReturn, "returned_by", "returned_at"),
    ("issued an invoice", Invoice, "issued_by", "issued_at"),
    ("voided an invoice", Invoice, "voided_by", "voided_at"),
    ("drafted a credit note", CreditNote, "drafted_by", "drafted_at"),
    ("issued a credit note", CreditNote, "issued_by", "issued_at"),
    ("delivered an invoice", InvoiceDelivery, "recorded_by", "recorded_at"),
    ("recorded an answer", CustomerAnswer, "recorded_by", "recorded_at"),
    ("recorded a promise to pay", PaymentPromise, "recorded_by", "recorded_at"),
    ("withdrew a promise to pay", PromiseWithdrawal, "recorded_by", "recorded_at"),
    ("announced a payment", RemittanceAdvice, "recorded_by", "recorded_at"),
    ("withdrew an announcement", RemittanceWithdrawal, "recorded_by", "recorded_at"),
    ("recorded a dispute", InvoiceDispute, "recorded_by", "recorded_at"),
    ("recorded a step about overdue dues", DuesStep, "recorded_by", "recorded_at"),
    ("decided on a note to a sponsor", SponsorNote, "decided_by", "decided_at"),
    ("sees to a dispute", InvoiceDispute, "owner", "recorded_at"),
    ("settled a dispute", DisputeResolution, "resolved_by", "resolved_at"),
]


def about_invoices(user: Any) -> Iterable[Row]:
    return _acts(user, ABOUT_INVOICES)


def interests(user: Any) -> Iterable[Row]:
    return values(
        Interest.objects.filter(person=user).order_by("pk"),
        *["reason", "from_on", "until_on", "disclosed_at"],
        company="organization__name",
    )


#: What somebody wrote down of what was spoken with members.
OF_ENGAGEMENT: list[tuple[str, Any, str, str]] = [
    ("recorded an interaction", Interaction, "recorded_by", "recorded_at"),
    ("asked for a follow-up", FollowUp, "recorded_by", "recorded_at"),
    ("asked for a one-to-one", OneToOneRequest, "asked_by", "asked_at"),
]


def engagement(user: Any) -> Iterable[Row]:
    """Yield what somebody wrote down, and where they took part."""
    if user.pk:
        yield from _acts(user, OF_ENGAGEMENT)
    part = Q(contact__in=contacts_of(user)) | Q(faculty__email__iexact=user.email)
    if user.pk:
        part |= Q(person=user.pk)
    rows = Participant.objects.filter(part).order_by("pk")
    for row in values(rows, number="interaction_id", at="interaction__held_on"):
        yield {"act": "took part", **row}
    met = Q(contact__in=contacts_of(user)) | Q(faculty__email__iexact=user.email)
    talks = OneToOneRequest.objects.filter(met).order_by("pk")
    for row in values(talks, "topic", "suits", number="pk", at="asked_at"):
        yield {"act": "asked for a one-to-one, or was asked", **row}


#: What somebody did in the library.
IN_THE_LIBRARY: list[tuple[str, Any, str, str]] = [
    ("added to the library", LibraryItem, "added_by", "added_at"),
    ("added a version", LibraryVersion, "added_by", "added_at"),
    ("commented a draft", LibraryComment, "author", "written_at"),
]


def in_the_library(user: Any) -> Iterable[Row]:
    """Yield what somebody added, said and opened, and that they asked for news."""
    yield from _acts(user, IN_THE_LIBRARY)
    opened = LibraryOpening.objects.filter(person=user).order_by("pk")
    title = {"title": "version__item__title"}
    for row in values(opened, "is_marked", number="pk", at="opened_at", **title):
        yield {"act": "opened", **row}


#: What somebody did about workforce programs.
IN_PROGRAMS: list[tuple[str, Any, str, str]] = [
    ("added a program", WorkforceProgram, "added_by", "added_at"),
    ("recorded a part in a program", ProgramPart, "recorded_by", "recorded_at"),
    ("recorded a contribution", ProgramContribution, "recorded_by", "recorded_at"),
]


def in_programs(user: Any) -> Iterable[Row]:
    return _acts(user, IN_PROGRAMS)


def student_profiles(user: Any) -> Iterable[Row]:
    """Yield what somebody told as a student, and who looked at whom."""
    mine = StudentProfile.objects.filter(person=user).with_consent()
    told = ["degree", "department", "graduates_on", "looks_for", "skills"]
    yield from values(mine, *told, "is_shared", "consent_at", resume="resume__name")
    looks = ProfileOpening.objects.filter(Q(profile__person=user) | Q(person=user))
    for row in values(looks.order_by("pk"), "is_resume", at="opened_at"):
        yield {"act": "looked at", **row}


def strip_student_profiles(user: Any, pseudonym: Pseudonym) -> None:
    now = timezone.now()
    for profile in StudentProfile.objects.filter(person=user).with_consent():
        if profile.is_shared:
            ProfileConsent.objects.create(profile=profile, is_given=False, said_at=now)
        if profile.resume is not None:
            supersede(profile.resume, at=now, by=None)
        profile.edit(None, degree="-", department="-", skills="-", resume=None)


def news_asked(user: Any) -> Iterable[Row]:
    return values(LibraryFollower.objects.filter(person=user), "since")


def forget_news(user: Any, pseudonym: Pseudonym) -> None:
    LibraryFollower.objects.filter(person=user).delete()


#: What somebody did on bodies and at their meetings.
OF_GOVERNANCE: list[tuple[str, Any, str, str]] = [
    ("acknowledged the antitrust statement", Acknowledgment, "person", "on"),
    (
        *("published an antitrust statement", AntitrustStatement),
        *("published_by", "published_at"),
    ),
    ("called a meeting", Meeting, "called_by", "called_at"),
    ("recorded a conflict", ConflictDeclared, "recorded_by", "recorded_at"),
    ("wrote minutes", Minutes, "recorded_by", "recorded_at"),
    ("added a paper", MeetingPaper, "recorded_by", "recorded_at"),
    ("recorded a decision", Decision, "recorded_by", "recorded_at"),
    ("asked for an action", Action, "recorded_by", "recorded_at"),
    ("opened a vote", Motion, "opened_by", "opened_at"),
    ("certified a result", Motion, "certified_by", "certified_at"),
    ("gave or withdrew a proxy", Proxy, "given_by", "at"),
    ("voted", Cast, "cast_by", "at"),
]


def governance(user: Any) -> Iterable[Row]:
    """Yield where somebody sat, what they declared there, and what they did."""
    sat = Q(contact__in=contacts_of(user))
    if user.pk:
        sat |= Q(person=user.pk)
        yield from _acts(user, OF_GOVERNANCE)
    rows = Sitting.objects.filter(sat).order_by("pk")
    for row in values(rows, "from_on", "until_on", body="body__name"):
        yield {"act": "sat", **row}
    declared = ConflictDeclared.objects.filter(sitting__in=rows).order_by("pk")
    for row in values(declared, "what", at="recorded_at"):
        yield {"act": "declared a conflict", **row}


def of_faculty(user: Any) -> Any:
    return FacultyMember.objects.filter(email__iexact=user.email)


def faculty(user: Any) -> Iterable[Row]:
    return values(of_faculty(user).order_by("pk"), "name", "email", "department")


def strip_faculty(user: Any, pseudonym: Pseudonym) -> None:
    of_faculty(user).update(name=pseudonym.name, email=pseudonym.email)


def screenings(user: Any) -> Iterable[Row]:
    recorded = Screening.objects.filter(recorded_by=user).order_by("pk")
    return values(recorded, screening="pk", on="recorded_at")


def cared_for(user: Any) -> Iterable[Row]:
    return values(
        Organization.objects.filter(owner=user).order_by("pk"), company="name"
    )


register(
    Kind(
        "names_at_mailboxes",
        _("Names given at shared mailboxes of their companies"),
        _("The name goes where it is theirs; that somebody acted is a record."),
        Fate.PSEUDONYMISED,
        given_names,
        strip_given_names,
        without_account=True,
    ),
    Kind(
        "mails_about_contacts",
        _("Mails to others about the contact"),
        _("Name and address go; the rest stays with whom they were sent to."),
        Fate.PSEUDONYMISED,
        mails_about,
        rename_in_mails,
        without_account=True,
    ),
    Kind(
        "contacts",
        _("Contacts at companies"),
        _("Name, address, title and phone go; that somebody was there stays."),
        Fate.PSEUDONYMISED,
        contacts,
        strip_contacts,
        is_present,
        without_account=True,
        tables=["consortium.Contact"],
    ),
    Kind(
        "former_details",
        _("Former addresses and details"),
        _("Addresses of before go, mails there, and what stood in merged contacts."),
        Fate.PSEUDONYMISED,
        former,
        strip_former,
        without_account=True,
        tables=["consortium.FormerAddress", "consortium.ContactMerge"],
    ),
    Kind(
        "roles",
        _("Roles at companies"),
        _("They hold no name, and show who could decide when."),
        Fate.KEPT,
        roles,
        without_account=True,
        tables=["consortium.RoleAssignment"],
    ),
    Kind(
        "signatures",
        _("Signatures and waivers"),
        _("A contract keeps the names under it for as long as the law asks for it."),
        Fate.KEPT,
        signatures,
        without_account=True,
        tables=[
            *["consortium.Agreement", "consortium.Amendment"],
            "consortium.FloorWaiver",
        ],
    ),
    Kind(
        "screenings",
        _("Screenings of companies"),
        _("Who recorded a screening or decided about a hit stays on record."),
        Fate.KEPT,
        screenings,
        tables=["consortium.Screening"],
    ),
    Kind(
        "ledger_of_contributions",
        _("Claims and decisions on contributions"),
        _("Accounts keep who claimed and who decided, by number alone."),
        Fate.KEPT,
        in_the_ledger,
        tables=[
            *["consortium.ContributionCredit", "consortium.CreditEntry"],
            *["consortium.CreditOpinion", "consortium.Evidence"],
            *["consortium.Valuation", "consortium.ValuationDispute"],
            *["consortium.ItemApproval", "consortium.Appraisal"],
            *["consortium.DisputeOutcome", "consortium.ShortfallWaiver"],
            *["consortium.Benefit", "consortium.BenefitRate"],
            *["consortium.RenewalEstimate", "consortium.RenewalAnswer"],
            *["consortium.LateNoticeRuling", "consortium.GoodwillAccess"],
            *["consortium.ExitInterview", "consortium.HealthNote"],
            *["consortium.Inquiry", "consortium.Prospect", "consortium.ProspectStep"],
            *["consortium.BenefitGrant", "consortium.BenefitUse"],
        ],
    ),
    Kind(
        "invoices",
        _("Work on invoices and credit notes"),
        _("Accounts keep who drafted, approved and issued, by number alone."),
        Fate.KEPT,
        about_invoices,
        tables=[
            *["consortium.Invoice", "consortium.CreditNote"],
            "consortium.InvoiceReturn",
            *["consortium.PurchaseOrder", "consortium.InvoiceDelivery"],
            *["consortium.CustomerAnswer", "consortium.PaymentPromise"],
            *["consortium.InvoiceDispute", "consortium.DisputeResolution"],
            *["consortium.DuesStep", "consortium.SponsorNote"],
            *["consortium.PromiseWithdrawal", "consortium.RemittanceAdvice"],
            "consortium.RemittanceWithdrawal",
        ],
    ),
    Kind(
        "receivables",
        _("Acts in the receivables"),
        _("The books keep who recorded and who approved, by number alone."),
        Fate.KEPT,
        in_the_receivables,
        tables=[
            *["consortium.LedgerEntry", "consortium.PeriodClose"],
            *["consortium.PeriodReopening", "consortium.ExportBatch"],
            *["consortium.RecognitionImport", "consortium.Receipt"],
            *["consortium.WriteOff", "consortium.Refund", "consortium.CallBack"],
            *["consortium.BankFile", "consortium.BankImport"],
            *["consortium.ReminderPolicy", "consortium.PolicyEnd"],
        ],
    ),
    Kind(
        "interests",
        _("Disclosed interests"),
        _("They show why somebody else decided, as long as the decisions matter."),
        Fate.KEPT,
        interests,
        tables=["consortium.Interest"],
    ),
    Kind(
        "engagement",
        _("Interactions with members"),
        _("The log keeps who spoke with whom, by number alone."),
        Fate.KEPT,
        engagement,
        without_account=True,
        tables=[
            *["consortium.Interaction", "consortium.Participant"],
            *["consortium.FollowUp", "consortium.OneToOneRequest"],
        ],
    ),
    Kind(
        "library",
        _("What they added, said and opened in the library"),
        _("It shows who had which copy, by number alone."),
        Fate.KEPT,
        in_the_library,
        tables=[
            *["consortium.LibraryItem", "consortium.LibraryVersion"],
            *["consortium.LibraryComment", "consortium.LibraryOpening"],
        ],
    ),
    Kind(
        "workforce",
        _("Work on workforce programs"),
        _("Programs keep who recorded what, by number alone."),
        Fate.KEPT,
        in_programs,
        tables=[
            *["consortium.WorkforceProgram", "consortium.ProgramPart"],
            "consortium.ProgramContribution",
        ],
    ),
    Kind(
        "student_profiles",
        _("Profiles as a student, and looks at profiles"),
        _("What was told goes, and nobody finds it; that somebody looked stays."),
        Fate.PSEUDONYMISED,
        student_profiles,
        strip_student_profiles,
        tables=["consortium.StudentProfile", "consortium.ProfileOpening"],
    ),
    Kind(
        "library_news",
        _("Mails about what is new in the library"),
        _("Nobody is told any more."),
        Fate.ERASED,
        news_asked,
        forget_news,
        tables=["consortium.LibraryFollower"],
    ),
    Kind(
        "governance",
        _("Seats on bodies, meetings and votes"),
        _("Minutes and votes are kept for good, by number alone."),
        Fate.KEPT,
        governance,
        without_account=True,
        tables=[
            *["consortium.Sitting", "consortium.AntitrustStatement"],
            *["consortium.Acknowledgment", "consortium.Meeting"],
            *["consortium.ConflictDeclared", "consortium.Minutes"],
            *["consortium.Decision", "consortium.Action", "consortium.Motion"],
            *["consortium.Proxy", "consortium.Cast", "consortium.MeetingPaper"],
        ],
    ),
    Kind(
        "faculty",
        _("Entries in the list of the faculty"),
        _("Name and address go; what was spoken with members stays."),
        Fate.PSEUDONYMISED,
        faculty,
        strip_faculty,
        tables=["consortium.FacultyMember"],
    ),
    Kind(
        "companies_looked_after",
        _("Companies looked after"),
        _("They show the number until somebody else looks after them."),
        Fate.KEPT,
        cared_for,
        tables=["consortium.Organization"],
    ),
)
