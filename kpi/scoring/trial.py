"""A trial run (试算): a scheme applied to a file of facts, from credit lines to award candidates."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kpi.scoring.awards import candidates
from kpi.scoring.evaluate import Entry, Evaluation
from kpi.scoring.facts import CreditLine, Excluded, MeasureValue
from kpi.scoring.facts_document import FactsDocument
from kpi.scoring.fingerprint import fingerprint
from kpi.scoring.measures import measure
from kpi.scoring.outcomes import outcomes
from kpi.scoring.ranking import rank
from kpi.scoring.results import Candidate, Item, Outcome, Sheet, Standing
from kpi.scoring.rounding import plain
from kpi.scoring.scheme import Indicator, Measure, Scheme

Measured = Mapping[str, Mapping[str, MeasureValue]]


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything a trial run found."""

    scheme: Scheme
    facts: FactsDocument
    sheets: tuple[Sheet, ...]
    measured: Mapping[str, Measured]
    standings: Mapping[str, tuple[Standing, ...]]
    candidates: tuple[Candidate, ...]
    outcomes: tuple[Outcome, ...] = ()


Beat = Callable[[str, int, int], None]


def silent(stage: str, done: int, size: int) -> None:
    """No progress."""


def try_out(scheme: Scheme, facts: FactsDocument, beat: Beat = silent) -> Trial:
    """The whole calculation, in the order of the product: measures, sheets, standings, candidates.

    `beat` hears of each stage and how far it is.
    """
    size = len(facts.assessed)
    measured: dict[str, Measured] = {}
    for position, one in enumerate(facts.assessed, start=1):
        measured[one.subject.code] = _measured(scheme, one, facts)
        beat("计量", position, size)
    entries = [replace(entry, measures=measured[entry.subject.code]) for entry in facts.assessed]
    evaluation = Evaluation(scheme, entries, facts.elapsed)
    sheets = []
    for position, one in enumerate(facts.assessed, start=1):
        sheets.append(evaluation.sheet(one.subject.code))
        beat("计分", position, size)
    standings = {code: rank(sheets, group) for code, group in scheme.groups.items()}
    beside = outcomes(scheme, evaluation, standings)
    found = candidates(scheme, standings, facts.elapsed, beside, evaluation)
    beat("排名与评定", size, size)
    return Trial(scheme, facts, tuple(sheets), measured, standings, found, beside)


def _measured(scheme: Scheme, entry: Entry, facts: FactsDocument) -> Measured:
    """Measures counted from the file's facts, where it lists any; values given ready come first."""
    later = [line for line in facts.later if line.subject == entry.subject.code]
    found: dict[str, dict[str, MeasureValue]] = {}
    for owner in scheme.owners:
        values = dict(entry.measures.get(owner.code, {}))
        for code, definition in owner.measures.items():
            if facts.lists_facts and definition.kinds and code not in values:
                counted = measure(definition, entry.lines)
                values[code] = replace(
                    counted, excluded=(*counted.excluded, *_too_late(definition, later, facts.until))
                )
        found[owner.code] = values
    return found


def _too_late(definition: Measure, lines: Iterable[CreditLine], until: date) -> Iterator[Excluded]:
    """The lines of a measure's kinds after the day of the file, each with the sentence that says so."""
    for line in sorted(lines, key=lambda one: (one.fact.on, one.fact.id, one.role)):
        if line.fact.kind in definition.kinds:
            on, day = line.fact.on.isoformat(), until.isoformat()
            yield Excluded(line, f"发生在 {on}，晚于截至日 {day}。")


def as_document(trial: Trial) -> dict[str, Any]:
    """The trial as plain JSON values; every number is text, so that no reader makes it inexact."""
    scheme = trial.scheme
    return {
        "scheme": {"code": scheme.code, "title": scheme.title, "year": scheme.year},
        "warnings": list(scheme.warnings),
        "elapsed": plain(trial.facts.elapsed),
        "fingerprint": fingerprint([scheme, trial.facts]),
        "sheets": [_sheet(trial, sheet) for sheet in trial.sheets],
        "standings": {code: [_standing(entry) for entry in found] for code, found in trial.standings.items()},
        "awards": [_candidate(entry) for entry in trial.candidates],
        "outcomes": [_outcome(entry) for entry in trial.outcomes],
    }


def _sheet(trial: Trial, sheet: Sheet) -> dict[str, Any]:
    measured = trial.measured[sheet.subject.code]
    return {
        "subject": sheet.subject.code,
        "name": sheet.subject.name,
        "kind": sheet.subject.kind,
        "total": plain(sheet.total),
        "undecided": len(sheet.undecided),
        "items": [
            _item(item, indicator, measured[item.code])
            for item, indicator in zip(sheet.items, trial.scheme.indicators, strict=True)
        ],
    }


def _item(item: Item, indicator: Indicator, measured: Mapping[str, MeasureValue]) -> dict[str, Any]:
    numbers = {
        name: None if value is None else plain(value)
        for name, value in (
            ("raw", item.raw),
            ("points", item.points),
            ("full_marks", item.full_marks),
            ("actual", item.actual),
            ("target", item.target),
            ("timed_target", item.timed_target),
            ("progress", item.progress),
        )
    }
    return {
        "code": item.code,
        "title": item.title,
        "clause": item.clause,
        "status": item.status,
        **numbers,
        "report_only": item.report_only,
        "explanation": item.explanation,
        "undecided_reason": item.undecided_reason,
        "excluded": [
            {"measure": code, "fact": entry.line.fact.id, "role": entry.line.role, "reason": entry.reason}
            for code, entry in left_out(indicator, measured)
        ],
    }


def left_out(indicator: Indicator, measured: Mapping[str, MeasureValue]) -> Iterator[tuple[str, Excluded]]:
    """What does not count in a measure of the rule, nor in another one of the same rule."""
    used = {code: measured[code] for code in dict.fromkeys(indicator.uses().measures) if code in measured}
    counted = {(line.fact.id, line.role) for value in used.values() for line in value.counted}
    for code, value in used.items():
        for entry in value.excluded:
            if (entry.line.fact.id, entry.line.role) not in counted:
                yield code, entry


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "place": standing.place,
        "subject": standing.sheet.subject.code,
        "name": standing.sheet.subject.name,
        "total": plain(standing.sheet.total),
        "tied": standing.tied,
        "undecided": standing.undecided,
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "award": candidate.award,
        "title": candidate.title,
        "subject": candidate.subject.code,
        "name": candidate.subject.name,
        "place": candidate.place,
        "status": candidate.status,
        "tied_with": list(candidate.tied_with),
        "reason": candidate.reason,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "subject": outcome.subject.code,
        "name": outcome.subject.name,
        "eligible": outcome.eligible,
        "barred": list(outcome.barred),
        "grade": outcome.grade,
        "cards": list(outcome.cards),
        "reasons": list(outcome.reasons),
    }
