"""Documents by page and by API: sent as files that run nowhere, read by permission."""

import pytest
from django.utils import timezone

from consortium.documents import AGREEMENT
from inm_portal.kernel import documents
from inm_portal.kernel.models import Document, JournalEntry
from inm_portal.kernel.verbs import Verb

from ..kernel.files import HTML, PDF, PROGRAM, sent

pytestmark = pytest.mark.django_db

NAME = "Vereinbarung Süd.pdf"


@pytest.fixture
def document(cast) -> Document:
    return documents.upload(
        sent(name=NAME),
        kind=AGREEMENT,
        subject=cast.signed,
        at=timezone.now(),
        by=cast["staff"],
    )


def page_of(client, agreement) -> str:
    return client.get(agreement.get_absolute_url()).content.decode()


def attach(client, agreement, file):
    url = f"/consortium/agreements/{agreement.pk}/documents/new/"
    return client.post(url, {"file": file})


class TestDownload:
    def test_a_document_is_sent_as_a_file_that_runs_nowhere(
        self, sign_in, cast, document
    ):
        answer = sign_in(cast["sponsor"]).get(document.get_absolute_url())

        assert answer.getvalue() == PDF
        headers = {
            name: answer[name]
            for name in [
                *["Content-Type", "Content-Disposition", "Content-Security-Policy"],
                *["X-Content-Type-Options", "Content-Encoding", "Cache-Control"],
            ]
        }
        assert headers == {
            "Content-Type": "application/pdf",
            "Content-Disposition": "attachment; filename*=utf-8''"
            "Vereinbarung%20S%C3%BCd.pdf",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Content-Encoding": "identity",
            "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
        }

    def test_a_front_server_is_told_which_file_to_send(
        self, sign_in, cast, document, settings
    ):
        settings.FILES_FROM_FRONT = "/files/"

        answer = sign_in(cast["sponsor"]).get(document.get_absolute_url())

        assert answer["X-Accel-Redirect"] == f"/files/{document.stored}"
        assert answer.content == b""
        assert answer["Content-Disposition"].startswith("attachment;")

    def test_each_download_is_on_record(self, sign_in, cast, document):
        sign_in(cast["sponsor"]).get(document.get_absolute_url()).getvalue()

        entry = JournalEntry.objects.get(verb=Verb.DOCUMENT_DOWNLOADED)
        assert (entry.actor, entry.subject_id) == (cast["sponsor"], cast.signed.pk)

    def test_permission_is_asked_each_time(self, sign_in, cast, document):
        client = sign_in(cast["sponsor"])
        client.get(document.get_absolute_url()).getvalue()
        cast["sponsor"].contacts.update(departed_on=timezone.localdate())

        assert client.get(document.get_absolute_url()).status_code == 404

    def test_another_name_leads_nowhere(self, sign_in, cast, document):
        client = sign_in(cast["staff"])

        for name in ["other.pdf", "..%2f", "%00"]:
            assert client.get(f"/documents/{document.pk}/{name}").status_code == 404

    def test_what_is_held_back_is_said_in_words(
        self, sign_in, api, cast, document, settings
    ):
        settings.SCANNER = "clamd://127.0.0.1:1"

        page = sign_in(cast["staff"]).get(document.get_absolute_url())
        refused = api(cast["staff"]).get(f"/api/v1/documents/{document.pk}/download/")

        assert page.status_code == refused.status_code == 409
        assert "is being checked" in page.content.decode()
        assert refused.json()["code"] == "held_back"


class TestPanel:
    def test_staff_add_a_document_that_the_members_people_read(self, sign_in, cast):
        answer = attach(sign_in(cast["staff"]), cast.signed, sent(name=NAME))

        assert answer.url == cast.signed.get_absolute_url()
        shown = page_of(sign_in(cast["sponsor"]), cast.signed)
        assert NAME in shown
        assert "Not scanned" in shown
        assert "Add document" not in shown

    @pytest.mark.parametrize(
        ("file", "words"),
        [
            (sent(HTML, "a.pdf"), "content of this file is not that of a PDF"),
            (sent(PROGRAM, "a.exe"), "must be one of: PDF, DOCX"),
            (sent(b"", "a.pdf"), "is empty"),
            ("", "required"),
        ],
    )
    def test_what_is_refused_stands_beside_the_field(self, sign_in, cast, file, words):
        answer = attach(sign_in(cast["staff"]), cast.signed, file)

        assert answer.status_code == 422
        [fault] = answer.context["form"].errors["file"]
        assert words in fault
        executed = Document.objects.filter(pk=cast.signed.executed_id)
        assert list(Document.objects.filter(subject_id=cast.signed.pk)) == [*executed]

    def test_what_was_signed_is_marked_and_stays_in_use(self, sign_in, cast):
        staff, executed = sign_in(cast["staff"]), cast.signed.executed

        staff.post(f"/documents/{executed.pk}/supersede/")

        shown = page_of(staff, cast.signed)
        assert "This is what was signed; it stays in use." in shown
        assert "Executed version" in shown
        assert f"Take {executed.name} out of use" not in shown

    def test_the_form_offers_the_types_of_its_kind(self, sign_in, cast):
        url = f"/consortium/agreements/{cast.signed.pk}/documents/new/"

        text = sign_in(cast["staff"]).get(url).content.decode()

        assert 'accept=".pdf,.docx"' in text
        assert "PDF, DOCX; up to 25 MB." in text
        assert 'enctype="multipart/form-data"' in text

    def test_what_is_out_of_use_is_kept_for_staff_alone(self, sign_in, cast, document):
        staff = sign_in(cast["staff"])

        answer = staff.post(f"/documents/{document.pk}/supersede/")

        assert answer.url == cast.signed.get_absolute_url()
        assert "Out of use" in page_of(staff, cast.signed)
        sponsor = sign_in(cast["sponsor"])
        assert NAME not in page_of(sponsor, cast.signed)
        assert sponsor.get(document.get_absolute_url()).status_code == 404
        staff.get(document.get_absolute_url()).getvalue()

    def test_names_with_tricks_in_them_lose_those(self, sign_in, cast):
        tricky = sent(name='..\\..\\"evil\u202efdp.exe".pdf')

        attach(sign_in(cast["staff"]), cast.signed, tricky)

        assert Document.objects.latest("pk").name == "_evilfdp.exe_.pdf"


class TestApi:
    def test_a_document_is_added_listed_read_and_taken_out_of_use(self, program, cast):
        staff, subject = program(cast["staff"]), cast.signed.pk
        added = staff.post(f"/api/v1/agreements/{subject}/documents/", {"file": sent()})

        assert added.status_code == 201
        key = added.json()["id"]
        asked = {"kind": "consortium.agreement", "subject_id": subject}
        listed = staff.get("/api/v1/documents/", asked).json()["results"]
        assert {one["id"] for one in listed} == {key, cast.signed.executed_id}
        read = staff.get(f"/api/v1/documents/{key}/download/")
        assert read.getvalue() == PDF
        gone = staff.post(f"/api/v1/documents/{key}/supersede/")
        assert gone.json()["superseded_at"]
        again = staff.post(f"/api/v1/documents/{key}/supersede/")
        assert (again.status_code, again.json()["code"]) == (409, "already_superseded")

    def test_a_wrong_file_is_refused_with_its_code(self, program, cast):
        refused = program(cast["staff"]).post(
            f"/api/v1/agreements/{cast.signed.pk}/documents/",
            {"file": sent(HTML, "a.pdf")},
        )

        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_type")

    def test_where_a_file_lies_is_told_to_nobody(self, api, cast, document):
        shown = api(cast["staff"]).get(f"/api/v1/documents/{document.pk}/").json()

        assert "stored" not in shown
        assert document.stored not in str(shown)


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/api/v1/documents/"])
def test_a_request_that_is_too_large_is_refused_before_it_is_read(
    client, settings, path
):
    """FIL-03: whoever sends it."""
    settings.MOST_UPLOADED = 100

    answer = client.post(path, {"file": sent(PDF * 10)})

    assert answer.status_code == 413
    if path.startswith("/api/"):
        assert answer.json()["code"] == "request_too_large"
    else:
        assert "This is too large" in answer.content.decode()
