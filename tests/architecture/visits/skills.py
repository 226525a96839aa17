"""What grades ask for, what people can do, and courses."""

from datetime import date
from types import SimpleNamespace

from projects.models import Project
from staff.models import Account, GradeRequirement


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    requirement = GradeRequirement.objects.create(
        grade="first", text="熟悉政策", position=1, holds_from=date(2021, 1, 1)
    )
    grade = SimpleNamespace(grade="senior")
    return {
        "staff:requirement-end": requirement,
        "staff:requirement-adopt": grade,
        "staff:requirement-order": grade,
    }
