"""Decisions of a round: who sees and writes them, who approves, whose letter it is."""

from django.db.models import Q, QuerySet

from staff.access.competition import SEES_APPLICATIONS, applies_in, competitions_visible_to
from staff.models import Account, Application, Competition, CompetitionState, Objection, Placement, Role

PUBLIC = (CompetitionState.PUBLICITY, CompetitionState.APPOINTED)


def placements_visible_to(actor: Account) -> QuerySet[Placement]:
    """Open to the whole staff from the publicity on; before that to those who prepare and watch."""
    if actor.is_role(*SEES_APPLICATIONS):
        return Placement.objects.all()
    return Placement.objects.filter(
        competition__in=competitions_visible_to(actor).values("pk"), competition__state__in=PUBLIC
    )


def letters_visible_to(actor: Account) -> QuerySet[Placement]:
    """A letter of appointment is its receiver's, and of those who run and watch; once it is in force as a post."""
    issued = Placement.objects.exclude(appointment=None)
    if actor.is_role(*SEES_APPLICATIONS):
        return issued
    return issued.filter(Q(application__person=actor.person_id) if actor.person_id else Q(pk=None))


def can_read_own_mark(actor: Account, application: Application) -> bool:
    """An applicant reads the own mark from the publicity on, when what was decided is known to everybody."""
    is_own = actor.person_id is not None and actor.person_id == application.person_id
    return is_own and application.competition.state in PUBLIC


def objections_visible_to(actor: Account) -> QuerySet[Objection]:
    """The own objections; HR, managers and auditors read all."""
    if actor.is_role(*SEES_APPLICATIONS):
        return Objection.objects.all()
    return Objection.objects.filter(raised_by=actor)


def can_decide_placements(actor: Account) -> bool:
    """HR writes down who is to get which post."""
    return actor.is_role(Role.HR)


def can_approve_placements(actor: Account, competition: Competition) -> bool:
    """A manager who did not hand the decision in and does not stand for a post himself."""
    second = actor.is_role(Role.MANAGER) and actor.pk != competition.decided_by_id
    return second and not applies_in(actor, competition)
