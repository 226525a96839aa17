"""A checked scheme document becomes a Scheme: nothing is asked here, everything is taken as it stands."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kpi.scoring import award_document, parts
from kpi.scoring.awarded import Award
from kpi.scoring.entries import InvalidDocument, Reading
from kpi.scoring.rounding import Rounding
from kpi.scoring.rules import build
from kpi.scoring.rules.base import number, optional_number
from kpi.scoring.rules.counts import band
from kpi.scoring.scheme import (
    Cap,
    Gate,
    Group,
    Indicator,
    Measure,
    Progress,
    Scheme,
)

Document = Mapping[str, Any]


def scheme_of(reading: Reading, warnings: tuple[str, ...] = ()) -> Scheme:
    document = reading.value
    year = int(document["year"])
    return Scheme(
        code=document["scheme"],
        title=document["title"],
        year=year,
        holds_from=_day(reading, document.get("holds_from", f"{year}-01-01")),
        rounding=_rounding(document.get("rounding", {})),
        indicators=tuple(
            _indicator(entry, order, document) for order, entry in enumerate(document["indicators"])
        ),
        groups={code: _group(code, entry) for code, entry in document.get("groups", {}).items()},
        targets={code: parts.target(code, entry) for code, entry in document.get("targets", {}).items()},
        awards=tuple(_award(entry, document) for entry in document.get("awards", ())),
        assumptions=tuple(document.get("assumptions", ())),
        warnings=warnings,
        sections={code: parts.section(code, entry) for code, entry in document.get("sections", {}).items()},
        categories=dict(document.get("categories", {}).get("kinds", {})),
        category_change=document.get("categories", {}).get("when_changed", "as_of"),
        grades=tuple(parts.grade(entry) for entry in document.get("grades", ())),
        gates=tuple(_gate(entry, document) for entry in document.get("gates", ())),
        exchange=parts.exchange(document["exchange"]) if "exchange" in document else None,
        elapsed_by=document.get("elapsed_by", "days"),
    )


def _day(reading: Reading, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidDocument([reading.error(("holds_from",), f"“{text}”不是存在的日期。")]) from None


def _rounding(document: Document) -> Rounding:
    return Rounding(
        digits=document.get("digits", 2),
        mode=document.get("mode", "half_up"),
        when=document.get("when", "total"),
    )


def _group(code: str, document: Document) -> Group:
    return Group(
        code=code,
        title=document["title"],
        subjects=tuple(document["subjects"]),
        rank_by=document.get("rank_by", "total"),
        tie_breakers=tuple(document.get("tie_breakers", ())),
    )


def _gate(document: Document, scheme: Document) -> Gate:
    measures = {code: _measure(code, entry, scheme) for code, entry in document.get("measures", {}).items()}
    return parts.gate(document, measures)


def indicator_of(document: Document, scheme: Document) -> Indicator:
    """One indicator of a scheme's document as a value, without being checked."""
    return _indicator(document, 0, scheme)


def _indicator(document: Document, order: int, scheme: Document) -> Indicator:
    progress = document.get("progress")
    full_marks = optional_number(document.get("full_marks"))
    return Indicator(
        code=document["code"],
        title=document["title"],
        clause=document.get("clause", ""),
        measures={code: _measure(code, entry, scheme) for code, entry in document["measures"].items()},
        rule=build(document["rule"]),
        full_marks=full_marks,
        cap=_cap(document.get("cap", "none" if full_marks is None else "full_marks")),
        floor=optional_number(document.get("floor")),
        applies_to=tuple(document.get("applies_to", ())),
        progress=Progress(progress["of"], progress["target"]) if progress else None,
        report_only=document.get("report_only", False),
        order=order,
        rounding=_rounding(document["rounding"]) if "rounding" in document else None,
        section=document.get("section", ""),
        weights=parts.by_category(document.get("weight")),
        bonus=build(document["bonus"]) if "bonus" in document else None,
        deduction=build(document["deduction"]) if "deduction" in document else None,
        veto=parts.veto(document["veto"]) if "veto" in document else None,
        steps=parts.item_steps(document.get("steps")),
    )


def _cap(value: Any) -> Cap:
    if isinstance(value, str):
        return Cap("full_marks" if value == "full_marks" else "none")
    if isinstance(value, Mapping):
        return Cap("multiple", number(value["multiple"]))
    return Cap("points", number(value))


def _measure(code: str, document: Document, scheme: Document) -> Measure:
    aggregate, unit = document.get("aggregate", "count"), document.get("unit", "个")
    where, year = parts.filters(document, scheme), int(scheme["year"])
    since = parts.first_day(where, year)
    return Measure(
        code=code,
        title=document["title"],
        kinds=tuple(document.get("facts", ())),
        aggregate=aggregate,
        unit=unit,
        amount_unit=document.get("amount_unit", unit if aggregate == "sum" else "亿元"),
        field=document.get("field", "amount"),
        where=where,
        roles=tuple(document.get("roles", ())),
        share_mode=document.get("share", "points"),
        once=document.get("once", "no"),
        bands=tuple(band(entry) for entry in document.get("bands", ())),
        at_most=(document["at_most"]["each"], document["at_most"]["count"])
        if "at_most" in document
        else None,
        computed=build(document["computed"]) if "computed" in document else None,
        since=since,
        begins=since or date(year, 1, 1),
        ends=date(year, 12, 31),
        converted=parts.is_converted(document, where, scheme),
    )


def _award(document: Document, scheme: Document) -> Award:
    measures = {code: _measure(code, entry, scheme) for code, entry in document.get("measures", {}).items()}
    return award_document.award(document, measures)
