"""Grades of the next year: who writes the thresholds, who decides and approves, and who sees which proposal."""

from django.db.models import F, Q, QuerySet

from kpi.models import GradeProposal, GradeRound, GradeRoundState, GradeRule, ReleaseState
from staff.access import OVERSEERS
from staff.access.concern import is_concerned
from staff.models import Account, Role

DECIDED = (GradeRoundState.APPROVED, GradeRoundState.APPLIED)


def grade_rules_visible_to(actor: Account) -> QuerySet[GradeRule]:
    """Released thresholds are published to everybody; drafts are seen by overseers."""
    if not actor.is_active:
        return GradeRule.objects.none()
    return (
        GradeRule.objects.all()
        if sees_grades(actor)
        else GradeRule.objects.filter(state=ReleaseState.RELEASED)
    )


def grade_rounds_visible_to(actor: Account) -> QuerySet[GradeRound]:
    """That grades are being decided is no secret."""
    return GradeRound.objects.all() if actor.is_active else GradeRound.objects.none()


def grade_proposals_visible_to(actor: Account) -> QuerySet[GradeProposal]:
    """Overseers see all; everybody else the own one, once it is approved."""
    if sees_grades(actor):
        return GradeProposal.objects.all()
    mine = Q(person__isnull=False, person=actor.person_id, round__state__in=DECIDED)
    return GradeProposal.objects.filter(mine)


def sees_grades(actor: Account) -> bool:
    """Overseers see what is proposed and decided for everybody."""
    return actor.is_role(*OVERSEERS)


def can_keep_grades(actor: Account) -> bool:
    """HR drafts thresholds, opens and submits rounds and carries them out."""
    return actor.is_role(Role.HR)


def can_decide_grades(actor: Account) -> bool:
    """HR and managers decide otherwise than proposed, with a reason."""
    return actor.is_role(Role.HR, Role.MANAGER)


def can_release_grades(actor: Account) -> bool:
    """A manager, or another person of HR, releases thresholds that somebody else drafted."""
    return actor.is_role(Role.HR, Role.MANAGER)


def can_approve_grades(actor: Account) -> bool:
    """A manager approves a round."""
    return actor.is_role(Role.MANAGER)


def stands_in(actor: Account, found: GradeRound) -> bool:
    """Whether the round decides about the actor's own grade, or that of whom the actor stands in for."""
    return is_concerned(actor, found.proposals.values_list("person_id", flat=True))


def departed(actor: Account, found: GradeRound) -> bool:
    """Whether the actor himself decided somebody otherwise than proposed, which another person has to approve."""
    own = GradeProposal.objects.filter(round=found, decided_by=actor.pk)
    return own.exclude(decided=F("proposed")).exists()
