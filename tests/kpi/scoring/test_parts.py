"""Weights, categories, steps of an item, ratings, choices, periods, lists, rates, gates and grades."""

from decimal import Decimal
from typing import Any

import pytest

from kpi.scoring.document import parse_scheme
from kpi.scoring.entries import InvalidDocument
from kpi.scoring.facts_document import parse_facts
from kpi.scoring.results import Sheet
from kpi.scoring.trial import Trial, as_document, try_out
from tests.kpi.scoring.worked import outcome


def tried(scheme: dict[str, Any], facts: dict[str, Any]) -> Trial:
    parsed = parse_scheme({"scheme": "parts", "title": "示例", "year": 2026, **scheme})
    return try_out(parsed, parse_facts(facts, parsed))


def item(rule: dict[str, Any], measures: list[str], **others: Any) -> dict[str, Any]:
    return {
        "code": others.pop("code", "item"),
        "title": "指标",
        "measures": {name: {"title": name} for name in measures},
        "rule": rule,
        **others,
    }


AMOUNT = {"kind": "amount", "of": "done"}
CLASSES = {"kinds": {"a": "甲类", "b": "乙类"}}


@pytest.mark.parametrize(("change", "total"), [("start", "30"), ("as_of", "50"), ("time_weighted", "40.03")])
def test_weight_follows_the_category_held(change: str, total: str) -> None:
    held = [{"from": "2026-01-01", "category": "a"}, {"from": "2026-07-02", "category": "b"}]
    scheme = {
        "categories": {**CLASSES, "when_changed": change},
        "indicators": [item(AMOUNT, ["done"], weight={"a": "30%", "b": "50%"})],
    }
    found = tried(
        scheme, {"subjects": [{"code": "u", "categories": held, "measures": {"item": {"done": 100}}}]}
    )
    # 1 January to 1 July are 182 of 365 days in class a.
    assert found.sheets[0].total == Decimal(total).quantize(Decimal("0.01"))


def test_weight_zero_is_not_applicable_and_no_peer() -> None:
    power = {"kind": "power_coefficient", "part": AMOUNT, "bottom": 60, "top": 100}
    scheme = {
        "categories": {**CLASSES, "when_changed": "as_of"},
        "indicators": [item(power, ["done"], weight={"a": 1, "b": 0})],
    }
    subjects = [
        {"code": code, "category": category, "measures": {"item": {"done": done}}}
        for code, category, done in (("x", "a", 10), ("y", "a", 20), ("z", "b", 99))
    ]
    found = tried(scheme, {"subjects": subjects})
    assert [outcome(sheet.items[0]).split(" = ")[-1] for sheet in found.sheets] == ["60", "100", "不适用"]


@pytest.mark.parametrize(
    ("steps", "line"),
    [
        (None, "(done 120 → 封顶 100)×权重 50% + 5 − 2 = 53"),
        (["weight", "bonus", "deduction", "cap"], "done 120×权重 50% + 5 − 2 = 63"),
        (["bonus", "cap"], "(done 120 + 5 = 125 → 封顶 100)×权重 50% − 2 = 48"),
    ],
)
def test_order_of_cap_weight_bonus_and_deduction_is_the_schemes(steps: list[str] | None, line: str) -> None:
    others: dict[str, Any] = {"steps": steps} if steps else {}
    indicator = item(
        AMOUNT,
        ["done"],
        full_marks=100,
        weight="50%",
        bonus={"kind": "fixed", "points": 5},
        deduction={"kind": "fixed", "points": 2},
        **others,
    )
    found = tried(
        {"indicators": [indicator]}, {"subjects": [{"code": "u", "measures": {"item": {"done": 120}}}]}
    )
    assert outcome(found.sheets[0].items[0]) == line


def test_veto_of_an_item_comes_last() -> None:
    veto = {"if": {"of": "accidents", "operator": "gte", "than": 1}, "title": "重大安全事故"}
    indicator = item(AMOUNT, ["done", "accidents"], veto=veto)
    subjects = [
        {"code": str(count), "measures": {"item": {"done": 9, "accidents": count}}} for count in (0, 1)
    ]
    found = tried({"indicators": [indicator]}, {"subjects": subjects})
    assert [outcome(sheet.items[0]) for sheet in found.sheets] == [
        "done 9",
        "done 9 → 一票否决“重大安全事故” 0",
    ]


def test_sections_weigh_their_indicators() -> None:
    scheme = {
        "sections": {"first": {"title": "一", "weight": "60%"}, "second": {"title": "二", "weight": "40%"}},
        "indicators": [
            item(AMOUNT, ["done"], code="x", section="first", weight="70%"),
            item(AMOUNT, ["done"], code="y", section="first", weight="30%"),
            item(AMOUNT, ["done"], code="z", section="second"),
        ],
    }
    given = {code: {"done": 100} for code in "xyz"}
    found = tried(scheme, {"subjects": [{"code": "u", "measures": given}]})
    assert [entry.points for entry in found.sheets[0].items] == [42, 18, 40]


def rated(missing: str, marks: list[int | None], **panel: Any) -> str:
    rule = {
        "kind": "rating",
        "rating": "r",
        "title": "评议",
        "panels": [{"panel": "p", "title": "甲组", **panel}],
        "missing": missing,
        "scale": 100,
        "points": 10,
    }
    ballots = [{"panel": "p", "by": str(index), "mark": mark} for index, mark in enumerate(marks)]
    found = tried({"indicators": [item(rule, [])]}, {"subjects": [{"code": "u", "ratings": {"r": ballots}}]})
    return outcome(found.sheets[0].items[0])


def test_missing_ballots_are_what_the_scheme_says() -> None:
    assert rated("undecided", [90, None]) == "未定：“评议”的甲组还缺 1 份评分，本项无法计算。"
    assert rated("undecided", [90], expected=3) == "未定：“评议”的甲组还缺 2 份评分，本项无法计算。"
    assert rated("skip", [90, None, 80]) == "(80 + 90)÷2÷满分 100×10 = 8.5"
    assert rated("zero", [90, None]) == "(0 + 90)÷2÷满分 100×10 = 4.5"
    assert rated("skip", [90, 120]) == "未定：“评议”的甲组有评分不在 0 至 100 分之内；请核对。"
    assert rated("skip", [100, 60, 80], drop_highest=1, drop_lowest=1) == "甲组 80÷满分 100×10 = 8"
    assert rated("skip", [100, 60], drop_highest=1, drop_lowest=1) == (
        "未定：“评议”的甲组有效评分不足，无法求平均。"
    )


@pytest.mark.parametrize(
    ("choice", "line"),
    [
        ({"points": 3, "by": "考核组", "reason": "主动配合"}, "酌定（考核组：主动配合） 3"),
        ({"points": 9, "by": "考核组", "reason": "x"}, "未定：“酌定”酌定 9 分，不在 0 至 5 分之内；请核对。"),
        (None, "未定：“酌定”由人在 0 至 5 分之间酌定，尚未录入。"),
    ],
)
def test_choice_carries_author_and_reason_and_stays_in_its_range(
    choice: dict[str, Any] | None, line: str
) -> None:
    rule = {"kind": "choice", "choice": "c", "title": "酌定", "from": 0, "to": 5}
    choices = {"c": choice} if choice else {}
    found = tried({"indicators": [item(rule, [])]}, {"subjects": [{"code": "u", "choices": choices}]})
    assert outcome(found.sheets[0].items[0]) == line


def test_targets_of_periods_are_given_or_equal_parts() -> None:
    rule = {"kind": "ratio_times_points", "of": "done", "target": "goal", "timing": "Q1", "points": 10}
    for periods, targets, line in (
        ("given", {"goal": {"year": 100, "Q1": 20}}, "15÷20×10 = 7.5"),
        ("given", {"goal": 100}, "未定：未下达目标“任务”的第一季度目标，本项无法计算；请先录入。"),
        ("equal", {"goal": 100}, "15÷25×10 = 6"),
    ):
        scheme = {
            "targets": {"goal": {"title": "任务", "periods": periods}},
            "indicators": [item(rule, ["done"])],
        }
        subject = {"code": "u", "targets": targets, "measures": {"item": {"done": 15}}}
        assert outcome(tried(scheme, {"subjects": [subject]}).sheets[0].items[0]) == line


@pytest.mark.parametrize(
    ("timing", "line"),
    [
        ("annual", "15÷120×10 = 1.25"),
        ("elapsed", "15÷(120×时序 50%)×10 = 2.5"),
        ("Q1", "15÷30×10 = 5"),
        ("Q2", "未定：未下达目标“任务”的第二季度加压目标，本项无法计算；请先录入。"),
        ("M01", "未定：目标“任务”的1 月加压目标为 0，完成率无意义；请核对。"),
    ],
)
def test_a_stretch_target_is_never_taken_from_the_base(timing: str, line: str) -> None:
    rule = {"kind": "ratio_times_points", "of": "done", "target": "goal", "points": 10}
    scheme = {
        "targets": {"goal": {"title": "任务"}},
        "indicators": [item({**rule, "timing": timing, "level": "stretch"}, ["done"])],
    }
    goals = {"year": 100, "Q2": 25, "stretch": {"year": 120, "Q1": 30, "M01": 0}}
    subject = {"code": "u", "targets": {"goal": goals}, "measures": {"item": {"done": 15}}}
    facts = {"elapsed": "50%", "subjects": [subject]}
    assert outcome(tried(scheme, facts).sheets[0].items[0]) == line


def counted(measure: dict[str, Any], facts: list[dict[str, Any]], **scheme: Any) -> tuple[Sheet, list[str]]:
    whole = {"title": "度量", "facts": ["event"], "aggregate": "count", **measure}
    indicator = {
        "code": "item",
        "title": "指标",
        "measures": {"m": whole},
        "rule": {"kind": "amount", "of": "m"},
    }
    rates = scheme.pop("rates", {})
    document = {
        "subjects": [{"code": "u"}],
        "facts": [{"id": str(index), "kind": "event", **entry} for index, entry in enumerate(facts)],
        "credits": [{"fact": str(index), "subject": "u"} for index in range(len(facts))],
        "rates": rates,
    }
    found = tried({"indicators": [indicator], **scheme}, document)
    excluded = as_document(found)["sheets"][0]["items"][0]["excluded"]
    return found.sheets[0], [entry["reason"] for entry in excluded]


def test_occurrences_are_capped_per_quarter() -> None:
    days = ["2026-01-05", "2026-02-05", "2026-04-05"]
    sheet, reasons = counted({"at_most": {"each": "quarter", "count": 1}}, [{"on": day} for day in days])
    assert (sheet.total, reasons) == (2, ["每季度最多计 1 次。"])


def test_measure_of_the_first_half_year() -> None:
    sheet, reasons = counted({"period": "H1"}, [{"on": "2026-06-30"}, {"on": "2026-07-01"}])
    assert (sheet.total, reasons) == (1, ["不在 2026-01-01 至 2026-06-30 之内。"])


def test_a_measure_counts_its_schemes_year_unless_it_asks_for_days_before() -> None:
    facts = [{"on": day} for day in ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01")]
    since = {"where": [{"attribute": "on", "operator": "gte", "value": "2025-12-01"}]}

    of_year = counted({}, facts)
    assert (of_year[0].total, of_year[1]) == (
        2,
        ["发生在 2025 年，本项只计 2026 年的。", "发生在 2027 年，本项只计 2026 年的。"],
    )
    assert counted({"period": "year"}, facts)[0].total == 2
    assert counted({"period": "last_year"}, facts)[0].total == 1
    assert counted(since, facts)[0].total == 3


LISTS = {
    "global500": {
        "title": "世界500强",
        "versions": {
            "2025": {"from": "2025-08-01", "members": ["甲公司"]},
            "2026": {"from": "2026-08-01", "members": ["乙公司"]},
        },
    }
}


@pytest.mark.parametrize(("version", "total"), [("2025", 1), ("2026", 1), (None, 2)])
def test_list_is_of_a_version_or_of_the_day(version: str | None, total: int) -> None:
    condition = {"attribute": "investor", "operator": "on_list", "list": "global500"}
    condition |= {"version": version} if version else {}
    facts = [
        {"on": "2026-03-01", "attributes": {"investor": "甲公司"}},
        {"on": "2026-09-01", "attributes": {"investor": "乙公司"}},
        {"on": "2026-09-02", "attributes": {"investor": "丙公司"}},
    ]
    assert counted({"where": [condition]}, facts, lists=LISTS)[0].total == total


def test_rate_is_fixed_or_of_the_day_of_arrival() -> None:
    measure = {"aggregate": "sum", "unit": "万元"}
    facts = [{"on": "2026-03-05", "amount": 10000, "currency": "USD"}, {"on": "2026-03-05", "amount": 10000}]
    fixed = {"rate": "fixed", "fixed": {"USD": 7.2}}
    assert counted(measure, facts, exchange=fixed)[0].total == Decimal("8.2")
    rates = {"USD": {"2026-03-01": 7.1, "2026-03-06": 7.5}}
    assert counted(measure, facts, exchange={"rate": "day"}, rates=rates)[0].total == Decimal("8.1")
    with pytest.raises(InvalidDocument, match="没有“USD”在 2026-03-05 或以前的汇率"):
        counted(measure, facts, exchange={"rate": "day"}, rates={"USD": {"2026-03-06": 7.5}})
    with pytest.raises(InvalidDocument, match="细则没有写汇率"):
        counted(measure, facts)


GATED: dict[str, Any] = {
    "groups": {"units": {"title": "单位", "subjects": ["unit"]}},
    "grades": [{"title": "优秀", "first": 1}, {"title": "良好", "from": 80}, {"title": "合格"}],
    "indicators": [item(AMOUNT, ["done"])],
    "awards": [{"code": "prize", "title": "先进单位", "group": "units", "first": 1}],
    "gates": [
        {
            "code": "veto",
            "title": "外资任务未完成",
            "measures": {"rate": {"title": "完成率", "unit": "%"}},
            "if": {"of": "rate", "operator": "lt", "than": 1},
            "bars": "all",
            "grade": {"at_most": "合格"},
            "card": "黄牌",
        }
    ],
}


def gated(rate: Any, scheme: dict[str, Any] = GATED) -> dict[str, Any]:
    subjects = [
        {"code": "a", "kind": "unit", "measures": {"item": {"done": 96}, "veto": {"rate": rate}}},
        {"code": "b", "kind": "unit", "measures": {"item": {"done": 85}, "veto": {"rate": 1}}},
    ]
    if rate is None:
        del subjects[0]["measures"]["veto"]  # type: ignore[attr-defined]
    return as_document(tried(scheme, {"subjects": subjects}))


@pytest.mark.parametrize(
    ("rate", "move", "grades"),
    [
        (0.8, {"down": 1}, ["良好", "良好"]),
        (0.8, {"down": 9}, ["合格", "良好"]),
        (0.8, {"up": 1}, ["优秀", "良好"]),
        (0.8, {"at_most": "良好"}, ["良好", "良好"]),
        (1, {"down": 1}, ["优秀", "良好"]),
    ],
)
def test_a_gate_moves_the_grade_of_those_it_holds_for(
    rate: float, move: dict[str, Any], grades: list[str]
) -> None:
    scheme = {**GATED, "gates": [{**GATED["gates"][0], "grade": move}]}

    assert [one["grade"] for one in gated(rate, scheme)["outcomes"]] == grades


def test_ninety_six_points_and_barred_is_a_legal_result() -> None:
    found = gated(0.8)
    own = found["outcomes"][0]
    assert (found["sheets"][0]["total"], own["eligible"], own["grade"], own["cards"]) == (
        "96",
        False,
        "合格",
        ["黄牌"],
    )
    assert found["awards"][0]["status"] == "passed_over"
    assert found["awards"][0]["reason"].endswith(
        "不得评奖：“外资任务未完成”成立：取消全部评奖资格，黄牌，等次最高为合格。"
    )
    assert found["outcomes"][1]["grade"] == "良好"


def test_gate_that_cannot_be_judged_leaves_eligibility_and_grade_open() -> None:
    found = gated(None)
    own = found["outcomes"][0]
    assert (own["eligible"], own["grade"]) == (None, "")
    assert own["reasons"] == ["“外资任务未完成”未定：缺少“完成率”的数据，本项无法计算；请补录。"]
    assert found["awards"][0]["status"] == "undecided"


def test_or_decides_although_another_figure_is_missing() -> None:
    either = {
        "any": [
            {"of": "known", "operator": "gte", "than": 1},
            {"of": "missing", "operator": "gte", "than": 1},
        ]
    }
    rule = {"kind": "when", "if": either, "part": {"kind": "fixed", "points": 1}, "otherwise": 0}
    scheme = {"indicators": [item(rule, ["known", "missing"])]}
    for value, line in ((1, "1"), (0, "未定：缺少“missing”的数据，本项无法计算；请补录。")):
        found = tried(scheme, {"subjects": [{"code": "u", "measures": {"item": {"known": value}}}]})
        assert outcome(found.sheets[0].items[0]) == line
