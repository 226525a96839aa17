"""Lines of pay added up, and which groups may be shown to whoever may not know what one person is paid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from kpi.pay.month import ZERO
from kpi.pay.scale import performance_share

#: A group of fewer people is shown to nobody who may not see its single amounts.
FEWEST = 3
#: By how much, in 元, rounding base and performance pay of a part of a month to the cent may move their ratio.
SLACK = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Totals:
    """Amounts of some people in 元: paid, and the same if everybody were exactly at target.

    `roundings` is how many months were rounded to the cent in them.
    """

    people: int = 0
    base: Decimal = ZERO
    performance: Decimal = ZERO
    target_base: Decimal = ZERO
    target_performance: Decimal = ZERO
    roundings: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.people + other.people,
            self.base + other.base,
            self.performance + other.performance,
            self.target_base + other.target_base,
            self.target_performance + other.target_performance,
            self.roundings + other.roundings,
        )

    def with_people(self, people: int) -> "Totals":
        """The same amounts of so many people, however often each was paid."""
        return replace(self, people=people)

    @property
    def whole(self) -> Decimal:
        return self.base + self.performance

    @property
    def target_whole(self) -> Decimal:
        return self.target_base + self.target_performance

    @property
    def share(self) -> Decimal | None:
        """Performance pay in percent of what is paid."""
        return performance_share(self.base, self.performance)

    @property
    def target_share(self) -> Decimal | None:
        """Performance pay in percent of the whole at target."""
        return performance_share(self.target_base, self.target_performance)

    @property
    def keeps(self) -> bool:
        """Whether performance pay is two thirds at target, but for the cents of parts of months; the scale is held to it exactly."""
        return 2 * self.target_base - self.target_performance <= SLACK * self.roundings


def added(totals: Iterable[Totals]) -> Totals:
    """All of them together, in any order the same."""
    return sum(totals, Totals())


def grouped(rows: Iterable[tuple[str, Totals]]) -> dict[str, Totals]:
    """The totals of each group, in the order in which groups first appear."""
    found: dict[str, Totals] = {}
    for key, one in rows:
        found[key] = found.get(key, Totals()) + one
    return found


def shown(groups: Mapping[str, Totals]) -> dict[str, Totals | None]:
    """The groups, with None for those that would tell what one person is paid.

    A group of fewer than three people is left out; and when what is left out is too small together, the next smallest with it,
    because the total less the others would tell it.
    """
    hidden = {key for key, one in groups.items() if 0 < one.people < FEWEST}
    rest = sorted((one.people, key) for key, one in groups.items() if key not in hidden and one.people)
    while hidden and sum(groups[key].people for key in hidden) < FEWEST and rest:
        hidden.add(rest.pop(0)[1])
    return {key: None if key in hidden else one for key, one in groups.items()}
