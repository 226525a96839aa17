"""The officer of the first team is away and leaves."""

from datetime import date

from projects.models import Project
from staff.models import Absence, Account, Departure


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    absence = Absence.objects.create(
        person=officer.person, kind="sick", starts_on=date(2026, 1, 1), written_by=manager
    )
    departure = Departure.objects.create(
        person=officer.person, kind="resigned", ends_on=date(2030, 1, 1), reason="辞职", opened_by=manager
    )
    return {"staff:absence-*": absence, "staff:departure*": departure}
