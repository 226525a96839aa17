"""What people gave a year's assessment, as the calculation reads it: only what a second person confirmed counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from kpi.models import AssessmentInput, InputKind, InputState
from kpi.queries.lines import fact_id
from kpi.queries.measures import SubjectKey, is_measurable
from kpi.scoring.facts import Ballot, Choice, MeasureValue
from kpi.scoring.held import held_categories
from kpi.scoring.owed import Counts, Owner, reported_by_project, reported_of
from kpi.scoring.rounding import plain, total
from kpi.scoring.scheme import Measure, Scheme

Values = dict[str, dict[str, MeasureValue]]
#: Figures as they were reported: subject → owner → project ("" for none) → measure → band ("" for none).
Reported = dict[SubjectKey, dict[str, dict[str, dict[str, dict[str, Decimal]]]]]


@dataclass(slots=True)
class Inputs:
    """The confirmed inputs of a year by subject, and the exchange rates by currency in the order of their days."""

    ballots: dict[SubjectKey, dict[str, list[Ballot]]] = field(default_factory=dict)
    choices: dict[SubjectKey, dict[str, Choice]] = field(default_factory=dict)
    categories: dict[SubjectKey, dict[date, str]] = field(default_factory=dict)
    reported: Reported = field(default_factory=dict)
    rates: dict[str, dict[date, Decimal]] = field(default_factory=dict)
    digest: list[list[str]] = field(default_factory=list)


def confirmed_inputs(scheme: Scheme, until: date) -> Inputs:
    """What is confirmed for the scheme's year; categories and rates of earlier years hold on until newer ones do."""
    found = Inputs()
    confirmed = AssessmentInput.objects.filter(state=InputState.CONFIRMED, year__lte=scheme.year)
    rows = confirmed.exclude(year__lt=scheme.year, kind__in=("rating", "choice", "measure"))
    for row in rows.select_related("person", "team", "project").order_by("year", "holds_from", "pk"):
        if row.holds_from is None or row.holds_from <= until:
            _take(found, row, scheme)
            found.digest.append(natural_key(row))
    found.digest.sort()
    return found


def subject_of(row: AssessmentInput) -> SubjectKey:
    """The subject an input belongs to, as the calculation names it."""
    return ("person", row.person_id) if row.person_id is not None else ("team", row.team_id or 0)


def natural_key(row: AssessmentInput) -> list[str]:
    """The input by the names people use, for fingerprints: rebuilt from nothing, the same inputs give the same one."""
    subject = row.person.staff_number if row.person else row.team.code if row.team else ""
    project = row.project.code if row.project else ""
    names = [row.kind, subject, row.code, row.part, row.band, project, row.voter, str(row.holds_from or "")]
    return [*names, row.option, "" if row.value is None else plain(row.value), row.author, row.reason]


def _take(found: Inputs, row: AssessmentInput, scheme: Scheme) -> None:
    key = subject_of(row)
    match row.kind:
        case InputKind.RATING:
            ballot = Ballot(row.part, row.voter, row.value)
            found.ballots.setdefault(key, {}).setdefault(row.code, []).append(ballot)
        case InputKind.CHOICE if row.value is not None:
            found.choices.setdefault(key, {})[row.code] = Choice(row.value, row.author, row.reason)
        case InputKind.CATEGORY if row.holds_from is not None and row.option in scheme.categories:
            found.categories.setdefault(key, {})[row.holds_from] = row.option
        case InputKind.RATE if row.value is not None and row.holds_from is not None:
            found.rates.setdefault(row.code, {})[row.holds_from] = row.value
        case InputKind.MEASURE if row.value is not None:
            project = "" if row.project_id is None else fact_id(row.project_id)
            of_owner = found.reported.setdefault(key, {}).setdefault(row.code, {})
            of_owner.setdefault(project, {}).setdefault(row.part, {})[row.band] = row.value


def categories_of(
    inputs: Inputs, scheme: Scheme, key: SubjectKey, until: date
) -> tuple[tuple[str, Decimal], ...]:
    """The categories that count for a subject, each with its part of the year."""
    return held_categories(scheme, list(inputs.categories.get(key, {}).items()), until)


def ballots_of(inputs: Inputs, key: SubjectKey) -> Mapping[str, tuple[Ballot, ...]]:
    """The ballots on a subject by rating, in an order that does not depend on who handed in first."""
    given = inputs.ballots.get(key, {})
    return {code: tuple(sorted(found, key=_ballot_order)) for code, found in given.items()}


def _ballot_order(ballot: Ballot) -> tuple[str, str]:
    return ballot.panel, ballot.by


def measure_value(definition: Measure, bands: Mapping[str, Decimal]) -> MeasureValue | None:
    """The figure as reported; None as long as a band of it is owed, because what is missing is no zero."""
    if definition.aggregate != "tiers":
        return MeasureValue(bands[""]) if "" in bands else None
    if any(band.code not in bands for band in definition.bands):
        return None
    whole = {band.code: bands[band.code] for band in definition.bands}
    return MeasureValue(total(whole.values()), whole)


def reported_values(
    inputs: Inputs, owner: Owner, key: SubjectKey, owed: Mapping[str, Measure]
) -> dict[str, MeasureValue]:
    """The measures of an indicator or gate that were reported for a subject as a whole, as far as they are owed."""
    return _values(inputs.reported.get(key, {}).get(owner.code, {}).get("", {}), owed)


def reported_projects(
    inputs: Inputs, owner: Owner, key: SubjectKey, owed: Mapping[str, Measure]
) -> dict[str, dict[str, MeasureValue]]:
    """The measures that were reported project by project, as far as they are owed."""
    of_owner = inputs.reported.get(key, {}).get(owner.code, {})
    return {project: _values(measures, owed) for project, measures in of_owner.items() if project}


def _values(
    measures: Mapping[str, Mapping[str, Decimal]], owed: Mapping[str, Measure]
) -> dict[str, MeasureValue]:
    found = {code: measure_value(owed[code], bands) for code, bands in measures.items() if code in owed}
    return {code: value for code, value in found.items() if value is not None}


def _counted(credited: bool) -> Counts:
    """Which measures the product counts: what it records, for subjects that are credited for facts."""
    return is_measurable if credited else lambda _measure: False


def owed_measures(owner: Owner, *, credited: bool) -> dict[str, Measure]:
    """The measures of an owner that people report for a subject as a whole.

    `credited`: whether the subject has facts of its own in the ledger; of others everything is reported.
    """
    return reported_of(owner, _counted(credited))


def owed_by_project(owner: Owner, *, credited: bool) -> dict[str, Measure]:
    """The measures of an owner that people report project by project."""
    return reported_by_project(owner, _counted(credited))


def as_recorded(scheme: Scheme) -> Scheme:
    """The scheme as the product computes it: measures of facts or attributes that it does not record are reported ones."""
    return replace(
        scheme,
        indicators=tuple(replace(one, measures=_recorded(one)) for one in scheme.indicators),
        gates=tuple(replace(one, measures=_recorded(one)) for one in scheme.gates),
    )


def _recorded(owner: Owner) -> dict[str, Measure]:
    return {
        code: one if not one.kinds or is_measurable(one) else replace(one, kinds=())
        for code, one in owner.measures.items()
    }
