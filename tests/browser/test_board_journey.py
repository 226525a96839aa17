"""From first lead to production: by drag, by menu, by keyboard; the move asks for what its gate needs in the same step."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Locator, Page, expect

from projects.actions import advance_project, log_lead
from projects.models import Achievement, Document, FollowUp, Project, StageChange
from promotion.models import AuditEntry
from staff.models import Account
from tests.browser import pointer
from tests.factories.files import PDF

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]

CODE = "91350100M000100Y43"
RECORD = re.compile(r"/projects/[0-9a-z]{10}/$")


def paper(name: str) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}


@pytest.fixture
def project(officer: Account) -> Project:
    return log_lead(
        actor=officer,
        name="固态电池基地",
        company_name="演示固态电池有限公司",
        channel="industry_chain",
        on=timezone.localdate() - timedelta(days=60),
    )


def card(page: Page, stage: str) -> Locator:
    return page.locator(f"[data-stage={stage}] [data-card]")


def drag(page: Page, source: Locator, stage: str) -> None:
    """Carry a card to the column of a stage."""
    pointer.drag(page, source, page.locator(f"[data-stage={stage}]"))


def expect_at(page: Page, stage: str) -> None:
    """The server agreed: the panel is gone and the column's head counts the card."""
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator(f"[data-stage={stage}] .board-count")).to_have_text("1")
    expect(card(page, stage)).to_contain_text("固态电池基地")


def stage_of(project: Project) -> str:
    project.refresh_from_db()
    return project.stage


def test_a_project_goes_through_all_eight_stages(visit: Visit, officer: Account, project: Project) -> None:
    page = visit(officer, "/projects/")
    dialog = page.locator("#dialog")

    # By drag: 洽谈 asks for the industry.
    drag(page, card(page, "lead"), "negotiation")
    expect(dialog).to_contain_text("推进到「洽谈」")
    expect(dialog.locator("[name=planned_investment], [name=evidence]")).to_have_count(0)
    dialog.locator("[name=industry]").select_option("new_energy")
    dialog.get_by_role("button", name="推进到「洽谈」").click()
    expect_at(page, "negotiation")
    expect(page.locator(".toast-item").last).to_contain_text("已移到「洽谈」")
    assert stage_of(project) == "negotiation"

    # By menu: 准入审查 asks for the amount; an unreadable one is refused and nothing typed is lost.
    card(page, "negotiation").locator("summary").click()
    card(page, "negotiation").get_by_text("推进到「准入审查」").click()
    dialog.locator("[name=planned_investment]").fill("十来个亿")
    dialog.locator("[name=note]").fill("客商已两次来区")
    dialog.get_by_role("button", name="推进到「准入审查」").click()
    expect(dialog.locator(".form-errors")).to_contain_text("看不懂金额“十来个亿”")
    expect(dialog.locator("[name=note]")).to_have_value("客商已两次来区")
    dialog.locator("[name=planned_investment]").fill("12亿")
    dialog.get_by_role("button", name="推进到「准入审查」").click()
    expect_at(page, "admission")
    expect(card(page, "admission").locator(".board-amount")).to_have_text("12.0")
    assert stage_of(project) == "admission"

    # By keyboard: 签约 asks for the opinion, the amount and the evidence, and reports the milestone.
    card(page, "admission").locator(".board-title").focus()
    page.keyboard.press("m")
    expect(dialog).to_contain_text("推进到「签约」")
    dialog.get_by_role("button", name="推进到「签约」").click()
    expect(dialog.locator(".form-errors")).to_contain_text("准入意见")
    dialog.locator("[name=admission_note]").fill("符合产业目录，同意准入")
    dialog.locator("[name=amount]").fill("10亿")
    dialog.locator("[name=evidence]").set_input_files(paper("合同盖章页.pdf"))
    dialog.get_by_role("button", name="推进到「签约」").click()
    expect_at(page, "signed")
    expect(page.locator(".toast-item").last).to_contain_text("里程碑待认定")

    # 注册登记 asks for the code: a wrong one is refused with the character that would be right.
    drag(page, card(page, "signed"), "registered")
    dialog.locator("[name=credit_code]").fill(CODE[:-1] + "4")
    dialog.locator("[name=amount]").fill("2亿")
    dialog.locator("[name=evidence]").set_input_files(paper("营业执照.pdf"))
    dialog.get_by_role("button", name="推进到「注册登记」").click()
    expect(dialog.locator(".form-errors")).to_contain_text("末位应为 3，您填的是 4")
    expect(dialog.locator("[name=amount]")).to_have_value("2亿")
    dialog.locator("[name=credit_code]").fill(CODE)
    dialog.locator("[name=evidence]").set_input_files(paper("营业执照.pdf"))
    dialog.get_by_role("button", name="推进到「注册登记」").click()
    expect_at(page, "registered")

    for stage, label, paper_name in (
        ("started", "开工建设", "施工许可证.pdf"),
        ("completed", "竣工", "竣工验收备案表.pdf"),
        ("produced", "投产", "投产照片.pdf"),
    ):
        page.locator("[data-card] .board-title").focus()
        page.keyboard.press("m")
        expect(dialog).to_contain_text(f"推进到「{label}」")
        dialog.locator("[name=evidence]").set_input_files(paper(paper_name))
        dialog.get_by_role("button", name=f"推进到「{label}」").click()
        expect_at(page, stage)

    project.refresh_from_db()
    assert (project.stage, project.industry, project.planned_investment) == (
        "produced",
        "new_energy",
        Decimal(1_200_000_000),
    )
    assert project.company.credit_code == CODE
    assert list(StageChange.objects.order_by("id").values_list("to_stage", flat=True)) == [
        "lead",
        "negotiation",
        "admission",
        "signed",
        "registered",
        "started",
        "completed",
        "produced",
    ]
    reported = Achievement.objects.order_by("id").values_list("kind", "state", "amount_cny")
    assert list(reported) == [
        ("signed", "submitted", Decimal(1_000_000_000)),
        ("registered", "submitted", Decimal(200_000_000)),
        ("started", "submitted", None),
        ("completed", "submitted", None),
        ("produced", "submitted", None),
    ]
    assert Document.objects.count() == 5
    assert AuditEntry.objects.filter(verb="project.advance").count() == 7


def test_a_cancelled_drop_goes_back_and_a_skipped_stage_is_explained(
    visit: Visit, officer: Account, project: Project
) -> None:
    page = visit(officer, "/projects/")
    drag(page, card(page, "lead"), "negotiation")
    expect(page.locator("#dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page, "lead")).to_contain_text("固态电池基地")

    drag(page, card(page, "lead"), "signed")
    expect(page.locator(".toast-error")).to_contain_text(re.compile("洽谈|逐|一步"))
    expect(card(page, "lead")).to_contain_text("固态电池基地")
    assert stage_of(project) == "lead"
    assert StageChange.objects.count() == 1


def test_a_card_moved_by_somebody_else_first_is_told(
    visit: Visit, officer: Account, leader: Account, project: Project
) -> None:
    page = visit(officer, "/projects/")
    advance_project(
        actor=leader, project=project, to="negotiation", details={"industry": "materials"}, note="我来跟"
    )
    drag(page, card(page, "lead"), "negotiation")

    expect(page.locator(".toast-error, #dialog .form-errors").first).to_be_visible()
    assert stage_of(project) == "negotiation"
    assert StageChange.objects.filter(to_stage="negotiation").count() == 1


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_follow_up_keeps_the_next_step_and_a_file(
    visit: Visit, officer: Account, project: Project, size: str
) -> None:
    page = visit(officer, f"/projects/{project.public_id}/", size=size)
    soon = timezone.localdate() + timedelta(days=5)
    if size == "desktop":
        page.keyboard.press("f")
        expect(page.locator("[name=text]")).to_be_focused()
    else:
        page.locator("[data-follow-up] > summary").tap()
    page.locator("[name=text]").fill("客商对用地和电价满意，要看环评条件。")
    page.locator(".follow-up-form [name=next_step]").fill("送环评清单")
    page.locator(".follow-up-form [name=next_step_on]").fill(soon.isoformat())
    page.locator(".follow-up-form [name=files]").set_input_files(paper("考察纪要.pdf"))
    page.get_by_role("button", name="保存跟进").click()

    expect(page.locator(".toast-item")).to_contain_text("跟进已保存")
    expect(page.locator(".timeline")).to_contain_text("客商对用地和电价满意")
    expect(page.locator(".timeline")).to_contain_text("考察纪要")
    expect(page.locator("#next-step")).to_contain_text("送环评清单")
    expect(page.locator("#next-step")).to_contain_text(f"{soon:%m-%d}")
    follow_up = FollowUp.objects.get()
    project.refresh_from_db()
    assert (follow_up.written_by, follow_up.next_step_on) == (officer, soon)
    assert (project.next_step, project.next_step_on) == ("送环评清单", soon)
    assert Document.objects.get().follow_up == follow_up
    address = page.locator(".timeline a", has_text="考察纪要").get_attribute("href")
    assert page.request.get(page.url.split("/projects/")[0] + str(address)).body() == PDF


def test_a_broken_file_and_a_future_moment_are_refused_with_nothing_lost(
    visit: Visit, officer: Account, project: Project
) -> None:
    page = visit(officer, f"/projects/{project.public_id}/?tab=timeline")
    page.locator("[data-follow-up] > summary").click()
    page.locator("[name=text]").fill("谈妥了厂房。")
    fake: FilePayload = {"name": "纪要.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00 not a pdf"}
    page.locator(".follow-up-form [name=files]").set_input_files(fake)
    page.get_by_role("button", name="保存跟进").click()

    expect(page.locator(".form-errors")).to_contain_text("纪要.pdf")
    expect(page.locator("[name=text]")).to_have_value("谈妥了厂房。")
    page.locator("[name=happened_at]").fill(f"{timezone.localdate().year + 1}-01-02T09:00")
    page.get_by_role("button", name="保存跟进").click()
    expect(page.locator(".form-errors")).to_contain_text("时间还没有到")
    assert not FollowUp.objects.exists()
    assert not Document.objects.exists()


def test_two_people_edit_one_project_and_the_second_reads_who_changed_what(
    visit: Visit, officer: Account, leader: Account, project: Project
) -> None:
    address = f"/projects/{project.public_id}/edit/"
    first, second = visit(officer, address), visit(leader, address)
    first.locator("[name=name]").fill("固态电池基地一期")
    first.locator("[name=planned_investment]").fill("8亿")
    second.locator("[name=planned_investment]").fill("9亿")
    second.locator("[name=summary]").fill("分两期建设。")
    first.get_by_role("button", name="保存", exact=True).click()
    first.wait_for_url(RECORD)

    second.get_by_role("button", name="保存", exact=True).click()
    note = second.locator(".note", has_text="别人先改了这些")
    expect(note).to_contain_text(officer.display_name)
    expect(note).to_contain_text("固态电池基地一期")
    expect(note).to_contain_text("8")
    expect(second.locator("[name=planned_investment]")).to_have_value("9亿")
    expect(second.locator("[name=summary]")).to_have_value("分两期建设。")
    project.refresh_from_db()
    assert (project.name, project.planned_investment, project.summary) == (
        "固态电池基地一期",
        Decimal(800_000_000),
        "",
    )

    second.get_by_role("button", name="保存", exact=True).click()
    second.wait_for_url(RECORD)
    project.refresh_from_db()
    assert (project.planned_investment, project.summary) == (Decimal(900_000_000), "分两期建设。")
    changes: list[Any] = list(AuditEntry.objects.filter(verb="project.change").order_by("id"))
    assert [entry.actor_name for entry in changes] == [officer.display_name, leader.display_name]
