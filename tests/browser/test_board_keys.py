"""The board from the keyboard: one stop of Tab, arrows between cards and columns, M moves, and the focus stays."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from staff.models import Account
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db(transaction=True)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_arrows_walk_the_cards_and_a_move_keeps_the_focus(
    visit: Callable[..., Page], officer: Account
) -> None:
    for name, stage in (
        ("线索一", "lead"),
        ("线索二", "lead"),
        ("洽谈一", "negotiation"),
        ("签约一", "signed"),
    ):
        make_project(officer, name=name, stage=stage, industry="new_energy", next_step="回访")
    page = visit(officer, "/projects/")
    stops = page.locator("[data-card] .board-title[tabindex='0']")
    expect(stops).to_have_count(1)
    first = page.locator("[data-stage=lead] [data-card] .board-title").first
    second = page.locator("[data-stage=lead] [data-card] .board-title").nth(1)

    first.focus()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("ArrowRight")
    assert focused(page) == "洽谈一"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "签约一"
    expect(stops).to_have_text("签约一")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()
    page.keyboard.press("End")
    expect(second).to_be_focused()

    # The industry is known, so M moves at once; the card is in another column and keeps the focus.
    moved = focused(page)
    page.keyboard.press("m")
    expect(page.locator("[data-stage=negotiation] .board-count")).to_have_text("2")
    expect(page.locator("[data-stage=negotiation]").get_by_role("link", name=moved)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(moved)


def test_more_cards_take_the_focus_that_asked_for_them(visit: Callable[..., Page], officer: Account) -> None:
    for number in range(60):
        make_project(officer, name=f"线索{number:02d}", stage="lead")
    page = visit(officer, "/projects/")
    shown = page.locator("[data-stage=lead] [data-card]").count()
    page.locator("[data-stage=lead] .board-title").last.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-stage=lead] .board-more")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-stage=lead] [data-card]").nth(shown)).to_be_visible()
    expect(page.locator("[data-stage=lead] .board-title").nth(shown)).to_be_focused()
