"""Two calculations side by side (演练): who moves in the ranking, and how much the ranking hangs on each indicator's weight."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from kpi.scoring.results import Candidate, Sheet, Standing, Subject
from kpi.scoring.rounding import CONTEXT
from kpi.scoring.scheme import Indicator, Scheme
from kpi.scoring.what_if import Copy

#: By how much each indicator is made lighter or heavier.
FACTORS = (Decimal("0.8"), Decimal("0.9"), Decimal("1.1"), Decimal("1.2"))
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Move:
    """One subject in both calculations; `place_before` and `total_before` None: only the later one ranks it."""

    subject: Subject
    place_before: int | None
    place_after: int
    total_before: Decimal | None
    total_after: Decimal
    undecided: int

    @property
    def places_gained(self) -> int | None:
        """Places gained (positive) or lost."""
        return None if self.place_before is None else self.place_before - self.place_after

    @property
    def points_gained(self) -> Decimal | None:
        if self.total_before is None:
            return None
        return CONTEXT.subtract(self.total_after, self.total_before)


def moves(before: Iterable[Standing], after: Iterable[Standing]) -> tuple[Move, ...]:
    """The subjects of a group in the order of the later calculation, each with where it stood in the earlier one."""
    known = {one.sheet.subject.code: one for one in before}
    found = []
    for one in after:
        old = known.get(one.sheet.subject.code)
        found.append(
            Move(
                subject=one.sheet.subject,
                place_before=old.place if old else None,
                place_after=one.place,
                total_before=old.sheet.total if old else None,
                total_after=one.sheet.total,
                undecided=len(one.sheet.undecided),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Shift:
    """How much a group's ranking moved: who changed place, the largest move, whether both ends are the same people.

    `tau` is Kendall's rank correlation (τ-b): 1 the same order, 0 no connection, −1 the opposite; None where everybody is tied.
    """

    size: int
    changed: int
    up: int
    down: int
    largest: int
    first_changed: bool
    last_changed: bool
    tau: Decimal | None


def shift_of(moved: Sequence[Move]) -> Shift:
    """The sum of a group's moves; subjects that only one calculation ranks are left out."""
    pairs = [(one.place_before, one.place_after, one) for one in moved if one.place_before is not None]
    gains = [old - new for old, new, _one in pairs]
    old_places, new_places = [old for old, _new, _one in pairs], [new for _old, new, _one in pairs]
    return Shift(
        size=len(pairs),
        changed=sum(gain != 0 for gain in gains),
        up=sum(gain > 0 for gain in gains),
        down=sum(gain < 0 for gain in gains),
        largest=max((abs(gain) for gain in gains), default=0),
        first_changed=_at(min, old_places) != _at(min, new_places),
        last_changed=_at(max, old_places) != _at(max, new_places),
        tau=kendall(old_places, new_places),
    )


def _at(end: Any, places: Sequence[int]) -> set[int]:
    """Who is at one end, by position in the list."""
    wanted = end(places, default=0)
    return {position for position, place in enumerate(places) if place == wanted}


def kendall(one: Sequence[int], other: Sequence[int]) -> Decimal | None:
    """Kendall's τ-b of two rankings of the same subjects; pairs tied in either are no agreement and no contradiction."""
    agreement = untied_one = untied_other = 0
    for here in range(len(one)):
        for there in range(here):
            first = (one[here] > one[there]) - (one[here] < one[there])
            second = (other[here] > other[there]) - (other[here] < other[there])
            agreement += first * second
            untied_one += first != 0
            untied_other += second != 0
    if not untied_one or not untied_other:
        return None
    return CONTEXT.divide(Decimal(agreement), CONTEXT.sqrt(Decimal(untied_one * untied_other)))


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What a group's ranking does when one indicator counts `factor` times as much."""

    indicator: Indicator
    factor: Decimal
    shift: Shift


def sensitivity(copy: Copy, beat: Any = None) -> dict[str, list[Sensitivity]]:
    """Each group's ranking with each of its indicators made lighter and heavier, the others as they are.

    Measured once, scored again: only the indicator and what refers to it is computed anew. What is only reported weighs nothing.
    """
    found: dict[str, list[Sensitivity]] = {code: [] for code in copy.scheme.groups}
    weighing = [one for one in copy.scheme.indicators if not one.report_only]
    for position, indicator in enumerate(weighing, start=1):
        for factor in FACTORS:
            sheets = copy.with_indicator(scaled(copy.scheme, indicator.code, factor), indicator.code)
            for code, group in copy.scheme.groups.items():
                if any(copy.scheme.concerns(indicator.applies_to, kind) for kind in group.subjects):
                    moved = moves(copy.standings[code], copy.ranked(sheets, code))
                    found[code].append(Sensitivity(indicator, factor, shift_of(moved)))
        if beat:
            beat(position, len(weighing))
    return found


def scaled(scheme: Scheme, code: str, factor: Decimal) -> Scheme:
    """The scheme with one indicator weighing `factor` times as much.

    Where the scheme weighs the indicator, its weight is multiplied; else all it brings after every other step, cap included: the
    same as multiplying its full marks and each of its points.
    """
    return replace(
        scheme,
        indicators=tuple(
            _scaled(scheme, one, factor) if one.code == code else one for one in scheme.indicators
        ),
    )


def _scaled(scheme: Scheme, indicator: Indicator, factor: Decimal) -> Indicator:
    if scheme.weights_of(indicator):
        own = indicator.weights or {"": Decimal(1)}
        return replace(
            indicator, weights={name: CONTEXT.multiply(weight, factor) for name, weight in own.items()}
        )
    others = tuple(step for step in indicator.steps if step != "weight")
    return replace(indicator, weights={"": factor}, steps=(*others, "weight"))


def for_year(document: Mapping[str, Any], year: int) -> dict[str, Any]:
    """The scheme document as a rule of another year: its year, first day and the days in conditions move along.

    Lists and exchange rates keep their days: they are what was known when.
    """
    shift = year - int(document["year"])
    found = {key: _moved(value, shift) for key, value in document.items()}
    found["year"] = year
    if "holds_from" in found:
        found["holds_from"] = _day_moved(str(found["holds_from"]), shift)
    return found


def _moved(value: Any, shift: int) -> Any:
    if isinstance(value, Mapping):
        inner = {key: _moved(entry, shift) for key, entry in value.items()}
        if inner.get("attribute") == "on" and "value" in inner:
            inner["value"] = _days_moved(inner["value"], shift)
        return inner
    return [_moved(entry, shift) for entry in value] if isinstance(value, list | tuple) else value


def _days_moved(value: Any, shift: int) -> Any:
    if isinstance(value, list | tuple):
        return [_days_moved(entry, shift) for entry in value]
    return _day_moved(str(value), shift) if isinstance(value, str | date) else value


def _day_moved(text: str, shift: int) -> str:
    """The same day so many years later; 29 February becomes the 28th."""
    if not DAY.fullmatch(text):
        return text
    day = date.fromisoformat(text)
    try:
        return day.replace(year=day.year + shift).isoformat()
    except ValueError:
        return day.replace(year=day.year + shift, day=28).isoformat()


@dataclass(frozen=True, slots=True)
class AwardChange:
    """Who stands for an award under each calculation, by name; `None` on a side whose scheme does not have the award."""

    code: str
    title: str
    warning: bool
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None

    @property
    def gained(self) -> tuple[str, ...]:
        return tuple(name for name in self.after or () if name not in (self.before or ()))

    @property
    def lost(self) -> tuple[str, ...]:
        return tuple(name for name in self.before or () if name not in (self.after or ()))


def award_changes(
    before: tuple[Scheme, Iterable[Candidate]], after: tuple[Scheme, Iterable[Candidate]]
) -> tuple[AwardChange, ...]:
    """The awards of both schemes in their order; whoever a condition passes over does not stand for one."""
    old, new = _standing_for(*before), _standing_for(*after)
    awards = {award.code: award for scheme, _found in (before, after) for award in scheme.awards}
    return tuple(
        AwardChange(code, award.title, award.warning, old.get(code), new.get(code))
        for code, award in awards.items()
    )


def _standing_for(scheme: Scheme, candidates: Iterable[Candidate]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {award.code: [] for award in scheme.awards}
    for candidate in candidates:
        if candidate.status != "passed_over":
            found[candidate.award].append(candidate.subject.name or candidate.subject.code)
    return {code: tuple(names) for code, names in found.items()}


def undecided_items(sheets: Iterable[Sheet]) -> list[tuple[str, int, str]]:
    """Items that cannot be scored: title, for how many subjects, and the first reason given."""
    found: dict[str, tuple[str, int, str]] = {}
    for sheet in sheets:
        for item in sheet.undecided:
            _title, count, reason = found.get(item.code, (item.title, 0, item.undecided_reason))
            found[item.code] = (item.title, count + 1, reason)
    return list(found.values())
