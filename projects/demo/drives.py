"""Supervised drives of the demo: one that runs over eight projects under every lamp, one closed with its result."""

from collections.abc import Sequence
from datetime import date, timedelta

from projects.access import projects_visible_to
from projects.actions.drive import close_drive, start_drive
from projects.actions.drive_lines import Target, add_to_drive, mark_done, report_on_line
from projects.demo.world import World
from projects.models import Drive, Project
from projects.queries.drive import is_reached
from projects.workflow import ORDER, Stage, Status, next_stage
from staff.models import Person

# What was reported on the way to each target, what is in the way, and the reported percent of a target in words.
REPORTS = {
    "": (
        ("环评报告书已受理公示，专家会定在下周三。", "", 85),
        ("施工单位已进场，材料齐三分之二。", "雨天停工四天", 45),
    ),
    Stage.ADMISSION: (("准入材料齐三分之二，约定下周上会。", "", None),),
    Stage.SIGNED: (("投资协议第三稿已发企业法务。", "补贴条款企业要求分两期兑现", None),),
    Stage.REGISTERED: (("注册名称已核准，章程待股东签字。", "外方股东公证件在途", None),),
    Stage.STARTED: (("图审第二轮意见已回复。", "施工许可还缺消防意见", None),),
    Stage.COMPLETED: (("主体封顶，外线施工过半。", "", None),),
}


def tell(world: World) -> str:
    """The running drive is led by the officers' leader and judged by managers; the closed one ended a quarter ago."""
    projects = _eight(world)
    running = _running(world, projects)
    closed = _closed(world, projects)
    return f"{running.lines.count()} projects in a drive, {closed.lines.count()} in a closed one"


def _eight(world: World) -> list[Project]:
    """Three of the officer's, five of others, none secret or produced."""
    stages = [Stage.NEGOTIATION, Stage.ADMISSION, Stage.SIGNED, Stage.REGISTERED, Stage.STARTED]
    found = projects_visible_to(world.accounts["manager"]).filter(
        status=Status.ACTIVE, stage__in=stages, is_secret=False, reported_on__lt=world.today - timedelta(120)
    )
    officer = world.accounts["officer"].person
    own = list(found.filter(owner=officer).order_by("pk")[:3])
    return [*own, *found.exclude(owner=officer).order_by("pk")[: 8 - len(own)]]


def _leader(world: World) -> Person:
    person = world.accounts["leader"].person
    if person is None:
        raise ValueError("the leader of the cast is a person")
    return person


def _running(world: World, projects: Sequence[Project]) -> Drive:
    manager = world.accounts["manager"]
    begun, end = world.today - timedelta(45), world.today + timedelta(45)
    drive = start_drive(
        actor=manager,
        name="重点项目百日攻坚",
        purpose="一个季度内推动八个重点项目各进一个阶段，堵点当周见面、当月见底。",
        leader=_leader(world),
        starts_on=begun,
        ends_on=end,
    )
    for number, project in enumerate(projects):
        add_to_drive(
            actor=manager,
            drive=drive,
            projects=[project],
            target=_target(project, number, world.today),
            on=begun,
        )
    for number, line in enumerate(drive.lines.order_by("pk")):
        if number % 4 == 3:
            continue
        said = REPORTS[line.target_stage]
        done, issue, percent = said[number % len(said)]
        report_on_line(
            actor=line.project.created_by,
            line=line,
            done=done,
            issue=issue,
            progress=percent,
            on=world.today - timedelta(2 + number * 2),
        )
    _finished(world, drive)
    return drive


def _finished(world: World, drive: Drive) -> None:
    """One of the targets in words is reached, and a second person says so."""
    line = drive.lines.filter(target_stage="").order_by("-pk")[0]
    report_on_line(
        actor=line.project.created_by, line=line, done="设备已全部进场，开始单机调试。", progress=100,
        on=world.today - timedelta(1),
    )  # fmt: skip
    mark_done(actor=world.accounts["deputy"], line=line, result="设备进场完成，比期限早十天。")


def _target(project: Project, number: int, today: date) -> Target:
    """Every third in words; the others the next stage, soon or late."""
    onward = next_stage(project.stage)
    due_on = today + timedelta((12, 40, 30)[number % 3])
    if number % 3 == 0 or onward is None:
        return Target(due_on, text=("完成环评批复", "厂房交付", "设备进场")[number // 3 % 3])
    return Target(due_on, stage=onward)


def _closed(world: World, projects: Sequence[Project]) -> Drive:
    """Projects that stood at signing or beyond were driven there; what was not reached went on."""
    manager, deputy = world.accounts["manager"], world.accounts["deputy"]
    signed = [p for p in projects if ORDER.index(Stage(p.stage)) >= ORDER.index(Stage.SIGNED)]
    begun = world.today - timedelta(180)
    drive = start_drive(
        actor=manager,
        name="上季度开工攻坚",
        purpose="已签约项目要么办完手续，要么说明原因。",
        leader=_leader(world),
        starts_on=begun,
        ends_on=world.today - timedelta(60),
        rhythm="monthly",
    )
    target = Target(world.today - timedelta(70), text="开工前手续办结")
    add_to_drive(actor=manager, drive=drive, projects=signed[:4], target=target, on=begun)
    for line in drive.lines.order_by("pk")[:2]:
        report_on_line(
            actor=line.project.created_by, line=line, done="手续已全部办结。", progress=100,
            on=world.today - timedelta(90),
        )  # fmt: skip
        if is_reached(line):
            mark_done(actor=deputy, line=line, result="手续办结", on=world.today - timedelta(75))
    close_drive(
        actor=deputy,
        drive=drive,
        result="四个项目中两个按期办结，其余转入百日攻坚继续督查。",
        on=world.today - timedelta(60),
    )
    return drive
