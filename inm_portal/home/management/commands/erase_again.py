from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from consortium.models import Contact, ContactErasure
from consortium.services import erase_contact_again
from inm_portal.accounts.models import Erasure, User
from inm_portal.accounts.personal_data import erase_again

#: What stands before the number of a contact who had no account.
CONTACT = "contact-"


class Command(BaseCommand):
    help = (
        "Erase people again after a backup from before was restored. Without"
        " numbers, print those of everybody who was erased, to keep elsewhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("numbers", nargs="*")

    def handle(self, *args: Any, numbers: list[str], **options: Any) -> None:
        if not numbers:
            for number in erased():
                self.stdout.write(number)
            return
        contacts = [one for one in numbers if one.startswith(CONTACT)]
        people = {*numbers} - {*contacts}
        found = [*User.objects.filter(pk__in=people).order_by("pk")]
        for person in found:
            erase_again(person)
        keys = [one.removeprefix(CONTACT) for one in contacts]
        alone = [*Contact.objects.filter(pk__in=keys).order_by("pk")]
        for contact in alone:
            erase_contact_again(contact)
        self.stdout.write(f"{len(found) + len(alone)} erased again.")


def erased() -> Iterator[str]:
    """Yield the numbers of everybody who was erased."""
    for pk in Erasure.objects.order_by("user").values_list("user", flat=True):
        yield str(pk)
    rows = ContactErasure.objects.order_by("contact")
    for pk in rows.values_list("contact", flat=True):
        yield f"{CONTACT}{pk}"
