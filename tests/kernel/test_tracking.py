"""What a mail service tells of bounces marks an address, once."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.test import RequestFactory

from inm_portal.home.mail import webhooks
from inm_portal.kernel.models import Bounce, BounceKind

from .letters import queue

pytestmark = pytest.mark.django_db
SECRET = "postmark:a secret of the tests"
BOUNCE = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "ID": 1,
    "MessageID": "0",
    "Email": "Ada@x.example",
    "BouncedAt": "2026-11-22T12:00:00Z",
    "Description": "550 5.1.1 Ada@x.example: nobody here, about your password",
}


@pytest.fixture
def tell(settings):
    """Tell what Postmark would; return the status."""
    settings.BOUNCE_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    (route,) = webhooks.routes()

    def told(secret: str = SECRET, **changes) -> int:
        shown = base64.b64encode(secret.encode()).decode()
        request = RequestFactory().post(
            "/messages/bounces/told/",
            BOUNCE | changes,
            content_type="application/json",
            headers={"authorization": f"Basic {shown}"},
        )
        return route.callback(request).status_code

    return told


def test_a_mail_that_came_back_marks_its_address_in_codes_alone(tell):
    message = queue(to="ada@x.example")

    tell(MessageID=message.message_id)

    mark = Bounce.objects.current().get()
    assert (mark.address, mark.codes) == ("ada@x.example", "bounced 550 5.1.1")
    assert mark.message == message


def test_what_is_told_twice_is_marked_once(tell):
    tell()
    tell()

    assert Bounce.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"Type": "BadEmailAddress"}, BounceKind.HARD),
        ({"RecordType": "SpamComplaint", "Type": "SpamComplaint"}, BounceKind.HARD),
        ({"Description": "452 4.2.2 mailbox full"}, BounceKind.SOFT),
        ({"Description": "550 5.7.1 not from you"}, BounceKind.SOFT),
        ({"Type": "Blocked"}, BounceKind.SOFT),
        ({"Type": "DnsError"}, None),
        ({"RecordType": "Open"}, None),
    ],
)
def test_only_what_is_about_the_address_holds_its_mail(tell, told, kind):
    tell(**told)

    assert list(Bounce.objects.values_list("kind", flat=True)) == [kind] * bool(kind)


def test_a_message_of_somebody_else_is_not_named(tell):
    message = queue(to="other@x.example")

    tell(MessageID=message.message_id)

    assert Bounce.objects.get().message is None


def test_nobody_tells_without_the_secret(tell):
    with pytest.raises(SuspiciousOperation):
        tell(secret="postmark:guessed")

    assert not Bounce.objects.exists()


def test_without_a_service_there_is_no_such_address(client):
    assert webhooks.routes() == []
    assert client.post("/messages/bounces/told/").status_code == 404


def test_a_service_that_nobody_knows_is_refused(settings):
    settings.BOUNCE_PROVIDER = "pigeons"

    with pytest.raises(ImproperlyConfigured, match="pigeons"):
        webhooks.routes()
