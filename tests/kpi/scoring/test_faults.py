"""What a scheme may not say, each with its path and a plain sentence; and no document, however mangled, breaks the reader."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.scoring.document import parse_scheme
from kpi.scoring.entries import InvalidDocument, SchemeError
from kpi.scoring.facts_document import parse_facts
from kpi.scoring.reading import read
from kpi.scoring.trial import as_document, try_out
from tests.kpi.scoring.examples import scheme_of
from tests.kpi.scoring.worked import document, examples

AMOUNT = {"kind": "amount", "of": "done"}
FIXED = {"kind": "fixed", "points": 1}


def refused(source: Any) -> list[str]:
    with pytest.raises(InvalidDocument) as caught:
        parse_scheme(source)
    return [str(error) for error in caught.value.errors]


def with_measures(measures: dict[str, Any]) -> dict[str, Any]:
    found = scheme_of({"kind": "amount", "of": "a"})
    found["indicators"][0]["measures"] = measures
    return found


RULES: list[tuple[dict[str, Any], str]] = [
    ({"kind": "gone"}, "rule.kind：“gone”不能用在这里，可写："),
    (
        {"kind": "weighted", "parts": [{"weight": "60%", "rule": FIXED}, {"weight": "30%", "rule": FIXED}]},
        "rule.parts：权重合计为 90%，应为 100%。",
    ),
    (
        {
            "kind": "choose",
            "value": AMOUNT,
            "cases": [{"title": "低", "to": 5, "rule": FIXED}, {"title": "高", "from": 6, "rule": FIXED}],
        },
        "rule.cases[1]：“低”与“高”之间有空档（5 至 6），落在其中的不属于任何一档。",
    ),
    (
        {
            "kind": "brackets",
            "of": "done",
            "method": "marginal",
            "brackets": [{"to": 5, "rate": 1}, {"from": 4, "rate": 2}],
        },
        "rule.brackets[1]：与前一段重叠，同一数值会落在两段。",
    ),
    (
        {
            "kind": "rank_bands",
            "part": AMOUNT,
            "bands": [{"from": 1, "to": 3, "points": 7}, {"from": 5, "to": 6, "points": 3}],
        },
        "rule.bands[1]：第 4—4 名不属于任何一段。",
    ),
    (
        {"kind": "per_project", "part": {"kind": "rank", "part": AMOUNT}},
        "rule.part：单项目计分卡里不能写相对计分：请把相对计分写在计分卡外层。",
    ),
    (
        {"kind": "power_coefficient", "part": AMOUNT, "bottom": 100, "top": 60},
        "rule.bottom：下限 100 不能大于上限 60，请核对。",
    ),
    (
        {"kind": "limited", "part": AMOUNT, "cap": 3, "floor": 5},
        "rule.floor：下限 5 不能大于上限 3，请核对。",
    ),
    (
        {
            "kind": "phases",
            "part": AMOUNT,
            "phases": [
                {"title": name, "share": "60%", "if": {"of": "done", "operator": "gt", "than": 0}}
                for name in "甲乙"
            ],
        },
        "rule.phases：各阶段比例合计 120%，不能超过 100%。",
    ),
    (
        {
            "kind": "rating",
            "rating": "r",
            "panels": [{"panel": "p", "expected": 2, "drop_highest": 1, "drop_lowest": 1}],
            "missing": "skip",
            "scale": 10,
            "points": 10,
        },
        "rule.panels[0]：去掉 2 个极端分后，2 份评分没有剩余。",
    ),
    ({"kind": "by_category", "cases": {"x": FIXED}}, "rule.cases.x：没有类别“x”，categories 中有：（无）。"),
    ({"kind": "item", "item": "gone"}, "rule.item：没有代码为“gone”的指标。"),
    (
        {"kind": "item", "item": "total"},
        "rule.item：没有代码为“total”的指标。总分（total）只能用在 gates 中。",
    ),
    ({"kind": "item", "item": "item"}, "：指标互相引用，成了一个圈：“示例指标”→“示例指标”。"),
    ({**AMOUNT, "growth": True}, "rule.growth：增长率（growth）要写基数 base。"),
    (
        {"kind": "when", "if": {"of": "gone", "operator": "gt", "than": 0}, "part": FIXED},
        "没有度量“gone”，本指标的 measures 有：",
    ),
]


@pytest.mark.parametrize(("rule", "error"), RULES)
def test_faulty_rule_is_refused_with_its_path(rule: dict[str, Any], error: str) -> None:
    found = refused(scheme_of(rule))
    assert len(found) == 1
    assert error in found[0]


def test_line_of_a_fault_deep_inside_is_named() -> None:
    text = yaml.safe_dump(scheme_of({"kind": "sum", "parts": [FIXED, RULES[7][0]]}), allow_unicode=True)
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "floor: 5" in row)
    assert refused(text) == [
        f"第 {line} 行 indicators[0].rule.parts[1].floor：下限 5 不能大于上限 3，请核对。"
    ]


def test_measures_may_not_refer_to_each_other_in_a_circle() -> None:
    a = {"title": "甲", "computed": {"kind": "amount", "of": "b"}}
    b = {"title": "乙", "computed": {"kind": "amount", "of": "a"}}
    assert refused(with_measures({"a": a, "b": b})) == [
        "indicators[0].measures.a：度量互相引用，成了一个圈：“甲”→“乙”→“甲”。"
    ]


def test_measure_is_counted_or_computed_and_its_filters_are_whole() -> None:
    both = {"title": "甲", "facts": ["signed"], "aggregate": "count", "computed": FIXED}
    assert refused(with_measures({"a": both})) == [
        "indicators[0].measures.a.computed：按公式计算的度量不能再写 facts、aggregate。"
    ]
    where = [
        {"attribute": "level", "operator": "eq"},
        {"attribute": "investor", "operator": "on_list", "list": "gone"},
    ]
    assert refused(
        with_measures({"a": {"title": "甲", "facts": ["signed"], "aggregate": "count", "where": where}})
    ) == [
        "indicators[0].measures.a.where[0]：条件 eq 要写 value。",
        "indicators[0].measures.a.where[1].list：没有名单“gone”，请在 lists 中写明。",
    ]


def test_sections_and_categories_must_be_whole() -> None:
    sections = {"s": {"title": "一", "weight": "80%"}, "t": {"title": "二", "weight": "10%"}}
    categories = {"when_changed": "as_of", "kinds": {"x": "甲类", "y": "乙类"}}
    base = scheme_of(FIXED, section="s", weight={"x": "50%", "z": "50%"})
    assert refused({**base, "sections": sections, "categories": categories}) == [
        "indicators[0].weight.z：没有类别“z”，categories 中有：x、y。",
        "indicators[0].weight：没有写“乙类”的权重；不适用的请写 0。",
        "sections：各分项权重合计为 90%，应为 100%。",
        "sections.s：分项“一”（甲类）内各指标权重合计 50%，应为 100%。",
        "sections.s：分项“一”（乙类）内各指标权重合计 0%，应为 100%。",
        "sections.t：分项“二”下没有指标，永远不会得分。",
    ]


def test_grades_and_gates_must_have_a_meaning() -> None:
    gates = [
        {"code": "item", "title": "甲", "if": {"value": FIXED, "operator": "gt", "than": 0}},
        {
            "code": "g",
            "title": "乙",
            "if": {"value": FIXED, "operator": "gt", "than": 0},
            "bars": ["gone"],
            "grade": {"set": "特等"},
        },
    ]
    grades = [{"title": "优", "from": 80}, {"title": "良", "from": 90}, {"title": "良"}]
    assert refused({**scheme_of(FIXED), "gates": gates, "grades": grades}) == [
        "grades[2].title：等次“良”重复。",
        "grades[1].from：等次从高到低写：这一档的起点不低于上一档，永远无人。",
        "gates[0].code：门槛代码“item”与指标代码重复。",
        "gates[0]：这个门槛没有写后果：请写 bars、card 或 grade。",
        "gates[1].bars[0]：没有代码为“gone”的奖项。",
        "gates[1].grade：没有等次“特等”。",
    ]


@pytest.mark.parametrize(
    ("rule", "indicator", "warning"),
    [
        (
            {"kind": "times", "part": AMOUNT, "factor": 0},
            {},
            "indicators[0].rule：“示例指标”按这条规则永远得不到分，请核对。",
        ),
        (
            {"kind": "sum", "parts": [FIXED, {"kind": "limited", "part": AMOUNT, "cap": 14, "floor": 0}]},
            {"full_marks": 10},
            "indicators[0].rule：满分 10 分，规则却可得 15 分。",
        ),
        (
            {"kind": "count_times_points", "terms": [{"of": "done", "each": 1, "cap": 4}]},
            {"full_marks": 10},
            "indicators[0].full_marks：满分 10 分，规则最多只能得 4 分。",
        ),
        (
            {"kind": "rank_bands", "part": AMOUNT, "bands": [{"from": 1, "to": 3, "points": 12}]},
            {"full_marks": 10},
            "indicators[0].rule：满分 10 分，规则却可得 12 分。",
        ),
        (
            {"kind": "per_step", "of": "done", "step": 1, "points": 1, "steps": "whole", "cap": 15},
            {"full_marks": 10},
            "indicators[0].rule.points：满分 10 分，规则却可得 15 分。",
        ),
    ],
)
def test_what_looks_mistaken_is_a_warning(
    rule: dict[str, Any], indicator: dict[str, Any], warning: str
) -> None:
    assert parse_scheme(scheme_of(rule, **indicator)).warnings == (warning,)


def test_what_looks_mistaken_is_said_with_its_line() -> None:
    text = yaml.safe_dump(scheme_of({"kind": "times", "part": AMOUNT, "factor": 0}), allow_unicode=True)
    line = next(number for number, row in enumerate(text.splitlines(), 1) if row.strip() == "rule:")
    assert parse_scheme(text).warnings == (
        f"第 {line} 行 indicators[0].rule：“示例指标”按这条规则永远得不到分，请核对。",
    )


CASES = Path(__file__).parent / "cases"
WHOLE: list[tuple[Any, Any]] = [
    *(
        (
            read((case / "scheme.yaml").read_text("utf-8")).value,
            json.loads((case / "facts.json").read_text("utf-8")),
        )
        for case in sorted(CASES.iterdir())
    ),
    *(
        (
            document(example.entries),
            {"subjects": [{"code": "own", "measures": {"item": example.entries["given"]}}]},
        )
        for example in examples()
    ),
]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**60), 10**60),
    st.sampled_from(
        ["", "50%", "all", "done", "item", "total", "1e9", "2026-13-01", "工", [], {}, [{}], {"kind": "sum"}]
    ),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        return found + [place for key, below in value.items() for place in places(below, (*path, key))]
    if isinstance(value, list):
        return found + [place for index, below in enumerate(value) for place in places(below, (*path, index))]
    return found


@st.composite
def mangled(draw: st.DrawFn, whole: Any) -> Any:
    """A document with one to three entries replaced, removed, renamed, or swapped for another part of it."""
    found = copy.deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        known = places(found)
        if not known:
            break
        *above, last = draw(st.sampled_from(known))
        holder = found
        for key in above:
            holder = holder[key]
        match draw(st.sampled_from(["replace", "remove", "rename", "swap"])):
            case "replace":
                # A copy: a later turn may change what it holds, and the next example draws from the same list.
                holder[last] = copy.deepcopy(draw(JUNK))
            case "remove":
                del holder[last]
            case "rename" if isinstance(holder, dict):
                holder[draw(st.sampled_from(["gone", "of", "kind", "points", "part"]))] = holder.pop(last)
            case _:
                other: Any = found
                for key in draw(st.sampled_from(known)):
                    if not isinstance(other, dict | list) or (isinstance(other, dict) and key not in other):
                        break
                    if isinstance(other, list) and (not isinstance(key, int) or key >= len(other)):
                        break
                    other = other[key]
                holder[last] = copy.deepcopy(other)
    return found


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_mangled_documents_are_refused_or_computed_and_never_break(data: st.DataObject) -> None:
    scheme, facts = data.draw(st.sampled_from(WHOLE))
    errors: tuple[SchemeError, ...] = ()
    try:
        parsed = parse_scheme(data.draw(mangled(scheme)) if data.draw(st.booleans()) else scheme)
        read_facts = parse_facts(data.draw(mangled(facts)) if data.draw(st.booleans()) else facts, parsed)
        json.dumps(as_document(try_out(parsed, read_facts)))
    except InvalidDocument as invalid:
        errors = invalid.errors
    assert all(error.message.endswith(("。", "？")) for error in errors)
