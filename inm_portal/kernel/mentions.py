"""Mails to people and about them, and what stands there once they are erased."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import CharField, F, Model, Q, QuerySet, Value
from django.db.models.functions import Concat, Replace
from django.utils.html import escape
from django.utils.translation import gettext as _

from .models import Because, Message, MessageState, ReminderDelivery
from .privacy import Pseudonym, Row, values

#: What a mail says, beside to whom.
TEXTS = ("subject", "text", "html")


def mails_about(
    objects: Mapping[type[Model], Iterable[int]], *, to: str
) -> QuerySet[Message]:
    """Return the mails about any of these objects, but for those ``to`` a person."""
    told = Q(pk__in=[])
    for model, keys in objects.items():
        label, keys = model._meta.label_lower, list(keys)
        reminders = ReminderDelivery.objects.filter(
            subject_type=label, subject_id__in=keys, message__isnull=False
        )
        told |= Q(about_type=label, about_id__in=keys)
        told |= Q(pk__in=reminders.values("message"))
    return Message.objects.filter(told).exclude(recipient__iexact=to).order_by("pk")


def rows_of(mails: QuerySet[Message]) -> Iterable[Row]:
    """Yield what is handed out of them: not to whom they went, nor what they said."""
    return values(mails, "kind", "state", "sent_at")


def blank(mails: QuerySet[Message], new: Pseudonym) -> None:
    """Let none of them go out any more, nor say what it said or to whom."""
    keys = list(mails.values_list("pk", flat=True))
    own = Message.objects.filter(pk__in=keys)
    nothing = {"subject": _("Erased"), "text": "", "html": "", "reason": ""}
    own.filter(state__in=[MessageState.QUEUED, MessageState.HELD]).update(
        state=MessageState.CANCELLED, because=Because.UNTRUE, **nothing
    )
    # One slot may have gone to two of their addresses, which are one from now on.
    slot = Concat("slot", Value(" "), "pk", output_field=CharField())
    own.update(recipient=new.email, slot=slot, **nothing)


def rename_in(mails: QuerySet[Message], names: Iterable[str], new: Pseudonym) -> None:
    """Put what stands for a person where their names and addresses stood."""
    words: dict[str, str] = {}
    for name in sorted({*names} - {""}, key=len, reverse=True):
        stands = new.email if "@" in name else new.name
        words |= {name: stands, escape(name): stands}
    texts: dict[str, Any] = {field: F(field) for field in TEXTS}
    for word, stands in words.items():
        for field in TEXTS:
            texts[field] = Replace(texts[field], Value(word), Value(stands))
    mails.update(**texts)
