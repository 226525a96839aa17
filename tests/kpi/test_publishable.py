"""A scheme that asks for what the product does not record is not published; relative rules and cards are computed."""

from pathlib import Path

import pytest
import yaml

from kpi.actions.scheme import draft_scheme, publish_scheme
from kpi.queries.publishable import obstacles
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
from promotion.errors import Refused
from staff.models import Account
from tests.kpi.scoring.examples import SCHEMES, scheme_of
from tests.kpi.scoring.worked import Worked, document, examples

CASES = Path(__file__).parent / "scoring" / "cases"
MODULES = (amounts, choosing, combining, conditions, counts, people, ratios, relative, values)
#: A rule without words of its own would be shown by the name of its class.
CLASSES = {name for module in MODULES for name in vars(module) if name[0].isupper() and not name.isupper()}

RATING = {
    "kind": "rating",
    "rating": "hosts",
    "panels": [{"panel": "parks"}],
    "missing": "undecided",
    "scale": 100,
    "points": 10,
}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rule": RATING}, "细则用到评议打分，系统还不能登记评议票。"),
        (
            {"rule": {"kind": "choice", "choice": "c", "from": 0, "to": 5}},
            "细则用到酌定分，系统还不能登记酌定的分值、作者和理由。",
        ),
    ],
)
def test_what_the_product_does_not_record_is_named(change: dict[str, object], sentence: str) -> None:
    assert obstacles(parse_scheme(scheme_of(change["rule"]))) == [sentence]  # type: ignore[arg-type]


def test_targets_of_periods_and_stretch_targets_are_recorded() -> None:
    rule = {"kind": "ratio_times_points", "of": "done", "target": "goal", "points": 9}
    assert obstacles(parse_scheme(scheme_of({**rule, "timing": "Q1", "level": "stretch"}))) == []


def test_attributes_and_years_the_ledger_does_not_hold_are_named() -> None:
    document = scheme_of({"kind": "amount", "of": "last"})
    document["indicators"][0]["measures"] = {
        "last": {"title": "上年", "facts": ["signed"], "aggregate": "count", "period": "last_year"},
        "named": {
            "title": "名企",
            "facts": ["signed"],
            "aggregate": "count",
            "where": [{"attribute": "investor", "operator": "eq", "value": "甲"}],
        },
    }
    assert obstacles(parse_scheme(document)) == [
        "度量“上年”要计往年的事实，系统只计当年的。",
        "度量“名企”的条件用到系统没有的属性“investor”。",
    ]


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


@pytest.mark.django_db
def test_such_a_scheme_stays_a_draft(hr: Account, manager: Account) -> None:
    text = yaml.safe_dump(scheme_of(RATING), allow_unicode=True)
    draft = draft_scheme(actor=hr, year=2026, text=text)

    with pytest.raises(Refused, match="暂不能发布"):
        publish_scheme(actor=manager, scheme=draft)

    draft.refresh_from_db()
    assert draft.state == "draft"
