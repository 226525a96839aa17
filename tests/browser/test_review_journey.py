"""A joint review from its start through opinions, one of them by a link, to the decision and its paper."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from projects.models import JointReview
from promotion.models import Notice
from staff.models import Account
from tests.factories.departments import make_contact, make_department
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


def test_departments_give_their_opinions_and_the_manager_signs(
    visit: Visit, officer: Account, manager: Account
) -> None:
    make_contact(make_department())
    make_department("planning", "规划建设局")
    project = make_project(officer, name="动力电池")
    page = visit(officer, f"/projects/{project.public_id}/?tab=reviews")
    dialog = page.locator("#dialog")

    page.get_by_role("link", name="发起联审会签").click()
    dialog.locator("[name=subject]").fill("供地和用能一次会签")
    dialog.get_by_label("供电公司").check()
    dialog.get_by_label("规划建设局").check()
    dialog.locator("[name=body_name]").select_option(label="招商局")
    expect(dialog.locator("[name=due_on]")).not_to_have_value("")
    dialog.get_by_role("button", name="发起联审会签").click()
    expect(page.locator("h1")).to_have_text("供地和用能一次会签")
    write_opinion(page, "规划建设局")
    stranger = visit(None, link_for(page, "供电公司"), size="phone")
    answer_by_link(stranger)
    page.goto(page.url)
    expect(page.get_by_text("经一次性链接")).to_be_visible()
    expect(page.get_by_text("完成变电站扩容")).to_be_visible()
    assert "反馈了会签意见“有条件同意”" in Notice.objects.get(recipient=officer).text

    decide(visit(manager, urlsplit(page.url).path))
    review = JointReview.objects.get()
    assert (review.state, review.body_name, review.document is not None) == ("passed", "bureau", True)


def write_opinion(page: Page, department: str) -> None:
    """The officer writes down what was said on the telephone; with a condition that nobody dated it is refused first."""
    dialog = page.locator("#dialog")
    page.locator(".row-item", has_text=department).get_by_role("link", name="登记意见").click()
    dialog.locator("[name=opinion]").select_option(label="有条件同意")
    dialog.locator("[name=text]").fill("用地手续补齐后同意")
    dialog.locator("[name=conditions-0-text]").fill("取得用地预审意见")
    dialog.get_by_role("button", name="保存意见").click()
    expect(dialog.get_by_text("请同时填写责任人和期限")).to_be_visible()
    expect(dialog.locator("[name=text]")).to_have_value("用地手续补齐后同意")
    dialog.locator("[name=conditions-0-due_on]").fill(str(timezone.localdate() + timedelta(days=20)))
    dialog.get_by_role("button", name="保存意见").click()
    expect(page.get_by_text("取得用地预审意见")).to_be_visible()


def link_for(page: Page, department: str) -> str:
    """The address that the officer sends to the department."""
    dialog = page.locator("#dialog")
    page.locator(".row-item", has_text=department).get_by_role("link", name="发链接").click()
    expect(dialog.locator("[name=contact] option:checked")).to_have_text("蒋立群")
    dialog.get_by_role("button", name="生成链接").click()
    message = dialog.locator("#link-message").input_value()
    dialog.get_by_role("link", name="完成").click()
    return urlsplit(message[message.index("http") :]).path


def answer_by_link(page: Page) -> None:
    """The department on its phone: first without the words that are needed, then whole, and never again."""
    expect(page.locator("h1")).to_have_text("供地和用能一次会签")
    page.get_by_label("有条件同意", exact=True).check()
    page.get_by_role("button", name="提交意见").click()
    expect(page.get_by_text("请写明条件或理由").first).to_be_visible()
    expect(page.get_by_label("有条件同意", exact=True)).to_be_checked()
    page.locator("[name=text]").fill("须先扩容")
    page.locator("[name=conditions-0-text]").fill("完成变电站扩容")
    page.locator("[name=conditions-0-due_on]").fill(str(timezone.localdate() + timedelta(days=60)))
    page.get_by_role("button", name="提交意见").click()
    expect(page.locator("h1")).to_have_text("意见已送达")
    page.goto(page.url)
    expect(page.get_by_role("alert")).to_contain_text("已经答复过")


def decide(page: Page) -> None:
    """The manager signs, and the paper can be opened."""
    dialog = page.locator("#dialog")
    page.get_by_role("link", name="签发联审会签").click()
    dialog.locator("[name=outcome]").select_option(label="通过")
    dialog.locator("[name=note]").fill("同意按会签意见推进")
    dialog.get_by_role("button", name="签发联审会签").click()
    expect(page.get_by_text("同意按会签意见推进")).to_be_visible()
    page.get_by_role("link", name="会签单").first.click()
    expect(dialog.locator("img").first).to_be_visible()
