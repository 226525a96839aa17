"""Who sees blockers, gives departments more time, and settles their limits."""

from django.db.models import QuerySet

from projects.access import can_share_credit, projects_visible_to
from projects.models import Blocker, Project
from staff.models import Account, Role


def blockers_visible_to(actor: Account) -> QuerySet[Blocker]:
    """The blockers of the projects one sees."""
    return Blocker.objects.filter(project__in=projects_visible_to(actor).values("pk"))


def can_grant_time(actor: Account, project: Project) -> bool:
    """Leaders of the responsible team and managers give a department more time; the project's people ask them."""
    return can_share_credit(actor, project)


def can_set_time_limits(actor: Account) -> bool:
    """Managers settle how long departments have and who is told when they are late."""
    return actor.is_role(Role.MANAGER)
