"""A line of the credit ledger behind the officer's own standing."""

from kpi.models import LedgerLine
from projects.models import Project
from staff.models import Account
from tests.factories.projects import make_recognised


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    signed = make_recognised(project, officer, manager, kind="tax")
    line = LedgerLine.objects.create(
        year=2026,
        achievement=signed,
        project=project,
        person=officer.person,
        team=project.team,
        ranked_team=project.team,
        kind="tax",
        happened_on=signed.happened_on,
        share=1,
    )
    return {"kpi:ledger-line": line}
