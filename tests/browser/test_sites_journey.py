"""From a demand to a place that nobody else gets, and a promise that a second person confirms."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from projects.actions import log_lead
from projects.models import Project, Promise, Reservation
from staff.models import Account
from tests.factories.files import PDF
from tests.factories.sites import make_plot

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


@pytest.fixture
def project(officer: Account) -> Project:
    return log_lead(
        actor=officer, name="固态电池基地", company_name="江苏固态电池有限公司", channel="industry_chain"
    )


def test_an_officer_finds_a_place_and_the_leader_approves_it(
    visit: Visit, officer: Account, leader: Account, manager: Account, project: Project
) -> None:
    make_plot(manager, number="B-07", area=60, power=8000)
    make_plot(
        manager, number="B-08", area=60, power=2000, corners=[[220, 0], [420, 0], [420, 200], [220, 200]]
    )

    page = visit(officer, f"/sites/match/?project={project.public_id}")
    page.locator("[name=area]").fill("60")
    page.locator("[name=power]").fill("8000")
    page.get_by_role("button", name="找地方").click()
    expect(page.locator(".candidate").first).to_contain_text("B-07")
    expect(page.locator(".candidate").nth(1).locator(".reason-not")).to_contain_text("供电 2000 kVA")
    page.locator(".candidate").first.get_by_role("link", name="申请").click()
    page.locator("#dialog").get_by_role("button", name="提交申请").click()
    expect(page.locator("h1")).to_contain_text("B-07")
    expect(page.get_by_text("待批", exact=True)).to_be_visible()

    # On the map it is the project's; the leader approves.
    page.goto(page.url.split("/sites/")[0] + "/projects/map/")
    expect(page.locator(".park-plan a", has_text="B-07")).to_contain_text("固态电池基地")
    reservation = Reservation.objects.get()
    other = visit(leader, f"/sites/reservations/{reservation.public_id}/")
    other.get_by_role("link", name="批准", exact=True).click()
    other.locator("#dialog").get_by_role("button", name="批准").click()
    expect(other.locator("dd .mark").first).to_have_text("预留")

    reservation.refresh_from_db()
    assert (reservation.state, reservation.plot.number if reservation.plot else "") == ("reserved", "B-07")


def test_a_promise_is_entered_reported_and_confirmed(
    visit: Visit, officer: Account, leader: Account, project: Project
) -> None:
    page = visit(officer, f"/projects/{project.public_id}/?tab=promises")
    dialog = page.locator("#dialog")
    page.get_by_role("link", name="登记承诺").click()
    dialog.locator("[name=subject]").select_option("paid_in")
    dialog.locator("[name=text]").fill("注册资本首期到位")
    dialog.locator("[name=figure]").fill("8000万")
    dialog.locator("[name=unit]").select_option("yuan")
    dialog.locator("[name=due_on]").fill((timezone.localdate() - timedelta(days=1)).isoformat())
    dialog.get_by_role("button", name="登记承诺").click()
    expect(page.locator(".tab-count-alarm")).to_have_text("1")

    page.get_by_role("link", name="注册资本首期到位").click()
    page.get_by_role("link", name="报告履行").first.click()
    paper: Any = {"name": "验资报告.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.locator("#dialog [name=figure]").fill("0.8亿")
    page.locator("#dialog [name=evidence]").set_input_files(paper)
    page.locator("#dialog").get_by_role("button", name="报告履行").click()
    expect(page.get_by_text("待确认").first).to_be_visible()

    other = visit(leader, f"/promises/{Promise.objects.get().public_id}/")
    other.get_by_role("link", name="确认").click()
    other.locator("#dialog").get_by_role("button", name="确认履行").click()
    expect(other.locator(".page-aside .mark").first).to_have_text("已履行")
    assert Promise.objects.get().state == "fulfilled"
