"""Assessment inputs: recorded by one, confirmed by another, replaced, returned, withdrawn and reversed; each fault in a sentence."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kpi import access, actions
from kpi.actions import InputRow
from kpi.models import AssessmentInput, AssessmentYear, InputPaper, InputState, Item
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, Notice
from staff.models import Account, Person, Role, Team
from tests.factories.kpi import make_scheme
from tests.factories.staff import make_account, make_team

pytestmark = pytest.mark.django_db

SCHEME = """
scheme: inputs
title: 评议与填报
year: 2025
categories: {when_changed: as_of, kinds: {front: 一线, back: 后台}}
exchange: {rate: day}
groups:
  officers: {title: 招商专员, subjects: [officer]}
  teams: {title: 攻坚团队, subjects: [task_force]}
indicators:
  - code: review
    title: 民主测评
    applies_to: [officers]
    measures: {}
    rule:
      kind: rating
      rating: peers
      title: 民主测评
      panels: [{panel: peers, title: 同事, weight: "60%"}, {panel: leaders, title: 领导, weight: "40%", expected: 1}]
      missing: undecided
      scale: 100
      points: 10
  - code: conduct
    title: 作风
    measures: {}
    rule: {kind: choice, choice: conduct, title: 作风, from: 0, to: 5}
  - code: visits
    title: 外出
    applies_to: [teams]
    measures:
      visits: {title: 外出次数, unit: 次}
      signed: {title: 签约, facts: [signed], aggregate: count}
      sizes: {title: 规模, facts: [lead], aggregate: tiers, bands: [{code: small, title: 小, to: 1}, {code: large, title: 大, from: 1}]}
    rule:
      kind: sum
      parts:
        - {kind: count_times_points, terms: [{of: visits, each: 1}, {of: signed, each: 1}]}
        - {kind: tiers, of: sizes, points: {small: 1, large: 2}}
"""


@pytest.fixture
def year(db: None) -> int:
    make_scheme(2025, SCHEME)
    return 2025


@pytest.fixture
def person(officer: Account) -> Person:
    assert officer.person is not None
    return officer.person


def mark(person: Person, value: int | None = 90, voter: str = "甲", panel: str = "peers") -> InputRow:
    number = None if value is None else Decimal(value)
    return InputRow("rating", "peers", person=person, part=panel, voter=voter, value=number)


def states() -> list[tuple[str, str]]:
    return [(one.state, one.shown) for one in AssessmentInput.objects.order_by("pk")]


def test_a_second_person_confirms_and_only_then_it_counts(
    year: int, person: Person, hr: Account, manager: Account
) -> None:
    [one] = actions.record_inputs(actor=hr, year=year, rows=[mark(person)])
    assert (one.state, one.recorded_by) == (InputState.SUBMITTED, hr)

    with pytest.raises(Refused, match="您自己录入的"):
        actions.confirm_inputs(actor=hr, inputs=[one])
    [one] = actions.confirm_inputs(actor=manager, inputs=[one])

    assert (one.state, one.decided_by) == (InputState.CONFIRMED, manager)
    verbs = AuditEntry.objects.filter(verb__startswith="input.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["input.record", "input.confirm"]


def test_a_newer_one_waits_beside_what_holds_and_takes_its_place(
    year: int, person: Person, hr: Account, manager: Account
) -> None:
    actions.confirm_inputs(
        actor=manager, inputs=actions.record_inputs(actor=hr, year=year, rows=[mark(person, 90)])
    )
    actions.record_inputs(actor=hr, year=year, rows=[mark(person, 80)])
    newest = actions.record_inputs(actor=hr, year=year, rows=[mark(person, 85)])
    assert states() == [("confirmed", "90"), ("withdrawn", "80"), ("submitted", "85")]

    actions.confirm_inputs(actor=manager, inputs=newest)
    assert states() == [("reversed", "90"), ("withdrawn", "80"), ("confirmed", "85")]
    assert actions.record_inputs(actor=hr, year=year, rows=[mark(person, 85)]) == []


def test_a_returned_one_tells_its_recorder(year: int, person: Person, hr: Account, manager: Account) -> None:
    given = actions.record_inputs(actor=hr, year=year, rows=[mark(person), mark(person, None, "乙")])
    with pytest.raises(Refused, match="请写明退回的原因"):
        actions.return_inputs(actor=manager, inputs=given, reason=" ")
    actions.return_inputs(actor=manager, inputs=given, reason="票数与汇总表不符")

    assert states() == [("returned", "90"), ("returned", "未交")]
    assert [notice.text for notice in Notice.objects.filter(recipient=hr)] == [
        "您的 2 条考评录入被退回：票数与汇总表不符"
    ]
    with pytest.raises(Conflict, match="被退回，不再待确认"):
        actions.confirm_inputs(actor=manager, inputs=given)


def test_withdrawing_and_reversing(year: int, person: Person, hr: Account, manager: Account) -> None:
    [one] = actions.record_inputs(actor=hr, year=year, rows=[mark(person)])
    with pytest.raises(NotAllowed, match="只有录入人"):
        actions.withdraw_input(actor=manager, entry=one)
    actions.withdraw_input(actor=hr, entry=one)
    [one] = actions.record_inputs(actor=hr, year=year, rows=[mark(person)])
    with pytest.raises(Conflict, match="待确认，不能冲销"):
        actions.reverse_input(actor=manager, entry=one, reason="重复")
    actions.confirm_inputs(actor=manager, inputs=[one])
    with pytest.raises(Refused, match="请写明冲销的原因"):
        actions.reverse_input(actor=manager, entry=one, reason="")
    actions.reverse_input(actor=hr, entry=one, reason="测评无效")
    assert states() == [("withdrawn", "90"), ("reversed", "90")]


def test_the_paper_is_kept_once_for_all(year: int, person: Person, hr: Account, manager: Account) -> None:
    paper = SimpleUploadedFile("汇总.txt", "甲 90，乙 80".encode())
    rows = [mark(person), mark(person, 80, "乙")]
    given = actions.record_inputs(actor=hr, year=year, rows=rows, paper=paper)
    assert {one.paper for one in given} == {InputPaper.objects.get()}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"kind": "ballot"}, "没有“ballot”这种录入。"),
        ({"kind": "rating", "code": "hosts"}, "细则没有这项评议票“hosts”；可录入：peers（民主测评）。"),
        (
            {"kind": "rating", "code": "peers", "part": "x"},
            "没有评议组“x”；可填：peers（同事）、leaders（领导）。",
        ),
        ({"kind": "rating", "code": "peers", "part": "peers"}, "请写明评分人。"),
        (
            {"kind": "rating", "code": "peers", "part": "peers", "voter": "甲", "value": Decimal(101)},
            "评分 101 不在 0 至 100 分之内。",
        ),
        ({"kind": "choice", "code": "conduct"}, "请填写酌定的分值。"),
        ({"kind": "choice", "code": "conduct", "value": Decimal(6)}, "酌定 6 分，不在 0 至 5 分之内。"),
        ({"kind": "choice", "code": "conduct", "value": Decimal(4)}, "请写明由谁酌定。"),
        (
            {"kind": "choice", "code": "conduct", "value": Decimal(4), "author": "考核组"},
            "请写明酌定的理由。",
        ),
        ({"kind": "category", "option": "x"}, "没有类别“x”；可填：front（一线）、back（后台）。"),
        ({"kind": "category", "option": "front"}, "请写明类别从哪一天起。"),
        (
            {"kind": "category", "option": "front", "holds_from": date(2026, 1, 1)},
            "起始日 2026-01-01 不在 2025 年末之前；请核对。",
        ),
        ({"kind": "measure", "code": "visits", "part": "visits"}, "“外出”不适用于"),
        ({"kind": "rate", "code": "USD"}, "汇率不属于任何人或团队。"),
    ],
)
def test_each_fault_is_said(
    year: int, person: Person, hr: Account, row: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        actions.record_inputs(actor=hr, year=year, rows=[InputRow(person=person, **row)])  # type: ignore[arg-type]
    assert sentence in refused.value.message
    assert list(refused.value.fields) == ["rows.0"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"part": "visits"}, "请填写数值。"),
        ({"part": "signed", "value": Decimal(1)}, "“签约”由系统从业绩计量，不必填报。"),
        ({"part": "sizes", "value": Decimal(1)}, "“规模”没有这一档；可填：small（小）、large（大）。"),
        ({"part": "x", "value": Decimal(1)}, "没有度量“x”；可填：visits（外出次数）、sizes（规模）。"),
        ({"part": "visits", "value": Decimal("1E14")}, "数值不能超过十四位"),
        ({"part": "visits", "value": Decimal("0.123456789")}, "最多八位小数"),
    ],
)
def test_faults_of_reported_figures(
    year: int, first_team: Team, hr: Account, row: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        actions.record_inputs(
            actor=hr,
            year=year,
            rows=[InputRow("measure", "visits", team=first_team, **row)],  # type: ignore[arg-type]
        )


def test_rates_and_years(year: int, person: Person, hr: Account) -> None:
    def record(row: InputRow, of: int = year) -> None:
        actions.record_inputs(actor=hr, year=of, rows=[row])

    with pytest.raises(Refused, match="没有币种“GBP”"):
        record(InputRow("rate", "GBP", value=Decimal(9), holds_from=date(2025, 1, 2)))
    with pytest.raises(Refused, match="必须大于 0"):
        record(InputRow("rate", "USD", value=Decimal(0), holds_from=date(2025, 1, 2)))
    with pytest.raises(Refused, match="不能晚于今天"):
        record(InputRow("rate", "USD", value=Decimal(7), holds_from=date(2999, 1, 2)))
    with pytest.raises(Refused, match="2024 年还没有已发布的考核细则"):
        record(mark(person), 2024)
    record(InputRow("rate", "USD", value=Decimal("7.1"), holds_from=date(2025, 1, 2)))
    AssessmentYear.objects.update(closed_at="2026-02-01T00:00:00Z")
    with pytest.raises(Refused, match="已关账"):
        record(mark(person))


def test_rows_are_recorded_all_or_none(year: int, person: Person, hr: Account) -> None:
    with pytest.raises(Refused, match="同一项录入了两次"):
        actions.record_inputs(actor=hr, year=year, rows=[mark(person), mark(person, 80)])
    assert not AssessmentInput.objects.exists()
    with pytest.raises(Refused, match="没有要录入的内容"):
        actions.record_inputs(actor=hr, year=year, rows=[])


def test_nobody_has_a_hand_in_ones_own(year: int, hr: Account, first_team: Team) -> None:
    judged = make_account(Role.MANAGER, team=first_team)
    assert judged.person is not None
    with pytest.raises(Refused, match="不能录入或确认本人的考评"):
        actions.record_inputs(actor=judged, year=year, rows=[mark(judged.person)])
    given = actions.record_inputs(actor=hr, year=year, rows=[mark(judged.person)])
    with pytest.raises(Refused, match="不能录入或确认本人的考评"):
        actions.confirm_inputs(actor=judged, inputs=given)


def test_who_may_and_who_sees(
    year: int,
    person: Person,
    officer: Account,
    outsider: Account,
    leader: Account,
    auditor: Account,
    hr: Account,
    manager: Account,
) -> None:
    given = actions.record_inputs(actor=hr, year=year, rows=[mark(person)])
    for account in (officer, leader, auditor):
        with pytest.raises(NotAllowed):
            actions.record_inputs(actor=account, year=year, rows=[mark(person)])
        with pytest.raises(NotAllowed):
            actions.confirm_inputs(actor=account, inputs=given)
    with pytest.raises(NotFound):
        actions.reverse_input(actor=outsider, entry=given[0], reason="不服")
    assert not access.inputs_visible_to(officer).exists()

    actions.confirm_inputs(actor=manager, inputs=given)
    seen = {
        who: access.inputs_visible_to(account).count()
        for who, account in {
            "officer": officer,
            "outsider": outsider,
            "leader": leader,
            "auditor": auditor,
        }.items()
    }
    assert seen == {"officer": 1, "outsider": 0, "leader": 1, "auditor": 1}
    assert not access.sees_voters(officer)


def test_a_category_holds_on_in_the_next_year(person: Person, hr: Account, manager: Account) -> None:
    text = """
scheme: kinds
title: 分类
year: 2025
categories: {when_changed: as_of, kinds: {front: 一线, back: 后台}}
groups: {officers: {title: 招商专员, subjects: [officer]}}
indicators:
  - code: base
    title: 基础
    measures: {}
    rule: {kind: by_category, cases: {front: {kind: fixed, points: 3}, back: {kind: fixed, points: 1}}}
"""
    make_scheme(2025, text)
    make_scheme(2026, text.replace("2025", "2026"))
    row = InputRow("category", person=person, option="back", holds_from=date(2025, 5, 1))
    actions.confirm_inputs(actor=manager, inputs=actions.record_inputs(actor=hr, year=2025, rows=[row]))
    run = actions.execute_run(run_id=actions.request_run(actor=None, year=2026).pk)
    item = Item.objects.get(standing__run=run, standing__person=person)
    assert (item.points, item.explanation) == (1, "1")


def test_units_are_assessed_by_what_is_reported(hr: Account, manager: Account) -> None:
    text = """
scheme: towns
title: 乡镇
year: 2025
groups: {towns: {title: 乡镇, subjects: [town]}}
indicators:
  - code: signed
    title: 签约
    measures: {signed: {title: 签约项目, facts: [signed], aggregate: count}}
    rule: {kind: amount, of: signed}
"""
    make_scheme(2025, text)
    town = make_team(code="T1", name="甲镇", kind="unit", assessed_as="town")
    run = actions.execute_run(run_id=actions.request_run(actor=None, year=2025).pk)
    item = Item.objects.get(standing__run=run)
    assert (item.status, item.explanation) == ("undecided", "缺少“签约项目”的数据，本项无法计算；请补录。")

    row = InputRow("measure", "signed", team=town, part="signed", value=Decimal(7))
    actions.confirm_inputs(actor=manager, inputs=actions.record_inputs(actor=hr, year=2025, rows=[row]))
    run = actions.execute_run(run_id=actions.request_run(actor=None, year=2025).pk)
    assert Item.objects.get(standing__run=run).points == 7
