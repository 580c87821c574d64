"""A bank account of the demo, and a file of it that waits to be taken in."""

from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from inm_portal.accounts.models import User

from .. import services
from ..models import Invoice

COLUMNS = {
    **{"day_column": "Date", "amount_column": "Amount", "payer_column": "Payer"},
    **{"reference_column": "Reference", "note_column": "Text"},
}
HEADINGS = "Date,Amount,Payer,Reference,Text"


def load(*, today: date, recorded_on: date, by: User) -> None:
    """
    Say how the files of an account are read, and upload one.

    It has what an invoice asks for, what nobody knows, what may be there already, and
    what was paid out.
    """
    account = services.add_bank_account(name="Operating account", **COLUMNS, by=by)
    open_: Any = Invoice.objects.issued().owing()
    asked = open_.filter(organization__name="Autodesk").earliest("due_on")
    wired, found = today - timedelta(4), today - timedelta(3)
    rows = [
        HEADINGS,
        f"{wired},{asked.open_amount},Autodesk,W-20417,Invoice {asked.number}",
        f"{found},1250.00,Northfield Instruments,W-20433,Registration",
        f"{recorded_on},275000.00,Talbrook Treasury Services,W-19004,",
        f"{found},-4000.00,Siemens,W-20440,Refund",
    ]
    services.upload_bank_file(
        ContentFile("\n".join([*rows, ""]).encode(), name="operating-account.csv"),
        account=account,
        today=today,
        at=timezone.now(),
        by=by,
    )
