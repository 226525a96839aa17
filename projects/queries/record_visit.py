"""One reading of a record page: who reads which project, with what every subject needs to draw its card or count its tab."""

from collections.abc import Sequence
from dataclasses import dataclass

from projects.access import can_change, can_share_credit
from projects.models import Achievement, CreditShare, Project
from projects.queries.protection import Protection, protection_of
from projects.queries.record_facts import Facts, facts_of
from projects.queries.service import FourOnes, four_ones
from staff.models import Account


@dataclass(frozen=True)
class RecordVisit:
    """Read once for a page and handed to its tabs and cards."""

    actor: Account
    project: Project
    facts: Facts
    achievements: Sequence[Achievement]
    shares: Sequence[CreditShare]
    protection: Protection | None
    four: FourOnes
    may_change: bool
    may_share: bool


def visit_of(
    actor: Account, project: Project, achievements: Sequence[Achievement], shares: Sequence[CreditShare]
) -> RecordVisit:
    """The visit of a project that the actor sees; its achievements and shares are at hand."""
    facts = facts_of(project)
    held = protection_of(project.company) if facts["has_reception"] else None
    return RecordVisit(
        actor=actor,
        project=project,
        facts=facts,
        achievements=achievements,
        shares=shares,
        protection=held,
        four=four_ones(project, facts, held),
        may_change=can_change(actor, project, shares),
        may_share=can_share_credit(actor, project),
    )
