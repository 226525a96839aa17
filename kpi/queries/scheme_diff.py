"""What one version of a scheme changes against the one before, line by line."""

import difflib
from dataclasses import dataclass

from kpi import access
from kpi.models import SchemeVersion
from staff.models import Account


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of the comparison: kind add, drop, same or place."""

    kind: str
    text: str


def version_before(actor: Account, version: SchemeVersion) -> SchemeVersion | None:
    """The version before it in the same year, else the newest published one of an earlier year."""
    visible = access.schemes_visible_to(actor)
    same_year = visible.filter(year=version.year, number__lt=version.number).order_by("-number").first()
    if same_year is not None:
        return same_year
    return visible.filter(year__lt=version.year, state="published").order_by("-year", "-number").first()


def scheme_diff(before: str, after: str) -> list[DiffLine]:
    """The changed lines with three lines around them; nothing when the texts are the same."""
    found = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3))[2:]
    kinds = {"+": "add", "-": "drop", "@": "place"}
    return [DiffLine(kinds.get(line[:1], "same"), line) for line in found]
