"""What is given up of an invoice, by one person or two, and what may explain it."""

from datetime import date
from decimal import Decimal

import pytest

from consortium import services
from consortium.models import LedgerLine, WriteOff, WriteOffKind
from consortium.services.allocations import AboveOpen
from consortium.services.interests import HasInterest
from consortium.services.ledger import AlreadyReversed
from consortium.services.two_people import SaysNoReason, TakesTwo
from consortium.services.write_offs import (
    CertificateMissing,
    IssuedByYourself,
    NotWrittenOff,
)
from consortium.states import ActState, Standing
from inm_portal.accounts.merging import merge_users
from inm_portal.kernel import invariants
from inm_portal.kernel.documents import DocumentStays, supersede
from inm_portal.kernel.errors import IllegalTransition
from inm_portal.kernel.models import Message
from tests.factories.accounts import UserFactory, staff
from tests.factories.credits import at
from tests.factories.ledger import refused
from tests.factories.receivables import (
    TODAY,
    apply,
    cash,
    invoiced,
    member,
    open_of,
    receive,
    standing_of,
)
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db

NOW = {"today": TODAY, "at": at(TODAY)}


@pytest.fixture(autouse=True)
def _books_tie(db):
    yield
    assert list(invariants.broken()) == []


@pytest.fixture
def flex(db):
    return member(name="Flex")


@pytest.fixture
def line(flex):
    return invoiced(flex)


def give_up(line, amount, kind=WriteOffKind.BANK_CHARGE, *, by=None, **more):
    given = {"kind": kind, "amount": Decimal(amount), "by": by or UserFactory()}
    return services.write_off(line, **NOW, **given | more)


def approve(row, *, by=None):
    return services.approve_write_off(row, **NOW, by=by or UserFactory())


def debited(account) -> Decimal:
    lines = LedgerLine.objects.filter(account=account)
    return sum((one.debit - one.credit for one in lines), Decimal())


def test_case_17_and_w4_a_fee_of_the_bank_is_offered_and_given_up_in_one_step(
    line, flex
):
    apply(cash("274975.00", flex), line, "274975.00")
    assert (open_of(line), standing_of(line)) == (25, Standing.PART_PAID)

    offered = services.explain_short(Decimal(275_000), Decimal(274_975))
    row = give_up(line, offered.amount, offered.kind)

    assert (row.state, row.takes_two) == (ActState.RECORDED, False)
    assert (open_of(line), standing_of(line)) == (0, Standing.PAID)
    assert debited("bank_charges") == 25


@pytest.mark.parametrize(
    ("paid", "kind", "needs_certificate"),
    [
        ("274975.00", WriteOffKind.BANK_CHARGE, False),
        ("274950.00", WriteOffKind.BANK_CHARGE, False),
        ("247500.00", WriteOffKind.TAX_WITHHELD, True),
        ("233750.00", WriteOffKind.TAX_WITHHELD, True),
        ("192500.00", WriteOffKind.TAX_WITHHELD, True),
    ],
)
def test_why_a_payment_may_be_short(paid, kind, needs_certificate):
    found = services.explain_short(Decimal(275_000), Decimal(paid))

    assert (found.kind, found.needs_certificate) == (kind, needs_certificate)
    assert found.amount == 275_000 - Decimal(paid)


@pytest.mark.parametrize("paid", ["275000", "275001", "274949.99", "137500", "0"])
def test_what_is_not_short_or_for_no_known_reason_is_not_explained(paid):
    assert services.explain_short(Decimal(275_000), Decimal(paid)) is None


def test_above_the_tolerance_two_people_give_up(line):
    first = UserFactory()

    row = give_up(line, "50.01", by=first, reason="Two banks")

    assert (row.state, open_of(line)) == (ActState.PROPOSED, 275_000)
    with pytest.raises(TakesTwo):
        approve(row, by=first)
    approve(row)
    assert open_of(line) == Decimal("274949.99")


def test_small_amounts_add_up_to_the_tolerance(line):
    give_up(line, 30)

    assert give_up(line, 20).state == ActState.RECORDED
    assert give_up(line, "0.01", reason="More").state == ActState.PROPOSED


def test_the_tolerance_is_a_setting(line, settings):
    settings.WRITE_OFF_TOLERANCE = Decimal(10)

    assert give_up(line, 11, reason="A fee").state == ActState.PROPOSED


def test_bad_debt_takes_two_and_a_reason_at_any_amount(line):
    with pytest.raises(SaysNoReason):
        give_up(line, 1, WriteOffKind.BAD_DEBT)
    row = give_up(line, 1, WriteOffKind.BAD_DEBT, reason="Bankrupt")

    approve(row)

    assert debited("bad_debt") == 1
    with refused("write_off_of_bad_debt_takes_two"):
        WriteOff.objects.create(
            **{"line": line, "kind": "bad_debt", "amount": 1, "takes_two": False},
            **{"proposed_by": UserFactory(), "proposed_at": at(TODAY)},
        )


def test_an_account_that_was_merged_is_no_second_person(line):
    first, survivor = UserFactory(), UserFactory()
    row = give_up(line, 100, by=first, reason="A fee")
    merge_users(survivor, merged=first, at=at(TODAY), by=None)

    with pytest.raises(TakesTwo):
        approve(row, by=survivor)


def test_who_issues_an_invoice_does_not_write_it_off(flex):
    issuer = UserFactory()
    line = invoiced(flex, by=issuer)

    with pytest.raises(IssuedByYourself):
        give_up(line, 10, by=issuer)
    row = give_up(line, 100, reason="A fee")
    with pytest.raises(IssuedByYourself):
        approve(row, by=issuer)


def test_case_15_an_interest_in_the_member_bars_from_giving_up(line, flex):
    barred = staff("director")
    services.disclose_interest(
        flex,
        **{"person": barred, "reason": "Consults for it", "from_on": TODAY},
        **{"at": at(TODAY), "by": None},
    )
    row = give_up(line, 100, reason="A fee")

    for action, thing in [("write_off", line), ("approve", row)]:
        name = f"consortium.{action}_{type(thing).__name__.lower()}"
        assert not barred.has_perm(name, thing)
        assert staff("director").has_perm(name, thing)
    with pytest.raises(HasInterest):
        give_up(line, 10, by=barred)
    with pytest.raises(HasInterest):
        approve(row, by=barred)
    assert not Message.objects.filter(recipient=barred.email).exists()


def test_tax_that_was_withheld_is_shown_by_its_certificate(line):
    with pytest.raises(CertificateMissing):
        give_up(line, 27_500, WriteOffKind.TAX_WITHHELD, reason="Withheld")
    row = give_up(
        line,
        27_500,
        WriteOffKind.TAX_WITHHELD,
        **{"reason": "Withheld", "certificate": sent()},
    )

    approve(row)

    assert debited("withholding_receivable") == 27_500
    with pytest.raises(DocumentStays):
        supersede(row.certificate, at=at(TODAY), by=UserFactory())


def test_case_36_what_another_rate_cost_is_an_exchange_difference(line, flex):
    receipt = receive(
        "274300.00", flex, foreign_amount=Decimal(250_000), foreign_currency="EUR"
    )
    apply(receipt.shares.get(), line, "274300.00")

    row = give_up(line, 700, WriteOffKind.EXCHANGE_DIFFERENCE, reason="1.0972")
    approve(row)

    assert (open_of(line), debited("exchange_difference")) == (0, 700)


def test_no_more_is_given_up_than_is_open_by_then(line, flex):
    with pytest.raises(AboveOpen):
        give_up(line, "275000.01", reason="All")
    row = give_up(line, 275_000, WriteOffKind.BAD_DEBT, reason="Bankrupt")
    apply(cash(1, flex), line, 1)

    with pytest.raises(AboveOpen):
        approve(row)


def test_what_was_refused_stays_open(line):
    row = give_up(line, 100, reason="A fee")

    services.refuse_write_off(row, at=at(TODAY), by=UserFactory())

    with pytest.raises(IllegalTransition):
        approve(row)
    assert open_of(line) == 275_000


def test_what_was_given_up_is_asked_for_after_all(line):
    row = give_up(line, 25)
    given = {"reason": "It came", "at": at(TODAY), "by": UserFactory()}

    services.reverse_write_off(row, **given)

    assert open_of(line) == 275_000
    with pytest.raises(AlreadyReversed):
        services.reverse_write_off(row, **given)
    with pytest.raises(NotWrittenOff):
        services.reverse_write_off(give_up(line, 100, reason="A fee"), **given)


def test_a_line_is_never_settled_above_its_amount_by_sql(line):
    row = give_up(line, 100, reason="A fee")
    other = give_up(line, 275_000, WriteOffKind.BAD_DEBT, reason="Bankrupt")
    approve(row)

    with refused("no more of a line is settled"):
        WriteOff.objects.filter(pk=other.pk).update(
            **{"state": "recorded", "decided_by": UserFactory()},
            **{"decided_at": at(TODAY), "entry": receive(9).entry},
        )


@pytest.mark.parametrize(
    ("action", "who"), [("approve", {"director"}), ("refuse", {"director", "finance"})]
)
def test_who_decides_on_a_write_off(cast, action, who):
    line = invoiced(cast.siemens)
    row = give_up(line, 100, by=cast["finance"], reason="A fee")

    may = {
        name
        for name, user in cast.people.items()
        if user.has_perm(f"consortium.{action}_writeoff", row)
    }

    assert may == who


def test_who_proposes_a_write_off(cast):
    line = invoiced(cast.siemens, by=cast["finance"])
    other = invoiced(cast.siemens)
    name = "consortium.write_off_invoiceline"

    assert not cast["finance"].has_perm(name, line)
    assert cast["finance"].has_perm(name, other)
    assert not cast["billing"].has_perm(name, other)


# --- suggestions


def whys(found):
    return [(one.line.pk, one.amount, one.why.split()[0]) for one in found]


def test_a_reference_goes_before_the_amount_and_that_before_the_oldest(flex):
    oldest = invoiced(flex, 5_000, due_on=date(2026, 10, 5))
    exact = invoiced(flex, 7_000, due_on=date(2026, 11, 5))
    named = invoiced(flex, 9_000, due_on=date(2026, 12, 5))
    number = named.invoice.number.replace("-", " ").lower()
    share = cash(7_000, flex, note=f"inv {number} thanks")

    assert whys(services.suggest_for_share(share)) == [
        (named.pk, 7_000, "The"),
        (exact.pk, 7_000, "Exactly"),
        (oldest.pk, 5_000, "Due"),
    ]


def test_a_payment_that_is_short_by_a_fee_is_suggested_with_the_reason(line, flex):
    (found,) = services.suggest_for_share(cash("274975.00", flex))

    assert found.amount == Decimal("274975.00")
    assert found.why == "$25 short, as after a bank's fee."


def test_nothing_is_suggested_of_what_is_used_up_or_paid(line, flex):
    share = cash(275_000, flex)
    apply(share, line, 275_000)

    assert services.suggest_for_share(share) == []
    assert services.suggest_for_share(cash(1, flex)) == []


def test_what_is_another_members_is_suggested_only_of_an_unknown_payer(line):
    other = member(name="PTC")

    assert services.suggest_for_share(cash(275_000, other)) == []
    (found,) = services.suggest_for_receipt(receive(275_000, payer_name="FLEX INC."))
    assert found.line == line
