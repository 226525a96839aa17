"""An officer tries out how to catch up; HR rehearses a draft and takes the workbook."""

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from kpi.actions import draft_scheme
from kpi.models import Standing
from projects.actions import recognise_achievement
from promotion.models import AuditEntry
from staff.models import Account, Team
from tests.factories.kpi import SCHEME
from tests.factories.stories import (
    YEAR,
    give_targets,
    publish_year,
    recalculate,
    recognised_signing,
    signed_project,
)

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


@pytest.fixture
def assessed(
    hr: Account,
    manager: Account,
    officer: Account,
    outsider: Account,
    first_team: Team,
    second_team: Team,
) -> Account:
    """The outsider leads with the only signing asked of him; one of the officer's two waits."""
    cache.clear()
    publish_year(hr, manager)
    give_targets(hr, (officer, 2), (outsider, 1), (first_team, 2), (second_team, 1))
    recognised_signing(outsider, manager, "二号芯片")
    recalculate()
    return officer


def test_an_officer_ticks_steps_and_assumes_one_more(
    visit: Visit, assessed: Account, manager: Account
) -> None:
    project = signed_project(assessed, "一号电池")
    page = visit(assessed, "/")
    page.get_by_role("link", name=re.compile("离第 1 名还差")).click()
    page.wait_for_url("**/score/what-if/")
    row = page.locator("tr", has_text="一号电池").filter(has_text="待认定")
    expect(row).to_contain_text("+25.00")

    row.get_by_role("checkbox").check()
    figures = page.locator("#trial .figures")
    expect(figures).to_contain_text("试算总分")
    expect(figures).to_contain_text("25.00")
    effect = page.locator("#effect")
    expect(effect).to_contain_text("项目签约")
    expect(effect).to_contain_text("÷2×50 = 25")
    assert f"step=a.{project.achievements.get().public_id}" in page.url

    page.get_by_label("金额").fill("2亿")
    page.get_by_role("button", name="加入试算").click()
    expect(figures).to_contain_text("50.00")
    expect(page.locator("#steps")).to_contain_text("自填假设")
    page.reload()
    expect(figures).to_contain_text("50.00")
    page.locator("tr", has_text="自填假设").get_by_role("checkbox").uncheck()
    expect(figures).to_contain_text("25.00")
    expect(page.locator("#steps")).not_to_contain_text("自填假设")
    assert not AuditEntry.objects.filter(actor_name=assessed.display_name, verb__startswith="scheme").exists()

    # Done for real, the next run says what the trial said.
    recognise_achievement(actor=manager, achievement=project.achievements.get())
    assert Standing.objects.get(run=recalculate(), person=assessed.person).total == 25


def test_what_is_typed_survives_a_tick(visit: Visit, assessed: Account) -> None:
    signed_project(assessed, "一号电池")
    page = visit(assessed, "/score/what-if/")
    page.get_by_label("金额").fill("3亿")
    page.locator("tr", has_text="一号电池").first.get_by_role("checkbox").check()
    expect(page.locator("#trial .figures")).to_contain_text("试算总分")
    expect(page.get_by_label("金额")).to_have_value("3亿")
    page.get_by_label("金额").fill("很多")
    page.get_by_role("button", name="加入试算").click()
    expect(page.locator("#assume")).to_contain_text("看不懂金额")
    expect(page.get_by_label("金额")).to_have_value("很多")


def test_hr_rehearses_a_draft_and_takes_the_workbook(
    visit: Visit, hr: Account, assessed: Account, outsider: Account
) -> None:
    by_count = SCHEME.replace(
        "rule: {kind: ratio_times_points, of: signed, target: signings, points: 50}",
        "rule: {kind: fixed, points: 7}",
    )
    draft_scheme(actor=hr, year=YEAR + 1, text=by_count.replace("2026", str(YEAR + 1)))
    page = visit(hr, "/score/schemes/")
    page.get_by_role("link", name="测试细则").first.click()
    page.get_by_role("link", name="演练").click()
    page.wait_for_url("**/score/rehearsal/?scheme=*")
    page.get_by_role("button", name="演练").click()

    summary = page.locator("#summary")
    expect(summary).to_contain_text(f"{YEAR} 招商专员")
    summary.get_by_role("link", name=f"{YEAR} 招商专员").click()
    expect(page.locator("#moves")).to_contain_text(assessed.display_name)
    expect(page.locator("#moves tr", has_text=assessed.display_name)).to_contain_text("↑ 1")
    expect(page.locator("#awards")).to_contain_text("卓越奖")
    expect(page.locator("#sensitivity")).to_contain_text("项目签约")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出演练表").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    recorded = AuditEntry.objects.filter(verb__startswith="scheme.rehears").order_by("pk")
    assert list(recorded.values_list("verb", flat=True)) == ["scheme.rehearse", "scheme.rehearsal_export"]
