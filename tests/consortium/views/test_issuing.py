"""Issuing on pages: what is to do, drafted, approved, issued, and what comes after."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from consortium import services
from consortium.models import Allocation, CreditNote, Instalment, Invoice
from consortium.states import CreditNoteState, InvoiceState
from consortium.verbs import Verb
from inm_portal.kernel.models import JournalEntry, Message
from tests.conftest import TODAY
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
from tests.factories.consortium import OrganizationFactory, draft, sign
from tests.factories.credits import year_of
from tests.factories.invoices import an_instalment
from tests.factories.receivables import cash

from .test_costs import require_same

pytestmark = pytest.mark.django_db

TO_DRAFT, TO_APPROVE, TO_ISSUE = [
    reverse(f"consortium:{name}") for name in ("to_draft", "to_approve", "to_issue")
]
DRAFT = reverse("consortium:draft_invoices")


@pytest.fixture
def second(cast):
    """The second instalment of Siemens, due on May 27, 2026."""
    payer(cast.siemens)
    return instalment(cast.signed)


def words(response) -> str:
    assert response.status_code in (200, 422)
    return " ".join(response.content.decode().split())


def listed(client, url: str) -> list:
    page = client.get(url)
    assert page.status_code == 200
    return list(page.context["page"])


def post(client, url: str, key: str = "", **typed):
    return client.post(url, typed | {"idempotency_key": key or uuid4().hex})


def step(client, name: str, thing, **typed):
    return post(client, reverse(f"consortium:{name}", args=[thing.pk]), **typed)


def told(kind: str) -> list[str]:
    found = Message.objects.filter(kind=f"consortium/mail/{kind}")
    return sorted(found.values_list("recipient", flat=True))


# --- what is to do


def test_what_is_to_be_issued_by_now_stands_with_what_is_missing(cast, sign_in, second):
    payer(cast.siemens, needs_order=True)

    page = sign_in(cast["finance"]).get(f"{TO_DRAFT}?search=siemens")

    assert [row.commitment_year.number for row in page.context["page"]] == [1, 2]
    assert "A purchase order is missing." in words(page)
    assert "The vendor form was not sent." in words(page)
    assert "Apr 27, 2026" in words(page)


def test_how_far_one_looks_ahead_is_a_filter(cast, sign_in, second):
    client = sign_in(cast["finance"])
    payer(cast.siemens, terms_days=90)  # the third year is issued by Feb 26, 2027

    found = {
        ahead: len(listed(client, f"{TO_DRAFT}?search=siemens&ahead={ahead}"))
        for ahead in ("", "30", "90", "365", "all")
    }

    assert found == {"": 2, "30": 2, "90": 2, "365": 3, "all": 3}


def test_what_is_drafted_goes_and_what_is_lowered_comes(cast, sign_in, second):
    client, year = sign_in(cast["finance"]), year_of(cast.signed)
    drafted(cast.signed, second)
    issued(drafted(cast.signed, instalment(cast.signed, 1)))
    lowered = an_instalment(year, -500)

    (row,) = listed(client, f"{TO_DRAFT}?search=siemens")
    assert row == lowered

    answer = step(client, "take_back_instalment", lowered, reason="Amendment 1")

    note = CreditNote.objects.get()
    assert answer.url == note.get_absolute_url()
    assert note.lines.get().amount == 500
    assert listed(client, f"{TO_DRAFT}?search=siemens") == []


def test_the_tabs_tell_how_much_waits_in_each_part(cast, sign_in, second):
    drafted(cast.signed, second)
    approved(drafted(cast.signed, instalment(cast.signed, 3)))
    invoice = issued(drafted(cast.signed, instalment(cast.signed, 1)))
    services.draft_credit_note(
        invoice,
        taken=services.left_of(invoice),
        reason="Agreed",
        **{"at": acting()["at"], "by": None},
    )

    page = sign_in(cast["director"]).get(TO_DRAFT)

    counts = {str(tab.label): tab.count for tab in page.context["tabs"]}
    assert counts == {
        "To draft": 2,  # of Amgen
        "To approve": 1,
        "To issue": 1,
        "Credit notes to issue": 1,
    }


def test_its_file_tells_what_payables_ask_for(cast, sign_in, second):
    payer(cast.siemens, needs_order=True, vendor_form_on=TODAY)
    order(cast.siemens, 275_000, number="=PO")

    answer = sign_in(cast["finance"]).get(
        reverse("consortium:export_to_draft") + "?search=siemens"
    )

    head, _first, row = answer.getvalue().decode().splitlines()
    facts = dict(zip(head.split(","), row.split(","), strict=True))
    assert (facts["issue_by"], facts["due_on"]) == ("2026-04-27", "2026-05-27")
    assert (facts["amount"], facts["order_that_reaches"]) == ("275000.00", "'=PO")
    assert (facts["needs_order"], facts["vendor_form_on"]) == ("t", "2026-11-22")


@pytest.mark.parametrize("url", [TO_DRAFT, TO_APPROVE, TO_ISSUE])
@pytest.mark.parametrize("who", ["finance", "director"])
def test_it_costs_the_same_with_one_row_and_with_many(cast, sign_in, url, who):
    def more():
        agreement = sign(draft(OrganizationFactory()))
        payer(agreement.organization, needs_order=True)
        order(agreement.organization, 100_000)
        drafted(agreement, instalment(agreement, 3))
        enough = order(agreement.organization, number="PO-2")
        approved(drafted(agreement, instalment(agreement, 1), order=enough))

    more()
    client = sign_in(cast[who])

    require_same(lambda: client.get(url), more, most=8)


# --- drafting


def test_one_is_drafted_with_a_note_and_once_however_often_it_is_sent(
    cast, sign_in, second
):
    client, key = sign_in(cast["finance"]), uuid4().hex
    shown = client.get(f"{DRAFT}?instalment={second.pk}")
    assert "$275,000" in words(shown)
    assert shown.context["form"].initial["instalment"] == [second.pk]

    answers = [
        post(client, DRAFT, key=key, instalment=second.pk, note="Desk 4")
        for _time in range(2)
    ]

    invoice = Invoice.objects.get()
    assert {answer.url for answer in answers} == {invoice.get_absolute_url()}
    assert (invoice.note, invoice.drafted_by) == ("Desk 4", cast["finance"])


def test_many_are_drafted_for_each_member_and_whoever_approves_is_told_once(
    cast, sign_in, second
):
    payer(cast.amgen)
    keys = [second.pk, instalment(cast.signed, 3).pk, instalment(cast.amgens).pk]
    other = staff("finance")

    answer = post(sign_in(cast["finance"]), DRAFT, instalment=keys)

    assert answer.url == TO_APPROVE
    sums = Invoice.objects.with_total().order_by("organization__name")
    assert [(one.organization.name, one.total) for one in sums] == [
        ("Amgen", 275_000),
        ("Siemens", 550_000),
    ]
    people = [other.email, cast["director"].email]
    assert told("invoices_to_approve") == sorted(people)
    assert "2 invoices wait" in Message.objects.latest("pk").subject


def test_a_member_without_a_payer_is_shown_and_left_out(cast, sign_in, second):
    client, amgens = sign_in(cast["finance"]), instalment(cast.amgens)

    page = client.get(f"{DRAFT}?instalment={second.pk}&instalment={amgens.pk}")

    assert "It is not drafted" in words(page)
    assert page.context["form"].initial["instalment"] == [second.pk]
    alone = client.get(f"{DRAFT}?instalment={amgens.pk}")
    assert "Nothing can be drafted" in words(alone)


def test_what_somebody_else_drafted_meanwhile_is_refused_in_words(
    cast, sign_in, second
):
    client = sign_in(cast["finance"])
    drafted(cast.signed, second)

    taken = post(client, DRAFT, instalment=second.pk)
    nothing = post(client, DRAFT)
    nonsense = post(client, DRAFT, instalment="9" * 40)

    assert "is invoiced already" in words(taken)
    assert "Choose what is to be invoiced." in words(nothing)
    assert nonsense.status_code == 422
    assert Invoice.objects.count() == 1


def test_an_order_of_another_member_is_none_of_the_choices(cast, sign_in, second):
    others = order(cast.amgen)

    answer = post(
        sign_in(cast["finance"]), DRAFT, instalment=second.pk, order=others.pk
    )

    assert answer.status_code == 422
    assert not Invoice.objects.exists()


# --- approving, sending back


def test_what_is_sent_back_says_why_until_it_is_changed(cast, sign_in, second):
    invoice = drafted(cast.signed, by=cast["finance"])
    clerk, director = sign_in(cast["finance"]), sign_in(cast["director"])

    empty = step(director, "send_back_invoice", invoice, reason=" ")
    assert empty.status_code == 422
    step(director, "send_back_invoice", invoice, reason="Name the desk")

    assert "Name the desk" in words(clerk.get(invoice.get_absolute_url()))
    assert told("invoice_sent_back") == [cast["finance"].email]
    assert "Name the desk" in Message.objects.latest("pk").text
    assert "Sent back" in words(clerk.get(TO_APPROVE))

    Message.objects.all().delete()
    step(clerk, "change_invoice", invoice, note="Desk 4", version=1)

    assert "It was changed since." in words(clerk.get(invoice.get_absolute_url()))
    assert "Sent back" not in words(clerk.get(TO_APPROVE))
    assert told("invoices_to_approve") == [cast["director"].email]


def test_only_who_sent_it_back_is_offered_to_approve_it_unchanged(
    cast, sign_in, second
):
    invoice = drafted(cast.signed, by=cast["finance"])
    director, another = sign_in(cast["director"]), sign_in(staff("director"))

    step(director, "send_back_invoice", invoice, reason="Name the desk")

    action = reverse("consortium:approve_invoice", args=[invoice.pk])
    pages = [one.get(invoice.get_absolute_url()) for one in (director, another)]
    assert [action in page.content.decode() for page in pages] == [True, False]


def test_what_was_approved_is_sent_back_as_well(cast, sign_in, second):
    invoice = approved(drafted(cast.signed, by=cast["finance"]))

    step(sign_in(cast["director"]), "send_back_invoice", invoice, reason="Too early")

    invoice.refresh_from_db()
    assert (invoice.state, invoice.returns.get().version) == ("draft", 3)


def test_only_what_was_seen_is_approved_and_not_by_who_drafted_it(
    cast, sign_in, second
):
    invoice = drafted(cast.signed, by=cast["finance"])
    director = sign_in(cast["director"])
    services.change_invoice(invoice, note="Desk 4", **acting())

    own = step(sign_in(cast["finance"]), "approve_invoice", invoice, version=2)
    assert own.status_code == 403
    stale = step(director, "approve_invoice", invoice, version=1)
    page = words(director.get(stale.url))
    assert "Somebody else changed this meanwhile" in page

    step(director, "approve_invoice", invoice, version=2)

    invoice.refresh_from_db()
    assert (invoice.state, invoice.approved_by) == ("approved", cast["director"])


def test_its_page_tells_what_holds_it_back(cast, sign_in, second):
    payer(cast.siemens, needs_order=True)
    invoice = drafted(cast.signed)
    client = sign_in(cast["director"])

    page = words(client.get(invoice.get_absolute_url()))
    answer = step(client, "approve_invoice", invoice, version=1)

    assert "A purchase order is missing. <strong>It holds the invoice back" in page
    assert "A purchase order is missing." in words(client.get(answer.url))
    assert Invoice.objects.get().state == InvoiceState.DRAFT


# --- issuing, and what was issued


def test_a_double_click_issues_once_and_the_member_is_written_to_once(
    cast, sign_in, second
):
    invoice = approved(drafted(cast.signed, by=cast["finance"]))
    client, key = sign_in(cast["finance"]), uuid4().hex

    first = step(client, "issue_invoice", invoice, key=key)
    again = step(client, "issue_invoice", invoice, key=key)

    assert (first.status_code, first.url) == (302, invoice.get_absolute_url())
    assert (again.status_code, again.url) == (303, invoice.get_absolute_url())
    invoice.refresh_from_db()
    assert invoice.number == "INM-2027-0001"
    assert told("invoice_issued") == [cast["billing"].email]
    mail = Message.objects.latest("pk")
    assert invoice.number in mail.subject
    assert "$275,000" in mail.subject
    assert mail.is_once


def test_a_draft_whose_instalment_was_cancelled_says_so_and_is_given_up(
    cast, sign_in, second
):
    invoice = approved(drafted(cast.signed, instalment(cast.signed, 3)))
    services.terminate_agreement(
        cast.signed,
        **{"notice_received_on": TODAY - timedelta(days=100), "last_on": TODAY},
        **{"reason": "The plant closes.", "file": None},
        **acting(),
    )
    client = sign_in(cast["finance"])

    answer = step(client, "issue_invoice", invoice)

    assert "was cancelled; draft anew" in words(client.get(answer.url))
    step(client, "void_invoice", invoice, reason="The agreement ended")
    invoice.refresh_from_db()
    assert (invoice.state, invoice.number) == (InvoiceState.VOIDED, None)


def test_a_wrong_order_is_put_right_by_a_credit_note_and_a_new_invoice(
    cast, sign_in, second
):
    """Case 24: both count at once, and each leads to the other."""
    old = issued(drafted(cast.signed, order=order(cast.siemens), note="Desk 4"))
    right = order(cast.siemens, number="PO-2")
    clerk = sign_in(cast["finance"])

    step(clerk, "replace_invoice", old, reason="Wrong order", order=right.pk)
    anew = Invoice.objects.get(replaces=old)
    assert (anew.order_number, anew.note) == ("PO-2", "Desk 4")
    step(sign_in(cast["director"]), "approve_invoice", anew)
    step(sign_in(staff("finance")), "issue_invoice", anew)

    note = CreditNote.objects.get()
    assert (note.state, note.replacement) == (CreditNoteState.ISSUED, anew)
    for paper in (old, note):
        page = words(sign_in(cast["billing"]).get(paper.get_absolute_url()))
        assert anew.get_absolute_url() in page
    assert old.get_absolute_url() in words(clerk.get(anew.get_absolute_url()))
    assert told("credit_note_issued") == []  # the mail about the invoice tells it
    mails = Message.objects.filter(kind="consortium/mail/invoice_issued")
    assert note.number in mails.latest("pk").text


def test_only_a_director_voids_what_is_issued_and_it_may_be_invoiced_again(
    cast, sign_in, second
):
    invoice = issued(drafted(cast.signed))
    director = sign_in(cast["director"])

    clerk = step(sign_in(cast["finance"]), "void_invoice", invoice, reason="Wrong")
    assert clerk.status_code == 403
    step(director, "void_invoice", invoice, reason="Sent to the wrong company")

    assert "Sent to the wrong company" in words(
        director.get(invoice.get_absolute_url())
    )
    assert second in Instalment.objects.to_invoice()


def test_a_line_is_credited_in_part_by_two_people(cast, sign_in, second):
    invoice = issued(drafted(cast.signed))
    clerk, director = sign_in(cast["finance"]), sign_in(cast["director"])
    form = clerk.get(reverse("consortium:credit_invoice", args=[invoice.pk]))
    assert 'value="275,000"' in words(form)

    much = step(clerk, "credit_invoice", invoice, reason="Agreed", amount_0="275,001")
    assert "More would be taken back" in words(much)
    assert "275,001" in words(much)
    step(clerk, "credit_invoice", invoice, reason="Agreed", amount_0="$1,000")
    note = CreditNote.objects.get()
    assert told("credit_note_to_issue") == [cast["director"].email]
    assert step(clerk, "issue_credit_note", note).status_code == 403

    step(director, "issue_credit_note", note)

    assert told("credit_note_issued") == [cast["billing"].email]
    page = words(sign_in(cast["billing"]).get(note.get_absolute_url()))
    assert "$1,000" in page
    assert "Drafted by" not in page


def test_nothing_is_credited_where_nothing_is_typed(cast, sign_in, second):
    invoice = issued(drafted(cast.signed))

    answer = step(
        sign_in(cast["finance"]), "credit_invoice", invoice, reason="A", amount_0=""
    )

    assert "Say what is taken back." in words(answer)


def test_a_credit_note_is_given_up_as_long_as_it_is_a_draft(cast, sign_in, second):
    invoice = issued(drafted(cast.signed))
    client = sign_in(cast["finance"])
    step(client, "credit_invoice", invoice, reason="Agreed", amount_0="5")
    note = CreditNote.objects.get()

    step(client, "abandon_credit_note", note)

    assert CreditNote.objects.get().state == CreditNoteState.ABANDONED
    assert step(client, "abandon_credit_note", note).status_code == 403


def test_credit_notes_are_found_by_member_invoice_and_state(cast, sign_in, second):
    note = credited(issued(drafted(cast.signed)), 500)
    url = reverse("consortium:credit_notes")
    client = sign_in(cast["finance"])

    for query in (f"search={note.number}", "search=siemens", "state=issued"):
        assert listed(client, f"{url}?{query}") == [note]
    assert listed(client, f"{url}?search=amgen") == []
    assert listed(sign_in(cast["billing"]), url) == [note]
    assert listed(sign_in(cast["amgen sponsor"]), url) == []


@pytest.mark.parametrize("who", ["billing", "finance"])
def test_who_fetched_a_paper_is_on_record(cast, sign_in, second, who):
    invoice = issued(drafted(cast.signed))
    note = credited(invoice, 500)
    client = sign_in(cast[who])

    for name, paper in [("invoice_pdf", invoice), ("credit_note_pdf", note)]:
        answer = client.get(reverse(f"consortium:{name}", args=[paper.pk]))

        assert answer.content[:5] == b"%PDF-"
        entry = JournalEntry.objects.about(paper).latest("pk")
        assert (entry.verb, entry.actor) == (Verb.PAPER_DOWNLOADED, cast[who])
        assert entry.facts == {"number": paper.number}


# --- cash on account


def test_cash_on_account_is_offered_after_issue_and_applied_once(cast, sign_in, second):
    """W3: what came before its invoice waits on account, and a person applies it."""
    share = cash(250_000, cast.siemens)
    cash(100_000, cast.siemens, on=TODAY)
    cash(900, cast.amgen)
    invoice = issued(drafted(cast.signed))
    client, key = sign_in(cast["finance"]), uuid4().hex

    page = client.get(invoice.get_absolute_url())
    offers = page.context["offers"]
    assert [one.amount for one in offers] == [250_000, 25_000]
    assert "Apply <strong>$250,000</strong> on account" in words(page)

    typed = {"share": share.pk, "amount": "250000.00"}
    for _time in range(2):
        step(client, "apply_offer", invoice, key=key, **typed)

    assert Allocation.objects.get().amount == 250_000
    (left,) = client.get(invoice.get_absolute_url()).context["offers"]
    assert left.amount == 25_000


@pytest.mark.parametrize(
    "typed", [{"amount": "250000.01"}, {"amount": "1"}, {"amount": "x"}, {"share": "0"}]
)
def test_what_was_not_offered_is_not_applied(cast, sign_in, second, typed):
    share = cash(250_000, cast.siemens)
    invoice = issued(drafted(cast.signed))
    client = sign_in(cast["finance"])

    given = {"share": share.pk, "amount": "250000.00"}
    answer = step(client, "apply_offer", invoice, **given | typed)

    page = words(client.get(answer.url))
    assert "not what was offered" in page or "applied meanwhile" in page
    assert not Allocation.objects.exists()


@pytest.mark.parametrize("who", ["director", "auditor", "billing"])
def test_cash_is_offered_to_those_who_apply_it_alone(cast, sign_in, second, who):
    share = cash(250_000, cast.siemens)
    invoice = issued(drafted(cast.signed))
    client = sign_in(cast[who])

    page = client.get(invoice.get_absolute_url())
    typed = {"share": share.pk, "amount": "250000.00"}

    assert page.context["offers"] == []
    assert step(client, "apply_offer", invoice, **typed).status_code == 403


def test_cash_pays_the_lines_of_an_invoice_in_their_order(cast, second):
    third = instalment(cast.signed, 3)
    share = cash(300_000, cast.siemens)
    invoice = issued(drafted(cast.signed, third, second))

    services.apply_offer(
        invoice,
        **{"share": share, "amount": Decimal(300_000)},
        **{"at": acting()["at"], "by": cast["finance"]},
    )

    paid = Allocation.objects.order_by("pk").values_list("line__instalment", "amount")
    assert [*paid] == [(second.pk, 275_000), (third.pk, 25_000)]
