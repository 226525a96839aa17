"""A kept preview in words: what each row would write, and what was wrong with the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from staff.access import teams_visible_to
from staff.models import Account, Appointment, Grade, Identity, Person, Role

# The fields that a roster writes, in the order of its columns.
FIELDS = (
    ("person", Person, ("name", "identity", "home_unit", "phone", "email", "languages", "joined_on")),
    ("appointment", Appointment, ("team_id", "grade", "is_leader", "starts_on", "ends_on")),
    ("account", Account, ("username", "role")),
)
CHOICES: dict[str, Any] = {"identity": Identity, "grade": Grade, "role": Role}


@dataclass(frozen=True)
class Change:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """A row of the file: its line number, whom it concerns, whether the person is new, and what would change."""

    line: int
    staff_number: str
    name: str
    is_new: bool
    changes: list[Change]


def lines_of(actor: Account, rows: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The rows with labels and values as people write them."""
    teams = {team.pk: team.name for team in teams_visible_to(actor)}
    return [
        Line(row["line"], row["staff_number"], row["name"], not row["person"], changes_of(row, teams))
        for row in rows
    ]


def changes_of(row: Mapping[str, Any], teams: Mapping[int, str]) -> list[Change]:
    """The changes of one row; an earlier post that ends is one of them."""
    changes = []
    for part, model, names in FIELDS:
        planned = row["changes"][part]
        for name in (each for each in names if each in planned):
            label = _("外语") if name == "languages" else str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            label = {"starts_on": _("任职起"), "ends_on": _("任职止")}.get(name, label)
            old, new = planned[name]
            changes.append(Change(label, shown(name, old, teams), shown(name, new, teams)))
    if row["ends"]:
        starts_on = row["changes"]["appointment"]["starts_on"][1]
        changes.append(Change(_("原任职止"), "", shown("ends_on", starts_on, teams)))
    return changes


def shown(name: str, value: Any, teams: Mapping[int, str]) -> str:
    """A stored value as the roster writes it; the end of a post is its last day."""
    if value is None or value == "":
        return ""
    if name == "team_id":
        return teams.get(value, "?")
    if name == "ends_on":
        return str(date.fromisoformat(value) - timedelta(days=1))
    if name in CHOICES:
        return str(CHOICES[name](value).label)
    return str(_("是") if value else _("否")) if isinstance(value, bool) else str(value)


def heading_notes(rejected: Iterable[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """The unknown and the missing columns of the file."""
    for entry in rejected:
        if entry["line"] == 0:
            return entry["unknown"], entry["missing"]
    return [], []


def rejected_lines(rejected: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The refused rows, without the entry about the columns."""
    return [entry for entry in rejected if entry["line"]]
