"""What grades ask for, what people can do, and courses."""

from datetime import date, timedelta
from types import SimpleNamespace

from django.utils import timezone

from projects.models import LoadLimit, Project
from staff.models import Account, Course, GradeRequirement, TrainingPlanLine, TrainingSession
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
    course = Course.objects.create(title="谈判", field="negotiation", hours=4, credits=2)
    starts = timezone.now() - timedelta(1)
    session = TrainingSession.objects.create(
        course=course, starts_at=starts, ends_at=starts + timedelta(hours=1), room="甲", teacher="乙", seats=5
    )
    line = TrainingPlanLine.objects.create(
        person=officer.person, course=course, since=date(2026, 1, 1), due_on=date(2030, 1, 1)
    )
    return {
        "staff:team-*": project.team,
        "staff:chart-pdf": SimpleNamespace(size="a4", body="centre"),
        "staff:attendance*": session,
        "staff:session-*": session,
        "staff:training-session": session,
        "staff:training-plan-drop": line,
        "staff:course-change": course,
        "staff:requirement-end": requirement,
        "staff:requirement-adopt": grade,
        "staff:requirement-order": grade,
        "staff:language-add": person,
        "staff:language-end": person.spoken.get(),
        "staff:field-add": person,
        "staff:field-end": field,
        "projects:load-limit-drop": limit,
    }
