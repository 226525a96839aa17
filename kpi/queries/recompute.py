"""A past run computed once more from the ledger as it stood, with its scheme: the same inputs give the same digits."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kpi.models import Run, Standing
from kpi.queries import calculation
from kpi.queries.calculation import Calculation, input_fingerprint
from kpi.queries.ledger import ledger_digest
from kpi.queries.measures import Extent
from kpi.queries.scheme import read_scheme
from kpi.scoring.rounding import rounded


@dataclass(frozen=True, slots=True)
class Difference:
    """A subject that came out otherwise; None where it is missing on one side."""

    subject: str
    group: str
    total_then: Decimal | None
    total_now: Decimal | None
    rank_then: int | None
    rank_now: int | None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What came out: how many subjects, which differ, and whether the inputs are those of the run.

    With the same inputs nothing may differ. Inputs differ when targets, posts or entries of the year were changed since,
    or the engine is a newer one.
    """

    run: Run
    subjects: int
    same_inputs: bool
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        return not self.differences


def recompute(run: Run) -> Recomputed:
    """Compute a finished run again, without writing anything."""
    work = _computed(run)
    found = {
        (group, one.person_id, one.team_id): (rounded(placed.sheet.total, 4), placed.place, one.subject.name)
        for group, standings in work.standings.items()
        for placed in standings
        for one in work.subjects
        if one.subject.code == placed.sheet.subject.code
    }
    same = input_fingerprint(work) == run.fingerprint
    return Recomputed(run, len(found), same, tuple(_differences(run, found)))


def _computed(run: Run) -> Calculation:
    extent = Extent(run.year, run.last_line, run.as_of)
    work = calculation.prepare(read_scheme(run.scheme), run.scheme.fingerprint, extent)
    work.ledger = ledger_digest(run.year, run.last_line)
    for step in (calculation.measure, calculation.score, calculation.rank):
        step(work, lambda _done, _planned: None)
    return work


Key = tuple[str, int | None, int | None]


def _differences(run: Run, found: dict[Key, tuple[Decimal, int, str]]) -> Iterator[Difference]:
    then = {(one.group, one.person_id, one.team_id): one for one in Standing.objects.filter(run=run)}
    for key in sorted({*then, *found}, key=str):
        before, now = then.get(key), found.get(key)
        if before and now and (before.total, before.rank) == now[:2]:
            continue
        yield Difference(
            subject=before.subject_name if before else now[2] if now else "",
            group=key[0],
            total_then=before.total if before else None,
            total_now=now[0] if now else None,
            rank_then=before.rank if before else None,
            rank_now=now[1] if now else None,
        )
