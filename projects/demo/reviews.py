"""Joint reviews of the demo: one runs, one is late, one passed with conditions over an opinion against it, one was withdrawn."""

from datetime import timedelta

from projects.access import departments_visible_to, projects_visible_to
from projects.actions.conditions import Condition
from projects.actions.joint_review import decide_joint_review, open_joint_review, withdraw_joint_review
from projects.actions.opinion_link import give_opinion_by_link, issue_opinion_link
from projects.actions.review_extension import extend_joint_review
from projects.actions.review_opinion import give_opinion
from projects.demo.world import World
from projects.models import AnswerLink, Department, JointReview, Project
from projects.workflow import Stage, Status
from promotion.working_days import working_calendar

ASKED = ("规划建设局", "自然资源分局", "生态环境局", "供电公司", "应急管理局")
MATTERS = (
    "供地、用能和环评路径一次会签",
    "高标准厂房定制和临时用电方案会签",
    "落户方案和用能总量会签",
    "二期用地预审会签",
)
# How many working days ago each began.
BEGUN = (3, 16, 24, 8)


def tell(world: World) -> str:
    """Ask the departments as officers did; some answered, one round was decided and one withdrawn."""
    departments = {each.name: each for each in departments_visible_to(world.accounts["manager"])}
    asked = [departments[name] for name in ASKED if name in departments]
    manager, officer = world.accounts["manager"], world.accounts["officer"]
    stages = (Stage.NEGOTIATION, Stage.ADMISSION, Stage.SIGNED, Stage.REGISTERED, Stage.STARTED)
    visible = projects_visible_to(manager).filter(status=Status.ACTIVE, stage__in=stages)
    own = list(visible.filter(owner=officer.person).order_by("-pk")[:2])
    others = list(visible.exclude(owner=officer.person).order_by("-pk")[:2])
    rounds = [
        _begun(world, project, asked, number)
        for number, project in enumerate([*own, *others][: len(MATTERS)])
    ]
    for number, review in enumerate(rounds):
        _continued(world, number, review, asked)
    return f"{len(rounds)} joint reviews"


def _begun(world: World, project: Project, asked: list[Department], number: int) -> JointReview:
    return open_joint_review(
        actor=project.created_by,
        project=project,
        subject=MATTERS[number],
        departments=asked,
        opened_on=max(working_calendar().before(world.today, BEGUN[number]), project.reported_on),
    )


def _continued(world: World, number: int, review: JointReview, asked: list[Department]) -> None:
    """The first waits for two, the second is late with one, the third has everything said, the fourth was withdrawn."""
    silent = (2, 1, 0, len(asked) - 1)[number]
    for place, department in enumerate(asked[: len(asked) - silent]):
        if number == 1 and place == 0:
            link, _key = _sent(review, department)
            give_opinion_by_link(actor=None, link=link, opinion="agree", text="方案可行，无不同意见。")
        else:
            _said(world, review, department, place, decided=number == 2)
    if number == 0:
        _sent(review, asked[-1])
        extend_joint_review(
            actor=review.opened_by,
            review=review,
            due_on=working_calendar().after(review.due_on, 3),
            reason="企业补充了用能测算，请部门按新数据反馈。",
        )
    if number == 2:
        decide_joint_review(
            actor=world.accounts["manager"],
            review=review,
            outcome="passed",
            note="同意按会签意见推进，附加条件在开工前逐项落实。",
            override_reason="供电公司所提容量问题已由市公司列入年度扩容计划，先行临时接入。",
        )
    if number == 3:
        withdraw_joint_review(
            actor=review.opened_by, review=review, reason="企业调整了二期方案，改后再发起新一轮。"
        )


def _sent(review: JointReview, department: Department) -> tuple[AnswerLink, str]:
    contact = department.contacts.earliest("pk")
    return issue_opinion_link(actor=review.opened_by, review=review, department=department, contact=contact)


def _said(world: World, review: JointReview, department: Department, place: int, *, decided: bool) -> None:
    actor, owner = review.opened_by, review.project.owner
    contact = department.contacts.first()
    if place == 1:
        give_opinion(
            actor=actor, review=review, department=department, contact=contact, opinion="conditional",
            text="地块在开发边界内，挂牌前须完成两项手续。",
            conditions=[
                Condition("取得用地预审与选址意见书", owner, world.today + timedelta(days=25)),
                Condition("补交土壤污染状况调查报告", owner, world.today - timedelta(days=2)),
            ],
        )  # fmt: skip
    elif place == 3 and decided:
        give_opinion(
            actor=actor, review=review, department=department, contact=contact, opinion="against",
            text="现有变电站剩余容量不足 8 MW，须待扩容后再接入。",
        )  # fmt: skip
    else:
        give_opinion(
            actor=actor, review=review, department=department, contact=contact, opinion="agree",
            text="无不同意见。",
        )  # fmt: skip
