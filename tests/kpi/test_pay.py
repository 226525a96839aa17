"""Pay: two thirds by performance, sheets by two people, arrears, settlement and differences, all of it sealed."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from kpi import actions
from kpi.access.pay import pay_lines_visible_to, pay_sheets_visible_to
from kpi.actions.books import take_book
from kpi.actions.pay_rules import ScaleRow
from kpi.exports.books import book_layout
from kpi.models import AssessmentYear, PayLine, PayOpening, PaySheet, Standing
from kpi.pay.line import MonthLine, YearLine
from kpi.queries.course import course_of
from kpi.queries.pay import own_year, sheet_shown, year_shown
from kpi.queries.pay_sealed import digest_of, opened, sheet_totals
from kpi.queries.pay_words import sentence
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry, Notice
from promotion.sealing import KeyTrouble
from staff.actions import regrade_people
from staff.models import Account, Person, Role, Team
from staff.queries.sealed import key_state, waiting_for_rotation
from tests.factories.kpi import make_run
from tests.factories.rewards import (
    SCALE_ROWS,
    make_result,
    make_year,
    paid_months,
    pay_terms,
    release_pay,
)
from tests.factories.staff import make_account, make_appointment, make_person
from tests.staff.test_sealed import tables_with

pytestmark = pytest.mark.django_db
D = Decimal
Browser = Callable[[Account], Client]


@pytest.fixture
def paid_person(officer: Account) -> Person:
    assert officer.person is not None
    return officer.person


@pytest.fixture
def second(db: None) -> Account:
    """Another person of HR."""
    return make_account(Role.HR)


@pytest.fixture(autouse=True)
def rules(hr: Account, manager: Account) -> None:
    release_pay(hr, manager)


def lines(sheet: PaySheet) -> dict[Person, Any]:
    rows = sheet.lines.select_related("sheet", "person").order_by("pk")
    return {each.row.person: each.line for each in opened(rows)}


def finished(sheet: PaySheet, hr: Account, second: Account) -> PaySheet:
    actions.confirm_pay_sheet(actor=second, sheet=sheet, approve=True)
    return actions.pay_out(actor=hr, sheet=sheet)


def test_less_than_two_thirds_needs_a_reason(hr: Account) -> None:
    short = [ScaleRow(row.grade, row.base, row.performance - 1) for row in SCALE_ROWS]
    with pytest.raises(Refused) as refusal:
        actions.draft_pay_scale(actor=hr, title="标准", holds_from=date(2025, 1, 1), rows=short)
    assert set(refusal.value.fields) == {"senior_performance", "first_performance", "second_performance"}

    why = [ScaleRow(row.grade, row.base, row.performance, "试行一年") for row in short]
    scale = actions.draft_pay_scale(actor=hr, title="标准", holds_from=date(2025, 1, 1), rows=why)

    assert [line.keeps for line in scale.lines.all()] == [False, False, False]
    with pytest.raises(DatabaseError), transaction.atomic():
        scale.lines.update(exception="")


def test_scales_begin_with_a_month_and_are_released_by_another(hr: Account, manager: Account) -> None:
    with pytest.raises(Refused, match="1 日"):
        actions.draft_pay_scale(actor=hr, title="标准", holds_from=date(2025, 1, 2), rows=SCALE_ROWS)
    draft = actions.draft_pay_scale(actor=hr, title="标准", holds_from=date(2025, 1, 1), rows=SCALE_ROWS)
    with pytest.raises(Refused, match="您自己起草"):
        actions.release_pay_scale(actor=hr, scale=draft)
    actions.release_pay_scale(actor=manager, scale=draft)
    with pytest.raises(DatabaseError, match="released_scale_lines_stay"), transaction.atomic():
        draft.lines.update(base=1)
    with pytest.raises(Conflict):
        actions.drop_pay_scale(actor=hr, scale=draft)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"points": ((D(0), D(0)),)}, {"points"}),
        ({"points": ((D(0), D(1)), (D(10), D("0.5")))}, {"points"}),
        ({"advance_percent": D(101)}, {"advance_percent"}),
        ({"deducts": ("nothing",)}, {"deducts"}),
    ],
)
def test_rules_that_cannot_be_are_refused(hr: Account, fields: dict[str, Any], wrong: set[str]) -> None:
    with pytest.raises(Refused) as refusal:
        actions.draft_pay_rule(actor=hr, terms=pay_terms(**fields))
    assert set(refusal.value.fields) == wrong


def test_a_month_is_made_confirmed_and_paid(
    hr: Account, second: Account, officer: Account, paid_person: Person
) -> None:
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    line = lines(sheet)[paid_person]
    assert (line.base, line.target, line.advance, line.total) == (D(5000), D(10000), D(6000), D(11000))
    with pytest.raises(NotAllowed):
        actions.confirm_pay_sheet(actor=hr, sheet=sheet, approve=True)
    with pytest.raises(Conflict, match="编制中"):
        actions.pay_out(actor=hr, sheet=sheet)
    assert own_year(officer, 2025).lines == []

    finished(sheet, hr, second)

    assert own_year(officer, 2025).paid == D(11000)
    with pytest.raises(Conflict, match="不能重新编制"):
        actions.make_pay_sheet(actor=hr, year=2025, month=1)


def test_who_is_paid_by_a_sheet_does_not_confirm_it(hr: Account, paid_person: Person) -> None:
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    own = Account.objects.get(person=paid_person)
    Account.objects.filter(pk=own.pk).update(role=Role.MANAGER)
    own.refresh_from_db()
    with pytest.raises(NotAllowed, match="表内的人"):
        actions.confirm_pay_sheet(actor=own, sheet=sheet, approve=True)


def test_a_sheet_is_given_back_and_made_anew(hr: Account, second: Account, paid_person: Person) -> None:
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    with pytest.raises(Refused, match="退回的原因"):
        actions.confirm_pay_sheet(actor=second, sheet=sheet, approve=False)
    actions.confirm_pay_sheet(actor=second, sheet=sheet, approve=False, reason="请核对借调人员")
    actions.correct_pay(
        actor=hr, sheet=sheet, person=paid_person, kind="base", amount=D("-120.50"), note="补扣上月"
    )

    again = actions.make_pay_sheet(actor=hr, year=2025, month=1)

    assert (again.pk, again.opinion) == (sheet.pk, "")
    assert lines(again)[paid_person].total == D("10879.50")


def test_a_correction_has_a_reason_and_nobody_corrects_himself(hr: Account, paid_person: Person) -> None:
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    with pytest.raises(Refused) as refusal:
        actions.correct_pay(actor=hr, sheet=sheet, person=paid_person, kind="x", amount=D("0.001"), note=" ")
    assert set(refusal.value.fields) == {"kind", "amount", "reason"}
    own = Account.objects.get(person=paid_person)
    Account.objects.filter(pk=own.pk).update(role=Role.HR)
    own.refresh_from_db()
    with pytest.raises(NotAllowed, match="自己的工资"):
        actions.correct_pay(actor=own, sheet=sheet, person=paid_person, kind="base", amount=D(1), note="加")
    actions.correct_pay(actor=hr, sheet=sheet, person=paid_person, kind="base", amount=D(1), note="加")
    key = lines(sheet)[paid_person].corrections[0].key
    actions.drop_correction(actor=hr, sheet=sheet, person=paid_person, key=key)
    assert lines(sheet)[paid_person].corrections == ()


def test_one_sheet_after_the_other(hr: Account, second: Account, paid_person: Person) -> None:
    first = actions.make_pay_sheet(actor=hr, year=2025, month=3)
    with pytest.raises(Refused, match="还没有发放"):
        actions.make_pay_sheet(actor=hr, year=2025, month=4)
    finished(first, hr, second)
    with pytest.raises(Refused, match="更早的月份"):
        actions.make_pay_sheet(actor=hr, year=2025, month=2)
    with pytest.raises(Refused, match="还没有开始"):
        actions.make_pay_sheet(actor=hr, year=2099, month=1)
    with pytest.raises(Refused, match="没有已发布"):
        actions.make_pay_sheet(actor=hr, year=2019, month=1)


def test_days_count_from_dated_posts(hr: Account, first_team: Team, second_team: Team) -> None:
    mover, starter, leaver = make_person(), make_person(), make_person()
    make_appointment(mover, first_team, grade="second", ends_on=date(2025, 1, 11))
    make_appointment(mover, second_team, grade="first", starts_on=date(2025, 1, 11))
    make_appointment(starter, first_team, starts_on=date(2025, 1, 31))
    make_appointment(leaver, first_team, ends_on=date(2025, 1, 1))

    found = lines(actions.make_pay_sheet(actor=hr, year=2025, month=1))

    assert found[mover].base == D("4677.42")
    assert found[starter].base == D("161.29")
    assert leaver not in found
    assert PayLine.objects.get(person=mover).team == second_team


def test_a_later_change_is_made_good_in_the_next_sheet(
    hr: Account, second: Account, paid_person: Person
) -> None:
    finished(actions.make_pay_sheet(actor=hr, year=2025, month=1), hr, second)
    regrade_people(actor=hr, grades={paid_person.pk: "senior"}, on=date(2025, 1, 1), reason="评定")

    line = lines(actions.make_pay_sheet(actor=hr, year=2025, month=2))[paid_person]

    assert isinstance(line, MonthLine)
    (arrear,) = line.arrears
    assert (arrear.month, arrear.base, arrear.target, arrear.advance) == (1, D(1000), D(2000), D(1200))
    assert line.total == D(6000) + D(7200) + D(2200)


def test_arrears_are_made_good_once(hr: Account, second: Account, paid_person: Person) -> None:
    finished(actions.make_pay_sheet(actor=hr, year=2025, month=1), hr, second)
    regrade_people(actor=hr, grades={paid_person.pk: "senior"}, on=date(2025, 1, 1), reason="评定")
    finished(actions.make_pay_sheet(actor=hr, year=2025, month=2), hr, second)

    assert lines(actions.make_pay_sheet(actor=hr, year=2025, month=3))[paid_person].arrears == ()


def test_a_year_is_settled_by_the_score_and_differences_follow(
    hr: Account, second: Account, officer: Account, paid_person: Person
) -> None:
    paid_months(hr, second, 2025)
    run = make_year({paid_person: "80"})
    sheet = actions.make_settlement(actor=hr, year=2025)
    line = lines(sheet)[paid_person]
    assert isinstance(line, YearLine)
    # 120 000 at target, factor 1.1 half way from 60 to 100; 72 000 were advanced.
    assert (line.factor, line.earned, line.advanced, line.due) == (D("1.1"), D(132000), D(72000), D(60000))
    finished(sheet, hr, second)
    with pytest.raises(Refused, match="没有差额"):
        actions.make_settlement(actor=hr, year=2025)

    newer = make_run(run.scheme)
    make_result(newer, paid_person, "30")
    AssessmentYear.objects.filter(year=2025).update(current_run=newer)
    further = actions.make_settlement(actor=hr, year=2025)

    assert (further.number, str(further)) == (2, "2025 年年终结算（第 2 次）")
    assert lines(further)[paid_person].due == D(84000) - D(72000) - D(60000)
    finished(further, hr, second)
    own = own_year(officer, 2025)
    assert own.totals.performance == D(84000)
    assert (own.totals.base, own.totals.target_share) == (D(60000), D("66.7"))
    assert "得分 80.00，第 1 名，系数 1.1；120,000.00 × 1.1 = 132,000.00 元" in sentence(own.lines[1])


def test_a_settlement_waits_for_the_year(hr: Account, second: Account, paid_person: Person) -> None:
    make_year({paid_person: "80"})
    with pytest.raises(Refused, match="12 月的工资还没有发放"):
        actions.make_settlement(actor=hr, year=2025)
    paid_months(hr, second, 2025, first=12)
    Standing.objects.update(undecided_count=1)
    with pytest.raises(Refused, match="待定项"):
        actions.make_settlement(actor=hr, year=2025)


def test_without_a_result_what_was_advanced_stays(hr: Account, second: Account, paid_person: Person) -> None:
    paid_months(hr, second, 2025, first=12)
    make_year({make_person(): "80"})
    line = lines(actions.make_settlement(actor=hr, year=2025))[paid_person]
    assert (line.score, line.due) == (None, D(0))


def test_totals_and_digest_are_those_of_the_lines(
    hr: Account, paid_person: Person, colleague: Account
) -> None:
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    rows = opened(sheet.lines.select_related("sheet"))
    totals = sheet_totals(sheet)
    assert totals.whole.whole == sum((each.line.total for each in rows), D(0)) == D(22000)
    assert digest_of(rows, totals.salt) == sheet.digest


def test_a_changed_line_is_not_confirmed(
    hr: Account, second: Account, paid_person: Person, colleague: Account
) -> None:
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    sheet.lines.filter(person=paid_person).delete()
    with pytest.raises(Refused, match="摘要不符"):
        actions.confirm_pay_sheet(actor=second, sheet=sheet, approve=True)


def test_a_paid_sheet_stays_whatever_writes(hr: Account, second: Account, paid_person: Person) -> None:
    sheet = finished(actions.make_pay_sheet(actor=hr, year=2025, month=1), hr, second)
    with pytest.raises(DatabaseError, match="confirmed_pay_stays"), transaction.atomic():
        sheet.lines.update(content="x")
    with pytest.raises(DatabaseError, match="paid_sheets_stay"), transaction.atomic():
        PaySheet.objects.filter(pk=sheet.pk).update(state="draft")


def test_amounts_are_in_no_table(hr: Account, second: Account, paid_person: Person) -> None:
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    actions.correct_pay(
        actor=hr, sheet=sheet, person=paid_person, kind="base", amount=D("7654.32"), note="暗语更正"
    )
    actions.open_pay_lines(actor=hr, sheet=sheet)
    finished(sheet, hr, second)
    assert [tables_with(text) for text in ("7654.32", "暗语更正", "18654.32")] == [[], [], []]


def test_a_line_opens_for_its_own_person_only(hr: Account, paid_person: Person, colleague: Account) -> None:
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    mine = sheet.lines.select_related("sheet").get(person=paid_person)
    mine.person = colleague.person  # type: ignore[assignment]
    with pytest.raises(KeyTrouble):
        opened([mine])


def test_who_sees_what(
    hr: Account,
    manager: Account,
    second: Account,
    auditor: Account,
    administrator: Account,
    officer: Account,
    leader: Account,
    outsider: Account,
) -> None:
    finished(actions.make_pay_sheet(actor=hr, year=2025, month=1), hr, second)
    everybody = (hr, manager, auditor, administrator, officer, leader, outsider)
    assert [pay_sheets_visible_to(each).count() for each in everybody] == [1, 1, 1, 0, 0, 0, 0]
    # Their own line only, which leaders and officers have.
    assert [pay_lines_visible_to(each).count() for each in everybody] == [3, 0, 0, 0, 1, 1, 1]


def test_hr_by_lent_work_keeps_no_pay(hr: Account, paid_person: Person) -> None:
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    hr.standing_in = object()
    with pytest.raises(NotAllowed):
        actions.make_pay_sheet(actor=hr, year=2025, month=1)
    assert (pay_sheets_visible_to(hr).count(), pay_lines_visible_to(hr).count()) == (0, 0)
    assert sheet.pk


def test_small_groups_are_hidden_from_who_sees_totals_only(
    hr: Account, manager: Account, officer: Account, colleague: Account, leader: Account, outsider: Account
) -> None:
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    of_manager, of_hr = sheet_shown(manager, sheet), sheet_shown(hr, sheet)
    # One team of three and one of one: the total less the one would tell the other.
    assert [each.totals is None for each in of_manager.teams] == [True, True]
    assert [each.totals.people for each in of_hr.teams if each.totals] == [3, 1]
    assert of_manager.whole.people == 4


def test_a_year_counts_people_once(
    hr: Account, second: Account, paid_person: Person, colleague: Account
) -> None:
    paid_months(hr, second, 2025, first=11)
    sheets = list(PaySheet.objects.filter(year=2025))
    shown = year_shown(hr, sheets)
    assert shown is not None
    assert (shown.whole.people, shown.whole.base, shown.teams[0].totals.people) == (2, D(20000), 2)  # type: ignore[union-attr]


def test_an_auditor_opens_with_a_reason_that_is_kept(
    hr: Account, manager: Account, auditor: Account, paid_person: Person
) -> None:
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    with pytest.raises(Refused, match="理由"):
        actions.open_pay_lines(actor=auditor, sheet=sheet)
    with pytest.raises(NotAllowed, match="本人和人事"):
        actions.open_pay_lines(actor=manager, sheet=sheet, reason="想看看明细")

    found = actions.open_pay_lines(actor=auditor, sheet=sheet, reason="专项审计第 3 号")
    actions.open_pay_lines(actor=hr, sheet=sheet)
    actions.open_pay_lines(actor=hr, sheet=sheet)

    assert [each.line.total for each in found] == [D(11000)]
    kept = PayOpening.objects.order_by("pk").values_list("opened_by", "reason")
    assert list(kept) == [(auditor.pk, "专项审计第 3 号"), (hr.pk, "")]
    assert "11000" not in json.dumps([entry.detail for entry in AuditEntry.objects.all()])


def test_a_draft_is_dropped_and_its_openings_stay(hr: Account, paid_person: Person) -> None:
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    actions.open_pay_lines(actor=hr, sheet=sheet)
    actions.drop_pay_sheet(actor=hr, sheet=sheet)
    assert (PaySheet.objects.count(), PayOpening.objects.get().label) == (0, "2025 年 1 月工资表")


def test_keys_are_changed_for_paid_sheets_too(
    settings: Any, hr: Account, second: Account, paid_person: Person
) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.SEALED_KEYS = [old]
    sheet = finished(actions.make_pay_sheet(actor=hr, year=2025, month=1), hr, second)
    settings.SEALED_KEYS = [new, old]
    assert (waiting_for_rotation(), key_state().old) == (2, 2)

    call_command("rotate_sealed_keys", verbosity=0)

    settings.SEALED_KEYS = [new]
    assert (waiting_for_rotation(), key_state().state) == (0, "ok")
    sheet.refresh_from_db()
    assert lines(sheet)[paid_person].total == D(11000)
    assert sheet_totals(sheet).whole.whole == D(11000)


def test_without_a_key_nothing_is_half_written(
    settings: Any, hr: Account, paid_person: Person, client_as: Browser
) -> None:
    settings.SEALED_KEYS = []
    with pytest.raises(KeyTrouble):
        actions.make_pay_sheet(actor=hr, year=2025, month=1)
    assert PaySheet.objects.count() == 0


def test_the_course_tells_the_step(hr: Account, second: Account, paid_person: Person) -> None:
    def told() -> tuple[str, str]:
        step = next(each for each in course_of(hr, 2025) if each.code == "pay")
        return step.progress.value, step.detail

    assert told() == ("ahead", "还没有工资表。")
    paid_months(hr, second, 2025, first=12)
    assert told() == ("open", "已发放 1 个月，年终还没有结算。")
    make_year({paid_person: "80"})
    finished(actions.make_settlement(actor=hr, year=2025), hr, second)
    assert told() == ("done", "已发放 1 个月，年终已结算。")


def test_a_manager_confirms_no_sheet_that_would_tell_one_amount(
    hr: Account, manager: Account, paid_person: Person
) -> None:
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    with pytest.raises(NotAllowed, match="不足三人"):
        actions.confirm_pay_sheet(actor=manager, sheet=sheet, approve=True)
    assert sheet_shown(manager, sheet).whole is None
    for _each in range(2):
        make_appointment(make_person(), paid_person.appointments.get().team)
    again = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    assert actions.confirm_pay_sheet(actor=manager, sheet=again, approve=True).state == "confirmed"


def test_absences_are_deducted_only_as_the_rule_says(
    hr: Account, manager: Account, paid_person: Person
) -> None:
    for first, last in ((10, 15), (15, 20)):
        paid_person.absences.create(
            kind="other", starts_on=date(2025, 1, first), ends_on=date(2025, 1, last), written_by=hr
        )
    kept = lines(actions.make_pay_sheet(actor=hr, year=2025, month=1))[paid_person]
    release_pay(hr, manager, deducts=("other",))

    lost = lines(actions.make_pay_sheet(actor=hr, year=2025, month=1))[paid_person]

    # Away from the 10th to the 19th.
    assert (kept.base, kept.away_days, lost.away_days, lost.base) == (D(5000), 0, 10, D("3387.10"))


def test_working_days_are_counted_when_the_rule_says(hr: Account, manager: Account, first_team: Team) -> None:
    starter = make_person()
    make_appointment(starter, first_team, starts_on=date(2025, 6, 30))
    release_pay(hr, manager, day_basis="working")

    line = lines(actions.make_pay_sheet(actor=hr, year=2025, month=6))[starter]

    # June 2025 has 20 working days: the 2nd was the Dragon Boat holiday.
    assert (line.month_days, line.parts[0].days, line.base) == (20, 1, D(250))


def test_months_entered_long_after_are_told_to_nobody(hr: Account, second: Account, officer: Account) -> None:
    finished(actions.make_pay_sheet(actor=hr, year=2024, month=1), hr, second)
    assert Notice.objects.filter(recipient=officer).count() == 0


def test_the_year_as_a_workbook_is_for_hr(
    hr: Account, second: Account, manager: Account, paid_person: Person
) -> None:
    paid_months(hr, second, 2025, first=11)
    make_year({paid_person: "80"})
    finished(actions.make_settlement(actor=hr, year=2025), hr, second)
    with pytest.raises(NotAllowed):
        actions.take_pay_year(actor=manager, year=2025)

    (one,) = actions.take_pay_year(actor=hr, year=2025)

    assert (one.person, one.totals.base, one.totals.performance) == (paid_person, D(10000), D(22000))
    assert AuditEntry.objects.get(verb="pay.take-year").detail == {"people": 1, "sheets": 3}


def test_people_are_told_of_a_recent_month(hr: Account, second: Account, officer: Account) -> None:
    today = timezone.localdate()
    finished(actions.make_pay_sheet(actor=hr, year=today.year, month=today.month), hr, second)
    said = f"{today.year} 年 {today.month} 月工资表已发放，请在“薪酬”里查看。"
    assert list(Notice.objects.filter(recipient=officer).values_list("text", flat=True)) == [said]


def test_the_official_table_tells_groups_and_nobody(
    hr: Account, second: Account, paid_person: Person
) -> None:
    with pytest.raises(Refused, match="还没有发放"):
        take_book(actor=hr, year=2025, code="pay", form="pdf")
    sheet = finished(actions.make_pay_sheet(actor=hr, year=2025, month=1), hr, second)

    layout = book_layout(hr, take_book(actor=hr, year=2025, code="pay", form="xlsx"), 2025)

    whole = sheet_totals(sheet).whole
    teams, grades = layout.parts
    for part in (teams, grades):
        assert [row[1:] for row in part.totals] == [
            [whole.people, whole.base, whole.performance, whole.base + whole.performance]
        ]
        assert sum(row[4] for row in part.rows) == whole.base + whole.performance
    assert not any(paid_person.name in str(row) for part in layout.parts for row in part.rows)
