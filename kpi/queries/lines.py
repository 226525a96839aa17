"""Ledger lines as the pure package reads them, for explanations and for comparing the two evaluators."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from kpi.models import LedgerLine
from kpi.queries.ledger import live_lines
from kpi.queries.measures import TEXT_ATTRIBUTES, Extent, SubjectKey, by_reference
from kpi.scoring.facts import AttributeValue, CreditLine, Fact
from kpi.scoring.owed import project_measures
from kpi.scoring.scheme import Scheme
from projects.models import Project


def credit_lines(lines: Iterable[LedgerLine], subject: str) -> list[CreditLine]:
    """The lines as credit lines of one subject. All lines of a fact share one Fact, as the database groups them."""
    by_fact: dict[int, list[LedgerLine]] = defaultdict(list)
    for line in lines:
        by_fact[line.achievement_id].append(line)
    return [
        CreditLine(fact, subject, line.role, line.share)
        for fact, group in ((fact_of(group), group) for group in by_fact.values())
        for line in group
    ]


Lines = dict[SubjectKey, list[CreditLine]]


def needs_lines(scheme: Scheme) -> bool:
    """Whether the scheme has rules or measures that no single statement computes."""
    return any(
        any(by_reference(one) for one in owner.measures.values()) or bool(project_measures(owner))
        for owner in scheme.owners
    )


def lines_by_subject(extent: Extent) -> Lines:
    """The live lines of the year up to the day, for every person and every ranked team."""
    return by_subject(live_lines(extent.year, extent.last_line).filter(happened_on__lte=extent.as_of))


def by_subject(lines: Iterable[LedgerLine]) -> Lines:
    """Ledger lines as credit lines, for every person and every ranked team."""
    found: dict[SubjectKey, list[LedgerLine]] = defaultdict(list)
    for line in lines:
        if line.person_id is not None:
            found["person", line.person_id].append(line)
        if line.ranked_team_id is not None:
            found["team", line.ranked_team_id].append(line)
    return {key: credit_lines(own, f"{key[0]}:{key[1]}") for key, own in found.items()}


def project_names(projects: Iterable[str]) -> dict[str, str]:
    """The numbers (编号) of projects, by the identifier the facts use.

    Not their names: whoever may see a score may not see every project behind it.
    """
    codes = Project.objects.filter(pk__in=map(int, projects)).values_list("pk", "code")
    return {fact_id(key): name for key, name in codes}


def fact_id(achievement: int) -> str:
    """The number padded, so that facts sort as text the way the database sorts them."""
    return f"{achievement:018d}"


def fact_of(lines: list[LedgerLine]) -> Fact:
    """The fact behind lines that name the same achievement."""
    first = lines[0]
    return Fact(
        id=fact_id(first.achievement_id),
        kind=first.kind,
        on=first.happened_on,
        amount=first.full_amount,
        attributes=_attributes(lines),
        project=None if first.project_id is None else fact_id(first.project_id),
    )


def _attributes(lines: list[LedgerLine]) -> Mapping[str, AttributeValue]:
    found: dict[str, AttributeValue] = {}
    for name, column in TEXT_ATTRIBUTES.items():
        if value := min(getattr(line, column) for line in lines):
            found[name] = value
    if lines[0].full_amount_usd is not None:
        found["amount_usd"] = lines[0].full_amount_usd
    if lines[0].full_people is not None:
        found["people"] = Decimal(lines[0].full_people)
    return found
