"""Say in words what tells early that a member may not renew."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inm_portal.kernel.money import written
from inm_portal.kernel.templatetags.portal import on as written_day

from ..states import Sign
from .aging import CURRENCY


@dataclass(frozen=True)
class Told:
    """A sign, and what it rests on."""

    sign: Sign
    why: str


def signs_of(member: Any, *, on: date) -> list[Told]:
    """Return the signs of a member that was read ``with_signs()``, the worst first."""
    words = dict(_words(member, on))
    return [Told(one, words[one]) for one in Sign if getattr(member, f"is_{one}")]


def _words(member: Any, on: date) -> Iterator[tuple[Sign, str]]:
    """Yield what each sign rests on, where it is one."""
    yield Sign.LEAVES, _("It said that it does not renew")
    yield Sign.AT_RISK, member.health_reason or ""
    yield (
        Sign.UNPAID,
        _for_days(
            "Payment is %(days)s day late", "Payment is %(days)s days late", member, on
        ),
    )
    amount = written(member.disputed or Decimal(), CURRENCY)
    yield Sign.DISPUTED, _("%(amount)s is in dispute") % {"amount": amount}
    spoken = _("No conversation is on record")
    if member.spoken_on:
        day = written_day(member.spoken_on)
        spoken = _("The last conversation was on %(day)s") % {"day": day}
    yield Sign.SILENT, spoken
    yield Sign.NO_SPONSOR, _("Nobody is its executive sponsor")
    yield (
        Sign.UNUSED,
        (
            ngettext(
                "Nothing was used of %(count)s benefit",
                "Nothing was used of %(count)s benefits",
                member.unused,
            )
            % {"count": member.unused}
        ),
    )
    day = written_day(member.notice_on) if member.notice_on else ""
    yield Sign.UNANSWERED, _("Its answer is due by %(day)s") % {"day": day}


def _for_days(one: str, many: str, member: Any, on: date) -> str:
    days = (on - member.late_since).days if member.late_since else 0
    return ngettext(one, many, days) % {"days": days}
