"""What a calculation would be if more facts were recognised (试算): the same engine on a copy.

Only what the added facts can change is computed again; the rest of the whole calculation is taken over as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kpi.scoring.awards import candidates
from kpi.scoring.beside import Beside, beside_of
from kpi.scoring.evaluate import Entry, Evaluation
from kpi.scoring.facts import AttributeValue, CreditLine, MeasureValue
from kpi.scoring.measures import measure
from kpi.scoring.outcomes import outcomes
from kpi.scoring.ranking import rank
from kpi.scoring.results import Item, Sheet, Standing
from kpi.scoring.rounding import CONTEXT
from kpi.scoring.scheme import Measure, Scheme

ZERO = Decimal(0)


class Copy:
    """A whole calculation to which changes are tried out, each on its own; nothing here is ever altered."""

    def __init__(self, scheme: Scheme, entries: Iterable[Entry], elapsed: Decimal) -> None:
        self.scheme, self.elapsed = scheme, elapsed
        self.entries = {entry.subject.code: entry for entry in entries}
        self.evaluation = Evaluation(scheme, self.entries.values(), elapsed)
        self.sheets = {code: self.evaluation.sheet(code) for code in self.entries}
        self.standings = {code: self.ranked(self.sheets, code) for code in scheme.groups}
        self._compared = depending(scheme, {one.code for one in scheme.indicators if one.uses().relative})

    def ranked(self, sheets: Mapping[str, Sheet], group: str) -> tuple[Standing, ...]:
        """The standings of a group on these sheets."""
        return rank(sheets.values(), self.scheme.groups[group])

    def with_entries(self, changed: Mapping[str, Entry]) -> dict[str, Sheet]:
        """All sheets when some subjects' entries are others: theirs, and what compares their peers with them."""
        if not changed:
            return self.sheets
        groups = {self._group(entry) for entry in changed.values()} if self._compared else set()
        peers = {code for code, entry in self.entries.items() if self._group(entry) in groups}
        kept = {
            (code, item.code): item
            for code, sheet in self.sheets.items()
            if code not in changed
            for item in sheet.items
            if not (code in peers and item.code in self._compared)
        }
        # Where nothing is compared, nobody's figures are needed but the changed subjects' own.
        entries = {**self.entries, **changed} if self._compared else dict(changed)
        evaluation = Evaluation(self.scheme, entries.values(), self.elapsed, kept)
        touched = {*changed, *peers}
        return {
            code: evaluation.sheet(code) if code in touched else sheet for code, sheet in self.sheets.items()
        }

    def with_indicator(self, scheme: Scheme, code: str) -> dict[str, Sheet]:
        """All sheets under a scheme that differs in this indicator only."""
        again = depending(scheme, {code})
        kept = {
            (subject, item.code): item
            for subject, sheet in self.sheets.items()
            for item in sheet.items
            if item.code not in again
        }
        evaluation = Evaluation(scheme, self.entries.values(), self.elapsed, kept)
        return {subject: evaluation.sheet(subject) for subject in self.entries}

    def beside(self, sheets: Mapping[str, Sheet], changed: Mapping[str, Entry]) -> dict[str, Beside]:
        """What stands beside everybody's score on these sheets: gates ask the changed entries, items are as they are."""
        entries = {**self.entries, **changed}
        known = {(code, item.code): item for code, sheet in sheets.items() for item in sheet.items}
        evaluation = Evaluation(self.scheme, entries.values(), self.elapsed, known)
        standings = {code: self.ranked(sheets, code) for code in self.scheme.groups}
        found = outcomes(self.scheme, evaluation, standings)
        return beside_of(found, candidates(self.scheme, standings, self.elapsed, found, evaluation))

    def _group(self, entry: Entry) -> str:
        group = self.scheme.group_of(entry.subject.kind)
        return group.code if group else ""


def depending(scheme: Scheme, codes: set[str]) -> set[str]:
    """The indicators of these codes with all that refer to them, directly or through others."""
    found = set(codes)
    while more := {
        one.code for one in scheme.indicators if one.code not in found and found & set(one.uses().items)
    }:
        found |= more
    return found


def entry_with(
    scheme: Scheme, entry: Entry, near: Sequence[CreditLine], added: Sequence[CreditLine]
) -> Entry:
    """The entry with lines added to the subject's credit.

    `near` are the lines it already has of the same projects: what a fact counts never depends on another project, but for
    measures that take only so many facts of a time; those are counted anew from `entry.lines`.
    """
    kinds = {line.fact.kind for line in added}
    measures = {owner: dict(values) for owner, values in entry.measures.items()}
    for owner in scheme.owners:
        values = measures.get(owner.code, {})
        for code, definition in owner.measures.items():
            if kinds & set(definition.kinds) and code in values:
                values[code] = _value_with(definition, values[code], entry.lines, near, added)
    return replace(entry, measures=measures, lines=(*entry.lines, *added))


def _value_with(
    definition: Measure,
    value: MeasureValue,
    lines: Sequence[CreditLine],
    near: Sequence[CreditLine],
    added: Sequence[CreditLine],
) -> MeasureValue:
    if definition.at_most is not None:
        return measure(definition, [*lines, *added])
    before, after = measure(definition, near), measure(definition, [*near, *added])
    bands = {
        code: CONTEXT.add(value.bands.get(code, ZERO), CONTEXT.subtract(number, before.bands.get(code, ZERO)))
        for code, number in after.bands.items()
    }
    difference = CONTEXT.subtract(after.value, before.value)
    return MeasureValue(CONTEXT.add(value.value, difference), bands)


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item of a subject before and after."""

    before: Item
    after: Item

    @property
    def difference(self) -> Decimal:
        """The points it gains; what is not scored counts nothing."""
        return CONTEXT.subtract(self.after.points or ZERO, self.before.points or ZERO)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to one subject: totals, places in its group and the items that differ."""

    before: Sheet
    after: Sheet
    place_before: int
    place_after: int
    size: int
    items: tuple[ItemChange, ...]

    @property
    def difference(self) -> Decimal:
        """The published total gained, in the digits of the scheme."""
        return CONTEXT.subtract(self.after.total, self.before.total)

    @property
    def exact_difference(self) -> Decimal:
        return CONTEXT.subtract(self.after.exact_total, self.before.exact_total)

    @property
    def places_gained(self) -> int:
        return self.place_before - self.place_after


def effect_of(copy: Copy, sheets: Mapping[str, Sheet], subject: str) -> Effect:
    """What the change behind the sheets does to the subject."""
    before, after = copy.sheets[subject], sheets[subject]
    group = copy.scheme.group_of(before.subject.kind)
    if group is None:
        raise ValueError(f"{subject} is in no group")
    old = copy.standings[group.code]
    new = old if sheets is copy.sheets else copy.ranked(sheets, group.code)
    return Effect(
        before,
        after,
        place_of(old, subject),
        place_of(new, subject),
        len(new),
        tuple(
            ItemChange(one, other)
            for one, other in zip(before.items, after.items, strict=True)
            if one != other
        ),
    )


def place_of(standings: Iterable[Standing], subject: str) -> int:
    """The subject's place among the standings."""
    return next(one.place for one in standings if one.sheet.subject.code == subject)


def next_better(standings: Sequence[Standing], subject: str) -> Standing | None:
    """The standing just ahead of the subject: the last of the next better place; None for the first."""
    own = place_of(standings, subject)
    better = [one for one in standings if one.place < own]
    return better[-1] if better else None


@dataclass(frozen=True, slots=True)
class Example:
    """The smallest fact that a measure counts: its kind, amount (in the measured field) and attributes."""

    kind: str
    amount: Decimal | None
    attributes: Mapping[str, AttributeValue]


def example_of(definition: Measure) -> Example | None:
    """A fact that passes all conditions of a measure with the least amount they ask for.

    None where no fact can be made up: a condition on a day or a list, or an amount below a limit.
    """
    attributes: dict[str, AttributeValue] = {}
    least: list[Decimal] = [
        band.from_ for band in definition.bands[:1] if band.from_ is not None and band.includes_from
    ]
    for one in definition.where:
        if one.attribute == "amount" and one.operator == "gte" and isinstance(one.value, Decimal):
            least.append(one.value)
        elif one.operator in ("eq", "in") and one.attribute not in ("amount", "on"):
            attributes[one.attribute] = one.value[0] if isinstance(one.value, tuple) else one.value
        else:
            return None
    if definition.bands and not least:
        return None
    amount = CONTEXT.multiply(max(least), definition.divisor) if least else None
    return Example(definition.kinds[0], amount, attributes) if definition.kinds else None


def shortfall_of(item: Item) -> Decimal | None:
    """What is missing to the year's target of the item's progress, in the target's unit; None when it is met or unknown."""
    if item.target is None or item.actual is None:
        return None
    missing = CONTEXT.subtract(item.target, item.actual)
    return missing if missing > 0 else None
