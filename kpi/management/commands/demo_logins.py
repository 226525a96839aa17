"""`manage.py demo_logins`: the log-ins of the demo house, one per role."""

from typing import Any
from unicodedata import east_asian_width

from django.core.management.base import BaseCommand

from staff.demo import DEMO_PASSWORD, logins


class Command(BaseCommand):
    help = "Prints one log-in per role of the demo data; nothing when the demo accounts are not there."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = logins()
        if not rows:
            return
        widest = max(shown_width(role) for role, _username, _name in rows)
        for role, username, name in rows:
            gap = " " * (widest - shown_width(role))
            self.stdout.write(f"  {role}{gap}  {username:<8}  {DEMO_PASSWORD}   {name}")


def shown_width(text: str) -> int:
    """Columns in a terminal: Chinese characters and full-width marks take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
