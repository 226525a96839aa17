"""The year-end workbook: what HR opens, that it computes nothing by itself, and that taking it is recorded."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from openpyxl.workbook import Workbook

from kpi.actions.run import execute_run, request_run
from kpi.models import Target
from promotion.models import AuditEntry
from staff.models import Account, Team
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised, make_share

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]
ADDRESS = "/ranking/workbook/?year=2025"


@pytest.fixture
def scored(
    officer: Account, outsider: Account, manager: Account, first_team: Team, second_team: Team
) -> Account:
    """The outsider's team has met its target, the officer's has not; the officer's name looks like a formula."""
    make_scheme(2025)
    assert officer.person
    assert outsider.person
    officer.person.name = "=1+1"
    officer.person.save()
    project = make_project(outsider)
    make_share(project, outsider.person, 100, holds_from=date(2025, 1, 1))
    make_recognised(project, outsider, manager, happened_on=date(2025, 3, 1))
    for team in (first_team, second_team):
        Target.objects.create(year=2025, indicator="signings", team=team, amount=1)
    for person in (officer.person, outsider.person):
        Target.objects.create(year=2025, indicator="signings", person=person, amount=2)
    recalculate()
    return officer


def recalculate() -> None:
    execute_run(run_id=request_run(actor=None, year=2025).pk)


def workbook(client: Client) -> Workbook:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.content))


def rows(book: Workbook, name: str, first: int = 4) -> list[tuple[object, ...]]:
    return list(book[name].iter_rows(min_row=first, values_only=True))


def test_workbook_ranks_teams_and_officers(
    client_as: SignIn, hr: Account, scored: Account, outsider: Account, first_team: Team, second_team: Team
) -> None:
    book = workbook(client_as(hr))

    assert book.sheetnames == ["专员排名", "团队排名", "得分明细", "评奖", "说明"]
    assert [row[:3] for row in rows(book, "团队排名")] == [(1, second_team.name, 50), (2, first_team.name, 0)]
    assert [row[:5] for row in rows(book, "专员排名")] == [
        (1, outsider.display_name, "一级招商专员", second_team.name, 25),
        (2, "=1+1", "一级招商专员", first_team.name, 0),
    ]
    assert [cell.value for cell in book["团队排名"][3]][:5] == [
        "名次",
        "团队",
        "总分",
        "项目签约（满分 50）",
        "扣分事项",
    ]


def test_snail_award_is_listed_only_when_the_last_team_also_missed_its_target(
    client_as: SignIn, hr: Account, scored: Account, first_team: Team
) -> None:
    client = client_as(hr)
    missed = [row[:3] for row in rows(workbook(client), "评奖")]
    Target.objects.filter(team=first_team).update(amount=Decimal("0.0001"))
    Target.objects.exclude(team=first_team).exclude(team=None).update(amount=1)
    sign_too(scored)
    recalculate()
    met = [row[0] for row in rows(workbook(client), "评奖")]

    assert missed[1] == ("蜗牛奖", first_team.name, "警示")
    assert met == ["卓越奖", "卓越奖"]


def sign_too(account: Account) -> None:
    """The officer signs as well: both teams share the first place, and no last team has missed its target."""
    project = make_project(account)
    assert account.person
    make_share(project, account.person, 100, holds_from=date(2025, 1, 1))
    decided_by = Account.objects.filter(role="manager").exclude(pk=account.pk).first()
    assert decided_by
    make_recognised(project, account, decided_by, happened_on=date(2025, 4, 1))


def test_text_that_looks_like_a_formula_stays_text(client_as: SignIn, hr: Account, scored: Account) -> None:
    cell = workbook(client_as(hr))["专员排名"]["B5"]

    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_sheets_are_set_up_for_print(client_as: SignIn, hr: Account, scored: Account) -> None:
    sheet = workbook(client_as(hr))["得分明细"]

    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$3:$3", "E4")
    assert sheet.oddFooter.right.text == "&P / &N"


def test_workbook_says_what_it_rests_on(client_as: SignIn, hr: Account, scored: Account) -> None:
    found = {row[0]: row[1] for row in rows(workbook(client_as(hr)), "说明", first=3)}

    assert found["核算批次"] == "第 1 次"
    assert found["截至日期"] == "2025-12-31"
    assert len(str(found["输入指纹"])) == 64


def test_taking_the_workbook_is_recorded_and_not_for_everybody(
    client_as: SignIn, hr: Account, auditor: Account, officer: Account, scored: Account
) -> None:
    statuses = [client_as(account).get(ADDRESS).status_code for account in (hr, auditor, officer)]

    assert statuses == [200, 200, 403]
    assert set(AuditEntry.objects.filter(verb="ranking.export").values_list("actor", flat=True)) == {
        hr.pk,
        auditor.pk,
    }


def test_year_without_results_is_not_found(client_as: SignIn, hr: Account) -> None:
    assert client_as(hr).get("/ranking/workbook/?year=2024").status_code == 404
