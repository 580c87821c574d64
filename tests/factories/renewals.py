"""What is known of the renewal of a term, and of how a member is."""

from datetime import timedelta

from consortium import services
from consortium.models import (
    Agreement,
    Contact,
    ExitInterview,
    HealthNote,
    Organization,
    RenewalAnswer,
    RenewalEstimate,
)

from .consortium import TODAY, OrganizationFactory, draft, sign
from .credits import at


def estimate(agreement: Agreement, probability: int = 60, **told) -> RenewalEstimate:
    given = {"reason": "As the sponsor says", "today": TODAY, "at": at(TODAY)}
    given |= {"by": None}
    return services.estimate_renewal(agreement, probability=probability, **given | told)


def answer(agreement: Agreement, said: str = "leaves", **told) -> RenewalAnswer:
    given = {"answer": said, "received_on": TODAY, "today": TODAY, "at": at(TODAY)}
    return services.answer_renewal(agreement, **given | {"by": None} | told)


def late_notice(agreement: Agreement) -> RenewalAnswer:
    """Let a member say a day too late that it leaves, by terms of its own."""
    return RenewalAnswer.objects.create(
        agreement=agreement,
        answer="leaves",
        received_on=TODAY,
        notice_on=TODAY - timedelta(days=1),
        recorded_at=at(TODAY),
    )


def farewell(agreement: Agreement, contact: Contact, **told) -> ExitInterview:
    given = {"held_on": TODAY, "reasons": ["budget"], "words": "It was cut"}
    given |= {"may_return": True, "today": TODAY, "at": at(TODAY), "by": None}
    return services.record_exit_interview(agreement, contact=contact, **given | told)


def health(organization: Organization, said: str = "at_risk", **told) -> HealthNote:
    given = {"health": said, "reason": "Their lead left", "noted_on": TODAY}
    given |= {"today": TODAY, "at": at(TODAY), "by": None}
    return services.note_health(organization, **given | told)


def ended(name: str = "Norhaven", *, days_ago: int = 10) -> Agreement:
    """Sign a term of three years that was over some days ago."""
    ends_on = TODAY - timedelta(days=days_ago)
    since = ends_on.replace(year=ends_on.year - 3) + timedelta(days=1)
    return sign(draft(OrganizationFactory(name=name), effective_on=since))
