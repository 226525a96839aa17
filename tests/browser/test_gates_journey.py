"""A major project passes its gates in the browser: application, decision with a condition, inquiry, on the phone too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from projects.actions.gates import adopt_gate_defaults
from projects.models import AdmissionApplication, Diligence
from staff.models import Account
from tests.factories.projects import make_project


@pytest.mark.django_db(transaction=True)
def test_admission_and_inquiry_from_the_record(
    visit: Callable[..., Page], officer: Account, manager: Account
) -> None:
    adopt_gate_defaults(actor=manager)
    project = make_project(officer, name="氢能装备", project_class="major", stage="admission")
    record = f"/projects/{project.public_id}/?tab=admission"

    page = visit(officer, record, size="phone")
    expect(page.get_by_text("未过不予认定").first).to_be_visible()
    page.get_by_role("link", name="申请准入").click()
    page.get_by_label("用地（亩）").fill("80")
    page.get_by_label("就业（人）").fill("150")
    page.get_by_role("button", name="申请准入").click()
    expect(page.get_by_text("待决定").first).to_be_visible()
    page.get_by_role("button", name="发起尽职调查").click()
    page.get_by_role("link", name="主体资信").click()
    page.get_by_label("调查情况").fill("存续六年，无异常")
    page.get_by_label("风险等级").select_option("low")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已填 1/7 项")).to_be_visible()

    application = AdmissionApplication.objects.get()
    desk = visit(manager, f"/admissions/{application.public_id}/")
    expect(desk.get_by_text("缺数据").first).to_be_visible()
    desk.get_by_role("link", name="决定准入").click()
    desk.get_by_label("决定", exact=True).select_option("conditional")
    desk.get_by_label("理由").fill("先补能评")
    desk.get_by_role("button", name="决定准入").click()
    # Nothing typed is lost while the conditions are asked for.
    expect(desk.get_by_text("有条件准入请至少写一条条件").first).to_be_visible()
    expect(desk.get_by_label("理由")).to_have_value("先补能评")
    desk.get_by_label("条件 1").fill("取得能评批复")
    assert officer.person is not None
    desk.get_by_label("责任人").first.select_option(officer.person.public_id)
    desk.get_by_label("期限").first.fill("2027-03-01")
    desk.get_by_role("button", name="决定准入").click()
    expect(desk.get_by_text("取得能评批复")).to_be_visible()

    application.refresh_from_db()
    assert application.decision == "conditional"
    assert Diligence.objects.get().items.exclude(finding="").count() == 1
