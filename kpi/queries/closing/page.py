"""The close of a year as its page and the API tell it."""

from dataclasses import dataclass
from typing import Any

from kpi.access import closing as access
from kpi.models import (
    AssessmentYear,
    CreditDue,
    Run,
    SealKind,
    Standing,
    YearRequest,
    YearRequestState,
    YearSeal,
)
from kpi.queries import seal as sealing
from kpi.queries.closing import Check, checks_of
from kpi.queries.course import decisive_run
from staff.models import Account

MOST_MOVED = 50


@dataclass(frozen=True, slots=True)
class Moved:
    """A subject that stands otherwise than in the year's earlier seal; None where it is missing on one side."""

    name: str
    group: str
    before: tuple[int, Any] | None
    now: tuple[int, Any] | None


@dataclass(frozen=True, slots=True)
class Closing:
    """`late`: facts of a closed year that came after the close and do not count. `checks` are asked of an open year only."""

    year: int
    run: Run | None
    closed_at: Any
    checks: list[Check]
    request: YearRequest | None
    seals: list[YearSeal]
    late: int

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def stopping(self) -> int:
        """How many checks stand in the way."""
        return sum(1 for one in self.checks if one.stops)

    @property
    def seal(self) -> YearSeal | None:
        """The seal that holds now."""
        return self.seals[0] if self.is_closed and self.seals else None


def closing_of(actor: Account, year: int) -> Closing:
    """Everything about the close of a year; the number of queries is constant."""
    assessed = AssessmentYear.objects.filter(year=year).first()
    closed_at = assessed.closed_at if assessed else None
    waiting = access.year_requests_visible_to(actor).filter(year=year, state=YearRequestState.WAITING)
    return Closing(
        year=year,
        run=decisive_run(year),
        closed_at=closed_at,
        checks=[] if closed_at else checks_of(year),
        request=waiting.select_related("requested_by", "run").first(),
        seals=sealing.seals_of(year),
        late=CreditDue.objects.filter(year=year).count() if closed_at else 0,
    )


def moved_since(seal: YearSeal) -> list[Moved]:
    """Who stands otherwise than in the year's earlier seal, at most MOST_MOVED; empty for the first seal and for reopenings."""
    if seal.kind != SealKind.CLOSED:
        return []
    earlier = (
        YearSeal.objects.filter(year=seal.year, kind=SealKind.CLOSED, number__lt=seal.number)
        .order_by("-number")
        .first()
    )
    if earlier is None or earlier.run_id == seal.run_id:
        return []
    then, now = _standings(earlier.run_id), _standings(seal.run_id)
    keys = sorted({*then, *now}, key=str)
    moved = [
        Moved((now.get(key) or then[key])[0], key[0], _place(then.get(key)), _place(now.get(key)))
        for key in keys
        if _place(then.get(key)) != _place(now.get(key))
    ]
    return moved[:MOST_MOVED]


Row = tuple[str, int, Any]


def _standings(run: int) -> dict[tuple[str, int | None, int | None], Row]:
    rows = Standing.objects.filter(run=run).values_list(
        "group", "person", "team", "subject_name", "rank", "total"
    )
    return {(group, person, team): (name, rank, total) for group, person, team, name, rank, total in rows}


def _place(row: Row | None) -> tuple[int, Any] | None:
    return None if row is None else (row[1], row[2])
