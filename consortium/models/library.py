"""The library: its works in versions, who reads them, and who opened what."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Upper
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import LifecycleModel, lifecycle_triggers
from inm_portal.kernel.models import AppendOnlyModel, Document
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from ..states import LIBRARY_STEPS, LibraryState
from .organizations import Organization

HAS_A_VERSION = """
IF NOT EXISTS (
    SELECT FROM consortium_libraryversion v WHERE v.item_id = NEW.id
) THEN
    RAISE EXCEPTION 'what is published has a version'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class LibraryKind(models.TextChoices):
    ROADMAP = "roadmap", _("Roadmap")
    CASE_STUDY = "case_study", _("Case study")
    WHITE_PAPER = "white_paper", _("White paper")
    RECORDING = "recording", _("Recording")


class Audience(models.TextChoices):
    """Who reads what is published, or a draft that is shared."""

    EVERYBODY = "everybody", _("Everybody who signs in")
    MEMBERS = "members", _("Members and INM")
    STAFF = "staff", _("INM alone")


class LibraryItemQuerySet(PortalQuerySet):
    def with_last_version(self) -> Self:
        """Annotate ``last_number`` and ``last_added_at``, of the newest version."""
        versions = LibraryVersion.objects.filter(item=OuterRef("pk"))
        newest = versions.order_by("-number")
        return self.annotate(
            last_number=Subquery(newest.values("number")[:1]),
            last_added_at=Subquery(newest.values("added_at")[:1]),
        )

    def with_openings(self) -> Self:
        """Annotate ``openings`` and ``members_opened``, of all versions together."""
        opened = LibraryOpening.objects.filter(version__item=OuterRef("pk"))
        each = opened.order_by().values("version__item")
        members = each.values(found=Count("organization", distinct=True))
        return self.annotate(
            openings=Coalesce(Subquery(each.values(found=Count("pk"))), 0),
            members_opened=Coalesce(Subquery(members), 0),
        )

    def with_news(self, user: Any) -> Self:
        """Annotate ``is_new``: a version is there that ``user`` has not opened."""
        opened = LibraryOpening.objects.filter(version=OuterRef("pk"), person=user)
        versions: Any = LibraryVersion.objects
        later = versions.filter(item=OuterRef("item"), number__gt=OuterRef("number"))
        unread = versions.filter(~Exists(later), ~Exists(opened), item=OuterRef("pk"))
        return self.annotate(is_new=Exists(unread))

    def matching(self, text: str) -> Self:
        """Keep those whose title or summary holds ``text``."""
        return self.filter(Q(title__icontains=text) | Q(summary__icontains=text))


class LibraryItem(VersionedModel, LifecycleModel):
    """
    One work of the library, in all its versions, with a label that says who reads it.

    Published, its audience reads it once ``embargo_until`` is over; a draft that
    is shared is read and commented by its audience before, as the working groups
    do with their roadmaps. Withdrawn, INM alone sees it, and who opened it stays
    on record (case 100).
    """

    State = LibraryState
    steps = LIBRARY_STEPS

    kind = models.CharField(_("kind"), max_length=20, choices=LibraryKind)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(
        _("summary"), max_length=4000, help_text=_("What it is about, and for whom.")
    )
    audience = models.CharField(
        _("audience"),
        max_length=20,
        choices=Audience,
        default=Audience.MEMBERS,
        help_text=_("Who reads it once it is published."),
    )
    embargo_until = models.DateTimeField(
        _("embargo until"),
        null=True,
        blank=True,
        help_text=_("Until then INM alone reads it. In Boston time."),
    )
    is_draft_shared = models.BooleanField(
        _("draft shared with its audience"),
        default=False,
        help_text=_("Its audience reads and comments it before it is published."),
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=LibraryState,
        default=LibraryState.DRAFT,
        editable=False,
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawal_reason = models.CharField(
        _("reason of the withdrawal"), max_length=500, blank=True, editable=False
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
    )
    added_at = models.DateTimeField(_("added"), editable=False)

    objects = LibraryItemQuerySet.as_manager()

    #: Annotated by with_last_version().
    last_number: int | None
    last_added_at: datetime | None
    #: Annotated by with_openings().
    openings: int
    members_opened: int
    is_new: bool  # annotated by with_news()

    class Meta:
        verbose_name = _("item of the library")
        constraints = [
            models.CheckConstraint(
                name="library_item_says_what_it_is",
                condition=~Q(title="") & ~Q(summary=""),
            ),
            models.CheckConstraint(
                name="library_item_published_at_if_published",
                condition=~Q(state=LibraryState.PUBLISHED)
                | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="library_item_withdrawn_at_iff_withdrawn",
                condition=iff(
                    Q(state=LibraryState.WITHDRAWN),
                    Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason=""),
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["-added_at", "-id"], name="library_item_by_day"),
            GinIndex(
                OpClass(Upper("title"), name="gin_trgm_ops"),
                OpClass(Upper("summary"), name="gin_trgm_ops"),
                name="library_item_by_words",
            ),
        ]
        triggers = [
            *lifecycle_triggers(LIBRARY_STEPS, initial=LibraryState.DRAFT),
            pgtrigger.Trigger(
                name="published_with_a_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__state=LibraryState.PUBLISHED),
                func=HAS_A_VERSION,
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("consortium:library_item", self.pk)

    @property
    def kind_label(self) -> str:
        return str(LibraryKind(self.kind).label)

    @property
    def audience_label(self) -> str:
        return str(Audience(self.audience).label)

    @property
    def state_tone(self) -> str:
        return LibraryState(self.state).tone

    def is_under_embargo(self, *, at: datetime) -> bool:
        return self.embargo_until is not None and self.embargo_until > at


class LibraryVersion(AppendOnlyModel):
    """A numbered version of a work: a file, or the address of a recording."""

    item = models.ForeignKey(
        LibraryItem, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    document = models.OneToOneField(
        Document,
        verbose_name=_("file"),
        on_delete=models.PROTECT,
        null=True,
        related_name="library_version",
    )
    link = models.URLField(_("address"), blank=True)
    changes = models.CharField(_("what is new"), max_length=500, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    added_at = models.DateTimeField(_("added"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("version of an item of the library")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "number"], name="library_version_is_numbered_once"
            ),
            models.CheckConstraint(
                name="library_version_is_a_file_or_a_link",
                condition=iff(Q(document=None), ~Q(link="")),
            ),
            models.CheckConstraint(
                name="library_version_is_numbered_from_one",
                condition=Q(number__gte=1),
            ),
        ]

    def __str__(self) -> str:
        told = {"title": self.item.title, "number": self.number}
        return _("%(title)s, version %(number)s") % told

    def get_absolute_url(self) -> str:
        return self.item.get_absolute_url()


class LibraryOpeningQuerySet(PortalQuerySet):
    def matching(self, text: str) -> Self:
        """Keep those whose title, person or member holds ``text``."""
        titled = Q(version__item__title__icontains=text)
        named = Q(person__name__icontains=text) | Q(person__email__icontains=text)
        return self.filter(titled | named | Q(organization__name__icontains=text))


class LibraryOpening(AppendOnlyModel):
    """
    That somebody opened a version, and for which member.

    Its number stands in the watermark of what they took, if it has one.
    """

    version = models.ForeignKey(
        LibraryVersion, on_delete=models.PROTECT, related_name="openings"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    is_marked = models.BooleanField(_("with a watermark"))
    opened_at = models.DateTimeField(_("opened"))

    objects = LibraryOpeningQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("opening")
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="library_opening_by_day"),
            models.Index(
                fields=["organization", "-opened_at"], name="library_opening_of_member"
            ),
            models.Index(fields=["person", "version"], name="library_opening_of"),
        ]

    def __str__(self) -> str:
        return _("Opening %(number)s") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return self.version.get_absolute_url()


class LibraryCommentQuerySet(PortalQuerySet):
    def with_names(self, *, all_of_them: bool, companies: Collection[int]) -> Self:
        """
        Annotate ``said_by`` and ``said_for``, where a reader may know.

        Members do not learn who of another one spoke: INM, the faculty and people
        of ``companies`` are named, and others to INM alone.
        """
        told = Q(organization=None) | Q(organization__in=companies)
        when = Q(pk__isnull=False) if all_of_them else told
        named = {"said_by": F("author__name"), "said_for": F("organization__name")}
        return self.annotate(
            **{name: Case(When(when, then=found)) for name, found in named.items()}
        )


class LibraryComment(AppendOnlyModel):
    """What a reader of a draft says to it; all who read the draft read it."""

    item = models.ForeignKey(
        LibraryItem, on_delete=models.PROTECT, related_name="comments"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    number = models.PositiveIntegerField(
        _("version"), help_text=_("The newest one when it was said.")
    )
    text = models.TextField(_("comment"), max_length=4000)
    written_at = models.DateTimeField(_("written"))

    objects = LibraryCommentQuerySet.as_manager()

    #: Annotated by with_names().
    said_by: str | None
    said_for: str | None

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("comment on a draft")
        constraints = [
            models.CheckConstraint(
                name="library_comment_says_what", condition=~Q(text="")
            )
        ]
        indexes = [models.Index(fields=["item", "id"], name="library_comment_of_item")]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return self.item.get_absolute_url()


class LibraryFollower(models.Model):
    """Somebody who asked to be told by mail of what is new in the library."""

    #: What goes along when accounts are merged: both may have asked.
    moves_with_person = ("person",)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    since = models.DateTimeField(_("since"))

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("follower of the library")

    def __str__(self) -> str:
        return str(self.person)


class LibraryNotice(AppendOnlyModel):
    """That those who asked for it were told of a version; each once."""

    version = models.OneToOneField(
        LibraryVersion, on_delete=models.PROTECT, related_name="notice"
    )
    told_at = models.DateTimeField(_("told"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("notice of a version")

    def __str__(self) -> str:
        return str(self.version)
