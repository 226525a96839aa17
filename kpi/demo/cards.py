"""The demo's cards: rules of the house, the last month and quarter that are over proposed, most of it decided, one lifted."""

from datetime import date, timedelta
from decimal import Decimal

from kpi.actions import card as actions
from projects.demo.world import World

#: kind, group, colour, limit (assumptions).
RULES = (
    ("behind", "teams", "yellow", 40),
    ("behind", "teams", "red", 60),
    ("last", "teams", "yellow", 2),
    ("idle", "teams", "yellow", 3),
    ("idle", "teams", "red", 6),
    ("incidents", "officers", "yellow", 2),
)


def cards(world: World, year: int) -> str:
    """HR proposes, a manager decides, another one lifts."""
    hr, manager, deputy = (world.accounts[key] for key in ("hr", "manager", "deputy"))
    for kind, group, colour, limit in RULES:
        actions.settle_card_rule(
            actor=manager,
            kind=kind,
            group=group,
            colour=colour,
            limit=Decimal(limit),
            holds_from=date(year - 1, 1, 1),
            note="亮牌办法（演示设定）",
        )
    month = world.today.replace(day=1) - timedelta(1)
    quarter = (world.today.month - 1) // 3 or 4
    quarter_year = year if world.today.month > 3 else year - 1
    of_quarter = actions.propose_cards(actor=hr, year=quarter_year, period=f"Q{quarter}")
    of_month = actions.propose_cards(actor=hr, year=month.year, period=f"M{month.month:02}")
    shown = actions.show_cards(actor=manager, cards=of_quarter) if of_quarter else []
    if len(of_month) > 2:
        actions.decline_cards(
            actor=manager, cards=of_month[:1], reason="当月有两个项目待认定，下月再看。（演示）"
        )
        actions.show_cards(actor=manager, cards=of_month[1:-1])
    if shown:
        actions.lift_card(actor=deputy, card=shown[-1], reason="整改完成，已补签两个项目。（演示）")
    return f"{len(of_quarter) + len(of_month)} cards proposed, {len(shown)} shown for the quarter"
