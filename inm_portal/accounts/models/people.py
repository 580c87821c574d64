"""People who sign in."""

from functools import cache
from typing import Any, Self, TypeVar
from zoneinfo import available_timezones

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    Group,
    PermissionsMixin,
)
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, OuterRef, Q, Value, When
from django.db.models.functions import Lower, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from inm_portal.accounts.mailboxes import is_shared
from inm_portal.accounts.passwords import normalized
from inm_portal.accounts.questions import answers, note_answers
from inm_portal.kernel.privacy import ERASED
from inm_portal.kernel.querysets import PortalQuerySet

from .rights import Rights, Told, by_role

Rows = TypeVar("Rows", bound=models.QuerySet)


class Standing(models.TextChoices):
    """How a person stands with the portal, as pages say it."""

    ACTIVE = "active", _("Active")
    NEW = "new", _("Never signed in")
    ENDED = "ended", _("Access ended")
    MERGED = "merged", _("Merged")

    @property
    def tone(self) -> str:
        return {"active": "green", "new": "blue"}.get(self.value, "gray")


#: Where time zones are named after cities; other names stand for one of these.
AREAS = {
    *["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia"],
    *["Europe", "Indian", "Pacific"],
}


@cache
def time_zones() -> list[str]:
    """Return the names of the time zones that somebody can be in."""
    named = available_timezones()
    return sorted(name for name in named if name.partition("/")[0] in AREAS)


def require_time_zone(name: str) -> None:
    """
    :raises ValidationError: for a name that no time zone bears.
    """
    if name not in time_zones():
        raise ValidationError(_("There is no time zone of this name."))


class UserQuerySet(PortalQuerySet):
    def matching(self, text: str) -> Self:
        return self.filter(Q(name__icontains=text) | Q(email__icontains=text))

    def with_roles(self) -> Self:
        """Annotate ``role_names``: the roles of each person at INM."""
        groups = Group.objects.filter(user=OuterRef("pk")).order_by("name")
        return self.annotate(role_names=ArraySubquery(groups.values("name")))

    def with_rights(self) -> Self:
        """
        Read in the same statement what each person's groups allow.

        And `User.is_shared_mailbox`, which every page asks too.
        """
        return self.annotate(
            told_rights=Rights("pk"), is_shared_mailbox=is_shared("pk")
        )

    def shared_mailboxes(self) -> Self:
        """Keep the accounts that several people use."""
        return self.filter(is_shared("pk"))

    def with_standing(self) -> Self:
        """Annotate ``standing``: whether each person comes in, and ever has."""
        return self.annotate(
            standing=Case(
                When(merged_into__isnull=False, then=Value(Standing.MERGED.value)),
                When(is_active=False, then=Value(Standing.ENDED.value)),
                When(last_login=None, then=Value(Standing.NEW.value)),
                default=Value(Standing.ACTIVE.value),
            )
        )

    def at_inm(self) -> Self:
        """Keep those who hold a role at INM."""
        return self.filter(is_active=True, groups__isnull=False).distinct()

    def leading_to(self, user: Any) -> list[Any]:
        """Return the accounts that were merged into one, and those into them."""
        found: list[Any] = []
        for account in self.filter(merged_into=user).order_by("pk"):
            found += [*self.leading_to(account), account]
        return found


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, name: str, password: str | None = None) -> "User":
        """
        Create a person who signs in with ``email``; without a password, not yet.

        The address is kept in lower case, as sign-in looks for it.
        """
        user = self.model(email=email.lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """
    A person who signs in, known by an e-mail address.

    What a person may do comes from groups and from relations to companies,
    proposals and events; there are no superusers and no rights of one person.
    """

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=200)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("leads to"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged_from",
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        default="America/New_York",
        db_default="America/New_York",
        validators=[require_time_zone],
        help_text=_("Reminders come in the working hours there."),
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    role_names: list[str]  # annotated by with_roles()
    told_rights: Told  # annotated by with_rights()
    standing: str  # annotated by with_standing()

    #: Who acts for this person in this request, if anybody does, by which
    #: delegation, and the permissions that reach them.
    delegate: "User | None" = None
    delegation: Any = None
    handed_on: frozenset[str] | None = None

    #: Who sees the portal as this person does, in this request and in no other.
    viewer: "User | None" = None

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        permissions = [("view_as_user", "Can see the portal as another person")]
        constraints = [
            models.UniqueConstraint(fields=["email"], name="user_email_is_unique"),
            models.CheckConstraint(
                name="user_email_is_lower_case", condition=Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="user_erased_may_not_sign_in",
                condition=~Q(email__endswith=ERASED, is_active=True),
            ),
            models.CheckConstraint(
                name="user_is_no_superuser", condition=Q(is_superuser=False)
            ),
            models.CheckConstraint(
                name="user_who_is_merged_does_not_come_in",
                condition=Q(merged_into=None) | Q(is_active=False),
            ),
        ]
        indexes = [
            models.Index(Lower("name"), "id", name="user_by_name"),
            GinIndex(
                OpClass(Upper("name"), name="gin_trgm_ops"),
                OpClass(Upper("email"), name="gin_trgm_ops"),
                name="user_by_words",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def read_with(rows: Rows) -> Rows:
        """Read the ``user`` of rows in one statement, as `UserQuerySet.with_rights`."""
        rows = rows.select_related("user")
        rows = rows.annotate(told_rights=Rights("user"), is_shared=is_shared("user"))
        return rows.annotate(**answers("user"))

    @staticmethod
    def of(row: Any) -> Any:
        """Return the user of a row that was read by `read_with`, if it has one."""
        if row.user is not None:
            row.user.told_rights = row.told_rights
            row.user.is_shared_mailbox = row.is_shared
            note_answers(row, row.user)
        return row.user

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(normalized(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        return super().check_password(normalized(raw_password) or "")

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.pk])

    @property
    def shown_standing(self) -> Standing:
        """Return the annotated standing with its words and color."""
        return Standing(self.standing)

    @property
    def survivor(self) -> "User":
        """Return the account to which this one leads; itself, if to none."""
        return self.merged_into.survivor if self.merged_into else self

    def is_same_person(self, other: "User | None") -> bool:
        """Say whether an account is this one, or leads to it after a merge."""
        return other is not None and other.survivor == self.survivor

    def get_full_name(self) -> str:
        return self.name

    @property
    def really(self) -> "User":
        """Who is at the keyboard in this request."""
        return self.viewer or self.delegate or self

    @cached_property
    def is_shared_mailbox(self) -> bool:
        """Whether several people use this account; read by `with_rights`, too."""
        return type(self).objects.shared_mailboxes().filter(pk=self.pk).exists()

    @property
    def is_asked_for_name(self) -> bool:
        """Say whether who is at the keyboard is known by a shared account alone."""
        return self.really is self and self.is_shared_mailbox

    @cached_property
    def rights_by_role(self) -> dict[str, set[str]]:
        """What the person's groups are called, and what each of them allows."""
        if "told_rights" not in self.__dict__:
            known = type(self).objects.with_rights().only("pk").get(pk=self.pk)
            self.told_rights = known.told_rights
        return by_role(self.__dict__.pop("told_rights"))

    @property
    def rights(self) -> frozenset[str]:
        """What the person's groups allow together."""
        return frozenset().union(*self.rights_by_role.values())

    @property
    def is_at_inm(self) -> bool:
        """Say whether the person holds a role at INM."""
        return bool(self.rights_by_role)
