"""Clocks in the hand: a lead that the network held back, a colleague named by @, a step done on the phone."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from projects.models import FollowUp, Mention, Project
from staff.models import Account
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]
RECORD = re.compile(r"/projects/[0-9a-z]{10}/")


def test_a_lead_waits_for_the_network_and_is_written_once(visit: Visit, officer: Account) -> None:
    page = visit(officer, "/", size="phone")
    page.goto(page.url.rstrip("/") + "/leads/new/")
    page.fill("[name=company_name]", "演示断网有限公司")
    page.fill("[name=name]", "断网也不丢")
    page.context.set_offline(True)
    page.click("form[data-once] [type=submit]")
    expect(page.locator(".pending-said")).to_contain_text("网络断开，已存草稿，恢复后自动提交。")
    expect(page.locator("#pending")).to_contain_text("有 1 条未提交的线索")

    page.context.set_offline(False)
    page.wait_for_url(RECORD)

    expect(page.locator("h1")).to_have_text("断网也不丢")
    expect(page.locator("#pending")).to_be_hidden()
    page.reload()
    assert Project.objects.filter(name="断网也不丢").count() == 1


def test_a_follow_up_in_the_dialogless_form_waits_on_every_page(
    visit: Visit, officer: Account, colleague: Account
) -> None:
    project = make_project(officer, next_step="来访", next_step_on=timezone.localdate())
    page = visit(officer, f"/projects/{project.public_id}/?tab=timeline")
    page.keyboard.press("f")
    text = page.locator("textarea[name=text]")
    text.press_sequentially(f"请@{colleague.display_name[:3]}", delay=20)
    expect(page.locator(".mention-list [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    assert text.input_value().startswith(f"请@{colleague.display_name[:3]}")
    page.context.set_offline(True)
    page.click(".follow-up-form [type=submit]")
    expect(page.locator(".pending-said")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".timeline .mention")).to_be_visible(timeout=15000)

    assert (FollowUp.objects.count(), Mention.objects.count()) == (1, 1)


def test_a_step_is_done_and_the_next_one_written_on_the_phone(visit: Visit, officer: Account) -> None:
    project = make_project(officer, next_step="首次拜访", next_step_on=timezone.localdate())
    page = visit(officer, "/", size="phone")
    page.click(".todo-actions >> text=完成")
    panel = page.locator("#dialog")
    panel.locator("[name=text]").fill("见到了，认可地块。")
    panel.locator("[name=next_step]").fill("送方案")
    panel.locator("[name=next_step_on]").fill((timezone.localdate() + timedelta(2)).isoformat())
    panel.locator("[type=submit]").click()
    expect(page.locator(".toast-item")).to_contain_text("已记为完成")
    expect(page.locator(".todo")).to_contain_text("送方案")

    project.refresh_from_db()
    assert project.next_step == "送方案"
