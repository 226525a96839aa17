"""The manager's dashboard: every figure opens the list that adds up to it, every chart has its table, light and dark."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from projects.actions import (
    advance_project,
    log_lead,
    lose_project,
    recognise_achievement,
    report_achievement,
    suspend_project,
)
from projects.models import Project
from staff.models import Account, Team
from tests.factories.stories import (
    YEAR,
    a_paper,
    days_ago,
    give_targets,
    publish_year,
    recalculate,
    recognised_signing,
    signed_project,
)

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]

# Which column of the list a figure is the sum of; the others are its number of rows.
SUMS = {"计划总投资": "计划投资（亿元）", "签约认定额": "认定（万元）", "外资到账": "认定（万美元）"}


@pytest.fixture
def house(
    hr: Account,
    manager: Account,
    officer: Account,
    outsider: Account,
    first_team: Team,
    second_team: Team,
) -> Account:
    """Two teams with leads, signings, money in two currencies, and projects that were put aside or lost."""
    publish_year(hr, manager)
    give_targets(hr, (officer, 2), (outsider, 1), (first_team, 2), (second_team, 1))
    signed = recognised_signing(officer, manager, "一号电池", amount=350_000_000)
    recognised_signing(outsider, manager, "二号芯片", amount=120_000_000, industry="integrated_circuits")
    signed_project(officer, "三号叶片")
    assert signed.project
    for currency, amount, rate in (("USD", 3_000_000, Decimal("7.1203")), ("CNY", 8_000_000, None)):
        receipt = report_achievement(
            actor=officer,
            kind="paid_in",
            project=signed.project,
            happened_on=days_ago(10),
            amount=Decimal(amount),
            currency=currency,
            exchange_rate=rate,
            rate_on=days_ago(10) if rate else None,
            certificate=f"凭证-{currency}",
            evidence=[a_paper(f"{currency}回单.pdf")],
        )
        recognise_achievement(actor=manager, achievement=receipt)
    leads(officer, outsider)
    recalculate()
    return manager


def leads(officer: Account, outsider: Account) -> None:
    quiet = {"channel": "fund", "planned_investment": Decimal(60_000_000)}
    for place, account in enumerate((officer, officer, outsider)):
        log_lead(
            actor=account,
            name=f"线索{place}",
            company_name=f"演示线索企业{place}",
            on=days_ago(40 * place),
            **quiet,
        )
    late = log_lead(actor=officer, name="逾期线索", company_name="演示逾期企业", on=days_ago(95), **quiet)
    late.next_step, late.next_step_on = "回访", timezone.localdate() - timedelta(days=2)
    late.save(update_fields=["next_step", "next_step_on"])
    lost = signed_project(officer, "丢掉的项目")
    lose_project(actor=officer, project=lost, reason="企业改投外地")
    aside = log_lead(actor=outsider, name="放一放", company_name="演示暂缓企业", on=days_ago(30), **quiet)
    aside = advance_project(
        actor=outsider,
        project=aside,
        to="negotiation",
        details={"industry": "materials"},
        happened_on=days_ago(20),
    )
    suspend_project(actor=outsider, project=aside, reason="等融资")


def number_in(text: str) -> Decimal:
    found = re.search(r"[−-]?[\d,]+(?:\.\d+)?", text)
    assert found, text
    return Decimal(found.group().replace(",", "").replace("−", "-"))


def rows_in(html: str) -> int:
    """How many records a list page says it has."""
    found = re.search(r"共 ([\d,]+) 条", html)
    return int(found.group(1).replace(",", "")) if found else 0


def total_of(page: Page, heading: str) -> Decimal:
    """The sum below a column of the open list."""
    headings = [text.strip() for text in page.locator("#list-region thead th").all_inner_texts()]
    place = next(n for n, text in enumerate(headings) if text.startswith(heading))
    return number_in(page.locator("#list-region tfoot td").nth(place).inner_text())


@pytest.mark.parametrize("scope", ["all", "first"])
def test_every_figure_opens_the_list_that_adds_up_to_it(
    visit: Visit, house: Account, first_team: Team, scope: str
) -> None:
    team = "all" if scope == "all" else first_team.public_id
    page = visit(house, f"/dashboard/?team={team}")
    base = page.url.split("/dashboard/")[0]
    figures: list[dict[str, Any]] = page.locator(".figures a.figure-link").evaluate_all(
        "all => all.map(one => ({label: one.querySelector('.figure-label').textContent.trim(),"
        " value: one.querySelector('.figure-value').textContent.trim(), url: one.getAttribute('href')}))"
    )
    assert {figure["label"] for figure in figures} >= {
        "在库项目",
        "计划总投资",
        "本年认定签约",
        "签约认定额",
        "外资到账",
        "待认定",
        "下一步逾期",
    }
    listed = 'td.end a[href^="/projects/list/"], td.end a[href^="/achievements/"]'
    lists = page.locator(listed).evaluate_all(
        "all => all.map(one => ({label: one.closest('tr').cells[0].textContent.trim() + ' '"
        " + one.closest('table').rows[0].cells[one.closest('td').cellIndex].textContent.trim(),"
        " value: one.textContent.trim(), url: one.getAttribute('href')}))"
    )
    assert len(lists) >= 8 * 3

    for figure in figures:
        page.goto(base + figure["url"])
        shown = number_in(figure["value"])
        if heading := SUMS.get(figure["label"]):
            total = total_of(page, heading)
            total = total / 10_000 if figure["label"] == "签约认定额" else total
            places = Decimal(1).scaleb(-len(figure["value"].partition(".")[2]))
            assert abs(total - shown) <= places / 2, (figure, total)
        else:
            assert rows_in(page.content()) == shown, figure
    for cell in lists:
        reply = page.request.get(base + cell["url"])
        assert reply.status == 200
        if "亿元" in cell["label"]:
            page.goto(base + cell["url"])
            found = total_of(page, "计划投资") if rows_in(page.content()) else Decimal(0)
            assert abs(found - number_in(cell["value"])) <= Decimal("0.05"), cell
        else:
            assert rows_in(reply.text()) == number_in(cell["value"]), cell


def test_a_figure_is_clicked_and_read(visit: Visit, house: Account) -> None:
    page = visit(house, "/dashboard/?team=all")
    page.get_by_role("link", name=re.compile("^签约认定额")).click()
    expect(page.locator("h1")).to_have_text("业绩台账")
    expect(page.locator("#list-region tbody tr")).to_have_count(2)
    expect(page.locator("#list-region tfoot")).to_contain_text("47,000.00")
    page.locator("#list-region tbody tr", has_text="一号电池").locator(".row-link").click()
    expect(page.locator("main")).to_contain_text("已认定")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_chart_is_drawn_and_has_its_table(
    visit: Visit, axe: Callable[[Page], list[str]], house: Account, theme: str
) -> None:
    page = visit(house, "/dashboard/?team=all")
    page.context.add_cookies([{"name": "theme", "value": theme, "url": page.url}])
    page.reload()
    charts = page.locator("figure.chart")
    assert charts.count() >= 4
    for chart in charts.all():
        expect(chart.locator("canvas")).to_be_visible()
        chart.get_by_text("看数字").click()
        expect(chart.locator("table")).to_be_visible()
        assert chart.locator("tbody tr").count() > 0
    funnel = page.locator("#funnel tbody tr")
    expect(funnel).to_have_count(8)
    expect(funnel.first).to_contain_text(str(Project.objects.count()))
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    dark = page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)"
    )
    assert (sum(dark) < 200) == (theme == "dark")
    assert axe(page) == []


def test_the_ranking_with_movement_leads_to_the_score(
    visit: Visit, house: Account, officer: Account, first_team: Team, second_team: Team
) -> None:
    recognised_signing(officer, house, "四号药厂")
    recalculate()
    page = visit(house, "/dashboard/?team=all")
    row = page.locator("table tr[data-row]", has_text=first_team.name)
    expect(row).to_contain_text("50.00")
    expect(row).to_contain_text("+25.00")
    row.locator("a").first.click()
    expect(page.locator("h1")).to_contain_text(f"{first_team.name} · {YEAR} 年度")
    expect(page.locator("main")).to_contain_text("项目签约")


def test_the_cockpit_is_dark_and_full(visit: Visit, house: Account) -> None:
    page = visit(house, "/dashboard/cockpit/?team=all")
    expect(page.locator(".cockpit canvas").first).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
