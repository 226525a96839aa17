"""What the demo tells of its years once they are calculated, in order; the close of past years comes last.

A chapter is a function of the world and the year that goes through actions and gives the line to show ("": nothing to show). A
subject adds its own, in a module of its own, where it comes in the course of a year.
"""

from collections.abc import Callable, Iterator

from kpi.demo import bonuses, recalculate
from kpi.demo.awards import tell_awards
from kpi.demo.bulletins import bulletins
from kpi.demo.cards import cards
from kpi.demo.closing import close_past_year
from kpi.demo.grades import tell_grades
from kpi.demo.offices import offices
from kpi.demo.pay import tell_past_pay, tell_present_pay
from kpi.demo.publicity import tell_publicity
from projects.demo.world import World

Chapter = Callable[[World, int], str]


def last_night(world: World, year: int) -> str:
    """The running year once more, after what was done today and decided of the past: awards won before count now."""
    recalculate(actor=world.accounts["hr"], year=year)
    return "what changed since last night"


#: Told for each past year, the earlier first: what was made public, decided, paid, and at last closed.
PAST_YEARS: tuple[Chapter, ...] = (tell_publicity, tell_awards, tell_grades, bonuses.tell_past, tell_past_pay)
#: Told for the running year, after everything else.
THIS_YEAR: tuple[Chapter, ...] = (
    offices,
    cards,
    bulletins,
    last_night,
    bonuses.tell_now,
    tell_present_pay,
)


def tell_years(world: World) -> Iterator[str]:
    """Every chapter of every year; the demo has two past years and the running one."""
    this_year = world.today.year
    for year in (this_year - 2, this_year - 1):
        # The close comes last: whatever is told of a past year stands in the list before it.
        for chapter in (*PAST_YEARS, close_past_year):
            yield chapter(world, year)
    for chapter in THIS_YEAR:
        yield chapter(world, this_year)
