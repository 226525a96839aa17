"""What the parts of an indicator's form have in common: reading their fields from a document and writing them back."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from kpi.forms.indicator.rows import RowSet
from kpi.scoring.rounding import plain
from kpi.scoring.rules.base import number
from kpi.scoring.scheme import Scheme

Entry = dict[str, Any]
Place = tuple[str | int, ...]


class CannotShow(Exception):
    """The form has no fields for what the indicator says; it is edited as text."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The draft around an indicator: as typed values, and as the plain document that is changed."""

    scheme: Scheme
    document: Mapping[str, Any]


class Number(forms.DecimalField):
    """A number as people type it: full-width digits, thousands separators and a per cent sign are understood."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off", **kwargs.pop("attributes", {})}
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(max_digits=18, decimal_places=6, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace(",", "").strip().removesuffix("%")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value


def checked(label: Any, choices: Any = (), help_text: Any = "") -> forms.MultipleChoiceField:
    """Boxes to tick, none of them needed."""
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


class Part(forms.Form):
    """Some fields of an indicator. `rows` are tables of it, each a RowSet."""

    use_required_attribute = False
    heading: Any = ""
    template = "kpi/parts/rule.html"

    def __init__(self, setting: Setting, entry: Entry, data: Any = None) -> None:
        super().__init__(data, initial=self.read(entry))
        self.setting = setting
        self.rows: list[RowSet] = []
        self.prepare(entry)
        self.place_rows(entry, data)
        for table in self.rows:
            table.dress()

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:  # noqa: ARG003 what most parts read from
        """The fields' values. Raises CannotShow for what no field holds."""
        return {}

    def need(self, *names: str, when: bool) -> None:
        """Ask for fields that matter only with a choice; an unsent form shows them as needed."""
        for name in names:
            self.fields[name].required = when or not self.is_bound

    def prepare(self, entry: Entry) -> None:
        """Fill in choices, and drop fields that the draft has no use for."""

    def place_rows(self, entry: Entry, data: Any) -> None:
        """Draw up the tables."""

    def write(self, entry: Entry, document: Entry) -> None:
        """Put the cleaned values into the indicator, and a new target into the document."""
        raise NotImplementedError

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        """Which field is to be marked for a fault at a path of the indicator."""
        return iter(())

    def whole(self) -> bool:
        """Whether fields and tables are filled in as they should be."""
        found = [self.is_valid(), *(table.is_valid() for table in self.rows)]
        return all(found)

    def bound_fields(self) -> Iterator[BoundField]:
        """Every field, those of the tables included."""
        yield from self
        for table in self.rows:
            for row in table.forms:
                yield from row


def missing(sentence: str) -> forms.ValidationError:
    """Something that is still to be filled in, which is no mistake yet."""
    return forms.ValidationError(sentence, code="required")


def exactly(value: Decimal) -> int | Decimal:
    """A number as a document writes it."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def put(entry: Entry, key: str, value: Any) -> None:
    """Set a value, or drop it for None; a number that stays the same stays as it is written."""
    if value is None:
        entry.pop(key, None)
    elif isinstance(value, Decimal):
        if key not in entry or isinstance(entry[key], Mapping) or number_or_none(entry[key]) != value:
            entry[key] = exactly(value)
    else:
        entry[key] = value


def put_usual(entry: Entry, key: str, value: str, usual: str) -> None:
    """Set a value; the usual one is not written where it was not written before."""
    if value != usual or key in entry:
        entry[key] = value


def put_percent(entry: Entry, key: str, value: Decimal | None) -> None:
    """Set a share that was typed in per cent; one that stays the same stays as it is written."""
    if value is None:
        entry.pop(key, None)
    elif key not in entry or number_or_none(entry[key]) != value / 100:
        entry[key] = f"{plain(value)}%"


def number_or_none(value: Any) -> Decimal | None:
    """The number of a document, or nothing for what is none."""
    try:
        return number(value)
    except ArithmeticError:
        return None


def read_number(entry: Mapping[str, Any], key: str) -> Decimal | None:
    """A number of a document; nothing where it is not written."""
    return None if key not in entry else number(entry[key])


def read_percent(entry: Mapping[str, Any], key: str) -> Decimal | None:
    """A share of a document in per cent."""
    found = read_number(entry, key)
    return None if found is None else found * 100


def free_key(taken: Mapping[str, Any], stem: str) -> str:
    """A name that is not taken: the stem, or the stem with a number."""
    numbered = (f"{stem}_{count}" for count in range(2, len(taken) + 3))
    return stem if stem not in taken else next(name for name in numbered if name not in taken)


def holder(entry: Entry) -> Entry:
    """Where the rule says what it looks at (`of`) and what it is held against (`target`)."""
    rule: Entry = entry["rule"]
    kind = rule.get("kind")
    if kind in {"power_coefficient", "rank_bands"}:
        part: Entry = rule.get("part", {})
        if part.get("kind") != "amount":
            raise CannotShow
        return part
    if kind == "points_minus_per_shortfall":
        if len(rule["terms"]) != 1:
            raise CannotShow
        term: Entry = rule["terms"][0]
        return term
    return rule


def main_code(entry: Entry) -> str:
    """The code of the measure that the rule looks at. Raises CannotShow for several."""
    of = holder(entry).get("of")
    if not isinstance(of, str):
        raise CannotShow
    return of


def main_measure(entry: Entry) -> Entry:
    """The measure that the rule looks at."""
    found: Entry | None = entry["measures"].get(main_code(entry))
    if found is None:
        raise CannotShow
    return found
