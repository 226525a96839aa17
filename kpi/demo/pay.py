"""Demo pay: scale and rule released, the months of past years paid and settled, the running year up to last month."""

from datetime import date
from decimal import Decimal

from kpi import actions
from kpi.actions.pay_rules import PayTerms, ScaleRow
from kpi.demo.grades import is_decided
from kpi.models import PaySheet
from kpi.pay.line import PERFORMANCE
from kpi.queries.pay_rules import SCALE_START, pay_rule_for
from projects.demo.world import World

SAID = "案例只写明“考核薪酬占比达三分之二”；金额、系数表、预发比例和折算天数均为演示设定。"


def tell_past_pay(world: World, year: int) -> str:
    """Twelve months of a past year, and its settlement."""
    if pay_rule_for(year) is None:
        _release(world, year)
    for month in range(1, 13):
        _pay(world, actions.make_pay_sheet(actor=world.accounts["hr"], year=year, month=month))
    if not is_decided(year):
        return f"{year}: twelve months paid"
    _pay(world, actions.make_settlement(actor=world.accounts["hr"], year=year))
    return f"{year}: twelve months paid and settled"


def tell_present_pay(world: World, year: int) -> str:
    """The months before this one, the last of them waiting for a second person; in January there is none yet."""
    hr = world.accounts["hr"]
    for month in range(1, world.today.month):
        sheet = actions.make_pay_sheet(actor=hr, year=year, month=month)
        if month < world.today.month - 1:
            _pay(world, sheet)
            continue
        line = sheet.lines.select_related("person").order_by("pk")[1]
        actions.correct_pay(
            actor=hr,
            sheet=sheet,
            person=line.person,
            kind=PERFORMANCE,
            amount=Decimal(500),
            note="驻点补贴补发（演示）",
        )
    return f"{year}: {max(world.today.month - 1, 0)} pay sheets"


def _pay(world: World, sheet: PaySheet) -> None:
    actions.confirm_pay_sheet(actor=world.accounts["manager"], sheet=sheet, approve=True)
    actions.pay_out(actor=world.accounts["hr"], sheet=sheet)


def _release(world: World, year: int) -> None:
    hr, manager = world.accounts["hr"], world.accounts["manager"]
    scale = actions.draft_pay_scale(
        actor=hr,
        title="招商专员薪酬标准",
        holds_from=date(year, 1, 1),
        rows=[ScaleRow(grade, paid.base, paid.performance) for grade, paid in SCALE_START.items()],
        assumptions=SAID,
    )
    actions.release_pay_scale(actor=manager, scale=scale)
    terms = PayTerms(
        title="考核薪酬办法",
        holds_from=year,
        method="linear",
        points=(
            (Decimal(0), Decimal("0.6")),
            (Decimal(12), Decimal(1)),
            (Decimal(36), Decimal("1.2")),
        ),
        advance_percent=Decimal(60),
        assumptions=SAID,
    )
    actions.release_pay_rule(actor=manager, rule=actions.draft_pay_rule(actor=hr, terms=terms))
