"""A supervised drive from the manager's list over the officer's report to its result."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from projects.models import Drive
from staff.models import Account
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


def test_a_project_is_driven_to_its_target(
    visit: Visit, manager: Account, leader: Account, officer: Account
) -> None:
    make_project(officer, name="动力电池")
    assert leader.person is not None
    today = timezone.localdate()
    page = visit(manager, "/drives/")
    dialog = page.locator("#dialog")

    page.get_by_role("link", name="发起督查").first.click()
    dialog.locator("[name=name]").fill("百日攻坚")
    dialog.locator("[name=leader]").select_option(label=str(leader.person))
    dialog.locator("[name=last_day]").fill(str(today + timedelta(90)))
    dialog.get_by_role("button", name="发起督查").click()
    expect(page.locator("h1")).to_have_text("选择项目")
    page.get_by_label("动力电池").check()
    page.locator("[name=text]").fill("厂房交付")
    page.locator("[name=due_on]").fill(str(today + timedelta(60)))
    page.get_by_role("button", name="列入督查").click()
    expect(page.locator("h1")).to_have_text("百日攻坚")

    own = visit(officer, f"/drives/{Drive.objects.get().public_id}/", size="phone")
    own.get_by_role("link", name="填报").click()
    own.locator("#dialog [name=done]").fill("主体封顶")
    own.locator("#dialog [name=progress]").fill("100")
    own.locator("#dialog").get_by_role("button", name="督查填报").click()
    expect(own.get_by_text("主体封顶")).to_be_visible()

    page.goto(page.url)
    page.get_by_role("link", name="销号").click()
    dialog.locator("[name=result]").fill("按期交付")
    dialog.get_by_role("button", name="销号").click()
    expect(page.get_by_text("按期交付")).to_be_visible()
    page.get_by_role("link", name="办结督查").click()
    dialog.locator("[name=result]").fill("一个项目按期完成")
    dialog.get_by_role("button", name="办结督查").click()
    expect(page.get_by_text("一个项目按期完成")).to_be_visible()
    assert Drive.objects.get().closed_by == manager
