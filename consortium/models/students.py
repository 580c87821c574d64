"""Students who let members find them, and who of the members looked at whom."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.models import AppendOnlyModel, Document
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from .organizations import Organization


class LooksFor(models.TextChoices):
    INTERNSHIP = "internship", _("An internship")
    JOB = "job", _("A job after graduation")
    BOTH = "both", _("Either")


class StudentProfileQuerySet(PortalQuerySet):
    def with_consent(self) -> Self:
        """Annotate ``is_shared``, and ``consent_at`` of the last word on it."""
        said = ProfileConsent.objects.filter(profile=OuterRef("pk")).order_by("-pk")
        is_given = Subquery(said.values("is_given")[:1])
        return self.annotate(
            is_shared=Coalesce(is_given, False),
            consent_at=Subquery(said.values("said_at")[:1]),
        )

    def matching(self, text: str) -> Self:
        """Keep those whose field or skills hold ``text``; names are not looked at."""
        about = Q(degree__icontains=text) | Q(department__icontains=text)
        return self.filter(about | Q(skills__icontains=text))


class StudentProfile(VersionedModel):
    """
    What a student tells members that recruit, for as long as they say so.

    Members that are not told, and people there without the recruiting role, see
    nothing of it.
    """

    #: What goes along when accounts are merged.
    moves_with_person = ("person",)

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("student"),
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    degree = models.CharField(
        _("degree"), max_length=100, help_text=_("As in SM, PhD or MEng.")
    )
    department = models.CharField(_("department"), max_length=200)
    graduates_on = models.DateField(_("graduates"))
    looks_for = models.CharField(_("looks for"), max_length=20, choices=LooksFor)
    skills = models.TextField(
        _("skills and interests"),
        max_length=2000,
        help_text=_("Recruiters find you by these words before they see your name."),
    )
    resume = models.OneToOneField(
        Document,
        verbose_name=_("résumé"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
    )

    objects = StudentProfileQuerySet.as_manager()

    #: Annotated by with_consent().
    is_shared: bool
    consent_at: datetime | None

    class Meta:
        verbose_name = _("student profile")
        indexes = [models.Index(fields=["graduates_on", "id"], name="student_by_end")]

    def __str__(self) -> str:
        return _("%(degree)s, %(department)s") % {
            "degree": self.degree,
            "department": self.department,
        }

    def get_absolute_url(self) -> str:
        return page_of("consortium:student", self.pk)

    @property
    def looks_for_label(self) -> str:
        return str(LooksFor(self.looks_for).label)


class ProfileConsent(AppendOnlyModel):
    """That a student let members find them, or no longer; the last word holds."""

    profile = models.ForeignKey(
        StudentProfile, on_delete=models.PROTECT, related_name="consents"
    )
    is_given = models.BooleanField(_("given"))
    said_at = models.DateTimeField(_("said"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("consent to be found")
        indexes = [models.Index(fields=["profile", "-id"], name="consent_of_profile")]

    def __str__(self) -> str:
        return _("Shared") if self.is_given else _("No longer shared")


def shared() -> Exists:
    """Return the condition of profiles whose student lets members find them."""
    later = ProfileConsent.objects.filter(
        profile=OuterRef("profile"), pk__gt=OuterRef("pk")
    )
    said = ProfileConsent.objects.filter(profile=OuterRef("pk"), is_given=True)
    return Exists(said.exclude(Exists(later)))


class ProfileOpening(AppendOnlyModel):
    """That somebody looked at a student's profile or résumé, and for whom."""

    profile = models.ForeignKey(
        StudentProfile, on_delete=models.PROTECT, related_name="openings"
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
    is_resume = models.BooleanField(_("took the résumé"))
    opened_at = models.DateTimeField(_("opened"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("opening of a profile")
        indexes = [
            models.Index(fields=["profile", "-id"], name="opening_of_profile"),
            models.Index(fields=["-opened_at", "-id"], name="profile_opening_by_day"),
        ]

    def __str__(self) -> str:
        return _("Opening %(number)s") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return self.profile.get_absolute_url()
