"""From measures and targets to sheets (考核表): each item with its points, status and explanation.

Absolute items need one subject only; relative ones need the frozen group, so all subjects are evaluated together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from kpi.scoring.circumstances import NOTHING_KNOWN, Circumstances
from kpi.scoring.explain import explain
from kpi.scoring.facts import Ballot, Choice, CreditLine, MeasureValue
from kpi.scoring.group import Members, project_values
from kpi.scoring.item import finish
from kpi.scoring.results import Figure, Item, Sheet, Subject
from kpi.scoring.rounding import CONTEXT, total
from kpi.scoring.rules import Inputs, NotApplicable, Undecided
from kpi.scoring.scheme import Gate, Indicator, Measure, Scheme
from kpi.scoring.steps import Step, known

Measured = Mapping[str, Mapping[str, MeasureValue]]
Targets = Mapping[str, Decimal | None]
ZERO = Decimal(0)
TOO_LARGE = "数值过大，超出可精确计算的范围；请核对录入的数值和单位。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One subject with everything that is known of it: `measures` by indicator (or gate) and measure code.

    `lines` serve rules that look at projects one by one; `projects` are their measures given ready, by indicator.
    `cards` are whole ones, by indicator: where they are given, no lines are counted project by project.
    `categories` are its categories with the part of the year that counts for each. `names` are those of projects.
    `circumstances` are for awards.
    """

    subject: Subject
    measures: Measured
    targets: Targets
    lines: Sequence[CreditLine] = ()
    projects: Mapping[str, Mapping[str, Mapping[str, MeasureValue]]] = field(default_factory=dict)
    ballots: Mapping[str, Sequence[Ballot]] = field(default_factory=dict)
    choices: Mapping[str, Choice] = field(default_factory=dict)
    categories: tuple[tuple[str, Decimal], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    cards: Mapping[str, Mapping[str, Mapping[str, MeasureValue]]] = field(default_factory=dict)
    circumstances: Circumstances = NOTHING_KNOWN


class Evaluation:
    """All subjects of a scheme: items are computed on demand and once, so that one may refer to another.

    `known` are items, by subject and indicator, that are known to be the same as in another evaluation.
    """

    def __init__(
        self,
        scheme: Scheme,
        entries: Iterable[Entry],
        elapsed: Decimal,
        known: Mapping[tuple[str, str], Item] | None = None,
    ) -> None:
        self.scheme, self.elapsed = scheme, elapsed
        self.entries = {entry.subject.code: entry for entry in entries}
        self._indicators = {indicator.code: indicator for indicator in scheme.indicators}
        self._members: dict[tuple[str, str], Members] = {}
        self._items: dict[tuple[str, str], Item] = dict(known or {})

    def sheet(self, code: str) -> Sheet:
        """The sheet of one subject."""
        items = tuple(self.item(code, indicator) for indicator in self.scheme.indicators)
        return _sheet(self.scheme, self.entries[code], items)

    def item(self, code: str, indicator: Indicator) -> Item:
        key = (code, indicator.code)
        if key not in self._items:
            self._items[key] = self._scored(self.entries[code], indicator)
        return self._items[key]

    def inputs_of(self, code: str, indicator: Indicator) -> Inputs:
        """What the indicator's rule reads for the subject, its frozen group included."""
        return self._peers(indicator, self.entries[code]).inputs[code]

    def gate_inputs(self, code: str, gate: Gate) -> Inputs:
        """What a gate reads for the subject, its frozen group included."""
        return self._peers(gate, self.entries[code]).inputs[code]

    def holds(self, code: str, gate: Gate) -> tuple[bool | None, str]:
        """Whether a gate's condition holds for a subject; None and a sentence when the figures do not tell."""
        inputs = self.gate_inputs(code, gate)
        try:
            return gate.condition.holds(inputs), ""
        except Undecided as undecided:
            return None, str(undecided)
        except NotApplicable:
            return False, ""
        except InvalidOperation:
            return None, TOO_LARGE

    def _scored(self, entry: Entry, indicator: Indicator) -> Item:
        if not self.scheme.concerns(indicator.applies_to, entry.subject.kind):
            return _item(indicator, "not_applicable")
        inputs = self.inputs_of(entry.subject.code, indicator)
        try:
            weight = weight_of(self.scheme, indicator, entry)
            raw = indicator.rule.compute(inputs)
            held = finish(indicator, raw, weight, inputs)
            rounding = indicator.rounding or self.scheme.rounding
            points = rounding.apply(held.value)
            words = explain(held, points, rounding)
        except Undecided as undecided:
            return _item(indicator, "undecided", inputs, reason=str(undecided))
        except NotApplicable:
            return _item(indicator, "not_applicable", inputs)
        except InvalidOperation:
            return _item(indicator, "undecided", inputs, reason=TOO_LARGE)
        numbers = (raw.value, held.value, points)
        return _item(indicator, "scored", inputs, numbers=numbers, explanation=words)

    def _peers(self, owner: Indicator | Gate, entry: Entry) -> Members:
        """The frozen group of an indicator or gate: the subjects ranked together, as far as it applies to them."""
        group = self.scheme.group_of(entry.subject.kind)
        key = (owner.code, group.code if group else "")
        if key in self._members:
            return self._members[key]
        members = self._members[key] = Members()
        for other in self.entries.values():
            kind = other.subject.kind
            if self.scheme.group_of(kind) is group and self.scheme.concerns(owner.applies_to, kind):
                members.add(other.subject.code, self._plain(other, owner.code, owner.measures))
        if isinstance(owner, Indicator):
            members.bar(lambda code: self._weightless(owner, code))
        return members

    def _weightless(self, indicator: Indicator, code: str) -> bool:
        """Whether the indicator has weight 0 for the subject, which then is no peer in it."""
        try:
            return weight_of(self.scheme, indicator, self.entries[code]) == 0
        except (Undecided, NotApplicable):
            return True

    def _plain(self, entry: Entry, owner: str, measures: Mapping[str, Measure]) -> Inputs:
        """The inputs of one subject for one indicator or gate, without its group."""
        return Inputs(
            values=entry.measures.get(owner, {}),
            targets=targets_of(self.scheme, entry),
            elapsed=self.elapsed,
            measures=measures,
            target_list=self.scheme.targets,
            subject=entry.subject.code,
            projects=lambda: _cards(entry, owner, measures),
            ballots=entry.ballots,
            choices=entry.choices,
            categories=entry.categories,
            names={**self.scheme.categories, **entry.names},
            item=lambda code: self._other(entry, code),
        )

    def _other(self, entry: Entry, code: str) -> Step:
        """The unrounded points of another item of the same subject."""
        if code == "total":
            return self._total(entry)
        item = self.item(entry.subject.code, self._indicators[code])
        if item.status == "not_applicable":
            raise NotApplicable
        if item.exact is None:
            raise Undecided(f"“{item.title}”未定，本项随之未定。")
        return known(item.exact, item.title)

    def _total(self, entry: Entry) -> Step:
        """The unrounded total, for gates only; undecided as long as an item of it is."""
        sheet = self.sheet(entry.subject.code)
        if sheet.undecided:
            raise Undecided(f"“{sheet.undecided[0].title}”未定，总分未定。")
        return known(sheet.exact_total, "总分")


def _cards(
    entry: Entry, owner: str, measures: Mapping[str, Measure]
) -> Mapping[str, Mapping[str, MeasureValue]]:
    """The measures of each project: as given whole, else counted from the lines with those given ready put in."""
    if owner in entry.cards:
        return entry.cards[owner]
    return project_values(measures, entry.lines, entry.projects.get(owner))


def evaluate(
    scheme: Scheme, subject: Subject, measures: Measured, targets: Targets, elapsed: Decimal
) -> Sheet:
    """The sheet of one subject alone: a relative item is then in a group of one.

    A measure that is absent is an input somebody owes: its item is undecided. Nothing achieved is a zero.
    """
    return Evaluation(scheme, [Entry(subject, measures, targets)], elapsed).sheet(subject.code)


def weight_of(scheme: Scheme, indicator: Indicator, entry: Entry) -> Decimal | None:
    """The weight of the indicator for the subject; None without weights. Raises NotApplicable for weight 0."""
    weights = scheme.weights_of(indicator)
    if not weights:
        return None
    if "" in weights:
        found = weights[""]
    elif not entry.categories:
        raise Undecided("未登记考核类别，无法确定权重；请补录。")
    else:
        found = ZERO
        for name, part in entry.categories:
            if name not in weights:
                raise Undecided(f"细则没有写“{scheme.categories.get(name, name)}”的权重。")
            found = CONTEXT.add(found, CONTEXT.multiply(weights[name], part))
    if found == 0:
        raise NotApplicable
    return found


def targets_of(scheme: Scheme, entry: Entry) -> Targets:
    """The subject's targets; where it has none of its own, the default of its category or of all."""
    found = dict(entry.targets)
    for code, target in scheme.targets.items():
        if found.get(code) is not None or not target.default:
            continue
        if "" in target.default:
            found[code] = target.default[""]
        elif entry.categories and all(name in target.default for name, _ in entry.categories):
            parts = (CONTEXT.multiply(target.default[name], part) for name, part in entry.categories)
            found[code] = total(parts)
    return found


def _item(
    indicator: Indicator,
    status: str,
    inputs: Inputs | None = None,
    *,
    numbers: tuple[Decimal, Decimal, Decimal] | None = None,
    explanation: str = "",
    reason: str = "",
) -> Item:
    raw, exact, points = numbers or (None, None, None)
    actual, target, timed, progress = _progress(indicator, inputs) if inputs else (None, None, None, None)
    return Item(
        code=indicator.code,
        title=indicator.title,
        clause=indicator.clause,
        status=status,  # type: ignore[arg-type]
        raw=raw,
        exact=exact,
        points=points,
        full_marks=indicator.full_marks,
        actual=actual,
        target=target,
        timed_target=timed,
        progress=progress,
        explanation=explanation,
        unit=indicator.measures[indicator.progress.of].unit if indicator.progress else "",
        undecided_reason=reason,
        report_only=indicator.report_only,
        figures=_figures(indicator, inputs) if inputs else (),
    )


Four = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]


def _progress(indicator: Indicator, inputs: Inputs) -> Four:
    """Actual, target, time-proportional target and actual ÷ target, as far as they are known."""
    if indicator.progress is None:
        return None, None, None, None
    found = _value(indicator.progress.of, inputs)
    actual = found.value if found else None
    target = inputs.targets.get(indicator.progress.target)
    timed = CONTEXT.multiply(target, inputs.elapsed) if target is not None else None
    progress = CONTEXT.divide(actual, target) if actual is not None and target else None
    return actual, target, timed, progress


def _value(code: str, inputs: Inputs) -> MeasureValue | None:
    """The measure, a computed one included; None when it is not known."""
    if code in inputs.values:
        return inputs.values[code]
    try:
        return MeasureValue(inputs.measured(code))
    except (Undecided, NotApplicable, InvalidOperation):
        return None


def _figures(indicator: Indicator, inputs: Inputs) -> tuple[Figure, ...]:
    found = [(definition, _value(code, inputs)) for code, definition in indicator.measures.items()]
    return tuple(
        Figure(
            code=definition.code,
            title=definition.title,
            value=value.value,
            unit=definition.unit,
            bands=tuple((band.title, value.bands.get(band.code, ZERO)) for band in definition.bands),
        )
        for definition, value in found
        if value is not None
    )


def _sheet(scheme: Scheme, entry: Entry, items: tuple[Item, ...]) -> Sheet:
    total = ZERO
    for item in items:
        number = item.points if scheme.rounding.when == "item" else item.exact
        if number is not None and not item.report_only:
            total = CONTEXT.add(total, number)
    lowest, highest = _bounds(scheme, entry, items, total)
    return Sheet(entry.subject, items, scheme.rounding.apply(total), total, lowest, highest)


def _bounds(
    scheme: Scheme, entry: Entry, items: tuple[Item, ...], total: Decimal
) -> tuple[Decimal | None, Decimal | None]:
    """Between which totals the sheet will lie once all items are decided; None where nothing holds it."""
    by_code = {indicator.code: indicator for indicator in scheme.indicators}
    lowest: Decimal | None = total
    highest: Decimal | None = total
    for item in items:
        if item.status != "undecided" or item.report_only:
            continue
        indicator = by_code[item.code]
        ceiling, floor = indicator.cap.limit(indicator.full_marks), indicator.floor
        if indicator.bonus or indicator.deduction or indicator.veto or scheme.weights_of(indicator):
            ceiling = floor = None
        lowest = None if lowest is None or floor is None else CONTEXT.add(lowest, floor)
        highest = None if highest is None or ceiling is None else CONTEXT.add(highest, ceiling)
    return lowest, highest


def elapsed_part(year: int, on: date, by: str = "days") -> Decimal:
    """The part of the year that is over at the end of the day `on`: 0 before the year, 1 after it.

    By days, or by whole months that are over.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    if by == "months":
        following = min(max(on, date(year - 1, 12, 31)), last).toordinal() + 1
        after = date.fromordinal(following)
        return CONTEXT.divide(Decimal((after.year - year) * 12 + after.month - 1), Decimal(12))
    days = min(max((on - first).days + 1, 0), (last - first).days + 1)
    return CONTEXT.divide(Decimal(days), Decimal((last - first).days + 1))
