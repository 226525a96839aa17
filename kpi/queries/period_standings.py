"""Standings at the end of the quarters and half-years (分期名次), each from the run that counts up to that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpi import access
from kpi.models import Run, RunState, Standing, TargetPeriod
from kpi.queries.run import current_run
from kpi.scoring.bulletin import period_of
from staff.models import Account

#: The ends that are compared: results count from January, so a quarter stands for the year up to its end.
ENDS = ("Q1", "H1", "Q3", "year")


@dataclass(frozen=True, slots=True)
class PeriodEnd:
    """A column: the period, its last day, the run that says how it stood (None: none near it), and whether it is over.

    `is_exact`: the run counts to that very day. While it is not, one may be calculated once the day is past.
    """

    code: str
    label: str
    last: date
    run: Run | None
    is_over: bool

    @property
    def is_exact(self) -> bool:
        return self.run is not None and self.run.as_of == self.last

    @property
    def can_be_calculated(self) -> bool:
        return self.is_over and not self.is_exact


@dataclass(frozen=True, slots=True)
class Cell:
    """A subject in one column: its standing and the places gained since the column before."""

    standing: Standing
    moved: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A subject with its cells, one a column."""

    name: str
    cells: Sequence[Cell | None]


def period_ends(year: int, today: date) -> list[PeriodEnd]:
    """The columns of a year that have begun; two queries."""
    runs = Run.objects.filter(year=year, state=RunState.DONE).select_related("scheme")
    shown, whole = current_run(year), list(runs.order_by("as_of", "pk"))
    found, before = [], date(year - 1, 12, 31)
    for code in ENDS:
        last = period_of(code).days(year)[1]
        if before >= today:
            break
        near = [run for run in whole if before < run.as_of <= last]
        # The run that readers see comes first where it counts to the same day as a later or an earlier one.
        run = next(
            (one for one in near if one == shown and one.as_of == near[-1].as_of), near[-1] if near else None
        )
        found.append(PeriodEnd(code, str(TargetPeriod(code).label), last, run, last < today))
        before = last
    return found


def period_rows(actor: Account, ends: Sequence[PeriodEnd], group: str) -> list[Row]:
    """Everybody who was ranked in the group at one of the ends, in the order of the newest; one query."""
    runs = [end.run for end in ends if end.run is not None]
    standings = access.standings_visible_to(actor).filter(run__in=runs, group=group)
    held: dict[tuple[int | None, int | None], dict[int, Standing]] = {}
    for one in standings.select_related("person", "team"):
        held.setdefault((one.person_id, one.team_id), {})[one.run_id] = one
    rows = [Row(_name(own), _cells(ends, own)) for own in held.values()]
    return sorted(rows, key=_order)


def _name(own: dict[int, Standing]) -> str:
    return own[max(own)].subject_name


def _cells(ends: Sequence[PeriodEnd], own: dict[int, Standing]) -> list[Cell | None]:
    cells: list[Cell | None] = []
    before: Standing | None = None
    for end in ends:
        one = own.get(end.run.pk) if end.run else None
        moved = before.rank - one.rank if one and before else None
        cells.append(Cell(one, moved) if one else None)
        before = one or before
    return cells


def _order(row: Row) -> tuple[int, int, Decimal, str]:
    """By the rank in the newest column in which somebody stands; who stands in none of the last comes after."""
    for place, cell in enumerate(reversed(row.cells)):
        if cell is not None:
            return place, cell.standing.rank, -cell.standing.total, row.name
    return len(row.cells), 0, Decimal(0), row.name
