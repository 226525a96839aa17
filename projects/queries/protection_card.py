"""The protection of a company as the pages of the company and of its projects show it, with the steps open to the reader."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.access import protection as access
from projects.models import Company, Project
from projects.queries.protection import Protection, protection_of
from projects.queries.record_visit import RecordVisit
from staff.access import posts_of
from staff.models import Account


@dataclass(frozen=True)
class ProtectionCard:
    """`actions` are (label, address) pairs, each opened in the shared dialog."""

    state: Protection | None
    actions: list[tuple[str, str]]
    case_visible: bool


def protection_card(actor: Account, company: Company) -> ProtectionCard:
    """A few queries, however long the history is."""
    return _card(actor, protection_of(company), None)


def _card(actor: Account, state: Protection | None, project: Project | None) -> ProtectionCard:
    if state is None:
        return ProtectionCard(None, [], False)
    case = state.case
    seen = case is not None and access.arbitrations_visible_to(actor).filter(pk=case.pk).exists()
    return ProtectionCard(state, _actions(actor, state, project), seen)


def project_protection(visit: RecordVisit) -> dict[str, Any]:
    """The card on the record page of a project."""
    return {"protection": _card(visit.actor, visit.protection, visit.project)}


def _actions(actor: Account, state: Protection, project: Project | None) -> list[tuple[str, str]]:
    held, found = state.reception, []
    if state.in_pool:
        if access.can_claim(actor):
            found.append((_("认领"), reverse("projects:reception-claim", args=[held.public_id])))
        return found
    if state.state in {"disputed", "transferred"}:
        return found
    if project is not None and access.may_verify(actor, held):
        found.append((_("确认进展"), reverse("projects:confirm-progress", args=[project.public_id])))
    own = actor.person_id == held.person_id or held.team_id in posts_of(actor).seen
    if access.can_open_arbitration(actor) and not own:
        found.append((_("提起仲裁"), reverse("projects:reception-arbitrate", args=[held.public_id])))
    if state.days > 0 and access.can_release(actor, held):
        found.append((_("主动释放"), reverse("projects:reception-release", args=[held.public_id])))
    return found
