"""A past year in the browser: HR prepares, a manager closes it, it stands still, the auditor takes its bundle, two persons reopen it."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from kpi.models import YearSeal
from staff.models import Account, Team
from tests.factories.closing import YEAR, make_year

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]
Axe = Callable[[Page], list[str]]
HERE = f"/year/closing/?year={YEAR}"


@pytest.fixture(autouse=True)
def calculated(
    officer: Account,
    outsider: Account,
    manager: Account,
    first_team: Team,
    second_team: Team,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kpi.actions.run.wake_worker", lambda _run: None)
    make_year(officer, outsider, manager, (first_team, second_team))


def assent(page: Page, button: str) -> None:
    """Press the button and, in the dialog that asks back, press it again."""
    page.get_by_role("button", name=button, exact=True).click()
    page.locator("#question").get_by_role("button", name="确定").click()


def test_from_the_checks_to_the_seal_and_back(
    visit: Visit, axe: Axe, hr: Account, manager: Account, auditor: Account, tmp_path: Path
) -> None:
    preparer = visit(hr, HERE)
    expect(preparer.get_by_text("检查都已通过")).to_be_visible()
    assert axe(preparer) == []
    assent(preparer, "准备关账")
    expect(preparer.get_by_text("待分管领导确认。", exact=True)).to_be_visible()

    closer = visit(manager, HERE, size="phone")
    assert axe(closer) == []
    assent(closer, "确认关账")
    expect(closer.get_by_role("heading", name="已关账")).to_be_visible()
    expect(closer.get_by_text("第 1 环 · 关账")).to_be_visible()
    assert axe(closer) == []

    preparer.goto(preparer.url.split("/year/")[0] + f"/score/targets/?year={YEAR}&edit=1")
    cell = preparer.locator("table input[type=text]").first
    cell.fill("7")
    preparer.get_by_role("button", name="保存目标").click()
    expect(preparer.get_by_role("alert").get_by_text("已关账").first).to_be_visible()
    expect(cell).to_have_value("7")
    assert axe(preparer) == []

    other = visit(auditor, HERE)
    with other.expect_download() as taken:
        other.get_by_role("link", name="导出审计包").click()
    bundle = tmp_path / "bundle.zip"
    taken.value.save_as(bundle)
    with ZipFile(bundle) as archive:
        assert archive.testzip() is None
        assert any(name.endswith("recompute.py") for name in archive.namelist())

    preparer.goto(preparer.url.split("/score/")[0] + HERE)
    preparer.get_by_role("link", name="申请重开").click()
    panel = preparer.locator("#dialog")
    panel.get_by_role("button", name="提交申请").click()
    expect(panel.get_by_text("请写明为什么要重开").first).to_be_visible()
    panel.locator("[name=reason]").fill("份额登记有误")
    panel.get_by_role("button", name="提交申请").click()
    expect(preparer.get_by_text("待另一位人事或分管领导确认。", exact=True)).to_be_visible()
    expect(preparer.get_by_role("button", name="同意重开")).to_have_count(0)

    closer.goto(closer.url)
    expect(closer.get_by_text("份额登记有误")).to_be_visible()
    assent(closer, "同意重开")
    expect(closer.get_by_text("第 2 环 · 重开")).to_be_visible()
    assert list(YearSeal.objects.order_by("number").values_list("kind", flat=True)) == ["closed", "reopened"]
