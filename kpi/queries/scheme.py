"""Which scheme holds for a year, and its text as typed values."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from kpi.models import SchemeState, SchemeVersion
from kpi.scoring.document import parse_scheme
from kpi.scoring.reading import read
from kpi.scoring.scheme import Indicator, Scheme
from kpi.scoring.writing import rewritten

LIBRARY = Path(__file__).resolve().parents[1] / "schemes"


def scheme_in_force(year: int, on: date) -> SchemeVersion | None:
    """The newest published version of the year that holds on the day."""
    versions = SchemeVersion.objects.filter(year=year, state=SchemeState.PUBLISHED, holds_from__lte=on)
    return versions.order_by("-number").first()


def read_scheme(version: SchemeVersion) -> Scheme:
    """The version's document as typed values; parsed once per text and process."""
    return _parsed(version.text, version.state == SchemeState.DRAFT)


def read_document(version: SchemeVersion) -> dict[str, Any]:
    """The version's document as plain values; not to be changed."""
    return _document(version.text)


@lru_cache(maxsize=32)
def _parsed(text: str, draft: bool) -> Scheme:
    return parse_scheme(text, draft=draft)


@lru_cache(maxsize=32)
def _document(text: str) -> dict[str, Any]:
    found: dict[str, Any] = read(text).value
    return found


def indicator_of(scheme: Scheme, code: str) -> Indicator | None:
    """The scheme's indicator of that code."""
    return next((indicator for indicator in scheme.indicators if indicator.code == code), None)


def library() -> list[str]:
    """The file names of the schemes that come with the product."""
    return sorted(path.name for path in LIBRARY.glob("*.yaml"))


def library_text(name: str) -> str:
    """The document of a scheme of the library. Raises KeyError for a name that is not in it."""
    if name not in library():
        raise KeyError(name)
    return (LIBRARY / name).read_text(encoding="utf-8")


def carried_over(text: str, year: int) -> str:
    """The document for another year: its year, its first day, and the year where the title names it."""
    value = read(text).value
    if value["year"] == year:
        return text
    changed = {**value, "year": year, "title": value["title"].replace(str(value["year"]), str(year))}
    if "holds_from" in value:
        changed["holds_from"] = f"{year}-01-01"
    return rewritten(text, changed)
