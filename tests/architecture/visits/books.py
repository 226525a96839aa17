"""The ranking table as a workbook; without a run it is refused to those who may take it."""

from types import SimpleNamespace

from projects.models import Project
from staff.models import Account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    return {"kpi:book": SimpleNamespace(year=2026, code="ranking", form="xlsx")}
