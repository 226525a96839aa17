"""From the pool to a dispute: an officer claims what lapsed, releases it again, and disputes what another team holds."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from projects.models import Arbitration, FirstReception
from staff.models import Account
from tests.projects.test_protection import receive

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


def test_officer_claims_from_the_pool_and_releases_again(
    visit: Visit, officer: Account, outsider: Account
) -> None:
    held = receive(outsider, until=-1)
    page = visit(officer, "/receptions/pool/")

    page.get_by_role("link", name="认领").click()
    page.locator("#dialog").get_by_role("button", name="认领").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(held.company.name)
    expect(page.locator("#protection")).to_contain_text("保护中")
    page.locator("#protection").get_by_role("link", name="主动释放").click()
    page.locator("#dialog [name=reason]").fill("对方暂缓投资")
    page.locator("#dialog").get_by_role("button", name="释放到公海").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("公海")
    assert FirstReception.objects.get(claimed_from_pool=True).ending == "released"


def test_officer_disputes_a_masked_company_and_states_the_case(
    visit: Visit, officer: Account, outsider: Account
) -> None:
    held = receive(outsider)
    page = visit(officer, "/receptions/")
    expect(page.get_by_text(held.company.name)).to_have_count(0)

    page.get_by_role("link", name="仲裁", exact=True).click()
    page.locator("#dialog [name=grounds]").fill("我队三月展会首谈")
    page.locator("#dialog").get_by_role("button", name="提起").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("第1号")
    page.get_by_role("link", name="提交陈述").click()
    page.locator("#dialog [name=text]").fill("名片和来访记录为证")
    page.locator("#dialog").get_by_role("button", name="提交陈述").click()
    expect(page.get_by_text("名片和来访记录为证")).to_be_visible()
    assert Arbitration.objects.get().statements.get().party == "claimant"
