"""How likely staff hold the renewal of a term."""

from consortium import services
from consortium.models import Agreement, RenewalEstimate

from .consortium import TODAY
from .credits import at


def estimate(agreement: Agreement, probability: int = 60, **told) -> RenewalEstimate:
    given = {"reason": "As the sponsor says", "today": TODAY, "at": at(TODAY)}
    given |= {"by": None}
    return services.estimate_renewal(agreement, probability=probability, **given | told)
