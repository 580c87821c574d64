from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import consortium.demo
import inm_portal.accounts.demo
import inm_portal.home.demo
import seed_projects.demo
from inm_portal.accounts.models import User
from inm_portal.home.mail import demo as mail_demo
from inm_portal.kernel import jobs, lists
from inm_portal.kernel.models import Job


class Command(BaseCommand):
    help = (
        "Load the demo world through the services; --scale N adds N copies of its "
        "volume. Does nothing to what is loaded already."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=0, metavar="N")

    def handle(self, *args: Any, scale: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo world is for a portal in demo mode only.")
        with transaction.atomic():
            people = inm_portal.accounts.demo.load()
            mail_demo.load(people, now=timezone.now())  # before others write mails
            staff = people["staff"]
            consortium.demo.load(
                by=staff, password=staff.password, today=timezone.localdate()
            )
            seed_projects.demo.load(now=timezone.now(), by=staff)
            inm_portal.accounts.demo.have_signed_in(now=timezone.now())
            if not Job.objects.exists():
                self.ask_for_a_file(staff)
            helped = User.objects.get(email="billing@siemens.example")
            inm_portal.accounts.demo.have_helped(helped, by=staff)
            inm_portal.accounts.demo.have_come_in(now=timezone.now())
            inm_portal.home.demo.load(today=timezone.localdate(), by=staff)
            if scale:
                consortium.demo.copy(times=scale, today=timezone.localdate())

    def ask_for_a_file(self, staff: User) -> None:
        """Let the worker write one Excel file, as if it were a long one."""
        jobs.ask(
            lists.EXPORT,
            title=_("Excel file of members"),
            by=staff,
            at=timezone.now(),
            route="consortium:export_members",
            query="format=xlsx",
        )
