"""The demo's liaison offices: targets of the running year, those abroad live from foreign capital."""

from decimal import Decimal

from kpi import actions
from projects.demo.world import World
from staff.models import Team, TeamKind

#: Targets by code in the indicator's unit (assumptions): 个, 万美元.
AT_HOME = {"signing": Decimal(2), "foreign_capital": Decimal(100)}
ABROAD = {"signing": Decimal(1), "foreign_capital": Decimal(2000)}


def offices(world: World, year: int) -> str:
    """HR sets the targets of every office."""
    found = list(Team.objects.filter(kind=TeamKind.LIAISON).select_related("parent").order_by("position"))
    rows = [
        actions.TargetRow(code, amount, team=office)
        for office in found
        for code, amount in (ABROAD if office.parent and office.parent.code == "ZD3" else AT_HOME).items()
    ]
    actions.set_targets(actor=world.accounts["hr"], year=year, rows=rows)
    return f"{len(found)} liaison offices with targets"
