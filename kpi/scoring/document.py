"""A scheme document becomes a Scheme: read, held against the schema, checked for sense, and built."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from kpi.scoring import checks
from kpi.scoring.building import indicator_of, scheme_of
from kpi.scoring.entries import InvalidDocument, Path, Reading, SchemeError
from kpi.scoring.reading import read
from kpi.scoring.schema import SCHEME
from kpi.scoring.scheme import Scheme

__all__ = ["InvalidDocument", "exact", "indicator_of", "parse_scheme", "schema_errors"]

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
    scheme = scheme_of(reading)
    errors, warnings = checks.check(reading, scheme, draft=draft)
    if errors:
        raise InvalidDocument(errors)
    return scheme_of(reading, tuple(str(warning) for warning in warnings))


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
