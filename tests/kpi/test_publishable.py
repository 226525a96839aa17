"""A scheme that asks for what the product does not record is not published; relative rules and cards are computed."""

import pytest
import yaml

from kpi.actions.scheme import draft_scheme, publish_scheme
from kpi.queries.publishable import obstacles
from kpi.scoring.document import parse_scheme
from promotion.errors import Refused
from staff.models import Account
from tests.kpi.scoring.examples import scheme_of

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
        (
            {
                "rule": {
                    "kind": "ratio_times_points",
                    "of": "done",
                    "target": "goal",
                    "timing": "Q1",
                    "points": 9,
                }
            },
            "目标“目标任务”要有第一季度的分期目标，系统只登记年度目标。",
        ),
    ],
)
def test_what_the_product_does_not_record_is_named(change: dict[str, object], sentence: str) -> None:
    assert obstacles(parse_scheme(scheme_of(change["rule"]))) == [sentence]  # type: ignore[arg-type]


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


@pytest.mark.django_db
def test_such_a_scheme_stays_a_draft(hr: Account, manager: Account) -> None:
    text = yaml.safe_dump(scheme_of(RATING), allow_unicode=True)
    draft = draft_scheme(actor=hr, year=2026, text=text)

    with pytest.raises(Refused, match="暂不能发布"):
        publish_scheme(actor=manager, scheme=draft)

    draft.refresh_from_db()
    assert draft.state == "draft"
