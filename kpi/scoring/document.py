"""A scheme document becomes a Scheme: read, held against the schema, checked for sense, and built."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from kpi.scoring import award_document, checks, parts
from kpi.scoring.awarded import Award
from kpi.scoring.reading import InvalidDocument, Path, Reading, SchemeError, read
from kpi.scoring.rounding import Rounding
from kpi.scoring.rules import build
from kpi.scoring.rules.base import number, optional_number
from kpi.scoring.rules.counts import band
from kpi.scoring.schema import SCHEME
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

TYPES = {"object": "一组“名称: 内容”", "array": "一个列表", "string": "文字", "number": "数字"}
TYPES |= {"integer": "整数", "boolean": "true 或 false"}


def parse_scheme(source: str | Document, *, draft: bool = False) -> Scheme:
    """The scheme of a YAML or JSON text, or of an already parsed document.

    Raises InvalidDocument with all errors found, each with path, line and a sentence in Chinese. Things that
    are allowed but look mistaken become `Scheme.warnings`; so do, in a draft, sums that do not add up yet.
    """
    reading = read(source) if isinstance(source, str) else Reading(exact(source))
    errors = list(schema_errors(reading))
    if errors:
        raise InvalidDocument(errors)
    scheme = _scheme(reading)
    errors, warnings = checks.check(reading, scheme, draft=draft)
    if errors:
        raise InvalidDocument(errors)
    return _scheme(reading, tuple(str(warning) for warning in warnings))


def exact(value: Any) -> Any:
    """The same document with floats as the decimals they were written as."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {str(key): exact(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [exact(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value


def schema_errors(reading: Reading, schema: Document = SCHEME) -> Iterator[SchemeError]:
    """The document's departures from the schema, in the order of the document."""
    found = Draft202012Validator(schema).iter_errors(reading.value)
    errors = [reading.error(_place(error), _sentence(error)) for error in found]
    yield from sorted(dict.fromkeys(errors), key=_position)


def _position(error: SchemeError) -> tuple[int, str]:
    return error.line, error.path


def _place(error: ValidationError) -> Path:
    path: Path = tuple(error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, Mapping):
        unknown = [key for key in error.instance if key not in error.schema.get("properties", {})]
        return (*path, unknown[0]) if unknown else path
    return path


def _sentence(error: ValidationError) -> str:
    """The error in words for somebody who writes schemes, not programs."""
    value, wanted = error.instance, error.validator_value
    match error.validator:
        case "required":
            missing = [name for name in wanted if name not in value]
            return f"缺少“{'”、“'.join(missing)}”。"
        case "additionalProperties":
            return _unknown(error)
        case "enum":
            options = "、".join(str(option) for option in wanted)
            return f"“{value}”不能用在这里，可写：{options}。{_close(value, wanted)}"
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            return f"这里应是{'或'.join(TYPES.get(kind, kind) for kind in kinds)}，现为“{value}”。"
        case "pattern":
            return _pattern(str(value), str(wanted))
        case "minItems" | "minProperties":
            return "这里至少要写一项。"
        case "minLength":
            return "这里不能为空。"
        case "minimum" | "exclusiveMinimum":
            return f"“{value}”太小，应{'大于' if error.validator != 'minimum' else '不小于'} {wanted}。"
        case "maximum":
            return f"“{value}”太大，不应超过 {wanted}。"
    return f"“{value}”不符合格式要求。"


def _unknown(error: ValidationError) -> str:
    known = list(error.schema.get("properties", {}))
    unknown = [key for key in error.instance if key not in known]
    sentence = f"不认识“{'”、“'.join(unknown)}”，这里可写：{'、'.join(known)}。"
    return sentence + _close(unknown[0], known)


def _close(value: Any, known: list[Any]) -> str:
    close = get_close_matches(str(value), [str(name) for name in known], n=1)
    return f"是否想写“{close[0]}”？" if close else ""


def _pattern(value: str, wanted: str) -> str:
    if "%" in wanted:
        return f'“{value}”不是数字；可写 0.5，或带引号、带单位的 "50%"、"6‰"。'
    if "亿元" in wanted:
        return f"“{value}”不是金额；可写 350000000 或“3.5亿元”。"
    if wanted.startswith(r"^\d{4}"):
        return f"“{value}”不是日期，应写成 2026-01-01。"
    return f"“{value}”不能作代码：代码以英文字母开头，只含字母、数字、下划线、点和短横。"


def _scheme(reading: Reading, warnings: tuple[str, ...] = ()) -> Scheme:
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
