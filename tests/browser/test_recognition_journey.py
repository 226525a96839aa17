"""Two people for every fact: the officer reports with evidence, a manager recognises or sends back with a reason."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from projects.actions import advance_project, log_lead
from projects.models import Achievement, Project
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.files import PDF

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]

RECORD = re.compile(r"/projects/[0-9a-z]{10}/$")
ACHIEVEMENT = re.compile(r"/achievements/[0-9a-z]{10}/$")


def paper(name: str) -> FilePayload:
    """A file of its own content: the same content twice is one piece of evidence."""
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF + f"% {name}\n".encode()}


def days_ago(count: int) -> date:
    return timezone.localdate() - timedelta(days=count)


@pytest.fixture
def project(officer: Account) -> Project:
    """A project of the officer's that may be signed."""
    project = log_lead(
        actor=officer,
        name="智能网联测试场",
        company_name="演示智驾科技有限公司",
        channel="event",
        planned_investment=Decimal(400_000_000),
        industry="smart_vehicles",
        on=days_ago(90),
    )
    project = advance_project(actor=officer, project=project, to="negotiation", happened_on=days_ago(80))
    return advance_project(actor=officer, project=project, to="admission", happened_on=days_ago(60))


def report_signing(page: Page, amount: str = "3.5亿") -> None:
    """Move to 签约 from the record with what the gate asks for."""
    dialog = page.locator("#dialog")
    page.get_by_role("link", name="推进到「签约」").click()
    dialog.locator("[name=admission_note]").fill("符合准入目录。")
    dialog.locator("[name=happened_on]").fill(days_ago(3).isoformat())
    dialog.locator("[name=amount]").fill(amount)
    dialog.locator("[name=evidence]").set_input_files(paper("投资协议盖章页.pdf"))
    dialog.get_by_role("button", name="推进到「签约」").click()


def test_a_signing_is_returned_mended_and_recognised_in_part(
    visit: Visit, officer: Account, manager: Account, project: Project
) -> None:
    desk = visit(officer, f"/projects/{project.public_id}/")
    report_signing(desk)
    expect(desk.locator(".toast-item")).to_contain_text("里程碑待认定")
    expect(desk.locator(".achievement-table")).to_contain_text("3.50")
    expect(desk.locator(".achievement-table")).to_contain_text("待认定")
    achievement = Achievement.objects.get()
    assert (achievement.kind, achievement.state, achievement.amount_cny) == (
        "signed",
        "submitted",
        Decimal(350_000_000),
    )
    assert (achievement.submitted_by, achievement.happened_on) == (officer, days_ago(3))

    # The submitter finds no way to recognise, not even by the address.
    address = f"/achievements/{achievement.public_id}/"
    desk.locator(".achievement-table .row-link").click()
    desk.wait_for_url(ACHIEVEMENT)
    expect(desk.get_by_text("认定或退回")).to_have_count(0)
    expect(desk.locator("#evidence")).to_contain_text("投资协议盖章页")
    refused = desk.goto(desk.url + "recognition/")
    assert refused is not None
    assert refused.status == 403
    expect(desk.locator("main")).to_contain_text("不能认定自己的申报")

    # The manager reads it on the phone, and sends it back; without a reason that is refused.
    phone = visit(manager, "/", size="phone")
    phone.locator(".todo", has_text="智能网联测试场").locator("a").tap()
    phone.wait_for_url(ACHIEVEMENT)
    phone.get_by_role("link", name="认定或退回").tap()
    panel = phone.locator("#dialog")
    expect(panel).to_contain_text("35,000.00 万元")
    panel.get_by_role("button", name="退回").tap()
    expect(panel.locator(".form-errors")).to_contain_text("请写明退回的原因")
    panel.locator("[name=note]").fill("盖章页缺附件二，请补。")
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    panel.get_by_role("button", name="退回").tap()
    expect(phone.locator(".toast-item")).to_contain_text("已退回")
    achievement.refresh_from_db()
    assert (achievement.state, achievement.decision_note) == ("returned", "盖章页缺附件二，请补。")

    # The officer is told on the workbench, mends and submits again.
    desk.goto(desk.url.split("/achievements/")[0] + "/")
    todo = desk.locator(".todo", has_text="盖章页缺附件二")
    expect(todo).to_contain_text("被退回")
    todo.locator("a").click()
    desk.get_by_role("link", name="修改后重新提交").click()
    expect(desk.locator(".note-attention")).to_contain_text("盖章页缺附件二，请补。")
    expect(desk.locator("[name=amount]")).to_have_value("35000")
    desk.locator("[name=amount]").fill("3.2亿")
    desk.locator("[name=evidence]").set_input_files(paper("附件二.pdf"))
    desk.get_by_role("button", name="重新提交").click()
    desk.wait_for_url(ACHIEVEMENT)
    expect(desk.locator("#evidence")).to_contain_text("附件二")
    expect(desk.locator("#evidence")).to_contain_text("投资协议盖章页")

    # The manager recognises a part of it from the queue; without a note that is refused.
    phone.goto(phone.url.split("/achievements/")[0] + "/recognitions/")
    phone.locator("#list-form").get_by_role("link", name="认定", exact=True).tap()
    panel.locator("[name=recognised_amount]").fill("3亿")
    panel.get_by_role("button", name="认定", exact=True).tap()
    expect(panel.locator(".form-errors")).to_contain_text("少认定时请写明原因")
    expect(panel.locator("[name=recognised_amount]")).to_have_value("3亿")
    panel.locator("[name=note]").fill("土地款不计入。")
    panel.get_by_role("button", name="认定", exact=True).tap()
    expect(phone.locator(".toast-item")).to_contain_text("已认定")
    expect(phone.locator("main")).to_contain_text("没有待认定的业绩")

    achievement.refresh_from_db()
    assert (achievement.state, achievement.recognised_cny, achievement.decided_by) == (
        "recognised",
        Decimal(300_000_000),
        manager,
    )
    desk.goto(desk.url.split("/achievements/")[0] + address)
    expect(desk.locator("main")).to_contain_text("土地款不计入。")
    expect(desk.locator("main")).to_contain_text("30,000.00")
    verbs = AuditEntry.objects.filter(target_type="projects.achievement").order_by("id")
    assert list(verbs.values_list("verb", "actor_name")) == [
        ("achievement.report", officer.display_name),
        ("achievement.return", manager.display_name),
        ("achievement.resubmit", officer.display_name),
        ("achievement.recognise", manager.display_name),
    ]


def test_a_manager_cannot_recognise_what_he_reported_but_another_can(
    visit: Visit, manager: Account, deputy: Account, project: Project
) -> None:
    own = visit(manager, f"/projects/{project.public_id}/")
    report_signing(own)
    own.wait_for_url(RECORD)
    expect(own.locator(".achievement-table")).to_contain_text("待认定")
    achievement = Achievement.objects.get()
    own.goto(own.url.split("/projects/")[0] + "/recognitions/")
    expect(own.locator("main")).to_contain_text("智能网联测试场")
    expect(own.locator("#list-form").get_by_role("link", name="认定", exact=True)).to_have_count(0)

    other = visit(deputy, "/recognitions/")
    other.locator("#list-form").get_by_role("link", name="认定", exact=True).click()
    other.locator("#dialog").get_by_role("button", name="认定", exact=True).click()
    expect(other.locator(".toast-item")).to_contain_text("已认定")
    achievement.refresh_from_db()
    assert (achievement.state, achievement.decided_by) == ("recognised", deputy)
    assert achievement.recognised_cny == Decimal(350_000_000)


def test_dollars_come_in_with_rate_and_certificate(
    visit: Visit, officer: Account, manager: Account, project: Project
) -> None:
    page = visit(officer, f"/projects/{project.public_id}/achievements/new/?kind=paid_in")
    page.locator("[name=happened_on]").fill(days_ago(2).isoformat())
    page.locator("[name=amount]").fill("300万美元")
    page.locator("[name=certificate]").fill("FX-2026-0098")
    page.locator("[name=title]").fill("首期外方出资")
    page.locator("[name=evidence]").set_input_files(paper("银行到账回单.pdf"))
    page.get_by_role("button", name="提交认定").click()
    expect(page.locator(".form-errors")).to_contain_text("币种请选美元")

    page.locator("[name=currency]").select_option("USD")
    page.locator("[name=exchange_rate]").fill("712.03")
    page.locator("[name=rate_on]").fill(days_ago(2).isoformat())
    page.locator("[name=evidence]").set_input_files(paper("银行到账回单.pdf"))
    page.get_by_role("button", name="提交认定").click()
    expect(page.locator(".form-errors")).to_contain_text("银行牌价按 100 美元报价时请除以 100")
    expect(page.locator("[name=certificate]")).to_have_value("FX-2026-0098")
    page.locator("[name=exchange_rate]").fill("7.1203")
    expect(page.locator(".converted")).to_contain_text("2,136.09")
    page.locator("[name=evidence]").set_input_files(paper("银行到账回单.pdf"))
    page.get_by_role("button", name="提交认定").click()
    page.wait_for_url(ACHIEVEMENT)

    receipt = Achievement.objects.get()
    assert (receipt.kind, receipt.currency, receipt.amount, receipt.exchange_rate) == (
        "paid_in",
        "USD",
        Decimal(3_000_000),
        Decimal("7.1203"),
    )
    assert (receipt.amount_cny, receipt.certificate) == (Decimal(21_360_900), "FX-2026-0098")
    expect(page.locator("main")).to_contain_text("300.00 万美元")
    expect(page.locator("main")).to_contain_text("7.1203")
    expect(page.locator("main")).to_contain_text("FX-2026-0098")

    decide = visit(manager, f"/achievements/{receipt.public_id}/recognition/")
    expect(decide.locator("main")).to_contain_text("汇率 7.1203")
    decide.get_by_role("button", name="认定", exact=True).click()
    decide.wait_for_url(ACHIEVEMENT)
    receipt.refresh_from_db()
    assert (receipt.state, receipt.recognised_amount, receipt.recognised_cny) == (
        "recognised",
        Decimal(3_000_000),
        Decimal(21_360_900),
    )
    page.goto(page.url.split("/achievements/")[0] + f"/projects/{project.public_id}/")
    expect(page.locator(".figures").first).to_contain_text("$0.03 亿")


def test_yuan_comes_in_with_a_certificate(visit: Visit, officer: Account, project: Project) -> None:
    page = visit(officer, f"/projects/{project.public_id}/achievements/new/?kind=paid_in")
    page.locator("[name=happened_on]").fill((timezone.localdate() + timedelta(days=2)).isoformat())
    page.locator("[name=amount]").fill("1,200万元")
    page.locator("[name=certificate]").fill("验资-001")
    page.locator("[name=evidence]").set_input_files(paper("验资报告.pdf"))
    page.get_by_role("button", name="提交认定").click()
    expect(page.locator(".form-errors")).to_contain_text("还没有到")
    page.locator("[name=happened_on]").fill(days_ago(1).isoformat())
    page.locator("[name=evidence]").set_input_files(paper("验资报告.pdf"))
    page.get_by_role("button", name="提交认定").click()
    page.wait_for_url(ACHIEVEMENT)

    receipt = Achievement.objects.get()
    assert (receipt.currency, receipt.amount_cny, receipt.exchange_rate) == ("CNY", Decimal(12_000_000), None)


def test_the_same_milestone_submitted_twice_is_one(
    visit: Visit, officer: Account, leader: Account, project: Project
) -> None:
    address = f"/projects/{project.public_id}/"
    first, second = visit(officer, address), visit(leader, address)
    second.get_by_role("link", name="推进到「签约」").click()
    panel = second.locator("#dialog")
    panel.locator("[name=admission_note]").fill("我先填的。")
    panel.locator("[name=amount]").fill("4亿")
    panel.locator("[name=evidence]").set_input_files(paper("协议.pdf"))
    report_signing(first)
    expect(first.locator(".achievement-table")).to_contain_text("待认定")

    panel.get_by_role("button", name="推进到「签约」").click()
    said = second.locator("#dialog .form-errors, .toast-error, #dialog .outcome, main .outcome").first
    expect(said).to_be_visible()
    expect(said).to_contain_text(re.compile(f"{officer.display_name}|已经|已在|签约"))
    assert Achievement.objects.count() == 1
    assert Achievement.objects.get().amount_cny == Decimal(350_000_000)

    again = first.goto(first.url.split("/projects/")[0] + f"{address}achievements/new/?kind=signed")
    assert again is not None
    first.locator("[name=happened_on]").fill(days_ago(1).isoformat())
    first.locator("[name=amount]").fill("3.5亿")
    first.locator("[name=evidence]").set_input_files(paper("又一份.pdf"))
    first.get_by_role("button", name="提交认定").click()
    expect(first.locator(".form-errors")).to_contain_text("同一里程碑已经申报过")
    assert Achievement.objects.count() == 1
