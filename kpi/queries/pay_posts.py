"""What posts of a year bring month by month: the pure arithmetic fed with dated appointments and absences."""

import calendar
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q

from kpi.models import DayBasis, PayRule
from kpi.pay.month import MonthPay, Spell, month_pay
from kpi.pay.scale import Monthly
from promotion.working_days import working_calendar
from staff.models import Absence, Appointment

Days = Callable[[date, date], int]


@dataclass(frozen=True, slots=True)
class Held:
    """One person's month: the pay of it, and the team and grade of the last day held."""

    person_id: int
    team_id: int
    grade: str
    pay: MonthPay
    month_days: int
    away_days: int


@dataclass
class PostsOfYear:
    """The posts and deducted absences of a year, read once; `month` computes one of its months."""

    year: int
    rule: PayRule
    posts: dict[int, list[Appointment]] = field(default_factory=lambda: defaultdict(list))
    absences: dict[int, list[Absence]] = field(default_factory=lambda: defaultdict(list))
    count: Days = field(init=False)

    def __post_init__(self) -> None:
        first, after = date(self.year, 1, 1), date(self.year + 1, 1, 1)
        self.count = counted_days(self.rule)
        overlapping = Q(starts_on__lt=after) & (Q(ends_on=None) | Q(ends_on__gt=first))
        for post in Appointment.objects.filter(overlapping).order_by("person_id", "starts_on"):
            self.posts[post.person_id].append(post)
        if self.rule.deducts:
            for away in Absence.objects.filter(overlapping, kind__in=self.rule.deducts).order_by("starts_on"):
                self.absences[away.person_id].append(away)

    def month(self, month: int, scale: dict[str, Monthly]) -> dict[int, Held]:
        """Everybody who held a post in the month, by person."""
        first, after = month_bounds(self.year, month)
        whole = self.count(first, after)
        found = {}
        # Most people have the same month; it is reckoned once.
        known: dict[tuple[Spell, ...], MonthPay] = {}
        for person, posts in self.posts.items():
            within = [(post, max(post.starts_on, first), min(post.ends_on or after, after)) for post in posts]
            within = [each for each in within if each[1] < each[2]]
            if not within:
                continue
            away = [self._away(person, start, end) for _post, start, end in within]
            spells = tuple(
                Spell(post.grade, self.count(start, end) - lost)
                for (post, start, end), lost in zip(within, away, strict=True)
            )
            last = within[-1][0]
            if spells not in known:
                known[spells] = month_pay(spells, whole, scale, self.rule.advance_percent)
            found[person] = Held(person, last.team_id, last.grade, known[spells], whole, sum(away))
        return found

    def _away(self, person: int, start: date, end: date) -> int:
        """Days of the span that are not paid; absences of one person never overlap."""
        spans = (
            (max(each.starts_on, start), min(each.ends_on or end, end)) for each in self.absences[person]
        )
        return sum(self.count(begins, ends) for begins, ends in spans if ends > begins)


def month_bounds(year: int, month: int) -> tuple[date, date]:
    """The first day of the month, and of the next."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]) + timedelta(days=1)


def counted_days(rule: PayRule) -> Days:
    """How the rule counts the days of [start, end)."""
    if rule.day_basis == DayBasis.CALENDAR:
        return lambda start, end: max((end - start).days, 0)
    kept = working_calendar()
    return lambda start, end: sum(kept.is_working(day) for day in days_of(start, end))


def days_of(start: date, end: date) -> Iterable[date]:
    """Every day of [start, end)."""
    return (start + timedelta(days=n) for n in range(max((end - start).days, 0)))
