"""The year's targets as a table: who is to reach what, and what has not been set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from kpi import access
from kpi.models import SchemeVersion, Target
from kpi.queries.calculation import as_of_day
from kpi.queries.measures import SubjectKey
from kpi.queries.roster import assessed_subjects
from kpi.queries.scheme import read_scheme, scheme_in_force
from kpi.scoring.scheme import Target as WantedTarget
from staff.access import people_visible_to, teams_visible_to
from staff.models import Account, Person, Team, TeamKind


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One subject of the year with its targets in the order of the scheme; None where nothing has been set.

    `ranked_team` is the team itself, or the one for which the person counts: a liaison office works for its parent.
    """

    key: SubjectKey
    code: str
    name: str
    person: Person | None
    team: Team | None
    ranked_team: Team | None
    targets: tuple[Target | None, ...]

    @property
    def missing(self) -> int:
        """How many targets have not been set."""
        return sum(target is None for target in self.targets)


def wanted_targets(year: int) -> list[WantedTarget]:
    """The targets that the year's published scheme asks for; none without one."""
    version = scheme_in_force(year, date(year, 12, 31))
    return list(read_scheme(version).targets.values()) if version else []


def target_years(actor: Account) -> list[int]:
    """The years with a published scheme, newest first: only there can targets be set."""
    published = SchemeVersion.objects.filter(state="published").order_by("-year")
    return list(published.values_list("year", flat=True).distinct())


def target_lines(actor: Account, year: int) -> list[TargetLine]:
    """Every subject of the year with its targets: teams in their order, then people in the order of their teams."""
    wanted = wanted_targets(year)
    teams = {team.pk: team for team in teams_visible_to(actor).select_related("parent")}
    subjects = assessed_subjects(year, as_of_day(year, timezone.localdate()))
    people = people_visible_to(actor).in_bulk([one.person_id for one in subjects if one.person_id])
    found = {
        (target.indicator, target.person_id, target.team_id): target
        for target in access.targets_visible_to(actor).filter(year=year)
    }
    lines = [
        TargetLine(
            key=one.key,
            code=one.subject.code.partition(":")[2],
            name=one.subject.name,
            person=people.get(one.person_id) if one.person_id else None,
            team=teams.get(one.team_id) if one.team_id else None,
            ranked_team=_ranked(teams.get(one.team_id or one.home_team or 0)),
            targets=tuple(found.get((target.code, one.person_id, one.team_id)) for target in wanted),
        )
        for one in subjects
    ]
    return sorted(lines, key=_order)


def _ranked(team: Team | None) -> Team | None:
    return team.parent if team and team.kind == TeamKind.LIAISON and team.parent else team


def _order(line: TargetLine) -> tuple[bool, int, str]:
    return line.person is not None, line.ranked_team.position if line.ranked_team else 0, line.code


def people_of(lines: Sequence[TargetLine], team: Team) -> list[TargetLine]:
    """The people who count for a team."""
    return [line for line in lines if line.person is not None and line.ranked_team == team]
