"""Requests to pay elsewhere, or to be paid elsewhere: somebody calls back."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.querysets import PortalQuerySet, of_number

from ..states import ActState, CallBackStanding
from .account_numbers import ACCOUNT_NUMBER
from .contacts import Contact
from .organizations import Organization
from .two_people import TwoPeople, two_people_triggers


class CallBackQuerySet(PortalQuerySet):
    def matching(self, text: str) -> "CallBackQuerySet":
        members = Organization.objects.matching(text).values("pk")
        told = Q(asked_by__icontains=text) | of_number(text, "CB-")
        return self.filter(told | Q(organization__in=members))


class CallBack(TwoPeople):
    """
    A request to change where somebody pays or is paid, and the call that checks it.

    Whoever got it writes it down; somebody else calls a contact at the number that
    was known before (case 28). No number of an account is kept, here or elsewhere.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="call_backs",
    )
    received_on = models.DateField(_("received"))
    asked_by = models.CharField(
        _("asked by"),
        max_length=200,
        help_text=_("The name or address on the message, true or not."),
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact to call"),
        on_delete=models.PROTECT,
        related_name="call_backs",
    )
    phone = models.CharField(_("number to call"), max_length=40)
    answer = models.CharField(_("what the contact said"), max_length=500, blank=True)

    objects = CallBackQuerySet.as_manager()

    class Meta(TwoPeople.Meta):
        abstract = False
        verbose_name = _("call-back")
        permissions = [("approve_callback", "Can call back about a request")]
        ordering = ["-received_on", "-pk"]
        constraints = [
            *TwoPeople.Meta.constraints,
            models.CheckConstraint(
                name="call_back_takes_two_and_a_number",
                condition=Q(takes_two=True) & ~Q(phone=""),
            ),
            models.CheckConstraint(
                name="call_back_is_answered_iff_decided",
                condition=iff(Q(state=ActState.PROPOSED), Q(answer="")),
            ),
            models.CheckConstraint(
                name="call_back_names_no_account_number",
                condition=~Q(reason__regex=ACCOUNT_NUMBER)
                & ~Q(answer__regex=ACCOUNT_NUMBER),
            ),
        ]
        indexes = [
            models.Index(fields=["-received_on", "-id"], name="call_back_by_date")
        ]
        triggers: list[Any] = [
            *two_people_triggers(
                *["organization", "received_on", "asked_by", "contact", "phone"]
            )
        ]

    def __str__(self) -> str:
        return f"CB-{self.pk:05}"

    def get_absolute_url(self) -> str:
        return page_of("consortium:call_back", self.pk)

    @property
    def standing(self) -> CallBackStanding:
        return CallBackStanding(self.state)
