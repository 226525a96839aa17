"""The arithmetic of a bulletin (通报): sums of months, and the change against the year before. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpi.scoring.periods import MEASURED, Period
from kpi.scoring.rounding import CONTEXT

ZERO = Decimal(0)
FOUR = Decimal("0.0001")
Months = Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a figure is about, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Spans:
    """The period itself, the year up to its end, and the same days of the year before (29 February counts as the 28th)."""

    period: Span
    year: Span
    before: Span


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure in the period, in the year so far, and in the year before up to the same day."""

    period: Decimal
    year: Decimal
    before: Decimal

    @property
    def change(self) -> Decimal | None:
        """The change against the year before as a ratio, to four decimals; None where there was nothing before."""
        return change(self.year, self.before)


def change(now: Decimal, before: Decimal) -> Decimal | None:
    """(now − before) ÷ before, to four decimals; None where there was nothing before."""
    if not before:
        return None
    return CONTEXT.divide(now - before, before).quantize(FOUR)


def period_of(code: str) -> Period:
    """The months of a period by its code (M01…M12, Q1…Q4, H1, H2, year)."""
    return MEASURED[code]


def as_of_day(code: str, year: int, today: date) -> date | None:
    """The last day that counts: the period's end, today while it runs; None for a period that has not begun."""
    first, last = period_of(code).days(year)
    return min(last, today) if first <= today else None


def spans_of(code: str, year: int, as_of: date) -> Spans:
    """The days of the three columns of a bulletin that counts up to a day."""
    first = period_of(code).days(year)[0]
    day = 28 if (as_of.month, as_of.day) == (2, 29) else as_of.day
    return Spans(
        Span(first, as_of),
        Span(date(year, 1, 1), as_of),
        Span(date(year - 1, 1, 1), date(year - 1, as_of.month, day)),
    )


def compared(code: str, own: Months, before: Months) -> Compared:
    """Sums over months that were read up to the same day of both years."""
    months = period_of(code)
    return Compared(
        sum((value for month, value in own.items() if months.first <= month <= months.last), ZERO),
        sum(own.values(), ZERO),
        sum(before.values(), ZERO),
    )


def running(values: Sequence[Decimal]) -> list[Decimal]:
    """The running total of a series of months."""
    found: list[Decimal] = []
    for value in values:
        found.append((found[-1] if found else ZERO) + value)
    return found
