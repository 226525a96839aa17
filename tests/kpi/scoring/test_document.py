"""Scheme documents: the default ones hold, bad ones are refused with path, line and a sentence."""

from decimal import Decimal
from typing import Any

import pytest

from kpi.scoring.document import parse_scheme
from kpi.scoring.entries import InvalidDocument
from kpi.scoring.reading import read
from kpi.scoring.rules import KINDS
from kpi.scoring.scheme import Cap
from tests.kpi.scoring.examples import default_scheme, scheme_of

FIXED = {"kind": "fixed", "points": 5}

TEXT = """\
scheme: example
title: 示例细则
year: 2026
targets:
  goal: {title: 目标, unit: 亿元}
indicators:
  - code: item
    title: 外资
    full_marks: 10
    measures:
      done:
        title: 完成
        facts: [signed]
        aggregate: tiers
        bands:
          - {code: low, title: 1—5 亿元, from: 1, to: 5}
          - {code: high, title: 5 亿元以上, from: 5}
    rule:
      kind: tiers
      of: done
      points: {low: 3, high: 8}
"""


def refused(source: Any) -> list[str]:
    with pytest.raises(InvalidDocument) as caught:
        parse_scheme(source)
    return [str(error) for error in caught.value.errors]


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_default_schemes_hold_together(year: int) -> None:
    scheme = default_scheme(year)
    assert (scheme.year, scheme.warnings) == (year, ())
    assert [item.code for item in scheme.indicators_for("officer")] == [
        "signing",
        "foreign_capital",
        "wins",
        "contribution",
        "landing",
    ]
    assert sum(item.full_marks or 0 for item in scheme.indicators) == 100
    titles = ["卓越奖", "蜗牛奖", "金牌招商能手", "末两名人员提示", "优先选拔"]
    assert [award.title for award in scheme.awards] == titles[: len(scheme.awards)]
    assert len(scheme.assumptions) > 10


def test_good_text_becomes_a_scheme() -> None:
    item = parse_scheme(TEXT).indicators[0]
    assert (item.cap, item.full_marks) == (Cap("full_marks"), Decimal(10))
    assert item.measures["done"].divisor == 10**8
    assert [band.holds(Decimal(5)) for band in item.measures["done"].bands] == [False, True]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (
            "kind: tiers",
            "kind: tier",
            "第 19 行 indicators[0].rule.kind：“tier”不能用在这里，可写："
            + "、".join(KINDS)
            + "。是否想写“tiers”？",
        ),
        (
            "full_marks: 10",
            "fullmarks: 10",
            (
                "第 9 行 indicators[0].fullmarks：不认识“fullmarks”，这里可写：code、title、clause、full_marks、cap、"
                "floor、applies_to、progress、report_only、section、weight、bonus、deduction、veto、steps、rounding、measures、rule。是否想写“full_marks”？"
            ),
        ),
        ("title: 外资\n", "title:\n", "第 8 行 indicators[0].title：这里应是文字，现为“None”。"),
        (
            "full_marks: 10",
            "full_marks: 十",
            '第 9 行 indicators[0].full_marks：“十”不是数字；可写 0.5，或带引号、带单位的 "50%"、"6‰"。',
        ),
        ("      of: done\n", "", "第 18 行 indicators[0].rule：缺少“of”。"),
        (
            "from: 5}",
            "from: 6}",
            (
                "第 17 行 indicators[0].measures.done.bands[1]：“1—5 亿元”与“5 亿元以上”之间有空档（5 至 6），"
                "落在其中的不属于任何一档。"
            ),
        ),
        (
            "from: 5}",
            "from: 4}",
            "第 17 行 indicators[0].measures.done.bands[1]：“1—5 亿元”与“5 亿元以上”重叠，同一金额会落在两档。",
        ),
        (
            "to: 5}",
            "to: 5, includes_to: true}",
            (
                "第 17 行 indicators[0].measures.done.bands[1]：“1—5 亿元”与“5 亿元以上”都含 5 本数，"
                "请写明本数归哪一档（另一档写 false）。"
            ),
        ),
        (
            "      of: done\n",
            "      of: gone\n",
            "第 20 行 indicators[0].rule.of：没有度量“gone”，本指标的 measures 有：done。",
        ),
        ("high: 8}", "top: 8}", "第 21 行 indicators[0].rule.points.top：度量“done”没有代码为“top”的档。"),
        ("year: 2026\n", "year: 2026\nyear: 2027\n", "第 4 行 year：“year”写了两次，请只保留一处。"),
        (
            "year: 2026\n",
            "year: 2026\nbad\n",
            "第 5 行 文件：格式有误：请检查这一行及上一行的缩进、冒号后的空格、括号和引号是否成对。",
        ),
        (
            "year: 2026\n",
            "year: 2026\nholds_from: 2026-02-30\n",
            "第 4 行 holds_from：“2026-02-30”不是存在的日期。",
        ),
    ],
)
def test_fault_is_named_with_path_line_and_what_to_write(old: str, new: str, error: str) -> None:
    assert old in TEXT
    assert refused(TEXT.replace(old, new)) == [error]


def test_empty_and_broken_documents_are_refused() -> None:
    assert refused("") == ["文件：文件是空的。"]
    assert refused("[1, 2]") == ["第 1 行 文件：这里应是一组“名称: 内容”，现为“[1, 2]”。"]
    assert len(refused("a: &a [*a]")) == 1
    assert len(refused("a: !!python/object:os.system x")) == 1
    assert len(refused("[" * 5000)) == 1


def test_weights_must_add_up() -> None:
    ratios = [
        {"of": "done", "target": "goal", "weight": 0.5},
        {"of": "base", "target": "goal", "weight": 0.4},
    ]
    rule = {"kind": "mean_of_ratios_times_points", "ratios": ratios, "points": 10}
    assert refused(scheme_of(rule)) == ["indicators[0].rule.ratios：权重合计为 90%，应为 100%。"]


def test_a_level_or_a_time_without_a_target_is_refused() -> None:
    level = scheme_of(
        {"kind": "ratio_times_points", "of": "done", "base": "base", "points": 10, "level": "stretch"}
    )
    term = scheme_of({"kind": "count_times_points", "terms": [{"of": "done", "each": 1, "timing": "Q1"}]})
    assert refused(level) == ["indicators[0].rule.level：写了档次 level，就要写它是哪个目标 target 的。"]
    assert refused(term) == ["indicators[0].rule.terms[0].timing：写了 timing，就要写超出哪个目标 beyond。"]


def test_unknown_target_and_wrong_unit_are_refused() -> None:
    rule = {"kind": "ratio_times_points", "of": "done", "target": "nowhere", "points": 10}
    assert refused(scheme_of(rule)) == ["indicators[0].rule.target：没有目标“nowhere”，请在 targets 中写明。"]
    document = scheme_of({**rule, "target": "goal"})
    document["targets"]["goal"]["unit"] = "万元"
    assert refused(document) == ["indicators[0].rule：单位不一致：“完成”用个，目标用万元。"]


def test_cap_at_full_marks_needs_full_marks() -> None:
    assert refused(scheme_of(FIXED, cap="full_marks")) == [
        "indicators[0].cap：要按满分封顶，须先写满分 full_marks。"
    ]


def test_marks_must_add_up_for_every_group() -> None:
    document = scheme_of(FIXED, full_marks=90)
    groups = {"officers": {"title": "专员", "subjects": ["officer"]}}
    assert refused({**document, "groups": groups, "total_marks": 100}) == [
        "total_marks：“专员”（officer）各指标满分合计 90，应为 100。"
    ]


def test_awards_and_groups_refer_to_what_exists() -> None:
    awards = [
        {"code": "first", "title": "卓越奖", "group": "nobody", "first": 1, "last": 1},
        {
            "code": "snail",
            "title": "蜗牛奖",
            "group": "teams",
            "last": 1,
            "if_target_missed": {"indicators": ["item", "gone"], "when": "any", "timing": "annual"},
        },
    ]
    groups = {
        "teams": {"title": "团队", "subjects": ["task_force"], "rank_by": "gone"},
        "others": {"title": "其他", "subjects": ["task_force"], "tie_breakers": ["gone"]},
    }
    assert refused({**scheme_of(FIXED), "awards": awards, "groups": groups}) == [
        "groups.teams.rank_by：没有代码为“gone”的指标；按总分排名请写 total。",
        "groups.others.subjects[0]：“task_force”已属于分组“团队”，同一类对象只能在一个分组内排名。",
        "groups.others.tie_breakers[0]：没有代码为“gone”的指标。",
        "awards[0]：请写明取前几名（first）、末几名（last）或所有符合条件的人（everybody），写且只写一个。",
        "awards[0].group：没有分组“nobody”。",
        "awards[1].if_target_missed.indicators[0]：指标“示例指标”没有写 progress，无法判断是否完成任务。",
        "awards[1].if_target_missed.indicators[1]：没有代码为“gone”的指标。",
    ]


def test_contradiction_is_allowed_with_a_warning() -> None:
    assert parse_scheme(scheme_of({"kind": "fixed", "points": 15}, full_marks=10)).warnings == (
        "indicators[0].rule.points：满分 10 分，规则却可得 15 分。",
    )


def test_numbers_are_read_as_they_are_written() -> None:
    assert read('{"a": 0.1, "b": "10%"}').value == {"a": Decimal("0.1"), "b": "10%"}
    assert read("a: 177.70\non: no\nday: 2026-01-01\nn: -3").value == {
        "a": Decimal("177.70"),
        "on": "no",
        "day": "2026-01-01",
        "n": -3,
    }
    assert read('{\n\t"a": 1.50\n}').value == {"a": Decimal("1.50")}
