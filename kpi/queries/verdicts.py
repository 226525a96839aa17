"""Which lines count in an item, and which part of its points each brings (每一条得了多少分)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Literal

from kpi.models import LedgerLine, Standing
from kpi.queries.calculation import elapsed_part
from kpi.queries.line_book import LineBook, project_of
from kpi.queries.lines import fact_id
from kpi.queries.measures import SubjectKey, is_measurable, zero
from kpi.queries.sources import Targets, subject_key
from kpi.scoring.evaluate import Entry, targets_of
from kpi.scoring.facts import CreditLine, MeasureValue
from kpi.scoring.item import finish
from kpi.scoring.measures import measure
from kpi.scoring.results import Subject
from kpi.scoring.rounding import CONTEXT, total
from kpi.scoring.rules import Inputs, NotApplicable, Undecided
from kpi.scoring.scheme import Cap, Indicator, Measure, Scheme

#: Two sums of fifty-digit quotients are the same when they agree this far.
SAME = Decimal("1e-20")
Key = tuple[str, str]
Unit = Literal["fact", "project"]


def line_key(line: LedgerLine) -> Key:
    return fact_id(line.achievement_id), line.role


def verdicts_of(indicator: Indicator, book: LineBook, subject: SubjectKey) -> tuple[set[Key], dict[Key, str]]:
    """Which lines make the number, and why the others do not; a line counts when any measure of the rule counts it."""
    used = dict.fromkeys(indicator.uses().measures) or dict.fromkeys(indicator.measures)
    counted: set[Key] = set()
    reasons: dict[Key, str] = {}
    for code in [*used, *(code for code in indicator.measures if code not in used)]:
        definition = indicator.measures.get(code)
        lines = None if definition is None else book.of(subject, definition)
        if definition is None or lines is None:
            continue
        value = measure(definition, lines)
        if code in used:
            counted |= {(line.fact.id, line.role) for line in value.counted}
        for excluded in value.excluded:
            reasons.setdefault((excluded.line.fact.id, excluded.line.role), excluded.reason)
    return counted, reasons


def part_of(line: LedgerLine, unit: Unit | None) -> tuple[str, int]:
    """The fact or project that the line belongs to; a fact without a project stands for itself."""
    if unit == "project" and line.project_id is not None:
        return "project", line.project_id
    return "fact", line.achievement_id


class Parts:
    """Which part of an item's points each line brings, where the rule adds up fact by fact or project by project.

    Asked of the rule itself: what it gives each fact alone must sum to what it gives all together, apart from the `base`
    that it gives without any. Weight, bonus and deduction belong to the points, cap, floor and veto come after them.
    """

    def __init__(
        self,
        scheme: Scheme,
        standing: Standing,
        indicator: Indicator,
        targets: Targets,
        book: LineBook,
        lines: Sequence[LedgerLine],
        counted: set[Key],
    ) -> None:
        self.scheme, self.book, self.key = scheme, book, subject_key(standing)
        self.targets = targets_of(scheme, Entry(Subject("", ""), {}, targets))
        self.indicator = replace(indicator, cap=Cap("none"), floor=None, veto=None)
        self.elapsed = elapsed_part(standing.run.as_of, scheme.elapsed_by)
        self.kept = {line.pk: line for line in lines if line_key(line) in counted}
        self.lines = self._lines()
        self.base, self.unit, self.found = self._search()
        self.shares: dict[tuple[str, int], Decimal] = {}
        for line in self.kept.values():
            part = part_of(line, self.unit)
            self.shares[part] = CONTEXT.add(self.shares.get(part, Decimal(0)), line.share)

    def points(self, line: LedgerLine) -> Decimal | None:
        """The line's part of the points of its fact or project, by the shares of the subject's lines of it."""
        part = part_of(line, self.unit)
        if part not in self.found or line.pk not in self.kept:
            return None
        whole = self.shares[part]
        return CONTEXT.divide(CONTEXT.multiply(self.found[part], line.share), whole) if whole else Decimal(0)

    def _search(self) -> tuple[Decimal, Unit | None, dict[tuple[str, int], Decimal]]:
        """The base, what points are given for, and the points of each; nothing where the rule does not add up."""
        units: tuple[Unit, Unit] = ("fact", "project")
        lines = list(self.kept.values())
        try:
            base, together = self._of([]), self._of(lines)
            for unit in units:
                by_part: dict[tuple[str, int], list[LedgerLine]] = {}
                for line in lines:
                    by_part.setdefault(part_of(line, unit), []).append(line)
                alone = {part: CONTEXT.subtract(self._of(own), base) for part, own in by_part.items()}
                if abs(CONTEXT.subtract(total([base, *alone.values()]), together)) <= SAME:
                    return base, unit, alone
        except (Undecided, NotApplicable, InvalidOperation):
            pass
        return Decimal(0), None, {}

    def _lines(self) -> dict[str, dict[Key, list[CreditLine]]]:
        """The credit lines that each measure of facts looks at, by fact and role."""
        found: dict[str, dict[Key, list[CreditLine]]] = {}
        for code, definition in self.indicator.measures.items():
            lines = self.book.of(self.key, definition) if is_measurable(definition) else None
            if lines is not None:
                by_key = found[code] = defaultdict(list)
                for line in lines:
                    by_key[line.fact.id, line.role].append(line)
        return found

    def _of(self, lines: Sequence[LedgerLine]) -> Decimal:
        """The points of any selection of lines, before cap, floor and veto."""
        inputs = self._inputs(dict.fromkeys(line_key(line) for line in lines))
        raw = self.indicator.rule.compute(inputs)
        return finish(self.indicator, raw, self._weight(), inputs).value

    def _weight(self) -> Decimal | None:
        weights = self.scheme.weights_of(self.indicator)
        if weights and "" not in weights:
            raise Undecided
        return weights.get("")

    def _inputs(self, chosen: Iterable[Key]) -> Inputs:
        measures = self.indicator.measures
        own = {
            code: [line for key in chosen for line in by_key.get(key, ())]
            for code, by_key in self.lines.items()
        }
        values = {
            code: measure(measures[code], lines) if lines else zero(measures[code])
            for code, lines in own.items()
        }
        return Inputs(
            values,
            self.targets,
            self.elapsed,
            measures,
            self.scheme.targets,
            projects=lambda: _cards(measures, own),
        )


def _cards(
    measures: Mapping[str, Measure], own: Mapping[str, Sequence[CreditLine]]
) -> dict[str, dict[str, MeasureValue]]:
    """The measures of each project of the chosen lines."""
    projects = {project_of(line) for lines in own.values() for line in lines}
    return {
        project: {
            code: measure(measures[code], [line for line in lines if project_of(line) == project])
            for code, lines in own.items()
        }
        for project in sorted(projects)
    }
