"""The roster from a workbook: planned row by row, refused with reasons, written whole when confirmed."""

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, ImportBatch
from promotion.web.tables import Table, TableRow
from staff import actions
from staff.exports.roster import rejected_sheet, template_sheets
from staff.imports import HEADINGS, Preview, lines_of, read_roster, rejected_lines
from staff.models import Account, Appointment, Grade, Identity, Person, Role, Team
from tests.factories.staff import make_appointment, make_person, make_team

NEW = {
    "工号": "ZS1", "姓名": "陆知远", "身份": "合同", "外语": "日语", "入职日期": "2025年6月1日", "团队": "项目攻坚一队",
    "级别": "二级", "是否队长": "否", "任职起": "2025/6/1", "登录名": "Lu.zy", "角色": "招商专员",
}  # fmt: skip


def plan(actor: Account, *rows: dict[str, str], end_earlier: bool = False) -> Preview:
    lines = [
        TableRow(line, {heading: row.get(heading, "") for heading in HEADINGS})
        for line, row in enumerate(rows, 2)
    ]
    return read_roster(actor, Table(list(HEADINGS), lines), end_earlier=end_earlier)


def keep(actor: Account, *rows: dict[str, str], end_earlier: bool = False) -> ImportBatch:
    preview = plan(actor, *rows, end_earlier=end_earlier)
    return actions.keep_roster_import(
        actor=actor, file_name="名册.xlsx", accepted=preview.accepted, rejected=preview.rejected
    )


def reasons(preview: Preview) -> list[list[str]]:
    return [entry["reasons"] for entry in rejected_lines(preview.rejected)]


# Planning.


def test_new_row_is_planned_with_everything_it_would_write(hr: Account, first_team: Team) -> None:
    (line,) = lines_of(hr, plan(hr, NEW).accepted)

    assert (line.line, line.staff_number, line.name, line.is_new) == (2, "ZS1", "陆知远", True)
    assert [(change.label, change.new) for change in line.changes] == [
        ("姓名", "陆知远"),
        ("身份", "合同聘用"),
        ("外语", "日语"),
        ("入职日期", "2025-06-01"),
        ("团队", "项目攻坚一队"),
        ("级别", "二级招商专员"),
        ("队长", "否"),
        ("任职起", "2025-06-01"),
        ("登录名", "lu.zy"),
        ("角色", "招商专员"),
    ]


def test_known_number_is_a_change_from_old_to_new_and_empty_cells_leave_what_is_there(hr: Account) -> None:
    make_person(staff_number="ZS1", name="陆知元", languages="日语")

    (line,) = lines_of(hr, plan(hr, {"工号": "ZS1", "姓名": "陆知远"}).accepted)

    assert (line.is_new, [(c.label, c.old, c.new) for c in line.changes]) == (
        False,
        [("姓名", "陆知元", "陆知远")],
    )


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"工号": ""}, "工号是空的"),
        ({"姓名": ""}, "姓名是空的"),
        ({"入职日期": ""}, "新人员须填写入职日期"),
        ({"入职日期": "2025-02-30"}, "入职日期“2025-02-30”不是有效日期"),
        ({"任职起": "明天"}, "任职起“明天”不是有效日期"),
        ({"团队": "项目攻坚十队"}, "没有名为“项目攻坚十队”的团队"),
        ({"级别": "特级"}, "没有名为“特级”的级别"),
        ({"级别": ""}, "团队、级别、任职起须同时填写"),
        ({"任职起": "2025-05-31"}, "任职起早于入职日期"),
        ({"任职止": "2025-05-01"}, "任职止早于任职起"),
        ({"是否队长": "也许"}, "请填“是”或“否”"),
        ({"手机": "打办公室"}, "不是电话号码"),
        ({"邮箱": "a@"}, "不是电子邮箱地址"),
        ({"登录名": "陆"}, "登录名“陆”不合规"),
        ({"登录名": ""}, "填写了角色，但没有登录名"),
        ({"角色": "系统管理员"}, "只能由系统管理员授予"),
        ({"姓名": "长" * 61}, "姓名超过 60 个字"),
    ],
)
def test_row_that_cannot_be_written_comes_back_with_the_reason(
    hr: Account, first_team: Team, cells: dict[str, str], words: str
) -> None:
    preview = plan(hr, NEW | cells)

    assert preview.accepted == []
    assert words in " ".join(reasons(preview)[0])


def test_number_and_log_in_twice_in_the_file_come_back_both(hr: Account, first_team: Team) -> None:
    preview = plan(hr, NEW, NEW | {"登录名": "other"}, NEW | {"工号": "ZS2"})

    assert reasons(preview) == [
        ["工号“ZS1”在文件里出现了不止一次。", "登录名“Lu.zy”在文件里出现了不止一次。"],
        ["工号“ZS1”在文件里出现了不止一次。"],
        ["登录名“Lu.zy”在文件里出现了不止一次。"],
    ]


def test_overlapping_post_comes_back_unless_the_earlier_one_is_to_end(hr: Account, first_team: Team) -> None:
    person = make_person(staff_number="ZS1", name="陆知远")
    make_appointment(person, make_team(name="项目攻坚八队"), starts_on=date(2021, 1, 1))
    row = NEW | {"入职日期": "", "登录名": "", "角色": ""}

    refused, planned = plan(hr, row), plan(hr, row, end_earlier=True)

    assert "与现有任职重叠：自 2021-01-01 起在项目攻坚八队任职" in reasons(refused)[0][0]
    assert lines_of(hr, planned.accepted)[0].changes[-1].new == "2025-05-31"


def test_log_in_of_somebody_else_comes_back(hr: Account, officer: Account, first_team: Team) -> None:
    assert "已属于" in reasons(plan(hr, NEW | {"登录名": officer.username}))[0][0]


def test_unknown_and_missing_columns_are_named_and_a_required_one_refuses_the_file(hr: Account) -> None:
    row = TableRow(2, {"工号": "ZS1", "姓名": "陆知远", "入职日期": "2025-06-01", "备注": "x"})

    preview = read_roster(hr, Table(["工号", "姓名", "入职日期", "备注"], [row]))

    assert (preview.rejected[0]["unknown"], preview.rejected[0]["missing"][:2]) == (
        ["备注"],
        ["身份", "原单位"],
    )
    assert len(preview.accepted) == 1
    with pytest.raises(Refused, match="缺少必填的列：工号"):
        read_roster(hr, Table(["姓名"], [row]))


@pytest.mark.parametrize("count", [1, 3])
def test_planning_costs_the_same_queries_for_any_number_of_rows(
    hr: Account, first_team: Team, count: int, django_assert_num_queries: Callable[..., object]
) -> None:
    rows = [NEW | {"工号": f"ZS{n}", "登录名": f"login{n}"} for n in range(count)]
    for row in rows:
        make_appointment(make_person(staff_number=row["工号"]), first_team, starts_on=date(2021, 1, 1))

    with django_assert_num_queries(5):
        plan(hr, *rows)


# Writing.


def test_confirmed_roster_is_written_with_one_entry_in_the_trail(hr: Account, first_team: Team) -> None:
    known = make_person(staff_number="ZS2", name="周一")
    batch = keep(hr, NEW, {"工号": "ZS2", "姓名": "周二", "身份": "公务员编制"})
    assert not Person.objects.filter(staff_number="ZS1").exists()

    actions.apply_roster_import(actor=hr, batch=batch)

    person = Person.objects.get(staff_number="ZS1")
    post, account = person.appointments.get(), person.account
    known.refresh_from_db()
    batch.refresh_from_db()
    assert (person.name, person.pinyin, person.joined_on) == ("陆知远", "luzhiyuan", date(2025, 6, 1))
    assert (post.team, post.grade, post.starts_on, post.ends_on) == (
        first_team,
        Grade.SECOND,
        date(2025, 6, 1),
        None,
    )
    assert (account.username, account.role, account.has_usable_password()) == ("lu.zy", Role.OFFICER, False)
    assert (known.name, known.pinyin, known.identity) == ("周二", "zhouer", Identity.CIVIL_SERVANT)
    assert batch.state == ImportBatch.State.APPLIED
    assert list(AuditEntry.objects.filter(verb="roster.apply").values_list("detail", flat=True)) == [
        {"new_people": 1, "changed_people": 1, "posts": 1, "accounts": 1}
    ]


def test_row_history_keeps_what_the_roster_changed(hr: Account) -> None:
    person = make_person(staff_number="ZS2", name="周一")

    actions.apply_roster_import(actor=hr, batch=keep(hr, {"工号": "ZS2", "姓名": "周二"}))

    events = person.events.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.name for event in events] == ["周一", "周二"]
    assert events.last().pgh_context.metadata["verb"] == "roster.apply"


def test_moved_person_has_the_earlier_post_ended_the_day_before(hr: Account, first_team: Team) -> None:
    person = make_person(staff_number="ZS1", name="陆知远")
    earlier = make_appointment(person, make_team(), starts_on=date(2021, 1, 1))

    batch = keep(hr, NEW | {"入职日期": "", "登录名": "", "角色": ""}, end_earlier=True)
    actions.apply_roster_import(actor=hr, batch=batch)

    earlier.refresh_from_db()
    posts = Appointment.objects.filter(person=person).order_by("starts_on")
    assert (earlier.ends_on, [post.team for post in posts]) == (date(2025, 6, 1), [earlier.team, first_team])


def test_person_changed_since_the_preview_stops_the_whole_roster(hr: Account, first_team: Team) -> None:
    person = make_person(staff_number="ZS2", name="周一")
    batch = keep(hr, NEW, {"工号": "ZS2", "姓名": "周二"})
    actions.change_person(actor=hr, person=person, name="周三")

    with pytest.raises(Conflict, match="周二（ZS2）的资料已被他人修改"):
        actions.apply_roster_import(actor=hr, batch=batch)

    assert not Person.objects.filter(staff_number="ZS1").exists()


def test_number_taken_since_the_preview_is_a_conflict(hr: Account, first_team: Team) -> None:
    batch = keep(hr, NEW)
    make_person(staff_number="ZS1")

    with pytest.raises(Conflict, match="工号"):
        actions.apply_roster_import(actor=hr, batch=batch)


def test_batch_is_written_once_and_only_with_something_in_it(hr: Account, first_team: Team) -> None:
    batch = keep(hr, NEW)
    actions.apply_roster_import(actor=hr, batch=batch)

    with pytest.raises(Refused, match="已写入"):
        actions.apply_roster_import(actor=hr, batch=batch)
    with pytest.raises(Refused, match="没有需要写入的行"):
        actions.apply_roster_import(actor=hr, batch=keep(hr, NEW))


def test_discarded_batch_forgets_its_rows_and_cannot_be_written(hr: Account, first_team: Team) -> None:
    batch = actions.discard_import(actor=hr, batch=keep(hr, NEW))

    assert (batch.state, batch.accepted, batch.rejected) == (ImportBatch.State.DISCARDED, [], [])
    with pytest.raises(Refused, match="已放弃"):
        actions.apply_roster_import(actor=hr, batch=batch)


def test_roster_is_not_for_officers_nor_for_other_kinds_of_batches(hr: Account, officer: Account) -> None:
    batch = keep(hr, {"工号": "ZS1", "姓名": "陆知远", "入职日期": "2025-06-01"})
    other = ImportBatch.objects.create(kind="other", file_name="x", created_by=hr)

    for act in (actions.apply_roster_import, actions.discard_import):
        with pytest.raises(NotAllowed):
            act(actor=officer, batch=batch)
        with pytest.raises(NotFound):
            act(actor=hr, batch=other)
    with pytest.raises(NotAllowed):
        actions.keep_roster_import(actor=officer, file_name="x", accepted=[], rejected=[])
    with pytest.raises(NotAllowed):
        actions.note_roster_export(actor=officer, rows=1)


def test_forged_preview_gives_no_high_role(hr: Account, officer: Account) -> None:
    batch = keep(hr, {"工号": officer.person.staff_number, "姓名": officer.person.name, "角色": "队长"})
    batch.accepted[0]["changes"]["account"]["role"][1] = "administrator"
    batch.save()

    with pytest.raises(NotAllowed):
        actions.apply_roster_import(actor=hr, batch=batch)


# Pages and workbooks.


def workbook(*rows: dict[str, str], extra: str = "") -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([*HEADINGS, *([extra] if extra else [])])
    for row in rows:
        sheet.append([row.get(heading, "") for heading in HEADINGS])
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("名册.xlsx", stream.getvalue())


def test_roster_goes_from_upload_to_preview_to_the_staff_file(
    hr: Account, first_team: Team, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(hr)

    uploaded = client.post(
        reverse("staff:roster-import"), {"file": workbook(NEW, {"工号": "ZS9"}, extra="备注")}
    )
    preview = client.get(uploaded["Location"]).content.decode()
    batch = ImportBatch.objects.get()
    assert [words in preview for words in ("不认识的列，未读取：备注", "姓名是空的", "写入 1 行")] == [
        True,
        True,
        True,
    ]
    assert not Person.objects.filter(staff_number="ZS1").exists()

    applied = client.post(reverse("staff:roster-apply", args=[batch.public_id]))
    assert applied.status_code == 302
    assert Person.objects.filter(staff_number="ZS1").exists()


def test_refused_rows_come_back_as_a_workbook_that_can_be_uploaded_again(
    hr: Account, first_team: Team, client_as: Callable[[Account], Client]
) -> None:
    batch = keep(hr, NEW | {"姓名": "=1+1", "级别": "特级"})

    response = client_as(hr).get(reverse("staff:roster-rejected", args=[batch.public_id]))

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert [cell.value for cell in sheet[1]] == ["行号", "退回原因", *HEADINGS]
    assert "没有名为“特级”的级别" in sheet["B2"].value
    assert (sheet["D2"].value, sheet["D2"].data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("名册.xlsx", b"PK broken"), "工作簿打不开"),
        (SimpleUploadedFile("名册.csv", b"\xff\xff\xff"), "文件编码"),
        (SimpleUploadedFile("名册.doc", b"x"), "只能读"),
        (SimpleUploadedFile("名册.csv", "姓名\n甲\n".encode()), "缺少必填的列：工号"),
    ],
)
def test_file_that_cannot_be_read_is_said_on_the_form(
    hr: Account, client_as: Callable[[Account], Client], file: SimpleUploadedFile, words: str
) -> None:
    file.seek(0)

    response = client_as(hr).post(reverse("staff:roster-import"), {"file": file})

    assert (response.status_code, ImportBatch.objects.count()) == (422, 0)
    assert words in response.content.decode()


def test_exported_roster_is_read_again_without_a_change(
    hr: Account, officer: Account, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(hr)

    exported = client.get(reverse("staff:roster-export"))
    client.post(reverse("staff:roster-import"), {"file": SimpleUploadedFile("名册.xlsx", exported.content)})

    batch = ImportBatch.objects.get()
    assert [any(row["changes"].values()) for row in batch.accepted] == [False, False]
    assert batch.rejected == []
    assert AuditEntry.objects.filter(verb="roster.export").count() == 1


def test_template_has_the_headings_and_explains_each() -> None:
    roster, explained = template_sheets()

    assert [column.heading for column in roster.columns] == list(HEADINGS)
    assert [row[0] for row in explained.rows] == list(HEADINGS)


def test_rejected_sheet_keeps_every_cell() -> None:
    sheet = rejected_sheet([{"line": 3, "cells": {"工号": "ZS1"}, "reasons": ["甲。", "乙。"]}])

    assert list(sheet.rows) == [[3, "甲。；乙。", "ZS1", *[""] * 14]]


def test_staff_without_a_post_are_given_log_ins_of_the_staff(hr: Account) -> None:
    cells = {"工号": "JG1", "姓名": "苗青", "入职日期": "2020-01-01", "登录名": "miao.q", "原单位": "财政局"}
    apply = keep(hr, {**cells, "角色": "机关工作人员"}, {**cells, "工号": "JG2", "登录名": "miao.r"})

    actions.apply_roster_import(actor=hr, batch=apply)

    assert list(Account.objects.filter(username__startswith="miao").values_list("role", flat=True)) == [
        "staff",
        "staff",
    ]
    assert not Appointment.objects.exists()
    assert set(Person.objects.filter(staff_number__startswith="JG").values_list("home_unit", flat=True)) == {
        "财政局"
    }


def test_a_log_in_with_a_post_is_an_officers_when_no_role_is_written(hr: Account, first_team: Team) -> None:
    (row,) = plan(hr, {**NEW, "角色": ""}).accepted

    assert row["changes"]["account"]["role"] == [None, Role.OFFICER]


def test_a_longer_home_unit_than_there_is_room_for_is_refused(hr: Account) -> None:
    assert reasons(
        plan(hr, {"工号": "ZS1", "姓名": "陆知远", "入职日期": "2025-06-01", "原单位": "局" * 81})
    ) == [["原单位超过 80 个字。"]]
