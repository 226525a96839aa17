"""Every scheme can be read in words, and what the product does not count is asked of people."""

from pathlib import Path

import pytest

from kpi.queries.input_sheets import sheets_of
from kpi.queries.inputs import as_recorded
from kpi.queries.words import indicator_words
from kpi.scoring.document import parse_scheme
from kpi.scoring.rules import (
    amounts,
    choosing,
    combining,
    conditions,
    counts,
    people,
    ratios,
    relative,
    values,
)
from tests.kpi.scoring.examples import SCHEMES, scheme_of
from tests.kpi.scoring.worked import Worked, document, examples

CASES = Path(__file__).parent / "scoring" / "cases"
MODULES = (amounts, choosing, combining, conditions, counts, people, ratios, relative, values)
#: A rule without words of its own would be shown by the name of its class.
CLASSES = {name for module in MODULES for name in vars(module) if name[0].isupper() and not name.isupper()}


def test_facts_and_attributes_the_ledger_does_not_hold_are_reported() -> None:
    document = scheme_of(
        {"kind": "count_times_points", "terms": [{"of": "named", "each": 1}, {"of": "mixed", "each": 1}]}
    )
    document["indicators"][0]["measures"] = {
        "named": {
            "title": "名企",
            "facts": ["signed"],
            "aggregate": "count",
            "where": [{"attribute": "investor", "operator": "eq", "value": "甲"}],
        },
        "mixed": {"title": "签约和走访", "facts": ["signed", "visit"], "aggregate": "count"},
        "unused": {"title": "不用", "aggregate": "count"},
    }
    scheme = parse_scheme(document)
    [sheet] = sheets_of(as_recorded(scheme))
    assert [column.part for column in sheet.columns] == ["named", "mixed"]


@pytest.mark.parametrize("path", [*SCHEMES.glob("*.yaml"), *CASES.glob("*/scheme.yaml")], ids=str)
def test_every_scheme_can_be_read_in_words(path: Path) -> None:
    scheme = parse_scheme(path.read_text(encoding="utf-8"))
    for indicator in scheme.indicators:
        words = indicator_words(scheme, indicator)
        assert words.rule
        assert not any(name in words.rule for name in CLASSES)
        assert all(text for _title, text in words.measures)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.kind)
def test_every_kind_of_rule_is_said_in_words(example: Worked) -> None:
    scheme = parse_scheme(document(example.entries))
    rule = indicator_words(scheme, scheme.indicators[0]).rule
    assert rule
    assert not any(name in rule for name in CLASSES)
