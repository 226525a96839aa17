"""Carrying a card with the mouse as a hand does: the browser takes its time to see that a drag has begun."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page

STEPS = 60


def drag(page: Page, card: Locator, column: Locator) -> None:
    """Carry a card into a column and let go there; each part goes on until the page shows that it saw it."""
    card.scroll_into_view_if_needed()
    start, end = card.bounding_box(), column.locator(".board-cards").bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + 40)
    page.mouse.down()
    _waver(page, start["x"] + 40, start["y"] + 46, lambda: page.locator(".board-ghost").count() > 0)
    page.mouse.move(end["x"] + 40, end["y"] + 40, steps=10)
    _waver(page, end["x"] + 44, end["y"] + 44, lambda: column.locator(".board-ghost").count() > 0)
    page.mouse.up()


def _waver(page: Page, x: float, y: float, seen: Callable[[], bool]) -> None:
    """Move to and fro around a point until the page shows what it should; raises AssertionError when it never does."""
    for step in range(STEPS):
        page.mouse.move(x + step % 2 * 6, y + step % 3 * 2)
        if seen():
            return
        page.wait_for_timeout(30)
    raise AssertionError("the page never saw the drag")
