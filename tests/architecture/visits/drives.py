"""A supervised drive over the visited project."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from projects.actions.drive import start_drive
from projects.actions.drive_lines import Target
from projects.models import Project
from staff.models import Account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    today = timezone.localdate()
    drive = start_drive(
        actor=manager, name="百日攻坚", leader=project.owner, starts_on=today, ends_on=today + timedelta(90),
        projects=[project], target=Target(today + timedelta(30), text="厂房交付"),
    )  # fmt: skip
    line = SimpleNamespace(public_id=drive.public_id, pk=drive.lines.get().pk, verb="report")
    return {
        "projects:drive": drive,
        "projects:drive-edit": drive,
        "projects:drive-close": drive,
        "projects:drive-workbook": drive,
        "projects:drive-projects": drive,
        "projects:drive-line": line,
        "projects:project-drive": project,
    }
