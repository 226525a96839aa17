"""A threshold, and a request that waits for recognition."""

from decimal import Decimal

from django.utils import timezone

from projects.models import KeyProjectRecognition, KeyProjectThreshold, Project
from staff.models import Account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    today = timezone.localdate()
    threshold = KeyProjectThreshold.objects.create(
        project_class="major",
        milestone="signed",
        measure="contract",
        amount=Decimal(500_000_000),
        holds_from=today,
        set_by=manager,
    )
    asked = KeyProjectRecognition.objects.create(
        project=project, project_class="major", reason="链主配套", submitted_by=officer, measured_on=today
    )
    return {
        "projects:key-threshold-end": threshold,
        "projects:key-recognition": asked,
        "projects:key-recognise": asked,
        "projects:key-return": asked,
        "projects:key-withdraw": asked,
        "projects:key-revoke": asked,
    }
