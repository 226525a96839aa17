"""New jobs in the demo: of projects that are built or produce; counted in whole and in part, waiting, sent back, taken back."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from projects.access import projects_visible_to
from projects.actions import (
    recognise_achievement,
    report_achievement,
    return_achievement,
    reverse_achievement,
)
from projects.demo.papers import paper
from projects.demo.world import World
from projects.models import Achievement, AchievementKind, Project
from projects.workflow import ORDER, Stage, Status

# With the type of document each is filed as.
PAPERS = (("社保缴纳证明.pdf", "social_insurance"), ("用工备案表.pdf", "employment_filing"))
#: People reported, and what a manager makes of it.
TOLD = (
    (126, "whole"),
    (58, "part"),
    (240, "whole"),
    (35, "returned"),
    (72, "waiting"),
    (18, "reversed"),
)


def tell(world: World) -> str:
    """Companies that build or produce employ people; the manager counts whom the social insurance shows."""
    manager = world.accounts["manager"]
    built = projects_visible_to(manager).filter(
        stage__in=(Stage.PRODUCED, Stage.COMPLETED, Stage.STARTED),
        status=Status.ACTIVE,
        reported_on__lt=world.today - timedelta(days=90),
    )
    furthest = sorted(built.order_by("-pk"), key=lambda one: ORDER.index(Stage(one.stage)), reverse=True)
    projects = furthest[: len(TOLD)]
    for place, (project, (people, fate)) in enumerate(zip(projects, TOLD, strict=False)):
        made = _reported(project, people, world.today - timedelta(days=20 + 7 * place), place)
        _decide(world, made, fate)
    return f"{len(projects)} reports of new jobs"


def _reported(project: Project, people: int, day: date, place: int) -> Achievement:
    return report_achievement(
        actor=project.created_by,
        kind=AchievementKind.JOBS,
        project=project,
        happened_on=day,
        people=people,
        title=f"{day.year} 年第 {(day.month + 2) // 3} 季度新增",
        source="社保参保名册",
        evidence=[
            SimpleUploadedFile(title, paper("jobs", project.pk, day, place, copy), "application/pdf")
            for copy, (title, _kind) in enumerate(PAPERS)
        ],
        evidence_types=[kind for _title, kind in PAPERS],
    )


def _decide(world: World, made: Achievement, fate: str) -> None:
    manager = world.accounts["manager"]
    if fate == "returned":
        return_achievement(actor=manager, achievement=made, reason="名册与缴纳月份不一致，请补齐后重新提交")
    elif fate == "part":
        note = "其中 12 人为集团内部调入，不算新增"
        recognise_achievement(actor=manager, achievement=made, recognised_people=46, note=note)
    elif fate != "waiting":
        decided = recognise_achievement(actor=manager, achievement=made)
        if fate == "reversed":
            reverse_achievement(actor=manager, achievement=decided, reason="核查发现与上季度名单重复")
