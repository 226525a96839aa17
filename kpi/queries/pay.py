"""Pay as pages and API read it: sheets with totals for those who answer for the bill, own pay for the person."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet

from kpi.access.pay import can_keep_pay, own_pay_lines, pay_sheets_visible_to
from kpi.models import PayLine, PaySheet, PayState
from kpi.pay.month import ZERO
from kpi.pay.scale import Monthly, performance_share
from kpi.pay.totals import FEWEST, Totals, added, grouped, shown
from kpi.queries.pay_rules import scale_for
from kpi.queries.pay_sealed import Opened, opened, sheet_totals, totals_of
from staff.access import in_force
from staff.models import Account, Appointment, Grade, Person, Team

RELATED = ("scale", "rule", "run", "made_by", "confirmed_by", "paid_by")


@dataclass(frozen=True, slots=True)
class Group:
    """Totals of a team or a grade; `totals` is None where they would tell what one person is paid."""

    name: str
    totals: Totals | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a sheet or a year; `whole` is None for fewer than three people."""

    whole: Totals | None
    teams: list[Group]
    grades: list[Group]

    @property
    def is_partly_hidden(self) -> bool:
        return self.whole is None or any(each.totals is None for each in (*self.teams, *self.grades))


def pay_sheets_of(actor: Account, year: int) -> QuerySet[PaySheet]:
    """The visible sheets of a year, newest first."""
    return (
        pay_sheets_visible_to(actor)
        .filter(year=year)
        .select_related(*RELATED)
        .order_by("-kind", "-month", "-number")
    )


def pay_years(actor: Account) -> list[int]:
    """Years with a sheet that the actor sees, or in which he was paid; newest first."""
    seen = pay_sheets_visible_to(actor).order_by().values_list("year", flat=True)
    own = own_pay_lines(actor).order_by().values_list("sheet__year", flat=True)
    return sorted({*seen, *own}, reverse=True)


def sheet_shown(actor: Account, sheet: PaySheet) -> Shown:
    """A sheet's totals; small groups only for whoever sees single amounts anyway."""
    totals = sheet_totals(sheet)
    return _shown(actor, totals.teams, totals.grades, totals.whole)


def year_shown(actor: Account, sheets: list[PaySheet]) -> Shown | None:
    """The paid sheets of a year together; None before the first. People are counted once, however many months they were paid."""
    paid = [sheet_totals(each) for each in sheets if each.state == PayState.PAID]
    if not paid:
        return None
    rows = PayLine.objects.filter(
        sheet__in=[each.pk for each in sheets if each.state == PayState.PAID]
    ).order_by()
    teams = {
        str(key): count for key, count in rows.values_list("team").annotate(Count("person", distinct=True))
    }
    grades = dict(rows.values_list("grade").annotate(Count("person", distinct=True)))
    everybody = rows.values("person").distinct().count()
    by_team = _counted(grouped(item for each in paid for item in each.teams.items()), teams)
    by_grade = _counted(grouped(item for each in paid for item in each.grades.items()), grades)
    whole = added(each.whole for each in paid)
    return _shown(actor, by_team, by_grade, whole.with_people(everybody))


def _counted(groups: dict[str, Totals], people: dict[str, int]) -> dict[str, Totals]:
    return {key: one.with_people(people.get(key, 0)) for key, one in groups.items()}


def _shown(actor: Account, teams: dict[str, Totals], grades: dict[str, Totals], whole: Totals) -> Shown:
    names = dict(Team.objects.filter(pk__in=[int(key) for key in teams]).values_list("pk", "name"))
    order = {grade.value: place for place, grade in enumerate(Grade)}
    is_open = can_keep_pay(actor)
    by_team: dict[str, Any] = dict(teams) if is_open else shown(teams)
    by_grade: dict[str, Any] = dict(grades) if is_open else shown(grades)
    return Shown(
        whole if is_open or whole.people >= FEWEST else None,
        [Group(names[int(key)], one) for key, one in by_team.items()],
        [Group(str(Grade(key).label), by_grade[key]) for key in sorted(by_grade, key=lambda key: order[key])],
    )


@dataclass(frozen=True, slots=True)
class OwnYear:
    """A person's paid lines of a year, newest first, and what they come to."""

    lines: list[Opened]
    totals: Totals

    @property
    def paid(self) -> Decimal:
        return self.totals.whole


def own_year(actor: Account, year: int) -> OwnYear:
    """What the account's own person was paid in a year."""
    rows = own_pay_lines(actor).filter(sheet__year=year).select_related("sheet__rule", "sheet__scale", "team")
    lines = opened(
        rows.prefetch_related("sheet__scale__lines").order_by(
            "-sheet__kind", "-sheet__month", "-sheet__number"
        )
    )
    return OwnYear(lines, added(totals_of(each.line) for each in lines))


@dataclass(frozen=True, slots=True)
class OwnScale:
    """What the scale of the day pays the person's grade a month, in 元."""

    grade: str
    paid: Monthly

    @property
    def share(self) -> Decimal | None:
        """Performance pay in percent of the whole at target."""
        return performance_share(self.paid.base, self.paid.performance)


def own_scale(actor: Account, on: date) -> OwnScale | None:
    """The line of the scale that the account's own person is paid by on the day."""
    post = Appointment.objects.filter(in_force(on), person=actor.person_id, person__isnull=False).first()
    scale = scale_for(on) if post is not None else None
    if post is None or scale is None:
        return None
    return OwnScale(str(post.get_grade_display()), scale.by_grade[post.grade])


def lines_total(lines: list[Opened]) -> Decimal:
    """What lines pay together, in 元."""
    return sum((each.line.total for each in lines), ZERO)


@dataclass(frozen=True, slots=True)
class PersonYear:
    """What one person was paid in a year, with the team and grade of the last line."""

    person: Person
    team: str
    grade: str
    totals: Totals


def people_of_year(year: int) -> list[PersonYear]:
    """Everybody's paid lines of a year together: who may see that is asked before, by who calls this."""
    rows = PayLine.objects.filter(sheet__year=year, sheet__state=PayState.PAID)
    lines = opened(
        rows.select_related("sheet", "person", "team").order_by("sheet__month", "sheet__number", "pk")
    )
    last = {each.row.person_id: each.row for each in lines}
    sums = grouped((str(each.row.person_id), each.totals) for each in lines)
    people = sorted(last.values(), key=lambda row: (row.team.position, row.person.staff_number))
    return [
        PersonYear(row.person, row.team.name, str(row.get_grade_display()), sums[str(row.person_id)])
        for row in people
    ]
