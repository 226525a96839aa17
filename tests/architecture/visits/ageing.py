"""An ageing rule that can be withdrawn."""

from django.utils import timezone

from projects.models import AgeingRule, Project
from staff.models import Account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    rule = AgeingRule.objects.create(
        stage="lead",
        project_class="major",
        working_days=5,
        holds_from=timezone.localdate(),
        set_by=manager,
    )
    return {"projects:ageing-rule-drop": rule}
