"""The home page, the theme switch, and what monitors ask."""

from http import HTTPStatus
from secrets import compare_digest
from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import View
from prometheus_client import CONTENT_TYPE_LATEST

from consortium import reports
from consortium.documents import AGREEMENT
from consortium.models import Organization
from consortium.ties import companies_that_pay
from consortium.views.pages import member_context
from inm_portal.accounts.models import AccessRequest
from inm_portal.kernel import health
from inm_portal.kernel.models import Document, JournalEntry, Task
from inm_portal.kernel.timeline import with_subjects
from inm_portal.kernel.views import Visited

from . import metrics as measured
from . import news
from .context import THEMES
from .research import of_researcher

TASKS_SHOWN = 8
PAPERS_SHOWN = 5
YEAR = 365 * 24 * 60 * 60


class Home(Visited, View):
    """What waits for the visitor: of a member, of the whole consortium, or nothing."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.has_perm("consortium.view_organization"):
            return self.consortium(request)
        company = self.company(request)
        return self.member(request, company) if company else self.welcome(request)

    def company(self, request: HttpRequest) -> Organization | None:
        """Return the visitor's company; the first by name of several."""
        return (
            Organization.objects.permitted(request.user, "view")
            .with_membership(on=timezone.localdate())
            .with_permissions(
                request.user, "add_contact", "call_back", "draft_agreement"
            )
            .select_related("owner")
            .order_by("name")
            .first()
        )

    def consortium(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        context: dict[str, Any] = {
            "heading": _("Consortium overview"),
            "today": today,
            "figures": reports.consortium_figures(on=today),
            "renewals": reports.renewals_ahead(on=today),
            "vacancies": reports.vacancies(on=today),
            "entries": self.entries(request),
            "tasks": self.tasks(request),
        }
        return render(request, "home/consortium.html", context)

    def tasks(self, request: HttpRequest) -> list[Task]:
        """Return the first of what waits for the visitor, or for nobody else."""
        seen = Task.objects.permitted(request.user, "view").waiting_for(request.user)
        return list(seen.order_by("due_on", "pk")[:TASKS_SHOWN])

    def entries(self, request: HttpRequest) -> list[JournalEntry]:
        if not request.user.has_perm("kernel.view_journalentry"):
            return []
        return with_subjects(JournalEntry.objects.latest_first()[:8])

    def member(self, request: HttpRequest, company: Organization) -> HttpResponse:
        context = member_context(company, request.user, on=timezone.localdate())
        since = news.last_here(request.user, request.session.session_key)
        context |= {
            "heading": company.name,
            "tasks": self.tasks(request),
            "since": since,
            "news": news.news_of(request.user, since=since),
            "papers": self.papers(request, context["agreements"]),
            "pays": company.pk in companies_that_pay(request.user),
            "pretitle": _("Founding member") if company.is_founding else _("Member"),
        }
        return render(request, "home/member.html", context)

    def papers(self, request: HttpRequest, agreements: list[Any]) -> list[Document]:
        """Return the latest documents of agreements that the visitor reads."""
        if not agreements:
            return []
        seen = Document.objects.current().permitted(request.user, "view")
        keys = [agreement.pk for agreement in agreements]
        found = seen.filter(kind=AGREEMENT.name, subject_id__in=keys)
        return list(found.order_by("-pk")[:PAPERS_SHOWN])

    def welcome(self, request: HttpRequest) -> HttpResponse:
        waits = AccessRequest.objects.open().filter(user=self.user).exists()
        heading = _("Welcome, %(name)s") % {"name": self.user.name}
        context = {
            "heading": heading,
            "waits": waits,
            "tasks": self.tasks(request),
            **of_researcher(self.user),
        }
        return render(request, "home/welcome.html", context)


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark in a cookie; anything else follows the browser again."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    home = reverse("home")
    response = HttpResponseRedirect(target if is_ours and target[0] == "/" else home)
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie(
            "theme", theme, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process lives; asks nothing of anybody."""
    return HttpResponse("ok", content_type="text/plain")


@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer what is well; 503 only when pages cannot be served."""
    parts = health.report(at=timezone.now())
    ready = health.is_ready(parts)
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(parts, status=status)


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer a monitoring system that shows ``METRICS_TOKEN``; nobody without one."""
    if not settings.METRICS_TOKEN:
        raise Http404
    shown = request.headers.get("Authorization", "").encode()
    if not compare_digest(shown, f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    found = measured.page(at=timezone.now())
    return HttpResponse(found, content_type=CONTENT_TYPE_LATEST)
