"""`manage.py demo_logins`: the log-ins of the demo house, one per role."""

from typing import Any

from django.core.management.base import BaseCommand

from staff.demo import DEMO_PASSWORD, logins


class Command(BaseCommand):
    help = "Prints one log-in per role of the demo data; nothing when the demo accounts are not there."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = logins()
        if not rows:
            return
        for role, username, name in rows:
            self.stdout.write(f"  {role:<12}  {username:<8}  {DEMO_PASSWORD}   {name}")
