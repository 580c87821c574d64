"""What somebody might try with the money of others, or slip through: it holds."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group

from consortium import services
from consortium.models import (
    BankFormat,
    ContactRole,
    Receipt,
    ReceiptMethod,
    ReceiptShare,
)
from consortium.models.chasing import chased_lines, is_chased
from consortium.services import Taken
from consortium.services.bank_lines import Unreadable, WrongRow, amount_of
from consortium.services.bank_trial import Fate, try_bank_file
from consortium.services.credit_notes import CreditedByItsIssuer
from consortium.services.interests import HasInterest
from consortium.services.invoices import DraftedByYourself, IssuedByItsVoider
from consortium.services.recognition import FileHasErrors
from inm_portal.accounts.models import User
from tests.factories.accounts import staff
from tests.factories.banking import (
    account,
    bai2,
    camt,
    csv_of,
    entry,
    read,
    take_in,
    upload,
)
from tests.factories.billing import acting, approved, drafted, payer
from tests.factories.consortium import OrganizationFactory, draft, person_at, sign
from tests.factories.credits import at
from tests.factories.receivables import (
    TODAY,
    apply,
    cash,
    invoiced,
    member,
    receive,
)

pytestmark = pytest.mark.django_db

MOST = Decimal("999999999999.99")
NOW = {"today": TODAY, "at": at(TODAY)}


@pytest.fixture
def agreement(db):
    signed = sign(draft(OrganizationFactory(), billing_frequency="quarterly"))
    payer(signed.organization)
    return signed


@pytest.fixture
def flex(db):
    return member(name="Flex")


def again(person) -> User:
    return User.objects.get(pk=person.pk)


def advise(company, person, amount, on=TODAY, **more):
    facts = {"paid_on": on, "amount": Decimal(amount), "method": ReceiptMethod.WIRE}
    return services.advise_payment(company, **facts, **acting(person, on), **more)


def promise(line, person, *, on, days, amount=1000):
    day = on + timedelta(days=days)
    told = {"pay_on": day, "amount": Decimal(amount)}
    services.promise_payment(line.invoice, **told, **acting(person, on))


def is_asked(line, on) -> bool:
    return chased_lines(on=on).filter(pk=line.pk).filter(is_chased()).exists()


def fates(file) -> list[Fate]:
    return [one.fate for one in try_bank_file(file).told]


# --- files of the bank


def test_a_word_for_a_reference_hides_no_other_money():
    of = account()
    take_in(upload(csv_of("2026-11-02,100.00,Siemens AG,NONREF,one"), of))

    other = upload(csv_of("2026-11-20,250000.00,Flex Ltd,NONREF,two"), of)
    rows = "2026-11-02,100.00,Siemens AG,NONREF,one", "2026-11-03,7.00,B,W9,x"
    same = upload(csv_of(*rows), of)

    assert fates(other) == [Fate.DOUBTFUL]
    assert fates(same) == [Fate.KNOWN, Fate.NEW]


def test_a_cent_by_hand_hides_no_wire():
    of = account()
    by_hand = {"bank_account": "Lockbox", "bank_reference": "W7"}
    receive("0.01", None, on=date(2026, 11, 2), **by_hand)

    rows = "2026-11-20,250000.00,Flex Ltd,W7,x", "2026-11-20,5.00,A,W8,x"
    take_in(upload(csv_of(*rows), of))

    assert Receipt.objects.get(amount=250_000).state == "proposed"


def test_a_line_recorded_by_hand_comes_once():
    by_hand = {"bank_account": "Lockbox", "bank_reference": "W7"}
    receive("250000.00", None, on=date(2026, 11, 20), **by_hand)

    file = upload(csv_of("2026-11-20,250000.00,Flex Ltd,W7,x"), account())

    assert fates(file) == [Fate.KNOWN]


def test_a_batch_of_several_payers_is_nobodys_alone():
    one = OrganizationFactory(name="Siemens", legal_name="Siemens AG")
    OrganizationFactory(name="Flex", legal_name="Flex Ltd")
    end = "</TxDtls></NtryDtls>"
    other = "<RltdPties><Dbtr><Pty><Nm>Flex Ltd</Nm></Pty></Dbtr></RltdPties>"
    batch = entry("300000.00", payer="Siemens AG")
    batch = batch.replace(end, f"</TxDtls><TxDtls>{other}{end}")

    file = camt(batch, closing="300500.00")
    take_in(upload(file, account(format=BankFormat.CAMT053)))

    assert Receipt.objects.get(amount=300_000).payer_name == "Several payers"
    assert not ReceiptShare.objects.filter(organization=one).exists()


@pytest.mark.parametrize("written", ["(-250.00)", "(+250.00)", "(250.00", "250.000"])
def test_odd_amounts_are_refused(written):
    with pytest.raises(WrongRow):
        amount_of(written, ".")


def test_brackets_are_below_zero():
    assert amount_of("(250.00)", ".") == -250


@pytest.mark.parametrize("figure", ["1_000", "\u0661\u0660\u0660\u0660"])
def test_figures_of_bai2_are_digits(figure):
    text = bai2(("475", 1, "R", "x")).decode().replace(",475,1,", f",475,{figure},")
    for code in ("49", "98", "99"):
        text = text.replace(f"{code},1,", f"{code},1000,")

    with pytest.raises(Unreadable):
        read(text.encode(), format=BankFormat.BAI2)


# --- announced, promised


def test_a_short_reference_of_a_member_draws_no_money_of_others(flex):
    mine = invoiced(flex, 300_000)
    person = person_at(flex, ContactRole.BILLING).user
    advise(flex, person, "1.00", reference="N", invoices=[mine.invoice])

    wire = receive(250_000, None, on=date(2026, 11, 20), note="SIEMENS FEE NOV")

    assert services.suggest_for_receipt(wire) == []


def test_what_was_announced_by_a_reference_draws_no_more_than_it_said(flex):
    mine = invoiced(flex, 300_000)
    person = person_at(flex, ContactRole.BILLING).user
    advise(flex, person, "1.00", reference="FEE-NOVEMBER", invoices=[mine.invoice])

    wire = receive(250_000, None, on=date(2026, 11, 20), note="Fee November")

    assert services.suggest_for_receipt(wire) == []


def test_promising_again_and_again_does_not_stop_reminders_for_good(flex):
    line, person = invoiced(flex, 1000), person_at(flex, ContactRole.BILLING).user
    promise(line, person, on=TODAY, days=80)
    assert not is_asked(line, TODAY + timedelta(days=80))

    promise(line, person, on=TODAY + timedelta(days=79), days=80)

    assert not is_asked(line, TODAY + timedelta(days=80))
    assert is_asked(line, TODAY + timedelta(days=81))


def test_finance_may_grant_a_further_promise(flex):
    line, person = invoiced(flex, 1000), person_at(flex, ContactRole.BILLING).user
    promise(line, person, on=TODAY, days=10)

    promise(line, staff("finance"), on=TODAY + timedelta(days=9), days=20)

    assert not is_asked(line, TODAY + timedelta(days=20))


def test_who_kept_a_promise_is_believed_again(flex):
    line, person = invoiced(flex, 1000), person_at(flex, ContactRole.BILLING).user
    promise(line, person, on=TODAY, days=10, amount=400)
    apply(cash(400, flex), line, 400)

    promise(line, person, on=TODAY + timedelta(days=9), days=20, amount=600)

    assert not is_asked(line, TODAY + timedelta(days=20))


def test_announcing_any_sum_again_and_again_does_not_either(flex):
    line, person = invoiced(flex, 1000), person_at(flex, ContactRole.BILLING).user
    advise(flex, person, MOST, reference="first")
    assert not is_asked(line, TODAY + timedelta(days=13))

    later = TODAY + timedelta(days=13)
    advise(flex, person, MOST, on=later, reference="second")

    assert is_asked(line, TODAY + timedelta(days=14))


def test_who_sees_no_invoice_sees_not_what_was_paid_of_it(program, flex):
    line = invoiced(flex, 1000)
    apply(cash(1000, flex), line, 1000)
    client = program(person_at(flex, ContactRole.TECHNICAL).user)

    assert client.get(f"/api/v1/invoices/{line.invoice_id}/").status_code == 404
    assert client.get("/api/v1/allocations/").json()["results"] == []


# --- duties that are apart


def test_who_issued_an_invoice_takes_nothing_of_it_back(agreement):
    issuer, other, third = (staff("finance") for _each in range(3))
    draft_of = approved(drafted(agreement, by=other), by=third)
    invoice = services.issue_invoice(draft_of, **acting(issuer))
    line = invoice.lines.get()
    note = services.draft_credit_note(
        invoice, taken=[Taken(line, line.amount)], reason="x", at=at(TODAY), by=other
    )

    assert not again(issuer).has_perm("consortium.issue_creditnote", note)
    with pytest.raises(CreditedByItsIssuer):
        services.issue_credit_note(note, **acting(issuer))
    services.issue_credit_note(note, **acting(third))


def test_who_issued_an_invoice_does_not_void_it(agreement):
    issuer, other = staff("finance"), staff("finance")
    issuer.groups.add(Group.objects.get(name="director"))
    draft_of = approved(drafted(agreement, by=issuer), by=other)
    invoice = services.issue_invoice(draft_of, **acting(again(issuer)))

    assert not again(issuer).has_perm("consortium.void_invoice", invoice)
    with pytest.raises(IssuedByItsVoider):
        services.void_invoice(invoice, reason="x", **acting(again(issuer)))
    services.void_invoice(invoice, reason="x", **acting(staff("director")))


def test_who_ever_wrote_what_an_invoice_says_does_not_approve_it(agreement):
    first, second = staff("finance"), staff("finance")
    invoice = drafted(agreement, by=first)
    due = {"due_on": date(2027, 6, 1)}
    services.change_invoice(invoice, **due, note="As I want it", **acting(second))
    services.change_invoice(invoice, **due, note="As I want it.", **acting(first))
    invoice.refresh_from_db()

    assert not second.has_perm("consortium.approve_invoice", invoice)
    with pytest.raises(DraftedByYourself):
        services.approve_invoice(invoice, **acting(second))


def test_an_interest_bars_from_taking_back_and_from_proposing(agreement):
    company, person = agreement.organization, staff("finance")
    line, share = invoiced(company, 275_000), cash(5_000, company)
    lost = {"kind": "bad_debt", "amount": Decimal(1000), "reason": "x"}
    row = services.write_off(line, **lost, **acting(person))
    services.approve_write_off(row, **acting(staff("director")))
    told = {"person": person, "reason": "Consults for it", "from_on": TODAY}
    services.disclose_interest(company, **told, at=at(TODAY), by=None)

    for action, thing in [
        ("reverse_writeoff", row),
        ("refund_receiptshare", share),
        ("credit_invoice", line.invoice),
    ]:
        assert not again(person).has_perm(f"consortium.{action}", thing), action
    by = {"at": at(TODAY), "by": again(person)}
    taken = [Taken(line, Decimal(1))]
    for act in [
        lambda: services.reverse_write_off(row, reason="y", **by),
        lambda: services.propose_refund(share, amount=Decimal(5), reason="z", **by),
        lambda: services.draft_credit_note(line.invoice, taken=taken, reason="z", **by),
    ]:
        with pytest.raises(HasInterest):
            act()


# --- recognized


def recognized(*rows: str) -> bytes:
    return "\n".join(["member,month,amount,currency", *rows, ""]).encode()


def take_in_recognized(content: bytes):
    by = staff("finance")
    return services.import_recognition(content, name="x", by=by, **NOW)


def test_a_file_that_was_saved_again_posts_income_once(flex):
    invoiced(flex, "275000.00")
    content = recognized("Flex,2026-10,100000.00,USD")
    take_in_recognized(content)

    with pytest.raises(FileHasErrors, match="imported for it already"):
        take_in_recognized(content + b"\n")
    take_in_recognized(recognized("Flex,2026-10,-500.00,USD"))


def test_income_of_a_month_to_come_is_refused(flex):
    invoiced(flex, "275000.00")

    with pytest.raises(FileHasErrors, match="has not begun"):
        take_in_recognized(recognized("Flex,2026-12,100000.00,USD"))
