"""Who sees the gates of a project and the drives over projects, and who decides there."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from projects.access import SEES_ALL, can_change, projects_visible_to
from projects.models import (
    AdmissionApplication,
    CoachingItem,
    Diligence,
    Drive,
    DriveProject,
    GateCondition,
    JointReview,
)
from staff.access import teams_led_by
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


def drive_lines_visible_to(actor: Account) -> QuerySet[DriveProject]:
    """The projects of drives that one sees."""
    return DriveProject.objects.filter(project__in=projects_visible_to(actor).values("pk"))


def drives_visible_to(actor: Account) -> QuerySet[Drive]:
    """Drives that one leads, began, or has a visible project in."""
    if actor.is_role(*SEES_ALL):
        return Drive.objects.all()
    led = Q(leader=actor.person_id) if actor.person_id else Q(pk=None)
    shown = Exists(drive_lines_visible_to(actor).filter(drive=OuterRef("pk")))
    return Drive.objects.filter(led | Q(created_by=actor) | shown)


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
    return actor.is_role(Role.MANAGER) or teams_led_by(actor).filter(pk=inquiry.project.team_id).exists()


def can_close_condition(actor: Account, condition: GateCondition) -> bool:
    """Whoever has to meet it, and whoever works on the project."""
    own = actor.person_id is not None and condition.owner_id == actor.person_id
    return own or can_change(actor, condition.project)


def can_start_drive(actor: Account) -> bool:
    """Leaders and managers begin drives."""
    return actor.is_role(Role.LEADER, Role.MANAGER)


def can_direct_drive(actor: Account, drive: Drive) -> bool:
    """Managers, whoever began it, and whoever leads it."""
    own = actor.person_id is not None and drive.leader_id == actor.person_id
    return actor.is_role(Role.MANAGER) or drive.created_by_id == actor.pk or own


def can_check_in(actor: Account, line: DriveProject) -> bool:
    """Whoever works on the project, and whoever directs the drive."""
    return can_change(actor, line.project) or can_direct_drive(actor, line.drive)
