"""The team bonus through the browser: the leader proposes, a member objects on the phone, then confirms in two taps, a manager approves."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kpi.models import TeamBonus
from staff.models import Account
from tests.factories.bonus import make_bonus

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


@pytest.fixture
def bonus(officer: Account, leader: Account, manager: Account, hr: Account) -> TeamBonus:
    return make_bonus(officer, manager, hr)


def propose(page: Page, officer: Account, leader: Account, percents: tuple[str, str]) -> None:
    assert officer.person is not None
    assert leader.person is not None
    for place, (person, percent) in enumerate(zip((officer.person, leader.person), percents, strict=True)):
        page.locator(f"#id_form-{place}-person").select_option(person.public_id)
        page.locator(f"#id_form-{place}-percent").fill(percent)


def test_a_plan_is_proposed_objected_changed_confirmed_and_approved(
    visit: Visit, officer: Account, leader: Account, manager: Account, bonus: TeamBonus
) -> None:
    url = f"/bonuses/{bonus.public_id}/"
    page = visit(leader, url)
    page.get_by_role("link", name="提出方案").click()
    propose(page, officer, leader, ("30", "60"))
    expect(page.locator("[data-bonus-total]")).to_have_text("90")
    page.get_by_role("button", name="提出方案").click()
    expect(page.locator(".form-errors")).to_contain_text("现在是 90%")
    page.locator("#id_form-1-percent").fill("70")
    page.get_by_role("button", name="提出方案").click()
    expect(page.locator("#plan")).to_contain_text("待确认")

    phone = visit(officer, url, size="phone")
    own = phone.locator("#own-share")
    own.get_by_role("link", name="提出异议").tap()
    dialog = phone.locator("#dialog")
    dialog.locator("textarea").fill("落地由我协调")
    dialog.get_by_role("button", name="提出异议").tap()
    expect(own).to_contain_text("有异议")

    page = visit(leader, f"{url}plan/")
    propose(page, officer, leader, ("50", "50"))
    page.locator("textarea[name^=reply_]").fill("采纳")
    page.get_by_role("button", name="提出方案").click()
    expect(page.locator("#plan")).to_contain_text("第 2 版")

    phone.goto(phone.url.replace(url, "/year/bonuses/"))
    phone.get_by_role("link", name=bonus.project.name).tap()
    phone.locator("#own-share").get_by_role("button", name="确认", exact=True).tap()
    expect(phone.locator("#plan")).not_to_contain_text("待确认")

    page = visit(leader, url)
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator(".page-heading")).to_contain_text("待审批")
    page = visit(manager, url)
    page.get_by_role("link", name="批准方案").click()
    page.locator("#dialog").get_by_role("button", name="批准方案").click()
    expect(page.locator(".page-heading")).to_contain_text("已批准")
    expect(page.get_by_role("heading", name="各人各阶段")).to_be_visible()
