"""The demo's past years are closed by their two persons."""

from kpi import actions
from kpi.actions.closing import close_year, prepare_closing
from kpi.models import CreditDue
from kpi.queries.publicity import final_publicity
from projects.actions import return_achievement
from projects.demo.world import World
from projects.models import Achievement, Recognition
from promotion.errors import Refused


def close_past_year(world: World, year: int) -> str:
    """What came since the calculation is counted first, as HR would have it before closing."""
    if final_publicity(year) is None:
        # In the first days of January last year's results are still to be made public.
        return ""
    hr, manager = world.accounts["hr"], world.accounts["manager"]
    _return_waiting(world, year)
    if CreditDue.objects.filter(year=year).exists():
        run = actions.request_run(actor=hr, year=year)
        actions.execute_run(run_id=run.pk)
    try:
        seal = close_year(actor=manager, request=prepare_closing(actor=hr, year=year))
    except Refused as refused:
        # On a day on which something is open, the year stays open, as it would in life.
        return f"{year}: left open. {refused}"
    return f"{year}: closed, link {seal.number} of the chain"


def _return_waiting(world: World, year: int) -> None:
    """What was reported for the year and nobody recognised goes back to its officers."""
    deciders = (world.accounts["deputy"], world.accounts["manager"])
    for one in Achievement.objects.filter(happened_on__year=year, state=Recognition.SUBMITTED).order_by("pk"):
        decider = next(each for each in deciders if each.pk != one.submitted_by_id)
        return_achievement(actor=decider, achievement=one, reason="年度已结束，材料补齐后再报（演示）。")
