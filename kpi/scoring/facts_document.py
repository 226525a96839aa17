"""A file of facts and targets (试算数据) as typed values: what a scheme is tried on without a database."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kpi.scoring.document import schema_errors
from kpi.scoring.evaluate import elapsed_part
from kpi.scoring.facts import AttributeValue, CreditLine, Fact, MeasureValue
from kpi.scoring.reading import InvalidDocument, Path, Reading, SchemeError, read
from kpi.scoring.results import Subject
from kpi.scoring.rules.base import number
from kpi.scoring.schema import NUMBER, Schema, listed, record
from kpi.scoring.scheme import UNITS, Scheme

Document = Mapping[str, Any]

NAME: Schema = {"type": ["string", "integer"]}
AMOUNT: Schema = {
    "if": {"type": "string"},
    "then": {"pattern": r"^-?[0-9]+(\.[0-9]+)? ?(元|万元|亿元|美元|万美元|亿美元)?$"},
    "else": {"type": ["number", "null"]},
}
TARGET: Schema = {"if": {"type": "null"}, "then": True, "else": NUMBER}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
GIVEN: Schema = {
    "if": {"type": "object"},
    "then": {"additionalProperties": NUMBER},
    "else": NUMBER,
}
FACTS: Schema = record(
    {
        "elapsed": NUMBER,
        "as_of": DAY,
        "subjects": listed(
            record(
                {
                    "code": NAME,
                    "name": {"type": "string"},
                    "kind": {"type": "string"},
                    "targets": {"type": "object", "additionalProperties": TARGET},
                    "measures": {
                        "type": "object",
                        "additionalProperties": {"type": "object", "additionalProperties": GIVEN},
                    },
                },
                ("code",),
            ),
            1,
        ),
        "facts": listed(
            record(
                {
                    "id": NAME,
                    "kind": {"type": "string"},
                    "on": DAY,
                    "amount": AMOUNT,
                    "count": {"type": "integer"},
                    "project": NAME,
                    "attributes": {
                        "type": "object",
                        "additionalProperties": {"type": ["string", "number", "boolean"]},
                    },
                },
                ("id", "kind", "on"),
            )
        ),
        "credits": listed(
            record(
                {"fact": NAME, "subject": NAME, "role": {"type": "string"}, "share": NUMBER},
                ("fact", "subject"),
            )
        ),
    },
    ("subjects",),
)


@dataclass(frozen=True, slots=True)
class Assessed:
    """One subject with its targets, its credit lines, and the measure values that were given ready."""

    subject: Subject
    targets: Mapping[str, Decimal | None]
    given: Mapping[str, Mapping[str, MeasureValue]]
    lines: tuple[CreditLine, ...]


@dataclass(frozen=True, slots=True)
class FactsDocument:
    """All subjects of a file, the past part of the year (1 when the file does not say), and whether it lists facts."""

    assessed: tuple[Assessed, ...]
    elapsed: Decimal
    lists_facts: bool


def parse_facts(source: str | Document, scheme: Scheme) -> FactsDocument:
    """The facts of a JSON or YAML text (or an already parsed document) for a scheme. Raises InvalidDocument."""
    reading = read(source) if isinstance(source, str) else Reading(source)
    errors = list(schema_errors(reading, FACTS))
    if not errors:
        errors = [reading.error(*entry) for entry in _faults(reading.value, scheme)]
    if errors:
        raise InvalidDocument(errors)
    document = reading.value
    facts = {str(entry["id"]): _fact(entry) for entry in document.get("facts", ())}
    lines = [_line(entry, facts) for entry in document.get("credits", ())]
    assessed = tuple(_assessed(entry, scheme, lines) for entry in document["subjects"])
    return FactsDocument(assessed, _elapsed(document, scheme), "facts" in document)


def amount(value: Any) -> Decimal | None:
    """An amount in 元 (or 美元): a number, or text with a unit such as "3.5亿元"."""
    if value is None:
        return None
    found = re.fullmatch(r"(-?[0-9]+(?:\.[0-9]+)?) ?([万亿]?美?元)?", str(value))
    if found is None:
        return number(value)
    return Decimal(found[1]) * UNITS.get(found[2] or "元", Decimal(1))


def _fact(document: Document) -> Fact:
    project = document.get("project")
    return Fact(
        id=str(document["id"]),
        kind=document["kind"],
        on=date.fromisoformat(document["on"]),
        amount=amount(document.get("amount")),
        count=document.get("count", 1),
        attributes={name: _attribute(value) for name, value in document.get("attributes", {}).items()},
        project=None if project is None else str(project),
    )


def _attribute(value: Any) -> AttributeValue:
    return value if isinstance(value, str | bool) else Decimal(str(value))


def _line(document: Document, facts: Mapping[str, Fact]) -> CreditLine:
    return CreditLine(
        fact=facts[str(document["fact"])],
        subject=str(document["subject"]),
        role=document.get("role", ""),
        share=number(document.get("share", 1)),
    )


def _assessed(document: Document, scheme: Scheme, lines: list[CreditLine]) -> Assessed:
    code = str(document["code"])
    return Assessed(
        subject=Subject(code, document.get("kind", "subject"), document.get("name", code)),
        targets={target: _target(value) for target, value in document.get("targets", {}).items()},
        given={
            indicator: {measure: _given(value) for measure, value in values.items()}
            for indicator, values in document.get("measures", {}).items()
        },
        lines=tuple(line for line in lines if line.subject == code),
    )


def _target(value: Any) -> Decimal | None:
    return None if value is None else number(value)


def _given(value: Any) -> MeasureValue:
    if not isinstance(value, Mapping):
        return MeasureValue(number(value))
    bands = {band: number(entry) for band, entry in value.items()}
    return MeasureValue(sum(bands.values(), Decimal(0)), bands)


def _elapsed(document: Document, scheme: Scheme) -> Decimal:
    if "as_of" in document:
        return elapsed_part(scheme.year, date.fromisoformat(document["as_of"]))
    return number(document.get("elapsed", 1))


def _faults(document: Document, scheme: Scheme) -> Iterator[tuple[Path, str]]:
    yield from _day_faults(document)
    subjects = [str(entry["code"]) for entry in document["subjects"]]
    facts = [str(entry["id"]) for entry in document.get("facts", ())]
    for name, field, codes in (("subjects", "code", subjects), ("facts", "id", facts)):
        seen: set[str] = set()
        for index, code in enumerate(codes):
            if code in seen:
                yield (name, index, field), f"“{code}”重复。"
            seen.add(code)
    for index, entry in enumerate(document.get("credits", ())):
        for field, known in (("fact", set(facts)), ("subject", set(subjects))):
            if str(entry[field]) not in known:
                words = "事实" if field == "fact" else "考核对象"
                yield ("credits", index, field), f"没有编号为“{entry[field]}”的{words}。"
    for index, entry in enumerate(document["subjects"]):
        yield from _subject_faults(entry, scheme, ("subjects", index))


def _day_faults(document: Document) -> Iterator[tuple[Path, str]]:
    days: list[tuple[Path, str]] = [(("as_of",), document["as_of"])] if "as_of" in document else []
    days += [(("facts", index, "on"), entry["on"]) for index, entry in enumerate(document.get("facts", ()))]
    for path, text in days:
        try:
            date.fromisoformat(text)
        except ValueError:
            yield path, f"“{text}”不是存在的日期。"


def _subject_faults(document: Document, scheme: Scheme, path: Path) -> Iterator[tuple[Path, str]]:
    """Targets, indicators, measures and bands the scheme does not know: usually a slip of the pen."""
    for target in document.get("targets", {}):
        if target not in scheme.targets:
            yield (*path, "targets", target), f"细则没有目标“{target}”。"
    indicators = {indicator.code: indicator for indicator in scheme.indicators}
    for code, values in document.get("measures", {}).items():
        if code not in indicators:
            yield (*path, "measures", code), f"细则没有指标“{code}”。"
            continue
        for measure, value in values.items():
            place = (*path, "measures", code, measure)
            if measure not in indicators[code].measures:
                yield place, f"指标“{indicators[code].title}”没有度量“{measure}”。"
                continue
            bands = {band.code for band in indicators[code].measures[measure].bands}
            unknown = [band for band in value if band not in bands] if isinstance(value, Mapping) else []
            if unknown:
                yield place, f"没有代码为“{unknown[0]}”的档。"


__all__ = ["Assessed", "FactsDocument", "InvalidDocument", "SchemeError", "amount", "parse_facts"]
