"""Pages of assessment inputs: sheets to type in, what waits, one input with its course, workbooks, units, and one's own."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpi import actions
from kpi.actions import InputRow
from kpi.models import AssessmentInput, InputState
from promotion.errors import Refused
from promotion.models import ImportBatch
from staff.models import Account, Person, Role, Team
from tests.factories.kpi import make_run, make_scheme, post
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_account
from tests.kpi.test_inputs import SCHEME, mark

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]
RATING, CHOICE, FIGURES, CATEGORY, RATE = (
    f"/score/inputs/sheets/{name}/?year=2025"
    for name in ("rating:peers", "choice:conduct", "measure:visits", "category:", "rate:")
)


@pytest.fixture(autouse=True)
def scheme(db: None) -> None:
    make_scheme(2025, SCHEME)


@pytest.fixture
def person(officer: Account) -> Person:
    assert officer.person is not None
    return officer.person


@pytest.fixture
def confirmed(person: Person, hr: Account, manager: Account) -> AssessmentInput:
    """A mark of 90 by 甲 that counts."""
    given = actions.record_inputs(actor=hr, year=2025, rows=[mark(person, 90)])
    return actions.confirm_inputs(actor=manager, inputs=given)[0]


def cells(page: str, start: str = "person-") -> list[str]:
    """The names of the fields to type in."""
    parts = page.split('name="')[1:]
    return [name for name in (part.split('"', 1)[0] for part in parts) if name.startswith(start)]


def test_the_overview_says_what_is_missing_and_what_waits(
    confirmed: AssessmentInput, person: Person, hr: Account, client_as: SignIn
) -> None:
    actions.record_inputs(actor=hr, year=2025, rows=[mark(person, 80, "乙")])
    page = client_as(hr).get("/score/inputs/?year=2025").content.decode()
    assert [word for word in ("民主测评", "作风", "外出", "考核类别", "汇率") if word not in page] == []
    assert "还没有已发布的细则" in client_as(hr).get("/score/inputs/?year=2023").content.decode()


def test_marks_are_typed_voter_by_voter(
    confirmed: AssessmentInput, person: Person, manager: Account, client_as: SignIn
) -> None:
    client = client_as(manager)
    page = client.get(f"{RATING}&voter=乙").content.decode()
    assert "甲" in page
    name = cells(page)[0].rsplit("-", 1)[0]
    sent = {f"{name}-0": "90", f"initial-{name}-0": "90", f"{name}-1": "未交", f"initial-{name}-1": ""}
    reply = client.post(f"{RATING}&voter=乙", {**sent, "dated": "2025-12-01"})
    assert reply.status_code == 302
    made = AssessmentInput.objects.get(state=InputState.SUBMITTED)
    assert (made.voter, made.value, made.dated, made.recorded_by) == ("乙", None, date(2025, 12, 1), manager)


@pytest.mark.parametrize(
    ("typed", "seen", "sentence"),
    [
        ("101", "90", "评分 101 不在 0 至 100 分之内。"),
        ("很好", "90", "“很好”不是数。"),
        ("", "90", "已录入的不能清空"),
        ("70", "80", "录为 90，您看到的是 80。没有录入任何一条"),
    ],
)
def test_a_cell_says_what_is_wrong_with_it(
    confirmed: AssessmentInput, manager: Account, client_as: SignIn, typed: str, seen: str, sentence: str
) -> None:
    client = client_as(manager)
    name = cells(client.get(RATING).content.decode())[0]
    reply = client.post(RATING, {name: typed, f"initial-{name}": seen})
    assert reply.status_code == 422
    page = reply.content.decode()
    assert sentence in page
    assert AssessmentInput.objects.count() == 1


def test_who_comes_second_is_told_and_means_it_when_sent_again(
    confirmed: AssessmentInput, manager: Account, client_as: SignIn
) -> None:
    client = client_as(manager)
    name = cells(client.get(RATING).content.decode())[0]

    first = client.post(RATING, {name: "70", f"initial-{name}": "80"})
    page = first.content.decode()
    assert first.status_code == 422
    assert 'value="70"' in page
    again = client.post(
        RATING, {name: "70", f"initial-{name}": first.context["form"].data[f"initial-{name}"]}
    )

    assert again.status_code == 302
    assert AssessmentInput.objects.get(state=InputState.SUBMITTED).value == 70


def test_choices_categories_and_rates_remember_what_was_there(
    person: Person, hr: Account, manager: Account, client_as: SignIn
) -> None:
    client, row = client_as(hr), f"person-{person.pk}"
    seen = {f"initial-{row}-{part}": "" for part in ("value", "author", "reason")}
    held, rates = client.get(CATEGORY + "&group=officers"), client.get(RATE)
    kept = {f"{row}-held": held.context["form"][f"{row}-held"].value()}
    day = date(2025, 3, 1)
    others = [
        InputRow("choice", "conduct", person=person, value=Decimal(3), author="张三", reason="出差"),
        InputRow("category", option="front", person=person, holds_from=day),
        InputRow("rate", "USD", value=Decimal(7), holds_from=day),
    ]
    actions.record_inputs(actor=manager, year=2025, rows=others)

    choice = {f"{row}-value": "4", f"{row}-author": "考核组", f"{row}-reason": "例会全勤", **seen}
    category = {f"{row}-option": "back", f"{row}-from": "2025-03-01", **kept}
    rate = {"code-0": "USD", "from-0": "2025-03-01", "value-0": "7.1", "initial-value-0": ""}
    rate["held"] = rates.context["form"]["held"].value()
    for url, sent, now in (
        (CHOICE + "&group=officers", choice, "3（张三：出差）"),
        (CATEGORY + "&group=officers", category, "front"),
        (RATE, rate, "7"),
    ):
        reply = client.post(url, sent)
        assert reply.status_code == 422
        assert f"录为 {now}，您看到的是 空" in reply.content.decode()
    assert AssessmentInput.objects.count() == 3


def test_choices_categories_and_figures_have_sheets_of_their_own(
    person: Person, first_team: Team, hr: Account, client_as: SignIn
) -> None:
    client = client_as(hr)
    row = f"person-{person.pk}"
    sent = {f"{row}-value": "4", f"{row}-author": "考核组", f"{row}-reason": "例会全勤"}
    assert client.post(CHOICE + "&group=officers", sent).status_code == 302
    sent = {f"{row}-option": "back", f"{row}-from": "2025-03-01"}
    assert client.post(CATEGORY + "&group=officers", sent).status_code == 302
    team = f"team-{first_team.pk}"
    assert client.post(FIGURES, {f"{team}-0": "1,200", f"initial-{team}-0": ""}).status_code == 302
    found = {one.kind: (one.shown, one.reason, one.holds_from) for one in AssessmentInput.objects.all()}
    assert found == {
        "choice": ("4", "例会全勤", None),
        "category": ("back", "", date(2025, 3, 1)),
        "measure": ("1200", "", None),
    }
    page = client.post(CHOICE + "&group=officers", {f"{row}-author": "考核组"}).content.decode()
    assert "请填写酌定的分值" in page


def test_lacking_rates_are_named_with_the_day(officer: Account, manager: Account, client_as: SignIn) -> None:
    make_scheme(2025, SCHEME.replace("signed: {title: 签约, facts: [signed], aggregate: count}",
        "signed: {title: 签约, facts: [signed], aggregate: sum, unit: 亿元}"))  # fmt: skip
    make_recognised(
        make_project(officer), officer, manager, happened_on=date(2025, 4, 1), currency="USD",
        amount=Decimal(1000), amount_cny=Decimal(7120), exchange_rate=Decimal("7.12"), rate_on=date(2025, 4, 1),
    )  # fmt: skip
    client = client_as(manager)
    page = client.get(RATE).content.decode()
    assert "这一天有 1 笔外币金额，没有汇率；认定时登记 7.12" in page
    sent = {"code-0": "USD", "from-0": "2025-04-01", "value-0": "7.1203", "initial-value-0": ""}
    assert client.post(RATE, sent).status_code == 302
    assert AssessmentInput.objects.get().shown == "7.1203"
    assert "没有汇率" not in client.get(RATE).content.decode()


def test_what_waits_is_confirmed_or_returned_with_a_reason(
    person: Person, hr: Account, manager: Account, client_as: SignIn
) -> None:
    given = actions.record_inputs(actor=hr, year=2025, rows=[mark(person), mark(person, 80, "乙")])
    first, second = (one.public_id for one in given)
    address = "/score/inputs/waiting/?year=2025"
    assert first not in client_as(hr).get(address).content.decode().replace(f"/entries/{first}/", "")

    client = client_as(manager)
    assert client.post(address, {"verb": "confirm", "input": [first]}).status_code == 302
    reply = client.post(address, {"verb": "return", "input": [second], "reason": ""})
    assert reply.status_code == 422
    assert (
        client.post(address, {"verb": "return", "input": [second], "reason": "票数不符"}).status_code == 302
    )
    assert [one.state for one in AssessmentInput.objects.order_by("pk")] == ["confirmed", "returned"]
    assert "没有待确认的录入" in client.get(address).content.decode()


def test_one_input_shows_its_course_and_is_reversed(
    confirmed: AssessmentInput, manager: Account, auditor: Account, client_as: SignIn
) -> None:
    address = f"/score/inputs/entries/{confirmed.public_id}/"
    page = client_as(auditor).get(address).content.decode()
    assert "甲" in page
    assert "冲销" not in page
    client = client_as(manager)
    assert "冲销" in client.get(address).content.decode()
    assert client.post(f"{address}reverse/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}reverse/", {"reason": "测评无效"}).status_code == 302
    assert "测评无效" in client.get(address).content.decode()


def test_the_recorder_withdraws_and_a_colleague_confirms_from_the_page(
    person: Person, hr: Account, manager: Account, client_as: SignIn
) -> None:
    first, second = actions.record_inputs(actor=hr, year=2025, rows=[mark(person), mark(person, 80, "乙")])
    assert client_as(hr).post(f"/score/inputs/entries/{first.public_id}/withdraw/").status_code == 302
    assert client_as(manager).post(f"/score/inputs/entries/{second.public_id}/confirm/").status_code == 302
    assert [one.state for one in AssessmentInput.objects.order_by("pk")] == ["withdrawn", "confirmed"]


def test_officers_see_their_own_without_the_voters(
    confirmed: AssessmentInput, officer: Account, outsider: Account, client_as: SignIn
) -> None:
    page = client_as(officer).get("/score/inputs/?year=2025").content.decode()
    assert "90" in page
    assert "甲" not in page
    entry = client_as(officer).get(f"/score/inputs/entries/{confirmed.public_id}/").content.decode()
    assert "甲" not in entry
    assert "还没有已确认的录入" in client_as(outsider).get("/score/inputs/?year=2025").content.decode()


def test_auditors_read_sheets_and_type_nothing(
    confirmed: AssessmentInput, auditor: Account, client_as: SignIn
) -> None:
    client = client_as(auditor)
    page = client.get(RATING).content.decode()
    assert "90" in page
    assert cells(page) == []
    assert client.post(RATING, {}).status_code == 403


def workbook(client: Client, sheet: str = "") -> list[list[object]]:
    reply = client.get(f"/score/inputs/workbook/?year=2025&sheet={sheet}")
    book = openpyxl.load_workbook(io.BytesIO(reply.content))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]  # type: ignore[union-attr]


def test_the_table_goes_out_and_comes_back(
    confirmed: AssessmentInput, person: Person, hr: Account, manager: Account, client_as: SignIn
) -> None:
    client = client_as(hr)
    rows = workbook(client)
    head = [str(name) for name in rows[0]]
    kinds = {row[head.index("录入类别")] for row in rows[1:]}
    assert kinds == {"评议票", "酌定分", "考核类别", "填报数"}
    value, who, reason = (head.index(name) for name in ("取值", "评分人/酌定人", "理由"))
    for row in rows[1:]:
        mine = row[head.index("代码/工号")] == person.staff_number
        if row[head.index("录入类别")] == "酌定分" and mine:
            row[value], row[who], row[reason] = "5", "考核组", "表现突出"
        elif row[head.index("录入类别")] == "评议票" and mine and row[who] == "甲":
            row[value] = "未交"
        elif row[head.index("录入类别")] == "填报数":
            row[value] = "很多"
    batch = upload(client, rows)
    assert (len(batch.accepted), {entry["reasons"][0] for entry in batch.rejected}) == (
        2,
        {"取值“很多”不是数。"},
    )
    page = client.get(f"/score/inputs/import/{batch.public_id}/").content.decode()
    assert "表现突出" not in page
    assert "未交" in page
    assert client.get(f"/score/inputs/import/{batch.public_id}/rejected/").status_code == 200
    assert client.post(f"/score/inputs/import/{batch.public_id}/apply/").status_code == 302
    waiting = AssessmentInput.objects.filter(state=InputState.SUBMITTED)
    assert {(one.kind, one.shown) for one in waiting} == {("choice", "5"), ("rating", "未交")}
    assert client.post(f"/score/inputs/import/{batch.public_id}/apply/").status_code == 422


def upload(client: Client, rows: list[list[object]]) -> ImportBatch:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    stream = io.BytesIO()
    book.save(stream)
    file = SimpleUploadedFile("录入.xlsx", stream.getvalue())
    assert client.post("/score/inputs/import/?year=2025", {"file": file}).status_code == 302
    return ImportBatch.objects.latest("pk")


def test_a_preview_that_somebody_overtook_records_nothing(
    person: Person, hr: Account, manager: Account, client_as: SignIn
) -> None:
    client = client_as(hr)
    head = ["录入类别", "录入项", "细目", "对象类型", "代码/工号", "评分人/酌定人", "取值"]
    rows: list[list[object]] = [
        list(head),
        ["评议票", "民主测评", "同事", "个人", person.staff_number, "甲", 88],
    ]
    batch = upload(client, rows)
    actions.record_inputs(actor=manager, year=2025, rows=[mark(person, 60)])
    reply = client.post(f"/score/inputs/import/{batch.public_id}/apply/")
    assert reply.status_code == 409
    assert AssessmentInput.objects.get().value == 60
    assert client.post(f"/score/inputs/import/{batch.public_id}/discard/").status_code == 302


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["投票", "民主测评", "同事", "个人", "{number}", "甲", 1], "录入类别请填"),
        (["评议票", "年终", "同事", "个人", "{number}", "甲", 1], "没有名为“年终”的录入项；可填：民主测评。"),
        (["评议票", "民主测评", "同事", "单位", "{number}", "甲", 1], "对象类型请填"),
        (["评议票", "民主测评", "同事", "个人", "X9", "甲", 1], "没有代码或工号为“X9”的对象。"),
        (["评议票", "民主测评", "群众", "个人", "{number}", "甲", 1], "没有评议组“群众”"),
        (["考核类别", "", "", "个人", "{number}", "", "一线"], "请写明类别从哪一天起。"),
    ],
)
def test_rows_are_refused_with_the_reason(
    person: Person, hr: Account, client_as: SignIn, row: list[object], reason: str
) -> None:
    head: list[object] = ["录入类别", "录入项", "细目", "对象类型", "代码/工号", "评分人/酌定人", "取值"]
    filled = [person.staff_number if cell == "{number}" else cell for cell in row]
    batch = upload(client_as(hr), [head, filled])
    assert reason in batch.rejected[0]["reasons"][0]


def test_units_are_entered_by_hr_and_end(hr: Account, manager: Account, client_as: SignIn) -> None:
    client = client_as(hr)
    sent = {"name": "甲镇", "code": "T1", "assessed_as": "officer", "founded_on": "2025-01-01"}
    assert "本单位人员或团队的类别" in client.post("/score/units/new/", sent).content.decode()
    assert client.post("/score/units/new/", {**sent, "assessed_as": "town"}).status_code == 302
    unit = Team.objects.get(code="T1")
    assert "甲镇" in client_as(manager).get("/score/units/").content.decode()
    assert "甲镇" not in client_as(manager).get("/teams/").content.decode()
    close = f"/score/units/{unit.public_id}/close/"
    assert client.post(close, {"on": "2024-01-01"}).status_code == 422
    assert client.post(close, {"on": "2025-12-31"}).status_code == 302
    unit.refresh_from_db()
    assert unit.closed_on == date(2025, 12, 31)
    assert client_as(manager).post(close, {"on": "2026-01-01"}).status_code == 403


def test_a_sheet_costs_the_same_with_one_row_and_with_three(
    person: Person, hr: Account, manager: Account, first_team: Team, client_as: SignIn
) -> None:
    client = client_as(manager)
    rows = [mark(person)]
    actions.record_inputs(actor=hr, year=2025, rows=rows)
    addresses = ("/score/inputs/?year=2025", RATING, "/score/inputs/waiting/?year=2025")
    few = [queries(client, address) for address in addresses]
    for name in ("乙", "丙"):
        other = make_account(Role.OFFICER, team=first_team).person
        assert other is not None
        actions.record_inputs(actor=hr, year=2025, rows=[mark(other), mark(person, 70, name)])
    assert [queries(client, address) for address in addresses] == few


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_figures_of_each_project_are_reported_for_the_projects_one_is_credited_in(
    officer: Account, manager: Account, hr: Account, client_as: SignIn
) -> None:
    text = """
scheme: cards
title: 单项目
year: 2025
groups: {officers: {title: 专员, subjects: [officer]}}
indicators:
  - code: cards
    title: 项目成效
    measures:
      signed: {title: 签约, facts: [signed], aggregate: count}
      jobs: {title: 带动就业, unit: 人}
    rule:
      kind: per_project
      part: {kind: count_times_points, terms: [{of: signed, each: 1}, {of: jobs, each: 0.1}]}
"""
    run = make_run(make_scheme(2025, text))
    project = make_project(officer, reported_on=date(2020, 1, 1))
    assert officer.person is not None
    make_share(project, officer.person, holds_from=date(2020, 1, 1))
    make_recognised(project, officer, manager, happened_on=date(2025, 3, 1))
    post(run)
    address = "/score/inputs/sheets/measure:cards:project/?year=2025"
    client = client_as(hr)
    assert project.code in client.get(address).content.decode()
    name = f"person-{officer.person.pk}-{project.pk}-0"
    assert client.post(address, {name: "30", f"initial-{name}": ""}).status_code == 302
    given = list(AssessmentInput.objects.all())
    assert [(one.project, one.part) for one in given] == [(project, "jobs")]
    actions.confirm_inputs(actor=manager, inputs=given)
    found = actions.execute_run(run_id=actions.request_run(actor=None, year=2025).pk)
    assert found is not None
    assert found.standings.get().items.get().points == 4


def test_refused_rows_name_their_place(person: Person, hr: Account) -> None:
    with pytest.raises(Refused, match=f"第 1 条（{person.name}）"):
        actions.record_inputs(
            actor=hr, year=2025, rows=[InputRow("rating", "peers", person=person, part="peers")]
        )
