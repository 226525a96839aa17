"""Published cases as scheme documents and facts, run through the command without a database."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

CASES = Path(__file__).parent / "cases"


def run(case: Path, output: Path) -> dict[str, Any]:
    call_command(
        "kpi_evaluate", str(case / "scheme.yaml"), str(case / "facts.json"), format="json", output=output
    )
    found: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case_computes_to_the_published_digits(case: Path, tmp_path: Path) -> None:
    found = run(case, tmp_path / "found.json")
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    orders, beside = expected.pop("standings", {}), expected.pop("outcomes", {})
    sheets = {sheet["subject"]: sheet for sheet in found["sheets"]}
    assert set(sheets) == set(expected)
    for subject, wanted in expected.items():
        points = {item["code"]: item["points"] for item in sheets[subject]["items"]}
        assert {code: points[code] for code in wanted.get("items", {})} == wanted.get("items", {})
        assert sheets[subject]["total"] == wanted.get("total", sheets[subject]["total"])
        states = {item["code"]: item["status"] for item in sheets[subject]["items"]}
        assert {code: states[code] for code in wanted.get("status", {})} == wanted.get("status", {})
    outcomes = {entry["subject"]: entry for entry in found["outcomes"]}
    for subject, wanted in beside.items():
        assert {key: outcomes[subject][key] for key in wanted} == wanted
    assert {code: [entry["subject"] for entry in found["standings"][code]] for code in orders} == orders


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_explanation_of_every_scored_item_ends_in_its_points(case: Path, tmp_path: Path) -> None:
    for sheet in run(case, tmp_path / "found.json")["sheets"]:
        for item in sheet["items"]:
            if item["status"] == "scored":
                assert item["explanation"].endswith(item["points"])
            elif item["status"] == "undecided":
                assert item["undecided_reason"]


def test_every_published_case_has_a_scheme() -> None:
    assert sorted(case.name for case in CASES.iterdir()) == [
        *("d01", "d02", "d03", "d05", "d06", "d07", "d09", "d11", "d12", "d13", "d14", "d16", "d19", "d20"),
        *("d21", "d23", "d25", "d26", "d28", "p01", "p03", "p05", "p06", "p08", "p09", "p10", "p11", "p12"),
    ]
