"""Spans of days, as PostgreSQL compares them."""

from django.contrib.postgres.fields import DateRangeField
from django.db.models import Func


class DateRange(Func):
    """
    The days from the first, up to but not on the second; open without one.

    With ``Value("[]")`` as third, the last day belongs to it.
    """

    function = "DATERANGE"
    output_field = DateRangeField()
