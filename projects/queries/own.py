"""What a person answers for, apart from the workbench so that every subject can ask it."""

from django.db.models import F, Q, QuerySet

from projects.access import hidden_from, projects_visible_to
from projects.models import Project
from projects.workflow import Status
from promotion.prepared import IsAnyOf, Keys
from staff.access import posts_of
from staff.models import Account, Role


def own_projects(actor: Account) -> QuerySet[Project]:
    """What this person answers for: an officer's own, a leader's teams', everything for those who oversee."""
    if actor.is_role(Role.OFFICER):
        return Project.objects.filter(status=Status.ACTIVE, owner=actor.person_id)
    if not actor.is_role(Role.LEADER):
        return projects_visible_to(actor).filter(status=Status.ACTIVE)
    # An owner sees the own projects, a team its own but the secret ones: asked so, the indexes of owner and team serve.
    # The teams go in as values, else the planner takes them for most of all projects and reads these one by one.
    of_team = Q(IsAnyOf(F("team_id"), Keys.of(sorted(posts_of(actor).led))))
    return Project.objects.filter(Q(owner=actor.person_id) | of_team, status=Status.ACTIVE).exclude(
        pk__in=hidden_from(actor).values("pk")
    )
