"""Places with ties, and who stands for which award."""

from decimal import Decimal

import pytest

from kpi.scoring.awards import candidates
from kpi.scoring.ranking import rank
from kpi.scoring.results import Sheet
from kpi.scoring.scheme import Group
from tests.kpi.scoring.examples import default_scheme, item_with, sheet_of, undecided_item

TEAMS = Group("teams", "团队", ("task_force", "stationed"))
TARGETS = ("signing", "foreign_capital", "contribution")


def team(code: str, points: str, progress: str | None = "1") -> Sheet:
    targets = [item_with("0", code=name, progress=progress) for name in TARGETS]
    return sheet_of(code, item_with(points), *targets)


def stand(*sheets: Sheet) -> list[tuple[str, str, str, str]]:
    scheme = default_scheme()
    standings = {code: rank(sheets, group) for code, group in scheme.groups.items()}
    found = candidates(scheme, standings, Decimal("0.5"))
    return [(entry.title, entry.subject.code, entry.status, entry.reason) for entry in found]


def test_equal_totals_share_a_place_and_the_next_is_skipped() -> None:
    sheets = [
        sheet_of(code, item_with(points))
        for code, points in zip("dcba", ("50", "70", "70", "90"), strict=True)
    ]
    found = [(entry.place, entry.sheet.subject.code, entry.tied) for entry in rank(sheets, TEAMS)]
    assert found == [(1, "a", False), (2, "b", True), (2, "c", True), (4, "d", False)]


def test_only_named_tie_breakers_break_a_tie() -> None:
    sheets = [
        sheet_of("a", item_with("60", code="x"), item_with("10", code="y")),
        sheet_of("b", item_with("40", code="x"), item_with("30", code="y")),
    ]
    group = Group("teams", "团队", ("task_force",), tie_breakers=("y",))
    assert [(entry.place, entry.sheet.subject.code) for entry in rank(sheets, group)] == [(1, "b"), (2, "a")]
    assert [entry.place for entry in rank(sheets, TEAMS)] == [1, 1]


def test_ranking_is_by_unrounded_numbers_and_within_the_group() -> None:
    sheets = [
        sheet_of("a", item_with("70.004")),
        sheet_of("b", item_with("70.0041")),
        sheet_of("c", item_with("99"), kind="officer"),
    ]
    assert [(entry.place, entry.sheet.subject.code) for entry in rank(sheets, TEAMS)] == [(1, "b"), (2, "a")]


def test_first_team_stands_for_excellence_and_last_that_missed_its_target_for_the_snail() -> None:
    assert stand(team("a", "90"), team("b", "70"), team("c", "50", "0.4")) == [
        ("卓越奖", "a", "candidate", "团队第 1 名（共 3 名），90 分。"),
        (
            "蜗牛奖",
            "c",
            "candidate",
            "团队第 3 名（共 3 名），50 分。未完成任务：指标signing 80%、指标foreign_capital 80%、指标contribution 80%。",
        ),
    ]


@pytest.mark.parametrize(
    ("progress", "status"), [("0.49999", "candidate"), ("0.5", "passed_over"), (None, "undecided")]
)
def test_snail_needs_both_the_last_place_and_a_missed_target(progress: str | None, status: str) -> None:
    found = stand(team("a", "90", "0"), team("b", "50", progress))
    assert [(title, code, state) for title, code, state, _ in found] == [
        ("卓越奖", "a", "candidate"),
        ("蜗牛奖", "b", status),
    ]


def test_completion_just_short_is_never_shown_as_complete() -> None:
    (_, snail) = stand(team("a", "90"), team("b", "50", "0.499999"))
    assert "99.99%" in snail[3]


def test_ties_at_the_last_place_of_an_award_are_all_named() -> None:
    officers = [
        sheet_of(code, item_with(points), kind="officer")
        for code, points in [("a", "9"), ("b", "5"), ("c", "5")]
    ]
    found = stand(*officers, sheet_of("d", item_with("4"), kind="officer"))
    notice = [(code, status, reason) for title, code, status, reason in found if title == "末两名人员提示"]
    assert notice == [
        ("d", "candidate", "招商专员第 4 名（共 4 名），4 分。"),
        ("c", "candidate", "招商专员第 2 名（共 4 名），5 分。与1名并列，由考核组研究。"),
        ("b", "candidate", "招商专员第 2 名（共 4 名），5 分。与1名并列，由考核组研究。"),
    ]


def test_candidate_is_undecided_while_an_open_sheet_could_still_pass() -> None:
    rival = sheet_of("b", item_with("85"), undecided_item(), open_marks="10")
    weak = sheet_of("b", item_with("60"), undecided_item(), open_marks="10")
    first, *_ = stand(team("a", "90"), rival, team("c", "50"))
    assert first == (
        "卓越奖",
        "a",
        "undecided",
        "团队第 1 名（共 3 名），90 分。另有 1 份考核表有未定项，名次可能变动。",
    )
    first, *_ = stand(team("a", "90"), weak, team("c", "50"))
    assert first[2] == "candidate"


@pytest.mark.parametrize(("open_marks", "status"), [("10", "undecided"), ("0", "candidate")])
def test_an_open_sheet_beside_the_candidate_could_still_pass(open_marks: str, status: str) -> None:
    beside = sheet_of("b", item_with("90"), undecided_item(), open_marks=open_marks)

    found = {
        code: found for title, code, found, _reason in stand(team("a", "90"), beside) if title == "卓越奖"
    }

    assert found["a"] == status


def test_own_open_item_leaves_the_candidate_undecided() -> None:
    first, *_ = stand(sheet_of("a", item_with("90"), undecided_item(), open_marks="10"), team("b", "50"))
    assert first[2:] == ("undecided", "团队第 1 名（共 2 名），90 分。其“未定指标”未定，名次尚不能确定。")


def test_empty_group_has_no_candidates() -> None:
    assert stand() == []
