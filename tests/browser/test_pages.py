"""Every page, in light and dark, wide and narrow: readable, sound, and alone."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLPattern, get_resolver, reverse
from playwright.sync_api import Page, Request

from consortium.models import (
    Agreement,
    Amendment,
    Contact,
    Organization,
    RoleAssignment,
)
from inm_portal.accounts.models import User
from inm_portal.kernel.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

STAFF, DIRECTOR = "staff@inm.example", "director@inm.example"
SPONSOR = "sponsor@siemens.example"
MOST_REQUESTS = 8
AXE = Axe()
ONLY_VIOLATIONS = {"resultTypes": ["violations"]}
#: Nothing fades: a color that is read is the one that stays.
STILL = {"color_scheme": "light", "reduced_motion": "reduce"}

#: What answers no page: files, buttons, monitors, and the API by its prefix.
NO_PAGES = {
    *["accounts:end_session", "accounts:sign_out_everywhere"],
    *["accounts:revoke_token", "set_theme", "healthz", "readyz", "metrics"],
    *["api-schema"],
    *["consortium:export_members", "consortium:export_contacts"],
    *["consortium:export_agreements", "consortium:confirm_contact"],
    *["consortium:export_exceptions", "consortium:open_history"],
    "consortium:remove_deviation",
    *["export_journal", "export_jobs", "job_progress", "cancel_job", "retry_job"],
    *["document", "supersede_document"],
    # those that need a second factor to be there are looked at in test_factors
    *["mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"],
    *["mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_login_webauthn"],
    *["mfa_generate_recovery_codes", "mfa_edit_webauthn", "mfa_remove_webauthn"],
    *["end_view_as", "export_viewings", "export_messages", "export_bounces"],
    *["export_people", "export_invitations", "export_access_requests"],
    *["export_reminders", "export_past_reminders", "message_preview", "own_data"],
    *["person_data", "finish_task", "withdraw_closure", "lift_hold", "stop_acting"],
    *["release_message", "release_all_mail", "release_stop", "cancel_stop"],
    *["resend_invitation", "revoke_invitation", "end_access", "restore_access"],
    *["undo_merge", "consortium:undo_contact_merge", "consortium:invite_contact"],
    *["accounts:act", "accounts:revoke_delegation", "welcome_request"],
    *["decline_request", "sso_start", "sso_return", "sso_connect", "sso_remove"],
}

#: Pages that need an object which the demo does not have yet.
WITHOUT_AN_OBJECT = {
    *["accept_invitation", "open_invitation", "invitation", "accounts:delegate"],
    *["delegate_for", "erase_person", "confirm_erasure", "reset_factors"],
    *["give_role", "take_role", "merge_person", "consortium:merge_contact"],
    *["message", "hold_message", "cancel_message", "resend_message", "clear_bounce"],
    *["reminder", "reminder_ladders", "hold_reminder", "hold_reminders"],
    *["fill_reminder"],
}


@dataclass(frozen=True)
class Row:
    """A page as one person sees it."""

    name: str
    email: str = STAFF
    what: str = ""
    query: str = ""
    is_ours: bool = True

    @property
    def id(self) -> str:
        who = self.email.partition("@")[0] or "visitor"
        return f"{self.name}{self.query} as {who}"


ROWS = [
    Row("home"),
    Row("home", SPONSOR),
    Row("home", "events@siemens.example"),
    Row("home", "pi@inm.example"),
    Row("journal", "auditor@inm.example"),
    Row("accounts:account"),
    Row("accounts:account", SPONSOR),
    Row("accounts:add_token"),
    Row("jobs"),
    Row("jobs", SPONSOR),
    Row("job", STAFF, "job"),
    Row("accounts:change_email"),
    Row("accounts:confirm_email", STAFF, "spent link"),
    Row("mfa_index"),
    Row("mfa_activate_totp"),
    Row("mfa_add_webauthn"),
    Row("mfa_list_webauthn"),
    Row("viewings", DIRECTOR),
    Row("view_as", STAFF, "person"),
    Row("account_login", ""),
    Row("account_logout"),
    Row("account_inactive", ""),
    Row("account_signup", ""),
    Row("account_reauthenticate"),
    Row("account_change_password"),
    Row("account_set_password", "attendee@inm.example"),
    Row("account_reset_password", ""),
    Row("account_reset_password_done", ""),
    Row("account_reset_password_from_key", "", "used link"),
    Row("account_reset_password_from_key_done", ""),
    Row("consortium:members"),
    Row("consortium:members", query="?search=nobody"),
    Row("consortium:add_member"),
    Row("consortium:member", STAFF, "member"),
    Row("consortium:member", STAFF, "prospect"),
    Row("consortium:member", SPONSOR, "member"),
    Row("consortium:change_member", STAFF, "member"),
    Row("consortium:rename_member", STAFF, "member"),
    Row("consortium:add_site", STAFF, "member"),
    Row("consortium:add_contact", STAFF, "member"),
    Row("consortium:draft_agreement", STAFF, "member"),
    Row("consortium:contacts"),
    Row("consortium:contact", STAFF, "contact"),
    Row("consortium:contact", STAFF, "leaver"),
    Row("consortium:change_contact", SPONSOR, "contact"),
    Row("consortium:depart_contact", STAFF, "contact"),
    Row("consortium:assign_role", STAFF, "contact"),
    Row("consortium:end_role", STAFF, "role"),
    Row("consortium:agreements"),
    Row("consortium:agreement", SPONSOR, "agreement"),
    Row("consortium:agreement", DIRECTOR, "draft"),
    Row("consortium:agreement", STAFF, "agreement"),
    Row("consortium:attach_document", STAFF, "agreement"),
    Row("consortium:add_deviation", STAFF, "draft"),
    Row("consortium:draft_amendment", STAFF, "agreement"),
    Row("consortium:amendment", DIRECTOR, "cut"),
    Row("consortium:amendment", STAFF, "raised"),
    Row("consortium:change_amendment", STAFF, "cut"),
    Row("consortium:waive_amendment", DIRECTOR, "cut"),
    Row("consortium:sign_amendment", STAFF, "cut"),
    Row("consortium:abandon_amendment", STAFF, "cut"),
    Row("consortium:exceptions"),
    Row("consortium:member", DIRECTOR, "member"),
    Row("consortium:member", STAFF, "bought"),
    Row("consortium:link_parent", STAFF, "member"),
    Row("consortium:record_merger", STAFF, "member"),
    Row("consortium:record_spin_off", STAFF, "member"),
    Row("consortium:record_screening", DIRECTOR, "member"),
    Row("consortium:change_draft", STAFF, "draft"),
    Row("consortium:waive_floor", DIRECTOR, "draft"),
    Row("consortium:sign_agreement", STAFF, "draft"),
    Row("people"),
    Row("person", DIRECTOR, "person"),
    Row("invitations"),
    Row("invite", DIRECTOR),
    Row("tasks"),
    Row("reminders"),
    Row("past_reminders"),
    Row("reminder_rules"),
    Row("reminder_holds"),
    Row("closures"),
    Row("add_closure"),
    Row("messages"),
    Row("bounces"),
    Row("hold_all_mail"),
    Row("access_requests"),
    Row("api-docs", is_ours=False),
]


@pytest.fixture(scope="module")
def things(portal) -> dict[str, dict[str, Any]]:
    """What the addresses of pages hold, by the name that rows call it."""
    attendee = User.objects.get(email="attendee@inm.example")
    attendee.set_unusable_password()
    attendee.save()
    siemens = Organization.objects.get(name="Siemens")
    katrin = Contact.objects.get(email=SPONSOR)
    found = {
        "member": siemens,
        "prospect": Organization.objects.create(
            name="Prospect",
            legal_name="Prospect Inc.",
            named_since_on="2020-01-01",
            sector="other",
        ),
        "contact": katrin,
        "person": attendee,
        "leaver": Contact.objects.exclude(departed_on=None).get(),
        "role": RoleAssignment.objects.get(contact=katrin),
        "agreement": Agreement.objects.get(organization=siemens),
        "bought": Organization.objects.get(name="Autodesk"),
        "cut": Amendment.objects.get(agreement__organization__name="PTC"),
        "raised": Amendment.objects.get(agreement__organization__name="Autodesk"),
        "job": Job.objects.get(),
        "draft": Agreement.objects.get(organization__name="PTC", state="draft"),
    }
    keys: dict[str, dict[str, Any]] = {
        name: {"pk": thing.pk} for name, thing in found.items()
    }
    return keys | {
        "": {},
        "used link": {"uidb36": "1", "key": "used-link"},
        "spent link": {"key": "spent"},
    }


def test_every_page_has_a_row():
    assert {row.name for row in ROWS} == (
        set(named(get_resolver())) - NO_PAGES - WITHOUT_AN_OBJECT
    )


def named(resolver: Any, prefix: str = "") -> list[str]:
    """Return the full names of all addresses but those of the API."""
    names = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            names.append(f"{prefix}{pattern.name}")
        elif not str(pattern.pattern).startswith("api/v1"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            names += named(pattern, prefix + inner)
    return names


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_page_is_sound(row, things, portal, visit):
    page = visit("about:blank", row.email, **STILL)
    faults = Watch(page, portal.url)
    path = reverse(row.name, kwargs=things[row.what]) + row.query

    answer = page.goto(path, wait_until="networkidle")

    assert answer is not None
    assert (answer.status, urlsplit(page.url).path) == (200, urlsplit(path).path)
    if row.is_ours:
        for view in [wide_light, narrow_light, narrow_dark, wide_chosen_dark]:
            view(page)
            faults.look(page, view.__name__)
    assert faults.found() == []


@pytest.mark.parametrize(
    ("path", "email", "status"),
    [
        ("/nowhere/", STAFF, 404),
        ("/nowhere/", "", 404),
        ("/consortium/members/new/", SPONSOR, 403),
    ],
)
def test_a_refusal_is_sound(path, email, status, portal, visit):
    page = visit("about:blank", email, **STILL)
    faults = Watch(page, portal.url, expected=f"status of {status}")

    answer = page.goto(path, wait_until="networkidle")

    assert answer is not None
    assert answer.status == status
    for view in [wide_light, narrow_dark]:
        view(page)
        faults.look(page, view.__name__)
    assert faults.found() == []


def test_a_form_with_errors_is_sound(visit, portal):
    page = visit("/consortium/members/new/", STAFF, **STILL)
    faults = Watch(page, portal.url, expected="status of 422")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("alert").wait_for()

    for view in [wide_light, narrow_dark]:
        view(page)
        faults.look(page, view.__name__)
    assert faults.found() == []


def wide_light(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})


def narrow_light(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})


def narrow_dark(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")


def wide_chosen_dark(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")


#: What is wider than its place, once a drawing had two frames to follow the window.
SCROLLS = """async () => {
  for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
  return [document.documentElement, ...document.querySelectorAll(
    "main, .card, .table-responsive")]
  .filter((box) => box.scrollWidth > box.clientWidth + 1)
  .map((box) => `too wide for its place: ${box.tagName}.${box.className}`)
}"""


class Watch:
    """Collects what is wrong with a page while it loads and when it is looked at."""

    def __init__(self, page: Page, url: str, *, expected: str = "") -> None:
        self.url = url
        self.expected = expected
        self.faults: list[str] = []
        self.requests: list[str] = []
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self.note)

    def hear(self, message: Any) -> None:
        """Keep errors and warnings; a refused style or script is one."""
        is_expected = self.expected and self.expected in message.text
        if message.type in ("error", "warning") and not is_expected:
            self.faults.append(f"console: {message.text}")

    def note(self, request: Request) -> None:
        if urlsplit(request.url).scheme in ("data", "blob"):
            return
        self.requests.append(request.url)
        if not request.url.startswith(self.url):
            self.faults.append(f"asks another host: {request.url}")

    def look(self, page: Page, view: str) -> None:
        """Keep what does not fit and what axe finds."""
        self.faults += [f"{view}: {box}" for box in page.evaluate(SCROLLS)]
        for violation in AXE.run(page, options=ONLY_VIOLATIONS).response["violations"]:
            nodes = [node["html"] for node in violation["nodes"][:3]]
            self.faults.append(f"{view}: {violation['help']}: {nodes}")

    def found(self) -> list[str]:
        """Return the faults; too many requests before the first look are one."""
        if len(self.requests) > MOST_REQUESTS:
            return [*self.faults, f"{len(self.requests)} requests: {self.requests}"]
        return self.faults
