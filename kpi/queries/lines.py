"""Ledger lines as the pure package reads them, for explanations and for comparing the two evaluators."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kpi.models import LedgerLine
from kpi.queries.measures import TEXT_ATTRIBUTES
from kpi.scoring.facts import AttributeValue, CreditLine, Fact


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
    return found
