"""Blockers of the demo: some running under each card, one answered by a link, one solved, one twice extended."""

from datetime import timedelta

from projects import actions
from projects.access import departments_visible_to, projects_visible_to
from projects.demo.world import World
from projects.models import Blocker, Department, Project
from projects.workflow import Stage, Status
from promotion.working_days import working_calendar

CASES = (
    (
        "供电公司",
        "110kV 外线接入方案未批",
        "主变已订货，外线方案报审后一直没有批复，影响 12 月设备调试。请明确批复时间。",
        9,
    ),
    ("规划建设局", "施工许可证卡在图审意见", "第三轮图审意见互相矛盾，请组织一次集中会审。", 5),
    ("生态环境局", "环评公示期间收到信访", "企业已补充噪声监测报告，请尽快出具处理意见。", 3),
    ("自然资源分局", "二期地块尚未挂牌", "企业二期已决策，请明确挂牌时间。", 2),
    ("行政审批局", "经营范围表述需要会商", "涉及许可事项，请市场监管条线给出口径。", 1),
    ("应急管理局", "安全条件审查补正材料", "评价单位已补正，请尽快复审。", 12),
    ("规划建设局", "临时开口审批", "施工车辆出入需要在园区大道临时开口。", 20),
)


def tell(world: World) -> str:
    """Raise them as officers did, let some be answered, solved and escalated."""
    departments = {each.name: each for each in departments_visible_to(world.accounts["manager"])}
    manager, officer = world.accounts["manager"], world.accounts["officer"]
    stages = (Stage.SIGNED, Stage.REGISTERED, Stage.STARTED)
    visible = projects_visible_to(manager).filter(status=Status.ACTIVE, stage__in=stages)
    own = list(visible.filter(owner=officer.person).order_by("pk")[:3])
    others = list(visible.exclude(owner=officer.person).order_by("pk")[:4])
    raised = [
        _raised(world, departments, project, case)
        for project, case in zip([*own, *others], CASES, strict=False)
    ]
    for number, blocker in enumerate(raised):
        _continued(world, number, blocker)
    climbed = actions.escalate_blockers(actor=None, on=working_calendar().after(world.today, 0))
    return f"{len(raised)} blockers, {climbed} escalations"


def _raised(
    world: World, departments: dict[str, Department], project: Project, case: tuple[str, str, str, int]
) -> Blocker:
    name, title, text, days = case
    return actions.raise_blocker(
        actor=project.created_by,
        project=project,
        department=departments[name],
        contact=departments[name].contacts.first(),
        title=title,
        text=text,
        on=max(working_calendar().before(world.today, days), project.reported_on),
    )


def _continued(world: World, number: int, blocker: Blocker) -> None:
    """The third and the last were answered, the last is solved; the first got a link that nobody has used."""
    actor = blocker.raised_by
    if number == 0:
        actions.issue_link(actor=actor, blocker=blocker)
    elif number in (2, 6):
        link, _key = actions.issue_link(actor=actor, blocker=blocker)
        promised = world.today + timedelta(4)
        actions.answer_by_link(
            actor=None, link=link, text="已会商，按会议纪要办理，请企业配合补充材料。", promised_on=promised
        )
    if number == 6:
        actions.solve_blocker(actor=actor, blocker=blocker, solution="临时开口已批复并施工完成。")
