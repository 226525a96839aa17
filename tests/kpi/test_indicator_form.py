"""The form of an indicator writes what a scheme says, and what it has no field for is never lost."""

from copy import deepcopy
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation

from kpi.forms import indicator as forms
from kpi.forms.indicator import SHAPES, Setting
from kpi.queries.scheme import library_text
from kpi.queries.words import indicator_words
from kpi.scoring.document import parse_scheme
from kpi.scoring.editing import indicator_entry
from kpi.scoring.reading import read
from kpi.scoring.writing import rewritten

DEFAULT = library_text("high-tech-zone-2026.yaml")
KINDS = {
    "signing": "tiers",
    "foreign_capital": "ratio",
    "wins": "count",
    "contribution": "mean",
    "landing": "mixed",
}
HEAD = {"title": "新指标", "full_marks": "10", "cap": "full_marks", "floor": "0"}
FACTS = {"facts": ["signed"], "money_unit": "亿元", "unit": "个", "share": "points", "once": "no"}


def setting(text: str = DEFAULT) -> Setting:
    return Setting(parse_scheme(text, draft=True), read(text).value)


def data_of(sent: dict[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in sent.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def written(kind: str, sent: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A new indicator of the kind from what was typed, and the whole document with it, checked."""
    around = setting()
    began = forms.begun(around, kind)
    proposal = forms.sent(around, data_of({**HEAD, "kind": kind, "began": began.began, **sent}))
    assert proposal.is_valid, proposal.editor and proposal.editor.summary()
    parse_scheme(proposal.document, draft=True)
    return proposal.sent, proposal.document


def opened(entry: dict[str, Any], around: Setting | None = None) -> tuple[str, QueryDict]:
    """The form that shows the entry, and what it sends back untouched."""
    found = forms.editor_of(around or setting(), entry)
    assert found is not None
    data = found.as_data()
    data["kind"] = found.shape.name
    return found.shape.name, data


@pytest.mark.parametrize("code", KINDS)
def test_every_indicator_of_the_default_scheme_has_a_form_that_changes_nothing_by_itself(code: str) -> None:
    around = setting()
    proposal = forms.shown(around, indicator_entry(around.document, code), code)
    assert proposal.editor is not None
    data = proposal.editor.as_data()
    data["kind"], data["began"] = proposal.kind, proposal.began

    sent = forms.sent(around, data, code)

    assert (proposal.kind, sent.is_valid) == (KINDS[code], True)
    assert rewritten(DEFAULT, sent.document) == DEFAULT


def test_one_changed_number_changes_one_line() -> None:
    around = setting()
    proposal = forms.shown(around, indicator_entry(around.document, "foreign_capital"), "foreign_capital")
    assert proposal.editor is not None
    data = proposal.editor.as_data()
    data["kind"], data["began"], data["points"] = proposal.kind, proposal.began, "24.5"

    after = rewritten(DEFAULT, forms.sent(around, data, "foreign_capital").document)

    changed = [line for line in after.splitlines() if line not in DEFAULT.splitlines()]
    assert changed == ["      points: 24.5"]


@pytest.mark.parametrize("kind", SHAPES)
def test_no_kind_has_two_fields_of_one_name(kind: str) -> None:
    editor = forms.begun(setting(), kind).editor
    assert editor is not None
    names = [bound.html_name for bound in editor.bound_fields()]

    assert sorted(set(names)) == sorted(names)
    assert not {"kind", "began", "seen", "who", "view", "add", "drop", "try", "text"} & set(names)


TYPED = {
    "ratio": (
        {**FACTS, "facts": ["paid_in"], "counting": "sum", "money_unit": "万美元", "share": "amount"}
        | {"target": "foreign_capital", "timing": "annual", "points": "10", "cap_ratio": "120"},
        {
            "kind": "ratio_times_points",
            "of": "counted",
            "target": "foreign_capital",
            "points": 10,
            "cap_ratio": "120%",
        },
    ),
    "reach": (
        {**FACTS, "counting": "count_projects", "target": "signing"}
        | {"bands-0-was": "0", "bands-0-high": "100%", "bands-0-points": "0"}
        | {"bands-1-was": "1", "bands-1-low": "100", "bands-1-points": "10"},
        {
            "kind": "bands",
            "of": "counted",
            "target": "signing",
            "bands": [
                {"to": "100%", "points": 0, "title": "100%以下"},
                {"from": "100%", "title": "100%以上", "points": 10},
            ],
        },
    ),
    "over": (
        {**FACTS, "counting": "count_projects", "target": "signing", "points": "10", "cap": "none"}
        | {"bonus_step": "10", "bonus_points": "1", "whole_steps": "on", "shortfall": "zero"},
        {
            "kind": "over_fulfilment",
            "of": "counted",
            "target": "signing",
            "points": 10,
            "bonus": {"step": "10%", "points": 1, "steps": "whole"},
            "shortfall": "zero",
        },
    ),
    "mean": (
        {"points": "10"}
        | {"ratios-0-counted": "sum:output", "ratios-0-target": "output", "ratios-0-weight": "60"}
        | {"ratios-1-counted": "sum:tax", "ratios-1-target": "tax", "ratios-1-weight": "40"},
        {
            "kind": "mean_of_ratios_times_points",
            "ratios": [
                {"of": "output", "target": "output", "weight": "60%"},
                {"of": "tax", "target": "tax", "weight": "40%"},
            ],
            "points": 10,
        },
    ),
    "shortfall": (
        {
            **FACTS,
            "counting": "count_projects",
            "target": "signing",
            "points": "10",
            "each": "2",
            "most": "6",
        },
        {
            "kind": "points_minus_per_shortfall",
            "terms": [{"of": "counted", "target": "signing", "each": 2}],
            "points": 10,
            "most": 6,
        },
    ),
    "tiers": (
        {
            **FACTS,
            "once": "highest",
            "bands-0-high": "5",
            "bands-0-points": "2",
            "bands-1-low": "5",
            "bands-1-points": "4.5",
        },
        {"kind": "tiers", "of": "counted", "points": {"band": 2, "band_2": read("4.5").value}},
    ),
    "count": (
        {"share": "points", "base": "1"}
        | {
            "plus-0-counted": "count:win",
            "plus-0-only": "level=national",
            "plus-0-each": "5",
            "plus-0-at_most": "2",
        }
        | {"plus-1-counted": "projects:started", "plus-1-each": "1"},
        {
            "kind": "count_times_points",
            "base": 1,
            "terms": [{"of": "win", "each": 5, "at_most": 2}, {"of": "started", "each": 1}],
        },
    ),
    "step": (
        {**FACTS, "facts": ["paid_in"], "counting": "sum", "money_unit": "万元", "share": "amount"}
        | {"step": "1,000", "points": "２", "ceiling": "20", "whole_steps": "on"},
        {"kind": "per_step", "of": "counted", "points": 2, "step": 1000, "cap": 20, "steps": "whole"},
    ),
    "bands": (
        {**FACTS, "facts": ["started"], "counting": "count_projects"}
        | {"bands-0-high": "3", "bands-0-points": "0", "bands-1-low": "3", "bands-1-points": "6"},
        {
            "kind": "bands",
            "of": "counted",
            "bands": [
                {"title": "3 个以下", "to": 3, "points": 0},
                {"title": "3 个以上", "from": 3, "points": 6},
            ],
        },
    ),
    "deduct": (
        {"share": "points", "base": "10", "most": "8"}
        | {"minus-0-counted": "count:incident", "minus-0-only": "reason=falsified", "minus-0-each": "5"},
        {"kind": "points_minus_per_event", "points": 10, "terms": [{"of": "incident", "each": 5}], "most": 8},
    ),
    "mixed": (
        {"share": "none"}
        | {"plus-0-counted": "projects:started", "plus-0-each": "1"}
        | {"minus-0-counted": "count:incident", "minus-0-each": "0.5"},
        {
            "kind": "points_minus_per_event",
            "part": {"kind": "count_times_points", "terms": [{"of": "started", "each": 1}]},
            "terms": [{"of": "incident", "each": read("0.5").value}],
        },
    ),
    "power": (
        {**FACTS, "counting": "count_projects", "top": "10", "bottom": "6", "first": "highest"},
        {"kind": "power_coefficient", "part": {"kind": "amount", "of": "counted"}, "top": 10, "bottom": 6},
    ),
    "place": (
        {**FACTS, "counting": "count_projects", "first": "highest", "otherwise": "0"}
        | {"bands-0-low": "1", "bands-0-high": "3", "bands-0-points": "7"},
        {
            "kind": "rank_bands",
            "part": {"kind": "amount", "of": "counted"},
            "bands": [{"from": 1, "to": 3, "points": 7}],
            "otherwise": 0,
        },
    ),
}


@pytest.mark.parametrize("kind", SHAPES)
def test_each_kind_writes_its_rule_and_opens_again_in_the_same_form(kind: str) -> None:
    typed, rule = TYPED[kind]

    entry, document = written(kind, typed)

    assert entry["rule"] == rule
    shown, _data = opened(entry, Setting(parse_scheme(document, draft=True), document))
    assert shown == kind


def test_a_tier_with_cap_and_gate_reads_in_words() -> None:
    entry, document = written(
        "tiers",
        {**TYPED["tiers"][0], "cap": "points", "cap_number": "8"}
        | {
            "gate": "need",
            "gate_of": "projects:started",
            "gate_operator": "gte",
            "gate_than": "1",
            "gate_points": "0",
        },
    )
    scheme = parse_scheme(document, draft=True)
    words = indicator_words(scheme, next(one for one in scheme.indicators if one.code == entry["code"]))

    assert words.limits == "封顶 8 分，最低 0 分"
    assert words.rule == "满足开工项目 ≥ 1的：5 亿元以下 每个 2 分；5 亿元以上 每个 4.5 分；否则：0 分"
    assert entry["rule"]["if"]["title"] == "开工项目不少于 1 个"
    assert entry["measures"]["gate"] == {
        "title": "开工项目",
        "facts": ["started"],
        "aggregate": "count_projects",
        "unit": "个",
        "share": "none",
    }


GATES = [
    (
        {"gate": "need", "gate_of": "own", "gate_operator": "gte", "gate_than": "2", "gate_points": ""},
        "签约不少于 2 个",
    ),
    (
        {
            "gate": "veto",
            "gate_of": "reason:falsified",
            "gate_operator": "gt",
            "gate_than": "0",
            "gate_points": "0",
        },
        "弄虚作假多于 0 次",
    ),
    (
        {"gate": "need", "gate_of": "ratio", "gate_operator": "gte", "gate_than": "60", "gate_points": "1"},
        "完成率不少于 60%",
    ),
    (
        {
            "gate": "need",
            "gate_of": "usd:paid_in",
            "gate_operator": "gte",
            "gate_than": "100",
            "gate_points": "0",
        },
        "外资到账合计（万美元）不少于 100 万美元",
    ),
]


@pytest.mark.parametrize(("gate", "title"), GATES)
def test_a_gate_opens_again_as_it_was_and_can_be_taken_off(gate: dict[str, str], title: str) -> None:
    plain, _document = written("ratio", {**TYPED["ratio"][0], **RATIO_OF_SIGNINGS})
    entry, document = written("ratio", {**TYPED["ratio"][0], **RATIO_OF_SIGNINGS, **gate})
    around = Setting(parse_scheme(document, draft=True), document)

    shown, data = opened(entry, around)

    assert shown == "ratio"
    assert {name: data.get(name, "") for name in gate} == gate
    condition = entry["veto"] if gate["gate"] == "veto" else entry["rule"]["if"]
    assert condition["title"] == title
    data["gate"], data["began"] = "", forms.shown(around, entry, entry["code"]).began
    assert forms.sent(around, data, entry["code"]).sent == plain


RATIO_OF_SIGNINGS = {
    "facts": ["signed"],
    "counting": "count_projects",
    "share": "points",
    "target": "signing",
}


def test_what_the_form_has_no_field_for_stays() -> None:
    around = setting()
    entry = indicator_entry(around.document, "foreign_capital")
    entry["bonus"] = {"kind": "fixed", "points": 1}
    entry["rounding"] = {"digits": 1}
    entry["measures"]["beside"] = {"title": "另看", "facts": ["paid_in"], "aggregate": "count"}
    proposal = forms.shown(around, entry, "foreign_capital")
    assert proposal.editor is not None
    data = proposal.editor.as_data()
    data["kind"], data["began"] = proposal.kind, proposal.began
    data["points"] = "20"
    data.setlist("only_capital_source", ["foreign"])

    sent = forms.sent(around, data, "foreign_capital").sent

    expected = deepcopy(entry)
    expected["rule"]["points"] = 20
    expected["measures"]["paid_in"]["where"] = [
        {
            "attribute": "capital_source",
            "operator": "eq",
            "value": "foreign",
            "reason": "内资项目的到账资金不计入外资。",
        }
    ]
    assert sent == expected


BEYOND = [
    {"rule": {"kind": "sum", "parts": [{"kind": "fixed", "points": 1}]}},
    {
        "rule": {
            "kind": "ratio_times_points",
            "of": ["paid_in", "paid_in"],
            "target": "foreign_capital",
            "points": 5,
        }
    },
    {"weight": {"A": 1}},
    {"veto": {"title": "否决", "if": {"any": [{"of": "paid_in", "operator": "lt", "than": 0}]}}},
]


@pytest.mark.parametrize("change", BEYOND)
def test_what_no_form_holds_is_edited_as_text(change: dict[str, Any]) -> None:
    around = setting()
    entry = {**indicator_entry(around.document, "foreign_capital"), **change}

    proposal = forms.shown(around, entry, "foreign_capital")

    assert (proposal.kind, proposal.editor) == ("source", None)
    assert proposal.source is not None
    assert read(str(proposal.source.initial["text"])).value == entry


def test_a_figure_that_people_report_is_counted_from_nothing() -> None:
    sent = {
        "counting": "given",
        "counted_title": "营商环境评分",
        "unit": "分",
        "money_unit": "亿元",
        "share": "points",
    }
    entry, document = written(
        "step", {**sent, "once": "no", "step": "10", "points": "1", "whole_steps": "on"}
    )

    assert entry["measures"] == {"counted": {"unit": "分", "title": "营商环境评分"}}
    assert opened(entry, Setting(parse_scheme(document, draft=True), document))[0] == "step"


def test_a_new_target_comes_with_the_indicator_in_its_unit() -> None:
    entry, document = written(
        "ratio",
        {**FACTS, "facts": ["fixed_asset"], "counting": "sum", "money_unit": "亿元", "share": "amount"}
        | {"target": "+", "target_title": "固定资产投资", "points": "10"},
    )

    assert document["targets"]["target"] == {"title": "固定资产投资", "unit": "亿元"}
    assert (entry["rule"]["target"], entry["progress"]) == ("target", {"of": "counted", "target": "target"})
    assert list(document["targets"])[:-1] == list(read(DEFAULT).value["targets"])


WRONG = [
    ("tiers", {"bands-0-low": "5", "bands-0-high": "3"}, "“到”要比“从”大。"),
    ("tiers", {"full_marks": ""}, "要按满分封顶，请先写满分；没有满分就选“不封顶”。"),
    ("tiers", {"full_marks": "十"}, "输入一个数字。"),
    ("tiers", {"facts": []}, "该字段是必填项。"),
    ("tiers", {"gate": "need", "gate_of": "own", "gate_operator": "gte"}, "该字段是必填项。"),
    ("ratio", {"target": "+", "target_title": ""}, "该字段是必填项。"),
    ("ratio", {"gate": "need", "gate_of": "ratio", "gate_than": "1", "gate_operator": "gte", "target": ""}, "没有完成率"),
    ("ratio", {"counting": "count_projects", "share": "amount"}, "计件数时没有金额可分"),
    ("mean", {"ratios-0-weight": "50"}, "权重合计为 90%，应为 100%。"),
    ("mean", {"ratios-0-target": "signing"}, "单位不一致"),
    ("power", {"bottom": "10"}, "最差的分要比最好的低。"),
    ("count", {"plus-0-each": "", "plus-0-counted": "", "plus-0-only": "", "plus-0-at_most": "", "plus-1-counted": "", "plus-1-each": ""}, "请至少写一行。"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "change", "sentence"), WRONG)
def test_what_is_typed_wrong_is_said_beside_its_field(
    kind: str, change: dict[str, Any], sentence: str
) -> None:
    around = setting()
    sent = {**HEAD, **TYPED[kind][0], **change, "kind": kind, "began": forms.begun(around, kind).began}
    proposal = forms.sent(around, data_of(sent))

    assert not proposal.is_valid
    assert proposal.editor is not None
    assert any(sentence in line["text"] for line in proposal.editor.summary()), proposal.editor.summary()


def test_a_scheme_is_written_in_chinese_whatever_the_page_speaks() -> None:
    gate = {
        "gate": "need",
        "gate_of": "projects:started",
        "gate_operator": "gte",
        "gate_than": "1",
        "gate_points": "0",
    }
    with translation.override("en"):
        entry, _document = written("tiers", {**TYPED["tiers"][0], **gate})

    assert entry["measures"]["counted"]["bands"][0]["title"] == "5 亿元以下"
    assert (entry["measures"]["counted"]["title"], entry["rule"]["if"]["title"]) == (
        "签约",
        "开工项目不少于 1 个",
    )


def test_lines_are_added_and_taken_away() -> None:
    data = data_of({"bands-0-low": "1", "bands-3-low": "2"})

    assert sorted(forms.with_row(data, "bands")) == ["bands-0-low", "bands-3-low", "bands-4-was"]
    assert sorted(forms.without_row(data, "bands-0")) == ["bands-3-low"]
