"""The share ledger of a project as pages show it: the settlement that holds, and every one before with who made it and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from projects.models import Achievement, CreditRole, CreditShare, Project, Recognition
from projects.shares import STEP, by_role
from promotion.models import AuditEntry

SETTLED = ("credit.share", "credit.correct")


@dataclass(frozen=True)
class Settlement:
    """What the form of a settlement starts from: its number, the weights and lines as typed, the facts credited so far."""

    number: int
    weights: dict[str, str]
    lines: list[dict[str, str]]
    facts: list[Achievement]


def settlement_of(project: Project) -> Settlement:
    """The shares that hold, with two decimals as people type them; two queries."""
    held = list(
        project.shares.filter(holds_until=None).select_related("person").order_by("role", "-percent", "id")
    )
    weights = {f"weight_{share.role}": _typed(share.weight) for share in held}
    _weights, parts = by_role([(share, share.role, share.percent) for share in held], step=STEP)
    lines = [
        {"person": share.person.public_id, "role": role, "percent": _typed(part)}
        for share, role, part in parts
    ]
    facts = Achievement.objects.filter(project=project, state=Recognition.RECOGNISED)
    number = max((share.settlement for share in held), default=0)
    return Settlement(number, weights, lines, list(facts.order_by("happened_on", "pk")))


@dataclass(frozen=True)
class RoleShares:
    """A role of a settlement with its weight and the members' lines."""

    label: Any
    weight: Decimal
    members: Sequence[CreditShare]


@dataclass(frozen=True)
class PastSettlement:
    """One version of the shares: from when until when, by whom and why; `replaced` says that it held for no day."""

    number: int
    holds_from: date
    holds_until: date | None
    roles: Sequence[RoleShares]
    who: str = ""
    at: datetime | None = None
    reason: str = ""
    corrects: bool = False

    @property
    def replaced(self) -> bool:
        return self.holds_until == self.holds_from


def role_shares(shares: Sequence[CreditShare]) -> list[RoleShares]:
    """The lines by role, in the order of the roles."""
    places = {str(role): place for place, role in enumerate(CreditRole)}
    ordered = sorted(shares, key=lambda one: (places[one.role], -one.percent, one.pk))
    found = []
    for role, own in groupby(ordered, key=lambda one: one.role):
        members = list(own)
        found.append(RoleShares(CreditRole(role).label, members[0].weight, members))
    return found


def settlements_of(project: Project) -> list[PastSettlement]:
    """Every settlement of the project, the newest first; two queries."""
    rows = project.shares.select_related("person").order_by("-settlement", "pk")
    entries = AuditEntry.objects.filter(
        verb__in=SETTLED, target_type=project._meta.label_lower, target_id=str(project.pk)
    )
    settled = {entry.detail.get("settlement"): entry for entry in entries.order_by("pk")}
    found = []
    for number, own in groupby(rows, key=lambda one: one.settlement):
        lines, entry = list(own), settled.get(number)
        found.append(
            PastSettlement(
                number,
                lines[0].holds_from,
                lines[0].holds_until,
                role_shares(lines),
                entry.actor_name if entry else "",
                entry.at if entry else None,
                entry.reason if entry else "",
                bool(entry and entry.verb == "credit.correct"),
            )
        )
    return found


def _typed(value: Decimal) -> str:
    return f"{value.normalize():f}"
