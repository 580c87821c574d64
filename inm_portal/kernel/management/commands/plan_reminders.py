from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from inm_portal.kernel.reminders.rehearsing import CannotRehearse, rehearse
from inm_portal.kernel.reminders.wording import Line


class Command(BaseCommand):
    help = "Rehearse: print which reminders would go out on a day; change nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE")

    def handle(self, *args: Any, on: date | None = None, **options: Any) -> None:
        today = timezone.localdate()
        try:
            found = rehearse(on=on or today, today=today)
        except CannotRehearse as refusal:
            raise CommandError(str(refusal)) from None
        if not found.is_open:
            self.stdout.write(f"{found.on} is not a business day: nothing goes out.")
            return
        for line in found.mailed:
            self.say("mail", line.delivery.address, line)
        for line in found.tasks:
            person = line.delivery.person
            self.say("task", person.email if person else "anybody at INM", line)
        if found.stopped:
            self.stdout.write(f"stopped  {found.stopped} reminders need a person")
        people = {line.delivery.address for line in found.mailed}
        self.stdout.write(
            f"{found.on}  mails: {len(people)}, reminders in them: "
            f"{len(found.mailed)}, tasks: {len(found.tasks)}"
        )

    def say(self, kind: str, to: str, line: Line) -> None:
        rung = f"{line.delivery.rule} {line.delivery.rung}"
        self.stdout.write(f"{kind}  {to}  {line.item.what}  ({rung})")
