"""Say how the files of a bank account are read."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from ..models import BankAccount, BankFormat
from ..verbs import Verb


class NameTaken(Refusal):
    code = "name_taken"
    field = "name"


class NotMapped(Refusal):
    code = "not_mapped"
    field = "day_column"


@transaction.atomic
def add_bank_account(*, by: User, **details: Any) -> BankAccount:
    """
    Say how the files of an account are read.

    :raises NameTaken: if another account is called so.
    :raises NotMapped: if a file in CSV would lack a column.
    """
    take_turns("consortium.bank_accounts")
    account = BankAccount(**details)
    _require_account(account)
    account.save()
    journal.record(Verb.BANK_ACCOUNT_ADDED, account, by=by, format=account.format)
    return account


@transaction.atomic
def change_bank_account(
    account: BankAccount, *, by: User, version: int | None = None, **details: Any
) -> BankAccount:
    """
    Change how the files of an account are read from now on.

    :raises NameTaken: if another account is called so.
    :raises NotMapped: if a file in CSV would lack a column.
    :raises EditConflict: if somebody changed it since ``version``.
    """
    take_turns("consortium.bank_accounts")
    account = BankAccount.objects.locked(account)
    changed = BankAccount(
        **{
            field.attname: details.get(field.name, getattr(account, field.attname))
            for field in BankAccount._meta.concrete_fields
        }
    )
    _require_account(changed)
    if fields := account.edit(version, **details):
        journal.record(Verb.BANK_ACCOUNT_CHANGED, account, by=by, fields=fields)
    return account


def _require_account(account: BankAccount) -> None:
    others = BankAccount.objects.exclude(pk=account.pk)
    if others.filter(name__iexact=account.name).exists():
        raise NameTaken(_("Another account is called so."))
    if account.format != BankFormat.CSV:
        return
    if not account.day_column or not account.payer_column:
        raise NotMapped(_("Name the columns of the day and of the payer."))
    if bool(account.amount_column) == bool(account.credit_column) or (
        account.amount_column and account.debit_column
    ):
        words = _("Name one column of amounts, or one of credits beside debits.")
        raise NotMapped(words)
