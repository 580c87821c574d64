"""Many acts over many days: statement, aging, cash and ledger tie on each of them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from consortium import services
from consortium.models import LedgerAccount, LedgerEntry, LedgerLine, Organization
from consortium.models.aging import SUMS, by_member, name_of
from consortium.models.ledger import known_by
from consortium.states import Bucket
from inm_portal.kernel import invariants
from tests.factories.credits import at
from tests.factories.invoices import credit
from tests.factories.receivables import invoiced, receive

from .test_receivables_walk import AMOUNTS, ANY, Books

STARTS_ON, ENDS_ON = date(2026, 10, 1), date(2026, 11, 22)
LATE = st.integers(-40, 140)


class History(Books):
    """The same books over weeks: what is recorded today may be of another day."""

    today = STARTS_ON

    @rule(days=st.integers(1, 20))
    def let_days_pass(self, days):
        self.today = min(self.today + timedelta(days=days), ENDS_ON)

    def receive(self, amount, known):
        """Money is found a week after it arrived."""
        return receive(
            amount,
            known,
            on=self.today - timedelta(days=7),
            recorded_on=self.today,
            by=self.clerk,
            reason="Another one",
        )

    @rule(whose=st.integers(0, 1), amount=AMOUNTS, late=LATE)
    def issue(self, whose, amount, late):
        owner = self.members[whose]
        due_on = self.today - timedelta(days=late)
        row = invoiced(owner, amount, issued_on=self.today, due_on=due_on)
        self.lines.append({"row": row, "member": owner, "open": Decimal(amount)})

    @rule(which=ANY)
    def void(self, which):
        line = self.lines[which % len(self.lines)]
        done = self.act(
            line["row"].invoice.pk not in self.voided and self.is_untouched(line),
            lambda: services.void_invoice(
                line["row"].invoice,
                **{"reason": "Wrong", "today": self.today},
                **{"at": at(self.today), "by": self.second},
            ),
        )
        if done:
            self.voided.add(line["row"].invoice.pk)
            line["open"] = Decimal()

    @property
    def voided(self):
        return vars(self).setdefault("_voided", set())

    def is_untouched(self, line):
        return line["open"] == line["row"].amount

    @rule(which=ANY)
    def take_back(self, which):
        line = self.lines[which % len(self.lines)]
        if line["open"]:
            credit(line["row"].invoice, line["open"], on=self.today)
            line["open"] = Decimal()

    def teardown(self):
        try:
            if hasattr(self, "lines"):
                self.all_days_tie()
        finally:
            super().teardown()

    def all_days_tie(self):
        told = LedgerEntry.objects.values_list("value_on", "recorded_at__date")
        days = {day for pair in told for day in pair}
        days |= {day - timedelta(days=1) for day in days}
        for day in sorted(days):
            self.ties(day, restated=False)
            self.ties(day, restated=True)
            self.ties(day, restated=max(days))

            self.reports_tie(day)

    def reports_tie(self, day):
        """Compare sources and uses, and the money words, with the ledger of a day."""
        found = services.sources_and_uses(on=day)
        assert found.net.amounts == found.used.amounts
        uses = {line.name: line.total for line in found.uses}
        nobodys = -balance(LedgerAccount.UNAPPLIED_CASH, None, day)
        assert found.net.total == balance(LedgerAccount.CASH_CLEARING, ALL, day)
        assert uses["unidentified"] == nobodys
        held = [balances(owner, day, day)[1] for owner in self.members]
        assert uses["on_account"] == sum(held)
        told = services.recognized_against_committed(on=day)
        for owner in self.members:
            own = [line for line in told if line.organization == owner.pk]
            assert sum(line.deferred for line in own) == -balance(
                LedgerAccount.DEFERRED_DUES, owner, day
            )
            received = sum(line.received for line in own)
            applied = received - balances(owner, day, day)[1]
            given_up = balance(LedgerAccount.BAD_DEBT, owner, day)
            given_up += balance(LedgerAccount.BANK_CHARGES, owner, day)
            given_up += balance(LedgerAccount.WITHHOLDING, owner, day)
            given_up += balance(LedgerAccount.EXCHANGE_DIFFERENCE, owner, day)
            left = sum(line.invoiced for line in own) - applied - given_up
            assert left == balances(owner, day, day)[0]

    def ties(self, day, *, restated):
        """Compare what each report says of a day with the ledger."""
        known_on = known_by(day, restated) or ENDS_ON
        until = (day, known_on, "USD")
        aging = by_member(
            Organization.objects.all(), day, restated=restated, currency="USD"
        ).in_bulk()
        for owner in self.members:
            sums = {name: Decimal() for name in SUMS}
            if owner.pk in aging:
                sums = {name: getattr(aging[owner.pk], name) for name in SUMS}
            receivable, on_account = balances(owner, day, known_on)
            assert sum(sums[name_of(one)] for one in Bucket) == receivable
            assert (sums["receivable"], sums["on_account"]) == (receivable, on_account)
            whole, rest = (
                services.statement_of(owner, services.Period(since, *until))
                for since in (date(2020, 1, 1), day - timedelta(days=10))
            )
            assert (whole.opening, whole.closing) == (0, receivable - on_account)
            assert rest.closing == whole.closing
            assert (whole.receivable, whole.on_account) == (receivable, on_account)
            assert sum(amount for _bucket, amount in whole.strip) == receivable
            assert [line.balance for line in whole.lines()][-1:] in (
                [],
                [whole.closing],
            )


ALL = object()


def balance(account, owner, day):
    """Return the debits of an account less its credits; of a member, or nobody's."""
    entries = LedgerEntry.objects.filter(value_on__lte=day).known(on=day)
    lines = LedgerLine.objects.filter(account=account, entry__in=entries)
    if owner is not ALL:
        lines = lines.filter(organization=owner)
    sums = lines.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    return (sums["debit"] or Decimal()) - (sums["credit"] or Decimal())


def balances(owner, day, known_on):
    """Return what the ledger says of a member: what it owes, and has on account."""
    entries = LedgerEntry.objects.filter(value_on__lte=day).known(on=known_on)
    lines = LedgerLine.objects.filter(organization=owner, entry__in=entries)
    found = []
    for account in (LedgerAccount.RECEIVABLE, LedgerAccount.UNAPPLIED_CASH):
        of_one = lines.filter(account=account)
        sums = of_one.aggregate(debit=Sum("debit"), credit=Sum("credit"))
        found.append((sums["debit"] or Decimal()) - (sums["credit"] or Decimal()))
    return found[0], -found[1]


@pytest.mark.django_db
def test_statement_aging_and_cash_tie_with_the_ledger_on_every_day():
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=6,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert list(invariants.broken()) == []
