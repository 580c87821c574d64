"""The tables of the reference list; ``reference.sql`` makes and fills them."""

from typing import Self

from django.db import models
from django.db.models import IntegerField, Q, Subquery


class Category(models.Model):
    name = models.CharField(max_length=100)

    class Meta:
        managed = False

    def __str__(self) -> str:
        return self.name


class Supplier(models.Model):
    name = models.CharField(max_length=100)

    class Meta:
        managed = False

    def __str__(self) -> str:
        return self.name


class State(models.TextChoices):
    NEW = "new", "New"
    OPEN = "open", "Open"
    DONE = "done", "Done"


class Count(Subquery):
    """The number of rows of a query, as one value beside each row."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class ItemQuerySet(models.QuerySet):
    def matching(self, text: str) -> Self:
        return self.filter(Q(name__icontains=text) | Q(code__icontains=text))

    def with_count(self, *, up_to: int) -> Self:
        """Annotate ``counted``: how many rows there are, counted no further."""
        return self.annotate(counted=Count(self.order_by().values("pk")[:up_to]))


class Item(models.Model):
    """One of 1,000,000 rows."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    category = models.ForeignKey(Category, on_delete=models.PROTECT)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT)
    state = models.CharField(max_length=4, choices=State)
    quantity = models.IntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    made_on = models.DateField()

    objects = ItemQuerySet.as_manager()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return self.name
