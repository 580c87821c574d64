"""Who sees invoices, and who does what with them."""

import pytest

from consortium import services
from consortium.models import (
    ContactRole,
    CreditNote,
    Instalment,
    Invoice,
    Organization,
    PurchaseOrder,
)
from tests.factories.accounts import staff
from tests.factories.billing import (
    acting,
    approved,
    credited,
    drafted,
    instalment,
    issued,
    order,
    payer,
)
from tests.factories.consortium import OrganizationFactory, draft, person_at, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    """Two members with an issued invoice; the first has a draft and an approved one."""
    clerk = staff("finance")
    agreements = [sign(draft(OrganizationFactory(name=name))) for name in "AB"]
    for agreement in agreements:
        payer(agreement.organization)
        order(agreement.organization)
        issued(drafted(agreement, by=clerk))
    first = agreements[0]
    drafted(first, instalment(first, 1), by=clerk)
    approved(drafted(first, instalment(first, 3), by=clerk))
    credited(Invoice.objects.earliest("pk"), 10)
    return {
        "clerk": clerk,
        "second": staff("finance"),
        "director": staff("director"),
        "program": staff("program staff"),
        "auditor": staff("auditor"),
        "billing": person_at(first.organization, ContactRole.BILLING).user,
        "sponsor": person_at(first.organization, ContactRole.SPONSOR).user,
        "technical": person_at(first.organization, ContactRole.TECHNICAL).user,
        "events": person_at(first.organization, ContactRole.EVENTS).user,
    }


#: Of the four invoices: A issued, B issued, A draft, A approved.
ISSUED, OTHERS, DRAFT, APPROVED = range(4)


@pytest.mark.parametrize(
    ("who", "action", "which"),
    [
        *[(one, "view", {ISSUED, OTHERS, DRAFT, APPROVED}) for one in ("clerk",)],
        *[("auditor", "view", {ISSUED, OTHERS, DRAFT, APPROVED})],
        *[("program", "view", {ISSUED, OTHERS, DRAFT, APPROVED})],
        *[("billing", "view", {ISSUED}), ("sponsor", "view", {ISSUED})],
        *[("technical", "view", set()), ("events", "view", set())],
        *[("clerk", "change", {DRAFT}), ("program", "change", set())],
        *[("clerk", "approve", set()), ("second", "approve", {DRAFT})],
        *[("director", "approve", {DRAFT}), ("auditor", "approve", set())],
        *[("second", "send_back", {DRAFT, APPROVED}), ("billing", "send_back", set())],
        *[("clerk", "send_back", {APPROVED}), ("auditor", "send_back", set())],
        *[
            ("clerk", "apply_offer", {ISSUED, OTHERS}),
            ("director", "apply_offer", set()),
        ],
        *[("clerk", "issue", {APPROVED}), ("director", "issue", set())],
        *[("clerk", "void", {DRAFT, APPROVED}), ("billing", "void", set())],
        *[("director", "void", {ISSUED, OTHERS}), ("auditor", "void", set())],
        *[("clerk", "replace", {ISSUED, OTHERS}), ("director", "replace", set())],
        *[("clerk", "dispute", {ISSUED, OTHERS}), ("billing", "dispute", {ISSUED})],
        *[("technical", "dispute", set()), ("auditor", "dispute", set())],
        *[("billing", "promise", {ISSUED}), ("billing", "answer", {ISSUED})],
        *[("billing", "deliver", set()), ("clerk", "deliver", {ISSUED, OTHERS})],
        *[("events", "answer", set()), ("program", "answer", set())],
    ],
)
def test_who_may_do_what_with_which_invoice(people, who, action, which):
    keys = [*Invoice.objects.order_by("pk").values_list("pk", flat=True)]
    user = people[who]

    may = Invoice.objects.permitted(user, action)
    flags = Invoice.objects.with_permissions(user, action)

    assert {keys.index(one.pk) for one in may} == which
    assert {keys.index(one.pk) for one in flags if getattr(one, f"may_{action}")} == (
        which
    )
    for place, key in enumerate(keys):
        one = Invoice.objects.get(pk=key)
        assert user.has_perm(f"consortium.{action}_invoice", one) == (place in which)


def test_who_drafts_anew_does_not_issue_it(people):
    old = Invoice.objects.order_by("pk")[OTHERS]
    anew = services.draft_anew(old, reason="Wrong order", **acting(people["clerk"]))
    approved(anew)

    issuing = {
        who: people[who].has_perm("consortium.issue_invoice", as_it_is(anew))
        for who in ("clerk", "second")
    }

    assert issuing == {"clerk": False, "second": True}


def as_it_is(invoice: Invoice) -> Invoice:
    """Return an invoice as it is in the database now."""
    return Invoice.objects.get(pk=invoice.pk)


@pytest.mark.parametrize(
    ("who", "notes", "orders"),
    [
        *[("clerk", 1, 2), ("auditor", 1, 2), ("billing", 1, 1)],
        *[("technical", 0, 0), ("events", 0, 0)],
    ],
)
def test_who_sees_credit_notes_and_orders(people, who, notes, orders):
    user = people[who]

    assert CreditNote.objects.permitted(user, "view").count() == notes
    assert PurchaseOrder.objects.permitted(user, "view").count() == orders


@pytest.mark.parametrize(
    ("who", "count"), [("auditor", 6), ("billing", 3), ("technical", 3), ("events", 0)]
)
def test_who_sees_instalments(people, who, count):
    assert Instalment.objects.permitted(people[who], "view").count() == count


@pytest.mark.parametrize(
    ("who", "action", "companies"),
    [
        *[("clerk", "record_order", "AB"), ("billing", "record_order", "A")],
        *[("technical", "record_order", ""), ("auditor", "record_order", "")],
        *[("clerk", "keep_payer", "AB"), ("billing", "keep_payer", "")],
        *[("clerk", "describe_payer", "AB"), ("billing", "describe_payer", "A")],
        *[("sponsor", "describe_payer", "A"), ("technical", "describe_payer", "")],
        *[("auditor", "view_payer", "AB"), ("auditor", "describe_payer", "")],
        *[("billing", "view_payer", "A"), ("technical", "view_payer", "")],
        *[("clerk", "advise_payment", "AB"), ("sponsor", "advise_payment", "A")],
        *[("program", "advise_payment", ""), ("events", "advise_payment", "")],
        *[("clerk", "draft_invoice", "AB"), ("director", "draft_invoice", "")],
    ],
)
def test_who_does_what_for_a_member(people, who, action, companies):
    found = Organization.objects.permitted(people[who], action).order_by("name")

    assert "".join(one.name for one in found) == companies
