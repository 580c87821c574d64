"""The staff's pages about mail, and the same for programs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inm_portal.kernel import bounces, message_steps, outbox
from inm_portal.kernel.models import Letter, MailHold, Message, MessageState

from ..kernel.letters import DAY, NOW, queue, state

REASON = {"reason": "The date is wrong."}
MARKUP = "<!DOCTYPE html><title>T</title><p style='color: red'>Dear Ada</p>"


@pytest.fixture
def staff(cast, sign_in):
    return sign_in(cast["staff"])


def subjects(answer) -> list[str]:
    return sorted(message.slot for message in answer.context["page"].object_list)


def statements(client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


class TestTheList:
    def test_it_is_narrowed_by_words_state_and_kind(self, staff):
        queue("1", to="ada@x.example")
        queue("2", kind="account/email/password_set")
        queue("3", at=NOW + DAY)
        message_steps.hold(queue("4"), reason="x", by=None)

        found = {
            asked: subjects(staff.get(f"/messages/?{asked}"))
            for asked in [
                "search=ADA",
                "kind=account/email/password_set",
                "state=planned",
                "state=held",
                "state=queued",
            ]
        }

        assert found == {
            "search=ADA": ["1"],
            "kind=account/email/password_set": ["2"],
            "state=planned": ["3"],
            "state=held": ["4"],
            "state=queued": ["1", "2", "3"],
        }

    @pytest.mark.parametrize("url", ["/messages/", "/messages/bounces/"])
    def test_more_rows_cost_no_more_statements(self, staff, url):
        for number in range(1):
            bounces.mark(f"{number}@x.example", at=NOW, codes="550")
            queue(str(number))
        one = statements(staff, url)
        for number in range(1, 4):
            bounces.mark(f"{number}@x.example", at=NOW, codes="550")
            queue(str(number))

        assert statements(staff, url) == one <= 8

    def test_the_same_rows_are_exported_without_what_they_say(self, staff):
        queue("1", letter=Letter("=1+1", "Text"))
        queue("2", at=NOW + DAY)

        lines = staff.get("/messages/export/?state=planned").getvalue().decode()

        assert lines.count("\n") == 2
        assert "Text" not in lines


class TestTheMessage:
    def test_it_says_what_became_of_it_at_a_fixed_cost(self, staff, cast):
        message = queue(to=cast["sponsor"], about=cast.siemens)

        page = staff.get(message.get_absolute_url()).content.decode()

        assert cast["sponsor"].email in page
        assert cast.siemens.get_absolute_url() in page
        assert statements(staff, message.get_absolute_url()) <= 11

    @pytest.mark.parametrize(("who", "is_led"), [("staff", True), ("finance", False)])
    def test_it_leads_to_the_person_whom_the_reader_sees(
        self, cast, sign_in, who, is_led
    ):
        person = cast["sponsor"]
        message = queue("1", about=person)

        page = sign_in(cast[who]).get(message.get_absolute_url()).content.decode()

        assert person.name in page
        assert (person.get_absolute_url() in page) == is_led

    def test_its_page_stands_in_a_frame_that_may_do_nothing(self, staff):
        message = queue(letter=Letter("S", "T", MARKUP))

        page = staff.get(message.get_absolute_url())
        frame = staff.get(f"{message.get_absolute_url()}preview/")

        assert "frame-src 'self'" in page["Content-Security-Policy"]
        assert frame.content.decode() == MARKUP
        assert frame["X-Frame-Options"] == "SAMEORIGIN"
        assert {
            part.strip() for part in frame["Content-Security-Policy"].split(";")
        } == {
            "default-src 'none'",
            "style-src 'unsafe-inline'",
            "frame-ancestors 'self'",
            "sandbox",
        }

    def test_what_opens_something_is_shown_to_nobody(self, staff, cast, api):
        message = queue(opens_something=True)
        url = message.get_absolute_url()

        answers = [
            staff.get(url).content.decode(),
            staff.get(f"{url}preview/").content.decode(),
            api(cast["staff"]).get(f"/api/v1/messages/{message.pk}/").content.decode(),
        ]

        assert [answer for answer in answers if ">Text<" in answer] == []
        assert '"text":""' in answers[2].replace(" ", "")
        assert staff.get(f"{url}preview/").status_code == 404

    def test_it_is_held_with_a_reason_released_and_sent_again(self, staff):
        message = queue()
        url = message.get_absolute_url()

        assert staff.post(f"{url}hold/", {}).status_code == 422
        staff.post(f"{url}hold/", REASON)
        assert state(message) == MessageState.HELD
        staff.post(f"{url}release/")
        outbox.send_due(at=NOW)
        answer = staff.post(f"{url}resend/", REASON)

        copy = Message.objects.get(copy_of=message)
        assert answer.url == copy.get_absolute_url()
        assert copy.reason == REASON["reason"]

    def test_a_step_that_comes_too_late_says_so(self, staff):
        message = queue()
        outbox.send_due(at=NOW)

        answer = staff.post(f"{message.get_absolute_url()}cancel/", REASON)

        assert answer.status_code == 422
        assert "it cannot become cancelled" in answer.content.decode()


class TestAllMail:
    def test_it_is_held_and_released_from_the_list(self, staff):
        staff.post("/messages/hold/", REASON)
        held = MailHold.objects.standing().get()
        page = staff.get("/messages/").content.decode()

        assert REASON["reason"] in page
        staff.post(f"/messages/holds/{held.pk}/release/")
        assert not MailHold.objects.standing().exists()

    def test_who_only_reads_is_offered_no_switch(self, cast, sign_in):
        page = sign_in(cast["auditor"]).get("/messages/").content.decode()

        assert "Hold all mail" not in page


class TestTheApi:
    def test_each_step_answers_with_the_message_as_it_is_now(self, cast, api):
        client, message = api(cast["staff"]), queue()
        url = f"/api/v1/messages/{message.pk}/"

        states = [
            client.post(f"{url}{step}/", body, format="json").json()["state"]
            for step, body in [("hold", REASON), ("release", {}), ("cancel", REASON)]
        ]

        assert states == ["held", "queued", "cancelled"]
        assert client.post(f"{url}hold/", REASON, format="json").status_code == 409

    def test_a_mark_is_cleared(self, cast, api):
        mark = bounces.mark("a@x.example", at=NOW, codes="550")

        answer = api(cast["staff"]).post(
            f"/api/v1/bounces/{mark.pk}/clear/", REASON, format="json"
        )

        assert answer.json()["kind"] == "cleared"
        assert not bounces.is_bounced("a@x.example")
