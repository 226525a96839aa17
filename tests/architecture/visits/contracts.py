"""A contract of the officer that waits for signature."""

from datetime import date

from projects.models import Project
from promotion.models import ImportBatch
from staff.models import Account, ContractState
from tests.factories.contracts import make_contract


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    contract = make_contract(
        officer.person,
        number="HT-2026-0001",
        state=ContractState.DRAFT,
        starts_on=date(2026, 1, 1),
        ends_on=None,
    )
    batch = ImportBatch.objects.create(kind="contracts", file_name="合同.xlsx", created_by=manager)
    return {"staff:contract*": contract, "staff:contracts-*": batch}
