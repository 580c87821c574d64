"""What people type as they say whose money is, and what it pays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DayField, ReasonForm
from inm_portal.kernel.money import CENT, AmountField, written

from ..documents import CERTIFICATE
from ..models import InvoiceLine, Organization, ReceiptShare, WriteOffKind
from ..services import GivenUp, LinePart, SharePart, explain_short
from ..services.shortness import Shortness
from ..services.write_offs import takes_two

#: Rows for the members of one wire; a wire of more is shared in a further step.
MEMBERS_SHOWN = 3
NOT_CHOSEN = ("", "---------")


class CertificateField(forms.FileField):
    """What shows that tax was withheld."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "label": _("Certificate of the tax that was withheld"),
            "help_text": CERTIFICATE.help_text,
            "required": False,
            "widget": forms.FileInput(attrs={"accept": CERTIFICATE.accept}),
        }
        super().__init__(**given | kwargs)


class ShareForm(forms.Form):
    """Whose money it is: one member's, or several members' (cases 20 and 21)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = {str(one.pk): one for one in Organization.objects.order_by("name")}
        named = [NOT_CHOSEN, *((key, one.name) for key, one in members.items())]
        for number in range(1, MEMBERS_SHOWN + 1):
            is_first = number == 1
            of_row = "" if is_first else _(" %(number)s") % {"number": number}
            self.fields[f"member_{number}"] = forms.TypedChoiceField(
                choices=named,
                coerce=members.__getitem__,
                empty_value=None,
                required=is_first,
                label=_("Member%(of_row)s") % {"of_row": of_row},
            )
            self.fields[f"amount_{number}"] = AmountField(
                required=is_first,
                min_value=CENT,
                label=_("Amount%(of_row)s") % {"of_row": of_row},
            )

    def part_rows(self) -> list[list[forms.BoundField]]:
        return [
            [self[f"member_{number}"], self[f"amount_{number}"]]
            for number in range(1, MEMBERS_SHOWN + 1)
        ]

    def has_more(self) -> bool:
        """Say whether something stands in a row after the first."""
        return any(field.value() for row in self.part_rows()[1:] for field in row)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        parts = []
        for number in range(1, MEMBERS_SHOWN + 1):
            member, amount = data.get(f"member_{number}"), data.get(f"amount_{number}")
            if member and amount:
                parts.append(SharePart(member, amount))
            elif (member or amount) and not self.errors:
                words = _("Say the member and the amount.")
                self.add_error(f"member_{number}", words)
        return {"parts": parts}


@dataclass(frozen=True)
class Row:
    """A line as the form of an allocation shows it."""

    line: Any
    amount: forms.BoundField
    rest: forms.BoundField | None
    why: str
    short: Shortness | None


class AllocationForm(forms.Form):
    """How much of a share goes to each line, and what becomes of the rest of it."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("Kept with what is applied; needed for what takes two people."),
    )
    certificate = CertificateField()

    def __init__(
        self,
        *args: Any,
        share: ReceiptShare,
        lines: Iterable[InvoiceLine],
        suggested: dict[int, Decimal],
        why: dict[int, str],
        needs_all: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.share, self.lines, self.why = share, list(lines), why
        self.needs_all = needs_all
        #: How much each line gets: as was suggested, or else as was typed.
        self.amounts = {} if self.is_bound else suggested
        self.given_up: list[GivenUp] = []
        for line in self.lines:
            self._add(line, suggested.get(line.pk))
        shared = AllocationForm.base_fields
        self.order_fields([name for name in self.fields if name not in shared])

    def _add(self, line: Any, suggested: Decimal | None) -> None:
        number = line.invoice.number
        amount = AmountField(
            label=_("To %(number)s, %(what)s")
            % {"number": number, "what": line.description},
            required=False,
            min_value=CENT,
            initial=suggested,
        )
        if not self.is_bound and line is self.lines[0]:
            amount.widget.attrs["autofocus"] = True
        amount.widget.attrs["data-part"] = True
        self.fields[f"amount_{line.pk}"] = amount
        if line.may_write_off:
            self.fields[f"rest_{line.pk}"] = forms.ChoiceField(
                label=_("The rest of %(number)s, %(what)s")
                % {"number": number, "what": line.description},
                choices=[("", _("stays open")), *WriteOffKind.choices],
                required=False,
            )

    def rows(self) -> Iterator[Row]:
        for line in self.lines:
            rest = f"rest_{line.pk}"
            yield Row(
                line=line,
                amount=self[f"amount_{line.pk}"],
                rest=self[rest] if rest in self.fields else None,
                why=self.why.get(line.pk, ""),
                short=self._short(line),
            )

    def _short(self, line: Any) -> Shortness | None:
        paid = self.amounts.get(line.pk)
        if paid is None:
            return None
        return explain_short(line.open_amount, paid, line.invoice.currency)

    @property
    def applied(self) -> Decimal:
        return sum(self.amounts.values(), Decimal())

    @property
    def left(self) -> Decimal:
        """How much of the share stays on account."""
        return self.share.unapplied - self.applied

    def to_approve(self) -> list[GivenUp]:
        """Return what a second person is asked about."""
        return [one for one in self.given_up if self._takes_two(one)]

    def _takes_two(self, one: GivenUp) -> bool:
        return takes_two(one.line, one.kind, one.amount)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for line in self.lines:
            if amount := data.get(f"amount_{line.pk}"):
                self.amounts[line.pk] = amount
                self._require_open(line, amount)
            if kind := data.get(f"rest_{line.pk}"):
                self._give_up(line, WriteOffKind(kind), amount or Decimal())
        self._require_within(data)
        lines = {line.pk: line for line in self.lines}
        return {
            "parts": [LinePart(lines[key], one) for key, one in self.amounts.items()],
            "given_up": self.given_up,
            "reason": data.get("reason", ""),
            "certificate": data.get("certificate"),
        }

    def _require_open(self, line: Any, amount: Decimal) -> None:
        if amount > line.open_amount:
            left = written(line.open_amount, line.invoice.currency)
            words = _("Only %(left)s of it is open.") % {"left": left}
            self.add_error(f"amount_{line.pk}", words)

    def _give_up(self, line: Any, kind: WriteOffKind, applied: Decimal) -> None:
        rest = line.open_amount - applied
        if rest > 0:
            self.given_up.append(GivenUp(line, kind, rest))
        else:
            words = _("Nothing of it would be left.")
            self.add_error(f"rest_{line.pk}", words)

    def _require_within(self, data: dict[str, Any]) -> None:
        currency = self.share.receipt.currency
        if self.left < 0:
            facts = {
                "applied": written(self.applied, currency),
                "left": written(self.share.unapplied, currency),
            }
            words = _("That is %(applied)s in all; only %(left)s is there.") % facts
            self.add_error(None, words)
        is_tax = any(one.kind == WriteOffKind.TAX_WITHHELD for one in self.given_up)
        if is_tax and self.needs_all and not data.get("certificate"):
            words = _("Add the certificate of the tax that was withheld.")
            self.add_error("certificate", words)
        if not data.get("reason", "").strip() and self.to_approve():
            self.add_error("reason", _("A second person is asked: say why."))


class TakeBackForm(ReasonForm):
    """Why an allocation is taken back, and whether it is applied anew."""

    anew = forms.BooleanField(
        label=_("Apply the money anew right away"), required=False, initial=True
    )


class BounceForm(ReasonForm):
    field_order = ["returned_on", "reason"]

    returned_on = DayField(
        label=_("Came back on"),
        initial=timezone.localdate,
        help_text=_("Recorded by mistake? The day on which it was to have arrived."),
    )


class WriteOffForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[NOT_CHOSEN, *WriteOffKind.choices]
    )
    amount = AmountField(label=_("Amount"), min_value=CENT)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("Needed for what takes a second person."),
    )
    certificate = CertificateField()


class RefundForm(forms.Form):
    amount = AmountField(label=_("Amount"), min_value=CENT)
    reason = forms.CharField(label=_("Reason"), max_length=500)


class RefundPaidForm(forms.Form):
    paid_on = DayField(label=_("Paid on"), initial=timezone.localdate)
    reference = forms.CharField(
        label=_("Reference of the payment"), required=False, max_length=100
    )


class RefundReturnedForm(ReasonForm):
    field_order = ["returned_on", "reason"]

    returned_on = DayField(label=_("Came back on"), initial=timezone.localdate)
