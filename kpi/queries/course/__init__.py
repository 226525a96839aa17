"""The course of a year of assessment (年度进程): its steps in order, each told by its own subject, and the run decisions stand on."""

from collections.abc import Callable

from kpi.models import Run
from kpi.queries.course import awards, closing, opening, rewards
from kpi.queries.course.bonuses import bonuses
from kpi.queries.course.bulletins import bulletins
from kpi.queries.course.publicity import publicity
from kpi.queries.course.step import Progress, Step
from kpi.queries.publicity import final_publicity
from kpi.queries.run import current_run
from staff.models import Account

__all__ = ["STEPS", "Progress", "Step", "course_of", "decisive_run"]

# In the order of the year. A subject adds its own: a function of the actor, the year and its decisive run.
STEPS: tuple[Callable[[Account, int, Run | None], Step], ...] = (
    opening.scheme,
    opening.targets,
    opening.calculation,
    publicity,
    awards.awards,
    rewards.grades,
    bonuses,
    rewards.pay,
    bulletins,
    closing.close,
)


def decisive_run(year: int) -> Run | None:
    """The run that awards, grades and pay of the year stand on: that of the final list (定案); before it, the one that readers see."""
    final = final_publicity(year)
    return final.final_run if final else current_run(year)


def course_of(actor: Account, year: int) -> list[Step]:
    """Every step of the year, in order; the number of queries is constant."""
    run = decisive_run(year)
    return [step(actor, year, run) for step in STEPS]
