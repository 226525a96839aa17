"""Some sixty promises of both sides on signed projects: kept, partly kept, overdue, changed, one released from."""

import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from projects.access import departments_visible_to, projects_visible_to
from projects.actions.promise import (
    add_promise,
    change_promise,
    confirm_fulfilment,
    report_fulfilment,
    waive_promise,
)
from projects.demo.papers import paper
from projects.demo.world import World
from projects.models import Project, Promise
from projects.workflow import ORDER, Stage
from promotion.money import WAN
from staff.models import Account

PROJECTS = 10
# direction, subject, text, share of the planned investment or a figure, unit, days after the signing, clause
TERMS: tuple[tuple[str, str, str, Decimal | None, str, int, str], ...] = (
    ("company", "paid_in", "注册资本首期到位", Decimal("0.08"), "yuan", 120, "投资协议第 4 条"),
    ("company", "start", "取得施工许可后开工，不晚于约定日期", None, "", 210, "投资协议第 5 条第 1 款"),
    ("company", "production", "首条产线投产", None, "", 640, "投资协议第 5 条第 3 款"),
    ("company", "intensity", "固定资产投资强度", Decimal(450) * WAN, "yuan_per_mu", 700, "投资协议第 6 条"),
    ("company", "jobs", "新增就业岗位", Decimal(260), "people", 720, "投资协议第 7 条"),
    ("zone", "land", "交付净地，完成三通一平", None, "", 90, "投资协议第 3 条"),
    ("zone", "infrastructure", "10 kV 双回路外线接入厂区红线", Decimal(8000), "kva", 240, "配套协议第 2 条"),
    ("zone", "policy", "首期设备投资补助兑现", Decimal("0.01"), "yuan", 400, "扶持协议第 2 条第 1 款"),
    ("zone", "approval", "施工许可并联审批", Decimal(20), "days", 150, "服务承诺书"),
    ("zone", "talent", "人才公寓", Decimal(30), "items", 500, "扶持协议第 5 条"),
)
OFFICES = {"land": 0, "infrastructure": 1, "policy": 2, "approval": 3, "talent": 4}


def tell(world: World) -> str:
    """Each of ten signed projects has six promises; those of the officer of the cast come first."""
    chance = random.Random(7_202_613)  # noqa: S311 demo data, not secrets
    manager = world.accounts["manager"]
    offices = list(departments_visible_to(manager))
    made = 0
    for project in _chosen(world):
        owner = _account(world, project)
        for promise in _promises(world, chance, project, owner, offices):
            _settle(world, chance, promise, owner)
            made += 1
    return f"{made} promises"


def _chosen(world: World) -> list[Project]:
    manager, person = world.accounts["manager"], world.accounts["officer"].person
    signed = projects_visible_to(manager).filter(
        status="active",
        stage__in=ORDER[ORDER.index(Stage.SIGNED) :],
        planned_investment__isnull=False,
        is_demo=True,
    )
    own = list(signed.filter(owner=person).order_by("pk")[:3])
    return [*own, *signed.exclude(owner=person).order_by("pk")[12 : 12 + PROJECTS - len(own)]]


def _account(world: World, project: Project) -> Account:
    """The log-in of the service specialist."""
    pairs = (pair for members in world.cast.officers.values() for pair in members)
    return next(
        (account for person, account in pairs if person.pk == project.owner_id), world.accounts["manager"]
    )


def _promises(
    world: World, chance: random.Random, project: Project, owner: Account, offices: list[Any]
) -> Iterator[Promise]:
    """Six of the terms, dated from the signing."""
    moves = project.stage_changes.filter(to_stage=Stage.SIGNED).values_list("happened_on", flat=True)
    signed = max(next(iter(moves), project.reported_on), world.today - timedelta(460))
    chosen = sorted(chance.sample(range(len(TERMS)), 6))
    for place in chosen:
        direction, subject, text, figure, unit, days, source = TERMS[place]
        if figure is not None and unit == "yuan":
            figure = (figure * (project.planned_investment or Decimal(0)) / WAN).quantize(Decimal(1)) * WAN
        office = offices[OFFICES[subject] % len(offices)] if offices and direction == "zone" else None
        yield add_promise(
            actor=owner, project=project, direction=direction, subject=subject, text=text, figure=figure or None,
            unit=unit, due_on=signed + timedelta(days), department=office, source=source,
        )  # fmt: skip


def _settle(world: World, chance: random.Random, promise: Promise, owner: Account) -> None:
    """What has come due was mostly kept; some of it in part, some waits, some is late."""
    late = (world.today - promise.due_on).days
    luck = chance.random()
    if late <= 0:
        if luck < 0.12:
            change_promise(
                actor=world.accounts["manager"], promise=promise, due_on=promise.due_on + timedelta(60),
                reason="设备进口许可延后，双方书面同意顺延",
            )  # fmt: skip
        return
    if luck < 0.16:
        return
    if luck < 0.2:
        waive_promise(
            actor=world.accounts["manager"], promise=promise, reason="规划调整，双方以补充协议取消本条"
        )
        return
    part = promise.figure is not None and luck < 0.42
    figure = promise.figure and (promise.figure * (Decimal("0.6") if part else 1)).quantize(Decimal("0.01"))
    evidence = SimpleUploadedFile(
        "履约证明.pdf", paper("promise", promise.pk, promise.due_on, 0), "application/pdf"
    )
    reported = report_fulfilment(
        actor=owner, promise=promise, happened_on=promise.due_on - timedelta(3), figure=figure, is_whole=not part,
        note="按合同条款核对", evidence=[evidence],
    )  # fmt: skip
    if reported.state == "submitted" and luck > 0.5:
        confirm_fulfilment(actor=world.accounts["deputy"], fulfilment=reported, note="与凭证一致")
