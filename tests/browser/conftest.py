"""A real headless browser against the real server, signed in as a member of the cast.

Left out, with the reason said, where no browser is found: the set-up step installs one where it may (BROWSER_PATH).
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from staff.models import Account

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --force-color-profile=srgb --lang=zh-CN"
).split()
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


def browser_path() -> str:
    """The browser named by the environment (empty means none), else one on the PATH; empty when there is none."""
    if "BROWSER_PATH" in os.environ:
        return os.environ["BROWSER_PATH"]
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
    return next((found for name in names if (found := shutil.which(name))), "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not browser_path():
                item.add_marker(
                    pytest.mark.skip(reason="no Chromium-like browser was found or could be installed")
                )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        yield chromium
        chromium.close()


def settle(contexts: list[BrowserContext], asked: set[Request]) -> None:
    """Let the server finish what the pages asked for: emptying the tables waits for it, and it for the tables."""
    pages = [page for context in contexts for page in context.pages]
    for _turn in range(250):
        if not asked or not pages:
            return
        pages[0].wait_for_timeout(20)


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`visit(account, "/path", size="phone")` gives a page signed in as the account; script errors fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []
    asked: set[Request] = set()

    # Bound methods of built-in types cannot be listeners.
    def begin(request: Request) -> None:
        asked.add(request)

    def end(request: Request) -> None:
        asked.discard(request)

    def open_page(account: Account | None, path: str = "/", *, size: str = "desktop") -> Page:
        context = browser.new_context(
            viewport=SIZES[size], locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=size == "phone"
        )
        contexts.append(context)
        if account is not None:
            client = Client()
            client.force_login(account)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.on("request", begin)
        page.on("requestfinished", end)
        page.on("requestfailed", end)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: errors.append(message.text) if "Content Security" in message.text else None,
        )
        page.goto(live_server.url + path)
        return page

    yield open_page
    settle(contexts, asked)
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """What axe-core finds wrong with a page under WCAG 2.2 AA: one line a fault."""
    source = (ROOT / "static" / "vendor" / "axe" / "axe.min.js").read_text("utf-8")

    def check(page: Page) -> list[str]:
        page.evaluate(source)
        found = page.evaluate(
            "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']})"
        )
        return [
            f"{fault['id']}: {node['target']} {node['failureSummary'][:160]}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    return check
