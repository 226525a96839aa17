"""Subtotals (计量小计): every measure of everybody, in full or as the run before left them with what changed since."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Max

from kpi.models import LedgerLine, Run, RunState
from kpi.queries.linear import Found, Key, is_linear, linear_sums, minus, plus
from kpi.queries.measures import Extent, Part, SubjectKey, by_reference, is_measurable, measure_all
from kpi.scoring.facts import MeasureValue
from kpi.scoring.scheme import Measure, Scheme

#: Part of every fingerprint; raised when the engine itself would compute other numbers from the same inputs.
ENGINE = 4


def measures_of(scheme: Scheme) -> dict[Key, Measure]:
    """The measures that statements compute, by indicator or gate and by code."""
    return {
        (owner.code, code): definition
        for owner in scheme.owners
        for code, definition in owner.measures.items()
        if is_measurable(definition) and not by_reference(definition)
    }


def linear_of(scheme: Scheme) -> dict[Key, Measure]:
    """Those that are sums over lines, taken in one pass."""
    return {key: one for key, one in measures_of(scheme).items() if is_linear(one)}


def others_of(scheme: Scheme) -> dict[Key, Measure]:
    """Those that need a statement of their own."""
    return {key: one for key, one in measures_of(scheme).items() if not is_linear(one)}


def in_full(scheme: Scheme, extent: Extent) -> Found:
    """All measures from the whole ledger of the year."""
    found = linear_sums(linear_of(scheme), extent)
    for key, definition in others_of(scheme).items():
        put(found, key, measure_all(definition, extent))
    return found


def put(found: Found, key: Key, values: Mapping[SubjectKey, MeasureValue]) -> None:
    """Enter one measure of everybody."""
    for subject, value in values.items():
        found.setdefault(subject, {})[key] = value


def brought_forward(scheme: Scheme, extent: Extent, base: Run) -> Found:
    """The subtotals of an earlier run with what was posted since: the same numbers as `in_full`, to the last digit.

    Sums take the new lines. Of the other measures, what the projects and facts of the new lines counted until then is taken
    away and what they count now is added: no fact changes what another project counts.
    """
    found = read_subtotals(base.subtotals.values)
    for subject, values in linear_sums(linear_of(scheme), extent, since=base.last_line).items():
        held = found.setdefault(subject, {})
        for key, value in values.items():
            held[key] = plus(held[key], value) if key in held else value
    _exchange(found, scheme, extent, base)
    return found


def _exchange(found: Found, scheme: Scheme, extent: Extent, base: Run) -> None:
    others = others_of(scheme)
    changed = changed_part(extent, base.last_line) if others else Part((), ())
    if not changed.projects and not changed.facts:
        return
    before = Extent(extent.year, base.last_line, extent.as_of)
    for key, definition in others.items():
        then, now = measure_all(definition, before, changed), measure_all(definition, extent, changed)
        for subject in {*then, *now}:
            held = found.setdefault(subject, {})
            value = held.get(key, NOTHING)
            held[key] = plus(minus(value, then.get(subject, NOTHING)), now.get(subject, NOTHING))


NOTHING = MeasureValue(Decimal(0))


def changed_part(extent: Extent, since: int) -> Part:
    """The projects, and the facts without one, of the lines after number `since`."""
    lines = LedgerLine.objects.filter(year=extent.year, pk__gt=since, pk__lte=extent.last_line)
    rows = set(lines.values_list("project_id", "achievement_id"))
    return Part(
        projects=tuple(sorted({project for project, _fact in rows if project is not None})),
        facts=tuple(sorted({fact for project, fact in rows if project is None})),
    )


def base_of(run: Run) -> Run | None:
    """The run to build on: the newest whole one of the year, if it kept its subtotals and counted by the same scheme and engine.

    None as well when the ledger held lines of days that were still to come, because a new day lets them in.
    """
    if run.wants_full:
        return None
    newest = Run.objects.filter(year=run.year, state=RunState.DONE).aggregate(number=Max("number"))["number"]
    base = Run.objects.select_related("subtotals").filter(year=run.year, number=newest).first()
    if base is None or not hasattr(base, "subtotals") or base.subtotals.engine != ENGINE:
        return None
    usable = base.scheme_id == run.scheme_id and not base.has_later_lines and base.as_of <= run.as_of
    return base if usable else None


def written(found: Found) -> dict[str, Any]:
    """Subtotals as they are kept: numbers as text."""
    held: dict[str, Any] = defaultdict(lambda: defaultdict(dict))
    for (kind, pk), values in found.items():
        for (owner, code), value in values.items():
            bands = {band: format(number, "f") for band, number in value.bands.items()}
            held[f"{kind}:{pk}"][owner][code] = [format(value.value, "f"), bands]
    return {subject: dict(owners) for subject, owners in held.items()}


def read_subtotals(values: Mapping[str, Any]) -> Found:
    """Subtotals as they were kept."""
    found: Found = {}
    for subject, owners in values.items():
        kind, pk = subject.split(":")
        found[kind, int(pk)] = {  # type: ignore[index]
            (owner, code): MeasureValue(
                Decimal(number), {band: Decimal(part) for band, part in bands.items()}
            )
            for owner, measures in owners.items()
            for code, (number, bands) in measures.items()
        }
    return found
