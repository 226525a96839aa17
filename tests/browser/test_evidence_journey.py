"""A missing paper keeps recognition waiting; it goes straight into its slot, is turned page by page, and is replaced."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import FilePayload, Page, expect

from projects.actions import add_evidence_requirement, report_achievement
from projects.models import Achievement
from staff.models import Account
from tests.factories.files import PDF, make_pdf
from tests.factories.stories import days_ago, signed_project

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


def two_pages(name: str) -> FilePayload:
    """A PDF of two empty pages."""
    body = (
        PDF.replace(b"/Kids [3 0 R] /Count 1", b"/Kids [3 0 R 4 0 R] /Count 2")
        .replace(
            b"trailer", b"4 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] >>\nendobj\ntrailer"
        )
        .replace(b"/Size 4", b"/Size 5")
    )
    return {"name": name, "mimeType": "application/pdf", "buffer": body + f"% {name}\n".encode()}


@pytest.fixture
def reported(officer: Account, manager: Account) -> Achievement:
    add_evidence_requirement(
        actor=manager, kind="paid_in", document_type="capital_proof", holds_from=date(2020, 1, 1)
    )
    return report_achievement(
        actor=officer,
        kind="paid_in",
        project=signed_project(officer, "光伏组件"),
        happened_on=days_ago(3),
        amount=Decimal(1_000_000),
        certificate="FDI-1",
        evidence=[make_pdf("说明.pdf")],
    )


def test_missing_paper_is_added_turned_replaced_and_then_recognised(
    visit: Visit, officer: Account, manager: Account, reported: Achievement
) -> None:
    url = f"/achievements/{reported.public_id}/"
    page = visit(manager, url)
    dialog = page.locator("#dialog")
    page.get_by_role("link", name="认定或退回").click()
    dialog.get_by_role("button", name="认定", exact=True).click()
    expect(dialog.locator(".form-errors")).to_contain_text("缺验资报告")

    page = visit(officer, url)
    evidence = page.locator("#evidence")
    expect(evidence).to_contain_text("缺验资报告")
    evidence.locator("#slot-capital_proof").set_input_files(two_pages("报告.pdf"))
    expect(evidence).to_contain_text("1/1")

    page.get_by_role("link", name="报告.pdf").click()
    dialog = page.locator("#dialog")
    expect(dialog.get_by_text("1 / 2")).to_be_visible()
    # The links of what was put in become htmx's own a moment after it is seen.
    page.wait_for_function(
        "!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"
    )
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_text("2 / 2")).to_be_visible()
    picture = dialog.locator("img.preview-page")
    expect(picture).to_have_attribute("src", re.compile("/pages/2/$"))
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1400
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    evidence.get_by_role("link", name="替换").first.click()
    dialog.locator("[name=upload]").set_input_files(two_pages("报告盖章.pdf"))
    dialog.locator("[name=reason]").fill("补盖公章")
    dialog.get_by_role("button", name="换成新版").click()
    expect(evidence).to_contain_text("替换第 1 版：补盖公章")

    page = visit(manager, url)
    page.get_by_role("link", name="认定或退回").click()
    page.locator("#dialog").get_by_role("button", name="认定", exact=True).click()
    expect(page.locator("main")).to_contain_text("已认定")
