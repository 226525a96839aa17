"""Following a project to the end: a plan is started and ticked off, and the project handed over by two people."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from projects.actions import adopt_starters
from projects.models import Handover, Project
from staff.models import Account
from tests.factories.projects import make_project, make_share

pytestmark = pytest.mark.django_db(transaction=True)


def test_plan_is_started_and_ticked_off_with_one_tap(
    visit: Callable[..., Page], officer: Account, manager: Account
) -> None:
    project = make_project(officer, project_class="major")
    make_share(project, officer.person)
    adopt_starters(actor=manager)

    page = visit(officer, f"/projects/{project.public_id}/?tab=service")
    page.get_by_role("button", name="建立服务方案").click()
    expect(page.get_by_role("link", name="服务方案 0/2")).to_be_visible()
    page.get_by_role("button", name="完成“核实投资主体和投资意向”").click()

    expect(page.get_by_role("link", name="服务方案 1/2")).to_be_visible()
    expect(page.locator("#plan-progress")).to_have_text("V1 · 1/2 已完成")


def test_project_changes_hands_when_receiver_and_leader_agree(
    visit: Callable[..., Page], officer: Account, colleague: Account, leader: Account
) -> None:
    project = make_project(officer)
    make_share(project, officer.person)

    page = visit(officer, f"/projects/{project.public_id}/hand-over/")
    page.get_by_role("combobox", name="接收人").select_option(colleague.person.public_id)
    page.get_by_label("理由").fill("轮岗")
    page.get_by_role("button", name="提出移交").click()
    page.wait_for_url("**/handovers/**")
    asked = Handover.objects.get()
    page = visit(colleague, f"/handovers/{asked.public_id}/")
    page.get_by_role("button", name="同意接收").click()
    expect(page.get_by_text("待批准").first).to_be_visible()
    page = visit(leader, f"/handovers/{asked.public_id}/")
    page.get_by_role("button", name="批准移交").click()

    expect(page.get_by_text("已移交").first).to_be_visible()
    assert Project.objects.get().owner == colleague.person
