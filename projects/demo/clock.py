"""Clocks in the demo: rules, late leads, a mention, a postponed step, an appointment, and this morning's reminders."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from projects.access import projects_visible_to
from projects.actions import log_lead, plan_next_step, postpone_next_step, write_follow_up
from projects.actions.clock import set_clock_rule
from projects.actions.reminder import remind
from projects.demo.world import World
from projects.queries.clock import RUNNING_STAGES, clock_book, late
from promotion.actions import correct_calendar
from promotion.working_days import working_calendar

# name, company, channel, amount in 万元, working days since the report, place of the officer in the team
LEADS = (
    ("瀚川储能变流器扩产项目", "苏州瀚川储能科技有限公司（演示）", "stationed", 18_000, 2, 0),
    ("云栖车规级功率模块项目", "上海云栖微电子有限公司（演示）", "fund", 52_000, 5, 0),
    ("和光生物试剂包装项目", "无锡和光生物材料有限公司（演示）", "investor_referral", 6_000, 0, 0),
    ("岚图智能座舱线束项目", "武汉岚图汽车电子有限公司（演示）", "industry_chain", 12_500, 4, 1),
    ("森陆精密减速器项目", "宁波森陆传动科技有限公司（演示）", "chamber", 9_800, 9, 2),
)
TALK = "电话了解进度：对方正在走内部决策程序，约定下周再碰一次。"
# Which of the projects in talk keep being late with their report: every so many.
SLOW = 4


def tell(world: World) -> str:
    """Through the actions that people use, as of the demo's day."""
    today, calendar = world.today, working_calendar()
    _rules(world)
    _report(world)
    team = world.cast.officers["GJ1"]
    for name, company, channel, wan, days, place in LEADS:
        account = world.accounts["officer"] if place == 0 else team[-place][1]
        log_lead(
            actor=account,
            name=name,
            company_name=company,
            channel=channel,
            planned_investment=Decimal(wan) * 10_000,
            next_step="首次联系",
            next_step_on=calendar.after(today, 1) if days == 0 else calendar.before(today, max(days - 1, 1)),
            on=calendar.before(today, days) if days else today,
        )
    _work(world, today)
    morning = datetime.combine(today, time(9), timezone.get_current_timezone())
    said = remind(morning, among=[world.accounts[key] for key in ("officer", "leader", "manager")])
    return f"{len(LEADS)} leads with clocks, {said} people reminded"


def _rules(world: World) -> None:
    first = date(world.today.year, 1, 1)
    note = "演示规则；天数为假设"
    manager = world.accounts["manager"]
    set_clock_rule(actor=manager, kind="judgement", working_days=3, holds_from=first, note=note)
    set_clock_rule(
        actor=manager,
        kind="judgement",
        working_days=2,
        holds_from=first,
        project_class="strategic",
        note=note,
    )
    year = world.today.year + 1
    days = {date(year, 1, 1): False, date(year, 1, 2): False, date(year, 1, 3): False}
    correct_calendar(actor=world.accounts["hr"], days=days, note="元旦放假安排（演示文号）")


def _report(world: World) -> None:
    """Most of what is in talk has been reported on lately."""
    due = projects_visible_to(world.accounts["manager"]).filter(late(clock_book(world.today), "report"))
    quiet = due.filter(stage__in=RUNNING_STAGES).select_related("owner__account", "team").order_by("pk")
    for place, project in enumerate(quiet):
        if place % SLOW:
            moment = timezone.make_aware(
                datetime.combine(world.today - timedelta(place % 5 + 1), time(10, 20))
            )
            write_follow_up(
                actor=project.owner.account,  # type: ignore[union-attr]
                project=project,
                kind="call",
                text=TALK,
                happened_at=moment,
            )


def _work(world: World, today: date) -> None:
    """A colleague's question, a step put off twice, an appointment this afternoon."""
    officer, leader = world.accounts["officer"], world.accounts["leader"]
    own = list(
        projects_visible_to(officer)
        .filter(owner=officer.person, status="active", stage="lead")
        .order_by("-pk")[:2]
    )
    asked, arranged = own[0], own[-1]
    write_follow_up(
        actor=leader,
        project=asked,
        kind="note",
        text=f"@{officer.display_name} 客商问青阳园区的电价和蒸汽，请今天回一句。",
    )
    start = max(asked.next_step_on or today, today)
    for days, reason in ((1, "对方法务休假"), (2, "等总部排期")):
        asked.refresh_from_db()
        postpone_next_step(actor=officer, project=asked, to=start + timedelta(days), reason=reason)
    plan_next_step(
        actor=officer,
        project=arranged,
        next_step="线上会：介绍地块和配套",
        next_step_on=today,
        next_step_at=time(15, 30),
    )
