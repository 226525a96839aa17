"""The parts of a year a target or a measure may be about: months, quarters, half-years (时段)."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from kpi.scoring.rounding import CONTEXT

#: How high a target is set (目标档次): the one that is asked for, and a higher one (加压).
Level = Literal["base", "stretch"]
YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """Months `first` to `last` of a year; `part` is its equal part of the year (months ÷ 12, not days)."""

    title: str
    first: int
    last: int

    @property
    def part(self) -> Decimal:
        return CONTEXT.divide(Decimal(self.last - self.first + 1), Decimal(12))

    def days(self, year: int) -> tuple[date, date]:
        """The first and the last day."""
        end = calendar.monthrange(year, self.last)[1]
        return date(year, self.first, 1), date(year, self.last, end)


_QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")

PERIODS: Mapping[str, Period] = {
    **{f"Q{index + 1}": Period(title, index * 3 + 1, index * 3 + 3) for index, title in enumerate(_QUARTERS)},
    "H1": Period("上半年", 1, 6),
    "H2": Period("下半年", 7, 12),
    **{f"M{month:02}": Period(f"{month} 月", month, month) for month in range(1, 13)},
}

#: Periods a measure may be about: those above, cumulative ones, the year, and the year before.
MEASURED: Mapping[str, Period] = {
    **PERIODS,
    "to_Q1": Period("1—3 月", 1, 3),
    "to_Q2": Period("1—6 月", 1, 6),
    "to_Q3": Period("1—9 月", 1, 9),
    YEAR: Period("全年", 1, 12),
}
LAST_YEAR = "last_year"


def period_days(name: str, year: int) -> tuple[date, date]:
    """The days of a measure's period; `last_year` is the whole year before."""
    if name == LAST_YEAR:
        return MEASURED[YEAR].days(year - 1)
    return MEASURED[name].days(year)


def target_key(code: str, period: str = YEAR, level: str = "base") -> str:
    """Under which name a subject's target is kept: `code`, `code@Q1`, `code@stretch`, `code@Q1@stretch`."""
    parts = [code, *([period] if period != YEAR else []), *([level] if level != "base" else [])]
    return "@".join(parts)


def bucket(each: str, on: date) -> tuple[int, int]:
    """Which month, quarter, half-year or year a day lies in."""
    size = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[each]
    return on.year, (on.month - 1) // size
