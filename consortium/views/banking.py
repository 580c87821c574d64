"""Files of the bank, looked at and then taken in, and how each account's are read."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.core.paginator import Paginator
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import CreateView, RecordDetail, StepView, UseCaseView

from .. import forms, services
from ..models import BankAccount, BankFile
from ..services.banking import BankFileHasErrors, BankFileTakenIn

FILES = (_("Bank files"), reverse_lazy("consortium:bank_files"))
ACCOUNTS = (_("Bank accounts"), reverse_lazy("consortium:bank_accounts"))

#: Lines on a page, and rows that are wrong.
LINES_SHOWN = 100


#: What becomes of lines, in words before how many there are.
WHICHES = {
    "new": _("New"),
    "doubtful": _("To look at"),
    "known": _("Known already"),
    "debit": _("Paid out"),
}


class BankFileFilter(django_filters.FilterSet):
    account = django_filters.ModelChoiceFilter(
        queryset=BankAccount.objects.order_by("name"),
        label=_("Account"),
        empty_label=_("Any account"),
    )
    waiting = django_filters.ChoiceFilter(
        field_name="taken_in",
        lookup_expr="isnull",
        choices=[("True", _("Not taken in")), ("False", _("Taken in"))],
        label=_("State"),
        empty_label=_("Any state"),
    )

    class Meta:
        model = BankFile
        fields: list[str] = []


class BankFileRows(Rows):
    queryset = BankFile.objects.with_related(
        *["account__name", "uploaded_by__name", "taken_in__imported_at"],
        *["taken_in__receipt_count", "taken_in__known_count", "taken_in__debit_count"],
    ).defer("lines")
    filter_class = BankFileFilter
    default_sort = "-number"
    columns = [
        Column("number", _("File"), ("pk",)),
        Column("account", _("Account"), ("account__name",)),
        Column("uploaded", _("Uploaded"), ("uploaded_at",)),
        Column("state", _("State")),
        Column("receipts", _("Receipts"), is_numeric=True),
    ]


class BankFileList(BankFileRows, RecordList):
    template_name = "consortium/bankfile_list.html"
    noun = (_("file"), _("files"))
    export_url = reverse_lazy("consortium:export_bank_files")
    extra_context = {
        "heading": _("Bank files"),
        "empty_title": _("No files of the bank yet"),
        "empty_text": _("A file is shown first, then taken in whole or not at all."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("consortium.add_bankfile")
        return super().get_context(page) | {"may_add": may_add}


class ExportBankFiles(BankFileRows, RecordExport):
    name = "bank_files"
    export_columns = {
        "id": "pk",
        "account": exports.text("account__name"),
        "file": exports.text("name"),
        "sha256": "sha256",
        "uploaded_at": "uploaded_at",
        "taken_in_at": "taken_in__imported_at",
        "lines": "taken_in__line_count",
        "receipts": "taken_in__receipt_count",
        "known_before": "taken_in__known_count",
        "paid_out": "taken_in__debit_count",
    }


class UploadBankFile(CreateView):
    permission = "consortium.add_bankfile"
    template_name = "consortium/bankfile_form.html"
    form_class = forms.BankFileForm
    done = _("Read. Look at it, and take it in.")
    asks_again = False
    errors: list[services.RowError] = []
    earlier: BankFile | None = None

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("account")
        return {"account": asked} if asked else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("Upload a file of the bank"),
            breadcrumbs=[FILES],
            cancel_url=reverse_lazy("consortium:bank_files"),
            submit_label=_("Show what is in it"),
            errors=self.errors[:LINES_SHOWN],
            more_errors=max(0, len(self.errors) - LINES_SHOWN),
            earlier=self.earlier,
            **kwargs,
        )

    def perform(self, **data: Any) -> BankFile:
        today, now = timezone.localdate(), timezone.now()
        try:
            return services.upload_bank_file(**data, today=today, at=now, by=self.user)
        except BankFileHasErrors as refusal:
            self.errors = refusal.errors
            raise
        except BankFileTakenIn as refusal:
            self.earlier = refusal.file
            raise


class BankFileDetail(RecordDetail):
    queryset = BankFile.objects.select_related(
        *["account", "uploaded_by", "taken_in__imported_by"]
    )
    template_name = "consortium/bankfile_detail.html"
    buttons = ("take_in",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        file = self.object
        found = services.try_bank_file(file)
        taken_in = getattr(file, "taken_in", None)
        own, job = set(), None if taken_in else services.job_of(file)
        if taken_in:
            own = set(taken_in.lines.values_list("key", flat=True))
        which = self.request.GET.get("which", "")
        asked = set(services.Fate) & {which} or set(services.Fate)
        rows = [one for one in found.told if one.fate in asked]
        lines = Paginator(rows, LINES_SHOWN)
        return super().get_context_data(
            heading=str(file),
            pretitle=file.account.name,
            breadcrumbs=[FILES],
            file=file,
            taken_in=taken_in,
            own=own,
            job=job,
            under_way=job is not None and not job.is_over,
            found=found,
            whiches=list(self.whiches(found)),
            which=which if which in found.counts else "",
            page=lines.get_page(self.request.GET.get("page")),
            entries=history_of(file, user=self.user),
            **kwargs,
        )

    def whiches(self, found: services.DryRun) -> Iterator[tuple[str, str]]:
        """Yield the kinds of lines that there are, with how many."""
        yield "", f"{_('All')} {len(found.lines):,}"
        for name, label in WHICHES.items():
            if count := found.counts[name]:
                yield name, f"{label} {count:,}"


class TakeInBankFile(StepView):
    queryset = BankFile.objects.select_related("account")
    action = "take_in"
    done = _("Taken in. What is nobody's yet waits among the receipts.")

    def perform(self, file: BankFile, /) -> BankFile:
        if services.take_in_or_ask(file, at=timezone.now(), by=self.user):
            self.done = _("It is being taken in; a mail tells when it is done.")
        return file


class BankAccountFilter(django_filters.FilterSet):
    class Meta:
        model = BankAccount
        fields: list[str] = []


class BankAccountRows(Rows):
    queryset = BankAccount.objects.all()
    filter_class = BankAccountFilter
    default_sort = "name"
    columns = [
        Column("name", _("Account"), ("name",)),
        Column("format", _("Format"), ("format",)),
        Column("currency", _("Currency"), ("currency",)),
        Column("method", _("Method"), ("method",)),
    ]


class BankAccountList(BankAccountRows, RecordList):
    template_name = "consortium/bankaccount_list.html"
    noun = (_("account"), _("accounts"))
    export_url = reverse_lazy("consortium:export_bank_accounts")
    extra_context = {
        "heading": _("Bank accounts"),
        "empty_title": _("No accounts yet"),
        "empty_text": _("Say how the files of an account are read, once."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("consortium.add_bankaccount")
        return super().get_context(page) | {"may_add": may_add}


class ExportBankAccounts(BankAccountRows, RecordExport):
    name = "bank_accounts"
    export_columns = {
        "id": "pk",
        "name": exports.text("name"),
        "format": "format",
        "currency": "currency",
        "method": "method",
    }


class BankAccountDetail(RecordDetail):
    queryset = BankAccount.objects.all()
    template_name = "consortium/bankaccount_detail.html"
    buttons = ("change",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account = self.object
        return super().get_context_data(
            heading=account.name,
            breadcrumbs=[FILES, ACCOUNTS],
            account=account,
            may_upload=self.user.has_perm("consortium.add_bankfile"),
            entries=history_of(account, user=self.user),
            **kwargs,
        )


class AddBankAccount(CreateView):
    permission = "consortium.add_bankaccount"
    template_name = "consortium/bankaccount_form.html"
    form_class = forms.BankAccountForm
    done = _("Saved. Now files of this account can be uploaded.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("Add a bank account"),
            breadcrumbs=[FILES, ACCOUNTS],
            cancel_url=reverse_lazy("consortium:bank_accounts"),
            **kwargs,
        )

    def perform(self, **data: Any) -> BankAccount:
        return services.add_bank_account(**data, by=self.user)


class ChangeBankAccount(UseCaseView):
    queryset = BankAccount.objects.all()
    action = "change"
    template_name = "consortium/bankaccount_form.html"
    form_class = forms.BankAccountChange
    done = _("Saved; files are read so from now on.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account = self.object
        return super().get_context_data(
            heading=_("How its files are read"),
            breadcrumbs=[FILES, ACCOUNTS, (account.name, account.get_absolute_url())],
            cancel_url=account.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> BankAccount:
        return services.change_bank_account(self.object, **data, by=self.user)
