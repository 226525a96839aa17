"""Who keeps the thresholds of key projects, who asks for a recognition, and who decides it."""

from django.db.models import QuerySet

from projects.access import Eyes, can_change
from projects.models import CreditShare, KeyProjectRecognition, KeyProjectThreshold, Project
from staff.access.concern import own_people
from staff.models import Account, Role


def key_thresholds_visible_to(actor: Account) -> QuerySet[KeyProjectThreshold]:
    """The table is open to every account of the house."""
    return KeyProjectThreshold.objects.all() if actor.is_active else KeyProjectThreshold.objects.none()


def key_recognitions_visible_to(actor: Account) -> QuerySet[KeyProjectRecognition]:
    """The recognitions of the projects one sees."""
    return KeyProjectRecognition.objects.filter(Eyes.of(actor).see("project"))


def can_set_key_thresholds(actor: Account) -> bool:
    """Managers say from which size on a project is a key project."""
    return actor.is_role(Role.MANAGER)


def can_recognise_key_projects(actor: Account) -> bool:
    """Managers decide, each about projects that are not their own (`has_part`) and that another person asked for."""
    return actor.is_role(Role.MANAGER)


def can_ask_for_recognition(actor: Account, project: Project) -> bool:
    """Whoever works on the project."""
    return can_change(actor, project)


def has_part(actor: Account, project: Project) -> bool:
    """Whether the project is one's own, or of the one stood in for: as its specialist, or by a share of the credit on any day."""
    own = own_people(actor)
    if project.owner_id in own:
        return True
    return bool(own) and CreditShare.objects.filter(project=project, person__in=own).exists()
