"""Smaller parts of a scheme document as values: filters, lists, targets, sections, gates, grades, exchange rates."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from kpi.scoring.periods import period_days
from kpi.scoring.rules import build
from kpi.scoring.rules.base import number, optional_number
from kpi.scoring.rules.conditions import condition
from kpi.scoring.scheme import (
    ITEM_STEPS,
    Exchange,
    Filter,
    Gate,
    Grade,
    ItemStep,
    Measure,
    Section,
    Target,
    Veto,
)

Document = Mapping[str, Any]


def filters(document: Document, scheme: Document) -> tuple[Filter, ...]:
    """The filters of a measure; its period becomes two filters on the day."""
    found = [_filter(entry, scheme) for entry in document.get("where", ())]
    return (*found, *_period(document, scheme))


def _period(document: Document, scheme: Document) -> Iterator[Filter]:
    if "period" not in document:
        return
    first, last = period_days(document["period"], int(scheme["year"]))
    reason = f"不在 {first.isoformat()} 至 {last.isoformat()} 之内。"
    yield Filter("on", "gte", first.isoformat(), reason)
    yield Filter("on", "lte", last.isoformat(), reason)


def _filter(document: Document, scheme: Document) -> Filter:
    attribute, operator, reason = document["attribute"], document["operator"], document.get("reason", "")
    if operator == "on_list":
        return _on_list(document, scheme)
    value = document.get("value", "")
    plain = tuple(_scalar(entry) for entry in value) if isinstance(value, list) else _scalar(value)
    return Filter(attribute, operator, plain, reason)


def _on_list(document: Document, scheme: Document) -> Filter:
    """A list (名单) by a fixed version is the same as `in`; without one the version of the fact's day applies."""
    named = scheme.get("lists", {}).get(document.get("list"), {"title": "", "versions": {}})
    version = document.get("version")
    reason = document.get("reason", "")
    if version is not None:
        held = named["versions"].get(version, {"members": ()})
        words = reason or f"不在《{named['title']}》（{version} 版）之内。"
        return Filter(document["attribute"], "in", tuple(held["members"]), words)
    dated = sorted((_day(one["from"]), tuple(one["members"])) for one in named["versions"].values())
    words = reason or f"不在当日有效的《{named['title']}》之内。"
    return Filter(document["attribute"], "on_list", "", words, tuple(dated))


def first_day(where: tuple[Filter, ...], year: int) -> date | None:
    """The first day that filters on the day ask for, where it lies before the year; None when they stay within it."""
    begins, asked = f"{year}-01-01", [entry for entry in where if entry.attribute == "on"]
    days = {entry: _texts(entry) for entry in asked if entry.operator not in {"ne", "not_in"}}
    if not any(_is_before(entry, begins) for entry in days):
        return None
    lower = [min(found) for entry, found in days.items() if entry.operator not in {"lt", "lte"} and found]
    return min(_day(max(lower)), date(year, 1, 1)) if lower else date.min


def _is_before(entry: Filter, begins: str) -> bool:
    """Whether a filter names a day before the year; `lt` its first day is one that does."""
    return any(day < begins or (entry.operator == "lt" and day == begins) for day in _texts(entry))


def _texts(entry: Filter) -> tuple[str, ...]:
    values = entry.value if isinstance(entry.value, tuple) else (entry.value,)
    return tuple(str(value) for value in values)


def is_converted(document: Document, where: tuple[Filter, ...], scheme: Document) -> bool:
    """Whether the measure looks at amounts in 元 under a scheme that says at which rate foreign ones count."""
    if "exchange" not in scheme or document.get("field", "amount") != "amount":
        return False
    by_amount = document.get("aggregate") in {"sum", "tiers"} or document.get("once") == "highest"
    return by_amount or any(entry.attribute == "amount" for entry in where)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.max  # refused by the checks


def _scalar(value: Any) -> str | Decimal | bool:
    return value if isinstance(value, str | bool) else Decimal(value)


def by_category(value: Any) -> dict[str, Decimal]:
    """One number for all (under ""), or a number per category; nothing is none."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return {name: number(entry) for name, entry in value.items()}
    return {"": number(value)}


def target(code: str, document: Document) -> Target:
    return Target(
        code=code,
        title=document["title"],
        unit=document.get("unit", "个"),
        default=by_category(document.get("default")),
        periods=document.get("periods", "given"),
    )


def section(code: str, document: Document) -> Section:
    return Section(code, document["title"], number(document["weight"]))


def grade(document: Document) -> Grade:
    return Grade(document["title"], optional_number(document.get("from")), document.get("first"))


def exchange(document: Document) -> Exchange:
    fixed = {name: number(rate) for name, rate in document.get("fixed", {}).items()}
    return Exchange(document["rate"], fixed)


def veto(document: Document) -> Veto:
    points = number(document.get("points", 0))
    return Veto(condition(document["if"], build), points, document["title"])


def item_steps(named: list[str] | None) -> tuple[ItemStep, ...]:
    """The order a scheme gives; steps it does not name follow in the usual order."""
    given = cast("list[ItemStep]", named or [])
    return (*given, *(step for step in ITEM_STEPS if step not in given))


def gate(document: Document, measures: Mapping[str, Measure]) -> Gate:
    move = next(iter(document.get("grade", {}).items()), None)
    bars = document.get("bars", ())
    return Gate(
        code=document["code"],
        title=document["title"],
        clause=document.get("clause", ""),
        applies_to=tuple(document.get("applies_to", ())),
        measures=measures,
        condition=condition(document["if"], build),
        bars=("all",) if bars == "all" else tuple(bars),
        card=document.get("card", ""),
        move=(move[0], str(move[1])) if move else None,
    )
