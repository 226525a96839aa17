"""Several projects at once: selected by keyboard, tried out, changed, and taken back from the message."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from projects.models import BulkChange, Project
from staff.models import Account
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_tried_out_changed_and_undone(
    visit: Callable[..., Page], axe: Callable[[Page], list[str]], officer: Account, size: str
) -> None:
    for name in ("甲厂", "乙厂"):
        make_project(officer, name=name)
    page = visit(officer, "/projects/list/", size="desktop")
    for _each in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("2")
    page.get_by_role("button", name="批量修改").click()
    if size == "phone":
        page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="园区", exact=True).click()
    page.locator("[name=park]").select_option("qingyang")
    page.get_by_role("button", name="先看结果").click()
    expect(page.get_by_text("可以修改")).to_have_count(2)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert not BulkChange.objects.exists()

    page.get_by_role("button", name="修改", exact=True).click()
    expect(page.get_by_text("已修改", exact=True)).to_have_count(2)
    assert set(Project.objects.values_list("park", flat=True)) == {"qingyang"}
    page.locator(".toast-undo").click()
    expect(page.get_by_text("已恢复", exact=True)).to_have_count(2)
    assert set(Project.objects.values_list("park", flat=True)) == {""}
