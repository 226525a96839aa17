"""Who sees the gates of a project, and who decides there."""

from django.db.models import Q, QuerySet

from projects.access import can_change, projects_visible_to
from projects.models import (
    AdmissionApplication,
    CoachingItem,
    Diligence,
    GateCondition,
    JointReview,
)
from staff.access import leads
from staff.models import Account, Role


def managers() -> QuerySet[Account]:
    """Those who decide."""
    return Account.objects.filter(role=Role.MANAGER, is_active=True)


def admissions_visible_to(actor: Account) -> QuerySet[AdmissionApplication]:
    """The applications of the projects one sees."""
    return AdmissionApplication.objects.filter(project__in=projects_visible_to(actor).values("pk"))


def diligences_visible_to(actor: Account) -> QuerySet[Diligence]:
    """The inquiries into the projects one sees."""
    return Diligence.objects.filter(project__in=projects_visible_to(actor).values("pk"))


def joint_reviews_visible_to(actor: Account) -> QuerySet[JointReview]:
    """The joint reviews of the projects one sees."""
    return JointReview.objects.filter(project__in=projects_visible_to(actor).values("pk"))


def conditions_visible_to(actor: Account) -> QuerySet[GateCondition]:
    """The conditions on the projects one sees, and those one has to meet."""
    own = Q(owner=actor.person_id) if actor.person_id else Q(pk=None)
    return GateCondition.objects.filter(Q(project__in=projects_visible_to(actor).values("pk")) | own)


def coaching_visible_to(actor: Account) -> QuerySet[CoachingItem]:
    """The pre-coaching of the projects one sees."""
    return CoachingItem.objects.filter(project__in=projects_visible_to(actor).values("pk"))


def can_decide_gates(actor: Account) -> bool:
    """Managers decide admissions and joint reviews."""
    return actor.is_role(Role.MANAGER)


def can_configure_gates(actor: Account) -> bool:
    """Managers and administrators say what a class of projects needs."""
    return actor.is_role(Role.MANAGER, Role.ADMINISTRATOR)


def can_confirm_diligence(actor: Account, inquiry: Diligence) -> bool:
    """A second person: a manager, or the leader of the team."""
    if inquiry.concluded_by_id == actor.pk:
        return False
    return actor.is_role(Role.MANAGER) or leads(actor, inquiry.project.team_id)


def can_close_condition(actor: Account, condition: GateCondition) -> bool:
    """Whoever has to meet it, and whoever works on the project."""
    own = actor.person_id is not None and condition.owner_id == actor.person_id
    return own or can_change(actor, condition.project)
