"""Rows of the share ledger from a settlement, for whoever writes one: a lead, an import, a settlement by hand."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from projects.models import CreditShare, Project
from projects.shares import lines_of
from staff.models import Person


def share_rows(
    project: Project,
    weights: Mapping[str, Decimal],
    members: Iterable[tuple[Person, str, Decimal]],
    day: date,
    settlement: int = 1,
) -> list[CreditShare]:
    """The rows to write for a settlement that holds from the day."""
    return [
        CreditShare(
            project=project,
            person=line.member,
            role=line.role,
            settlement=settlement,
            weight=line.weight,
            share=line.share,
            percent=line.percent,
            holds_from=day,
        )
        for line in lines_of(weights, members)
    ]
