"""The year is recalculated while HR watches; the officer follows a point down to the paper that proves it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kpi.actions import run as runs
from kpi.actions.run import execute_run
from kpi.models import AssessmentYear, LedgerLine, Run
from promotion.models import AuditEntry
from staff.models import Account, Team
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

RUN = re.compile(r"/runs/[0-9a-z]{10}/$")


@pytest.fixture
def assessed(
    hr: Account,
    manager: Account,
    officer: Account,
    outsider: Account,
    first_team: Team,
    second_team: Team,
) -> Account:
    """A published year: the officer has one of two signings recognised, the outsider one of one."""
    publish_year(hr, manager)
    give_targets(hr, (officer, 2), (outsider, 1), (first_team, 2), (second_team, 1))
    recognised_signing(officer, manager, "一号电池")
    recognised_signing(outsider, manager, "二号芯片")
    signed_project(officer, "三号叶片")
    return officer


def test_hr_presses_the_button_and_watches_the_run(
    visit: Visit, hr: Account, assessed: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    monkeypatch.setattr(runs, "wake_worker", woken.append)
    page = visit(hr, "/runs/")
    page.get_by_role("button", name=f"核算 {YEAR} 年").click()
    page.wait_for_url(RUN)
    state = page.locator("#run-state")
    expect(state).to_contain_text("排队，等待后台接手")
    run = Run.objects.get()
    assert (woken, run.state, run.requested_by) == ([run.pk], "queued", hr)
    assert AuditEntry.objects.filter(verb="run.request", actor_name=hr.display_name).count() == 1

    # The worker takes it up; the page, untouched, follows each step.
    seen: list[str] = []
    beat = runs._beat

    def beat_and_look(taken: Run, step: str, done: int, planned: int) -> None:
        beat(taken, step, done, planned)
        if step in ("计量", "写入") and step not in seen:
            seen.append(step)
            expect(state).to_contain_text(f"{step}（第 {2 if step == '计量' else 5} 步，共 5 步）")
            assert AssessmentYear.objects.get(year=YEAR).current_run is None

    monkeypatch.setattr(runs, "_beat", beat_and_look)
    execute_run(run_id=run.pk)
    assert seen == ["计量", "写入"]
    expect(page.get_by_role("link", name="看排名")).to_be_visible()
    expect(state).not_to_contain_text("排队")
    page.get_by_role("link", name="看排名").click()
    expect(page.locator("h1")).to_contain_text(f"{YEAR} 年度")
    assert AssessmentYear.objects.get(year=YEAR).current_run == run
    assert LedgerLine.objects.count() == 2 * 3


def test_the_button_alone_does_it_all_where_a_worker_listens(
    visit: Visit, hr: Account, assessed: Account
) -> None:
    page = visit(hr, "/runs/")
    page.get_by_role("button", name=f"核算 {YEAR} 年").click()
    page.wait_for_url(RUN)
    expect(page.get_by_role("link", name="看排名")).to_be_visible()
    assert Run.objects.get().state == "done"


def test_an_officer_is_offered_no_button(visit: Visit, assessed: Account) -> None:
    page = visit(assessed, "/runs/")
    expect(page.get_by_role("button", name=re.compile("^核算"))).to_have_count(0)


def test_a_failed_run_leaves_the_last_whole_one(
    visit: Visit, hr: Account, assessed: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = recalculate()

    def break_down(**_given: Any) -> None:
        raise ValueError("断电")

    monkeypatch.setattr(runs, "publish_results", break_down)
    monkeypatch.setattr(runs, "wake_worker", lambda _run: None)
    page = visit(hr, "/runs/")
    page.get_by_role("button", name=f"核算 {YEAR} 年").click()
    page.wait_for_url(RUN)
    with pytest.raises(ValueError, match="断电"):
        execute_run(run_id=Run.objects.get(state="queued").pk)
    expect(page.locator("#run-state [role=alert]")).to_contain_text("看到的仍是上一次完整的结果")
    assert AssessmentYear.objects.get(year=YEAR).current_run == whole

    monkeypatch.undo()
    assert AssessmentYear.objects.get(year=YEAR).current_run != recalculate()


def test_a_point_is_followed_down_to_its_paper(visit: Visit, assessed: Account, manager: Account) -> None:
    recalculate()
    page = visit(assessed, "/")
    page.locator(".score-slot a").first.click()
    expect(page.locator("h1")).to_contain_text(f"我的考核 · {YEAR} 年度")
    expect(page.locator(".figures").first).to_contain_text("25.00")
    row = page.locator("tr", has_text="项目签约")
    expect(row).to_contain_text("1 个 / 目标 2")

    row.locator("a").first.click()
    path = page.locator("#path")
    expect(path.locator(".formula")).to_contain_text("25")
    expect(path).to_contain_text("一号电池")
    expect(path).to_contain_text(manager.display_name)
    expect(path).to_contain_text("一号电池合同")
    expect(path).not_to_contain_text("二号芯片")
    path.get_by_role("link", name="一号电池", exact=True).first.click()
    page.wait_for_url(re.compile(r"/achievements/[0-9a-z]{10}/$"))
    expect(page.locator("main")).to_contain_text("已认定")
    paper = page.locator("#evidence a", has_text="一号电池合同").get_attribute("href")
    reply = page.request.get(page.url.split("/achievements/")[0] + str(paper).split("preview/")[0])
    assert (reply.status, reply.headers["content-type"]) == (200, "application/pdf")
    assert b"%PDF" in reply.body()


def test_what_changed_since_the_last_run_is_named(visit: Visit, assessed: Account, manager: Account) -> None:
    recalculate()
    recognised_signing(assessed, manager, "四号药厂")
    recalculate()
    page = visit(assessed, "/score/")

    expect(page.locator(".figures").first).to_contain_text("50.00")
    changed = page.locator(".change-list")
    expect(changed).to_contain_text("项目签约")
    expect(changed).to_contain_text("四号药厂")
    expect(changed).to_contain_text("+25.00")
    expect(changed).not_to_contain_text("一号电池")


def test_a_colleague_reads_the_total_but_not_the_lines(
    visit: Visit, assessed: Account, outsider: Account
) -> None:
    run = recalculate()
    standing = run.standings.get(person=assessed.person)
    page = visit(outsider, "/score/ranking/?group=officers")
    page.get_by_role("link", name=assessed.display_name).click()
    page.wait_for_url(f"**/score/standings/{standing.pk}/")
    expect(page.locator("main")).to_contain_text("25.00")
    expect(page.locator("main")).to_contain_text("明细不公开")
    expect(page.locator("main")).not_to_contain_text("一号电池")
