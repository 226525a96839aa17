"""A month of pay in the browser: HR makes the sheet, a manager confirms it on totals, the officer opens how it came about on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kpi.models import PaySheet
from staff.models import Account, Team
from tests.factories.rewards import release_pay
from tests.factories.staff import make_appointment, make_person

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


def test_a_month_of_pay(
    visit: Visit, hr: Account, manager: Account, officer: Account, first_team: Team
) -> None:
    release_pay(hr, manager)
    for _each in range(3):
        make_appointment(make_person(), first_team)

    desk = visit(hr, "/year/pay/?year=2025")
    desk.get_by_label("月份").select_option("1")
    desk.get_by_role("button", name="编制月度工资表").click()
    expect(desk.get_by_role("heading", name="2025 年 1 月工资表")).to_be_visible()
    desk.get_by_role("link", name="逐人明细").click()
    expect(desk.get_by_text("谁在什么时候看过这一页，都有记录。")).to_be_visible()
    desk.get_by_role("link", name=str(officer.person)).click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("金额（元）").fill("500")
    dialog.get_by_label("理由").fill("驻点补贴")
    dialog.get_by_role("button", name="加一笔更正").click()
    expect(desk.get_by_role("cell", name="11,500.00")).to_be_visible()

    sheet = PaySheet.objects.get()
    boss = visit(manager, f"/year/pay/sheets/{sheet.public_id}/")
    expect(boss.get_by_text("4.45").first).to_be_visible()
    expect(boss.get_by_role("link", name="逐人明细")).to_have_count(0)
    boss.get_by_role("link", name="确认").click()
    boss.get_by_role("dialog").get_by_label("核对无误，确认").check()
    boss.get_by_role("dialog").get_by_role("button", name="提交").click()
    expect(boss.get_by_text("已确认", exact=True).first).to_be_visible()

    desk.goto(desk.url.replace("lines/", ""))
    desk.get_by_role("button", name="发放").click()
    desk.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(desk.get_by_text("已发放", exact=True).first).to_be_visible()

    phone = visit(officer, "/year/pay/?year=2025", size="phone")
    expect(phone.get_by_text("11,500.00").first).to_be_visible()
    phone.get_by_text("怎么算的").click()
    expect(phone.get_by_text("驻点补贴")).to_be_visible()
