"""A scheme's text changed in one place keeps every other line and comment, and always reads as what was meant."""

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.scoring.reading import read
from kpi.scoring.writing import rewritten, same, written

ROOT = Path(__file__).resolve().parents[3]
SCHEMES = sorted(
    [*(ROOT / "kpi" / "schemes").glob("*.yaml"), *Path(__file__).parent.glob("cases/*/scheme.yaml")]
)

TEXT = """# 第一行注释
scheme: small
title: 小细则   # 行尾注释
year: 2026

# 谁参加
groups:
  officers: {title: 招商专员, subjects: [officer]}

indicators:
  # 第一项
  - code: first
    title: 第一项
    # 满分由会议定
    full_marks: 10
    measures:
      signed: {title: 签约, facts: [signed], aggregate: count}
    rule: {kind: count_times_points, terms: [{of: signed, each: 2}]}

  # 第二项
  - code: second
    title: 第二项
    measures: {}
    rule: {kind: fixed, points: 0.5}
# 文末
"""


def changed(text: str, change: Any) -> str:
    value = copy.deepcopy(read(text).value)
    change(value)
    found = rewritten(text, value)
    assert same(read(found).value, value)
    return found


def differing(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.splitlines(), after.splitlines()
    return [one for one in old if one not in new], [one for one in new if one not in old]


def test_one_changed_number_changes_one_line() -> None:
    after = changed(TEXT, lambda value: value["indicators"][0].update(full_marks=12))

    assert differing(TEXT, after) == (["    full_marks: 10"], ["    full_marks: 12"])


def test_an_indicator_added_leaves_the_others_as_they_were() -> None:
    entry = {
        "code": "third",
        "title": "第三项",
        "measures": {},
        "rule": {"kind": "fixed", "points": Decimal("1.5")},
    }

    after = changed(TEXT, lambda value: value["indicators"].append(entry))

    assert differing(TEXT, after)[0] == []
    assert differing(TEXT, after)[1] == [
        "  - code: third",
        "    title: 第三项",
        "    rule: {kind: fixed, points: 1.5}",
    ]


def test_moved_indicators_take_their_comments_along() -> None:
    after = changed(TEXT, lambda value: value["indicators"].reverse())

    assert sorted(after.split()) == sorted(TEXT.split())
    assert after.index("# 第二项") < after.index("code: second") < after.index("# 第一项")


def test_a_removed_indicator_takes_its_comment_and_no_other() -> None:
    after = changed(TEXT, lambda value: value["indicators"].pop(0))

    assert "第一项" not in after
    assert [line for line in after.splitlines() if "#" in line] == [
        "# 第一行注释",
        "title: 小细则   # 行尾注释",
        "# 谁参加",
        "  # 第二项",
        "# 文末",
    ]


def test_a_target_added_to_a_scheme_without_targets() -> None:
    after = changed(TEXT, lambda value: value.update(targets={"goal": {"title": "目标", "unit": "个"}}))

    assert differing(TEXT, after) == ([], ["targets:", "  goal: {title: 目标, unit: 个}"])


def test_words_that_look_like_numbers_stay_words() -> None:
    value = {
        "a": [
            "1e5",
            "1.5",
            "50%",
            "true",
            "null",
            "2026-01-01",
            "",
            "on",
            "1:30",
            "#",
            "- x",
            "a: b",
            "两\n行",
        ]
    }

    assert read(written(value)).value == value


def test_json_stays_json() -> None:
    text = '{"scheme": "s", "year": 2026, "factor": 0.30}'

    after = rewritten(text, {"scheme": "s", "year": 2027, "factor": Decimal("0.3")})

    assert after == '{\n  "scheme": "s",\n  "year": 2027,\n  "factor": 0.3\n}\n'


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.parent.name + "/" + path.stem)
def test_every_known_scheme_is_changed_without_loss(path: Path) -> None:
    text = path.read_text("utf-8")
    value = read(text).value

    assert rewritten(text, value) == text
    assert same(read(written(value)).value, value)
    after = changed(text, lambda one: one["indicators"].reverse())
    if "&" not in text:
        comments = sorted(line for line in text.splitlines() if line.lstrip().startswith("#"))
        assert sorted(line for line in after.splitlines() if line.lstrip().startswith("#")) == comments


scalars = (
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
    | st.integers(-1000, 1000)
    | st.decimals(-1000, 1000, places=3, allow_nan=False)
    | st.booleans()
    | st.none()
)
keys = st.text(alphabet="abcxyz", min_size=1, max_size=4)
values = st.recursive(
    scalars,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(keys, below, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(keys, values, min_size=1, max_size=5)


@given(documents, documents)
def test_any_document_becomes_any_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    text = written(before)

    assert same(_settled(read(text).value), _settled(before))
    assert same(_settled(read(rewritten(text, after)).value), _settled(after))


def _settled(value: Any) -> Any:
    """Whole decimals are read back as whole numbers."""
    if isinstance(value, dict):
        return {key: _settled(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_settled(one) for one in value]
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
