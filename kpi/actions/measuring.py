"""Measuring for a run: what changed since the run before where that suffices, else everything, in parts where it is much."""

from collections.abc import Callable
from typing import Any

from kpi.actions.bulk import BULK_FROM, readable_lines
from kpi.actions.parts import carry_out_parts, performs
from kpi.models import LedgerLine, Run
from kpi.queries.calculation import Calculation, take_subtotals
from kpi.queries.ledger import ledger_digest
from kpi.queries.linear import Found, Key, linear_sums
from kpi.queries.measures import Extent, measure_all
from kpi.queries.scheme import read_scheme
from kpi.queries.subtotals import (
    base_of,
    brought_forward,
    in_full,
    linear_of,
    measures_of,
    others_of,
    read_subtotals,
    written,
)

Beat = Callable[[int, int], None]


def measure_run(*, run: Run, work: Calculation, beat: Beat) -> None:
    """Give the calculation its measures and the ledger's fingerprint, and note on the run whether it was a full one."""
    base = base_of(run)
    run.was_full = base is None
    if base is not None:
        found = brought_forward(work.scheme, work.extent, base)
        work.ledger = ledger_digest(run.year, run.last_line, since=base.last_line, before=base.ledger_digest)
    elif _is_much(run):
        found, work.ledger = _in_parts(run, work, beat)
    else:
        found, work.ledger = in_full(work.scheme, work.extent), ledger_digest(run.year, run.last_line)
    take_subtotals(work, found, beat)


def _is_much(run: Run) -> bool:
    return LedgerLine.objects.filter(year=run.year).order_by()[BULK_FROM - 1 : BULK_FROM].exists()


def _in_parts(run: Run, work: Calculation, beat: Beat) -> tuple[Found, str]:
    """The sums in one part, the fingerprint in one, and each other measure in one of its own.

    The names carry the ledger's last line: parts of an attempt that saw less do not serve.
    """
    digest, sums = parts_of_lines(run.last_line)
    others = [f"measure:{run.last_line}:{owner}/{code}" for owner, code in others_of(work.scheme)]
    results = carry_out_parts(run=run, names=[digest, sums, *others], beat=beat)
    found: Found = {}
    for name in (sums, *others):
        for subject, values in read_subtotals(results[name]).items():
            found.setdefault(subject, {}).update(values)
    return found, results[digest]["digest"]


def parts_of_lines(last_line: int) -> list[str]:
    """The fingerprint and the sums of the lines up to a number: parts that read the lines alone, one after the other."""
    return [f"digest:{last_line}", f"sums:{last_line}"]


def _extent(run: Run, until: str) -> Extent:
    return Extent(run.year, int(until), run.as_of)


@performs("digest")
def digest_part(run: Run, until: str) -> dict[str, Any]:
    """The fingerprint of the year's ledger."""
    return {"digest": ledger_digest(run.year, int(until), table=readable_lines(run.year))}


@performs("sums")
def sums_part(run: Run, until: str) -> dict[str, Any]:
    """All measures that are sums over lines."""
    measures = linear_of(read_scheme(run.scheme))
    return written(linear_sums(measures, _extent(run, until), table=readable_lines(run.year)))


@performs("measure")
def measure_part(run: Run, what: str) -> dict[str, Any]:
    """One measure that has a statement of its own."""
    until, _colon, name = what.partition(":")
    owner, _slash, code = name.partition("/")
    key: Key = (owner, code)
    values = measure_all(measures_of(read_scheme(run.scheme))[key], _extent(run, until))
    return written({subject: {key: value} for subject, value in values.items()})
