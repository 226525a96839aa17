"""What a calculation adds to the measures of its statements: what people reported, and what only lines can tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kpi.queries.circumstances import circumstances_of, fingerprinted
from kpi.queries.inputs import (
    Inputs,
    ballots_of,
    categories_of,
    confirmed_inputs,
    owed_by_project,
    owed_measures,
    reported_projects,
    reported_values,
)
from kpi.queries.line_book import Cards, LineBook, cards_by_lines, line_book, measures_by_lines, needs_cards
from kpi.queries.measures import Extent, SubjectKey
from kpi.queries.roster import Assessed
from kpi.scoring.circumstances import NOTHING_KNOWN, Circumstances
from kpi.scoring.facts import MeasureValue
from kpi.scoring.owed import Owner
from kpi.scoring.scheme import Measure, Scheme

Owing = Mapping[tuple[str, bool], dict[str, Measure]]
Values = dict[str, MeasureValue]


@dataclass(slots=True)
class Gathered:
    """Inputs and lines of one calculation, and what its scheme owes: by owner, and whether the subject is credited for facts."""

    inputs: Inputs = field(default_factory=Inputs)
    book: LineBook = field(default_factory=LineBook)
    owed: Owing = field(default_factory=dict)
    by_project: Owing = field(default_factory=dict)
    circumstances: Mapping[SubjectKey, Circumstances] = field(default_factory=dict)


def gather(scheme: Scheme, extent: Extent) -> Gathered:
    """Read everything that is not a fact of this year, and the lines that statements do not measure."""
    inputs = confirmed_inputs(scheme, extent.as_of)
    both = [(owner, credited) for owner in scheme.owners for credited in (True, False)]
    return Gathered(
        inputs=inputs,
        book=line_book(scheme, extent, inputs),
        owed={(owner.code, credited): owed_measures(owner, credited=credited) for owner, credited in both},
        by_project={
            (owner.code, credited): owed_by_project(owner, credited=credited) for owner, credited in both
        },
        circumstances=circumstances_of(scheme, extent.as_of),
    )


def completed(gathered: Gathered, owner: Owner, one: Assessed, values: Values) -> Values:
    """A subject's measures of one owner: `values` of the statements with what lines tell and what people reported.

    Of a subject that is not credited for facts nothing is counted, so that what nobody reported is owed and not zero.
    """
    found = dict(values) if one.is_credited else {}
    if one.is_credited:
        for code, value in measures_by_lines(gathered.book, owner, one.key).items():
            if value is None:
                found.pop(code, None)
            else:
                found[code] = value
    owed = gathered.owed[owner.code, one.is_credited]
    return found | reported_values(gathered.inputs, owner, one.key, owed)


def entry_parts(gathered: Gathered, scheme: Scheme, one: Assessed, until: date) -> dict[str, Any]:
    """Everything an entry holds beside measures and targets, by the names of its fields."""
    inputs = gathered.inputs
    projects = {}
    for owner in scheme.owners:
        if owed := gathered.by_project[owner.code, one.is_credited]:
            projects[owner.code] = reported_projects(inputs, owner, one.key, owed)
    return {
        "lines": gathered.book.lines.get(one.key, ()) if one.is_credited else (),
        "ballots": ballots_of(inputs, one.key),
        "choices": inputs.choices.get(one.key, {}),
        "categories": categories_of(inputs, scheme, one.key, until),
        "projects": projects,
        "circumstances": gathered.circumstances.get(one.key, NOTHING_KNOWN),
        "cards": {
            owner.code: _with_reported(
                cards_by_lines(gathered.book, owner, one.key), projects.get(owner.code, {})
            )
            for owner in scheme.owners
            if one.is_credited and needs_cards(owner)
        },
    }


def _with_reported(cards: Cards, reported: Cards) -> Cards:
    return {project: cards.get(project, {}) | reported.get(project, {}) for project in {**cards, **reported}}


def projects_behind(gathered: Gathered) -> set[str]:
    """The projects that lines or reported figures name, by the identifier the facts use."""
    lines = [*gathered.book.lines.values(), *gathered.book.earlier.values()]
    counted = {line.fact.project for own in lines for line in own if line.fact.project}
    reported = {
        project
        for owners in gathered.inputs.reported.values()
        for projects in owners.values()
        for project in projects
        if project
    }
    return counted | reported


def fingerprint_part(gathered: Gathered) -> dict[str, Any]:
    """What of the gathered decides the result, beside the ledger of the year."""
    found: dict[str, Any] = {"inputs": gathered.inputs.digest, "earlier": sorted(gathered.book.runs.items())}
    if gathered.circumstances:
        found["circumstances"] = fingerprinted(gathered.circumstances)
    if gathered.book.investors:
        found["investors"] = gathered.book.investors
    return found
