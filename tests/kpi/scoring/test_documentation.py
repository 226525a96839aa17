"""The page for scheme writers: its examples work, and it names everything a document may say."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from kpi.scoring.document import parse_scheme
from kpi.scoring.facts import FACT_KINDS
from kpi.scoring.facts_document import FACTS, parse_facts
from kpi.scoring.periods import PERIODS
from kpi.scoring.rules import KINDS
from kpi.scoring.schema import INDICATOR, MEASURE, SCHEME
from kpi.scoring.scheme import UNITS
from kpi.scoring.trial import try_out
from tests.kpi.scoring.worked import Worked, examples, outcome, worked

PAGE = (Path(__file__).parents[3] / "docs" / "kpi-schemes.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_examples_of_the_page_work_together() -> None:
    scheme = parse_scheme(block("yaml"))
    sheet = try_out(scheme, parse_facts(block("json"), scheme)).sheets[0]
    assert scheme.warnings == ()
    assert [(item.points, item.explanation) for item in sheet.items] == [
        (Decimal("6.00"), "1—10 亿元 1×6 = 6"),
        (Decimal("5.00"), "50÷400×40 = 5"),
    ]


def test_page_names_every_word_of_the_format() -> None:
    words = {*KINDS, *FACT_KINDS, *SCHEME["properties"], *INDICATOR["properties"], *MEASURE["properties"]}
    words |= {word for kind in KINDS.values() for word in kind.properties}
    assert sorted(word for word in words if not re.search(rf"\b{word}\b", PAGE)) == []
    assert [unit for unit in UNITS if "元" in unit and unit not in PAGE] == []


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.kind)
def test_worked_example_computes_to_its_line(example: Worked) -> None:
    assert example.entries["rule"]["kind"] == example.kind or example.kind in str(example.entries)
    assert outcome(worked(example.entries)) == example.entries["result"]


def test_every_kind_has_a_worked_example_and_every_block_is_tried() -> None:
    assert {example.kind for example in examples()} == set(KINDS)
    assert PAGE.count("```yaml\n") == 1 + len(examples())
    assert PAGE.count("```json\n") == 1


def test_page_names_every_word_inside_rules_and_parts() -> None:
    words: set[str] = set()
    pending: list[object] = [SCHEME["properties"], SCHEME["$defs"], FACTS["properties"]]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            words |= set(node.get("properties", {}))
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
    missing = {word for word in words - set(PERIODS) if not re.search(rf"\b{word}\b", PAGE)}
    assert missing == set()
