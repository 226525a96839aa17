"""What three years of projects look like: drawn by chance with a fixed seed, relative to the day of the demo."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from projects.actions.history_records import PastAchievement, PastCompany, PastFollowUp, PastProject
from projects.demo.names import NAMED, TRADES, invent_companies
from projects.demo.papers import filed
from projects.models import Channel, CreditRole, FollowUpKind, Industry, Park, ProjectClass
from projects.workflow import ORDER, Stage, Status
from promotion.money import WAN, YI
from staff.models import Account, Person, Team, TeamKind

PROJECTS = 400
SHARES = ((CreditRole.CAPTURE, 30), (CreditRole.INTRODUCTION, 50), (CreditRole.LANDING, 20))
# How much a team brings in beside the others, so that rankings differ; the last one also misses its targets.
STRENGTH = {"GJ1": 1.6, "GJ3": 1.4, "GJ5": 1.25, "ZD1": 1.2, "ZD3": 1.3, "GJ6": 1.1, "GJ8": 0.35, "GJ9": 0.7}
FIELDS = {
    "新能源": "new_energy",
    "集成电路": "integrated_circuits",
    "生物医药": "biomedicine",
    "智能网联汽车": "smart_vehicles",
    "高端装备": "equipment",
    "新材料": "materials",
    "智慧建筑": "smart_building",
    "现代服务": "services",
}
# How likely a project takes the step to the stage at this place: most are lost before they sign.
KEPT = {1: 0.82, 2: 0.72, 3: 0.76, 4: 0.97, 5: 0.95, 6: 0.97, 7: 0.98}
NEXT_STEPS = {
    Stage.LEAD: ("首次洽谈", "电话回访", "寄送园区资料"),
    Stage.NEGOTIATION: ("土地方案", "高层会见", "来访考察", "报送投资方案"),
    Stage.ADMISSION: ("联审会签", "补充尽调材料", "准入评审会"),
    Stage.SIGNED: ("注册登记", "名称核准", "土地挂牌"),
    Stage.REGISTERED: ("办理施工许可", "环评批复", "场地移交"),
    Stage.STARTED: ("主体验收", "补验资报告", "协调供电接入"),
    Stage.COMPLETED: ("竣工验收备案", "设备进场"),
    Stage.PRODUCED: ("入规申报", "回访增资意向"),
}
TALK = {
    FollowUpKind.VISIT: "走访企业总部，参观生产线，了解扩产计划和选址要求。",
    FollowUpKind.RECEPTION: "接待企业一行来区考察，看了两处地块，对配套条件表示认可。",
    FollowUpKind.CALL: "电话沟通投资进度，对方正在走内部决策程序。",
    FollowUpKind.MEETING: "会商政策条款和供地方案，双方就分期建设达成一致。",
    FollowUpKind.NOTE: "整理项目情况，更新投资估算和建设时序。",
}


@dataclass(frozen=True)
class Cast:
    """Who takes part: officers by team code with their accounts, and the two managers who recognise."""

    officers: dict[str, list[tuple[Person, Account]]]
    teams: dict[str, Team]
    managers: Sequence[Account]
    administrator: Account


def plan_projects(cast: Cast, today: date) -> list[PastProject]:
    """About 400 projects over some three years, the three named ones first."""
    chance = random.Random(7_202_611)  # noqa: S311 demo data, not secrets
    companies = list(invent_companies(chance))
    plans = [_named(cast, place, today) for place in range(len(NAMED))]
    ranked = [team for team in cast.teams.values() if team.kind in (TeamKind.TASK_FORCE, TeamKind.STATIONED)]
    weights = [STRENGTH.get(team.code, 1.0) for team in ranked]
    start = date(today.year - 3, 4, 1)
    span = (today - start).days - 2
    days = sorted(
        start + timedelta(int(span * chance.random() ** 0.75)) for _ in range(PROJECTS - len(plans))
    )
    turns: Counter[str] = Counter()
    for number, day in enumerate(days):
        team = chance.choices(ranked, weights)[0]
        turns[team.code] += 1
        plans.append(_invented(cast, chance, team, day, today, companies, number, turns[team.code]))
    return plans


def _named(cast: Cast, place: int, today: date) -> PastProject:
    """A project that the case names: signed before the years that are assessed, with its published total only.

    The case gives no dates; the day of the present stage is a placeholder that keeps it free of marks for standing still.
    """
    company, name, industry, total = NAMED[place]
    code = ("GJ1", "GJ9", "GJ6")[place]
    person, account = cast.officers[code][0]
    signing = tuple((stage, date(2021, 1, 4) + timedelta(30 * n)) for n, stage in enumerate(ORDER[:4]))
    stages = (*signing, (Stage.REGISTERED, today - timedelta(10)))
    signed = PastAchievement(
        "signed", stages[3][1], account, total, decided_by=cast.managers[0], decided_on=stages[3][1]
    )
    return PastProject(
        name=name,
        company=PastCompany(company),
        owner=person,
        team=cast.teams[code],
        created_by=account,
        channel=Channel.INDUSTRY_CHAIN,
        channel_note="公开案例项目；日期与经办人为演示占位",
        stages=stages,
        shares=tuple((person, role, Decimal(percent)) for role, percent in SHARES),
        industry=industry,
        project_class=ProjectClass.STRATEGIC,
        park=Park.MAIN,
        planned_investment=total,
        admission_note="公开案例项目",
        summary="江阴高新区公开实践案例中的落户项目，总投资为公开数字。",
        next_step="按计划推进",
        next_step_on=today + timedelta(30 + place),
        achievements=(signed,),
    )


def _invented(
    cast: Cast,
    chance: random.Random,
    team: Team,
    day: date,
    today: date,
    companies: list[tuple[str, PastCompany]],
    number: int,
    turn: int,
) -> PastProject:
    wanted = {FIELDS[field] for field in team.fields if field in FIELDS}
    abroad = team.code == "ZD3"
    fitting = [
        c
        for c in companies
        if (c[1].country != "中国") == abroad and (abroad or not wanted or c[0] in wanted)
    ]
    industry, company = chance.choice(fitting or companies)
    members = cast.officers[team.code]
    owner, account = members[turn % len(members)]
    amount = _investment(chance)
    foreign = abroad or chance.random() < 0.3
    stages, status = _stages(chance, day, today, STRENGTH.get(team.code, 1.0))
    last = stages[-1][0]
    step_day = today + timedelta(chance.choice((-9, -3, 0, 1, 2, 4, 6, 9, 14, 21)))
    open_step = status == Status.ACTIVE and chance.random() > 0.08
    return PastProject(
        name=f"{company.name[2:4] if company.country == '中国' else company.name[:2]}{chance.choice(TRADES[industry][1])}"
        + (f"{chance.choice('二三')}期" if chance.random() < 0.1 else "项目"),
        company=company,
        owner=owner,
        team=team,
        created_by=account,
        channel=_channel(chance, team),
        stages=stages,
        shares=_shares(chance, members, owner),
        industry=Industry(industry),
        capital_source="foreign" if abroad else "mixed" if foreign else "domestic",
        project_class=_size_class(amount),
        park=chance.choice(list(Park)),
        planned_investment=amount,
        admission_note="符合产业准入要求" if ORDER.index(last) >= 2 else "",
        status=status,
        status_reason={Status.LOST: "企业改投外地", Status.SUSPENDED: "企业内部决策暂缓"}.get(status, ""),
        next_step=chance.choice(NEXT_STEPS[last]) if open_step else "",
        next_step_on=step_day if open_step else None,
        achievements=tuple(_achievements(cast, chance, account, stages, amount, foreign, today, number)),
        follow_ups=tuple(_follow_ups(chance, account, day, today, status)),
        is_demo=True,
    )


def _investment(chance: random.Random) -> Decimal:
    """From 2 000 万 to some 60 亿元, most of them around 2 亿."""
    return (Decimal(str(round(min(max(chance.lognormvariate(0.75, 1.1), 0.2), 60), 2))) * YI).quantize(
        Decimal(1)
    )


def _size_class(amount: Decimal) -> ProjectClass:
    """The zone's demo thresholds: 重大 from 5 亿元, 重特大 from 20 亿元."""
    return (
        ProjectClass.STRATEGIC
        if amount >= 20 * YI
        else ProjectClass.MAJOR
        if amount >= 5 * YI
        else ProjectClass.ORDINARY
    )


def _channel(chance: random.Random, team: Team) -> str:
    if team.kind == TeamKind.STATIONED:
        return chance.choices(
            (Channel.STATIONED, Channel.CHAMBER, Channel.ENTRUSTED, Channel.FUND), (6, 2, 2, 1)
        )[0]
    return chance.choices(list(Channel), (2, 2, 2, 2, 3, 4, 2, 2, 2, 0.4))[0]


def _shares(
    chance: random.Random, members: list[tuple[Person, Account]], owner: Person
) -> tuple[tuple[Person, str, Decimal], ...]:
    """Mostly the owner alone; sometimes a colleague caught the lead or helps it to land."""
    helper = chance.choice(members)[0]
    if helper == owner or chance.random() < 0.25:
        return tuple((owner, role, Decimal(percent)) for role, percent in SHARES)
    return (
        (helper, CreditRole.CAPTURE, Decimal(30)),
        (owner, CreditRole.INTRODUCTION, Decimal(50)),
        (owner, CreditRole.LANDING, Decimal("12.5")),
        (helper, CreditRole.LANDING, Decimal("7.5")),
    )


def _stages(
    chance: random.Random, day: date, today: date, strength: float
) -> tuple[tuple[tuple[Stage, date], ...], Status]:
    """How far a project came by today: each step takes some weeks and may be the last."""
    pace = {1: 35, 2: 60, 3: 60, 4: 35, 5: 110, 6: 330, 7: 100}
    stages, when, status = [(Stage.LEAD, day)], day, Status.ACTIVE
    for place, stage in enumerate(ORDER[1:], start=1):
        when = when + timedelta(max(3, round(chance.gauss(pace[place], pace[place] / 3))))
        if when > today:
            break
        if chance.random() > KEPT[place] * (0.97 + 0.03 * strength):
            # Old leads that went nowhere have been ended; some of the younger ones are still talked about.
            status = _outcome(chance, place, (today - when).days)
            break
        stages.append((stage, when))
    return tuple(stages), status


def _outcome(chance: random.Random, place: int, days: int) -> Status:
    """What becomes of a project that stays where it is: signed ones go on, old leads are ended."""
    if place > 3:
        return Status.ACTIVE
    if days > 150:
        return chance.choice((Status.LOST, Status.LOST, Status.SUSPENDED))
    return chance.choice((Status.ACTIVE, Status.ACTIVE, Status.LOST))


def _achievements(
    cast: Cast,
    chance: random.Random,
    account: Account,
    stages: tuple[tuple[Stage, date], ...],
    amount: Decimal,
    foreign: bool,
    today: date,
    number: int,
) -> Iterator[PastAchievement]:
    reached = dict(stages)
    # What is paid in stays within what was registered: foreign receipts come to at most 0.72 of the plan.
    shares = {Stage.SIGNED: Decimal("0.93"), Stage.REGISTERED: Decimal("0.75" if foreign else "0.22")}
    for stage in ORDER[3:]:
        if stage not in reached:
            continue
        share = shares.get(stage)
        whole = (amount * share).quantize(Decimal(1)) if share else None
        marks: dict[str, Any] = {"last": stage == stages[-1][0], "foreign": foreign}
        yield _decided(cast, chance, stage.value, reached[stage], account, whole, today, number, **marks)
    if Stage.REGISTERED in reached and foreign:
        yield from _receipts(cast, chance, account, reached[Stage.REGISTERED], amount, today, number)
    if Stage.STARTED in reached:
        for months in (4, 10, 16):
            when = reached[Stage.STARTED] + timedelta(30 * months)
            if when < today:
                part = (amount * Decimal("0.18")).quantize(Decimal(1))
                yield _decided(cast, chance, "fixed_asset", when, account, part, today, number)
    if Stage.PRODUCED in reached:
        yield from _output(cast, chance, account, reached[Stage.PRODUCED], amount, today, number)
    if (
        Stage.SIGNED in reached
        and Stage.STARTED not in reached
        and (today - reached[Stage.SIGNED]).days > 300
    ):
        yield PastAchievement(
            "incident",
            min(reached[Stage.SIGNED] + timedelta(300), today),
            cast.managers[1],
            title="签约超过 300 天未开工",
            incident_reason="overdue_not_started",
            decided_by=cast.managers[0],
        )


def _receipts(
    cast: Cast,
    chance: random.Random,
    account: Account,
    start: date,
    amount: Decimal,
    today: date,
    number: int,
) -> Iterator[PastAchievement]:
    """Foreign capital in two or three receipts, in USD with the rate of the day."""
    dollars = min((amount * Decimal("0.6") / 7 / WAN).quantize(Decimal(1)), Decimal(5000)) * WAN
    for part in range(chance.choice((2, 3, 3))):
        when = start + timedelta(40 + 95 * part)
        if when < today:
            rate = Decimal(str(round(chance.uniform(7.02, 7.24), 4)))
            share = (dollars * Decimal("0.4")).quantize(Decimal(1))
            yield _decided(
                cast, chance, "paid_in", when, account, share, today, number, rate=rate, part=part + 1
            )


def _output(
    cast: Cast,
    chance: random.Random,
    account: Account,
    start: date,
    amount: Decimal,
    today: date,
    number: int,
) -> Iterator[PastAchievement]:
    for quarter in range(8):
        when = start + timedelta(60 + 91 * quarter)
        if when < today:
            worth = (amount * Decimal(str(round(chance.uniform(0.05, 0.12), 3)))).quantize(Decimal(1))
            yield _decided(cast, chance, "output", when, account, worth, today, number)
            yield _decided(cast, chance, "tax", when, account, worth * Decimal("0.05"), today, number)


def _decided(
    cast: Cast,
    chance: random.Random,
    kind: str,
    when: date,
    account: Account,
    amount: Decimal | None,
    today: date,
    number: int,
    *,
    rate: Decimal | None = None,
    part: int = 0,
    last: bool = False,
    foreign: bool = False,
) -> PastAchievement:
    """Recognised within days; the newest still wait, one in forty was sent back, one in twelve counts in part."""
    decided = when + timedelta(chance.randint(1, 9))
    waiting = decided > today or (today - when).days < 24
    returned = last and not waiting and (today - when).days < 60 and chance.random() < 0.15
    partial = amount is not None and not rate and chance.random() < 0.08
    certificate = f"YZ-{when:%Y%m}-{number:03}-{part or 1}" if kind in ("paid_in", "fixed_asset") else ""
    title = f"第 {part} 笔外资" if part else ""
    return PastAchievement(
        kind,
        when,
        account,
        amount,
        currency="USD" if rate else "CNY",
        exchange_rate=rate,
        certificate=certificate,
        title=title,
        state="submitted" if waiting else "returned" if returned else "recognised",
        decided_by=None if waiting else chance.choice(cast.managers),
        decided_on=decided,
        recognised_amount=(amount * Decimal("0.9")).quantize(Decimal(1)) if partial and amount else None,
        decision_note="投资协议缺盖章页，请补齐后重新提交"
        if returned
        else "按验资材料核减"
        if partial
        else "",
        evidence=filed(kind, number, when, part, foreign=foreign or rate is not None),
    )


def _follow_ups(
    chance: random.Random, account: Account, day: date, today: date, status: Status
) -> Iterator[PastFollowUp]:
    when = day
    for _ in range(chance.randint(3, 8)):
        when += timedelta(chance.randint(6, 50))
        if when >= today:
            return
        kind = chance.choice(list(TALK))
        moment = timezone.make_aware(datetime(when.year, when.month, when.day, chance.randint(9, 17), 30))  # noqa: DTZ001
        yield PastFollowUp(kind, moment, TALK[kind], account)
