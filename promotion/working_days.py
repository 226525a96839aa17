"""Working days of the house (工作日): weekends, Chinese public holidays and make-up days, with what HR corrected by hand.

Holidays and make-up days (调休) come from the library `chinese_calendar`, which follows the State Council's yearly notice.
Each year's notice comes late, and the library after it: until then a year counts by its weekends, and `CalendarCorrection`
rows say what was announced since. A correction stands above the library.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar

from promotion.models import CalendarCorrection
from promotion.prepared import Prepared

DAY = timedelta(days=1)
_CORRECTIONS = Prepared(lambda: CalendarCorrection.objects.order_by().values_list("day", "is_working"))


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days count; `corrections` maps a day to whether it is worked."""

    corrections: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether offices are open on the day."""
        corrected = self.corrections.get(day)
        return _by_notice(day) if corrected is None else corrected

    def after(self, day: date, count: int) -> date:
        """The working day that is `count` working days after the day (0: the day itself, or the next one worked)."""
        while count > 0 or not self.is_working(day):
            day += DAY
            if count > 0 and self.is_working(day):
                count -= 1
        return day

    def before(self, day: date, count: int) -> date:
        """The latest day from which `count` working days have passed up to and including the day."""
        while count > 0:
            if self.is_working(day):
                count -= 1
            day -= DAY
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working(start + DAY * n) for n in range(1, (end - start).days + 1))


def working_calendar() -> WorkingCalendar:
    """The calendar with today's corrections; one query, so take it once and hand it on."""
    return WorkingCalendar(dict(_CORRECTIONS.rows()))


def is_announced(year: int) -> bool:
    """Whether the library knows the year's notice; else only weekends and corrections count."""
    return _announced(date(year, 1, 1))


def _announced(day: date) -> bool:
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


# A page asks for hundreds of days, the same ones each time; the library looks a day up far slower than a cache does.
@lru_cache(maxsize=4096)
def _by_notice(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5
