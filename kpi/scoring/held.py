"""Which categories a subject counts in when it changed class in mid-year (分类考核)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from kpi.scoring.rounding import CONTEXT
from kpi.scoring.scheme import Scheme

ONE = Decimal(1)


def held_categories(
    scheme: Scheme, held: Sequence[tuple[date, str]], until: date
) -> tuple[tuple[str, Decimal], ...]:
    """The categories that count, each with its part, by what the scheme says of a change.

    `held` are the days from which each category holds. Time-weighted parts are days ÷ days from the year's first
    day (or the first category, if later) up to and with `until`. Nothing is held: none.
    """
    order = sorted(entry for entry in held if entry[0] <= until)
    if not order:
        return ()
    first = date(scheme.year, 1, 1)
    before = [entry for entry in order if entry[0] <= first]
    order = [(first, before[-1][1]), *(entry for entry in order if entry[0] > first)] if before else order
    if scheme.category_change == "start":
        return ((order[0][1], ONE),)
    if scheme.category_change == "as_of":
        return ((order[-1][1], ONE),)
    ends = [day for day, _ in order[1:]]
    days: dict[str, int] = {}
    for (day, name), end in zip(order, [*ends, date.fromordinal(until.toordinal() + 1)], strict=True):
        days[name] = days.get(name, 0) + (end - day).days
    whole = sum(days.values())
    return tuple((name, CONTEXT.divide(Decimal(number), Decimal(whole))) for name, number in days.items())
