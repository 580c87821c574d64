"""The library: drafts, versions, audiences, embargo, and who opened what."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from consortium import services
from consortium.models import (
    LibraryItem,
    LibraryNotice,
    LibraryOpening,
    LibraryVersion,
)
from consortium.policies.library import comments_read_by
from consortium.services.library import (
    IsWithdrawn,
    LinksToRecordings,
    NotADraft,
    NoVersion,
    OneOfBoth,
)
from consortium.services.two_people import SaysNoReason
from consortium.verbs import Verb
from inm_portal.kernel.errors import EditConflict, IllegalTransition
from inm_portal.kernel.models import Document, JournalEntry, Message
from inm_portal.kernel.watermarks import CannotBeMarked, pages_of
from tests.factories.accounts import UserFactory
from tests.factories.engagement import faculty
from tests.factories.library import published, sent, work
from tests.kernel.files import DOCX
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def seen(user) -> set[str]:
    return {item.title for item in LibraryItem.objects.permitted(user, "view")}


def add(item, **told) -> LibraryVersion:
    given = {"file": sent()} if "link" not in told else {}
    return services.add_library_version(item, **given | told, at=NOW, by=None)


def test_versions_are_numbered_and_the_journal_says_so():
    item = work()
    second = add(item, changes="A chapter on welding")

    assert second.number == 2
    told = JournalEntry.objects.filter(verb=Verb.LIBRARY_VERSION_ADDED)
    assert [entry.facts for entry in told.order_by("pk")] == [
        {"version": 1},
        {"version": 2},
    ]


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"file": None}, OneOfBoth),
        ({"file": sent(), "link": "https://video.example/1"}, OneOfBoth),
        ({"link": "https://video.example/1"}, LinksToRecordings),
        ({"file": sent(b"%PDF-1.7 cut off")}, CannotBeMarked),
    ],
)
def test_what_is_no_version_is_refused_and_leaves_nothing(told, refusal):
    item = work(version=False)

    with pytest.raises(refusal):
        services.add_library_version(item, **told, at=NOW, by=None)

    assert not Document.objects.exists()


def test_a_recording_can_be_an_address():
    item = work(kind="recording", version=False)

    assert add(item, link="https://video.example/1").document is None


def test_nothing_is_published_without_a_version():
    item = work(version=False)

    with pytest.raises(NoVersion):
        services.publish_library_item(item, at=NOW, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        LibraryItem.objects.filter(pk=item.pk).update(
            state="published", published_at=NOW
        )


def test_it_is_published_once_withdrawn_with_a_reason_and_published_again():
    item = published()
    with pytest.raises(IllegalTransition):
        services.publish_library_item(item, at=NOW, by=None)
    with pytest.raises(SaysNoReason):
        services.withdraw_library_item(item, reason=" ", at=NOW, by=None)

    services.withdraw_library_item(item, reason="The speaker asked", at=NOW, by=None)

    with pytest.raises(IsWithdrawn):
        add(item)
    with pytest.raises(IsWithdrawn):
        services.change_library_item(item, title="Anew", by=None)
    again = services.publish_library_item(item, at=NOW, by=None)
    assert (again.withdrawn_at, again.withdrawal_reason) == (None, "")


def test_a_change_that_came_too_late_is_refused():
    item = work()
    services.change_library_item(item, version=1, title="Anew", by=None)

    with pytest.raises(EditConflict):
        services.change_library_item(item, version=1, title="Other", by=None)


def test_each_audience_reads_what_is_labelled_for_it(cast):
    for audience in ("everybody", "members", "staff"):
        published(audience, audience=audience)
    work("draft")
    of_faculty = UserFactory(email=faculty().email)

    assert seen(cast["stranger"]) == {"everybody"}
    assert seen(cast["leaver"]) == {"everybody"}
    assert seen(cast["colleague"]) == {"everybody", "members"}
    assert seen(of_faculty) == {"everybody", "members"}
    for who in ("staff", "director", "finance", "admin", "auditor"):
        assert seen(cast[who]) == {"everybody", "members", "staff", "draft"}


def test_who_is_no_longer_a_member_reads_what_everybody_reads(cast, time_machine):
    published("members")
    assert seen(cast["sponsor"]) == {"members"}

    time_machine.move_to("2031-01-01")

    assert seen(cast["sponsor"]) == set()


def test_an_embargo_holds_back_until_its_instant(cast, time_machine):
    until = timezone.now() + timedelta(hours=1)
    item = published("held", embargo_until=until)
    version = item.versions.get()

    assert seen(cast["sponsor"]) == set()
    assert not cast["sponsor"].has_perm("consortium.view_libraryversion", version)
    assert seen(cast["staff"]) == {"held"}
    time_machine.move_to(until)
    assert seen(cast["sponsor"]) == {"held"}


def test_what_was_withdrawn_is_seen_by_inm_alone(cast):
    item = published()
    services.withdraw_library_item(item, reason="Asked for", at=NOW, by=None)

    assert seen(cast["sponsor"]) == set()
    assert seen(cast["auditor"]) == {item.title}


def test_others_read_the_newest_version_alone(cast):
    item = published()
    newest = add(item)

    for who, numbers in [("sponsor", [2]), ("staff", [1, 2])]:
        rows = LibraryVersion.objects.permitted(cast[who], "view").order_by("number")
        assert [row.number for row in rows] == numbers
    assert newest.number == 2


def test_nobody_takes_a_file_past_the_record_of_openings(cast):
    version = published(audience="everybody").versions.get()

    for who in ("sponsor", "staff", "auditor", "stranger"):
        read = Document.objects.permitted(cast[who], "view")
        assert not read.filter(pk=version.document_id).exists()


def test_a_copy_for_a_member_says_whose_it_is(cast, monkeypatch):
    words = []
    mark = services.library.watermarks.marked
    monkeypatch.setattr(
        services.library.watermarks,
        "marked",
        lambda content, line: words.append(line) or mark(content, line),
    )
    version = published().versions.get()

    opened = services.open_library_version(version, at=NOW, by=cast["sponsor"])

    row = opened.opening
    assert (row.person, row.organization) == (cast["sponsor"], cast.siemens)
    day = timezone.localtime(NOW).date().isoformat()
    line = f"Siemens · {cast['sponsor'].name} · {day} · copy {row.pk}"
    assert words == [line]
    assert pages_of(opened.file.read()) == 2


def test_inm_takes_the_file_as_it_was_sent(cast):
    version = published().versions.get()

    opened = services.open_library_version(version, at=NOW, by=cast["staff"])

    assert opened.file.read() == sent().read()
    assert (opened.opening.is_marked, opened.opening.organization) == (False, None)


def test_what_is_no_pdf_has_no_watermark_and_is_on_record(cast):
    item = published()
    version = add(item, file=sent(DOCX, "roadmap.docx"))

    opened = services.open_library_version(version, at=NOW, by=cast["sponsor"])

    assert opened.file.read() == DOCX
    assert not opened.opening.is_marked


def test_a_recording_leads_to_its_address_and_is_on_record(cast):
    item = work(kind="recording", version=False)
    version = add(item, link="https://video.example/1")

    opened = services.open_library_version(version, at=NOW, by=cast["sponsor"])

    assert (opened.link, opened.file) == ("https://video.example/1", None)
    assert LibraryOpening.objects.get().organization == cast.siemens


def test_who_opened_what_is_seen_by_inm_and_by_their_own_coordinator(cast):
    version = published().versions.get()
    for who in ("colleague", "amgen sponsor", "staff"):
        services.open_library_version(version, at=NOW, by=cast[who])

    def openers(who) -> set[str]:
        rows = LibraryOpening.objects.permitted(cast[who], "view")
        return {row.person.email for row in rows}

    of_siemens = {cast["colleague"].email}
    assert openers("coordinator") == openers("sponsor") == of_siemens
    assert openers("colleague") == of_siemens
    assert openers("billing") == set()
    assert openers("auditor") == {
        *of_siemens,
        cast["amgen sponsor"].email,
        cast["staff"].email,
    }


@pytest.mark.parametrize(
    ("model", "change"),
    [(LibraryVersion, {"number": 7}), (LibraryOpening, {"is_marked": False})],
)
def test_versions_and_openings_are_kept_as_they_were_written(cast, model, change):
    version = published().versions.get()
    services.open_library_version(version, at=NOW, by=cast["sponsor"])

    for act in (lambda: model.objects.update(**change), model.objects.all().delete):
        with pytest.raises((ProgrammingError, ProtectedError)), transaction.atomic():
            act()


def test_a_shared_draft_is_read_and_commented_by_its_audience(cast):
    item = work("shared", is_draft_shared=True)
    assert seen(cast["colleague"]) == {"shared"}
    assert cast["colleague"].has_perm("consortium.comment_libraryitem", item)
    assert not cast["stranger"].has_perm("consortium.comment_libraryitem", item)
    assert not cast["auditor"].has_perm("consortium.comment_libraryitem", item)

    colleague = cast["colleague"]
    said = services.comment_on_draft(item, text="Add 2031", at=NOW, by=colleague)

    assert (said.organization, said.number) == (cast.siemens, 1)
    assert cast["amgen sponsor"].has_perm("consortium.view_librarycomment", said)
    services.publish_library_item(item, at=NOW, by=None)
    assert not cast["amgen sponsor"].has_perm("consortium.view_librarycomment", said)
    assert cast["auditor"].has_perm("consortium.view_librarycomment", said)
    with pytest.raises(NotADraft):
        services.comment_on_draft(item, text="Late", at=NOW, by=cast["colleague"])


def test_members_do_not_learn_who_of_another_one_spoke(cast):
    item = work(is_draft_shared=True)
    for who in ("colleague", "staff"):
        services.comment_on_draft(item, text="Add 2031", at=NOW, by=cast[who])

    def names(who) -> list[str | None]:
        return [row.said_by for row in comments_read_by(cast[who]).order_by("pk")]

    both = [cast["colleague"].name, cast["staff"].name]
    assert names("sponsor") == names("auditor") == both
    assert names("amgen sponsor") == [None, cast["staff"].name]


def test_a_draft_that_is_not_shared_takes_no_comment(cast):
    with pytest.raises(NotADraft):
        services.comment_on_draft(work(), text="Early", at=NOW, by=cast["staff"])


def told() -> set[str]:
    return {*Message.objects.values_list("recipient", flat=True)}


def follow(*people) -> None:
    for person in people:
        services.follow_library(person, is_following=True, at=NOW)
        services.follow_library(person, is_following=True, at=NOW)


def test_those_who_asked_are_told_once_of_what_they_may_read(cast):
    follow(cast["sponsor"], cast["staff"], cast["stranger"])
    published(audience="members")

    assert services.tell_library_news(at=NOW) == 1
    assert services.tell_library_news(at=NOW) == 0

    assert told() == {cast["sponsor"].email, cast["staff"].email}
    mail = Message.objects.get(to=cast["sponsor"])
    assert "Roadmap of robotics" in mail.subject
    assert "A roadmap is new in the library" in mail.text


def test_what_is_for_inm_or_a_draft_is_told_to_nobody_else(cast):
    follow(cast["sponsor"], cast["staff"])
    published(audience="staff")
    work("draft", is_draft_shared=True)

    services.tell_library_news(at=NOW)

    assert told() == {cast["staff"].email}


def test_nobody_is_told_before_an_embargo_ends_and_everybody_after(cast):
    follow(cast["sponsor"])
    until = NOW + timedelta(hours=1)
    published(embargo_until=until)

    assert services.tell_library_news(at=NOW) == 0
    assert told() == set()
    assert services.tell_library_news(at=until) == 1
    assert told() == {cast["sponsor"].email}


def test_a_further_version_is_told_of_and_who_stopped_is_not(cast):
    follow(cast["sponsor"], cast["colleague"])
    item = published()
    services.tell_library_news(at=NOW)
    add(item)
    services.follow_library(cast["colleague"], is_following=False, at=NOW)

    services.tell_library_news(at=NOW)

    assert LibraryNotice.objects.count() == 2
    assert Message.objects.filter(to=cast["sponsor"]).count() == 2
    assert Message.objects.filter(to=cast["colleague"]).count() == 1
    assert "There is version 2" in Message.objects.latest("pk").text


@pytest.mark.django_db(transaction=True)
def test_two_versions_at_once_have_two_numbers():
    item = work(version=False)

    at_once(lambda: add(item), lambda: add(item))

    numbers = item.versions.order_by("number").values_list("number", flat=True)
    assert [*numbers] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_publish_it_once():
    item = work()

    def publish():
        return services.publish_library_item(item, at=NOW, by=None)

    assert refusals(at_once(publish, publish)) == [IllegalTransition]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_tell_of_a_version_once():
    person = UserFactory()
    follow(person)
    published(audience="everybody")

    def tell():
        return services.tell_library_news(at=NOW)

    assert sorted(at_once(tell, tell)) == [0, 1]
    assert Message.objects.filter(to=person).count() == 1
