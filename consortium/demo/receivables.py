"""Receivables of the demo world: invoices and receipts in every state."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from inm_portal.accounts.models import User

from .. import services
from ..models import (
    AnswerKind,
    Channel,
    Instalment,
    Invoice,
    InvoiceLine,
    Organization,
    Receipt,
    ReceiptMethod,
    ReceiptShare,
    StepKind,
    WriteOffKind,
)
from ..services import LinePart, SharePart, Taken
from . import banking, papers, reminded
from .credits import moment_of

#: When the invoices of year 1 and of year 2 went out, and when most were paid.
ISSUED_1, PAID_1 = date(2025, 5, 28), date(2025, 7, 8)
ISSUED_2, PAID_2 = date(2026, 5, 28), date(2026, 7, 9)
SENT_2, ANSWERED_2 = ISSUED_2 + timedelta(days=1), date(2026, 6, 4)
LATER = date(2026, 9, 14)

WIRE, ACH, CHEQUE = ReceiptMethod.WIRE, ReceiptMethod.ACH, ReceiptMethod.CHEQUE


class Payer(NamedTuple):
    """To whom invoices of a company go; its order is in thousands of dollars."""

    company: str
    entity: str
    address: str
    terms_days: int
    order: tuple[str, int, date | None] | None = None
    portal: str = ""
    has_forms: bool = True
    needs_order: bool = False


PAYERS = [
    Payer(
        *("Amgen", "Amgen Inc.", "One Amgen Center Drive\nThousand Oaks, CA 91320"),
        terms_days=45,
        order=("4500118834", 900, date(2028, 6, 30)),
        needs_order=True,
    ),
    Payer("Autodesk", "Autodesk, Inc.", "1 Market Street\nSan Francisco, CA 94105", 30),
    Payer("Flex", "Flex Ltd.", "12455 Research Boulevard\nAustin, TX 78759", 60),
    Payer(
        *("GE Vernova", "GE Vernova Inc.", "58 Charles Street\nCambridge, MA 02141"),
        terms_days=60,
        order=("GEV-77120", 300, date(2026, 4, 30)),
        portal="Coupa",
        needs_order=True,
    ),
    Payer("PTC", "PTC Inc.", "121 Seaport Boulevard\nBoston, MA 02210", 30),
    Payer(
        *("Sanofi", "Sanofi S.A.", "46 avenue de la Grande Armée\n75017 Paris"),
        terms_days=60,
        has_forms=False,
    ),
    Payer(
        *("Siemens", "Siemens Aktiengesellschaft"),
        "Werner-von-Siemens-Straße 1\n80333 Munich",
        terms_days=45,
        order=("SAG-2025-0417", 825, date(2027, 12, 31)),
        portal="Ariba",
        needs_order=True,
    ),
]


def load(*, today: date) -> None:
    """Invoice the founders, and let them pay as companies do."""
    director = User.objects.get(email="director@inm.example")
    finance = User.objects.get(email="finance@inm.example")
    desk = Desk(finance, director, User.objects.get(email="finance2@inm.example"))
    for payer in PAYERS:
        desk.keep(payer)
    _first_year(desk)
    _second_year(desk, today)
    _nobodys(desk)
    _elsewhere(desk)
    reminded.load(today=today)
    _chased(desk, today)
    banking.load(today=today, recorded_on=LATER, by=desk.finance)
    _close(desk)


class Desk:
    """
    Those who invoice and match: two of finance, with a director beside.

    Who issued an invoice gives nothing of it up; the other one does.
    """

    def __init__(self, finance: User, director: User, other: User) -> None:
        self.finance, self.director, self.other = finance, director, other

    def act(self, day: date, by: User | None = None) -> dict[str, Any]:
        return {"today": day, "at": moment_of(day), "by": by or self.finance}

    def moment(self, day: date, by: User | None = None) -> dict[str, Any]:
        return {"at": moment_of(day), "by": by or self.finance}

    def keep(self, payer: Payer) -> None:
        member = Organization.objects.get(name=payer.company)
        sent_on = ISSUED_1 if payer.has_forms else None
        services.keep_payer(
            member,
            bill_to_entity=payer.entity,
            bill_to_address=payer.address,
            attention="Accounts payable",
            terms_days=payer.terms_days,
            channel=Channel.PORTAL if payer.portal else Channel.EMAIL,
            supplier_portal=payer.portal,
            portal_set_up_on=ISSUED_1 if payer.portal else None,
            needs_order=payer.needs_order,
            vendor_form_on=sent_on,
            tax_form_on=sent_on,
            entity_confirmed_on=ISSUED_1,
            by=self.finance,
        )
        if payer.order:
            number, thousands, ends_on = payer.order
            services.record_order(
                member,
                number=number,
                amount=Decimal(thousands * 1000),
                ends_on=ends_on,
                file=papers.signed(number, "Purchase order"),
                **self.moment(ISSUED_1),
            )

    def draft(self, company: str, year: int, *, on: date) -> Invoice:
        member = Organization.objects.get(name=company)
        of_year = Instalment.objects.to_invoice().filter(
            commitment_year__agreement__organization=member,
            commitment_year__number=year,
        )
        return services.draft_invoice(member, instalments=of_year, **self.act(on))

    def approve(self, invoice: Invoice, *, on: date) -> Invoice:
        return services.approve_invoice(invoice, **self.act(on, self.director))

    def issue(
        self, company: str, year: int, *, on: date, by: User | None = None
    ) -> InvoiceLine:
        """Return the line of an invoice that went out."""
        invoice = self.approve(self.draft(company, year, on=on), on=on)
        return _line(services.issue_invoice(invoice, **self.act(on, by)))

    def receive(
        self,
        thousands: float,
        company: str | None,
        *,
        on: date,
        method: ReceiptMethod = WIRE,
        **more: Any,
    ) -> Receipt:
        member = company and Organization.objects.get(name=company)
        details = {"payer_name": member.legal_name} if member else {}
        return services.record_receipt(
            amount=Decimal(str(thousands)) * 1000,
            organization=member or None,
            received_on=on,
            method=method,
            **self.act(on),
            **details | more,
        )

    def apply(
        self, share: ReceiptShare, line: InvoiceLine, amount: Decimal, *, on: date
    ) -> None:
        parts = [LinePart(line, amount)]
        services.allocate(share, parts, **self.moment(on))

    def pay(
        self, line: InvoiceLine, thousands: float, *, on: date, **more: Any
    ) -> Receipt:
        """Receive what a company pays of a line, and apply what it asks for."""
        more = {"bank_reference": line.invoice.number} | more
        company = line.invoice.organization.name
        receipt = self.receive(thousands, company, on=on, **more)
        amount = min(receipt.amount, line.amount)
        self.apply(receipt.shares.get(), line, amount, on=on)
        return receipt


def _line(invoice: Invoice) -> InvoiceLine:
    return invoice.lines.select_related("invoice__organization").get()


def _first_year(desk: Desk) -> None:
    """All paid: in whole, in parts, short, by a check that came back, and anew."""
    companies = [payer.company for payer in PAYERS]
    lines = {name: desk.issue(name, 1, on=ISSUED_1) for name in companies}
    desk.pay(lines["Siemens"], 275, on=PAID_1)
    desk.pay(lines["Autodesk"], 275, on=PAID_1, method=ACH)
    desk.pay(lines["PTC"], 275, on=PAID_1, method=ACH)
    desk.pay(lines["Amgen"], 150, on=PAID_1)
    desk.pay(lines["Amgen"], 125, on=date(2025, 7, 30), bank_reference="Second part")
    _short(desk, lines["Flex"])
    _withheld(desk, lines["Sanofi"])
    _bounced(desk, lines["GE Vernova"])


def _short(desk: Desk, line: InvoiceLine) -> None:
    """A bank took its fee of the wire (case 17)."""
    desk.pay(line, 274.975, on=PAID_1)
    services.write_off(
        line,
        kind=WriteOffKind.BANK_CHARGE,
        amount=Decimal(25),
        **desk.act(PAID_1, desk.director),
    )


def _withheld(desk: Desk, line: InvoiceLine) -> None:
    """A tenth was withheld as tax abroad, and its certificate came later."""
    desk.pay(line, 247.5, on=PAID_1)
    row = services.write_off(
        line,
        kind=WriteOffKind.TAX_WITHHELD,
        amount=Decimal(27_500),
        reason="Withheld in France.",
        certificate=papers.signed(line.invoice.number or "", "Certificate of tax"),
        **desk.act(PAID_1, desk.director),
    )
    other = User.objects.get(email="codirector@inm.example")
    services.approve_write_off(row, **desk.act(PAID_1, other))


def _bounced(desk: Desk, line: InvoiceLine) -> None:
    """A check came back, and a wire followed (case 23)."""
    check = desk.pay(line, 300, on=PAID_1, method=CHEQUE, bank_reference="Check 20931")
    services.bounce_receipt(
        check,
        returned_on=PAID_1 + timedelta(days=6),
        reason="Returned unpaid by the bank.",
        **desk.act(PAID_1 + timedelta(days=6)),
    )
    desk.pay(line, 300, on=PAID_1 + timedelta(days=20))


def _second_year(desk: Desk, today: date) -> None:
    """Paid, prepaid, part paid, disputed, credited, voided, approved and drafted."""
    wrong = desk.issue("Siemens", 2, on=ISSUED_2).invoice
    services.void_invoice(
        wrong,
        reason="It went to the former address.",
        **desk.act(ISSUED_2, desk.director),
    )
    siemens = desk.issue("Siemens", 2, on=SENT_2)
    _accepted(desk, siemens.invoice)
    desk.pay(siemens, 275, on=LATER)
    ptc = desk.issue("PTC", 2, on=ISSUED_2)
    desk.pay(ptc, 550, on=PAID_2, note="Fees of years 2 and 3")
    _late(desk, today)
    _disputed(desk, today)
    autodesk = desk.approve(desk.draft("Autodesk", 2, on=LATER), on=LATER)
    services.issue_invoice(autodesk, **desk.act(LATER, desk.other))
    desk.approve(desk.draft("Sanofi", 2, on=LATER), on=LATER)
    desk.draft("GE Vernova", 2, on=LATER)


def _accepted(desk: Desk, invoice: Invoice) -> None:
    """The supplier portal turned it down first, and took it then (case 26)."""
    services.deliver_invoice(
        invoice,
        channel=Channel.PORTAL,
        delivered_on=SENT_2,
        reference="ARIBA-88121",
        **desk.act(SENT_2),
    )
    why = "The order was not yet open."
    rejected: dict[str, Any] = {"kind": AnswerKind.REJECTED, "reason": why}
    accepted = {"kind": AnswerKind.ACCEPTED}
    for day, told in [(SENT_2, rejected), (ANSWERED_2, accepted)]:
        services.answer_invoice(invoice, answered_on=day, **told, **desk.act(day))


def _late(desk: Desk, today: date) -> None:
    """Amgen paid a part, and said by when the rest follows."""
    line = desk.issue("Amgen", 2, on=ISSUED_2, by=desk.other)
    desk.pay(line, 100, on=PAID_2)
    services.promise_payment(
        line.invoice,
        pay_on=today + timedelta(days=9),
        amount=Decimal(175_000),
        contact=line.invoice.organization.contacts.get(email="billing@amgen.example"),
        **desk.act(today),
    )
    services.write_off(
        line,
        kind=WriteOffKind.BAD_DEBT,
        amount=Decimal(1_500),
        reason="A fee of an intermediary that nobody will pay.",
        **desk.act(LATER),
    )


def _disputed(desk: Desk, today: date) -> None:
    """Flex disputed two parts: one was taken back, one is open (case 27)."""
    line = desk.issue("Flex", 2, on=ISSUED_2)
    invoice = line.invoice
    parts = [(25_000, "The seats of the second half are not ours."), (137_500, "")]
    small, _large = [
        services.dispute_invoice(
            invoice,
            amount=Decimal(amount),
            reason=reason or "Half of the year was spent without a liaison.",
            owner=desk.director,
            settle_by=max(LATER, today) + timedelta(days=14),
            **desk.moment(ANSWERED_2),
        )
        for amount, reason in parts
    ]
    note = services.draft_credit_note(
        invoice,
        taken=[Taken(line, Decimal(25_000))],
        reason="Seats that were not given.",
        **desk.moment(ANSWERED_2),
    )
    note = services.issue_credit_note(note, **desk.act(ANSWERED_2, desk.director))
    services.settle_invoice_dispute(
        small,
        reason="Taken back.",
        credit_note=note,
        **desk.moment(ANSWERED_2, desk.director),
    )
    services.draft_credit_note(
        invoice,
        taken=[Taken(line, Decimal(10_000))],
        reason="Offered for the months without a liaison.",
        **desk.moment(LATER),
    )
    given_up = services.draft_credit_note(
        invoice,
        taken=[Taken(line, Decimal(1_000))],
        reason="Typed twice.",
        **desk.moment(LATER),
    )
    services.abandon_credit_note(given_up, by=desk.finance)


def _nobodys(desk: Desk) -> None:
    """Cash whose owner is unknown, twice recorded, shared, and to be paid back."""
    group = "Talbrook Treasury Services"
    autodesk = Organization.objects.get(name="Autodesk")
    _announced(desk, autodesk)
    desk.receive(275, None, on=LATER, payer_name=group, note="No reference on it")
    shared = desk.receive(
        15, None, on=LATER, payer_name=group, method=ReceiptMethod.JOURNAL
    )
    services.share_receipt(
        shared, [SharePart(autodesk, Decimal(10_000))], **desk.moment(LATER)
    )
    card = desk.receive(4, "Siemens", on=LATER, method=ReceiptMethod.CARD)
    services.propose_refund(
        card.shares.get(),
        amount=Decimal(4_000),
        reason="Paid by a card that was not meant for it.",
        **desk.moment(LATER),
    )
    again: dict[str, Any] = {"on": LATER, "reason": "The bank lists two wires."}
    desk.receive(275, "Siemens", **again)
    services.refuse_receipt(
        desk.receive(275, "Siemens", **again), **desk.moment(LATER, desk.director)
    )


def _announced(desk: Desk, member: Organization) -> None:
    """A member said that its group pays, and for which invoice (case 20)."""
    services.advise_payment(
        member,
        paid_on=LATER - timedelta(days=1),
        amount=Decimal(275_000),
        method=WIRE,
        reference="Talbrook, fee of year 2",
        invoices=member.invoices.issued().filter(issued_on=LATER),
        **desk.act(LATER),
    )


def _elsewhere(desk: Desk) -> None:
    """Two requests to change where money goes: one was a fraud (case 28)."""
    for name, asked_by in [
        ("Siemens", "ap@siemens-payments.example"),
        ("Sanofi", "Nathalie Girard, by letter"),
    ]:
        member = Organization.objects.get(name=name)
        row = services.ask_for_call_back(
            member,
            contact=member.contacts.get(email__startswith="billing@"),
            asked_by=asked_by,
            reason="Refunds are to go to another bank from now on.",
            received_on=LATER,
            **desk.act(LATER, User.objects.get(email="staff@inm.example")),
        )
        if name == "Siemens":
            services.refuse_call_back(
                row,
                answer="Nobody there wrote that; the address is not theirs.",
                **desk.moment(LATER),
            )


def _chased(desk: Desk, today: date) -> None:
    """What people did about what is late: held, handed over, drafted, decided."""
    late = Invoice.objects.issued().filter(
        lines__commitment_year__number=2, due_on__lt=today
    )
    flex, amgen, autodesk = (
        late.filter(organization__name=name).latest("pk")
        for name in ("Flex", "Amgen", "Autodesk")
    )
    services.hold_dues(
        autodesk,
        until_on=today + timedelta(days=10),
        reason="The wire of its group came without a reference; it is being matched.",
        today=today,
        by=desk.finance,
    )
    services.promise_payment(
        flex,
        pay_on=today - timedelta(days=6),
        amount=Decimal(112_500),
        contact=flex.organization.contacts.get(email="billing@flex.example"),
        **desk.act(LATER),
    )
    services.take_step(
        flex,
        kind=StepKind.HANDED_OVER,
        on=LATER + timedelta(days=21),
        reference="AR-2026-0417",
        **desk.act(max(today, LATER + timedelta(days=21))),
    )
    services.take_step(
        amgen,
        kind=StepKind.PLAN,
        on=today,
        reason="Accounts payable pays the rest next month; benefits stay meanwhile.",
        **desk.act(today, desk.director),
    )
    services.prepare_note(flex, on=today, at=moment_of(today))
    note = services.prepare_note(amgen, on=today, at=moment_of(today))
    services.decline_note(
        note,
        reason="Their sponsor called me; a note would be odd.",
        **desk.act(today, desk.director),
    )


def _close(desk: Desk) -> None:
    """Hand on and close the first summer; somebody asks to open it again."""
    after = date(2025, 8, 4)
    services.export_entries(posted_until=date(2025, 7, 31), **desk.moment(after))
    close = services.close_period(date(2025, 7, 1), **desk.act(after))
    services.import_recognition(
        b"member,month,amount,currency\nSiemens,2025-07,22916.67,USD\n",
        name="recognized-2025-07.csv",
        **desk.act(after),
    )
    services.propose_reopening(
        close,
        reason="A credit of July was found in the bank's list.",
        **desk.moment(LATER),
    )
