"""What of a year's inputs nobody has recorded yet (缺录), one row for each subject and cell of a sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpi.models import AssessmentInput, InputKind
from kpi.queries.input_rows import Live, live_inputs, live_of, sheet_columns, sheet_rows, voters_of
from kpi.queries.input_sheets import Asked, InputSheet
from kpi.queries.inputs import subject_of
from kpi.queries.roster import Assessed
from projects.models import Project
from staff.models import Account


@dataclass(frozen=True, slots=True)
class MissingInput:
    """Something that is asked of a subject and was not recorded: `count` ballots of a panel, or one figure, choice, category."""

    sheet: InputSheet
    one: Assessed
    title: str
    part: str = ""
    band: str = ""
    unit: str = ""
    project: Project | None = None
    count: int = 1


def missing_inputs(actor: Account, asked: Asked, wanted: str = "") -> Iterator[MissingInput]:
    """Everything the year asks for and nobody has recorded, of all sheets or one; what may be left out is not owed."""
    inputs = list(live_inputs(actor, asked.year))
    for sheet in asked.sheets:
        if wanted in ("", sheet.name):
            yield from missing_on(asked, sheet, inputs)


def missing_on(asked: Asked, sheet: InputSheet, inputs: Sequence[AssessmentInput]) -> Iterator[MissingInput]:
    """What is missing on one sheet; rates are asked for by days, not by subjects (`lacking_rates`)."""
    if sheet.is_optional or sheet.kind == InputKind.RATE:
        return
    live = live_of(inputs, sheet)
    if sheet.kind == InputKind.RATING:
        yield from _ballots(asked, sheet, live)
        return
    for row in sheet_rows(asked, sheet, live, sheet_columns(asked, sheet, live)):
        for cell in row.cells:
            if cell.asked and cell.latest is None and not row.history:
                column = cell.column
                yield MissingInput(
                    sheet, row.one, column.title, column.part, column.band, column.unit, row.project
                )


def _ballots(asked: Asked, sheet: InputSheet, live: Live) -> Iterator[MissingInput]:
    """A panel owes as many ballots as the scheme expects, or as it has voters; at least one."""
    given = [(subject_of(one), one.part, one.voter) for one in (*live.holds.values(), *live.waits.values())]
    for panel in sheet.panels:
        owed = panel.expected or max(len(voters_of(live, panel.code)), 1)
        for one in asked.subjects_of(sheet):
            voters = {who for key, part, who in given if (key, part) == (one.key, panel.code)}
            if len(voters) < owed:
                yield MissingInput(sheet, one, panel.title, panel.code, count=owed - len(voters))
