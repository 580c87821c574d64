"""Many acts in any order: each is accepted or refused as a model says, and all ties."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from consortium import services
from consortium.models import Receipt
from consortium.states import ActState
from inm_portal.kernel import invariants
from inm_portal.kernel.errors import Refusal
from tests.factories.accounts import UserFactory
from tests.factories.credits import at
from tests.factories.ledger import as_committed
from tests.factories.receivables import (
    TODAY,
    bounce,
    invoiced,
    left_of,
    member,
    open_of,
    receive,
)

AMOUNTS = st.sampled_from(
    [Decimal(one) for one in ("0.01", "25", "99.99", "300", "700", "1000")]
)
ANY = st.integers(0, 50)


class Books(RuleBasedStateMachine):
    """The receivables beside a few dictionaries that say what is to come of them."""

    #: When the next act happens.
    today = TODAY

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    @initialize()
    def open_books(self):
        self.clerk, self.second = UserFactory(), UserFactory()
        self.members = [member(), member()]
        self.lines = [
            {"row": invoiced(one, amount), "member": one, "open": Decimal(amount)}
            for one in self.members
            for amount in (1_000, 700)
        ]
        self.receipts: list[dict] = []
        self.shares: list[dict] = []
        self.allocations: list[dict] = []
        self.write_offs: list[dict] = []

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def act(self, is_right: bool, perform):
        """Perform an act; it is refused unless it is right."""
        done, why = None, ""
        try:
            with transaction.atomic():
                done = perform()
        except Refusal as refusal:
            why = str(refusal)
        assert (why == "") == is_right, why
        return done

    def receive(self, amount, known):
        return receive(amount, known, by=self.clerk, reason="Another one")

    def add_share(self, row, receipt):
        share = {"row": row, "of": receipt, "left": row.amount, "member": None}
        share |= {"member": row.organization, "live": True, "used": 0, "refunded": 0}
        self.shares.append(share)

    @rule(amount=AMOUNTS, whose=st.integers(0, 2))
    def record(self, amount, whose):
        known = self.members[whose] if whose < 2 else None
        row = self.receive(amount, known)
        if row.state == ActState.PROPOSED:
            row = services.approve_receipt(row, at=at(self.today), by=self.second)
        left = Decimal() if known else amount
        receipt = {"row": row, "left": left, "live": True}
        self.receipts.append(receipt)
        for share in row.shares.all():
            self.add_share(share, receipt)

    @rule(which=ANY, whose=st.integers(0, 1), amount=AMOUNTS)
    def share(self, which, whose, amount):
        if not self.receipts:
            return
        receipt = self.receipts[which % len(self.receipts)]
        parts = [services.SharePart(self.members[whose], amount)]
        done = self.act(
            receipt["live"] and amount <= receipt["left"],
            lambda: services.share_receipt(
                receipt["row"], parts, at=at(self.today), by=self.clerk
            ),
        )
        if done:
            receipt["left"] -= amount
            self.add_share(done[0], receipt)

    @rule(which=ANY)
    def take_share_back(self, which):
        if not self.shares:
            return
        share = self.shares[which % len(self.shares)]
        done = self.act(
            share["live"] and not share["used"] and not share["refunded"],
            lambda: services.reverse_share(
                share["row"], reason="Wrong", at=at(self.today), by=self.clerk
            ),
        )
        if done:
            share["live"], share["left"] = False, Decimal()
            share["of"]["left"] += share["row"].amount

    @rule(which=ANY, to=ANY, amount=AMOUNTS)
    def allocate(self, which, to, amount):
        if not self.shares:
            return
        share = self.shares[which % len(self.shares)]
        line = self.lines[to % len(self.lines)]
        done = self.act(
            share["member"] == line["member"]
            and amount <= share["left"]
            and amount <= line["open"],
            lambda: services.allocate(
                share["row"],
                [services.LinePart(line["row"], amount)],
                **{"at": at(self.today), "by": self.clerk},
            ),
        )
        if done:
            share["left"] -= amount
            share["used"] += 1
            line["open"] -= amount
            made = {"row": done[0], "share": share, "line": line, "live": True}
            self.allocations.append(made)

    def undo(self, allocation):
        allocation["live"] = False
        allocation["line"]["open"] += allocation["row"].amount
        allocation["share"]["left"] += allocation["row"].amount
        allocation["share"]["used"] -= 1

    @rule(which=ANY)
    def reverse_allocation(self, which):
        if not self.allocations:
            return
        allocation = self.allocations[which % len(self.allocations)]
        done = self.act(
            allocation["live"],
            lambda: services.reverse_allocation(
                allocation["row"], reason="Wrong", at=at(self.today), by=self.clerk
            ),
        )
        if done:
            self.undo(allocation)

    @rule(which=ANY)
    def bounce(self, which):
        if not self.receipts:
            return
        receipt = self.receipts[which % len(self.receipts)]
        shares = [one for one in self.shares if one["of"] is receipt]
        done = self.act(
            receipt["live"] and not any(one["refunded"] for one in shares),
            lambda: bounce(receipt["row"], on=self.today, by=self.clerk),
        )
        if done:
            for allocation in self.allocations:
                if allocation["live"] and allocation["share"]["of"] is receipt:
                    self.undo(allocation)
            for share in shares:
                share["live"], share["left"] = False, Decimal()
            receipt["live"], receipt["left"] = False, Decimal()

    @rule(which=ANY, amount=AMOUNTS)
    def write_off(self, which, amount):
        line = self.lines[which % len(self.lines)]
        now = {"today": self.today, "at": at(self.today)}
        told = {"kind": "bank_charge", "amount": amount, "reason": "A fee"}
        row = self.act(
            amount <= line["open"],
            lambda: services.write_off(line["row"], **told, **now, by=self.clerk),
        )
        if row:
            if row.state == ActState.PROPOSED:
                row = services.approve_write_off(row, **now, by=self.second)
            line["open"] -= amount
            self.write_offs.append({"row": row, "line": line, "live": True})

    @rule(which=ANY)
    def reverse_write_off(self, which):
        if not self.write_offs:
            return
        given = self.write_offs[which % len(self.write_offs)]
        done = self.act(
            given["live"],
            lambda: services.reverse_write_off(
                given["row"], reason="It came", at=at(self.today), by=self.clerk
            ),
        )
        if done:
            given["live"] = False
            given["line"]["open"] += given["row"].amount

    @rule(which=ANY, amount=AMOUNTS)
    def refund(self, which, amount):
        if not self.shares:
            return
        share = self.shares[which % len(self.shares)]
        refund = self.act(
            amount <= share["left"],
            lambda: services.propose_refund(
                share["row"],
                **{"amount": amount, "reason": "Asked for"},
                **{"at": at(self.today), "by": self.clerk},
            ),
        )
        if refund:
            services.approve_refund(
                refund,
                paid_on=self.today,
                today=self.today,
                at=at(self.today),
                by=self.second,
            )
            share["left"] -= amount
            share["refunded"] += 1

    @invariant()
    def all_is_as_the_model_says(self):
        if not hasattr(self, "lines"):
            return
        as_committed()
        assert [open_of(one["row"]) for one in self.lines] == [
            one["open"] for one in self.lines
        ]
        assert [left_of(one["row"]) for one in self.shares] == [
            one["left"] for one in self.shares
        ]
        receipts = Receipt.objects.with_left().in_bulk()
        assert [receipts[one["row"].pk].unidentified for one in self.receipts] == [
            one["left"] for one in self.receipts
        ]

    @invariant()
    def the_books_tie(self):
        assert list(invariants.broken()) == []


@pytest.mark.django_db
def test_the_books_tie_after_any_acts_in_any_order():
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=10,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
