"""The shape of a scheme document as a JSON schema (2020-12). The rule kinds bring their own parameters."""

from collections.abc import Mapping
from typing import Any

from kpi.scoring.circumstances import AWAY, CLASSES, IDENTITIES
from kpi.scoring.periods import LAST_YEAR, MEASURED
from kpi.scoring.rules import KINDS
from kpi.scoring.rules.conditions import SCHEMA as CONDITION
from kpi.scoring.rules.counts import ENDS
from kpi.scoring.scheme import ITEM_STEPS

Schema = dict[str, Any]

CODE: Schema = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$"}
TEXT: Schema = {"type": "string", "minLength": 1}
NUMBER: Schema = {
    "if": {"type": "string"},
    "then": {"pattern": r"^-?\d+(\.\d+)?[%‰]$"},
    "else": {"type": "number"},
}
POSITIVE: Schema = {
    "if": {"type": "string"},
    "then": {"pattern": r"^\d+(\.\d+)?[%‰]$"},
    "else": {"type": "number", "exclusiveMinimum": 0},
}


def record(properties: Mapping[str, Any], required: tuple[str, ...] = ()) -> Schema:
    """A mapping with these keys and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": dict(properties),
    }


def reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def listed(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "minItems": least, "items": items}


def by_code(items: Schema) -> Schema:
    """A mapping from codes to records."""
    return {"type": "object", "propertyNames": CODE, "additionalProperties": items}


def _rule() -> Schema:
    """One branch per kind, so that an error names the parameter of the kind that was meant."""
    branches = [
        {
            "if": {"properties": {"kind": {"const": kind.name}}, "required": ["kind"]},
            "then": record({"kind": {}, **kind.properties}, ("kind", *kind.required)),
        }
        for kind in KINDS.values()
    ]
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": list(KINDS)}},
        "allOf": branches,
    }


DIGITS: Schema = {"type": "integer", "minimum": 0, "maximum": 12}
MODE: Schema = {"enum": ["half_up", "half_even", "up", "down"]}
ROUNDING = record({"digits": DIGITS, "mode": MODE, "when": {"enum": ["total", "item"]}})
WHOLE: Schema = {"type": "integer", "minimum": 1}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
WEIGHT: Schema = {
    "if": {"type": "string"},
    "then": {"pattern": r"^\d+(\.\d+)?[%‰]$"},
    "else": {"type": "number", "minimum": 0, "maximum": 1},
}
BY_CATEGORY: Schema = {"if": {"type": "object"}, "then": by_code(WEIGHT), "else": WEIGHT}
SCALAR: Schema = {"type": ["string", "number", "boolean"]}
FILTER = record(
    {
        "attribute": CODE,
        "operator": {"enum": ["eq", "ne", "in", "not_in", "gte", "gt", "lte", "lt", "on_list"]},
        "value": {"type": ["string", "number", "boolean", "array"], "items": SCALAR},
        "list": CODE,
        "version": TEXT,
        "reason": TEXT,
    },
    ("attribute", "operator"),
)
BAND = record({"code": CODE, **ENDS}, ("code", "title"))
MEASURE = record(
    {
        "title": TEXT,
        "facts": listed(CODE, 1),
        "aggregate": {"enum": ["count", "sum", "count_projects", "tiers"]},
        "unit": TEXT,
        "amount_unit": TEXT,
        "field": CODE,
        "where": listed(FILTER),
        "roles": listed(CODE, 1),
        "share": {"enum": ["amount", "points", "none"]},
        "once": {"enum": ["no", "first", "highest"]},
        "bands": listed(BAND, 1),
        "period": {"enum": [*MEASURED, LAST_YEAR]},
        "at_most": record(
            {"each": {"enum": ["month", "quarter", "half_year", "year"]}, "count": WHOLE}, ("each", "count")
        ),
        "computed": reference("rule"),
    },
    ("title",),
)
CAP: Schema = {
    "if": {"type": "string"},
    "then": {"enum": ["none", "full_marks"]},
    "else": {
        "if": {"type": "object"},
        "then": record({"multiple": reference("positive")}, ("multiple",)),
        "else": {"type": "number"},
    },
}
INDICATOR = record(
    {
        "code": CODE,
        "title": TEXT,
        "clause": {"type": "string"},
        "full_marks": reference("positive"),
        "cap": CAP,
        "floor": {"type": "number"},
        "applies_to": listed(CODE, 1),
        "progress": record({"of": CODE, "target": CODE}, ("of", "target")),
        "report_only": {"type": "boolean"},
        "section": CODE,
        "weight": BY_CATEGORY,
        "bonus": reference("rule"),
        "deduction": reference("rule"),
        "veto": record({"if": reference("condition"), "points": NUMBER, "title": TEXT}, ("if", "title")),
        "steps": {"type": "array", "uniqueItems": True, "items": {"enum": list(ITEM_STEPS)}},
        "rounding": record({"digits": DIGITS, "mode": MODE}),
        "measures": by_code(reference("measure")),
        "rule": reference("rule"),
    },
    ("code", "title", "measures", "rule"),
)
GROUP = record(
    {
        "title": TEXT,
        "subjects": listed(CODE, 1),
        "rank_by": CODE,
        "tie_breakers": listed(CODE),
    },
    ("title", "subjects"),
)
_WON = record({"award": CODE, "years": {"type": "integer", "minimum": 1, "maximum": 20}}, ("award", "years"))
_IDENTITY = {**listed({"enum": list(IDENTITIES)}, 1), "uniqueItems": True}
_CLASSES = {**listed({"enum": list(CLASSES)}, 1), "uniqueItems": True}
_YEAR = {"type": "integer", "minimum": 2000, "maximum": 2100}
_INTRODUCED = record({"classes": _CLASSES, "at_least": WHOLE, "since": _YEAR}, ("classes", "at_least"))
#: One condition on who gets an award, chosen by the word that marks it.
WANTED: Schema = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
    "properties": {
        "won": _WON,
        "identity": _IDENTITY,
        "introduced": _INTRODUCED,
        "reached": reference("condition"),
    },
}
_REASONS = {**listed({"enum": list(AWAY)}, 1), "uniqueItems": True}
EXCEPT: Schema = {
    **record(
        {
            "months_in_post": WHOLE,
            "away": record({"reasons": _REASONS, "days": WHOLE}, ("reasons", "days")),
            "seconded_days": WHOLE,
            "ties": {"type": "boolean"},
        }
    ),
    "minProperties": 1,
}
AWARD = record(
    {
        "code": CODE,
        "title": TEXT,
        "clause": {"type": "string"},
        "group": CODE,
        "first": {"type": "integer", "minimum": 1},
        "last": {"type": "integer", "minimum": 1},
        "everybody": {"const": True},
        "warning": {"type": "boolean"},
        "measures": by_code(reference("measure")),
        "if_all": listed(WANTED, 1),
        "if_any": listed(WANTED, 1),
        "except": EXCEPT,
        "next_in_line": {"type": "boolean"},
        "if_target_missed": record(
            {
                "indicators": listed(CODE, 1),
                "when": {"enum": ["any", "all"]},
                "timing": {"enum": ["annual", "elapsed"]},
            },
            ("indicators", "when", "timing"),
        ),
    },
    ("code", "title", "group"),
)
TARGET = record(
    {
        "title": TEXT,
        "unit": TEXT,
        "default": {"if": {"type": "object"}, "then": by_code(NUMBER), "else": NUMBER},
        "periods": {"enum": ["given", "equal"]},
    },
    ("title",),
)
CATEGORIES = record(
    {
        "when_changed": {"enum": ["start", "as_of", "time_weighted"]},
        "kinds": by_code(TEXT),
    },
    ("when_changed", "kinds"),
)
LIST = record(
    {
        "title": TEXT,
        "versions": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": record({"from": DAY, "members": listed(TEXT, 1)}, ("from", "members")),
        },
    },
    ("title", "versions"),
)
EXCHANGE = record(
    {"rate": {"enum": ["fixed", "day"]}, "fixed": by_code(POSITIVE)},
    ("rate",),
)
GATE = record(
    {
        "code": CODE,
        "title": TEXT,
        "clause": {"type": "string"},
        "applies_to": listed(CODE, 1),
        "measures": by_code(reference("measure")),
        "if": reference("condition"),
        "bars": {"if": {"type": "string"}, "then": {"const": "all"}, "else": listed(CODE, 1)},
        "card": TEXT,
        "grade": {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
            "properties": {"up": WHOLE, "down": WHOLE, "at_most": TEXT, "at_least": TEXT, "set": TEXT},
        },
    },
    ("code", "title", "if"),
)
SCHEME: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "年度招商引资绩效考核实施细则",
    **record(
        {
            "scheme": CODE,
            "title": TEXT,
            "year": {"type": "integer", "minimum": 2000, "maximum": 2100},
            "holds_from": DAY,
            "source": {"type": "string"},
            "assumptions": listed(TEXT),
            "rounding": ROUNDING,
            "total_marks": reference("positive"),
            "groups": by_code(GROUP),
            "targets": by_code(TARGET),
            "sections": by_code(record({"title": TEXT, "weight": WEIGHT}, ("title", "weight"))),
            "categories": CATEGORIES,
            "lists": by_code(LIST),
            "exchange": EXCHANGE,
            "elapsed_by": {"enum": ["days", "months"]},
            "grades": listed(record({"title": TEXT, "from": NUMBER, "first": WHOLE}, ("title",)), 1),
            "gates": listed(GATE),
            "indicators": listed(INDICATOR, 1),
            "awards": listed(AWARD),
        },
        ("scheme", "title", "year", "indicators"),
    ),
    "$defs": {
        "code": CODE,
        "codes": {"if": {"type": "string"}, "then": CODE, "else": listed(CODE, 1)},
        "number": NUMBER,
        "positive": POSITIVE,
        "measure": MEASURE,
        "rule": _rule(),
        "condition": CONDITION,
        "weight": WEIGHT,
    },
}
