"""Two contacts of one company that were one person, and what moved."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.models import Merge

from .contacts import Contact
from .roles import RoleAssignment


class ContactMerge(Merge):
    """
    One contact whose place another of the same company took.

    Keeps what the one that stays was before, and which values it took.
    """

    #: What the two are compared by, and either's value may stand for.
    FIELDS = ("name", "email", "job_title", "phone")

    survivor = models.ForeignKey(
        Contact,
        verbose_name=_("stays"),
        on_delete=models.PROTECT,
        related_name="merges",
    )
    merged = models.ForeignKey(
        Contact,
        verbose_name=_("merged into it"),
        on_delete=models.PROTECT,
        related_name="mergings",
    )
    name = models.CharField(_("name before"), max_length=200)
    email = models.EmailField(_("work e-mail before"))
    job_title = models.CharField(_("job title before"), max_length=200, blank=True)
    phone = models.CharField(_("phone before"), max_length=40, blank=True)
    took_account = models.BooleanField(_("took over the account"))
    took_reminders = models.BooleanField(
        _("took over the reading of reminders"), default=False
    )

    class Meta:
        verbose_name = _("merge of contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(undone_at=None),
                name="contact_is_merged_once_at_a_time",
            ),
            models.CheckConstraint(
                name="contact_is_not_merged_with_itself",
                condition=~Q(survivor=F("merged")),
            ),
        ]


class MergedRole(models.Model):
    """A role that moved with a merge; or that ended by it, as both held it."""

    merge = models.ForeignKey(
        ContactMerge, on_delete=models.CASCADE, related_name="roles"
    )
    assignment = models.ForeignKey(
        RoleAssignment, on_delete=models.PROTECT, related_name="+"
    )
    moved = models.BooleanField(_("moved"))
    until_on = models.DateField(_("ended before"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merge", "assignment"], name="role_is_merged_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.assignment)


class FormerAddress(models.Model):
    """An address at which a contact was reached before."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="former_addresses"
    )
    email = models.EmailField(_("work e-mail"))
    until_on = models.DateField(_("until"))
    merge = models.ForeignKey(
        ContactMerge, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("former address")
        ordering = ["-until_on", "-id"]

    def __str__(self) -> str:
        return self.email
