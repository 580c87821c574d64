"""Accounts at the bank, and files as banks write them."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from consortium import services
from consortium.models import BankAccount, BankFile, BankFormat, BankImport
from consortium.services.banking import read_file
from inm_portal.accounts.models import User

from .accounts import UserFactory
from .credits import at
from .receivables import TODAY

HEADINGS = "Date,Amount,Payer,Reference,Text"
COLUMNS = {
    **{"day_column": "Date", "amount_column": "Amount", "payer_column": "Payer"},
    **{"reference_column": "Reference", "note_column": "Text"},
}


def account(**details: Any) -> BankAccount:
    told = {"name": "Lockbox"} | (COLUMNS if "format" not in details else {})
    return services.add_bank_account(**told | details, by=UserFactory())


def csv_of(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\n".join([headings, *rows, ""]).encode()


def sent(content: bytes, name: str = "statement.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def read(content: bytes, **details: Any):
    """Return what a file says, read as an account says that is not saved."""
    told = COLUMNS if details.get("format", BankFormat.CSV) == BankFormat.CSV else {}
    _digest, statement = read_file(
        BytesIO(content), account=BankAccount(**{"name": "Lockbox"} | told | details)
    )
    return statement


def upload(
    content: bytes,
    of: BankAccount,
    *,
    by: User | None = None,
    name: str = "statement.csv",
    today: date = TODAY,
) -> BankFile:
    return services.upload_bank_file(
        sent(content, name),
        account=of,
        today=today,
        at=at(today),
        by=by or UserFactory(),
    )


def take_in(file: BankFile, *, by: User | None = None) -> BankImport:
    return services.take_in_bank_file(file, at=at(TODAY), by=by or UserFactory())


def entry(
    amount: Any = "1000.00",
    sign: str = "CRDT",
    *,
    payer: str = "Siemens AG",
    reference: str = "",
    day: str = "2026-11-12",
    currency: str = "USD",
    status: str = "<Sts><Cd>BOOK</Cd></Sts>",
    text: str = "INM-2027-0001",
) -> str:
    party = "Dbtr" if sign == "CRDT" else "Cdtr"
    told = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    return f"""<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>
    {status}<BookgDt><Dt>{day}</Dt></BookgDt>{told}
    <NtryDtls><TxDtls><RltdPties><{party}><Pty><Nm>{payer}</Nm></Pty></{party}>
    </RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""


def balance(code: str, amount: Any, sign: str = "CRDT") -> str:
    return f"""<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>
    <Amt Ccy="USD">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd></Bal>"""


def camt(
    *entries: str, opening: Any = "500.00", closing: Any, more: str = "", head: str = ""
) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>{head}
    <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
    <GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id>
    <Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>
    {balance("OPBD", opening)}{balance("CLBD", closing)}{more}
    {"".join(entries)}</Stmt></BkToCstmrStmt></Document>""".encode()


def bai2(*details: tuple[str, int, str, str], total: int | None = None) -> bytes:
    """Return a file of (type code, cents, reference, text); its totals fit."""
    cents = sum(amount for _code, amount, _reference, _text in details)
    total = cents if total is None else total
    lines = [
        "01,BANK,INM,261113,0600,1,80,,2/",
        "02,INM,BANK,1,261112,,USD,2/",
        "03,000123456789,USD,,,,/",
        *(f"16,{code},{amount},Z,{ref},,{text}" for code, amount, ref, text in details),
        f"49,{total},{len(details) + 2}/",
        f"98,{total},1,{len(details) + 4}/",
        f"99,{total},1,{len(details) + 6}/",
    ]
    return "\n".join(lines).encode()


def dollars(cents: int) -> Decimal:
    return Decimal(cents) / 100
