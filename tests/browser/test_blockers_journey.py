"""A blocker from the officer's page to a department without an account and back."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from projects.models import Blocker
from promotion.models import Notice
from staff.models import Account
from tests.factories.departments import make_contact, make_department
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


def test_a_department_answers_by_a_link_on_its_phone(visit: Visit, officer: Account) -> None:
    make_contact(make_department())
    project = make_project(officer, name="动力电池")
    page = visit(officer, f"/projects/{project.public_id}/?tab=blockers")
    dialog = page.locator("#dialog")

    page.get_by_role("link", name="提出堵点").click()
    dialog.locator("[name=title]").fill("外线接入方案未批")
    dialog.locator("[name=department]").select_option(label="供电公司")
    dialog.locator("[name=contact]").select_option(label="供电公司 · 蒋立群")
    dialog.get_by_role("button", name="提出").click()
    expect(page.locator("h1")).to_have_text("外线接入方案未批")
    page.get_by_role("link", name="发答复链接").click()
    dialog.get_by_role("button", name="生成链接").click()
    message = dialog.locator("#link-message").input_value()
    path = urlsplit(message[message.index("http") :]).path

    stranger = visit(None, path, size="phone")
    expect(stranger.locator("h1")).to_have_text("外线接入方案未批")
    stranger.locator("[name=text]").fill("方案下周二批复。")
    stranger.get_by_role("button", name="提交答复").click()
    expect(stranger.locator("h1")).to_have_text("答复已送达")
    stranger.goto(stranger.url)
    expect(stranger.get_by_role("alert")).to_contain_text("已经答复过")

    page.goto(page.url)
    expect(page.get_by_text("方案下周二批复。").first).to_be_visible()
    assert Blocker.objects.get().state == "answered"
    assert "蒋立群（供电公司，一次性链接）答复了堵点" in Notice.objects.get(recipient=officer).text
