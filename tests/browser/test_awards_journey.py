"""An award from the proposal to the certificate: HR decides, a manager approves, who got it reads it on the phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kpi.models import AwardDecision
from staff.models import Account
from tests.factories.awards import YEAR, make_candidate, make_year
from tests.factories.staff import make_person

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


def agree(page: Page, name: str) -> None:
    """A button that asks once before it posts."""
    page.get_by_role("button", name=name, exact=True).click()
    page.get_by_role("button", name="确定").click()


def test_from_the_proposal_to_the_certificate(
    visit: Visit, hr: Account, manager: Account, officer: Account, outsider: Account
) -> None:
    run = make_year()
    assert officer.person
    make_candidate(run, "gold", officer.person, place=1)
    tied = [make_person() for _each in range(2)]
    for person in tied:
        make_candidate(run, "gold", person, place=2, total="80", is_tied=True)
    desk = visit(hr, f"/year/awards/?year={YEAR}")
    agree(desk, "采纳建议")
    expect(desk.get_by_text("已按建议拟定 1 项。")).to_be_visible()
    board = desk.locator("#award-gold")
    expect(board.get_by_role("button", name="提交审批")).to_have_count(0)
    for person, choice in zip(tied, ("授予", "不授予"), strict=True):
        row = board.locator(".row-item", has_text=person.name)
        row.get_by_role("link", name="决定").click()
        dialog = desk.get_by_role("dialog")
        dialog.get_by_label(choice, exact=True).check()
        dialog.get_by_role("button", name="保存").click()
        expect(dialog.get_by_text("要写明理由").first).to_be_visible()
        expect(dialog.get_by_label(choice, exact=True)).to_be_checked()
        dialog.get_by_label("理由").fill("考核组研究决定")
        dialog.get_by_role("button", name="保存").click()
        expect(row.get_by_text("拟定")).to_be_visible()
    agree(desk, "提交审批")
    expect(board.get_by_text("待审批").first).to_be_visible()

    chief = visit(manager, f"/year/awards/?year={YEAR}")
    chief.locator("#award-gold").get_by_role("link", name="审批").click()
    dialog = chief.get_by_role("dialog")
    expect(dialog.get_by_text("考核组研究决定").first).to_be_visible()
    dialog.get_by_label("同意").check()
    dialog.get_by_role("button", name="保存").click()
    expect(chief.locator("#award-gold").get_by_text("已批准")).to_have_count(3)
    assert sorted(one.serial or 0 for one in AwardDecision.objects.all()) == [0, 1, 2]

    phone = visit(officer, f"/year/awards/?year={YEAR}", size="phone")
    phone.get_by_role("link", name=officer.person.name).click()
    expect(phone.get_by_text(f"招荣〔{YEAR}〕001号")).to_be_visible()
    paper = phone.get_by_role("link", name=re.compile("证书 · 招商局"))
    with phone.expect_download() as download:
        paper.click()
    assert download.value.suggested_filename.endswith(".pdf")

    reader = visit(outsider, f"/year/awards/?year={YEAR}")
    expect(reader.get_by_text(officer.person.name)).to_be_visible()
    expect(reader.get_by_text("考核组研究决定")).to_have_count(0)
