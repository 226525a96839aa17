"""The sheets of a year with what was recorded: rows of subjects with their cells, and how complete each sheet is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from kpi import access
from kpi.models import AssessmentInput, InputKind, InputState, LedgerLine
from kpi.queries.input_sheets import Asked, Column, InputSheet, columns_for
from kpi.queries.inputs import subject_of
from kpi.queries.measures import SubjectKey
from kpi.queries.roster import Assessed
from projects.models import Project
from staff.models import Account

LIVE = (InputState.SUBMITTED, InputState.CONFIRMED)
Place = tuple[SubjectKey, str, str, int | None, str, str, date | None]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what holds and what waits for a second person. `asked` is false where nothing is asked of this subject."""

    column: Column
    asked: bool = True
    holds: AssessmentInput | None = None
    waits: AssessmentInput | None = None

    @property
    def latest(self) -> AssessmentInput | None:
        """What one sees in the cell: what waits, else what holds."""
        return self.waits or self.holds

    @property
    def shown(self) -> str:
        return self.latest.shown if self.latest else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A subject, or one of its projects, with its cells; of categories all dated ones in `history`."""

    one: Assessed
    cells: tuple[Cell, ...]
    project: Project | None = None
    history: tuple[AssessmentInput, ...] = ()

    @property
    def name(self) -> str:
        return self.one.subject.name

    @property
    def code(self) -> str:
        """Staff number or code of the team."""
        return self.one.subject.code.partition(":")[2]

    @property
    def key(self) -> str:
        """The row's part of the names of form fields."""
        project = f"-{self.project.pk}" if self.project else ""
        return f"{self.one.key[0]}-{self.one.key[1]}{project}"

    @property
    def is_missing(self) -> bool:
        """Whether something asked has not been recorded."""
        if self.history:
            return False
        return any(cell.asked and cell.latest is None for cell in self.cells)


@dataclass(slots=True)
class Progress:
    """How far a sheet is filled: cells that are asked, confirmed and waiting."""

    sheet: InputSheet
    owed: int = 0
    confirmed: int = 0
    waiting: int = 0

    @property
    def missing(self) -> int:
        return max(self.owed - self.confirmed - self.waiting, 0)


@dataclass(slots=True)
class Live:
    """What is recorded in a year and neither returned nor ended, by place."""

    holds: dict[Place, AssessmentInput] = field(default_factory=dict)
    waits: dict[Place, AssessmentInput] = field(default_factory=dict)


def live_inputs(actor: Account, year: int) -> QuerySet[AssessmentInput]:
    """The inputs of a year that hold or wait."""
    visible = access.inputs_visible_to(actor).filter(year=year, state__in=LIVE)
    return visible.select_related("person", "team", "project", "recorded_by", "decided_by").order_by("pk")


def live_of(inputs: Iterable[AssessmentInput], sheet: InputSheet) -> Live:
    """What of the inputs belongs to one sheet."""
    found = Live()
    for row in inputs:
        if is_on(row, sheet):
            (found.holds if row.state == InputState.CONFIRMED else found.waits)[place_of(row)] = row
    return found


def is_on(row: AssessmentInput, sheet: InputSheet) -> bool:
    """Whether an input is of the sheet."""
    undivided = sheet.kind in (InputKind.CATEGORY, InputKind.RATE)
    same = row.kind == sheet.kind and (undivided or row.code == sheet.code)
    return same and (row.project_id is not None) == sheet.by_project


def place_of(row: AssessmentInput) -> Place:
    """Which cell of its sheet an input stands in."""
    currency = row.code if row.kind == InputKind.RATE else ""
    return (subject_of(row), row.part, row.band, row.project_id, row.voter, currency, row.holds_from)


def voters_of(live: Live, panel: str) -> list[str]:
    """Who has marked on a panel, in the order in which they were first recorded."""
    rows = sorted([*live.holds.values(), *live.waits.values()], key=lambda row: row.pk)
    return list(dict.fromkeys(row.voter for row in rows if row.part == panel))


def sheet_columns(
    asked: Asked, sheet: InputSheet, live: Live, panel: str = "", more: Sequence[str] = ()
) -> list[Column]:
    """The columns of a sheet, as far as they are asked of anybody; those of a rating are the voters of one panel."""
    if sheet.kind == InputKind.RATING:
        voters = dict.fromkeys([*voters_of(live, panel), *more])
        return [Column(voter, part=panel, voter=voter) for voter in voters]
    if not sheet.columns:
        return [Column(sheet.title)]
    wanted = {column for one in asked.subjects_of(sheet) for column in columns_for(sheet, one)}
    return [column for column in sheet.columns if column in wanted]


def sheet_rows(asked: Asked, sheet: InputSheet, live: Live, columns: Sequence[Column]) -> list[Row]:
    """One row per subject, or per project of a subject, in the order of the roster."""
    subjects = asked.subjects_of(sheet)
    projects = _projects(asked.year, subjects) if sheet.by_project else {}
    held = _history(live) if sheet.kind == InputKind.CATEGORY else {}
    rows = []
    for one in subjects:
        for project in projects.get(one.key, ()) if sheet.by_project else (None,):
            cells = tuple(_cells(sheet, one, project, live, columns))
            rows.append(Row(one, cells, project, tuple(held.get(one.key, ()))))
    return sorted(rows, key=lambda row: (row.one.key[0] == "person", row.code))


def _cells(
    sheet: InputSheet, one: Assessed, project: Project | None, live: Live, columns: Sequence[Column]
) -> Iterable[Cell]:
    own = set(columns_for(sheet, one)) if sheet.columns else None
    for column in columns:
        number = project.pk if project else None
        place = (one.key, column.part, column.band, number, column.voter, "", None)
        asked = own is None or column in own
        yield Cell(column, asked, live.holds.get(place), live.waits.get(place))


def _history(live: Live) -> dict[SubjectKey, list[AssessmentInput]]:
    found: dict[SubjectKey, list[AssessmentInput]] = defaultdict(list)
    for row in (*live.holds.values(), *live.waits.values()):
        found[subject_of(row)].append(row)
    return {key: sorted(rows, key=lambda row: str(row.holds_from)) for key, rows in found.items()}


def _projects(year: int, subjects: Sequence[Assessed]) -> dict[SubjectKey, list[Project]]:
    """The projects in which each subject is credited in the year, by code."""
    people = [one.key[1] for one in subjects if one.key[0] == "person"]
    teams = [one.key[1] for one in subjects if one.key[0] == "team"]
    lines = LedgerLine.objects.filter(
        Q(person__in=people) | Q(ranked_team__in=teams), year=year, project__isnull=False
    )
    pairs = set(lines.values_list("person_id", "ranked_team_id", "project_id"))
    known = Project.objects.in_bulk({project for _person, _team, project in pairs})
    found: dict[SubjectKey, dict[int, Project]] = defaultdict(dict)
    for person, team, project in pairs:
        found["person", person][project] = known[project]
        if team is not None:
            found["team", team][project] = known[project]
    return {key: sorted(own.values(), key=lambda one: one.code) for key, own in found.items()}


def progress_of(actor: Account, asked: Asked) -> list[Progress]:
    """How complete each sheet of the year is; sheets that ask nothing of anybody are left out."""
    inputs = list(live_inputs(actor, asked.year))
    found = []
    for sheet in asked.sheets:
        live = live_of(inputs, sheet)
        confirmed = len(live.holds.keys() - live.waits.keys())
        progress = Progress(sheet, waiting=len(live.waits), confirmed=confirmed)
        given = progress.waiting + progress.confirmed
        if not given and sheet.kind != InputKind.RATE and not asked.subjects_of(sheet):
            continue
        is_free = sheet.is_optional or sheet.kind == InputKind.RATE
        progress.owed = given if is_free else max(_owed(asked, sheet, live), given)
        found.append(progress)
    return found


def _owed(asked: Asked, sheet: InputSheet, live: Live) -> int:
    """How many cells are asked. A panel owes as many ballots as the scheme expects, or as it has voters; at least one."""
    subjects = asked.subjects_of(sheet)
    if sheet.kind == InputKind.RATING:
        ballots = [panel.expected or max(len(voters_of(live, panel.code)), 1) for panel in sheet.panels]
        return len(subjects) * sum(ballots)
    if sheet.kind == InputKind.CATEGORY:
        recorded = [*live.holds.values(), *live.waits.values()]
        placed = {subject_of(row) for row in recorded}
        return len(recorded) + sum(one.key not in placed for one in subjects)
    rows = sheet_rows(asked, sheet, live, sheet_columns(asked, sheet, live))
    return sum(cell.asked for row in rows for cell in row.cells)
