"""The past years were made public in the January after: most confirmed, two objected, one was right, and the list was drawn."""

from datetime import date
from decimal import Decimal

from kpi.actions.publicity import announce_publicity, confirm_result, draft_publicity
from kpi.actions.publicity_final import finalise_publicity
from kpi.actions.publicity_history import date_back
from kpi.actions.score_objection import decide_score_objection, raise_score_objection, settle_remedy
from kpi.actions.target import set_target
from kpi.demo import recalculate
from kpi.models import Item, Publicity, Standing, Target, TargetPeriod
from kpi.queries.publicity import is_behind
from kpi.queries.run import current_run
from projects.demo.world import World
from promotion.money import divided
from promotion.web.formats import exact
from promotion.working_days import working_calendar
from staff.models import Account

# How many of the people confirmed by themselves.
CONFIRMED = 40
# What is measured by a target, and ten months of twelve.
BY_TARGET = "foreign_capital"
WORKED, LENT = Decimal(10), Decimal(2)
TIMES = "年中借调驻点两个月，外资到账目标没有按在岗月数折算。"


def tell_publicity(world: World, year: int) -> str:
    """The year's publicity; nothing in the first days of January, when last year's is still to come."""
    calendar = working_calendar()
    opens_on = calendar.after(date(year + 1, 1, 5), 0)
    if calendar.after(opens_on, 5) >= world.today:
        return ""
    hr, manager, deputy = (world.accounts[name] for name in ("hr", "manager", "deputy"))
    drafted = draft_publicity(actor=hr, year=year, contact="人事科（演示）", is_demo=True)
    found = announce_publicity(actor=manager, publicity=drafted)
    confirmed = _confirm(found)
    _object_in_vain(found, world.accounts["officer"], deputy)
    if year == world.today.year - 1:
        _object_with_success(found, hr, deputy)
    date_back(actor=hr, publicity=found, opens_on=opens_on)
    run = current_run(year)
    if run is not None and is_behind(run):
        recalculate(actor=hr, year=year)
    finalise_publicity(actor=manager, publicity=found)
    date_back(actor=hr, publicity=found, opens_on=opens_on)
    return f"{year}: public, {confirmed} confirmed, {found.objections.count()} objected, settled"


def _confirm(found: Publicity) -> int:
    """Every third of the people, by number."""
    people = Standing.objects.filter(run=found.run_id, person__account__is_active=True)
    chosen = list(people.select_related("person__account").order_by("person__staff_number"))[::3]
    for standing in chosen[:CONFIRMED]:
        if standing.person is not None:
            confirm_result(actor=standing.person.account, publicity=found, standing=standing)
    return len(chosen[:CONFIRMED])


def _object_in_vain(found: Publicity, officer: Account, deputy: Account) -> None:
    """The officer of the cast would like more for landing; the day of the fact lies in another year."""
    mine = Standing.objects.filter(run=found.run_id, person=officer.person_id).first()
    item = Item.objects.filter(standing=mine).order_by("-position").first() if mine else None
    if mine is None or item is None:
        return
    made = raise_score_objection(
        actor=officer,
        publicity=found,
        standing=mine,
        indicator=item.indicator,
        text="十二月底谈妥的一个项目没有计入。",
        asked="请计入本年度。",
    )
    decide_score_objection(
        actor=deputy,
        objection=made,
        outcome="rejected",
        reason="该项目次年一月才签约，按细则计入次年度。",
    )


def _object_with_success(found: Publicity, hr: Account, deputy: Account) -> None:
    """Somebody who was lent for two months gets a target in proportion."""
    items = Item.objects.filter(
        standing__run=found.run_id,
        standing__person__account__is_active=True,
        indicator=BY_TARGET,
        points__gt=0,
    ).select_related("standing__person__account")
    for item in items.order_by("standing__rank", "pk"):
        person = item.standing.person
        held = Target.objects.filter(
            year=found.year, person=person, indicator=BY_TARGET, period=TargetPeriod.YEAR, level="base"
        ).first()
        if person is None or held is None or item.points is None or item.points >= (item.full_marks or 0):
            continue
        made = raise_score_objection(
            actor=person.account,
            publicity=found,
            standing=item.standing,
            indicator=item.indicator,
            text=TIMES,
            asked="请按十个月折算目标。",
        )
        made = decide_score_objection(
            actor=deputy, objection=made, outcome="upheld", reason="借调通知属实，按在岗月数折算。"
        )
        amount = divided(held.amount, [WORKED, LENT], Decimal("0.0001"))[0]
        set_target(actor=hr, year=found.year, code=BY_TARGET, person=person, amount=amount)
        settle_remedy(
            actor=deputy,
            objection=made,
            kind="target",
            text=f"外资到账目标调整为 {exact(amount)} 万美元，重新核算。",
        )
        return
