"""A card of the first team that was shown."""

from django.utils import timezone

from kpi.models import Card
from projects.models import Project
from staff.models import Account, Role
from tests.factories.staff import make_account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    card = Card.objects.create(
        year=2026,
        period="Q1",
        group="teams",
        team=project.team,
        colour="yellow",
        kind="behind",
        reason="落后 20 个百分点。",
        state="shown",
        proposed_by=make_account(Role.HR),
        decided_by=manager,
        decided_at=timezone.now(),
    )
    return {"kpi:card": card, "kpi:card-lift": card}
