"""An input on the officer with its paper, a sheet of the scheme, an uploaded table and a unit."""

from django.core.files.base import ContentFile

from kpi.models import AssessmentInput, InputPaper
from projects.models import Project
from promotion.models import ImportBatch
from staff.models import Account
from tests.factories.staff import make_team


class Sheet:
    """What a sheet is visited with."""

    name = "measure:signing"


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    paper = InputPaper.objects.create(
        title="汇总.pdf",
        file=ContentFile(b"%PDF-1.4 tally", name="tally.pdf"),
        content_type="application/pdf",
        size=14,
        digest="0" * 64,
        uploaded_by=manager,
    )
    entry = AssessmentInput.objects.create(
        year=2026,
        kind="choice",
        code="conduct",
        person=officer.person,
        value=3,
        author="考核组",
        paper=paper,
        recorded_by=manager,
    )
    unit = make_team(code="T1", name="甲镇", kind="unit", assessed_as="town")
    batch = ImportBatch.objects.create(kind="inputs", file_name="录入.xlsx", created_by=manager)
    return {
        "kpi:input-*": entry,
        "kpi:input-paper": paper,
        "kpi:input-sheet": Sheet(),
        "kpi:inputs-*": batch,
        "kpi:unit-*": unit,
    }
