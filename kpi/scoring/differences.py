"""What differs between two results of one year, subject by subject and item by item, exactly."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

from kpi.scoring.rounding import total

ZERO = Decimal(0)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Result:
    """A subject's figures in a result: total, rank, grade (等次), points by item (None: not scored).

    `reported` names the items that are shown but do not count to the total.
    """

    total: Decimal
    rank: int
    merit: str = ""
    points: Mapping[str, Decimal | None] = field(default_factory=dict)
    reported: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ItemDifference:
    """An item whose points differ; None where it was not there or not scored. `counts`: it goes into the total."""

    code: str
    before: Decimal | None
    after: Decimal | None
    counts: bool = True

    @property
    def points(self) -> Decimal:
        """Points gained."""
        return (self.after or ZERO) - (self.before or ZERO)


@dataclass(frozen=True, slots=True)
class Difference(Generic[K]):
    """A subject that differs. `before` or `after` is None for who came in or went out."""

    key: K
    before: Result | None
    after: Result | None
    items: tuple[ItemDifference, ...]

    @property
    def points(self) -> Decimal:
        """Points gained in the total."""
        return (self.after.total if self.after else ZERO) - (self.before.total if self.before else ZERO)

    @property
    def rest(self) -> Decimal:
        """What the items do not explain of the total: rounding, caps and vetoes over the sum."""
        return self.points - total(one.points for one in self.items if one.counts)

    @property
    def is_rank_only(self) -> bool:
        """Whether nothing but the place moved, because others moved."""
        return (
            self.before is not None
            and self.after is not None
            and not self.items
            and not self.points
            and self.before.merit == self.after.merit
        )


def differences(before: Mapping[K, Result], after: Mapping[K, Result]) -> dict[K, Difference[K]]:
    """Every subject whose total, rank, grade or points of an item differ, and no other."""
    found = {}
    for key in dict.fromkeys([*after, *before]):
        one = Difference(key, before.get(key), after.get(key), _items(before.get(key), after.get(key)))
        if one.items or _head(one.before) != _head(one.after):
            found[key] = one
    return found


def _head(result: Result | None) -> tuple[Decimal, int, str] | None:
    return None if result is None else (result.total, result.rank, result.merit)


def _items(before: Result | None, after: Result | None) -> tuple[ItemDifference, ...]:
    then, now = before.points if before else {}, after.points if after else {}
    rows = []
    for code in dict.fromkeys([*now, *then]):
        if then.get(code) != now.get(code):
            newest = after if after and code in now else before
            counts = newest is None or code not in newest.reported
            rows.append(ItemDifference(code, then.get(code), now.get(code), counts))
    return tuple(rows)
