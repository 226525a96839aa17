"""The clocks of leads and reports: who is late, who soon will be, and by how many working days.

Cutoffs are worked out once a request with the working calendar; whether a project is late is then a comparison of plain days,
so that a hundred thousand projects are asked in one query.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models import ClockKind, ClockRule, Project, ProjectClass
from projects.queries.ageing import Cutoffs, ageing_cutoffs
from projects.workflow import Stage, Status
from promotion.prepared import Prepared
from promotion.working_days import WorkingCalendar, working_calendar

# Working days where no rule is kept (assumption: the practice case names no periods; these are usual in published rules on
# handling leads: answer in one day, judge in three, feed back to the source in seven, report progress every fourteen).
DEFAULT_DAYS: Mapping[str, int] = {
    ClockKind.ANSWER: 1,
    ClockKind.JUDGEMENT: 3,
    ClockKind.FEEDBACK: 7,
    ClockKind.REPORT: 14,
}

# Clocks run until the investor has signed (在谈); afterwards milestones and service tasks set the dates.
RUNNING_STAGES = (Stage.LEAD, Stage.NEGOTIATION, Stage.ADMISSION)

# From so many working days left on, a clock asks for attention.
SOON = 1

# How far back lateness is counted; whoever is later than that is as late as that.
WINDOW = timedelta(days=800)

# kind → the day it counts from, and the fact that stops it (none: it starts again with every progress).
BASES = {
    ClockKind.ANSWER: ("counts_from", "answered_on"),
    ClockKind.JUDGEMENT: ("counts_from", "judged_on"),
    ClockKind.FEEDBACK: ("counts_from", "fed_back_on"),
    ClockKind.REPORT: ("report_from", ""),
}


@dataclass(frozen=True)
class Span:
    """Between these days of a start, this class has so many working days."""

    project_class: str
    since: date | None
    until: date | None
    days: int


@dataclass(frozen=True)
class Running:
    """A clock that runs: until when, and how many working days are left (negative: late by so many)."""

    kind: ClockKind
    due_on: date
    left: int

    @property
    def tone(self) -> str:
        return "alarm" if self.left < 0 else "attention" if self.left <= SOON else "plain"

    @property
    def text(self) -> str:
        """剩 1 天研判, 今天研判到期, 研判超 2 天."""
        words = {"what": self.short, "days": abs(self.left)}
        if self.left < 0:
            return _("%(what)s超 %(days)s 天") % words
        return _("剩 %(days)s 天%(what)s") % words if self.left else _("%(what)s今天到期") % words

    @property
    def short(self) -> str:
        return {
            ClockKind.ANSWER: _("响应"),
            ClockKind.JUDGEMENT: _("研判"),
            ClockKind.FEEDBACK: _("反馈"),
            ClockKind.REPORT: _("报告"),
        }[self.kind]

    @property
    def label(self) -> str:
        return str(self.kind.label)


@dataclass(frozen=True)
class ClockBook:
    """The rules and the calendar of a day; taken once and handed on."""

    today: date
    calendar: WorkingCalendar
    rules: Sequence[ClockRule] = field(default_factory=tuple)

    @cached_property
    def ageing(self) -> Cutoffs:
        """Since when a project has to be without progress to stand still; one query."""
        return ageing_cutoffs(self.today, self.calendar)

    @cached_property
    def _worked(self) -> list[date]:
        start = self.today - WINDOW
        days = (start + timedelta(days=n) for n in range((self.today - start).days + 1))
        return [day for day in days if self.calendar.is_working(day)]

    def passed(self, base: date) -> int:
        """Working days after the day, up to and including today."""
        return len(self._worked) - bisect_right(self._worked, base)

    def allowed(self, kind: str, project_class: str, base: date) -> int:
        """How many working days a clock of this class has that starts on the day."""
        for wanted in (project_class, ""):
            held = [
                rule
                for rule in self.rules
                if rule.kind == kind and rule.project_class == wanted and rule.holds_from <= base
            ]
            if held:
                return max(held, key=lambda rule: rule.holds_from).working_days
        return DEFAULT_DAYS[kind]

    def spans(self, kind: str) -> Iterator[Span]:
        """Stretches of starting days with the same number of working days, for each class."""
        for project_class in ProjectClass.values:
            turns = sorted(
                {
                    rule.holds_from
                    for rule in self.rules
                    if rule.kind == kind and rule.project_class in ("", project_class)
                }
            )
            edges: list[date | None] = [None, *turns, None]
            for since, until in pairwise(edges):
                yield Span(project_class, since, until, self.allowed(kind, project_class, since or date.min))

    def running(self, project: Project) -> list[Running]:
        """The clocks of a project that run, the most pressing first; asks for `project.clock` selected along."""
        clock = getattr(project, "clock", None)
        if clock is None or not runs_clocks(project):
            return []
        found = []
        for kind, (base_name, fact) in BASES.items():
            base = getattr(clock, base_name)
            if base is None or (fact and getattr(clock, fact)):
                continue
            allowed = self.allowed(kind, project.project_class, base)
            found.append(Running(kind, self.calendar.after(base, allowed), allowed - self.passed(base)))
        return sorted(found, key=lambda one: (one.left, list(BASES).index(one.kind)))

    def cutoff(self, kind: str, days: int, *, past: bool) -> Q:
        """Projects whose clock has `days` working days left or less (`past`: fewer than none)."""
        base, fact = BASES[ClockKind(kind)]
        rule = Q(pk=None)
        for span in self.spans(kind):
            passed = span.days + 1 if past else max(span.days - days, 0)
            one = Q(project_class=span.project_class)
            one &= Q(**{f"clock__{base}__lte": self.calendar.before(self.today, passed)})
            if span.since:
                one &= Q(**{f"clock__{base}__gte": span.since})
            if span.until:
                one &= Q(**{f"clock__{base}__lt": span.until})
            rule |= one
        open_clock = Q(**{f"clock__{fact}__isnull": True}) if fact else Q()
        return Q(status=Status.ACTIVE, stage__in=RUNNING_STAGES) & open_clock & rule


def runs_clocks(project: Project) -> bool:
    """Whether clocks run for the project at all: while it is worked on and not signed."""
    return project.status == Status.ACTIVE and project.stage in RUNNING_STAGES


_RULES = Prepared(ClockRule.objects.all)


def clock_book(today: date | None = None) -> ClockBook:
    """The rules and the calendar as of the day; two queries, and one for the ageing when it is asked."""
    return ClockBook(today or timezone.localdate(), working_calendar(), tuple(_RULES.rows()))


def late(book: ClockBook, kind: str = "") -> Q:
    """Projects with a clock of this kind (any kind) that is over."""
    return _any(book, kind, past=True)


def pressing(book: ClockBook, kind: str = "") -> Q:
    """Projects with a clock of this kind that is over or nearly so."""
    return _any(book, kind, past=False)


def _any(book: ClockBook, kind: str, *, past: bool) -> Q:
    rule = Q(pk=None)
    for each in [kind] if kind else ClockKind.values:
        rule |= book.cutoff(each, SOON, past=past)
    return rule
