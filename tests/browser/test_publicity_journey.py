"""A year is made public: an officer objects on the phone, a manager decides, what changed lists itself, the list is final."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from kpi.models import Publicity, ScoreObjection
from staff.models import Account
from tests.factories.files import PDF
from tests.factories.publicity import YEAR, assess, calculate, pass_window, sign_for

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]

PUBLICITY = re.compile(r"/year/publicity/[0-9a-zA-Z]+/$")
OBJECTION = re.compile(r"/year/objections/[0-9a-zA-Z]+/$")
HERE = f"/year/publicity/?year={YEAR}"


@pytest.fixture
def assessed(officer: Account, outsider: Account, manager: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi.actions.run.wake_worker", lambda _run: None)
    assess(officer, outsider, manager=manager)


def make_public(visit: Visit, hr: Account, manager: Account) -> Publicity:
    """HR drafts, the manager announces."""
    page = visit(hr, HERE)
    page.get_by_role("link", name="拟定公示").click()
    page.locator("#dialog [name=contact]").fill("人事科")
    page.locator("#dialog").get_by_role("button", name="拟定公示").click()
    page.wait_for_url(PUBLICITY)
    expect(page.get_by_text("您拟定的公示")).to_be_visible()
    page = visit(manager, HERE)
    page.get_by_role("link", name="发布公示").click()
    page.locator("#dialog").get_by_role("button", name="发布公示").click()
    expect(page.get_by_text("期满没有提出的，视为没有异议")).to_be_visible()
    return Publicity.objects.get()


def test_from_the_draft_to_the_final_list(
    visit: Visit,
    axe: Callable[[Page], list[str]],
    assessed: None,
    hr: Account,
    manager: Account,
    officer: Account,
    outsider: Account,
) -> None:
    public = make_public(visit, hr, manager)
    other = visit(outsider, HERE, size="phone")
    other.locator("#own").get_by_role("button", name="确认").click()
    expect(other.locator("#own")).to_contain_text("已确认")

    phone = visit(officer, HERE, size="phone")
    assert axe(phone) == []
    phone.locator("#own").get_by_role("link", name="提出异议").click()
    phone.locator("[name=indicator]").select_option(label="项目签约")
    phone.locator("[name=text]").fill("三月的一个签约没有计入。")
    phone.get_by_role("button", name="提交异议").click()
    expect(phone.locator("[name=asked]")).to_have_attribute("aria-invalid", "true")
    expect(phone.locator("[name=text]")).to_have_value("三月的一个签约没有计入。")
    phone.locator("[name=asked]").fill("请补计。")
    scan: FilePayload = {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": PDF}
    phone.locator("[name=papers]").set_input_files(scan)
    phone.get_by_role("button", name="提交异议").click()
    phone.wait_for_url(OBJECTION)
    assert axe(phone) == []

    page = visit(manager, HERE)
    page.get_by_role("link", name=re.compile("项目签约")).click()
    expect(page.get_by_text("这一分从哪里来")).to_be_visible()
    page.get_by_role("link", name="处理异议").click()
    page.locator("#dialog").get_by_label("采纳", exact=True).check()
    page.locator("#dialog [name=reason]").fill("合同和回单属实。")
    page.locator("#dialog").get_by_role("button", name="处理异议").click()
    expect(page.get_by_text("还没有登记更正")).to_be_visible()
    sign_for(officer, manager)
    calculate()
    page.get_by_role("link", name="登记更正").click()
    page.locator("#dialog [name=text]").fill("补认定一条签约。")
    page.locator("#dialog").get_by_role("button", name="登记更正").click()
    expect(page.get_by_text("补认定一条签约。")).to_be_visible()
    assert ScoreObjection.objects.get().state == "upheld"

    pass_window(public)
    page.goto(page.url.split("/year/")[0] + f"/year/publicity/{public.public_id}/changes/")
    expect(page.get_by_text("异议采纳").first).to_be_visible()
    assert axe(page) == []
    page.goto(page.url.removesuffix("changes/"))
    page.get_by_role("link", name="定案", exact=True).click()
    page.locator("#dialog").get_by_role("button", name="定案").click()
    expect(page.locator(".page-detail")).to_have_text("已定案")
    phone.goto(phone.url.split("/year/")[0] + f"/year/publicity/{public.public_id}/changes/")
    expect(phone.get_by_text("异议采纳").first).to_be_visible()
    assert axe(phone) == []
