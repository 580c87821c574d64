"""People who sign in."""

from typing import Self

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from inm_portal.kernel.privacy import ERASED
from inm_portal.kernel.querysets import PortalQuerySet

#: One statement, asked with almost every request: what each group of a person allows.
RIGHTS = """
SELECT g.name, t.app_label || '.' || p.codename
FROM accounts_user_groups m
JOIN auth_group g ON g.id = m.group_id
LEFT JOIN auth_group_permissions r ON r.group_id = g.id
LEFT JOIN auth_permission p ON p.id = r.permission_id
LEFT JOIN django_content_type t ON t.id = p.content_type_id
WHERE m.user_id = %s
ORDER BY g.name
"""


class UserQuerySet(PortalQuerySet):
    def at_inm(self) -> Self:
        """Keep those who hold a role at INM."""
        return self.filter(is_active=True, groups__isnull=False).distinct()


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

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_is_unique"),
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
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @cached_property
    def rights_by_role(self) -> dict[str, set[str]]:
        """What the person's groups are called, and what each of them allows."""
        rights: dict[str, set[str]] = {}
        with connection.cursor() as cursor:
            cursor.execute(RIGHTS, [self.pk])
            for role, permission in cursor.fetchall():
                rights.setdefault(role, set()).add(permission)
        return rights

    @property
    def is_at_inm(self) -> bool:
        """Say whether the person holds a role at INM."""
        return bool(self.rights_by_role)
