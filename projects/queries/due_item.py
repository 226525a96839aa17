"""The shape of a thing with a date, apart from `due` so that every subject can give its own without a circle of imports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from staff.models import Account


@dataclass(frozen=True)
class DueItem:
    """One thing with a date: `kind` tells sources apart (and is kept with a reminder), `key` is unique within the kind."""

    on: date
    kind: str
    key: str
    title: str
    detail: str
    url: str

    def overdue(self, today: date) -> bool:
        return self.on < today


Source = Callable[[Account, date], list[DueItem]]
