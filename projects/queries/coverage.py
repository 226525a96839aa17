"""Which team covers which industry in which region on a day, and where nobody does or several do (覆盖矩阵)."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from projects.models import Industry, Project
from projects.workflow import Stage, Status
from staff.models import Account, Team, TeamKind
from staff.queries import as_on, teams_on


@dataclass(frozen=True)
class Cell:
    """An industry in a region: nobody is a gap (缺口), more than one an overlap (重叠)."""

    region: str
    teams: list[Team]

    @property
    def is_gap(self) -> bool:
        return not self.teams

    @property
    def is_overlap(self) -> bool:
        return len(self.teams) > 1


@dataclass(frozen=True)
class Row:
    """An industry over all regions; `projects` counts those that run in it."""

    industry: str
    cells: list[Cell]
    projects: int

    @property
    def teams(self) -> int:
        return len({team.pk for cell in self.cells for team in cell.teams})


@dataclass(frozen=True)
class Coverage:
    day: date
    regions: list[str]
    rows: list[Row]

    @property
    def gaps(self) -> int:
        return sum(cell.is_gap for row in self.rows for cell in row.cells)

    @property
    def overlaps(self) -> int:
        return sum(cell.is_overlap for row in self.rows for cell in row.cells)

    @property
    def uncovered(self) -> list[str]:
        """Industries that nobody covers anywhere."""
        return [row.industry for row in self.rows if not row.teams]


def regions_of(team: Team) -> list[str]:
    """A team's regions one by one: 京津冀、珠三角; 长三角与京津冀."""
    return [part for part in re.split(r"[、，,与]+", team.region) if part]


def coverage_on(actor: Account, day: date) -> Coverage:
    """The matrix of the day, in three queries.

    A department with teams below it is left out, because they do its work; an office without fields of its own has those of the
    team above it. Industries are those of projects and whatever else a team names; regions stand in the order of teams.
    """
    teams = as_on(teams_on(actor, day), day)
    by_key = {team.pk: team for team in teams}
    heads = {team.parent_id for team in teams}
    working = [team for team in teams if not (team.kind == TeamKind.DEPARTMENT and team.pk in heads)]
    placed: dict[tuple[str, str], list[Team]] = defaultdict(list)
    for team in working:
        above = by_key.get(team.parent_id or 0)
        for field in team.fields or (above.fields if above else []):
            for region in regions_of(team):
                placed[field, region].append(team)
    regions = list(dict.fromkeys(region for team in working for region in regions_of(team)))
    running = Project.objects.filter(status=Status.ACTIVE).exclude(stage=Stage.PRODUCED)
    counts = Counter(str(Industry(key).label) for key in running.values_list("industry", flat=True) if key)
    known = [str(industry.label) for industry in Industry if industry != Industry.OTHER]
    industries = dict.fromkeys([*known, *(field for field, _region in placed)])
    rows = [
        Row(name, [Cell(region, placed.get((name, region), [])) for region in regions], counts[name])
        for name in industries
    ]
    return Coverage(day, regions, rows)
