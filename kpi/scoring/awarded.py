"""An award or a notice as a scheme writes it (奖项、提示): places or everybody, conditions, and who is excepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kpi.scoring.rules.conditions import Condition
    from kpi.scoring.scheme import Gate, Timing


@dataclass(frozen=True, slots=True)
class TargetMissed:
    """When a target is missed (没有完成任务): completion of any / all of these items below 100 %.

    `timing` says whether completion is measured against the year's target or its time-proportional part.
    """

    indicators: tuple[str, ...]
    when: Literal["any", "all"]
    timing: "Timing"


@dataclass(frozen=True, slots=True)
class Won:
    """An award that was won in so many years running (连续获奖), the last of them this year or the one before."""

    award: str
    years: int


@dataclass(frozen=True, slots=True)
class OfIdentity:
    """Whoever is of one of these identities (身份)."""

    identities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """A condition on measures of the award's own, as gates have them."""

    title: str
    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Introduced:
    """At least so many projects of these classes introduced and signed (引进项目), over this year or since a year."""

    classes: tuple[str, ...]
    at_least: int
    since: int | None = None


Wanted = Won | OfIdentity | Reached | Introduced


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Who is passed over at a place (除外): fewer than `months` in post, at least `away_days` away for one of the reasons `away`,
    at least `seconded` days lent to another team, or tied across the last place."""

    months: int | None = None
    away: tuple[str, ...] = ()
    away_days: int = 1
    seconded: int | None = None
    ties: bool = False


@dataclass(frozen=True, slots=True)
class Award:
    """An award or a notice: the first or last `places` of a group, or everybody in it, on conditions.

    `warning` marks what nobody wants to get (警示类), such as the snail award or a notice to the last two. All of `if_all` and one of
    `if_any` must hold. `asks` holds the award's own measures. `next_in_line`: whoever is passed over leaves the place to the next.
    """

    code: str
    title: str
    group: str
    end: Literal["first", "last", "everybody"]
    places: int
    clause: str = ""
    warning: bool = False
    condition: TargetMissed | None = None
    if_all: tuple[Wanted, ...] = ()
    if_any: tuple[Wanted, ...] = ()
    asks: "Gate | None" = None
    exceptions: Exceptions | None = None
    next_in_line: bool = False

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """Every condition on who gets it."""
        return (*self.if_all, *self.if_any)


#: The titles of awards by code, for sentences.
Titles = Mapping[str, str]
