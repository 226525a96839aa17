"""Each kind of rule on chosen figures: points, and the line that explains them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kpi.scoring.document import parse_scheme
from kpi.scoring.evaluate import elapsed_part, evaluate
from kpi.scoring.facts import MeasureValue
from kpi.scoring.results import Item, Subject
from kpi.scoring.rounding import settled
from tests.kpi.scoring.examples import scheme_of, value

OVER: dict[str, Any] = {"kind": "over_fulfilment", "of": "done", "target": "goal", "points": 40}
RATIO: dict[str, Any] = {"kind": "ratio_times_points", "of": "done", "target": "goal", "points": 20}


def scored(
    rule: dict[str, Any],
    goal: str | None = "10",
    elapsed: str = "1",
    *,
    sizes: dict[str, str] | None = None,
    **done: str,
) -> Item:
    indicator = {key: done.pop(key) for key in ("cap", "full_marks", "floor") if key in done}
    numbers = {key: Decimal(text) if key != "cap" else text for key, text in indicator.items()}
    scheme = parse_scheme(scheme_of(rule, **numbers))
    measures = {code: value(text) for code, text in done.items()}
    if sizes is not None:
        bands = {code: Decimal(text) for code, text in sizes.items()}
        measures["sizes"] = MeasureValue(sum(bands.values(), Decimal(0)), bands)
    targets = {"goal": None if goal is None else Decimal(goal)}
    sheet = evaluate(scheme, Subject("zhou", "officer"), {"item": measures}, targets, Decimal(elapsed))
    return sheet.items[0]


def test_ratio_is_held_to_full_marks_only_when_the_item_says_so() -> None:
    capped = scored(RATIO, done="13", full_marks="20", cap="full_marks")
    free = scored(RATIO, done="13", full_marks="20", cap="none")
    assert (capped.points, capped.explanation) == (Decimal(20), "13÷10×20 = 26 → 封顶 20")
    assert (free.points, free.explanation) == (Decimal(26), "13÷10×20 = 26")


def test_ratio_itself_can_be_capped_before_it_is_multiplied() -> None:
    assert scored({**RATIO, "cap_ratio": 1}, done="13").explanation == "(13÷10 = 1.3 → 封顶 1)×20 = 20"


def test_time_proportional_target_divides_by_the_elapsed_part() -> None:
    item = scored({**RATIO, "timing": "elapsed"}, elapsed="0.5", done="5")
    assert (item.points, item.explanation) == (Decimal(20), "5÷(10×时序 50%)×20 = 20")


@pytest.mark.parametrize(
    ("goal", "elapsed", "sentence"),
    [
        (None, "1", "未下达目标“目标任务”，本项无法计算；请先录入目标。"),
        ("0", "1", "目标“目标任务”为 0，完成率无意义；请核对目标或改为不适用。"),
        ("10", "0", "年度刚开始，目标“目标任务”的时序进度为 0，本项暂无法计算。"),
    ],
)
def test_missing_or_zero_target_leaves_the_item_undecided(
    goal: str | None, elapsed: str, sentence: str
) -> None:
    item = scored({**RATIO, "timing": "elapsed"}, goal, elapsed, done="5")
    assert (item.status, item.points, item.undecided_reason) == ("undecided", None, sentence)


def test_missing_measure_leaves_the_item_undecided() -> None:
    item = scored(RATIO)
    assert (item.status, item.undecided_reason) == ("undecided", "缺少“完成”的数据，本项无法计算；请补录。")


def test_structure_ratio_over_nothing_is_undecided() -> None:
    rule = {"kind": "ratio_times_points", "of": "done", "base": "base", "points": 20}
    assert scored(rule, done="3", base="5").points == Decimal(12)
    assert scored(rule, done="0", base="0").status == "undecided"


@pytest.mark.parametrize(
    ("steps", "done", "points"),
    [("whole", "11.9", "43"), ("pro_rata", "11.9", "45.7"), ("whole", "10", "40"), ("whole", "30", "50")],
)
def test_over_fulfilment_counts_whole_or_part_steps_up_to_its_cap(steps: str, done: str, points: str) -> None:
    bonus = {"step": "10%", "points": 3, "steps": steps, "cap": 10}
    assert scored({**OVER, "bonus": bonus, "shortfall": "zero"}, done=done).points == Decimal(points)


@pytest.mark.parametrize(
    ("shortfall", "points"),
    [("proportional", "32"), ("zero", "0"), ({"step": "5%", "points": 1, "steps": "whole"}, "36")],
)
def test_shortfall_has_a_rule_of_its_own(shortfall: Any, points: str) -> None:
    rule = {**OVER, "bonus": {"step": "10%", "points": 3, "steps": "whole"}, "shortfall": shortfall}
    assert scored(rule, done="8").points == Decimal(points)


def test_whole_steps_are_shown() -> None:
    bonus = {"step": "10%", "points": 3, "steps": "whole"}
    item = scored({**OVER, "bonus": bonus, "shortfall": "zero"}, done="11.9")
    assert item.explanation == "40 + ((11.9÷10 − 100%)÷10% = 1.9 → 取整 1)×3 = 43"


def test_counts_are_capped_by_points_and_by_occurrences() -> None:
    terms = [{"of": "done", "each": 0.5, "cap": 3}, {"of": "events", "each": 2, "at_most": 4}]
    item = scored({"kind": "count_times_points", "base": 1, "terms": terms}, done="8", events="9")
    assert item.points == Decimal(12)
    assert item.explanation == "基本分 1 + (完成 8×0.5 = 4 → 封顶 3) + (事件 9 → 封顶 4)×2 = 12"


def test_only_what_lies_beyond_the_target_counts() -> None:
    terms = [{"of": "done", "each": 2, "beyond": "goal"}]
    assert scored({"kind": "count_times_points", "terms": terms}, done="13").points == Decimal(6)
    assert scored({"kind": "count_times_points", "terms": terms}, done="7").points == Decimal(0)


def test_bands_of_size_score_by_share() -> None:
    rule = {"kind": "tiers", "of": "sizes", "points": {"low": 3, "middle": 6, "high": 18}}
    item = scored(rule, sizes={"low": "1.5", "high": "0.5"})
    assert (item.points, item.explanation) == (Decimal("13.5"), "1—5 亿元 1.5×3 + 10 亿元以上 0.5×18 = 13.5")


def test_surplus_in_one_band_does_not_offset_a_gap_in_another() -> None:
    terms = [
        {"of": "sizes", "band": "low", "target": "goal", "each": 0.1},
        {"of": "sizes", "band": "high", "target": "goal", "each": 0.1},
    ]
    rule = {"kind": "points_minus_per_shortfall", "points": 0.5, "terms": terms}
    item = scored(rule, "7", sizes={"low": "9", "high": "6"})
    assert (item.points, item.explanation) == (Decimal("0.4"), "0.5 − (10 亿元以上目标 7 − 完成 6)×0.1 = 0.4")


def test_deductions_stop_at_the_floor() -> None:
    rule = {"kind": "points_minus_per_event", "points": 5, "terms": [{"of": "events", "each": 2}]}
    held, free = scored(rule, events="4", floor="0"), scored(rule, events="4")
    assert (held.points, held.explanation) == (Decimal(0), "5 − 事件 4×2 = -3 → 保底 0")
    assert free.points == Decimal(-3)


def test_deductions_from_another_rule_are_limited() -> None:
    part = {"kind": "count_times_points", "terms": [{"of": "done", "each": 2}]}
    rule = {"kind": "points_minus_per_event", "part": part, "terms": [{"of": "events", "each": 2}], "most": 3}
    item = scored(rule, done="4", events="9")
    assert (item.points, item.explanation) == (Decimal(5), "完成 4×2 − (事件 9×2 = 18 → 封顶 3) = 5")


def test_deductions_beyond_a_target_that_is_missing_are_undecided_even_without_events() -> None:
    terms = [{"of": "events", "each": 2, "beyond": "goal"}]
    rule = {"kind": "points_minus_per_event", "points": 5, "terms": terms}
    assert scored(rule, None, events="0").status == "undecided"
    assert scored(rule, "3", events="5").points == Decimal(1)


def test_a_ratio_that_is_one_but_for_repeating_thirds_is_fulfilled() -> None:
    """2 ÷ 3 ÷ (2 ÷ 3) is a whole, and not a shortfall that scores nothing."""
    rule = {**OVER, "shortfall": "zero", "bonus": {"step": "1%", "points": 1, "steps": "whole"}}
    assert scored(
        rule,
        "0.66666666666666666666666666666666666666666666666667",
        done="0.66666666666666666666666666666666666666666666666666",
    ).points == Decimal(40)


@pytest.mark.parametrize(("done", "points"), [("4.99", "0"), ("5", "50"), ("8", "75"), ("10", "100")])
def test_bands_of_completion_include_their_start(done: str, points: str) -> None:
    bands = [
        {"title": "50% 以下", "to": "50%", "points": 0},
        {"title": "50%—80%", "from": "50%", "to": "80%", "points": 50},
        {"title": "80%—100%", "from": "80%", "to": "100%", "points": 75},
        {"title": "100% 以上", "from": "100%", "points": 100},
    ]
    assert scored(
        {"kind": "bands", "of": "done", "target": "goal", "bands": bands}, done=done
    ).points == Decimal(points)


def test_value_outside_all_bands_is_undecided() -> None:
    bands = [{"title": "5 以上", "from": 5, "points": 10}]
    assert scored({"kind": "bands", "of": "done", "bands": bands}, done="4").status == "undecided"
    assert (
        scored({"kind": "bands", "of": "done", "bands": bands}, done="5").explanation
        == "完成 5 → 属“5 以上” 10"
    )


def test_parts_are_added_multiplied_limited_and_compared() -> None:
    fixed = {"kind": "fixed", "points": 4}
    count = {"kind": "count_times_points", "terms": [{"of": "done", "each": 1}]}
    limited = {"kind": "limited", "part": count, "cap": 6}
    assert scored({"kind": "sum", "parts": [fixed, limited]}, done="9").points == Decimal(10)
    assert scored({"kind": "times", "part": limited, "factor": "25%"}, done="9").points == Decimal("1.5")
    assert scored({"kind": "highest", "parts": [fixed, limited]}, done="9").explanation == (
        "取高者：4；完成 9×1 = 9 → 封顶 6 = 6"
    )


@pytest.mark.parametrize(
    ("mode", "points"), [("half_up", "0.13"), ("half_even", "0.12"), ("up", "0.13"), ("down", "0.12")]
)
def test_rounding_is_the_schemes_choice(mode: str, points: str) -> None:
    document = scheme_of({"kind": "ratio_times_points", "of": "done", "points": 1})
    scheme = parse_scheme({**document, "rounding": {"digits": 2, "mode": mode}})
    sheet = evaluate(scheme, Subject("zhou", "officer"), {"item": {"done": value("0.125")}}, {}, Decimal(1))
    assert (sheet.items[0].points, sheet.exact_total) == (Decimal(points), Decimal("0.125"))


def test_elapsed_part_counts_the_day_itself() -> None:
    assert elapsed_part(2026, date(2025, 12, 31)) == 0
    assert elapsed_part(2026, date(2026, 3, 14)) == Decimal("0.2")
    assert elapsed_part(2026, date(2026, 12, 31)) == 1
    assert elapsed_part(2026, date(2027, 5, 1)) == 1


@pytest.mark.parametrize(
    ("day", "months"),
    [
        (date(2025, 11, 30), 0),
        (date(2026, 1, 30), 0),
        (date(2026, 1, 31), 1),
        (date(2026, 3, 30), 2),
        (date(2026, 3, 31), 3),
        (date(2026, 12, 30), 11),
        (date(2026, 12, 31), 12),
        (date(2027, 5, 1), 12),
    ],
)
def test_elapsed_part_by_months_counts_those_that_are_over(day: date, months: int) -> None:
    assert elapsed_part(2026, day, "months") * 12 == pytest.approx(Decimal(months), abs=Decimal("1e-20"))


def test_noise_is_what_lies_beyond_thirty_digits() -> None:
    thirty, more = Decimal("0." + "9" * 30), Decimal("0." + "9" * 31)
    assert settled(thirty) == thirty != 1
    assert settled(more) == 1
