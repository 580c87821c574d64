"""Files as banks write them, hostile and broken ones too, read line by line."""

from datetime import date
from decimal import Decimal

import pytest

from consortium.models import BankFormat
from consortium.services.bank_lines import Unreadable, WrongRow, amount_of, keys_of
from consortium.services.banking import Infected, ScannerAway
from inm_portal.kernel.files import TooLarge
from inm_portal.kernel.scanners import ScannerAway as NoVerdict
from tests.factories import banking
from tests.factories.banking import bai2, camt, csv_of, entry, read

CAMT, BAI2 = {"format": BankFormat.CAMT053}, {"format": BankFormat.BAI2}


def only(statement):
    assert statement.errors == []
    (line,) = statement.lines
    return line


def words(statement) -> list[tuple[int, str]]:
    return [(error.number, error.words) for error in statement.errors]


def test_a_line_says_its_day_amount_payer_reference_and_note():
    line = only(read(csv_of("2026-11-12,1000.50,Siemens AG,FED-7,INM-2027-0001")))

    assert (line.number, line.day) == (2, date(2026, 11, 12))
    assert (line.amount, line.currency) == (Decimal("1000.50"), "USD")
    assert (line.payer, line.reference) == ("Siemens AG", "FED-7")
    assert line.note == "INM-2027-0001"


def test_credits_and_debits_may_have_columns_of_their_own():
    mapped = {"amount_column": "", "credit_column": "In", "debit_column": "Out"}
    headings = "Date,In,Out,Payer,Reference,Text"
    rows = ["2026-11-12,10.00,,A,,", "2026-11-12,,3.00,B,,", "2026-11-12,,-4.00,C,,"]

    found = read(csv_of(*rows, headings=headings), **mapped)

    assert [line.amount for line in found.lines] == [10, -3, -4]
    wrong = ["2026-11-12,1,1,A,,", "2026-11-12,-1,,A,,", "2026-11-12,,,A,,"]
    assert len(read(csv_of(*wrong, headings=headings), **mapped).errors) == 3


@pytest.mark.parametrize(
    ("details", "row"),
    [
        ({"day_format": "%m/%d/%Y"}, '11/12/2026,"1,000.50",A,,'),
        ({"day_format": "%m/%d/%y"}, "11/12/26,$1000.50,A,,"),
        ({"day_format": "%d/%m/%Y"}, "12/11/2026,1 000.50,A,,"),
        ({"day_format": "%Y%m%d"}, "20261112,+1000.5,A,,"),
        (
            {"day_format": "%d.%m.%Y", "decimal_mark": ",", "delimiter": ";"},
            "12.11.2026;1.000,50;A;;",
        ),
        ({"delimiter": "\t"}, "2026-11-12\t1000.50\tA\t\t"),
        ({"delimiter": "|"}, "2026-11-12|1000.50|A||"),
    ],
)
def test_days_amounts_and_columns_are_read_as_the_account_says(details, row):
    headings = banking.HEADINGS.replace(",", details.get("delimiter", ","))

    line = only(read(csv_of(row, headings=headings), **details))

    assert (line.day, line.amount) == (date(2026, 11, 12), Decimal("1000.50"))


@pytest.mark.parametrize(
    "content",
    [
        csv_of("2026-11-12,1,Müller,,"),
        b"\xef\xbb\xbf" + csv_of("2026-11-12,1,Müller,,"),
        csv_of("2026-11-12,1,Müller,,").decode().encode("cp1252"),
        csv_of("2026-11-12,1,Müller,,").replace(b"\n", b"\r\n"),
        b"First Bank\nStatement of,November\n\n" + csv_of("2026-11-12,1,Müller,,"),
        csv_of("2026-11-12,1,Müller,,", headings=banking.HEADINGS.upper()),
    ],
    ids=["utf-8", "bom", "windows", "crlf", "rows above", "capitals"],
)
def test_a_file_is_read_however_it_was_saved(content):
    assert only(read(content)).payer == "Müller"


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        *[("1,234.56", "1234.56"), ("(12.00)", "-12"), ("-0.10", "-0.1")],
        *[("\u22125", "-5"), ("1.50000", "1.5")],
    ],
)
def test_an_amount_is_exact(written, amount):
    assert amount_of(written) == Decimal(amount)


@pytest.mark.parametrize(
    "written",
    [
        *["", "1.005", "1,23", "1.000,50", "NaN", "1e5", "Infinity", "--1", "0x1"],
        *["12,34.00", "9" * 15, "1.2.3", "=1+1", "\u0661"],
    ],
)
def test_what_is_no_amount_in_cents_is_refused_and_never_rounded(written):
    with pytest.raises(WrongRow):
        amount_of(written)


def test_each_wrong_row_is_named_with_what_it_says_and_what_is_wrong():
    rows = [
        *["12.11.2026,1,A,,", "2026-13-12,1,A,,", "2026-11-12,1.005,A,,"],
        *["2026-11-12,lots,A,,", "2026-11-12,7,Right,,", ",7,A,,", "1999-01-01,7,A,,"],
    ]

    found = read(csv_of(*rows))

    assert [number for number, _words in words(found)] == [2, 3, 4, 5, 7, 8]
    assert "12.11.2026" in found.errors[0].said
    assert "2026-11-22" in found.errors[0].words
    assert "two decimals" in found.errors[2].words
    assert [line.payer for line in found.lines] == ["Right"]


def test_a_line_in_another_currency_is_refused():
    headings = f"{banking.HEADINGS},Currency"
    rows = ["2026-11-12,1,A,,,EUR", "2026-11-12,1,A,,,usd", "2026-11-12,1,A,,,"]

    found = read(csv_of(*rows, headings=headings), currency_column="Currency")

    assert [number for number, _words in words(found)] == [2, 4]
    assert "EUR" in found.errors[0].words


def test_what_looks_like_a_formula_is_text():
    line = only(read(csv_of("2026-11-12,1,=HYPERLINK(1),@ref,+cmd")))

    assert (line.payer, line.reference, line.note) == ("=HYPERLINK(1)", "@ref", "+cmd")


def test_numbers_of_accounts_are_left_out():
    line = only(read(csv_of("2026-11-12,1,Acme 000123456789,,DE89370400440532013000")))

    assert line.payer == "Acme …6789"
    assert line.note == "…3000"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"PK\x03\x04\0\0", "no text"),
        ("Date,Amount".encode("utf-16"), "no text"),
        (csv_of("2026-11-12,1,A,,", headings="Day,Sum,Who,Ref,Why"), "no column"),
        (csv_of(), "no line"),
        (csv_of('2026-11-12,1,"A,,'), "not CSV"),
    ],
)
def test_a_file_that_is_none_of_these_is_refused_as_a_whole(content, said):
    with pytest.raises(Unreadable, match=said):
        read(content)


def test_a_file_has_no_more_lines_than_are_taken_at_once():
    rows = ["2026-11-12,1,A,,"] * 10_001

    with pytest.raises(Unreadable, match="10,000"):
        read(csv_of(*rows))


def test_one_reference_says_one_thing():
    same, other = "2026-11-12,1,A,FED-7,", "2026-11-12,2,A,fed-7,"

    found = read(csv_of(same, same, other))

    assert len(found.lines) == 2
    assert [number for number, _words in words(found)] == [4]
    assert "row 2" in found.errors[0].words


def test_lines_alike_without_a_reference_are_counted_within_their_day():
    rows = ["2026-11-12,1,A,,"] * 2 + ["2026-11-13,1,A,,"]
    both, later = read(csv_of(*rows)), read(csv_of(*rows[1:]))

    keys, of_later = keys_of(both.lines), keys_of(later.lines)

    assert len(set(keys)) == 3
    assert of_later == [keys[0], keys[2]]


def test_camt_says_the_same_of_an_entry():
    statement = camt(entry(reference="ABC-1"), closing="1500.00")

    line = only(read(statement, **CAMT))

    assert (line.day, line.amount) == (date(2026, 11, 12), 1000)
    assert (line.payer, line.reference) == ("Siemens AG", "ABC-1")
    assert line.note == "INM-2027-0001"


def test_camt_debits_are_below_zero_and_what_is_pending_is_left_out():
    pending = entry("7.00", status="<Sts>PDNG</Sts>")
    older = entry("3.00", "DBIT", status="<Sts>BOOK</Sts>")

    found = read(camt(entry(), older, pending, closing="1497.00"), **CAMT)

    assert [line.amount for line in found.lines] == [1000, -3]


BOMB = """<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""
FETCH = """<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>"""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (camt(entry(text="&b;"), closing="1500.00", head=BOMB), "document type"),
        (camt(entry(text="&a;"), closing="1500.00", head=FETCH), "document type"),
        (camt(entry(), closing="1500.01"), "come to"),
        (camt(entry(), closing="1500.001"), "two decimals"),
        (
            camt(
                entry(),
                closing="1500.00",
                more="<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries>"
                "</TxsSummry>",
            ),
            "come to",
        ),
        (camt(entry(), closing="1500.00").replace(b"CLBD", b"XPCD"), "balance"),
        (camt(entry(), closing="1500.00").replace(b"camt.053", b"camt.052"), "no camt"),
        (camt(closing="500.00").replace(b"Stmt>", b"Rpt>"), "no statement"),
        (b"<Document/>", "no camt"),
        (b"<Document", "not XML"),
        (b"Date,Amount\n", "not XML"),
        (camt(closing="500.00"), "no line"),
        (camt(entry(), closing="1500.00").replace(b"UTF-8", b"no-such"), "not XML"),
    ],
)
def test_a_camt_file_that_is_hostile_or_does_not_add_up_is_refused(content, said):
    with pytest.raises(Unreadable, match=said):
        read(content, **CAMT)


@pytest.mark.parametrize(
    "wrong",
    [
        *[entry("1.005"), entry("-1.00"), entry("0.00"), entry("NaN"), entry("")],
        *[entry(currency="EUR"), entry(currency=""), entry(sign="BOTH")],
        *[entry("1e3"), entry("1_000.00"), entry("٣")],
        *[entry(day="2026-02-30"), entry(day=""), entry(day="0001-01-01")],
        entry().replace("<Amt", "<Sum").replace("</Amt", "</Sum"),
    ],
)
def test_a_wrong_entry_of_camt_is_named(wrong):
    found = read(camt(entry(), wrong, closing="1500.00"), **CAMT)

    assert [number for number, _words in words(found)] == [2]


def test_bai2_says_the_same_of_a_transaction():
    text = "WIRE B/O: SIEMENS AG"

    line = only(read(bai2(("195", 100_050, "FED-7", text)), **BAI2))

    assert (line.day, line.amount) == (date(2026, 11, 12), Decimal("1000.50"))
    assert (line.payer, line.reference) == ("SIEMENS AG", "FED-7")


def test_bai2_debits_are_below_zero_and_what_moves_no_money_is_left_out():
    details = [("195", 5, "A", ""), ("495", 3, "B", ""), ("890", 0, "C", "note")]

    found = read(bai2(*details), **BAI2)

    assert [str(line.amount) for line in found.lines] == ["0.05", "-0.03"]


RIGHT = bai2(("195", 100_050, "FED-7", "B/O ACME"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bai2(("195", 5, "A", ""), total=6), "control total"),
        (RIGHT.replace(b"49,100050,3", b"49,100050,4"), "control total"),
        (RIGHT.replace(b"98,100050,1", b"98,100050,2"), "control total"),
        (RIGHT.replace(b"99,100050", b"99,100051"), "control total"),
        (RIGHT.rpartition(b"\n")[0], "begins with"),
        (RIGHT.replace(b"16,195", b"16,999"), "not BAI2 as it is read"),
        (RIGHT.replace(b",,2/", b",,3/"), "not BAI2 as it is read"),
        (RIGHT.replace(b"100050,Z", b"1000.50,Z"), "not as BAI2"),
        (RIGHT.replace(b"16,195,100050,Z", b"16,195,100050,D,9999999"), "not as BAI2"),
        (RIGHT.replace(b"16,195", b"77,195"), "not as BAI2"),
        (RIGHT.replace(b"BANK,1,", b"BANK,4,"), "is a test"),
        (b"Date,Amount\n", "begins with"),
    ],
)
def test_a_bai2_file_that_is_broken_or_does_not_add_up_is_refused(content, said):
    with pytest.raises(Unreadable, match=said):
        read(content, **BAI2)


def test_bai2_in_another_currency_or_below_zero_is_named():
    of_euros = RIGHT.replace(b",USD", b",EUR")

    assert len(read(of_euros, **BAI2).errors) == 1
    assert len(read(bai2(("195", -5, "A", "")), **BAI2).errors) == 1


def test_a_day_of_bai2_that_lies_too_far_back_is_named():
    of_last_century = RIGHT.replace(b",1,261112,", b",1,801112,")

    assert words(read(of_last_century, **BAI2)) == [(1, "This day lies too far back.")]


def test_a_file_that_is_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr("consortium.services.banking.MOST_BYTES", 10)

    with pytest.raises(TooLarge):
        read(csv_of("2026-11-12,1,A,,"))


def infected(_file) -> bool:
    return False


def away(_file) -> bool:
    raise NoVerdict


@pytest.mark.parametrize(
    ("verdict", "refusal"), [(infected, Infected), (away, ScannerAway)]
)
def test_a_file_is_read_once_the_scanner_found_nothing(settings, verdict, refusal):
    settings.SCANNER = f"{__name__}.{verdict.__name__}"

    with pytest.raises(refusal):
        read(csv_of("2026-11-12,1,A,,"))
