"""A bulletin from one click to the house: HR takes the figures and writes, a manager issues, an officer opens a figure's list."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from kpi.models import Bulletin
from staff.models import Account
from tests.factories.projects import make_project, make_recognised

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]
BULLETIN = re.compile(r"/year/bulletins/[0-9a-z]{10}/$")


def test_from_one_click_to_the_list_behind_a_figure(
    visit: Visit, hr: Account, manager: Account, officer: Account
) -> None:
    today = timezone.localdate()
    last = today.replace(day=1) - timedelta(1)
    make_recognised(make_project(officer), officer, manager, kind="signed", happened_on=last)

    writer = visit(hr, "/year/bulletins/")
    writer.get_by_label("时段", exact=True).select_option(f"{last.year}:M{last.month:02}")
    writer.get_by_role("button", name="取数成稿").click()
    expect(writer).to_have_url(BULLETIN)
    expect(writer.get_by_text("等另一位同事签发")).to_be_visible()
    writer.get_by_role("link", name="写按语").click()
    writer.get_by_label("下步工作").fill("逐个盯紧已签未注册项目。")
    writer.get_by_role("button", name="保存").click()
    expect(writer.get_by_text("逐个盯紧已签未注册项目。")).to_be_visible()

    path = f"/year/bulletins/{Bulletin.objects.get().public_id}/"
    issuer = visit(manager, path)
    issuer.get_by_role("button", name="签发").click()
    expect(issuer.locator(".page-heading, header, main").get_by_text("第 1 期").first).to_be_visible()

    reader = visit(officer, path, size="phone")
    row = reader.get_by_role("row").filter(has_text="签约项目").first
    row.get_by_role("link").first.click()
    expect(reader).to_have_url(re.compile(r"kind=signed"))
    expect(reader.locator("[data-row]")).to_have_count(1)

    issuer.get_by_role("link", name="撤回").click()
    issuer.get_by_label("原因").fill("漏计一项")
    issuer.get_by_role("button", name="撤回").click()
    expect(issuer.get_by_text("撤回：漏计一项")).to_be_visible()
