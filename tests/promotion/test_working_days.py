"""The working calendar: weekends, holidays, make-up days and corrections."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promotion.models import CalendarCorrection
from promotion.working_days import WorkingCalendar, is_announced, working_calendar
from staff.models import Account

PLAIN = WorkingCalendar()


def test_national_day_of_2025_and_its_make_up_days() -> None:
    days = [date(2025, 9, 28), date(2025, 10, 1), date(2025, 10, 8), date(2025, 10, 9), date(2025, 10, 11)]

    assert [PLAIN.is_working(day) for day in days] == [True, False, False, True, True]


def test_a_day_after_a_holiday_counts_make_up_days() -> None:
    assert PLAIN.after(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert PLAIN.after(date(2025, 9, 30), 3) == date(2025, 10, 11)
    assert PLAIN.after(date(2025, 10, 4), 0) == date(2025, 10, 9)


def test_a_year_without_notice_counts_by_its_weekends() -> None:
    assert not is_announced(2099)
    assert [PLAIN.is_working(date(2099, 1, day)) for day in (1, 3, 5)] == [True, False, True]


@pytest.mark.django_db
def test_a_correction_stands_above_the_library(hr: Account) -> None:
    CalendarCorrection.objects.create(day=date(2025, 10, 9), is_working=False, note="台风停工", set_by=hr)

    assert working_calendar().after(date(2025, 9, 30), 1) == date(2025, 10, 10)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 40))
def test_counting_forward_and_between_agree(day: date, count: int) -> None:
    reached = PLAIN.after(day, count)

    assert PLAIN.between(day, reached) == count
    assert PLAIN.is_working(reached)
    assert PLAIN.between(PLAIN.before(reached, count), reached) == count
