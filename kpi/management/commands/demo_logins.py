"""`manage.py demo_logins`: the log-ins of the demo house, one per role."""

from typing import Any
from unicodedata import east_asian_width

from django.core.management.base import BaseCommand

from staff.demo.logins import DEMO_PASSWORD, logins


class Command(BaseCommand):
    help = "Prints one log-in per role of the demo data; nothing when the demo accounts are not there."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = logins()
        if not rows:
            return
        roles = widened([role for role, _username, _name in rows])
        usernames = widened([username for _role, username, _name in rows])
        for role, username, (_role, _username, name) in zip(roles, usernames, rows, strict=True):
            self.stdout.write(f"  {role}  {username}  {DEMO_PASSWORD}  {name}")


def widened(texts: list[str]) -> list[str]:
    """All as wide as the widest of them."""
    widest = max(shown_width(text) for text in texts)
    return [text + " " * (widest - shown_width(text)) for text in texts]


def shown_width(text: str) -> int:
    """Columns in a terminal: Chinese characters and full-width marks take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
