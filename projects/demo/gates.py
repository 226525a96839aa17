"""The gates in the demo: adopted as suggested, with applications, inquiries and pre-coaching on every part of their way."""

from datetime import timedelta
from decimal import Decimal

from projects.access import projects_visible_to
from projects.actions.admission import apply_for_admission, decide_admission
from projects.actions.coaching import open_coaching, record_coaching
from projects.actions.conditions import Condition
from projects.actions.diligence import (
    conclude_diligence,
    confirm_diligence,
    open_diligence,
    record_finding,
)
from projects.actions.gates import adopt_gate_defaults
from projects.demo.world import World
from projects.models import Diligence, Project, ProjectClass, Risk
from projects.workflow import Stage, Status

FINDINGS = (
    ("注册资本实缴到位，主体存续六年，行业排名靠前。", Risk.LOW),
    ("穿透后为自然人控股，两家关联企业均在长三角。", Risk.LOW),
    ("一起买卖合同纠纷已调解结案，无失信记录。", Risk.LOW),
    ("近三年营收增长，资产负债率偏高，短期借款集中到期。", Risk.MIDDLE),
    ("核心专利自有，两项技术授权到 2031 年。", Risk.LOW),
    ("自有资金四成，其余为银团贷款，已有意向函。", Risk.MIDDLE),
    ("无重大危险源，废气处理工艺成熟。", Risk.LOW),
)
ADVICE = (
    ("planning", "总平面退让不足，出入口移到支路，按意见调整后报审。"),
    ("environment", "编制报告表即可，总量指标在园区内平衡。"),
    ("economy", "年综合能耗超过 1000 吨标准煤，须做节能报告。"),
)


def tell(world: World) -> str:
    """Adopt the suggested gates today, then let some projects pass through them."""
    adopt_gate_defaults(actor=world.accounts["manager"], on=world.today)
    visible = projects_visible_to(world.accounts["manager"]).filter(
        status=Status.ACTIVE, project_class__in=(ProjectClass.MAJOR, ProjectClass.STRATEGIC)
    )
    waiting = list(visible.filter(stage=Stage.ADMISSION).order_by("pk")[:4])
    building = list(visible.filter(stage__in=(Stage.SIGNED, Stage.REGISTERED)).order_by("pk")[:2])
    for place, project in enumerate(waiting):
        _applied(world, project, place)
        _inquired(world, project, place)
    for project in building:
        _coached(world, project)
    return f"{len(waiting)} applications and inquiries, {len(building)} projects coached"


def _applied(world: World, project: Project, place: int) -> None:
    land = Decimal(60 + 25 * place)
    application = apply_for_admission(
        actor=project.created_by,
        project=project,
        note="企业已完成可研，申请准入。",
        land_area=land,
        annual_output=project.planned_investment and project.planned_investment * 2,
        annual_tax=land * 280_000,
        annual_energy=None if place == 1 else Decimal(1800),
        jobs=120 + 60 * place,
    )
    owner = project.owner
    if place == 2:
        decide_admission(
            actor=world.accounts["manager"],
            application=application,
            decision="conditional",
            reason="投资强度达标，能耗偏高，整改后入园。",
            on=world.today,
            conditions=[Condition("提交余热回收方案并经经发局认可", owner, world.today + timedelta(days=30))],
        )
    elif place == 3:
        decide_admission(
            actor=world.accounts["manager"],
            application=application,
            decision="admit",
            reason="各项指标达标，符合主导产业方向。",
            on=world.today,
        )


def _inquired(world: World, project: Project, place: int) -> None:
    """The first half filled, the second waiting for a second person, the others confirmed."""
    inquiry = open_diligence(actor=project.created_by, project=project)
    for number, item in enumerate(inquiry.items.all()):
        if place == 0 and number > 2:
            return
        finding, risk = FINDINGS[number % len(FINDINGS)]
        record_finding(actor=project.created_by, diligence=inquiry, item=item, finding=finding, risk=risk)
    _concluded(world, project, inquiry, place)


def _concluded(world: World, project: Project, inquiry: Diligence, place: int) -> None:
    conclude_diligence(
        actor=project.created_by,
        diligence=inquiry,
        conclusion="主体资信良好，财务风险可控，建议推进。",
        risk=Risk.MIDDLE,
    )
    if place > 1:
        confirm_diligence(
            actor=world.accounts["deputy"], diligence=inquiry, note="同意，签约时约定到资进度。"
        )


def _coached(world: World, project: Project) -> None:
    items = {
        item.department.code: item
        for item in open_coaching(actor=project.created_by, project=project)
        if item.department is not None
    }
    for place, (code, advice) in enumerate(ADVICE):
        if code in items:
            record_coaching(
                actor=project.created_by,
                item=items[code],
                advice=advice,
                advised_on=world.today - timedelta(days=6 - place),
                done_on=world.today if place == 1 else None,
            )
