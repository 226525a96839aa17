"""The year's targets as a table: who is to reach what in a period and at a level, and what has not been set."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils import timezone

from kpi import access
from kpi.models import SchemeVersion, Target
from kpi.queries.calculation import as_of_day
from kpi.queries.measures import SubjectKey
from kpi.queries.roster import assessed_subjects
from kpi.queries.scheme import read_scheme, scheme_in_force
from kpi.scoring.goals import Goal, missing, owed
from kpi.scoring.periods import YEAR
from kpi.scoring.scheme import Scheme
from kpi.scoring.scheme import Target as WantedTarget
from staff.access import assessed_teams_visible_to, people_visible_to
from staff.models import Account, Person, Team, TeamKind

Values = Mapping[Goal, Target]


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One subject of the year with those of its targets that were asked for.

    `owed` is what the scheme asks of subjects like it, which an office that is not ranked owes nothing of. `ranked_team` is
    the team itself, or the one for which the person counts: a liaison office works for its parent.
    """

    key: SubjectKey
    code: str
    name: str
    person: Person | None
    team: Team | None
    ranked_team: Team | None
    values: Values
    owed: tuple[Goal, ...] = ()
    missing: tuple[Goal, ...] = field(default=())

    def at(self, code: str, period: str = YEAR, level: str = "base") -> Target | None:
        """The value of one cell; None where nothing has been set."""
        return self.values.get((code, period, level))


def year_scheme(year: int) -> Scheme | None:
    """The scheme that holds at the end of the year: it says which targets there are."""
    version = scheme_in_force(year, date(year, 12, 31))
    return read_scheme(version) if version else None


def wanted_targets(year: int) -> list[WantedTarget]:
    """The targets that the year's published scheme asks for; none without one."""
    scheme = year_scheme(year)
    return list(scheme.targets.values()) if scheme else []


def target_years(actor: Account) -> list[int]:
    """The years with a published scheme, newest first: only there can targets be set."""
    published = SchemeVersion.objects.filter(state="published").order_by("-year")
    return list(published.values_list("year", flat=True).distinct())


def target_lines(
    actor: Account, year: int, *, period: str | None = YEAR, level: str | None = "base"
) -> list[TargetLine]:
    """Every subject the actor may see, with its targets of a period and a level (all without one).

    Teams in their order, then people in the order of their teams.
    """
    scheme = year_scheme(year)
    teams = {team.pk: team for team in assessed_teams_visible_to(actor).select_related("parent")}
    subjects = assessed_subjects(year, as_of_day(year, timezone.localdate()))
    people = people_visible_to(actor).in_bulk([one.person_id for one in subjects if one.person_id])
    needed = {kind: owed(scheme, kind) for kind in {one.subject.kind for one in subjects}} if scheme else {}
    found = _values(actor, year, period, level, [goal for goals in needed.values() for goal in goals])
    lines = []
    for one in subjects:
        values, asked = found.get(one.key, {}), needed.get(one.subject.kind, ())
        lines.append(
            TargetLine(
                key=one.key,
                code=one.subject.code.partition(":")[2],
                name=one.subject.name,
                person=people.get(one.person_id) if one.person_id else None,
                team=teams.get(one.team_id) if one.team_id else None,
                ranked_team=_ranked(teams.get(one.team_id or one.home_team or 0)),
                values=values,
                owed=asked,
                missing=missing(scheme, asked, values) if scheme else (),
            )
        )
    return sorted(lines, key=_order)


def _values(
    actor: Account, year: int, period: str | None, level: str | None, goals: Sequence[Goal]
) -> dict[SubjectKey, dict[Goal, Target]]:
    """The visible targets of the period and level, and of those the scheme asks for."""
    asked = Q()
    if period is not None:
        asked &= Q(period=period)
    if level is not None:
        asked &= Q(level=level)
    for other in {(goal[1], goal[2]) for goal in goals} if asked else ():
        asked |= Q(period=other[0], level=other[1])
    found: dict[SubjectKey, dict[Goal, Target]] = defaultdict(dict)
    for target in access.targets_visible_to(actor).filter(asked, year=year):
        key: SubjectKey = ("person", target.person_id) if target.person_id else ("team", target.team_id or 0)
        found[key][target.indicator, target.period, target.level] = target
    return found


def _ranked(team: Team | None) -> Team | None:
    return team.parent if team and team.kind == TeamKind.LIAISON and team.parent else team


def _order(line: TargetLine) -> tuple[bool, int, str]:
    return line.person is not None, line.ranked_team.position if line.ranked_team else 0, line.code


def people_of(lines: Sequence[TargetLine], team: Team) -> list[TargetLine]:
    """The people who count for a team."""
    return [line for line in lines if line.person is not None and line.ranked_team == team]
