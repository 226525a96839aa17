"""The pay bill of a year under other values (薪酬试算): the same arithmetic on a copy; nothing is kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpi.pay.month import ZERO, Spell, month_pay
from kpi.pay.scale import Monthly
from kpi.pay.table import FactorTable
from kpi.pay.totals import Totals
from kpi.pay.year import settle

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Year:
    """One person's year as posts say it: for each month its days and paid spells; the score, None without a result."""

    team: str
    grade: str
    months: tuple[tuple[int, tuple[Spell, ...]], ...]
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is assumed: a scale, a table, and everybody's factor when scores are not to decide."""

    scale: Mapping[str, Monthly]
    table: FactorTable
    factor: Decimal | None = None

    def factor_of(self, score: Decimal | None) -> Decimal:
        """The factor by the table; without a result that of the target."""
        if self.factor is not None:
            return self.factor
        return ONE if score is None else self.table.factor(score)


def bill(years: Iterable[Year], assumed: Assumed) -> list[tuple[Year, Totals]]:
    """What each person would be paid for the year, with the same at target."""
    return [(year, _paid(year, assumed)) for year in years]


def _paid(year: Year, assumed: Assumed) -> Totals:
    months: Sequence[tuple[int, tuple[Spell, ...]]] = year.months
    pays = [month_pay(spells, days, assumed.scale, ZERO) for days, spells in months]
    base = sum((each.base for each in pays), ZERO)
    target = sum((each.target for each in pays), ZERO)
    earned = settle(target, assumed.factor_of(year.score), ZERO, ZERO).earned
    return Totals(1, base, earned, base, target, len(pays))
