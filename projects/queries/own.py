"""What a person answers for, apart from the workbench so that every subject can ask it."""

from django.db.models import Q, QuerySet

from projects.access import projects_visible_to
from projects.models import Project
from projects.workflow import Status
from staff.access import teams_led_by
from staff.models import Account, Role


def own_projects(actor: Account) -> QuerySet[Project]:
    """What this person answers for: an officer's own, a leader's teams', everything for those who oversee."""
    visible = projects_visible_to(actor).filter(status=Status.ACTIVE)
    if actor.is_role(Role.LEADER):
        return visible.filter(Q(owner=actor.person_id) | Q(team__in=teams_led_by(actor).values("pk")))
    if actor.is_role(Role.OFFICER):
        return visible.filter(owner=actor.person_id)
    return visible
