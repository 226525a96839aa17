"""What HR does with people in the browser: a contract, somebody who leaves and stays after all, a training, an invitation."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from staff.models import (
    Account,
    Appointment,
    Contract,
    Course,
    Departure,
    Enrolment,
    Team,
    TrainingCredit,
    TrainingSession,
)
from tests.factories.projects import make_project
from tests.factories.staff import make_appointment, make_person

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]
Axe = Callable[[Page], list[str]]
DIALOG = "dialog[open]"


def test_a_contract_is_drafted_and_signed_in_the_dialog(
    visit: Visit, axe: Axe, hr: Account, first_team: Team
) -> None:
    person = make_person(name="陆知远", joined_on=timezone.localdate() - timedelta(days=90))
    make_appointment(person, first_team)
    first = timezone.localdate() + timedelta(days=1)
    page = visit(hr, f"/teams/people/{person.public_id}/")
    page.get_by_role("link", name="拟订合同").click()
    dialog = page.locator(DIALOG)
    dialog.locator("[name=starts_on]").fill(first.isoformat())
    dialog.locator("[name=last_day]").fill((first - timedelta(days=9)).isoformat())
    dialog.get_by_role("button", name="保存").click()
    expect(dialog.get_by_role("alert").first).to_contain_text("最后一日")
    assert dialog.locator("[name=starts_on]").input_value() == first.isoformat()
    dialog.locator("[name=last_day]").fill((first + timedelta(days=365)).isoformat())
    dialog.get_by_role("button", name="保存").click()
    page.wait_for_url("**/teams/contracts/*/")
    assert axe(page) == []

    page.get_by_role("link", name="登记签订").click()
    page.locator(DIALOG).locator("[name=signed_on]").fill(timezone.localdate().isoformat())
    page.locator(DIALOG).get_by_role("button", name="保存").click()
    expect(page.get_by_role("link", name="终止")).to_be_visible()

    contract = Contract.objects.get()
    assert (contract.state, contract.starts_on) == ("signed", first)


def test_somebody_leaves_after_a_look_and_stays_after_all(
    visit: Visit, axe: Axe, hr: Account, officer: Account
) -> None:
    assert officer.person is not None
    make_project(officer)
    last_day = timezone.localdate() + timedelta(days=20)
    page = visit(hr, f"/teams/people/{officer.person.public_id}/")
    page.get_by_role("link", name="办理离职").click()
    dialog = page.locator(DIALOG)
    dialog.locator("[name=last_day]").fill(last_day.isoformat())
    dialog.locator("[name=reason]").fill("另有发展")
    dialog.get_by_role("button", name="下一步").click()
    expect(dialog).to_contain_text("名下还有 1 项")
    assert not Departure.objects.exists()
    dialog.get_by_role("button", name="确认离职").click()
    page.wait_for_url("**/teams/departures/*/")
    assert axe(page) == []

    page.get_by_role("link", name="整体交接").first.click()
    page.wait_for_url("**/hand-over/")
    assert page.locator("[name=last_day]").input_value() == last_day.isoformat()
    assert page.locator("[name=kind]").input_value() == "leave"
    page.go_back()
    page.get_by_role("link", name="撤回离职").click()
    page.locator(DIALOG).locator("[name=reason]").fill("挽留成功")
    page.locator(DIALOG).get_by_role("button", name="保存").click()
    expect(page.locator(".facts")).to_contain_text("已撤回")

    assert Appointment.objects.get(person=officer.person).ends_on is None


def test_a_training_from_enrolment_to_credits_on_a_phone(
    visit: Visit, axe: Axe, hr: Account, officer: Account
) -> None:
    course = Course.objects.create(title="谈判实务", field="negotiation", hours=6, credits=Decimal(2))
    starts = timezone.now() + timedelta(minutes=30)
    session = TrainingSession.objects.create(
        course=course,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        room="报告厅",
        teacher="甲",
        seats=2,
    )
    page = visit(officer, f"/teams/training/{session.public_id}/", size="phone")
    page.get_by_role("button", name="报名").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    session.starts_at, session.ends_at = starts - timedelta(hours=3), starts - timedelta(hours=1)
    session.save()

    desk = visit(hr, f"/teams/training/{session.public_id}/attendance/", size="phone")
    assert axe(desk) == []
    row = desk.locator(".attendance-row").first
    box = row.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390
    row.click()
    desk.get_by_role("button", name="保存签到").click()
    expect(desk.locator("[name=came]").first).to_be_checked()
    assert Enrolment.objects.get().attended is True
    desk.get_by_role("button", name="结课并记学分").click()
    desk.locator("dialog[open]").get_by_role("button", name="确定").click()
    desk.wait_for_url(re.compile(rf"/teams/training/{session.public_id}/$"))

    assert TrainingCredit.objects.get().person == officer.person


def test_an_invited_person_sets_a_password_and_is_in(
    visit: Visit, axe: Axe, administrator: Account, officer: Account
) -> None:
    officer.set_unusable_password()
    officer.save()
    page = visit(administrator, f"/accounts/{officer.pk}/")
    page.get_by_role("button", name="发出邀请").click()
    words = page.locator("#invitation-link").input_value()
    assert axe(page) == []

    path = "/" + words.rsplit("http", 1)[1].split("/", 3)[3]
    guest = visit(None, path, size="phone")
    assert axe(guest) == []
    guest.fill("[name=new]", "zhaoshang-2026-new")
    guest.fill("[name=again]", "zhaoshang-2026-other")
    guest.get_by_role("button", name="设置密码并登录").click()
    expect(guest.get_by_text("两次输入的密码不一样。").first).to_be_visible()
    guest.fill("[name=new]", "zhaoshang-2026-new")
    guest.fill("[name=again]", "zhaoshang-2026-new")
    guest.get_by_role("button", name="设置密码并登录").click()
    expect(guest.get_by_role("navigation").first).to_be_visible()
    assert "invitation" not in guest.url

    again = visit(None, path)
    expect(again.get_by_role("heading", name="不能开通")).to_be_visible()
