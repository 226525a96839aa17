"""A file of facts and targets (试算数据) as typed values: what a scheme is tried on without a database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kpi.scoring.circumstances import AWAY, CLASSES, IDENTITIES, Circumstances, whole_months
from kpi.scoring.document import schema_errors
from kpi.scoring.entries import InvalidDocument, Reading, SchemeError
from kpi.scoring.evaluate import Entry, elapsed_part
from kpi.scoring.facts import AttributeValue, Ballot, Choice, CreditLine, Fact, MeasureValue
from kpi.scoring.facts_checks import faults
from kpi.scoring.held import held_categories
from kpi.scoring.periods import PERIODS, YEAR, target_key
from kpi.scoring.reading import read
from kpi.scoring.results import Subject
from kpi.scoring.rounding import CONTEXT, total
from kpi.scoring.rules.base import number
from kpi.scoring.schema import CODE, NUMBER, TEXT, Schema, listed, record
from kpi.scoring.scheme import UNITS, Scheme

Document = Mapping[str, Any]

NAME: Schema = {"type": ["string", "integer"]}
AMOUNT: Schema = {
    "if": {"type": "string"},
    "then": {"pattern": r"^-?[0-9]+(\.[0-9]+)? ?(元|万元|亿元|美元|万美元|亿美元)?$"},
    "else": {"type": ["number", "null"]},
}
_BY_PERIOD: Schema = dict.fromkeys((YEAR, *PERIODS), NUMBER)
_STRETCH: Schema = {"properties": _BY_PERIOD, "additionalProperties": False}
TARGET: Schema = {
    "if": {"type": "object"},
    "then": {
        "properties": {**_BY_PERIOD, "stretch": {"if": {"type": "object"}, "then": _STRETCH, "else": NUMBER}},
        "additionalProperties": False,
    },
    "else": {"if": {"type": "null"}, "then": True, "else": NUMBER},
}
BALLOT: Schema = record(
    {"panel": CODE, "by": TEXT, "mark": {"if": {"type": "null"}, "then": True, "else": NUMBER}},
    ("panel", "by", "mark"),
)
CHOICE: Schema = record({"points": NUMBER, "by": TEXT, "reason": TEXT}, ("points", "by", "reason"))
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
GIVEN: Schema = {
    "if": {"type": "object"},
    "then": {"additionalProperties": NUMBER},
    "else": NUMBER,
}
DAYS: Schema = {"type": "integer", "minimum": 0}
CIRCUMSTANCES: Schema = record(
    {
        "identity": {"enum": list(IDENTITIES)},
        "in_post_since": DAY,
        "away": record(dict.fromkeys(AWAY, DAYS)),
        "seconded": DAYS,
        "won": {"type": "object", "additionalProperties": listed({"type": "integer"})},
        "introduced": record(dict.fromkeys(CLASSES, listed({"type": "integer"}))),
    }
)
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
                    "category": CODE,
                    "categories": listed(record({"from": DAY, "category": CODE}, ("from", "category")), 1),
                    "ratings": {"type": "object", "additionalProperties": listed(BALLOT)},
                    "choices": {"type": "object", "additionalProperties": CHOICE},
                    "circumstances": CIRCUMSTANCES,
                    "projects": {
                        "type": "object",
                        "additionalProperties": {
                            "type": "object",
                            "additionalProperties": {"type": "object", "additionalProperties": GIVEN},
                        },
                    },
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
                    "currency": CODE,
                    "attributes": {
                        "type": "object",
                        "additionalProperties": {
                            "if": {"type": "array"},
                            "then": listed({"type": "string"}, 1),
                            "else": {"type": ["string", "number", "boolean"]},
                        },
                    },
                },
                ("id", "kind", "on"),
            )
        ),
        "rates": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": NUMBER},
        },
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
class FactsDocument:
    """All subjects of a file, the past part of the year (1 when the file does not say), and whether it lists facts.

    The measures of an entry are only those given ready, and its lines those of facts up to the day `until`; `later` are the
    lines after it, which count for nobody.
    """

    assessed: tuple[Entry, ...]
    elapsed: Decimal
    lists_facts: bool
    until: date = date.max
    later: tuple[CreditLine, ...] = ()


def parse_facts(source: str | Document, scheme: Scheme) -> FactsDocument:
    """The facts of a JSON or YAML text (or an already parsed document) for a scheme. Raises InvalidDocument."""
    reading = read(source) if isinstance(source, str) else Reading(source)
    errors = list(schema_errors(reading, FACTS))
    if not errors:
        errors = [reading.error(*entry) for entry in faults(reading.value, scheme)]
    if errors:
        raise InvalidDocument(errors)
    document = reading.value
    facts = {str(entry["id"]): _fact(entry, document, scheme) for entry in document.get("facts", ())}
    lines = [_line(entry, facts) for entry in document.get("credits", ())]
    until = date.fromisoformat(document["as_of"]) if "as_of" in document else None
    later = tuple(line for line in lines if until is not None and line.fact.on > until)
    counted = [line for line in lines if until is None or line.fact.on <= until]
    day = until or date(scheme.year, 12, 31)
    assessed = tuple(_assessed(entry, scheme, counted, day) for entry in document["subjects"])
    return FactsDocument(assessed, _elapsed(document, scheme), "facts" in document, until or date.max, later)


def amount(value: Any) -> Decimal | None:
    """An amount in 元 (or 美元): a number, or text with a unit such as "3.5亿元"."""
    if value is None:
        return None
    found = re.fullmatch(r"(-?[0-9]+(?:\.[0-9]+)?) ?([万亿]?美?元)?", str(value))
    if found is None:
        return number(value)
    return Decimal(found[1]) * UNITS.get(found[2] or "元", Decimal(1))


def _fact(document: Document, whole: Document, scheme: Scheme) -> Fact:
    project = document.get("project")
    on = date.fromisoformat(document["on"])
    found = amount(document.get("amount"))
    given = {
        name: value if isinstance(value, list) else [value]
        for name, value in document.get("attributes", {}).items()
    }
    attributes = {name: _attribute(words[0]) for name, words in given.items()}
    if found is not None and "currency" in document:
        attributes.setdefault(f"amount_{document['currency'].lower()}", found)
        found = CONTEXT.multiply(found, _rate(document["currency"], on, whole, scheme) or Decimal(0))
    return Fact(
        id=str(document["id"]),
        kind=document["kind"],
        on=on,
        amount=found,
        count=document.get("count", 1),
        attributes=attributes,
        project=None if project is None else str(project),
        also={name: tuple(words[1:]) for name, words in given.items() if len(words) > 1},
    )


def _rate(currency: str, on: date, document: Document, scheme: Scheme) -> Decimal | None:
    """What one unit of the currency is worth in 元: the year's rate, or the newest one on or before the day."""
    if scheme.exchange is None:
        return None
    if scheme.exchange.rate == "fixed":
        return scheme.exchange.fixed.get(currency)
    dated = document.get("rates", {}).get(currency, {})
    known = [day for day in dated if day <= on.isoformat()]
    return number(dated[max(known)]) if known else None


def _attribute(value: Any) -> AttributeValue:
    return value if isinstance(value, str | bool) else Decimal(str(value))


def _line(document: Document, facts: Mapping[str, Fact]) -> CreditLine:
    return CreditLine(
        fact=facts[str(document["fact"])],
        subject=str(document["subject"]),
        role=document.get("role", ""),
        share=number(document.get("share", 1)),
    )


def _assessed(document: Document, scheme: Scheme, lines: list[CreditLine], until: date) -> Entry:
    code = str(document["code"])
    held = [(date.fromisoformat(one["from"]), one["category"]) for one in document.get("categories", ())]
    if "category" in document:
        held = [(date(scheme.year, 1, 1), document["category"])]
    return Entry(
        subject=Subject(code, document.get("kind", "subject"), document.get("name", code)),
        targets=_targets(document.get("targets", {})),
        measures={
            indicator: {measure: _given(value) for measure, value in values.items()}
            for indicator, values in document.get("measures", {}).items()
        },
        lines=tuple(line for line in lines if line.subject == code),
        projects={
            owner: {
                project: {measure: _given(value) for measure, value in values.items()}
                for project, values in projects.items()
            }
            for owner, projects in document.get("projects", {}).items()
        },
        ballots={
            rating: tuple(Ballot(one["panel"], one["by"], _target(one["mark"])) for one in ballots)
            for rating, ballots in document.get("ratings", {}).items()
        },
        choices={
            name: Choice(number(one["points"]), one["by"], one["reason"])
            for name, one in document.get("choices", {}).items()
        },
        categories=held_categories(scheme, held, until),
        circumstances=_circumstances(document.get("circumstances", {}), until),
    )


def _circumstances(document: Document, until: date) -> Circumstances:
    since = document.get("in_post_since")
    return Circumstances(
        identity=document.get("identity", ""),
        months=whole_months(date.fromisoformat(since), until) if since else None,
        away=dict(document.get("away", {})),
        seconded=document.get("seconded", 0),
        won={code: tuple(years) for code, years in document.get("won", {}).items()},
        introduced={each: tuple(years) for each, years in document.get("introduced", {}).items()},
    )


def _targets(document: Document) -> dict[str, Decimal | None]:
    """Targets by code; those of a period or of the stretch level under their own names."""
    found: dict[str, Decimal | None] = {}
    for code, value in document.items():
        if not isinstance(value, Mapping):
            found[code] = _target(value)
            continue
        stretch = value.get("stretch", {})
        higher = stretch if isinstance(stretch, Mapping) else {YEAR: stretch}
        found |= {target_key(code, name): number(part) for name, part in value.items() if name != "stretch"}
        found |= {target_key(code, name, "stretch"): number(part) for name, part in higher.items()}
    return found


def _target(value: Any) -> Decimal | None:
    return None if value is None else number(value)


def _given(value: Any) -> MeasureValue:
    if not isinstance(value, Mapping):
        return MeasureValue(number(value))
    bands = {band: number(entry) for band, entry in value.items()}
    return MeasureValue(total(bands.values()), bands)


def _elapsed(document: Document, scheme: Scheme) -> Decimal:
    if "as_of" in document:
        return elapsed_part(scheme.year, date.fromisoformat(document["as_of"]), scheme.elapsed_by)
    return number(document.get("elapsed", 1))


__all__ = ["FactsDocument", "InvalidDocument", "SchemeError", "amount", "parse_facts"]
