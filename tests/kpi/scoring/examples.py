"""Schemes and facts for the tests of the calculation, written as a bureau would write them."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpi.scoring.document import parse_scheme
from kpi.scoring.facts import AttributeValue, CreditLine, Fact, MeasureValue
from kpi.scoring.results import Item, Sheet, Subject
from kpi.scoring.scheme import Scheme

SCHEMES = Path(__file__).parents[3] / "kpi" / "schemes"


def default_scheme(year: int = 2026) -> Scheme:
    return parse_scheme((SCHEMES / f"high-tech-zone-{year}.yaml").read_text(encoding="utf-8"))


def scheme_of(rule: dict[str, Any], **indicator: Any) -> dict[str, Any]:
    """A document with one indicator, two targets and four measures: done, base, events, and sizes in three bands."""
    return {
        "scheme": "example",
        "title": "示例细则",
        "year": 2026,
        "targets": {"goal": {"title": "目标任务"}, "second": {"title": "第二目标"}},
        "indicators": [
            {
                "code": "item",
                "title": "示例指标",
                "measures": {
                    "done": {"title": "完成"},
                    "base": {"title": "基数"},
                    "events": {"title": "事件", "unit": "次"},
                    "sizes": {
                        "title": "分档项目",
                        "facts": ["signed"],
                        "aggregate": "tiers",
                        "bands": [
                            {"code": "low", "title": "1—5 亿元", "from": 1, "to": 5},
                            {"code": "middle", "title": "5—10 亿元", "from": 5, "to": 10},
                            {"code": "high", "title": "10 亿元以上", "from": 10},
                        ],
                    },
                },
                "rule": rule,
                **indicator,
            }
        ],
    }


def fact(
    key: str,
    kind: str = "signed",
    amount: str | None = None,
    *,
    project: str | None = None,
    on: date = date(2026, 3, 1),
    **attributes: AttributeValue,
) -> Fact:
    """A fact with its amount in 亿元."""
    money = None if amount is None else Decimal(amount) * 10**8
    return Fact(key, kind, on, money, attributes=attributes, project=project)


def credit(whose: Fact, share: str = "1", role: str = "introduction") -> CreditLine:
    return CreditLine(whose, "zhou", role, Decimal(share))


def value(number: str) -> MeasureValue:
    return MeasureValue(Decimal(number))


def item_with(points: str, *, code: str = "item", progress: str | None = None, cap: str = "100") -> Item:
    """A scored item of a sheet made by hand."""
    number = Decimal(points)
    return Item(
        code=code,
        title=f"指标{code}",
        clause="",
        status="scored",
        raw=number,
        exact=number,
        points=number,
        full_marks=Decimal(cap),
        actual=None,
        target=None,
        timed_target=None,
        progress=None if progress is None else Decimal(progress),
        explanation=points,
    )


def undecided_item(code: str = "open") -> Item:
    return Item(
        code=code,
        title="未定指标",
        clause="",
        status="undecided",
        raw=None,
        exact=None,
        points=None,
        full_marks=Decimal(10),
        actual=None,
        target=None,
        timed_target=None,
        progress=None,
        explanation="",
        undecided_reason="未下达目标。",
    )


def sheet_of(code: str, *items: Item, kind: str = "task_force", open_marks: str = "0") -> Sheet:
    """A sheet whose total is the sum of its items; undecided items may still add up to `open_marks`."""
    total = sum((item.exact or Decimal(0) for item in items), Decimal(0))
    return Sheet(Subject(code, kind, code), items, total, total, total, total + Decimal(open_marks))
