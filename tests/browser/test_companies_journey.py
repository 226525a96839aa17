"""A company written twice: the manager finds the other, decides field by field, and takes the merge apart again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from projects.models import Company
from staff.models import Account
from tests.factories.projects import make_company, make_project

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


def test_two_companies_are_merged_after_a_preview_and_parted_again(
    visit: Visit, manager: Account, officer: Account
) -> None:
    kept = make_company(officer, name="长河新能源有限公司", region="合肥")
    lost = make_company(officer, name="长河新能源公司", region="无锡")
    make_project(officer, company=lost, name="储能基地")
    page = visit(manager, f"/companies/{kept.public_id}/")

    page.get_by_role("link", name="合并", exact=True).click()
    page.locator("#dialog [name=q]").fill("长河")
    page.locator("#dialog").get_by_role("button", name="查找").click()
    page.get_by_role("link", name="预览合并").click()
    page.get_by_role("radio", name="无锡").check()
    page.get_by_label("合并理由").fill("同一家企业")
    page.get_by_role("button", name="合并", exact=True).click()
    expect(page.get_by_role("heading", name=kept.name)).to_be_visible()
    expect(page.get_by_text("储能基地").first).to_be_visible()
    page.goto(page.url.replace(kept.public_id, lost.public_id))
    expect(page.get_by_role("heading", name=kept.name)).to_be_visible()
    page.get_by_role("link", name="拆回").click()
    page.locator("#dialog").get_by_label("理由").fill("看错了")
    page.locator("#dialog").get_by_role("button", name="拆回").click()
    expect(page.get_by_role("heading", name=lost.name)).to_be_visible()

    assert list(Company.objects.order_by("pk").values_list("region", "merged_into")) == [
        ("合肥", None),
        ("无锡", None),
    ]


def test_another_name_is_added_and_finds_the_company(visit: Visit, officer: Account) -> None:
    company = make_company(officer, name="长河新能源有限公司")
    page = visit(officer, f"/companies/{company.public_id}/")

    page.locator(".card", has_text="其他名称").get_by_role("link", name="添加").click()
    page.locator("#dialog").get_by_label("名称").fill("苏北电池厂")
    page.locator("#dialog").get_by_label("类型").select_option("former")
    page.locator("#dialog").get_by_role("button", name="添加").click()
    expect(page.get_by_text("苏北电池厂").first).to_be_visible()
    page.goto(page.url.split("/companies/")[0] + "/search/?q=subei")

    expect(page.get_by_role("link", name=company.name).first).to_be_visible()
