"""What the journal can say about the consortium."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from inm_portal.kernel import vocabulary


class Verb(TextChoices):
    ORGANIZATION_ADDED = "consortium.organization_added", _("Organization added")
    ORGANIZATION_CHANGED = "consortium.organization_changed", _("Details changed")
    ORGANIZATION_RENAMED = "consortium.organization_renamed", _("Renamed")
    PARENT_LINKED = "consortium.parent_linked", _("Parent company recorded")
    MERGER_RECORDED = "consortium.merger_recorded", _("Merger recorded")
    HISTORY_OPENED = "consortium.history_opened", _("History opened after the merger")
    SPIN_OFF_RECORDED = "consortium.spin_off_recorded", _("Spin-off recorded")
    SITE_ADDED = "consortium.site_added", _("Site added")
    CONTACT_ADDED = "consortium.contact_added", _("Contact added")
    CONTACT_CHANGED = "consortium.contact_changed", _("Contact changed")
    CONTACT_CONFIRMED = "consortium.contact_confirmed", _("Contact confirmed")
    CONTACT_DEPARTED = "consortium.contact_departed", _("Contact left")
    CONTACTS_MERGED = "consortium.contacts_merged", _("Contacts merged")
    CONTACTS_PARTED = "consortium.contacts_parted", _("Merge of contacts undone")
    ROLE_ASSIGNED = "consortium.role_assigned", _("Role assigned")
    ROLE_ENDED = "consortium.role_ended", _("Role ended")
    AGREEMENT_DRAFTED = "consortium.agreement_drafted", _("Agreement drafted")
    AGREEMENT_CHANGED = "consortium.agreement_changed", _("Draft changed")
    DEVIATION_RECORDED = "consortium.deviation_recorded", _("Deviation recorded")
    DEVIATION_REMOVED = "consortium.deviation_removed", _("Deviation removed")
    SCREENING_RECORDED = "consortium.screening_recorded", _("Screening recorded")
    AMENDMENT_DRAFTED = "consortium.amendment_drafted", _("Amendment drafted")
    AMENDMENT_CHANGED = "consortium.amendment_changed", _("Draft amendment changed")
    AMENDMENT_SIGNED = "consortium.amendment_signed", _("Amendment signed")
    AMENDMENT_ABANDONED = "consortium.amendment_abandoned", _("Amendment abandoned")
    FLOOR_WAIVED = "consortium.floor_waived", _("Program floor waived")
    AGREEMENT_SIGNED = "consortium.agreement_signed", _("Agreement signed")


vocabulary.register(
    Verb,
    for_members=[
        Verb.ORGANIZATION_RENAMED,
        Verb.PARENT_LINKED,
        Verb.MERGER_RECORDED,
        Verb.SPIN_OFF_RECORDED,
        Verb.SITE_ADDED,
        Verb.CONTACT_ADDED,
        Verb.CONTACT_CHANGED,
        Verb.CONTACT_CONFIRMED,
        Verb.CONTACT_DEPARTED,
        Verb.CONTACTS_MERGED,
        Verb.CONTACTS_PARTED,
        Verb.ROLE_ASSIGNED,
        Verb.ROLE_ENDED,
        Verb.AGREEMENT_SIGNED,
        Verb.AMENDMENT_SIGNED,
    ],
)
