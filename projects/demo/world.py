"""Who there is in the demo and which day it is: what every chapter is told about."""

from dataclasses import dataclass
from datetime import date

from projects.demo.plan import Cast
from staff.models import Account


@dataclass(frozen=True)
class World:
    """`accounts` by the key of the cast (admin, manager, deputy, hr, officer, leader …)."""

    accounts: dict[str, Account]
    cast: Cast
    today: date
