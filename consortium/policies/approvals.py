"""Who may say that an entity abroad is approved."""

from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.tasklist import kept_from

from ..models import Agreement, Amendment
from ..ties import barring
from ..verbs import Verb
from .separation import by_person

#: The task to have an entity abroad approved; its subject is the paper that names it.
FOREIGN_ENTITY = "consortium.foreign_entity"


def wrote(user: Any, *verbs: Verb) -> QuerySet:
    """Return what the journal says that somebody wrote of agreements."""
    of_agreements = JournalEntry.objects.filter(subject_type="consortium.agreement")
    return of_agreements.filter(by_person(user, "actor"), verb__in=verbs)


def drafted_agreement(user: Any) -> Q:
    """Agreements that somebody drafted, or changed while they were drafts."""
    entries = wrote(user, Verb.AGREEMENT_DRAFTED, Verb.AGREEMENT_CHANGED)
    return Q(Exists(entries.filter(subject_id=OuterRef("pk"))))


def drafted_amendment(user: Any) -> Q:
    """Amendments that somebody drafted, or changed while they were drafts."""
    entries = wrote(user, Verb.AMENDMENT_DRAFTED, Verb.AMENDMENT_CHANGED)
    key = Cast(KeyTextTransform("amendment", "facts"), BigIntegerField())
    told = entries.annotate(amendment=key).filter(amendment=OuterRef("pk"))
    return Q(Exists(told.filter(subject_id=OuterRef("agreement"))))


@kept_from(FOREIGN_ENTITY)
def approve_entity(user: Any) -> Q:
    """Who drafted a paper, or is barred, does not say that its entity is approved."""
    barred = barring(user)
    agreements = Agreement.objects.filter(
        drafted_agreement(user) | Q(organization__in=barred)
    )
    amendments = Amendment.objects.filter(
        drafted_amendment(user) | Q(agreement__organization__in=barred)
    )
    return Q(
        subject_type="consortium.agreement", subject_id__in=agreements.values("pk")
    ) | Q(subject_type="consortium.amendment", subject_id__in=amendments.values("pk"))
