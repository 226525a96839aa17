"""What grades ask for, what people can do, and courses."""

from datetime import date
from types import SimpleNamespace

from projects.models import LoadLimit, Project
from staff.models import Account, GradeRequirement
from tests.factories.staff import make_person


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    requirement = GradeRequirement.objects.create(
        grade="first", text="熟悉政策", position=1, holds_from=date(2021, 1, 1)
    )
    grade = SimpleNamespace(grade="senior")
    person = make_person(languages="日语")
    field = person.known_fields.create(field="集成电路", level="knows", starts_on=date(2021, 1, 1))
    limit = LoadLimit.objects.create(
        grade="first", projects=5, key_projects=1, holds_from=date(2021, 1, 1), set_by=manager
    )
    return {
        "staff:requirement-end": requirement,
        "staff:requirement-adopt": grade,
        "staff:requirement-order": grade,
        "staff:language-add": person,
        "staff:language-end": person.spoken.get(),
        "staff:field-add": person,
        "staff:field-end": field,
        "projects:load-limit-drop": limit,
    }
