"""What callers of the API asked for."""

from django.db import models


class RequestCount(models.Model):
    """How often one caller of the API asked in the minute that began then."""

    caller = models.CharField(max_length=100, primary_key=True)
    started_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.caller}: {self.count}"
