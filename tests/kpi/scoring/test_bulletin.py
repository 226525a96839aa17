"""The arithmetic of a bulletin: spans, sums of months, changes, for any day and any figures."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kpi.scoring.bulletin import as_of_day, change, compared, period_of, running, spans_of
from kpi.scoring.periods import MEASURED

CODES = [code for code in MEASURED if not code.startswith("to_")]
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
MONEY = st.decimals(0, 10**12, places=2)
SERIES = st.dictionaries(st.integers(1, 12), MONEY, max_size=12)


@given(code=st.sampled_from(CODES), today=DAYS)
def test_spans_lie_inside_their_years_and_end_alike(code: str, today: date) -> None:
    as_of = as_of_day(code, today.year, today)
    first, last = period_of(code).days(today.year)
    if as_of is None:
        assert first > today
        return
    assert first <= as_of <= min(last, today)
    spans = spans_of(code, today.year, as_of)
    assert spans.year.first <= spans.period.first <= spans.period.last == spans.year.last == as_of
    assert (spans.before.first, spans.before.last.year) == (date(today.year - 1, 1, 1), today.year - 1)
    # The same day of the year before; only the leap day has none.
    assert abs((as_of - spans.before.last) - timedelta(365)) <= timedelta(1)
    assert spans.before.last.month == as_of.month


@given(code=st.sampled_from(CODES), own=SERIES, before=SERIES)
def test_sums_are_what_adding_gives(code: str, own: dict[int, Decimal], before: dict[int, Decimal]) -> None:
    months = period_of(code)
    found = compared(code, own, before)
    assert found.period == sum(own.get(month, Decimal(0)) for month in range(months.first, months.last + 1))
    assert (found.year, found.before) == (sum(own.values()), sum(before.values()))
    assert found.period <= found.year


@given(now=MONEY, before=MONEY)
def test_a_change_says_how_it_was(now: Decimal, before: Decimal) -> None:
    found = change(now, before)
    if not before:
        assert found is None
        return
    assert found is not None
    assert abs(before * (1 + found) - now) <= before * Decimal("0.00005")
    assert (found > 0, found < 0) <= (now > before, now < before)


@given(values=st.lists(MONEY, max_size=12))
def test_a_running_total_ends_with_the_sum(values: list[Decimal]) -> None:
    found = running(values)
    assert found == sorted(found)
    assert found[-1:] == ([sum(values)] if values else [])
