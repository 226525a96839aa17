"""A lead in ten seconds: the key from anywhere, the warning while typing, one go, and nothing typed is ever lost."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from projects.actions import log_lead
from projects.models import Company, CreditShare, FirstReception, Project
from promotion.models import AuditEntry
from staff.models import Account, Team

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]

CODE = "91350100M000100Y43"
WRONG = "91350100M000100Y44"
RECORD = re.compile(r"/projects/[0-9a-z]{10}/$")


def type_lead(page: Page, **typed: str) -> None:
    """Fill the fields of the open lead form by name."""
    for name, text in typed.items():
        place = page.locator(f"[name={name}]:visible")
        if place.evaluate("element => element.tagName") == "SELECT":
            place.select_option(text)
        else:
            place.fill(text)


def open_by_key(page: Page) -> None:
    page.keyboard.press("c")
    expect(page.locator("#dialog")).to_be_visible()
    expect(page.locator("#dialog [name=company_name]")).to_be_focused()


def warned_of(page: Page, text: str) -> str:
    """What the form says about a company while it is typed key by key."""
    place = page.locator("#dialog [name=company_name]")
    place.fill("")
    expect(page.locator("#lead-duplicates .duplicate")).to_have_count(0)
    place.press_sequentially(text, delay=5)
    expect(page.locator("#lead-duplicates .duplicate").first).to_be_visible()
    return page.locator("#lead-duplicates").inner_text()


@pytest.mark.parametrize("place", ["/", "/projects/", "/score/ranking/", "/profile/"])
def test_the_key_opens_the_form_anywhere(visit: Visit, officer: Account, place: str) -> None:
    open_by_key(visit(officer, place))


def test_a_lead_is_typed_and_saved_in_one_go(visit: Visit, officer: Account, first_team: Team) -> None:
    page = visit(officer, "/projects/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    open_by_key(page)
    type_lead(
        page,
        company_name="演示动力电池有限公司",
        name="动力电池一期",
        channel="fund",
        planned_investment="3.5亿",
        next_step="请客商来区考察",
    )
    expect(page.locator("#dialog [data-amount-preview]")).to_have_text("= 35,000 万元 = 3.5 亿元")
    expect(page.locator("#dialog [name=next_step_on]")).not_to_have_value("")
    page.locator("#dialog [name=next_step]").press("Enter")
    page.wait_for_url(RECORD)

    project = Project.objects.get()
    expect(page.locator("h1")).to_have_text("动力电池一期")
    expect(page.locator(".toast-item")).to_contain_text(f"已记线索 {project.code}")
    expect(page.locator("#next-step")).to_contain_text("请客商来区考察")
    assert (project.company.name, project.channel, project.stage, project.team, project.owner) == (
        "演示动力电池有限公司",
        "fund",
        "lead",
        first_team,
        officer.person,
    )
    assert project.planned_investment == Decimal("350000000.00")
    assert FirstReception.objects.get().team == first_team
    assert sum(CreditShare.objects.values_list("percent", flat=True)) == 100
    assert AuditEntry.objects.filter(verb="lead.log", actor_name=officer.display_name).count() == 1
    assert len(sent) == 1


def test_a_duplicate_is_told_while_typing_and_can_be_taken(
    visit: Visit, officer: Account, first_team: Team
) -> None:
    log_lead(
        actor=officer,
        name="厦门储能基地",
        company_name="宁海时代新能源有限公司",
        channel="fund",
        credit_code=CODE,
    )
    page = visit(officer, "/")
    open_by_key(page)

    for typed in ("海时代", "ninghaishidai", "nhsd", "宁海时代"):
        said = warned_of(page, typed)
        assert "宁海时代新能源有限公司" in said, typed
        assert first_team.name in said
    page.locator("#dialog [name=company_name]").fill("另一个名字")
    expect(page.locator("#lead-duplicates .duplicate")).to_have_count(0)
    page.locator("#dialog summary", has_text="更多").click()
    page.locator("#dialog [name=credit_code]").press_sequentially(CODE.lower(), delay=5)
    expect(page.locator("#lead-duplicates")).to_contain_text("宁海时代新能源有限公司")

    page.locator("#lead-duplicates button", has_text="选用").first.click()
    expect(page.locator("#dialog [name=company_name]")).to_have_value("宁海时代新能源有限公司")
    expect(page.locator("#dialog [name=credit_code]")).to_have_value(CODE)
    type_lead(page, name="储能二期")
    page.get_by_role("button", name="保存线索").click()
    page.wait_for_url(RECORD)
    assert Company.objects.count() == 1
    assert set(Project.objects.values_list("name", flat=True)) == {"厦门储能基地", "储能二期"}


def test_another_teams_company_is_told_masked_and_its_claim_holds(
    visit: Visit, officer: Account, outsider: Account, second_team: Team
) -> None:
    theirs = log_lead(
        actor=outsider,
        name="光电秘密计划",
        company_name="远望光电有限公司",
        channel="event",
        credit_code=CODE,
    )
    page = visit(officer, "/")
    open_by_key(page)

    for typed in ("远望光电", "远望光电有限公司"):
        said = warned_of(page, typed)
        assert f"已存在，由 {second_team.name} 自 {theirs.reported_on:%Y-%m} 起跟进" in said
        assert "远望光电" not in said
        assert "秘密计划" not in said
        assert page.locator("#lead-duplicates a, #lead-duplicates button").count() == 0
    page.locator("#dialog [name=company_name]").fill("随便什么公司")
    expect(page.locator("#lead-duplicates .duplicate")).to_have_count(0)
    page.locator("#dialog summary", has_text="更多").click()
    page.locator("#dialog [name=credit_code]").press_sequentially(CODE, delay=5)
    expect(page.locator("#lead-duplicates")).to_contain_text(f"由 {second_team.name}")
    assert "远望光电" not in page.locator("#lead-duplicates").inner_text()

    type_lead(page, credit_code="", company_name="远望光电有限公司", name="我也来一个", next_step="先联系")
    page.get_by_role("button", name="保存线索").click()
    expect(page.locator("#dialog .form-errors")).to_contain_text(f"由 {second_team.name}")
    expect(page.locator("#dialog [name=name]")).to_have_value("我也来一个")
    expect(page.locator("#dialog [name=next_step]")).to_have_value("先联系")
    assert Project.objects.count() == 1
    assert FirstReception.objects.get().team == second_team


def test_a_wrong_code_and_an_unreadable_amount_are_refused_with_nothing_lost(
    visit: Visit, officer: Account
) -> None:
    page = visit(officer, "/projects/list/")
    open_by_key(page)
    page.locator("#dialog summary", has_text="更多").click()
    type_lead(
        page,
        company_name="演示芯片有限公司",
        name="封测产线",
        planned_investment="三个多亿",
        next_step="对接用地",
        credit_code=WRONG,
        industry="integrated_circuits",
        channel_note="老乡会介绍",
    )
    page.get_by_role("button", name="保存线索").click()
    expect(page.locator("#dialog .form-errors")).to_contain_text("看不懂金额“三个多亿”")

    type_lead(page, planned_investment="12000")
    page.get_by_role("button", name="保存线索").click()
    errors = page.locator("#dialog .form-errors")
    expect(errors).to_contain_text("末位应为 3，您填的是 4")
    expect(page.locator("#dialog [name=credit_code]")).to_be_visible()
    kept = {
        "company_name": "演示芯片有限公司",
        "name": "封测产线",
        "planned_investment": "12000",
        "next_step": "对接用地",
        "credit_code": WRONG,
        "industry": "integrated_circuits",
        "channel_note": "老乡会介绍",
    }
    for name, value in kept.items():
        expect(page.locator(f"#dialog [name={name}]")).to_have_value(value)
    assert not Project.objects.exists()
    assert not Company.objects.exists()

    type_lead(page, credit_code=CODE)
    page.get_by_role("button", name="保存线索").click()
    page.wait_for_url(RECORD)
    project = Project.objects.select_related("company").get()
    assert (project.company.credit_code, project.planned_investment) == (CODE, Decimal("120000000.00"))
    assert (project.industry, project.channel_note) == ("integrated_circuits", "老乡会介绍")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_draft_survives_a_reload_and_goes_when_saved(visit: Visit, officer: Account, size: str) -> None:
    page = visit(officer, "/leads/new/" if size == "phone" else "/", size=size)

    def reopen() -> None:
        if size == "desktop":
            open_by_key(page)

    reopen()
    type_lead(page, company_name="演示风电有限公司", name="风机叶片", planned_investment="5000万")
    page.reload()
    reopen()
    expect(page.locator("[name=company_name]:visible")).to_have_value("演示风电有限公司")
    expect(page.locator("[name=planned_investment]:visible")).to_have_value("5000万")
    expect(page.get_by_text("已恢复上次没提交的内容。")).to_be_visible()

    page.get_by_role("button", name="保存线索").click()
    page.wait_for_url(RECORD)
    assert Project.objects.get().planned_investment == Decimal("50000000.00")
    page.goto(page.url.split("/projects/")[0] + ("/leads/new/" if size == "phone" else "/"))
    reopen()
    expect(page.locator("[name=company_name]:visible")).to_have_value("")


def test_on_the_phone_the_round_button_opens_the_form_and_it_fits(
    visit: Visit, officer: Account, axe: Callable[[Page], list[str]]
) -> None:
    page = visit(officer, "/", size="phone")
    page.locator(".bottombar-lead").tap()
    page.wait_for_url("**/leads/new/")
    type_lead(page, company_name="演示医药有限公司", name="创新药中试", planned_investment="8,000万")

    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert axe(page) == []
    save = page.get_by_role("button", name="保存线索")
    save.scroll_into_view_if_needed()
    box = save.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    save.tap()
    page.wait_for_url(RECORD)
    expect(page.locator("h1")).to_have_text("创新药中试")
    assert Project.objects.get().planned_investment == Decimal("80000000.00")
