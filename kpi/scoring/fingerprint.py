"""The fingerprint (指纹) of a calculation's inputs: same inputs, same fingerprint, on every machine."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kpi.scoring.rounding import plain


def fingerprint(value: Any) -> str:
    """SHA-256 over the canonical JSON of mappings, sequences, dataclasses, numbers, dates and text."""
    text = json.dumps(canonical(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> Any:
    """The value as plain JSON: numbers without trailing zeros, so that 1, 1.0 and 1.00 are the same.

    A field of a dataclass that is marked sparse is left out while it is empty, so that what had a fingerprint before the field
    came keeps it.
    """
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Decimal | int):
        return {"n": plain(Decimal(value))}
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        held = {each: getattr(value, each.name) for each in fields(value)}
        return {
            each.name: canonical(one) for each, one in held.items() if one or not each.metadata.get("sparse")
        }
    if isinstance(value, Mapping):
        return {str(key): canonical(entry) for key, entry in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((canonical(entry) for entry in value), key=_text)
    if isinstance(value, list | tuple):
        return [canonical(entry) for entry in value]
    raise TypeError(f"{type(value).__name__} has no canonical form; floats are never inputs")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
