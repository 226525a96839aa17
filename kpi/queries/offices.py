"""Liaison offices (驻点联络处) in a year: who serves there, what they brought, and how far they are with their targets.

What somebody achieves while serving in an office counts for the office, beside the person and the team above: the same ledger lines,
measured by the same definitions of the year's scheme (docs/decisions/0025-bulletins.md). A constant number of queries.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from kpi.access import target_teams_visible_to
from kpi.models import LedgerLine, Run, Target
from kpi.queries.course import decisive_run
from kpi.queries.investors import with_investors
from kpi.queries.ledger import live_lines
from kpi.queries.lines import credit_lines
from kpi.queries.measures import SubjectKey, is_measurable
from kpi.queries.scheme import read_scheme
from kpi.scoring.facts import CreditLine
from kpi.scoring.goals import measured_by
from kpi.scoring.measures import measure
from kpi.scoring.rounding import CONTEXT, total
from kpi.scoring.scheme import Scheme, in_unit
from staff.access import in_force
from staff.models import Account, Appointment, Team, TeamKind

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Goal:
    """A target of an office: what was asked and what was reached, in the scheme's unit; None where that is not counted from facts."""

    code: str
    title: str
    unit: str
    target: Decimal
    actual: Decimal | None

    @property
    def progress(self) -> Decimal | None:
        """Reached ÷ asked; None where either is missing."""
        return None if self.actual is None or not self.target else CONTEXT.divide(self.actual, self.target)


@dataclass(frozen=True, slots=True)
class Office:
    """An office with its people on the day, the signings (shares of projects, 元) and foreign capital (USD) credited there, and its goals."""

    team: Team
    people: int
    signed: Decimal
    signed_amount: Decimal
    paid_in_usd: Decimal
    goals: Sequence[Goal]
    signed_url: str
    paid_in_url: str

    @property
    def progress(self) -> Decimal | None:
        """The mean of the completions, each at most 1 (assumption: the case names no rule); None without a target."""
        found = [min(goal.progress, ONE) for goal in self.goals if goal.progress is not None]
        return CONTEXT.divide(total(found), Decimal(len(found))) if found else None


def offices_of(actor: Account, year: int) -> tuple[Run | None, list[Office]]:
    """The offices that the actor may look into, the furthest with its targets first, and the run their figures stand on."""
    run = decisive_run(year)
    as_of = run.as_of if run else min(timezone.localdate(), date(year, 12, 31))
    visible = target_teams_visible_to(actor).filter(kind=TeamKind.LIAISON, founded_on__lte=as_of)
    teams = [team for team in visible.select_related("parent").order_by("position") if _stands(team, as_of)]
    lines = _lines(run, teams)
    people = dict(
        Appointment.objects.filter(in_force(as_of), team__in=teams)
        .values_list("team")
        .annotate(count=Count("pk"))
    )
    goals = _goals(run, year, teams, lines)
    found = [
        _office(team, people.get(team.pk, 0), lines[team.pk], goals[team.pk], year, as_of) for team in teams
    ]
    return run, sorted(
        found, key=lambda one: (one.progress is None, -(one.progress or ZERO), one.team.position)
    )


def _stands(team: Team, as_of: date) -> bool:
    return team.closed_on is None or team.closed_on > as_of


def _lines(run: Run | None, teams: Sequence[Team]) -> dict[int, list[LedgerLine]]:
    """The live lines of the run by the office in which they were earned."""
    found: dict[int, list[LedgerLine]] = defaultdict(list)
    if run is not None:
        live = live_lines(run.year, run.last_line).filter(happened_on__lte=run.as_of, team__in=teams)
        for line in live:
            found[line.team_id or 0].append(line)
    return found


def _office(
    team: Team, people: int, lines: Sequence[LedgerLine], goals: Sequence[Goal], year: int, as_of: date
) -> Office:
    signed = [line for line in lines if line.kind == "signed"]
    return Office(
        team=team,
        people=people,
        signed=sum((line.share for line in signed), ZERO),
        signed_amount=sum((line.amount for line in signed), ZERO),
        paid_in_usd=sum((line.amount_usd for line in lines if line.kind == "paid_in"), ZERO),
        goals=goals,
        signed_url=_list_of(team, "signed", year, as_of),
        paid_in_url=_list_of(team, "paid_in", year, as_of),
    )


def _list_of(team: Team, kind: str, year: int, as_of: date) -> str:
    query = {
        "team": team.public_id,
        "kind": kind,
        "state": "recognised",
        "from": date(year, 1, 1),
        "to": as_of,
    }
    return f"{reverse('projects:achievements')}?{urlencode(query)}"


def _goals(
    run: Run | None, year: int, teams: Sequence[Team], lines: dict[int, list[LedgerLine]]
) -> dict[int, list[Goal]]:
    """The year's base targets of each office with what was reached, in the order of the scheme."""
    found: dict[int, list[Goal]] = defaultdict(list)
    if run is None:
        return found
    scheme = read_scheme(run.scheme)
    own: dict[SubjectKey, list[CreditLine]] = {
        ("team", team.pk): credit_lines(lines[team.pk], f"team:{team.pk}") for team in teams
    }
    credit, _digest = with_investors(own, scheme)
    rows = Target.objects.filter(year=year, team__in=teams, period="year", level="base")
    held = {(row.team_id, row.indicator): row for row in rows}
    for team in teams:
        for code, wanted in scheme.targets.items():
            row = held.get((team.pk, code))
            amount = in_unit(row.amount, row.unit, wanted.unit) if row else None
            if amount is not None:
                actual = _reached(scheme, code, credit.get(("team", team.pk), []))
                found[team.pk].append(Goal(code, wanted.title, wanted.unit, amount, actual))
    return found


def _reached(scheme: Scheme, code: str, lines: Sequence[CreditLine]) -> Decimal | None:
    """What the measures behind a target count in these lines; None where people report it."""
    owners = {owner.code: owner for owner in scheme.owners}
    definitions = [owners[owner].measures[name] for owner, name in measured_by(scheme, code)]
    if not definitions or not all(is_measurable(one) for one in definitions):
        return None
    return total(measure(one, lines).value for one in definitions)
