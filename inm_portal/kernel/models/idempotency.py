"""What was answered to a POST that bore a key."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _


class KeptAnswer(models.Model):
    """
    The answer to one POST, written in the transaction of what it did.

    Whoever sends the same again, under the same key, is given it again. The
    ``digest`` covers the address and everything that was sent.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    endpoint = models.CharField(_("address"), max_length=200)
    key = models.CharField(_("key"), max_length=255)
    digest = models.CharField(_("digest of what was sent"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"))
    headers: Any = models.JSONField(_("headers"), default=dict)
    body = models.TextField(_("body"), blank=True)
    right_ended = models.BooleanField(_("the act ended the right to it"), default=False)
    created_at = models.DateTimeField(_("answered"), db_index=True)

    class Meta:
        verbose_name = _("kept answer")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "endpoint", "key"], name="kept_answer_is_one_per_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.status} from {self.endpoint}"
