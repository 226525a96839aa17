"""What must be done before a year is closed: each subject tells its own check, in the order of the year."""

from collections.abc import Callable

from kpi.models import Run
from kpi.queries.closing import calculation, decided, given
from kpi.queries.closing.check import Check
from kpi.queries.course import decisive_run

__all__ = ["CHECKS", "Check", "checks_of"]

#: Functions of the year and its decisive run.
CHECKS: tuple[Callable[[int, Run | None], Check], ...] = (
    calculation.scheme,
    given.targets,
    given.achievements,
    given.inputs,
    calculation.due,
    calculation.whole_year,
    calculation.unchanged,
    calculation.undecided,
    decided.publicity,
    decided.objections,
    decided.awards,
    decided.cards,
    decided.grades,
    decided.bonuses,
    decided.pay,
)


def checks_of(year: int) -> list[Check]:
    """All checks of a year; the number of queries is constant."""
    run = decisive_run(year)
    return [check(year, run) for check in CHECKS]
