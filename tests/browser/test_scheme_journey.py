"""HR adds a tiered indicator with a cap and a gate by form alone, seeing real points beside it; somebody else publishes."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kpi.actions import draft_scheme
from kpi.models import SchemeVersion
from kpi.queries.scheme import read_document
from staff.models import Account, Team
from tests.factories.kpi import SCHEME
from tests.factories.stories import YEAR, give_targets, publish_year, recalculate, recognised_signing

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]
Axe = Callable[[Page], list[str]]


@pytest.fixture
def assessed(
    hr: Account, manager: Account, officer: Account, outsider: Account, first_team: Team, second_team: Team
) -> Account:
    """A calculated year: the officer signed 2 亿元, the outsider 0.5 亿元."""
    publish_year(hr, manager)
    give_targets(hr, (officer, 2), (outsider, 1), (first_team, 2), (second_team, 1))
    recognised_signing(officer, manager, "一号电池", amount=200_000_000)
    recognised_signing(outsider, manager, "二号芯片", amount=50_000_000)
    recalculate()
    return officer


def fill_tiers(page: Page) -> None:
    """Two tiers, a cap of 3 points and a gate of one signed project."""
    page.get_by_label("名称", exact=True).fill("大项目")
    page.get_by_label("满分").fill("10")
    page.get_by_label("封顶", exact=True).select_option(label="另定封顶分")
    page.get_by_label("封顶分或倍数").fill("3")
    page.get_by_label("签约", exact=True).check()
    page.get_by_label("第 1 行 到").fill("1")
    page.get_by_label("第 1 行 得分").fill("2")
    page.get_by_label("第 2 行 从").fill("1")
    page.get_by_label("第 2 行 得分").fill("4")


def test_a_tiered_indicator_with_cap_and_gate_by_form_alone(
    visit: Visit, axe: Axe, hr: Account, manager: Account, assessed: Account, outsider: Account
) -> None:
    page = visit(hr, "/score/schemes/")
    page.get_by_role("link", name="测试细则").click()
    page.get_by_role("button", name="以此起草新版").click()
    page.get_by_role("link", name="加一项指标").click()
    page.get_by_role("link", name=re.compile("^按档计分")).click()
    expect(page.locator("#preview-note")).to_contain_text("填好“满分”、“事实”")

    fill_tiers(page)
    page.get_by_label("看谁").select_option(label="招商专员前 10 名")
    table = page.locator(".preview-table")
    expect(table.locator("tr", has_text=assessed.display_name)).to_contain_text("3.00")
    expect(table.locator("tr", has_text=outsider.display_name)).to_contain_text("2.00")
    expect(table).to_contain_text("1 亿元以上 1×4 = 4 → 封顶 3")
    assert axe(page) == []

    page.get_by_label("这一项有没有门槛").select_option(label="达到才计分")
    page.get_by_label("看什么").select_option(label="开工项目")
    page.get_by_label("数量").fill("1")
    expect(table).to_contain_text("未满足“开工项目不少于 1 个”得 0")

    page.get_by_role("button", name="保存").first.click()
    expect(page.locator(".toast-item")).to_contain_text("已保存“大项目”")
    draft = SchemeVersion.objects.get(state="draft")
    entry = read_document(draft)["indicators"][-1]
    assert (entry["cap"], entry["rule"]["kind"], entry["rule"]["part"]["kind"]) == (3, "when", "tiers")
    expect(page.locator("#tiers")).to_contain_text("满足开工项目 ≥ 1的")
    expect(page.get_by_role("button", name="发布")).to_have_count(0)

    other = visit(manager, f"/score/schemes/{draft.public_id}/")
    other.get_by_role("button", name="发布").click()
    other.locator("#question [data-question-yes]").click()
    expect(other.locator(".toast-item")).to_contain_text("细则已发布")
    draft.refresh_from_db()
    assert (draft.state, draft.published_by) == ("published", manager)


def test_a_gap_is_said_beside_its_line_and_the_last_trial_stays(
    visit: Visit, hr: Account, assessed: Account
) -> None:
    draft = draft_scheme(actor=hr, year=YEAR, text=SCHEME.replace("2026", str(YEAR)))
    page = visit(hr, f"/score/schemes/{draft.public_id}/add/?kind=tiers")
    fill_tiers(page)
    table = page.locator(".preview-table")
    expect(table).to_be_visible()

    page.get_by_label("第 2 行 从").fill("2")
    note = page.locator("#rows-bands .row-note").nth(1)
    expect(note).to_contain_text("之间有空档（1 至 2）")
    expect(page.get_by_label("第 2 行 从")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#preview-note")).to_contain_text("下面仍是上一次算通的结果")
    expect(table).to_be_visible()

    page.get_by_role("button", name="加一行").click()
    expect(page.get_by_label("第 3 行 从")).to_be_focused()
    page.get_by_label("第 2 行 从").fill("1")
    expect(page.locator("#preview-note")).to_be_empty()
    expect(page.locator("#rows-bands [aria-invalid]")).to_have_count(0)
    page.get_by_role("button", name="删除第 3 行").click()
    expect(page.get_by_label("第 3 行 从")).to_have_count(0)


def test_an_indicator_is_changed_on_a_phone_from_the_keyboard(
    visit: Visit, axe: Axe, hr: Account, assessed: Account
) -> None:
    draft = draft_scheme(actor=hr, year=YEAR, text=f"# 注释\n{SCHEME.replace('2026', str(YEAR))}")
    page = visit(hr, f"/score/schemes/{draft.public_id}/indicators/signing/", size="phone")
    expect(page.locator(".preview-table")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    points = page.get_by_label("完成目标得几分")
    points.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("45")
    expect(page.locator(".preview-table")).to_contain_text("×45")
    page.keyboard.press("Enter")

    expect(page.locator(".toast-item")).to_contain_text("已保存“项目签约”")
    draft.refresh_from_db()
    assert draft.text == f"# 注释\n{SCHEME.replace('2026', str(YEAR))}".replace("points: 50}", "points: 45}")


def test_form_and_text_change_places_without_losing_what_was_typed(
    visit: Visit, hr: Account, assessed: Account
) -> None:
    draft = draft_scheme(actor=hr, year=YEAR, text=SCHEME.replace("2026", str(YEAR)))
    page = visit(hr, f"/score/schemes/{draft.public_id}/add/?kind=tiers")
    fill_tiers(page)

    page.get_by_role("button", name="原文", exact=True).click()
    text = page.get_by_label("这一项的原文")
    expect(text).to_have_value(re.compile("title: 大项目"))
    text.fill(text.input_value().replace("cap: 3", "cap: 5"))
    expect(page.locator(".preview-table")).to_contain_text("1 亿元以上 1×4 = 4")
    page.get_by_role("button", name="表单", exact=True).click()
    expect(page.get_by_label("封顶分或倍数")).to_have_value("5")


def test_gate_time_and_assumption_by_form_alone_and_a_second_person_publishes(
    visit: Visit, axe: Axe, hr: Account, manager: Account, assessed: Account, outsider: Account
) -> None:
    """Each part says beside it what it would do to the year's real results, before anything is saved."""
    draft = draft_scheme(actor=hr, year=YEAR, text=SCHEME.replace("2026", str(YEAR)))
    page = visit(hr, f"/score/schemes/{draft.public_id}/")
    page.get_by_role("link", name="加一个门槛").click()
    page.get_by_role("link", name=re.compile("^没完成任务的不评奖")).click()
    page.get_by_label("名称", exact=True).fill("得分不到一半的不评奖")
    page.get_by_label("第 1 行 数").fill("30")
    table = page.locator(".preview-table")
    # The officer reached half of a target of two, the outsider one of one.
    expect(table.locator("tr", has_text=outsider.display_name)).to_have_count(0)
    expect(table.locator("tr", has_text=assessed.display_name)).to_contain_text("成立")
    expect(page.locator(".preview-counts")).to_contain_text("成立 1")
    assert axe(page) == []
    page.get_by_label("第 1 行 数").fill("很多")
    expect(page.get_by_label("第 1 行 数")).to_have_attribute("aria-invalid", "true")
    expect(table).to_be_visible()
    page.get_by_label("第 1 行 数").fill("30")
    page.get_by_role("button", name="保存").first.click()
    expect(page.locator(".toast-item")).to_contain_text("已保存“得分不到一半的不评奖”")

    page.locator("#basics").get_by_role("link", name="修改").click()
    page.get_by_label("时序进度怎么算").select_option("months")
    page.get_by_label("保留几位小数").fill("0")
    expect(table).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="保存").first.click()
    expect(page.locator("#basics")).to_contain_text("按过完的整月计")

    page.locator("#assumptions").get_by_role("link", name="修改").click()
    page.get_by_label("第 1 行 设定").fill("30 分这条线由人事选定，文件未写明。")
    expect(page.locator(".preview-card")).to_contain_text("设定只作说明")
    page.get_by_role("button", name="保存").first.click()
    expect(page.locator("#assumptions")).to_contain_text("由人事选定")

    draft.refresh_from_db()
    written = read_document(draft)
    assert written["gates"][0]["if"] == {
        "value": {"kind": "item", "item": "total"},
        "operator": "lt",
        "than": 30,
    }
    assert (written["elapsed_by"], written["rounding"]["digits"]) == ("months", 0)
    other = visit(manager, f"/score/schemes/{draft.public_id}/")
    other.get_by_role("button", name="发布").click()
    other.locator("#question [data-question-yes]").click()
    expect(other.locator(".toast-item")).to_contain_text("细则已发布")


@pytest.mark.parametrize(
    "part", ["basics", "assumptions", "groups?kind=", "gates?kind=veto", "awards?kind=first"]
)
def test_parts_fit_a_phone(visit: Visit, axe: Axe, hr: Account, assessed: Account, part: str) -> None:
    draft = draft_scheme(actor=hr, year=YEAR, text=SCHEME.replace("2026", str(YEAR)))
    name, _mark, query = part.partition("?")

    page = visit(hr, f"/score/schemes/{draft.public_id}/parts/{name}/?{query}", size="phone")

    expect(page.locator(".indicator-form")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
