"""Tasks for people: what no mail can do."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.querysets import PortalQuerySet


class TaskQuerySet(PortalQuerySet):
    def open(self) -> Self:
        return self.filter(done_at=None)

    def waiting_for(self, user: Any) -> Self:
        """Keep the open ones of a person, and those of nobody in particular."""
        return self.open().filter(Q(person=user) | Q(person=None))


class Task(models.Model):
    """
    Something that a person does: about an object, for a reason, by a day.

    Without a person it is for whoever at INM takes it. One kind of task is open
    once about an object.
    """

    kind = models.CharField(_("kind"), max_length=100)
    subject_type = models.CharField(_("kind of object"), max_length=100)
    subject_id = models.BigIntegerField(_("object"))
    url = models.CharField(_("where"), max_length=200, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("for"),
        on_delete=models.PROTECT,
        null=True,
        related_name="tasks",
    )
    what = models.CharField(_("what"), max_length=200)
    why = models.CharField(_("why"), max_length=500)
    due_on = models.DateField(_("by"))
    opened_at = models.DateTimeField(_("opened"), db_default=Now(), editable=False)
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    outcome = models.CharField(_("what came of it"), max_length=500, blank=True)

    objects = TaskQuerySet.as_manager()

    may_finish: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("task")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                condition=Q(done_at=None),
                name="task_is_open_once_about_an_object",
            ),
            models.CheckConstraint(
                name="task_outcome_iff_done",
                condition=iff(Q(done_at=None), Q(outcome="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                condition=Q(done_at=None),
                name="task_open_by_day",
            ),
            models.Index(fields=["due_on", "id"], name="task_by_day"),
            models.Index(
                F("done_at").desc(nulls_first=True),
                "due_on",
                "id",
                name="task_open_first",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("tasks")
