"""MSG and INJ-05: a mail is a pair of templates, filled; what people typed is inert."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from inm_portal.kernel import mails
from inm_portal.kernel.mails import EmptyField, LinksDiffer
from inm_portal.kernel.models import Letter, Message

from ..factories.accounts import UserFactory
from .letters import NOW

TEXT = "Subject: About {{ name }}\n\nDear {{ name }},\n{{ what }}\n"
HTML = (
    '{% extends "mail/base.html" %}'
    "{% block content %}<p>Dear {{ name }}, {{ what }}</p>{% endblock %}"
)
FIELDS = {"name": "Ada", "what": "all is well."}


def fill(text: str = TEXT, markup: str = HTML, **fields) -> Letter:
    return mails.fill(mails.pair_of(text, markup), FIELDS | fields)


class TestAPair:
    def test_it_becomes_a_subject_a_text_and_a_page(self):
        letter = fill()

        assert letter.subject == "About Ada"
        assert letter.text.startswith("Dear Ada,\nall is well.\n")
        assert "Dear Ada, all is well.</p>" in letter.html

    def test_the_style_stands_in_the_tags_and_asks_no_host(self):
        markup = fill().html

        assert re.search(r'<p style="margin: ?0 0 16px;?">Dear', markup)
        assert not re.search(r"<link|<img|<script|@import|url\(", markup)

    def test_it_can_be_read_in_the_dark(self):
        assert "prefers-color-scheme: dark" in fill().html

    def test_both_forms_end_with_the_address_of_the_portal(self):
        letter = fill()

        assert "http://testserver/" in letter.text
        assert 'href="http://testserver/"' in letter.html

    def test_without_a_subject_it_is_no_pair(self):
        with pytest.raises(EmptyField):
            fill(text="Dear Ada")


class TestFields:
    @pytest.mark.parametrize("empty", ["", "  \n", None])
    def test_an_empty_one_refuses_the_mail(self, empty):
        with pytest.raises(EmptyField, match="what is empty"):
            fill(what=empty)

    @pytest.mark.parametrize(
        "text",
        [
            "Subject: {{ missing }}\nDear Ada",
            "Subject: A\n{{ missing }}",
            "Subject: A\n{{ name.missing }}",
            "Subject: A\n{% for _ in name %}{{ missing }}{% endfor %}",
        ],
    )
    def test_a_missing_one_refuses_the_mail(self, text):
        with pytest.raises(EmptyField, match="missing"):
            fill(text=text)

    def test_a_missing_one_in_the_page_refuses_the_mail(self):
        with pytest.raises(EmptyField, match="missing"):
            fill(markup=HTML.replace("{{ what }}", "{{ missing }}"))

    def test_whether_there_is_one_may_be_asked(self):
        text = "Subject: A\n{% if missing %}{{ missing }}{% endif %}Dear Ada"

        assert fill(text=text).text.startswith("Dear Ada")

    def test_nothing_is_queued_when_a_field_is_empty(self, db):
        with pytest.raises(EmptyField):
            mails.write(
                "account/email/email_deleted",
                to="a@x.example",
                slot="1",
                at=NOW,
                context={"deleted_email": ""},
            )

        assert not Message.objects.exists()


class TestLinks:
    def test_both_forms_lead_to_the_same_places(self):
        with pytest.raises(LinksDiffer, match="1 link"):
            fill(text=TEXT + '{% portal_url "journal" %}')

    def test_a_refusal_does_not_tell_the_link(self):
        with pytest.raises(LinksDiffer) as refused:
            fill(text=TEXT + '{% portal_url "journal" %}')

        assert "journal" not in str(refused.value)


class TestWhatPeopleTyped:
    def test_it_adds_no_line_to_the_header(self):
        letter = fill(name="Ada\r\nBcc: everybody@x.example\r\n\r\nHello")

        assert letter.subject == "About Ada Bcc: everybody@x.example Hello"

    def test_it_is_no_markup_and_stands_as_typed_in_the_text(self):
        letter = fill(name="<b>Ada</b> & Co")

        assert "Dear <b>Ada</b> & Co," in letter.text
        assert "Dear &lt;b&gt;Ada&lt;/b&gt; &amp; Co," in letter.html

    def test_it_is_no_template(self):
        assert fill(name="{{ what }}").subject == "About {{ what }}"

    @pytest.mark.parametrize(
        "typed",
        [
            "https://evil.example/login",
            "HTTPS://evil.example",
            "http://testserver.evil.example/",
            "http://testserver@evil.example/",
            "javascript://evil.example",
        ],
    )
    def test_an_address_leads_nowhere(self, typed):
        letter = fill(name=typed)

        assert "://evil" not in letter.text + letter.html
        assert "://testserver@" not in letter.text + letter.html
        assert "://testserver.e" not in letter.text + letter.html

    def test_a_person_and_a_translation_are_typed_too(self):
        person = UserFactory.build(name="http://evil.example")

        assert "http: //evil.example" in fill(name=person).text


class TestWriting:
    def test_a_mail_to_a_person_waits_in_the_outbox(self, db):
        person = UserFactory()

        message = mails.write(
            "account/email/email_deleted",
            to=person,
            about=person,
            slot="1",
            at=NOW,
            context={"deleted_email": "old@x.example"},
            once=True,
        )

        assert (message.kind, message.to) == ("account/email/email_deleted", person)
        assert (message.about_type, message.about_id) == ("accounts.user", person.pk)
        assert "old@x.example" in message.text
        assert message.is_once


#: Mails of the sign-in package that nobody is sent, and why.
UNSENT = {
    "account/email/account_already_exists": "nobody signs up",
    "account/email/email_confirmation_signup": "nobody signs up",
    "account/email/unknown_account": "no mail says whether an address is known",
    "account/email/login_code": "nobody signs in by a code",
    "account/email/password_reset_code": "a password is reset by a link",
}
FOLDERS = ["account", "mfa", "socialaccount"]


def mails_of_sign_in() -> list[str]:
    """Return the mails that the sign-in package may send."""
    folder = Path(apps.get_app_config("allauth").path) / "templates"
    return sorted(
        str(path.relative_to(folder)).removesuffix("_subject.txt")
        for app in FOLDERS
        for path in (folder / app / "email").glob("*_subject.txt")
    )


def test_the_sign_in_package_has_mails():
    assert len(mails_of_sign_in()) > 15
    assert set(UNSENT) <= set(mails_of_sign_in())


@pytest.mark.parametrize("kind", [k for k in mails_of_sign_in() if k not in UNSENT])
def test_each_mail_about_signing_in_is_written_in_our_words(kind):
    context = {
        "user": UserFactory.build(),
        "timestamp": NOW,
        "ip": "192.0.2.1",
        "user_agent": "Firefox",
        "password_reset_url": "http://testserver/accounts/password/reset/key/1-2/",
        "activate_url": "http://testserver/accounts/confirm-email/1/",
        "from_email": "old@x.example",
        "to_email": "new@x.example",
        "deleted_email": "old@x.example",
        "provider": "Touchstone",
    }

    letter = mails.render(kind, context)

    assert letter.subject
    assert "portal" in letter.text
    assert "portal" in letter.html
