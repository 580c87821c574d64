"""Rows that are written once."""

import pgtrigger
from django.db import models


class AppendOnlyModel(models.Model):
    """
    A model whose rows are written once.

    A trigger refuses change and removal, and the portal's database role has
    no right to either (see `grants`). What was wrong is put right by a
    further row.
    """

    class Meta:
        abstract = True
        triggers: list[pgtrigger.Trigger] = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
