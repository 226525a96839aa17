"""Importing a register finds companies under every name they go by, so that none is written twice."""

from datetime import date
from decimal import Decimal

import pytest

from projects.actions import change_company, import_history
from projects.actions.company_name import add_alias
from projects.actions.history_records import PastCompany, PastProject
from projects.models import Company
from projects.workflow import Stage
from staff.models import Account
from tests.factories.projects import make_company

pytestmark = pytest.mark.django_db
CODE = "91320214MA1234567T"


def past(officer: Account, company: PastCompany, number: int) -> PastProject:
    assert officer.person is not None
    return PastProject(
        name=f"历史项目{number}",
        company=company,
        owner=officer.person,
        team=officer.person.appointments.get().team,
        created_by=officer,
        channel="event",
        stages=((Stage.LEAD, date(2024, 3, 1)),),
        shares=((officer.person, "introduction", Decimal(100)),),
    )


def test_companies_are_found_by_code_former_and_english_name(
    officer: Account, manager: Account, administrator: Account
) -> None:
    known = make_company(officer, name="演示储能股份有限公司")
    change_company(actor=manager, company=known, english_name="Demo Storage Ltd")
    add_alias(actor=manager, company=known, name="演示电池有限公司", kind="former")
    coded = make_company(officer, name="演示材料有限公司", credit_code=CODE)
    before = Company.objects.count()
    named = ("演示储能股份有限公司", "演示电池有限公司", "Demo Storage Ltd")
    rows = [past(officer, PastCompany(name), number) for number, name in enumerate(named)]
    rows.append(past(officer, PastCompany("写法不同的演示材料", credit_code=CODE.lower()), 8))
    rows.append(past(officer, PastCompany("真正的新企业"), 9))

    written = import_history(actor=administrator, projects=rows)

    assert [project.company_id for project in written[:4]] == [known.pk, known.pk, known.pk, coded.pk]
    assert Company.objects.count() == before + 1
