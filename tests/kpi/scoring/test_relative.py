"""Relative rules on the frozen group: ties, a group of one, max = min, missing figures, and who is no peer."""

from decimal import Decimal
from typing import Any

import pytest

from kpi.scoring.document import parse_scheme
from kpi.scoring.facts_document import parse_facts
from kpi.scoring.trial import Trial, try_out
from tests.kpi.scoring.worked import outcome

AMOUNT = {"kind": "amount", "of": "done"}


def compared(rule: dict[str, Any], values: list[Any], **scheme: Any) -> Trial:
    """One subject per value; None is a figure nobody reported."""
    document = {
        "scheme": "relative",
        "title": "相对计分",
        "year": 2026,
        "groups": {"units": {"title": "单位", "subjects": ["unit"]}},
        "indicators": [
            {"code": "item", "title": "指标", "measures": {"done": {"title": "完成"}}, "rule": rule}
        ],
        **scheme,
    }
    parsed = parse_scheme(document)
    subjects = [
        {
            "code": f"s{index}",
            "kind": "unit",
            "measures": {"item": {} if value is None else {"done": value}},
        }
        for index, value in enumerate(values)
    ]
    return try_out(parsed, parse_facts({"subjects": subjects}, parsed))


def lines(rule: dict[str, Any], values: list[Any]) -> list[str]:
    return [outcome(sheet.items[0]) for sheet in compared(rule, values).sheets]


def points(rule: dict[str, Any], values: list[Any]) -> list[Decimal | None]:
    return [sheet.items[0].points for sheet in compared(rule, values).sheets]


POWER = {"kind": "power_coefficient", "part": AMOUNT, "bottom": 60, "top": 100}


def test_power_coefficient_may_prefer_the_lowest() -> None:
    assert points({**POWER, "first": "lowest"}, [200, 120, 40]) == [60, 80, 100]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([5, 5], "同组数值全部相同，最大值等于最小值，功效系数无意义；细则未规定如何计分。"),
        ([5], "同组只有一个对象，最大值等于最小值，功效系数无意义；细则未规定如何计分。"),
        ([5, 8, None], "同组有 1 个对象数据缺失，相对计分未定；请补录。"),
    ],
)
def test_power_coefficient_is_undecided_where_it_means_nothing(values: list[Any], reason: str) -> None:
    assert lines(POWER, values)[0] == f"未定：{reason}"


def test_missing_figure_may_be_left_out() -> None:
    assert points({**POWER, "missing": "skip"}, [5, 8, None]) == [60, 100, None]


def test_repeating_fractions_that_are_equal_are_equal() -> None:
    rule = {
        "kind": "rank",
        "part": {"kind": "quotient", "part": AMOUNT, "by": {"kind": "fixed", "points": 3}},
    }
    thirds = {"kind": "rank", "part": {"kind": "sum", "parts": [rule["part"], rule["part"], rule["part"]]}}
    assert points(thirds, [1, 1, 2]) == [2, 2, 1]


def test_ties_share_a_place_or_are_undecided() -> None:
    rank = {"kind": "rank", "part": AMOUNT}
    assert points(rank, [9, 7, 7, 5]) == [1, 2, 2, 4]
    assert (
        lines({**rank, "ties": "undecided"}, [9, 7, 7])[1:]
        == ["未定：与同组其他对象数值相同，细则未规定并列如何计分。"] * 2
    )
    assert lines(rank, [9]) == ["未定：同组只有一个对象，名次无意义；细则未规定如何计分。"]
    assert points({**rank, "alone": "first"}, [9]) == [1]
    assert points({**rank, "first": "lowest"}, [9, 7]) == [2, 1]


def test_place_outside_all_bands_is_undecided_without_an_otherwise() -> None:
    bands = {"kind": "rank_bands", "part": AMOUNT, "bands": [{"from": 1, "to": 1, "points": 7}]}
    assert lines(bands, [9, 7])[1] == ("未定：第 2 名不在细则规定的任何名次段之内，细则未规定如何计分。")


@pytest.mark.parametrize(("fall", "line"), [("zero", "0"), ("negative", "-2"), ("undecided", None)])
def test_fall_in_rank_is_the_schemes_choice(fall: str, line: str | None) -> None:
    rule = {
        "kind": "rank_gain",
        "place": AMOUNT,
        "previous": {"kind": "fixed", "points": 10},
        "points": 20,
        "fall": fall,
    }
    assert points(rule, [11]) == [None if line is None else Decimal(line)]


POOL = {"kind": "pool_share", "part": AMOUNT, "pool": 100, "remainder": "largest"}


def test_pool_is_shared_to_the_last_cent() -> None:
    assert points(POOL, [1, 1, 1]) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert points({**POOL, "remainder": "keep"}, [1, 1, 1]) == [Decimal("33.33")] * 3
    assert points(POOL, [2, 0, -5]) == [100, 0, 0]
    assert lines(POOL, [0, 0])[0] == "未定：同组积分合计为 0，奖金池无法分配；细则未规定此种情形。"


def test_only_subjects_of_the_group_and_of_the_item_are_peers() -> None:
    document = {
        "groups": {
            "units": {"title": "单位", "subjects": ["unit"]},
            "others": {"title": "其他", "subjects": ["other"]},
        }
    }
    scheme = parse_scheme(
        {
            "scheme": "relative",
            "title": "相对计分",
            "year": 2026,
            **document,
            "indicators": [
                {"code": "item", "title": "指标", "measures": {"done": {"title": "完成"}}, "rule": POWER}
            ],
        }
    )
    subjects = [
        {"code": code, "kind": kind, "measures": {"item": {"done": value}}}
        for code, kind, value in (
            ("a", "unit", 10),
            ("b", "unit", 20),
            ("c", "other", 1000),
            ("d", "other", 0),
        )
    ]
    found = try_out(scheme, parse_facts({"subjects": subjects}, scheme))
    assert [sheet.total for sheet in found.sheets] == [60, 100, 100, 60]


def test_late_correction_of_one_subject_changes_the_others() -> None:
    assert points(POWER, [200, 120, 40])[1] == 80
    assert points(POWER, [160, 120, 40])[1] == Decimal("86.67")


def test_best_of_the_group_keeps_full_points_when_figures_repeat() -> None:
    """Peers rounded for comparing must not enter the arithmetic: 4/7 as the best is 100, not 99.99…"""
    part = {"kind": "quotient", "part": AMOUNT, "by": {"kind": "fixed", "points": 7}}
    scheme = {"rounding": {"digits": 0, "mode": "down"}}
    found = compared({**POWER, "part": part}, [0, 4], **scheme)
    assert [sheet.items[0].points for sheet in found.sheets] == [60, 100]


def test_subject_compared_otherwise_than_its_peers_see_it_is_undecided() -> None:
    """After a change of class the inner rule would see one class, the peers all of them: no text says how."""
    by_class = {"kind": "by_category", "cases": {"a": AMOUNT, "b": {"kind": "fixed", "points": 0}}}
    rank = {"kind": "rank", "part": by_class}
    rule = {"kind": "by_category", "cases": {"a": rank, "b": {"kind": "fixed", "points": 1}}}
    scheme = parse_scheme(
        {
            "scheme": "relative",
            "title": "相对计分",
            "year": 2026,
            "categories": {"when_changed": "time_weighted", "kinds": {"a": "甲类", "b": "乙类"}},
            "indicators": [
                {"code": "item", "title": "指标", "measures": {"done": {"title": "完成"}}, "rule": rule}
            ],
        }
    )
    held = [{"from": "2026-01-01", "category": "a"}, {"from": "2026-07-01", "category": "b"}]
    subjects = [
        {"code": "x", "category": "a", "measures": {"item": {"done": 9}}},
        {"code": "y", "categories": held, "measures": {"item": {"done": 7}}},
    ]
    found = try_out(scheme, parse_facts({"subjects": subjects}, scheme))
    assert [outcome(sheet.items[0]) for sheet in found.sheets] == [
        "完成 9 → 2 个对象中第 1",
        "未定：年内类别有变动，本对象与同组其他对象的数值口径不同，细则未规定如何比较。",
    ]


# 0.77… and the like: fractions that no decimal ends.
THIRDS = {"kind": "quotient", "part": AMOUNT, "by": {"kind": "fixed", "points": 9}}


@pytest.mark.parametrize("remainder", ["keep", "largest"])
def test_pool_of_one_is_paid_whole_however_long_the_fractions(remainder: str) -> None:
    """Sums of Python's 28 digits once left a cent in the pool."""
    for value in (1, 5, 7, Decimal("33.33"), 1000000):
        rule = {**POOL, "pool": Decimal("0.3"), "part": THIRDS, "remainder": remainder}
        assert points(rule, [value]) == [Decimal("0.30")]


def test_place_given_as_a_fraction_of_a_fraction_is_still_the_first() -> None:
    """1/3 + 2/3 is 1, not a place below the first."""
    previous = {
        "kind": "sum",
        "parts": [
            {
                "kind": "quotient",
                "part": {"kind": "fixed", "points": part},
                "by": {"kind": "fixed", "points": 3},
            }
            for part in (1, 1, 1)
        ],
    }
    rule = {
        "kind": "rank_gain", "place": {"kind": "rank", "part": AMOUNT}, "previous": previous, "points": 20,
        "fall": "zero",
    }  # fmt: skip
    assert points(rule, [9, 8]) == [0, 0]
