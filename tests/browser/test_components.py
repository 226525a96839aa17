"""The component page in a real browser: drawn, reachable, and behaving, wide and narrow, light and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from staff.models import Account
from tests.browser.pointer import drag

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_components_are_accessible_and_fit(
    visit: Callable[..., Page], axe: Callable[[Page], list[str]], officer: Account, size: str, theme: str
) -> None:
    page = visit(officer, "/components/", size=size)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": page.url}])
    page.reload()
    expect(page.locator("#example-line canvas")).to_be_visible()

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_dialog_opens_over_the_page_and_gives_focus_back(
    visit: Callable[..., Page], officer: Account
) -> None:
    page = visit(officer, "/components/")
    opener = page.get_by_role("link", name="推进到「竣工」")
    opener.click()

    expect(page.locator("#dialog")).to_be_visible()
    expect(page.locator("#dialog [name=next_on]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_command_menu_finds_a_place_from_the_keyboard(visit: Callable[..., Page], officer: Account) -> None:
    page = visit(officer, "/components/")
    page.keyboard.press("Control+k")
    page.keyboard.type("企业客商")

    expect(page.locator("#command .command-chosen")).to_contain_text("企业客商")
    page.keyboard.press("Escape")
    expect(page.locator("#command")).to_be_hidden()


def test_theme_is_changed_at_once_and_kept(visit: Callable[..., Page], officer: Account) -> None:
    page = visit(officer, "/components/")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_label("我的菜单").click()
    page.get_by_role("button", name="深色").click()
    page.wait_for_function("before => getComputedStyle(document.body).backgroundColor !== before", arg=before)
    page.reload()

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


def test_rows_are_walked_and_ticked_from_the_keyboard(visit: Callable[..., Page], officer: Account) -> None:
    page = visit(officer, "/components/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")

    expect(page.locator("tr.row-current")).to_contain_text("生物医药")
    expect(page.locator("[data-bulk-count]")).to_have_text("1")


def test_a_draft_survives_leaving_and_can_be_dropped(visit: Callable[..., Page], officer: Account) -> None:
    page = visit(officer, "/components/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.fill("#first_amount", "3.5亿")
    expect(page.locator("form[data-draft] [data-amount-preview]")).to_have_text("= 35,000 万元 = 3.5 亿元")
    page.reload()

    expect(page.locator("#first_amount")).to_have_value("3.5亿")
    page.get_by_role("button", name="不要了").click()
    expect(page.locator("#first_amount")).to_have_value("")


def test_a_card_that_was_not_moved_goes_back(visit: Callable[..., Page], officer: Account) -> None:
    page = visit(officer, "/components/")
    # Charts above the board push it down when they are drawn; the pointer needs the final places.
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-chart] canvas")).to_have_count(page.locator("[data-chart]").count())
    card = page.locator("[data-card]", has_text="智能网联")
    drag(page, card, page.locator("[data-stage='3']"))

    expect(page.locator("#dialog")).to_be_visible()
    expect(page.locator("[data-stage='3']")).to_contain_text("智能网联")
    page.keyboard.press("Escape")
    expect(page.locator("[data-stage='1']")).to_contain_text("智能网联")
    expect(page.locator("[data-stage='3']")).not_to_contain_text("智能网联")


def test_a_long_row_of_tabs_begins_at_the_open_one_on_a_phone(
    visit: Callable[..., Page], manager: Account
) -> None:
    page = visit(manager, "/supervision/rules/", size="phone")

    box = page.locator(".tabs > .tab-active").bounding_box()

    assert box is not None
    assert 0 <= box["x"] <= 390 - box["width"]
