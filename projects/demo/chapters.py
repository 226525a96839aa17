"""The chapters of the demo beyond projects and achievements, told in order after the history is there.

A chapter is a function of the world that goes through actions and gives the line to show; each subject has a module of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from projects.demo.plan import Cast
from staff.models import Account


@dataclass(frozen=True)
class World:
    """Who there is and which day it is: `accounts` by the key of the cast (admin, manager, deputy, hr, officer, leader …)."""

    accounts: dict[str, Account]
    cast: Cast
    today: date


CHAPTERS: tuple[Callable[[World], str], ...] = ()
