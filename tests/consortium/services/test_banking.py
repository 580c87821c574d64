"""Files of the bank that are looked at, then taken in whole, each line once."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db import DatabaseError, transaction

from consortium import services
from consortium.models import BankFile, BankImport, BankLine, LedgerEntry, Receipt
from consortium.services.bank_accounts import NameTaken, NotMapped
from consortium.services.banking import (
    BankFileHasErrors,
    BankFileTakenIn,
    NothingToTakeIn,
)
from consortium.services.receipts import BankLineRecorded
from consortium.states import ActState
from inm_portal.kernel import invariants
from inm_portal.kernel.errors import EditConflict
from inm_portal.kernel.models import JournalEntry
from tests.factories.accounts import UserFactory, staff
from tests.factories.banking import account, csv_of, take_in, upload
from tests.factories.ledger import refused
from tests.factories.receivables import TODAY, bounce, member, receive
from tests.races import at_once, refusals, while_held

pytestmark = pytest.mark.django_db

WIRE = "2026-11-12,1000.00,Acme Treasury BV,FED-7,INM-2027-0001"
CHECK = "2026-11-12,250.00,Somebody,,"
FEE = "2026-11-13,-15.00,The bank,FEE-1,"


@pytest.fixture
def lockbox(db):
    return account()


def fates(file: BankFile) -> list[str]:
    return [one.fate.value for one in services.try_bank_file(file).told]


def test_a_file_is_looked_at_and_nothing_is_recorded(lockbox):
    file = upload(csv_of(WIRE, CHECK, FEE), lockbox)

    assert fates(file) == ["new", "new", "debit"]
    assert services.try_bank_file(file).total == Decimal(1250)
    assert not Receipt.objects.exists()


def test_what_arrived_becomes_receipts_and_what_was_paid_out_does_not(lockbox):
    file = upload(csv_of(WIRE, CHECK, FEE), lockbox)

    taken_in = take_in(file)

    told = Receipt.objects.order_by("pk").values_list(
        *["amount", "payer_name", "bank_reference", "bank_account", "note", "state"]
    )
    assert list(told) == [
        (1000, "Acme Treasury BV", "FED-7", "Lockbox", "INM-2027-0001", "recorded"),
        (250, "Somebody", "", "Lockbox", "", "recorded"),
    ]
    counts = (taken_in.line_count, taken_in.receipt_count, taken_in.debit_count)
    assert counts == (3, 2, 1)
    assert taken_in.sha256 == file.sha256
    assert [line.number for line in taken_in.lines.all()] == [2, 3]
    verbs = JournalEntry.objects.about(file).values_list("verb", flat=True)
    assert set(verbs) == {
        "consortium.bank_file_uploaded",
        "consortium.bank_file_taken_in",
    }
    assert list(invariants.broken()) == []


def test_money_of_a_company_by_its_name_is_its_own_and_other_money_nobodys(lockbox):
    acme = member(name="Acme", legal_name="Acme Corp.")
    rows = ["2026-11-12,10,ACME CORP,A,", "2026-11-12,20,Acme Treasury,B,"]

    take_in(upload(csv_of(*rows), lockbox))

    receipts = Receipt.objects.with_left().order_by("amount")
    assert [one.organization for one in receipts] == [acme, None]
    assert [one.unidentified for one in receipts] == [0, 20]


def test_a_name_that_two_companies_have_tells_of_neither(lockbox):
    member(name="Acme", legal_name="Acme Corp.")
    member(name="Acme Corp", legal_name="Another Ltd.")

    take_in(upload(csv_of("2026-11-12,10,ACME CORP,A,"), lockbox))

    assert Receipt.objects.get().organization is None


def test_the_same_file_again_is_told_as_such_and_changes_nothing(lockbox):
    content = csv_of(WIRE, CHECK)
    file = upload(content, lockbox)
    take_in(file)

    with pytest.raises(BankFileTakenIn) as refusal:
        upload(content, lockbox, name="again.csv")
    with pytest.raises(BankFileTakenIn):
        take_in(file)

    assert refusal.value.file == file
    assert Receipt.objects.count() == 2
    assert BankFile.objects.count() == 1


def test_a_file_that_nobody_took_in_is_the_same_when_it_comes_again(lockbox):
    content = csv_of(WIRE)

    assert upload(content, lockbox) == upload(content, lockbox, name="again.csv")


def test_a_file_read_anew_after_its_account_was_changed_is_another(lockbox):
    content = csv_of("11/12/2026,10,A,,").replace(b"2026-", b"2026-")
    american = services.change_bank_account(
        lockbox, day_format="%m/%d/%Y", by=UserFactory()
    )
    first = upload(content, american)
    british = services.change_bank_account(
        american, day_format="%d/%m/%Y", by=UserFactory()
    )

    with pytest.raises(BankFileHasErrors):
        upload(content, british)  # December 11 has not come yet
    second = upload(content, british, today=date(2026, 12, 31))

    assert first != second
    take_in(second)
    with pytest.raises(BankFileTakenIn):
        take_in(first)


def test_a_line_that_another_file_brought_is_known(lockbox):
    take_in(upload(csv_of(WIRE, CHECK), lockbox))

    later = upload(csv_of(CHECK, WIRE, "2026-11-14,70,B,FED-8,", CHECK), lockbox)

    assert fates(later) == ["known", "known", "new", "doubtful"]
    take_in(later)
    assert Receipt.objects.count() == 4
    again = upload(csv_of(WIRE), lockbox)
    with pytest.raises(NothingToTakeIn):
        take_in(again)


def test_another_account_has_lines_of_its_own(lockbox):
    take_in(upload(csv_of(CHECK), lockbox))

    other = account(name="Operating")
    file = upload(csv_of(CHECK), other)

    assert fates(file) == ["doubtful"]  # the same payer and amount, by another way


def test_a_line_that_was_recorded_by_hand_is_known(lockbox):
    receipt = receive(1000, bank_account="Lockbox", bank_reference="FED-7")

    (told,) = services.try_bank_file(upload(csv_of(WIRE), lockbox)).told

    assert (told.fate, told.receipt) == ("known", receipt)


def test_what_may_be_there_already_waits_for_a_second_person(lockbox):
    receipt = receive(250, payer_name="somebody", on=date(2026, 11, 10))
    file = upload(csv_of(CHECK), lockbox)
    (told,) = services.try_bank_file(file).told

    assert (told.fate, told.receipt) == ("doubtful", receipt)
    take_in(file)

    waiting = Receipt.objects.exclude(pk=receipt.pk).get()
    assert waiting.state == ActState.PROPOSED
    assert str(file) in waiting.reason


def test_two_rows_alike_of_one_file_are_two_lines_of_which_one_is_looked_at(lockbox):
    file = upload(csv_of(CHECK, CHECK), lockbox)

    assert fates(file) == ["new", "doubtful"]
    take_in(file)
    states = Receipt.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["recorded", "proposed"]


def test_a_payment_that_went_back_hints_at_its_receipt(lockbox):
    receipt = receive(1000, payer_name="Acme Treasury BV", bank_reference="FED-7")
    rows = [
        "2026-11-20,-1000.00,acme treasury bv,R-1,",
        "2026-11-20,-1000.00,The bank,R-2,returned FED-7",
        "2026-11-20,-1000.00,Another,R-3,",
    ]

    told = services.try_bank_file(upload(csv_of(*rows), lockbox)).told

    assert [one.receipt for one in told] == [receipt, receipt, None]
    assert not BankLine.objects.exists()


def test_what_was_taken_in_and_bounced_is_not_taken_in_again(lockbox):
    take_in(upload(csv_of(WIRE), lockbox))
    bounce(Receipt.objects.get())

    assert fates(upload(csv_of(WIRE, FEE), lockbox)) == ["known", "debit"]


def test_one_wrong_row_keeps_the_whole_file_out(lockbox):
    with pytest.raises(BankFileHasErrors) as refusal:
        upload(csv_of(WIRE, "2026-11-30,1,A,,", "2026-11-12,1.005,B,,"), lockbox)

    assert [error.number for error in refusal.value.errors] == [3, 4]
    assert not BankFile.objects.exists()


def test_a_file_is_taken_in_whole_or_not_at_all(lockbox, monkeypatch):
    file = upload(csv_of(WIRE, CHECK), lockbox)
    act, seen = services.banking.record_held, []

    def second_fails(**facts):
        seen.append(facts)
        if len(seen) == 2:
            raise BankLineRecorded("There.")
        return act(**facts)

    monkeypatch.setattr(services.banking, "record_held", second_fails)
    with pytest.raises(BankLineRecorded):
        take_in(file)

    assert not Receipt.objects.exists()
    assert not BankImport.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_a_line_and_a_file_are_there_once_around_python(lockbox):
    file = upload(csv_of(WIRE), lockbox)
    line = take_in(file).lines.get()
    other = receive(7)

    with refused("bank_line_is_taken_in_once"):
        BankLine.objects.create(
            source=line.source, account=lockbox, key=line.key, number=9, receipt=other
        )
    copy = BankFile.objects.create(
        **{"account": lockbox, "name": "x", "sha256": file.sha256, "lines": []},
        **{"uploaded_by": file.uploaded_by, "uploaded_at": file.uploaded_at},
    )
    counts = dict.fromkeys(("line_count", "receipt_count"), 1)
    told = {"account": lockbox, "imported_by": file.uploaded_by, "known_count": 0}
    told |= {"imported_at": file.uploaded_at, "debit_count": 0, "file": copy}
    with refused("bank_file_is_taken_in_once"):
        BankImport.objects.create(sha256=file.sha256, **counts, **told)
    with refused("bank_import_counts_each_line"):
        BankImport.objects.create(sha256="0" * 64, **counts | {"line_count": 2}, **told)


def test_what_a_file_said_never_changes(lockbox):
    file = upload(csv_of(WIRE), lockbox)

    with pytest.raises(DatabaseError), transaction.atomic():
        BankFile.objects.filter(pk=file.pk).update(lines=[])


@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        ({"name": "lockbox"}, NameTaken),
        ({"name": "B", "day_column": ""}, NotMapped),
        ({"name": "B", "amount_column": ""}, NotMapped),
        ({"name": "B", "credit_column": "In"}, NotMapped),
        ({"name": "B", "debit_column": "Out"}, NotMapped),
    ],
)
def test_an_account_has_a_name_of_its_own_and_says_its_columns(
    lockbox, details, refusal
):
    with pytest.raises(refusal):
        account(**details)


@pytest.mark.parametrize("number", ["0001234567", "GB29 NWBK 6016 1331 9268 19"])
def test_an_account_is_never_called_by_its_number(number):
    with refused("named_by_its_number"):
        account(name=number)


def test_an_edit_of_an_account_knows_what_it_started_from(lockbox):
    by = UserFactory()
    services.change_bank_account(lockbox, version=1, day_format="%Y%m%d", by=by)

    with pytest.raises(EditConflict):
        services.change_bank_account(lockbox, version=1, day_format="%d.%m.%Y", by=by)
    with pytest.raises(NotMapped):
        services.change_bank_account(lockbox, version=2, payer_column="", by=by)


@pytest.mark.parametrize(
    ("action", "who"),
    [
        ("view_bankfile", {"director", "finance", "admin", "auditor"}),
        ("view_bankaccount", {"director", "finance", "admin", "auditor"}),
        ("take_in_bankfile", {"finance"}),
        ("change_bankaccount", {"finance"}),
    ],
)
def test_who_takes_in_files_of_the_bank(cast, action, who, lockbox):
    thing = lockbox if action.endswith("account") else upload(csv_of(WIRE), lockbox)

    may = {
        name
        for name, user in cast.people.items()
        if user.has_perm(f"consortium.{action}", thing)
    }

    assert may == who


def test_a_file_that_was_taken_in_is_not_offered_again(lockbox):
    file, finance = upload(csv_of(WIRE), lockbox), staff("finance")
    assert finance.has_perm("consortium.take_in_bankfile", file)

    take_in(file)

    assert not staff("finance").has_perm("consortium.take_in_bankfile", file)


@pytest.mark.django_db(transaction=True)
def test_one_file_is_taken_in_once_by_two_clerks_at_once():
    file, people = (
        upload(csv_of(WIRE, CHECK), account()),
        [UserFactory(), UserFactory()],
    )

    outcomes = at_once(*[partial(take_in, file, by=one) for one in people])

    assert refusals(outcomes) == [BankFileTakenIn]
    assert Receipt.objects.count() == 2
    assert list(invariants.broken()) == []


@pytest.mark.django_db(transaction=True)
def test_files_that_share_a_line_bring_it_once_at_once():
    lockbox = account()
    files = [upload(csv_of(WIRE, *more), lockbox) for more in ([], [CHECK])]

    at_once(*[partial(take_in, file, by=UserFactory()) for file in files])

    assert Receipt.objects.filter(bank_reference="FED-7").count() == 1
    assert list(invariants.broken()) == []


@pytest.mark.django_db(transaction=True)
def test_who_records_a_line_by_hand_waits_for_the_file_that_has_it():
    file, by = upload(csv_of(WIRE), account()), UserFactory()
    line = {"bank_account": "Lockbox", "bank_reference": "FED-7", "by": by}

    def by_hand():
        try:
            return receive(1000, **line)
        except BankLineRecorded as refusal:
            return refusal

    outcome = while_held(lambda: take_in(file), by_hand)

    assert isinstance(outcome, BankLineRecorded)
    assert Receipt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_close_beside_a_file_leaves_no_entry_behind_it():
    file, by = upload(csv_of("2026-10-12,10,A,FED-1,"), account()), UserFactory()
    october = date(2026, 10, 1)

    while_held(
        lambda: services.close_period(october, today=TODAY, at=file.uploaded_at, by=by),
        lambda: take_in(file),
    )

    assert LedgerEntry.objects.get().posted_on == date(2026, 11, 1)
    assert list(invariants.broken()) == []
