"""Against whom a relative rule compares (同组比较): the figures of the group, by name only where the reader may open them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpi.models import Item
from kpi.scoring.rounding import settled
from kpi.scoring.scheme import Indicator


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of the subject among its group's."""

    title: str
    unit: str
    own: Decimal
    least: Decimal
    most: Decimal
    place: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The group of a relative item: how many, each figure in it, and the items that the reader may open, best first."""

    size: int
    figures: tuple[Compared, ...]
    opened: tuple[Item, ...]


def comparison_of(
    item: Item, indicator: Indicator, peers: Sequence[Item], openable: Collection[int]
) -> Comparison | None:
    """What the item was compared with; None where its points do not depend on others. `openable` are standings."""
    uses = indicator.uses()
    if not uses.relative or not peers:
        return None
    figures = tuple(figure for code in dict.fromkeys(uses.measures) if (figure := _figure(item, peers, code)))
    opened = sorted(
        (peer for peer in peers if peer.standing_id in openable),
        key=lambda peer: (peer.points is None, -(peer.points or 0), peer.standing_id),
    )
    return Comparison(len(peers), figures, tuple(opened))


def _figure(item: Item, peers: Sequence[Item], code: str) -> Compared | None:
    values = [value for peer in peers if (value := figure_value(peer, code)) is not None]
    own = figure_value(item, code)
    if own is None:
        return None
    kept = next(one for one in item.measures["figures"] if one["code"] == code)
    better = sum(settled(value) > settled(own) for value in values)
    return Compared(kept["title"], kept["unit"], own, min(values), max(values), better + 1)


def figure_value(item: Item, code: str) -> Decimal | None:
    """A figure that the item kept."""
    return next(
        (Decimal(one["value"]) for one in item.measures.get("figures", ()) if one["code"] == code), None
    )
