"""The shape of a thing with a date, apart from `due` so that every subject can give its own without a circle of imports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

from staff.models import Account


@dataclass(frozen=True)
class DueItem:
    """One thing with a date: `kind` tells sources apart (and is kept with a reminder), `key` is unique within the kind.

    `at` is the time of day of what was arranged. `actions` are what can be done about it at once: label and address of a panel.
    """

    on: date
    kind: str
    key: str
    title: str
    detail: str
    url: str
    at: time | None = None
    actions: tuple[tuple[str, str], ...] = ()

    def overdue(self, today: date) -> bool:
        return self.on < today


Source = Callable[[Account, date], list[DueItem]]
