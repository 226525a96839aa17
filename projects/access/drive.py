"""Who sees supervised drives, who directs them, who reports there, and who says that something is done."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from projects.access import SEES_ALL, can_change, projects_visible_to
from projects.models import Drive, DriveProject
from staff.models import Account, Role


def drive_lines_visible_to(actor: Account) -> QuerySet[DriveProject]:
    """The projects of drives that one sees: a secret project shows in no drive to those who may not open it."""
    return DriveProject.objects.filter(project__in=projects_visible_to(actor).values("pk"))


def drives_visible_to(actor: Account) -> QuerySet[Drive]:
    """Drives that one leads, began, or has a visible project in; all for those who oversee."""
    if actor.is_role(*SEES_ALL):
        return Drive.objects.all()
    led = Q(leader=actor.person_id) if actor.person_id else Q(pk=None)
    shown = Exists(drive_lines_visible_to(actor).filter(drive=OuterRef("pk"), left_on=None))
    return Drive.objects.filter(led | Q(created_by=actor) | shown)


def can_start_drive(actor: Account) -> bool:
    """Leaders and managers begin drives."""
    return actor.is_role(Role.LEADER, Role.MANAGER)


def can_direct_drive(actor: Account, drive: Drive) -> bool:
    """Managers, whoever began it, and whoever leads it: they choose projects and set first targets."""
    return actor.is_role(Role.MANAGER) or drive.created_by_id == actor.pk or _leads(actor, drive)


def drives_directed_by(actor: Account) -> QuerySet[Drive]:
    """Those of the drives one sees for which `can_direct_drive` holds."""
    visible = drives_visible_to(actor)
    if actor.is_role(Role.MANAGER):
        return visible
    led = Q(leader=actor.person_id) if actor.person_id else Q(pk=None)
    return visible.filter(led | Q(created_by=actor))


def can_judge_drive(actor: Account, drive: Drive) -> bool:
    """Managers and whoever began it, never whoever leads it: results are the leader's record, so another says them."""
    return not _leads(actor, drive) and (actor.is_role(Role.MANAGER) or drive.created_by_id == actor.pk)


def can_check_in(actor: Account, line: DriveProject) -> bool:
    """Whoever works on the project, and whoever directs the drive."""
    return can_change(actor, line.project) or can_direct_drive(actor, line.drive)


def _leads(actor: Account, drive: Drive) -> bool:
    return actor.person_id is not None and drive.leader_id == actor.person_id
