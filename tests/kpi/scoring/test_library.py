"""The starter schemes: each holds together, decides everything on its example facts, and its page shows the true figures."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from kpi.scoring.document import parse_scheme
from kpi.scoring.facts_document import parse_facts
from kpi.scoring.table import as_table
from kpi.scoring.trial import Trial, try_out
from tests.kpi.scoring.examples import SCHEMES

PAGES = SCHEMES.parents[1] / "docs" / "schemes"
FACTS = sorted((SCHEMES / "facts").glob("*.json"), key=lambda path: path.stem)


def tried(facts: Path) -> Trial:
    scheme = parse_scheme((SCHEMES / f"{facts.stem}.yaml").read_text(encoding="utf-8"))
    return try_out(scheme, parse_facts(facts.read_text(encoding="utf-8"), scheme))


def test_at_least_eight_shapes_are_offered() -> None:
    assert len(FACTS) >= 8
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert [path.stem for path in FACTS if f"({path.stem}.md)" not in index] == []


@pytest.mark.parametrize("facts", FACTS, ids=lambda path: path.stem)
def test_starter_scheme_decides_every_item(facts: Path) -> None:
    found = tried(facts)
    assert found.scheme.warnings == ()
    assert found.scheme.assumptions
    assert [item.undecided_reason for sheet in found.sheets for item in sheet.undecided] == []
    assert all(sheet.total for sheet in found.sheets)


@pytest.mark.parametrize("facts", FACTS, ids=lambda path: path.stem)
def test_page_of_the_scheme_shows_what_the_command_prints(facts: Path) -> None:
    page = (PAGES / f"{facts.stem}.md").read_text(encoding="utf-8")
    shown = re.search(r"```text\n(.*?)```", page, re.DOTALL)
    assert shown is not None
    assert shown[1] == as_table(tried(facts))


def test_pool_is_paid_out_to_the_cent() -> None:
    found = tried(SCHEMES / "facts" / "bonus-pool.json")
    assert sum(sheet.total for sheet in found.sheets) == Decimal(1000000)
