"""Every state of the app: those that rows keep, and those that dates derive."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _

#: The color of a state's badge where it is not gray.
TONES = {"draft": "yellow", "signed": "green", "active": "green"}
TONES |= {"upcoming": "azure", "open": "blue"}
TONES |= {"clear": "green", "hit": "red", "cleared": "green", "refused": "red"}


class State(TextChoices):
    """States that pages show as badges."""

    @property
    def tone(self) -> str:
        return TONES.get(self.value, "gray")


class AgreementState(State):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")
    TERMINATED = "terminated", _("Terminated")


AGREEMENT_STEPS = {
    AgreementState.DRAFT: [AgreementState.SIGNED],
    AgreementState.SIGNED: [AgreementState.TERMINATED],
    AgreementState.TERMINATED: [],
}


class AmendmentState(State):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")
    ABANDONED = "abandoned", _("Abandoned")


AMENDMENT_STEPS = {
    AmendmentState.DRAFT: [AmendmentState.SIGNED, AmendmentState.ABANDONED],
    AmendmentState.SIGNED: [],
    AmendmentState.ABANDONED: [],
}


class ScreeningResult(State):
    """What came of comparing a company with the lists of restricted parties."""

    CLEAR = "clear", _("Clear")
    HIT = "hit", _("Hit")
    CLEARED = "cleared", _("Cleared")
    REFUSED = "refused", _("Refused")


#: After these nothing is signed with the company, and nobody there is invited.
HOLDING = [ScreeningResult.HIT, ScreeningResult.REFUSED]


class MembershipStatus(State):
    """Derived from the signed agreements of an organization on a day."""

    PROSPECT = "prospect", _("Prospect")
    UPCOMING = "upcoming", _("Starts soon")
    ACTIVE = "active", _("Member")
    ENDED = "ended", _("Ended")


class YearStatus(State):
    """Where a day stands in a commitment year."""

    UPCOMING = "upcoming", _("Upcoming")
    OPEN = "open", _("Open")
    ENDED = "ended", _("Ended")
