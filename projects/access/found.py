"""The visible set said in columns of the projects themselves, for searches.

`projects_visible_to` asks the rows of sight, which is quickest for those who only count or list. Beside what is looked for by an
index of the projects it would first find everything with that name and then match it with everything seen; said in columns
of one table, the database puts the two indexes together and opens only what is in both (docs/decisions/0014-speed.md).
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Q, QuerySet, Value
from django.utils import timezone

from projects.access.sight import SEES_ALL, projects_visible_to
from projects.models import Project, ProjectSight
from promotion.prepared import IsAnyOf
from staff.access import posts_of
from staff.models import Account


def projects_found_by(actor: Account) -> QuerySet[Project]:
    """The same projects as `projects_visible_to`: those of one's teams unless secret, and those one sees as a person."""
    if actor.is_role(*SEES_ALL):
        return projects_visible_to(actor)
    return Project.objects.filter(_of_teams(actor) | among("pk", _seen_as_person(actor)))


def parts_found_by(actor: Account) -> list[QuerySet[Project]]:
    """`projects_found_by` in parts that have nothing in common: the first, large one is answered by an index of the team alone."""
    if actor.is_role(*SEES_ALL):
        return [projects_visible_to(actor)]
    besides = Project.objects.filter(pk__in=_seen_as_person(actor)).exclude(_of_teams(actor))
    return [Project.objects.filter(_of_teams(actor)), besides]


def _of_teams(actor: Account) -> Q:
    # The teams go in as values: only then does the planner know how much of the projects is theirs.
    teams = Value(sorted(posts_of(actor).seen), output_field=ArrayField(BigIntegerField()))
    return Q(IsAnyOf(F("team_id"), teams), is_secret=False)


def _seen_as_person(actor: Account) -> QuerySet[Any, Any]:
    today = timezone.localdate()
    seen = ProjectSight.objects.filter(
        viewer=actor.person_id or 0, seen_from__lte=today, seen_until__gt=today
    )
    return seen.order_by().values("project")


def parts_counted_for(actor: Account) -> list[QuerySet[Project]]:
    """What totals are made of: for overseers every project, secret ones too, of which only the sum is told."""
    return [Project.objects.all()] if actor.is_role(*SEES_ALL) else parts_found_by(actor)


def among(column: str, keys: QuerySet[Any, Any]) -> Q:
    """That a column is one of the keys, so that in an either-or an index serves too; `IN` would be asked row by row there."""
    return Q(IsAnyOf(F(column), ArraySubquery(keys, output_field=BigIntegerField())))
