"""Awards and notices: who sees proposals and decisions, who writes and approves them, and whom they concern."""

from django.db.models import Q, QuerySet

from kpi.access import sees_all
from kpi.models import AwardCandidate, AwardDecision
from staff.access import teams_of
from staff.models import Account, Role


def award_candidates_visible_to(actor: Account) -> QuerySet[AwardCandidate]:
    """Who stands for an award is open to all; who stands for a notice (警示类), to overseers and whom it is about."""
    if not actor.is_active:
        return AwardCandidate.objects.none()
    if sees_all(actor):
        return AwardCandidate.objects.all()
    own = Q(standing__person=actor.person_id, standing__person__isnull=False)
    own |= Q(standing__team__in=teams_of(actor).values("pk"))
    return AwardCandidate.objects.filter(Q(is_warning=False) | own)


def award_decisions_visible_to(actor: Account) -> QuerySet[AwardDecision]:
    """Overseers see all that is written; others what is granted and approved, notices only of themselves and their team."""
    if not actor.is_active:
        return AwardDecision.objects.none()
    if sees_all(actor):
        return AwardDecision.objects.all()
    own = Q(person=actor.person_id, person__isnull=False) | Q(team__in=teams_of(actor).values("pk"))
    return AwardDecision.objects.filter(Q(is_warning=False) | own, state="approved", outcome="granted")


def sees_award_proposals(actor: Account) -> bool:
    """Proposals, what is withheld and the reasons of people are for those who decide and watch."""
    return sees_all(actor)


def can_propose_awards(actor: Account) -> bool:
    """HR writes down who is to get which award; so does another system whose token may write."""
    return actor.is_role(Role.HR, Role.API_CLIENT)


def can_approve_awards(actor: Account) -> bool:
    """A manager approves, returns and revokes."""
    return actor.is_role(Role.MANAGER)


def can_take_certificates(actor: Account) -> bool:
    """All certificates and notices at once are taken by those who run and watch the awards."""
    return actor.is_role(Role.HR, Role.MANAGER, Role.AUDITOR)
