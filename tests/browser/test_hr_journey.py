"""HR brings in the roster and takes out the year: nothing written before the yes, and a workbook that an office can print."""

import io
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from playwright.sync_api import FilePayload, Page, expect

from kpi.models import Target
from promotion.models import AuditEntry, ImportBatch
from staff.imports import HEADINGS
from staff.models import Account, Appointment, Person, Team
from tests.factories.stories import YEAR, give_targets, publish_year, recalculate, recognised_signing

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PREVIEW = re.compile(r"/teams/roster/[0-9a-f-]{36}/$")
GOOD = {
    "工号": "ZS901",
    "姓名": "陆知远",
    "身份": "合同聘用",
    "外语": "日语",
    "入职日期": "2025年6月1日",
    "级别": "二级招商专员",
    "是否队长": "否",
    "任职起": "2025/6/1",
    "登录名": "lu.zhiyuan",
    "角色": "招商专员",
}


def roster(rows: Sequence[dict[str, Any]], headings: Sequence[str] = HEADINGS) -> FilePayload:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(headings))
    for row in rows:
        sheet.append([row.get(heading) for heading in headings])
    stream = io.BytesIO()
    book.save(stream)
    return {"name": "招商名册.xlsx", "mimeType": XLSX, "buffer": stream.getvalue()}


def upload(page: Page, file: FilePayload) -> None:
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="上传并预览").click()


def fetched(page: Page, name: str) -> Workbook:
    """The workbook behind a link, as the browser downloads it."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))


def test_the_roster_is_previewed_and_written_only_when_confirmed(
    visit: Visit, hr: Account, first_team: Team
) -> None:
    page = visit(hr, "/teams/roster/")
    before = Person.objects.count()
    unknown = [*HEADINGS, "星座"]
    rows = [
        {**GOOD, "团队": first_team.name, "星座": "天秤"},
        {**GOOD, "工号": "ZS902", "姓名": "钟晚晴", "登录名": "", "角色": "", "团队": "没有的队"},
        {"工号": "ZS903", "姓名": "方一诺", "入职日期": "2025-02-30"},
        {"工号": "", "姓名": "无号之人", "入职日期": date(2025, 3, 1)},
        {"工号": "ZS905", "姓名": '=HYPERLINK("x")', "入职日期": date(2025, 3, 1)},
    ]
    upload(page, roster(rows, unknown))
    page.wait_for_url(PREVIEW)

    expect(page.locator("main")).to_contain_text("不认识的列，未读取：星座")
    expect(page.locator("main")).to_contain_text("陆知远")
    refused = page.locator("section", has_text="退回的行").locator("tbody")
    expect(refused).to_contain_text("第 3 行")
    expect(refused).to_contain_text("没有的队")
    expect(refused).to_contain_text("入职日期“2025-02-30”不是有效日期")
    expect(refused).to_contain_text("工号是空的")
    assert Person.objects.count() == before
    assert not Appointment.objects.filter(person__staff_number="ZS901").exists()

    book = fetched(page, "下载退回的行")
    sheet = book.worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    heading = lines[0]
    assert heading[:4] == ("行号", "退回原因", "工号", "姓名")
    assert [line[0] for line in lines[1:4]] == [3, 4, 5]
    assert all(line[1] for line in lines[1:])

    page.get_by_role("button", name=re.compile("^写入 [12] 行$")).click()
    expect(page.locator(".toast-item")).to_contain_text("名册已写入")
    written = Person.objects.get(staff_number="ZS901")
    post = Appointment.objects.get(person=written)
    assert (written.name, written.identity, written.joined_on) == ("陆知远", "contract", date(2025, 6, 1))
    assert (post.team, post.grade, post.starts_on) == (first_team, "second", date(2025, 6, 1))
    assert Account.objects.get(person=written).username == "lu.zhiyuan"
    assert not Person.objects.filter(staff_number__in=["ZS902", "ZS903"]).exists()
    assert ImportBatch.objects.get().state == "applied"
    assert (
        AuditEntry.objects.filter(
            actor_name=hr.display_name, verb__in=["roster.keep", "roster.apply"]
        ).count()
        == 2
    )


def test_a_discarded_preview_writes_nothing(visit: Visit, hr: Account, first_team: Team) -> None:
    page = visit(hr, "/teams/roster/")
    before = Person.objects.count()
    upload(page, roster([{**GOOD, "团队": first_team.name}]))
    page.wait_for_url(PREVIEW)
    page.get_by_role("button", name="放弃").click()
    page.locator("#question [data-question-yes]").click()
    expect(page.locator(".toast-item")).to_contain_text("没有写入任何内容")
    assert Person.objects.count() == before


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ({"name": "名册.xlsx", "mimeType": XLSX, "buffer": b"PK\x03\x04 broken"}, "名册|文件|工作簿"),
        (
            {
                "name": "名册.csv",
                "mimeType": "text/csv",
                "buffer": "工号,姓名\nA,\ud83d".encode("utf-16", "ignore"),
            },
            "编码|UTF-8",
        ),
        ({"name": "名册.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}, "只能读 .xlsx 或 .csv"),
        (
            {"name": "名册.csv", "mimeType": "text/csv", "buffer": "姓名,手机\n陆知远,1".encode()},
            "缺少必填的列：工号",
        ),
    ],
)
def test_broken_files_are_refused_in_a_sentence(
    visit: Visit, hr: Account, file: FilePayload, sentence: str
) -> None:
    page = visit(hr, "/teams/roster/")
    upload(page, file)
    expect(page.locator(".form-errors")).to_contain_text(re.compile(sentence))
    assert not ImportBatch.objects.exists()


def test_a_roster_in_the_old_chinese_encoding_is_read(visit: Visit, hr: Account) -> None:
    page = visit(hr, "/teams/roster/")
    text = "工号,姓名,入职日期\nZS950,欧阳修远,2025-06-01\n"
    upload(page, {"name": "旧名册.csv", "mimeType": "text/csv", "buffer": text.encode("gb18030")})
    page.wait_for_url(PREVIEW)
    expect(page.locator("main")).to_contain_text("欧阳修远")
    page.get_by_role("button", name="写入 1 行").click()
    expect(page.locator(".toast-item")).to_contain_text("名册已写入")
    assert Person.objects.get(staff_number="ZS950").name == "欧阳修远"


@pytest.fixture
def ranked(
    hr: Account, manager: Account, officer: Account, outsider: Account, first_team: Team, second_team: Team
) -> Account:
    """The outsider's team met its target; the officer's missed it and his name looks like a formula."""
    assert officer.person
    officer.person.name = "=1+1"
    officer.person.save()
    publish_year(hr, manager)
    give_targets(hr, (officer, 2), (outsider, 1), (first_team, 2), (second_team, 1))
    recognised_signing(outsider, manager, "二号芯片")
    recalculate()
    return officer


def test_the_ranking_workbook_opens_as_an_office_wants_it(
    visit: Visit, hr: Account, ranked: Account, first_team: Team, second_team: Team
) -> None:
    page = visit(hr, "/score/ranking/")
    book = fetched(page, "下载年终排名表")

    assert book.sheetnames == ["专员排名", "团队排名", "得分明细", "评奖", "说明"]
    teams = book["团队排名"]
    assert [cell.value for cell in teams[3]][:4] == ["名次", "团队", "总分", "项目签约（满分 50）"]
    assert [row[:3] for row in teams.iter_rows(min_row=4, values_only=True)] == [
        (1, second_team.name, 50),
        (2, first_team.name, 0),
    ]
    assert (teams.freeze_panes, teams.print_title_rows) == ("C4", "$3:$3")
    assert (teams.page_setup.orientation, teams.page_setup.paperSize) == ("landscape", 9)
    awards = {row[0]: row[1] for row in book["评奖"].iter_rows(min_row=4, values_only=True)}
    assert awards["卓越奖"] == second_team.name
    assert awards["蜗牛奖"] == first_team.name
    people = book["专员排名"]
    cell = next(row[1] for row in people.iter_rows(min_row=4) if row[1].value == "=1+1")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert AuditEntry.objects.filter(actor_name=hr.display_name, verb__contains="export").count() == 1


def test_the_last_team_that_met_its_target_gets_no_snail(
    visit: Visit, hr: Account, manager: Account, ranked: Account, first_team: Team, second_team: Team
) -> None:
    recognised_signing(ranked, manager, "一号电池")
    Target.objects.filter(team=first_team).update(amount=1)
    recognised_signing(Account.objects.get(person__appointments__team=second_team), manager, "五号园区")
    Target.objects.filter(team=second_team).update(amount=1)
    recalculate()
    page = visit(hr, "/score/ranking/")
    awards = [
        row[0] for row in fetched(page, "下载年终排名表")["评奖"].iter_rows(min_row=4, values_only=True)
    ]

    assert "卓越奖" in awards
    assert "蜗牛奖" not in awards


def test_an_officer_finds_no_workbook(visit: Visit, ranked: Account) -> None:
    page = visit(ranked, "/score/ranking/")
    expect(page.get_by_role("link", name="下载年终排名表")).to_have_count(0)
    reply = page.request.get(page.url.split("/score/")[0] + f"/ranking/workbook/?year={YEAR}")
    assert reply.status == 403
