"""Money is matched: the queue, whose it is, what it pays, and what is taken back."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from consortium import services
from consortium.models import (
    Allocation,
    Receipt,
    ReceiptShare,
    Refund,
    WaitingMoney,
    WriteOff,
)
from consortium.states import ActState
from inm_portal.kernel.models import Task
from tests.factories.accounts import UserFactory, staff
from tests.factories.billing import acting
from tests.factories.credits import at
from tests.factories.receivables import (
    RECEIVED,
    TODAY,
    apply,
    bounce,
    cash,
    invoiced,
    left_of,
    member,
    open_of,
    receive,
    standing_of,
)
from tests.kernel.files import sent

from .test_costs import require_same

pytestmark = pytest.mark.django_db

URL = reverse("consortium:to_match")


@pytest.fixture
def finance(db):
    return staff("finance")


@pytest.fixture
def client(finance, sign_in):
    return sign_in(finance)


def page_of(name, thing) -> str:
    return reverse(f"consortium:{name}", args=[thing.pk])


def send(client, name, thing, **typed):
    key = {"idempotency_key": uuid4().hex}
    return client.post(page_of(name, thing), typed | key)


def errors_of(answer) -> list[str]:
    assert answer.status_code == 422
    return list(answer.context["form"].errors)


def test_the_queue_has_what_waits_the_oldest_first(finance, client):
    acme = member(name="Acme")
    share = cash(1_100, acme)
    nobodys = receive(1_200)
    doubtful = receive(1_100, acme, reason="A second wire")
    line = invoiced(acme, 9_000)
    given = write_off(line, 400, by=finance)
    refund = services.propose_refund(
        share, amount=Decimal(50), reason="Too much", at=at(TODAY), by=finance
    )

    rows = client.get(URL).context["page"]

    assert [(row.kind, row.amount) for row in rows] == [
        ("member", 1_200),
        ("invoice", 1_100),
        ("receipt", 1_100),
        ("write_off", 400),
        ("refund", 50),
    ]
    assert [row.get_absolute_url() for row in rows] == [
        nobodys.get_absolute_url(),
        share.receipt.get_absolute_url(),
        doubtful.get_absolute_url(),
        given.line.invoice.get_absolute_url(),
        refund.share.receipt.get_absolute_url(),
    ]


def write_off(line, amount, *, by, kind="bank_charge", reason="A bank took it"):
    return services.write_off(
        line,
        **{"kind": kind, "amount": Decimal(amount), "today": TODAY},
        **{"at": at(TODAY), "by": by, "reason": reason},
    )


def test_what_was_matched_or_came_back_does_not_wait():
    acme = member()
    apply(cash(1_000, acme), invoiced(acme, 1_000), 1_000)
    bounce(cash(1_100, acme).receipt)
    bounce(receive(1_200))

    assert not WaitingMoney.objects.exists()


def test_the_queue_tells_the_sums_that_the_books_tell():
    acme, other = member(), member()
    wire, line = receive(1_000), invoiced(acme, 300)
    parts = [
        services.SharePart(acme, Decimal(400)),
        services.SharePart(other, Decimal(250)),
    ]
    by = staff("finance")
    services.share_receipt(wire, parts, at=at(TODAY), by=by)
    apply(wire.shares.get(organization=acme), line, 150)
    taken_back = apply(wire.shares.get(organization=other), invoiced(other, 80), 80)
    services.reverse_allocation(taken_back, reason="Wrong", at=at(TODAY), by=by)

    waits = {(row.share_id, row.amount) for row in WaitingMoney.objects.all()}

    told = Receipt.objects.with_left().get()
    shares = ReceiptShare.objects.with_unapplied()
    assert waits == {
        (None, told.unidentified),
        *((share.pk, share.unapplied) for share in shares),
    }


@pytest.mark.parametrize(
    "query",
    ["?search=zeta", "?search=fed-77", "?search=$1,100", "?kind=invoice"],
)
def test_the_queue_is_narrowed(client, query):
    cash(1_100, member(name="Zeta Works"), bank_reference="FED-77")
    receive(900)

    rows = client.get(URL + query).context["page"]

    assert [(row.kind, row.amount) for row in rows] == [("invoice", 1_100)]


def test_the_queue_says_what_fits_best(client):
    acme = member(name="Acme", legal_name="Acme Inc.")
    named, exact = invoiced(acme, 5_000), invoiced(acme, 700)
    number = named.invoice.number
    cash(900, acme, bank_reference=f"FOR {number}")
    cash(700, acme)
    receive(4_000, payer_name="Acme Inc.")
    receive(77, payer_name="Somebody else")
    cash(50, member())

    rows = client.get(URL).context["page"]

    assert {row.amount: row.best.words for row in rows} == {
        900: f"{number}. The payment names {number}.",
        700: f"{exact.invoice.number}. Exactly $700 is open.",
        4_000: f"Acme, {number}. The payer is Acme.",
        77: "No open invoice fits.",
        50: "Nothing is open: it stays on account.",
    }


def test_the_export_has_what_the_queue_has(client):
    receive(900, payer_name="=1+1")

    text = client.get(reverse("consortium:export_to_match")).getvalue()

    assert b"900.00" in text
    assert b",=1+1" not in text


def test_a_member_finds_nothing_in_the_queue(cast, sign_in):
    cash(1_000, cast.siemens)

    assert list(sign_in(cast["sponsor"]).get(URL).context["page"]) == []


def test_money_of_nobody_is_given_to_two_members_of_one_wire(client):
    acme, other = member(name="Acme"), member(name="Other")
    wire = receive(900, payer_name="Group Treasury")
    typed = {"member_1": acme.pk, "amount_1": "500", "member_2": other.pk}

    answer = send(client, "share_receipt", wire, **typed, amount_2="400")

    assert answer["Location"] == wire.get_absolute_url()
    shares = wire.shares.values_list("organization__name", "amount")
    assert set(shares) == {("Acme", 500), ("Other", 400)}
    assert Receipt.objects.get().payer_name == "Group Treasury"


def test_money_of_one_member_is_applied_next(client):
    acme, wire = member(), receive(900)

    answer = send(client, "share_receipt", wire, member_1=acme.pk, amount_1="900")

    assert answer["Location"] == page_of("allocate_share", wire.shares.get())


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount_1": "901"}, "__all__"),
        ({"amount_1": "1.234"}, "amount_1"),
        ({"amount_1": "900", "amount_2": "1"}, "member_2"),
        ({"amount_1": "900", "member_1": ""}, "member_1"),
    ],
)
def test_a_sharing_that_does_not_fit_is_refused(client, typed, field):
    acme, wire = member(), receive(900)

    answer = send(client, "share_receipt", wire, **{"member_1": acme.pk} | typed)

    assert errors_of(answer) == [field]
    assert not ReceiptShare.objects.exists()


def test_a_sharing_of_what_a_member_may_have_already_says_how_to_go_on(client):
    acme = member()
    there, wire = receive(900, acme), receive(900, payer_name="ACME ZN 4")

    answer = send(client, "share_receipt", wire, member_1=acme.pk, amount_1="900")

    assert answer.status_code == 422
    text = answer.content.decode()
    assert f"{there} of" in text
    assert "record it anew for" in text
    assert 'value="900"' in text


def test_what_may_fit_is_shown_beside_with_its_reason(client):
    acme = member(name="Acme")
    line, wire = invoiced(acme, 900), receive(900)

    page = client.get(page_of("share_receipt", wire) + f"?member={acme.pk}")

    assert [one.line for one in page.context["suggestions"]] == [line]
    assert "Exactly $900 is open." in page.content.decode()
    assert page.context["form"]["member_1"].value() == str(acme.pk)


def amounts(page) -> dict[int, Decimal]:
    rows = page.context["form"].rows()
    return {row.line.pk: row.amount.initial for row in rows}


def test_the_oldest_is_paid_first(client):
    acme = member()
    late = invoiced(acme, 300, due_on=TODAY)
    early = invoiced(acme, 200)

    page = client.get(page_of("allocate_share", cash(350, acme)))

    assert amounts(page) == {early.pk: 200, late.pk: 150}
    assert page.context["form"].left == 0


def test_what_is_named_or_exact_is_paid_before_the_oldest(client):
    acme = member()
    old, exact = invoiced(acme, 500), invoiced(acme, 350, due_on=TODAY)
    named = invoiced(acme, 900, due_on=TODAY)
    number = named.invoice.number

    first = client.get(page_of("allocate_share", cash(350, acme)))
    second = client.get(
        page_of("allocate_share", cash(400, acme, bank_reference=number))
    )

    assert amounts(first) == {old.pk: None, exact.pk: 350, named.pk: None}
    assert amounts(second) == {old.pk: None, exact.pk: None, named.pk: 400}


def advise(company, amount, *lines, **told):
    """Return a payment that a member announced, for the invoices of these lines."""
    given = {"paid_on": RECEIVED, "method": "wire", "reference": ""} | told
    return services.advise_payment(
        company,
        amount=Decimal(amount),
        invoices=[line.invoice for line in lines],
        **given,
        **acting(),
    )


def test_what_a_member_announced_is_paid_before_what_is_exact(client):
    acme = member()
    exact, announced = invoiced(acme, 700), invoiced(acme, 900, due_on=TODAY)
    advice = advise(acme, 700, announced)

    page = client.get(page_of("allocate_share", cash(700, acme)))

    assert amounts(page) == {exact.pk: None, announced.pk: 700}
    text = page.content.decode()
    assert f"Announced as {advice}." in text
    assert f'href="{advice.get_absolute_url()}"' in text


@pytest.mark.parametrize(
    ("received", "told"),
    [
        (700, {"paid_on": RECEIVED - timedelta(days=31)}),
        (700, {"paid_on": RECEIVED + timedelta(days=6)}),
        (600, {}),
        (600, {"reference": "FED-78"}),
    ],
)
def test_what_was_announced_of_another_day_or_sum_is_not_this(client, received, told):
    acme = member()
    oldest, announced = invoiced(acme, 750), invoiced(acme, 900, due_on=TODAY)
    advise(acme, 700, announced, **told)
    share = cash(received, acme, bank_reference="FED-77 ACME")

    page = client.get(page_of("allocate_share", share))

    assert amounts(page) == {oldest.pk: received, announced.pk: None}
    assert not page.context["announced"]


@pytest.mark.parametrize(
    ("received", "told"),
    [
        (675, {}),
        (630, {}),
        (600, {"reference": "fed 77 acme"}),
        (700, {"paid_on": RECEIVED - timedelta(days=30)}),
        (700, {"paid_on": RECEIVED + timedelta(days=5)}),
    ],
)
def test_short_by_a_fee_or_by_its_reference_it_is_what_was_announced(
    client, received, told
):
    acme = member()
    oldest, announced = invoiced(acme, 750), invoiced(acme, 900, due_on=TODAY)
    advise(acme, 700, announced, **told)
    share = cash(received, acme, bank_reference="FED-77 ACME")

    page = client.get(page_of("allocate_share", share))

    assert amounts(page) == {oldest.pk: None, announced.pk: received}


def test_what_arrived_with_other_money_or_was_withdrawn_is_not_announced(client):
    acme = member()
    line = invoiced(acme, 900)
    advise(acme, 700, line)
    withdrawn = advise(acme, 500, line)
    services.withdraw_advice(withdrawn, at=at(TODAY), by=UserFactory())
    first, second = cash(700, acme), cash(500, acme)
    again = cash(700, acme, on=RECEIVED + timedelta(days=9))

    seen = [
        client.get(page_of("allocate_share", one)).context["announced"]
        for one in (first, second, again)
    ]

    assert [len(each) for each in seen] == [1, 0, 0]


def test_announced_money_of_nobody_leads_to_its_member(client):
    acme, other = member(name="Acme"), member(name="Other")
    invoiced(other, 300)
    line = invoiced(acme, 900)
    advice = advise(acme, 700)

    page = client.get(page_of("share_receipt", receive(700, payer_name="Treasury")))
    queue = client.get(URL)

    (found,) = page.context["suggestions"]
    assert (found.line, found.why) == (line, f"Announced as {advice}.")
    assert f"Announced as {advice}." in queue.content.decode()


def test_one_act_applies_to_many_lines(client):
    acme = member()
    share, first, second = cash(900, acme), invoiced(acme, 300), invoiced(acme, 700)
    typed = {f"amount_{first.pk}": "300", f"amount_{second.pk}": "$500.00"}

    answer = send(client, "allocate_share", share, **typed, reason="As they wrote")

    assert answer["Location"] == share.receipt.get_absolute_url()
    assert (open_of(first), open_of(second), left_of(share)) == (0, 200, 100)
    assert {one.reason for one in Allocation.objects.all()} == {"As they wrote"}


def test_sent_twice_it_is_applied_once(client):
    acme = member()
    share, line = cash(900, acme), invoiced(acme, 900)
    typed = {f"amount_{line.pk}": "400", "idempotency_key": uuid4().hex}

    answers = [client.post(page_of("allocate_share", share), typed) for _i in "ab"]

    assert {one["Location"] for one in answers} == {share.receipt.get_absolute_url()}
    assert Allocation.objects.count() == 1


def test_what_would_come_of_it_is_told_before_and_posts_nothing(client):
    acme = member()
    share, line = cash(900, acme), invoiced(acme, 940)
    typed = {f"amount_{line.pk}": "900", f"rest_{line.pk}": "bank_charge"}

    page = send(client, "allocate_share", share, **typed, check="yes")

    text = " ".join(page.content.decode().split())
    assert page.status_code == 200
    assert "$900 is applied, $0 stays on account." in text
    assert f"$40 of {line.invoice.number} is given up: Bank charge." in text
    assert "A second person is asked" not in text
    assert not Allocation.objects.exists()
    assert not WriteOff.objects.exists()


def test_a_check_says_that_a_second_person_is_asked(client):
    acme = member()
    share, line = cash(900, acme), invoiced(acme, 1_000)
    typed = {f"amount_{line.pk}": "900", f"rest_{line.pk}": "bad_debt"}

    page = send(client, "allocate_share", share, **typed, reason="Gone", check="yes")

    assert "A second person is asked" in page.content.decode()


def test_short_by_a_fee_is_applied_and_written_off_in_one_act(client):
    acme = member()
    share, line = cash(274_975, acme), invoiced(acme)

    page = client.get(page_of("allocate_share", share))
    assert "$25 short, as after a bank&#x27;s fee." in page.content.decode()
    typed = {f"amount_{line.pk}": "274,975", f"rest_{line.pk}": "bank_charge"}
    send(client, "allocate_share", share, **typed)

    assert WriteOff.objects.get().state == ActState.RECORDED
    assert standing_of(line) == "paid"


def test_tax_that_was_withheld_asks_for_its_certificate(client):
    acme = member()
    share, line = cash(85_000, acme), invoiced(acme, 100_000)
    typed = {f"amount_{line.pk}": "85,000", f"rest_{line.pk}": "tax_withheld"}
    typed["reason"] = "Tax of 15 percent"

    without = send(client, "allocate_share", share, **typed)
    assert errors_of(without) == ["certificate"]
    assert not Allocation.objects.exists()
    send(client, "allocate_share", share, **typed, certificate=sent())

    row = WriteOff.objects.get()
    assert row.certificate is not None
    assert row.state == ActState.PROPOSED
    assert open_of(line) == 15_000


@pytest.mark.parametrize(
    ("typed", "rest", "field"),
    [
        ("1,001", "", "amount"),
        ("901", "", "__all__"),
        ("1.234", "", "amount"),
        ("-5", "", "amount"),
        ("", "", "__all__"),
        ("900", "bad_debt", "reason"),
        ("900", "a gift", "rest"),
    ],
)
def test_what_cannot_be_applied_is_said_beside_its_field(client, typed, rest, field):
    acme = member()
    share, line = cash(900, acme), invoiced(acme, 1_000)
    sent_ = {f"amount_{line.pk}": typed, f"rest_{line.pk}": rest}

    answer = send(client, "allocate_share", share, **sent_)

    named = field if field in ("__all__", "reason") else f"{field}_{line.pk}"
    assert named in errors_of(answer)
    assert not Allocation.objects.exists()
    assert typed in answer.content.decode()


def test_what_somebody_else_paid_meanwhile_is_said(client):
    acme = member()
    share, line = cash(900, acme), invoiced(acme, 900)
    apply(cash(901, acme), line, 900)

    answer = send(client, "allocate_share", share, **{f"amount_{line.pk}": "900"})

    assert errors_of(answer) == [f"amount_{line.pk}"]
    assert "Only $0 of it is open." in answer.content.decode()


def test_lines_of_another_member_are_neither_shown_nor_paid(client):
    acme, other = member(), member()
    share, line = cash(900, acme), invoiced(other, 900)

    page = client.get(page_of("allocate_share", share))
    answer = send(client, "allocate_share", share, **{f"amount_{line.pk}": "900"})

    assert page.context["form"].lines == []
    assert errors_of(answer) == ["__all__"]
    assert not Allocation.objects.exists()


def test_who_issued_an_invoice_is_not_asked_what_becomes_of_its_rest(finance, client):
    acme = member()
    share, line = cash(900, acme), invoiced(acme, 925, by=finance)

    page = client.get(page_of("allocate_share", share))
    typed = {f"amount_{line.pk}": "900", f"rest_{line.pk}": "bank_charge"}
    send(client, "allocate_share", share, **typed)

    assert [row.rest for row in page.context["form"].rows()] == [None]
    assert not WriteOff.objects.exists()


def test_a_dispute_stands_beside_its_line(finance, client):
    acme = member()
    line = invoiced(acme, 900)
    services.dispute_invoice(
        line.invoice,
        **{"amount": Decimal(120), "reason": "A seat less", "owner": finance},
        **{"settle_by": TODAY, "at": at(TODAY), "by": finance},
    )

    page = client.get(page_of("allocate_share", cash(700, acme)))

    assert "$120 of the invoice is disputed" in page.content.decode()


def test_what_was_applied_is_taken_back_and_applied_anew(client):
    acme = member()
    share, line = cash(900, acme), invoiced(acme, 900)
    allocation = apply(share, line, 900)

    answer = send(
        client, "reverse_allocation", allocation, reason="Wrong one", anew="on"
    )

    assert answer["Location"] == page_of("allocate_share", share)
    assert (open_of(line), left_of(share)) == (900, 900)
    page = client.get(share.receipt.get_absolute_url()).content.decode()
    assert "Wrong one" in page


def test_nothing_is_taken_back_without_a_reason(client):
    acme = member()
    allocation = apply(cash(900, acme), invoiced(acme, 900), 900)

    answer = send(client, "reverse_allocation", allocation)

    assert errors_of(answer) == ["reason"]


def test_a_share_is_taken_back_while_none_of_it_is_used(client):
    acme = member()
    share, line = cash(900, acme), invoiced(acme, 900)
    allocation = apply(share, line, 900)

    used = send(client, "reverse_share", share, reason="Not theirs")
    assert errors_of(used) == ["__all__"]
    send(client, "reverse_allocation", allocation, reason="Wrong")
    send(client, "reverse_share", share, reason="Not theirs")

    assert Receipt.objects.with_left().get().unidentified == 900


def test_a_payment_that_came_back_opens_its_invoice_again(client):
    acme = member()
    share, line = cash(900, acme), invoiced(acme, 900)
    apply(share, line, 900)
    typed = {"returned_on": "2026-11-20", "reason": "No cover"}

    page = client.get(page_of("bounce_receipt", share.receipt)).content.decode()
    assert "$900" in page
    send(client, "bounce_receipt", share.receipt, **typed)

    assert standing_of(line) == "open"
    assert client.get(URL).context["page"].object_list == []
    assert Task.objects.open().get().kind == "consortium.tell_of_bounce"


def test_what_came_back_is_recorded_anew_from_its_page(client):
    acme = member()
    gone = bounce(cash(900, acme, bank_reference="FED-9").receipt)
    page = client.get(gone.get_absolute_url()).content.decode()
    url = reverse("consortium:record_receipt") + f"?replaces={gone.pk}"
    assert url in page

    form = client.get(url).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in typed.items() if value is not None}
    key = {"idempotency_key": uuid4().hex}
    answer = client.post(url, typed | key)

    made = Receipt.objects.exclude(pk=gone.pk).get()
    assert answer["Location"] == made.get_absolute_url()
    assert (made.replaces, made.bank_reference) == (gone, "FED-9")
    assert url not in client.get(gone.get_absolute_url()).content.decode()


def test_a_refund_is_proposed_by_one_and_recorded_by_another(client, sign_in):
    share = cash(900, member())
    typed = {"paid_on": "2026-11-20", "reference": "W-9"}

    send(client, "refund_share", share, amount="300", reason="Paid twice")
    refund = Refund.objects.get()
    own = send(client, "approve_refund", refund, **typed)
    director = sign_in(staff("director"))
    page = director.get(share.receipt.get_absolute_url()).content.decode()
    assert page_of("approve_refund", refund) in page
    send(director, "approve_refund", refund, **typed)

    assert own.status_code == 403
    refund.refresh_from_db()
    assert (refund.state, refund.reference) == (ActState.RECORDED, "W-9")
    assert left_of(share) == 600


def test_a_refund_that_came_back_is_on_account_and_the_receipt_may_bounce(
    client, sign_in
):
    share = cash(900, member())
    send(client, "refund_share", share, amount="300", reason="Paid twice")
    refund = Refund.objects.get()
    send(sign_in(staff("director")), "approve_refund", refund, paid_on="2026-11-20")
    came_back = {"returned_on": "2026-11-21", "reason": "Account closed"}
    client = sign_in(staff("finance"))

    refused = send(client, "bounce_receipt", share.receipt, **came_back)
    assert errors_of(refused) == ["__all__"]
    assert "take back the refund" in refused.content.decode()
    early = send(
        client, "reverse_refund", refund, returned_on="2026-11-19", reason="Too early"
    )
    assert errors_of(early) == ["returned_on"]
    send(client, "reverse_refund", refund, **came_back)
    assert left_of(share) == 900
    send(client, "bounce_receipt", share.receipt, **came_back)

    assert not Receipt.objects.live().exists()


def test_a_write_off_starts_from_what_a_payment_is_short_by(client):
    acme = member()
    line = invoiced(acme)
    apply(cash(274_975, acme), line, 274_975)

    form = client.get(page_of("write_off_line", line)).context["form"]
    assert form["kind"].value() == "bank_charge"
    send(client, "write_off_line", line, kind="bank_charge", amount="25")

    assert open_of(line) == 0


def test_a_write_off_above_the_tolerance_waits_for_a_second_person(client, sign_in):
    line = invoiced(member(), 900)
    typed = {"kind": "bad_debt", "amount": "900"}

    without = send(client, "write_off_line", line, **typed)
    send(client, "write_off_line", line, **typed, reason="They are gone")
    row = WriteOff.objects.get()
    own = send(client, "approve_write_off", row)
    director = sign_in(staff("director"))
    page = director.get(line.invoice.get_absolute_url()).content.decode()
    assert page_of("approve_write_off", row) in page
    send(director, "approve_write_off", row)

    assert errors_of(without) == ["reason"]
    assert own.status_code == 403
    assert open_of(line) == 0


def test_what_was_written_off_is_asked_for_again(client):
    line = invoiced(member(), 900)
    send(client, "write_off_line", line, kind="bank_charge", amount="25")

    send(client, "reverse_write_off", WriteOff.objects.get(), reason="They paid")

    assert open_of(line) == 900
    page = client.get(line.invoice.get_absolute_url()).content.decode()
    assert "They paid" in page


def test_what_was_proposed_is_refused_and_stays_open(client, sign_in):
    line = invoiced(member(), 900)
    typed = {"kind": "bad_debt", "amount": "900", "reason": "They are gone"}
    send(client, "write_off_line", line, **typed)

    send(sign_in(staff("director")), "refuse_write_off", WriteOff.objects.get())

    assert open_of(line) == 900


def test_who_issued_an_invoice_does_not_write_it_off(finance, client):
    line = invoiced(member(), 900, by=finance)

    page = client.get(line.invoice.get_absolute_url()).content.decode()

    assert page_of("write_off_line", line) not in page
    assert client.get(page_of("write_off_line", line)).status_code == 403


def test_a_member_sees_what_was_paid_and_not_what_was_given_up(cast, client, sign_in):
    line = invoiced(cast.siemens, 925)
    share = cash(900, cast.siemens)
    apply(share, line, 900)
    send(client, "write_off_line", line, kind="bank_charge", amount="25")

    page = sign_in(cast["billing"]).get(line.invoice.get_absolute_url())

    text = page.content.decode()
    assert "What paid it" in text
    assert "Write-offs" not in text
    assert share.receipt.get_absolute_url() not in text


def grow() -> None:
    acme = member()
    advise(acme, 1_000, invoiced(acme, 900))
    share = cash(1_000, acme)
    apply(share, invoiced(acme, 800), 600)
    receive(700, payer_name=f"Payer beside {acme}")
    by = staff("director")
    write_off(invoiced(acme, 950), 300, by=by)
    services.propose_refund(
        share, amount=Decimal(10), reason="Too much", at=at(TODAY), by=by
    )


@pytest.mark.parametrize("query", ["", "?search=payer"])
def test_the_queue_costs_the_same_with_many(client, query):
    grow()

    require_same(lambda: client.get(URL + query), grow, most=8)


@pytest.mark.parametrize("query", ["", "?format=xlsx"])
def test_the_export_costs_the_same_with_many(client, query):
    grow()
    url = reverse("consortium:export_to_match") + query

    require_same(lambda: client.get(url), grow, most=12)


def test_the_form_costs_the_same_with_many_lines(client):
    acme = member()
    share = cash(9_000, acme)
    invoiced(acme, 100)
    url = page_of("allocate_share", share)

    require_same(lambda: client.get(url), lambda: invoiced(acme, 100), most=8)


def test_suggestions_cost_the_same_with_many_lines(client):
    wire = receive(9_000)
    invoiced(member(), 100)
    url = page_of("share_receipt", wire)

    require_same(lambda: client.get(url), lambda: invoiced(member(), 100), most=8)
