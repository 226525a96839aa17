"""What the bundle holds beside the sealed files: who the numbers are, earlier years, foreign amounts, the list of evidence."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kpi.models import AssessmentYear, Run, YearSeal
from kpi.queries.line_book import asked_years
from kpi.queries.measures import AMOUNTS, KNOWN_ATTRIBUTES, KNOWN_KINDS, is_measurable
from kpi.queries.roster import CREDITED_KINDS
from kpi.queries.scheme import read_document, read_scheme
from kpi.queries.seal import table
from kpi.queries.seal.parts import INPUTS, LEDGER
from kpi.queries.subtotals import ENGINE
from kpi.scoring.scheme import Measure

SUBJECTS = """
SELECT DISTINCT CASE WHEN s.person_id IS NULL THEN 'team:' || s.team_id ELSE 'person:' || s.person_id END AS subject,
       coalesce(p.staff_number, t.code) AS code,
       CASE WHEN s.person_id IS NULL THEN coalesce(nullif(t.assessed_as, ''), t.kind) ELSE 'officer' END AS kind, s.subject_name AS name
FROM kpi_standing s LEFT JOIN staff_person p ON p.id = s.person_id LEFT JOIN staff_team t ON t.id = s.team_id
WHERE s.run_id = {run} ORDER BY 1
"""
FACTS = "SELECT DISTINCT achievement_id FROM kpi_ledgerline WHERE year = {year} AND id <= {last}"
PROJECTS = """
SELECT p.id AS project, p.code FROM projects_project p
WHERE p.id IN (SELECT project_id FROM kpi_ledgerline WHERE year = {year} AND id <= {last}) ORDER BY p.id
"""
FOREIGN = f"""
SELECT a.id AS fact, a.currency, a.recognised_amount AS amount FROM projects_achievement a
WHERE a.currency <> 'CNY' AND a.recognised_amount IS NOT NULL AND a.id IN ({FACTS}) ORDER BY a.id
"""  # noqa: S608 - constants of this module
# No titles: they may name what is secret. The auditor finds the file by its number and compares the digest.
EVIDENCE = f"""
SELECT d.achievement_id AS fact, d.public_id AS document, d.content_type, d.size, d.digest AS sha256
FROM projects_document d WHERE d.achievement_id IN ({FACTS}) ORDER BY d.achievement_id, d.id
"""  # noqa: S608 - constants of this module
# Facts of earlier years may be counted too.
INVESTORS = """
SELECT f.achievement_id AS fact, array_to_json(f.names) AS names FROM kpi_factinvestor f
WHERE f.achievement_id IN (SELECT achievement_id FROM kpi_ledgerline WHERE year <= {year}) ORDER BY f.achievement_id
"""
EARLIER_INPUTS = INPUTS.replace(
    "WHERE year = {year}", "WHERE year < {year} AND state = 'confirmed' AND kind IN ('category', 'rate')"
)


def tables(run: Run) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The companions that are tables: path in the archive and content."""
    for name, select in (
        ("subjects.csv", SUBJECTS),
        ("projects.csv", PROJECTS),
        ("foreign.csv", FOREIGN),
        ("investors.csv", INVESTORS),
        ("evidence.csv", EVIDENCE),
        ("earlier/inputs.csv", EARLIER_INPUTS),
    ):
        yield name, table(select)(run)
    for year, earlier in earlier_runs(run).items():
        yield f"earlier/ledger-{year}.csv", table(LEDGER)(earlier)


def earlier_runs(run: Run) -> dict[int, Run]:
    """The runs whose ledgers the scheme counts too, by year."""
    asked = {year for _owner, one in _backward(run) for year in asked_years(one, run.year)}
    rows = AssessmentYear.objects.filter(year__in=asked, current_run__isnull=False).select_related(
        "current_run"
    )
    return {row.year: row.current_run for row in rows.order_by("year") if row.current_run is not None}


def _backward(run: Run) -> list[tuple[str, Measure]]:
    scheme = read_scheme(run.scheme)
    return [
        (owner.code, one)
        for owner in scheme.owners
        for one in owner.measures.values()
        if one.since is not None and is_measurable(one)
    ]


def about(run: Run) -> dict[str, Any]:
    """What the program must know that no table says."""
    earlier = earlier_runs(run)
    unknown = [
        [owner, one.code] for owner, one in _backward(run) if set(asked_years(one, run.year)) - earlier.keys()
    ]
    return {
        "year": run.year,
        "run": run.number,
        "as_of": run.as_of.isoformat(),
        "engine": ENGINE,
        "fingerprint": run.fingerprint,
        "kinds": sorted(KNOWN_KINDS),
        "attributes": sorted(KNOWN_ATTRIBUTES),
        "amounts": sorted(AMOUNTS),
        "credited_kinds": sorted(str(kind) for kind in CREDITED_KINDS),
        "earlier_years": sorted(earlier),
        "unknown": unknown,
    }


def seal_document(seal: YearSeal) -> dict[str, Any]:
    """The seal, and every link of the chain with its digest."""
    links = YearSeal.objects.order_by("number").values(
        "number", "year", "kind", "requested_by", "decided_by", "reason", "sealed_at", "previous_digest", "digest"
    )  # fmt: skip
    chain = [{**link, "sealed_at": link["sealed_at"].isoformat()} for link in links]
    return {"number": seal.number, "digest": seal.digest, "parts": seal.parts, "chain": chain}


def scheme_json(run: Run) -> str:
    """The scheme's document as JSON, every number as it was written."""
    return exact_json(read_document(run.scheme))


def exact_json(value: Any) -> str:
    """JSON whose numbers are exact decimals; the library's own writer would make them floats."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        entries = (
            f"{json.dumps(str(key), ensure_ascii=False)}: {exact_json(one)}" for key, one in value.items()
        )
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(exact_json(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
