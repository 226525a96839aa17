"""What each reader sees of scores, rankings, credit and the dashboard, and that every page costs the same however long."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kpi.actions.run import execute_run, request_run
from kpi.models import Item, Run, Standing, Target
from projects.models import Project
from staff.models import Account, Role, Team
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_account

pytestmark = pytest.mark.django_db

YEAR = 2025
SignIn = Callable[[Account], Client]


def sign(account: Account, manager: Account, amount: int = 200_000_000, **fields: Any) -> Project:
    project = make_project(account, **fields)
    assert account.person
    make_share(project, account.person, holds_from=date(YEAR, 1, 1))
    money = Decimal(amount)
    make_recognised(project, account, manager, happened_on=date(YEAR, 3, 1), amount=money, amount_cny=money)
    return project


def target(account: Account, amount: int) -> None:
    assert account.person
    team = account.person.appointments.get().team
    Target.objects.create(year=YEAR, indicator="signings", person=account.person, amount=amount)
    Target.objects.get_or_create(year=YEAR, indicator="signings", team=team, defaults={"amount": amount})


def run_once() -> Run:
    run = execute_run(run_id=request_run(actor=None, year=YEAR).pk)
    assert run is not None
    return run


@pytest.fixture
def signed(officer: Account, outsider: Account, manager: Account) -> Project:
    """The officer signed one of four, the outsider one of one."""
    make_scheme(YEAR)
    project = sign(officer, manager)
    sign(outsider, manager)
    target(officer, 4)
    target(outsider, 1)
    return project


@pytest.fixture
def scored(signed: Project) -> Run:
    return run_once()


def standing_of(run: Run, account: Account) -> Standing:
    return run.standings.get(person=account.person)


def text_of(
    client: Client, name: str, *args: object, query: str = "", status: int = 200, **headers: Any
) -> str:
    response = client.get(f"{reverse(name, args=args)}{query}", **headers)
    assert response.status_code == status
    return response.content.decode()


def test_an_officer_sees_the_own_score_with_items_and_path(
    scored: Run, officer: Account, client_as: SignIn, signed: Project
) -> None:
    page = text_of(client_as(officer), "kpi:score", query=f"?year={YEAR}")

    assert "我的考核 · 2025 年度" in page
    assert "项目签约" in page
    assert "12.50" in page
    assert "1 个 / 目标 4" in page
    assert "这一分从哪里来" in page
    assert signed.name in page
    assert "离第 1 名还差 37.50" in page


def test_another_standing_shows_its_total_and_not_its_items(
    scored: Run, officer: Account, outsider: Account, client_as: SignIn
) -> None:
    page = text_of(client_as(officer), "kpi:standing", standing_of(scored, outsider).pk)

    assert "50.00" in page
    assert "明细不公开" in page
    assert "项目签约" not in page


def test_another_item_is_not_found(
    scored: Run, officer: Account, outsider: Account, client_as: SignIn
) -> None:
    item = Item.objects.get(standing=standing_of(scored, outsider), indicator="signing")

    page = text_of(client_as(officer), "kpi:item-explanation", item.pk, status=404)

    assert "不能查看它的明细" in page


def test_a_leader_opens_members_and_the_team(
    scored: Run, officer: Account, leader: Account, first_team: Team, client_as: SignIn
) -> None:
    client = client_as(leader)

    member = text_of(client, "kpi:standing", standing_of(scored, officer).pk)
    team = text_of(client, "kpi:standing", scored.standings.get(team=first_team).pk)

    assert "项目签约" in member
    assert officer.display_name in team
    assert "项目签约" in team


def test_a_leader_does_not_open_another_team(
    scored: Run, leader: Account, second_team: Team, client_as: SignIn
) -> None:
    page = text_of(client_as(leader), "kpi:standing", scored.standings.get(team=second_team).pk)

    assert "明细不公开" in page


@pytest.mark.parametrize("reader", ["hr", "auditor", "manager", "administrator"])
def test_overseers_open_every_standing(
    scored: Run, outsider: Account, reader: str, client_as: SignIn, request: pytest.FixtureRequest
) -> None:
    client = client_as(request.getfixturevalue(reader))

    assert "项目签约" in text_of(client, "kpi:standing", standing_of(scored, outsider).pk)


def test_who_has_no_score_is_shown_the_ranking(scored: Run, hr: Account, client_as: SignIn) -> None:
    page = text_of(client_as(hr), "kpi:score", query=f"?year={YEAR}")

    assert "排名 · 2025 年度" in page


def test_the_path_holds_rule_arithmetic_fact_credit_and_what_did_not_count(
    scored: Run, officer: Account, client_as: SignIn, signed: Project
) -> None:
    item = Item.objects.get(standing=standing_of(scored, officer), indicator="signing")

    page = text_of(client_as(officer), "kpi:item-explanation", item.pk)

    assert "测试细则" in page
    assert "第一条" in page
    assert item.explanation in page
    assert "计入 1 条业绩归属" in page
    assert reverse("projects:achievement", args=[signed.achievements.get().public_id]) in page
    assert "2.00" in page
    assert "100.0%" in page


def test_the_path_comes_alone_when_the_page_asks_for_it(
    scored: Run, officer: Account, client_as: SignIn
) -> None:
    item = Item.objects.get(standing=standing_of(scored, officer), indicator="signing")

    part = text_of(client_as(officer), "kpi:item-explanation", item.pk, headers={"HX-Request": "true"})

    assert part.lstrip().startswith('<section class="card" id="path"')
    assert "<html" not in part


def ranking_rows(page: str) -> list[list[str]]:
    body = page.split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    rows = re.findall(r"<tr.*?</tr>", body, flags=re.DOTALL)
    return [
        [
            " ".join(re.sub("<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<td.*?</td>", row, flags=re.DOTALL)
        ]
        for row in rows
    ]


def test_ranking_shows_ties_and_movement(
    signed: Project,
    officer: Account,
    colleague: Account,
    outsider: Account,
    manager: Account,
    client_as: SignIn,
) -> None:
    sign(colleague, manager)
    target(colleague, 4)
    run_once()
    for _turn in range(3):
        sign(officer, manager)
    run_once()

    rows = ranking_rows(text_of(client_as(officer), "kpi:ranking", query=f"?year={YEAR}&group=officers"))

    mine = sorted([officer.display_name, outsider.display_name])
    tied = [["1", "↑ 1" if name == officer.display_name else "—", name] for name in mine]
    assert [row[:3] for row in rows] == [*tied, ["3", "↓ 1", colleague.display_name]]
    assert [row[-1] for row in rows] == ["并列", "并列", ""]
    assert {row[2]: row[5] for row in rows}[officer.display_name] == "+37.50"


def test_ranking_names_the_award_candidates(
    scored: Run, manager: Account, first_team: Team, second_team: Team, client_as: SignIn
) -> None:
    page = text_of(client_as(manager), "kpi:ranking", query=f"?year={YEAR}")
    awards = page.split("今天谁在评奖位置", 1)[1]

    assert (
        awards.index("卓越奖")
        < awards.index(second_team.name)
        < awards.index("蜗牛奖")
        < awards.index(first_team.name)
    )


def test_ranking_offers_the_workbook_only_to_those_who_may(
    scored: Run, officer: Account, hr: Account, client_as: SignIn
) -> None:
    assert "下载年终排名表" not in text_of(client_as(officer), "kpi:ranking", query=f"?year={YEAR}")
    assert "下载年终排名表" in text_of(client_as(hr), "kpi:ranking", query=f"?year={YEAR}")


def test_a_year_without_a_run_teaches_the_next_step(officer: Account, client_as: SignIn) -> None:
    assert "这一年还没有核算" in text_of(client_as(officer), "kpi:ranking", query="?year=2020")


def test_project_credit_is_shown_to_its_team_and_hidden_from_strangers(
    scored: Run, signed: Project, officer: Account, outsider: Account, client_as: SignIn
) -> None:
    own = text_of(client_as(officer), "kpi:project-credit", signed.public_id)

    assert officer.display_name in own
    assert "2.0000" in own
    text_of(client_as(outsider), "kpi:project-credit", signed.public_id, status=404)


def test_slots_of_other_pages_show_the_standing_or_say_that_there_is_none(
    scored: Run, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    client = client_as(officer)

    assert officer.person
    assert "还没有考核结果" in text_of(client, "kpi:person-score", officer.person.public_id)
    assert "还没有考核结果" in text_of(client, "kpi:team-score", first_team.public_id)


def figures_of(page: str) -> dict[str, tuple[str, str]]:
    """Label → (value, address) of the row of figures."""
    found = re.findall(
        r'<a class="figure figure-link" href="([^"]+)">\s*<span class="figure-label">([^<]+)</span>\s*'
        r'<span class="figure-line"><strong class="figure-value">([^<]+)</strong>',
        page,
    )
    return {label: (value, url.replace("&amp;", "&")) for url, label, value in found}


def listed(client: Client, url: str) -> int:
    """How many records the list behind a figure says it holds."""
    response = client.get(url)
    assert response.status_code == 200
    return int(response.context["list"].total_count)


def test_every_figure_of_the_dashboard_is_what_its_list_holds(
    officer: Account, outsider: Account, manager: Account, client_as: SignIn
) -> None:
    today = timezone.localdate()
    late = {"next_step": "补材料", "next_step_on": date(2020, 1, 1)}
    for account, fields in ((officer, late), (officer, {}), (outsider, {"status": "lost"}), (outsider, {})):
        project = make_project(account, **fields)
        make_recognised(project, account, manager, happened_on=today)
    client = client_as(manager)

    figures = figures_of(text_of(client, "kpi:dashboard"))

    assert {label: value for label, (value, _url) in figures.items()} | {
        "签约认定额": "",
        "外资到账": "",
    } == {
        "在库项目": "3",
        "计划总投资": "3.0",
        "本年认定签约": "4",
        "签约认定额": "",
        "外资到账": "",
        "待认定": "0",
        "下一步逾期": "1",
    }
    assert [
        listed(client, figures[label][1]) for label in ("在库项目", "本年认定签约", "待认定", "下一步逾期")
    ] == [3, 4, 0, 1]


@pytest.mark.parametrize("of_team", [False, True])
def test_every_cell_of_funnel_and_ageing_is_what_its_list_holds(
    officer: Account,
    outsider: Account,
    manager: Account,
    first_team: Team,
    client_as: SignIn,
    *,
    of_team: bool,
) -> None:
    today = timezone.localdate()
    for account, stage, days, status in (
        (officer, "lead", 3, "active"),
        (officer, "lead", 40, "active"),
        (officer, "signed", 200, "active"),
        (officer, "signed", 200, "lost"),
        (outsider, "lead", 3, "active"),
    ):
        make_project(account, stage=stage, progressed_on=today - timedelta(days), status=status)
    client = client_as(manager)
    query = f"?team={first_team.public_id}" if of_team else ""

    context = client.get(f"{reverse('kpi:dashboard')}{query}").context

    steps = [(step.count, step.reached) for step in context["steps"]]
    others = 0 if of_team else 1
    assert steps[:4] == [(2 + others, 4 + others), (0, 2), (0, 2), (1, 2)]
    assert [
        (listed(client, step.url), listed(client, step.reached_url)) for step in context["steps"]
    ] == steps
    cells = [cell for row in context["ageing"] for cell in row["cells"] if cell["count"]]
    assert [cell["count"] for cell in cells] == [1 + others, 1, 1]
    assert [listed(client, cell["url"]) for cell in cells] == [1 + others, 1, 1]


def test_the_dashboard_counts_only_what_its_reader_may_see(
    officer: Account, outsider: Account, manager: Account, client_as: SignIn
) -> None:
    make_project(officer)
    make_project(outsider)

    assert figures_of(text_of(client_as(officer), "kpi:dashboard", query="?team=all"))["在库项目"][0] == "1"
    assert figures_of(text_of(client_as(manager), "kpi:dashboard"))["在库项目"][0] == "2"


def test_an_unknown_team_is_not_found(manager: Account, client_as: SignIn) -> None:
    text_of(client_as(manager), "kpi:dashboard", query="?team=nobody", status=404)


def test_the_cockpit_is_dark_and_asks_for_itself_again(
    scored: Run, manager: Account, client_as: SignIn
) -> None:
    page = text_of(client_as(manager), "kpi:cockpit", query=f"?year={YEAR}")
    part = text_of(client_as(manager), "kpi:cockpit", headers={"HX-Request": "true"})

    assert 'data-theme="dark"' in page
    assert 'hx-trigger="every 300s"' in page
    assert part.lstrip().startswith('<div id="cockpit-region"')


PAGES = ("kpi:score", "kpi:ranking", "kpi:dashboard", "kpi:cockpit", "kpi:targets", "kpi:schemes")


def queries(client: Client, name: str) -> int:
    url = f"{reverse(name)}?year={YEAR}"
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_with_one_subject_and_with_three(
    officer: Account, manager: Account, first_team: Team, client_as: SignIn, name: str
) -> None:
    make_scheme(YEAR)
    sign(officer, manager)
    target(officer, 4)
    run_once()
    client = client_as(officer)
    one = queries(client, name)
    for _turn in range(2):
        more = make_account(Role.OFFICER, team=first_team)
        sign(more, manager)
        target(more, 4)
        sign(officer, manager)
    run_once()

    # A second run has a run before it, whose items, lines, targets and names are read for what changed.
    assert queries(client, name) <= one + (9 if name == "kpi:score" else 0)
