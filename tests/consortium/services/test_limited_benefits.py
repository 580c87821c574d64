"""What a decision about overdue dues does to the benefits of a member."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from consortium import services
from consortium.models import BenefitUse
from consortium.services.benefits import BenefitsLimited
from inm_portal.kernel.models import JournalEntry
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.benefits import benefit, entitlement, use
from tests.factories.credits import at
from tests.factories.receivables import apply, cash, invoiced

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(cast):
    benefit()
    return entitlement(cast.signed)


@pytest.fixture
def line(cast):
    """Siemens has not paid for 130 days."""
    days = {"issued_on": TODAY - timedelta(160), "due_on": TODAY - timedelta(130)}
    return invoiced(cast.siemens, Decimal(5_000), **days)


def decide(line, kind: str, *, on=TODAY):
    told = {"kind": kind, "on": on, "reason": "No answer at all", "today": TODAY}
    return services.take_step(line.invoice, **told, at=at(TODAY), by=staff("director"))


@pytest.mark.parametrize("kind", ["limited", "suspended"])
def test_a_use_needs_a_reason_while_they_are(one, line, kind):
    decide(line, kind)

    with pytest.raises(BenefitsLimited, match=f"Benefits {kind} on Nov 22, 2026"):
        use(one)
    with pytest.raises(BenefitsLimited):
        use(one, over_use_reason=" ")
    assert not BenefitUse.objects.exists()

    told = use(one, over_use_reason="The director let them speak")
    assert told.over_use_reason == "The director let them speak"
    entry = JournalEntry.objects.get(verb="consortium.benefit_used")
    assert (entry.facts["limited"], entry.facts["over"]) == (True, False)


@pytest.mark.parametrize("kind", ["kept", "plan", "write_off"])
def test_what_else_is_decided_leaves_them(one, line, kind):
    decide(line, kind)

    assert use(one).over_use_reason == ""


def test_the_last_decision_of_an_invoice_counts(one, line):
    decide(line, "suspended")
    decide(line, "kept")

    assert use(one)


def test_they_are_free_again_once_it_is_paid(cast, one, line):
    decide(line, "suspended")
    apply(cash(Decimal(5_000), cast.siemens), line, Decimal(5_000))

    assert use(one)


def test_those_of_another_member_are_not_touched(cast, one, line):
    decide(line, "suspended")

    assert use(entitlement(cast.amgens))


def test_the_page_says_so_to_staff_and_member(sign_in, cast, one, line):
    decide(line, "suspended")

    for who in ("staff", "sponsor"):
        page = sign_in(cast[who]).get(one.get_absolute_url()).content.decode()
        assert "Benefits suspended on Nov 22, 2026" in " ".join(page.split())


def test_the_form_answers_beside_the_reason(sign_in, cast, one, line):
    decide(line, "suspended")
    url = reverse("consortium:use_benefit", args=[one.pk])

    answer = sign_in(cast["staff"]).post(
        url, {"quantity": 1, "used_on": TODAY, "what": "A plant visit"}
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"over_use_reason"}
    assert "A plant visit" in answer.content.decode()
