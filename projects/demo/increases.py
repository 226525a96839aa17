"""Increases of capital in the demo: of two projects that produce, one recognised and one that waits."""

from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from projects.access import projects_visible_to
from projects.actions import recognise_achievement, report_achievement
from projects.demo.papers import paper
from projects.demo.world import World
from projects.models import AchievementKind, Recognition
from projects.workflow import Stage, Status

FOREIGN = ("foreign", "mixed")
# With the type of document each is filed as: the first is there for everybody, the second for foreign capital.
PAPERS = (("变更登记通知书.pdf", "business_licence"), ("外资备案回执.pdf", "foreign_filing"))


def tell(world: World) -> str:
    """Companies that produce put in more; a manager has recognised the first."""
    manager = world.accounts["manager"]
    produced = projects_visible_to(manager).filter(
        stage=Stage.PRODUCED,
        status=Status.ACTIVE,
        achievements__kind=AchievementKind.PRODUCED,
        achievements__state=Recognition.RECOGNISED,
        achievements__happened_on__lt=world.today - timedelta(days=30),
    )
    projects = list(produced.order_by("-pk").distinct()[:2])
    for place, project in enumerate(projects):
        day = world.today - timedelta(days=12 + place)
        papers = PAPERS if project.capital_source in FOREIGN else PAPERS[:1]
        made = report_achievement(
            actor=project.created_by,
            kind=AchievementKind.INCREASE,
            project=project,
            happened_on=day,
            title="二期扩产增资",
            amount=Decimal(80_000_000 - 30_000_000 * place),
            evidence=[
                SimpleUploadedFile(title, paper("increase", project.pk, day, place, copy), "application/pdf")
                for copy, (title, _kind) in enumerate(papers)
            ],
            evidence_types=[kind for _title, kind in papers],
        )
        if place == 0:
            recognise_achievement(actor=manager, achievement=made)
    return f"{len(projects)} increases of capital"
