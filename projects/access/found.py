"""The visible set said in columns of the projects themselves, for searches.

`projects_visible_to` asks the rows of sight, which is quickest for those who only count or list. Beside what is looked for by an
index of the projects it would first find everything with that name and then match it with everything seen; said in columns
of one table, the database puts the two indexes together and opens only what is in both (docs/decisions/0014-speed.md).
"""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from projects.access.sight import SEES_ALL, projects_visible_to
from projects.models import Project, ProjectSight
from promotion.prepared import IsAnyOf, Keys, Prepared, Slot
from staff.access import posts_of
from staff.models import Account


def projects_found_by(actor: Account) -> QuerySet[Project]:
    """The same projects as `projects_visible_to`: those of one's teams unless secret, and those one sees as a person."""
    if actor.is_role(*SEES_ALL):
        return projects_visible_to(actor)
    return Project.objects.filter(_of_teams(actor) | Q(IsAnyOf(F("pk"), _seen_as_person(actor))))


def parts_found_by(actor: Account) -> list[QuerySet[Project]]:
    """`projects_found_by` in parts that have nothing in common: the first, large one is answered by an index of the team alone."""
    if actor.is_role(*SEES_ALL):
        return [projects_visible_to(actor)]
    besides = Project.objects.filter(
        pk__in=_sight_as_person(actor.person_id or 0, timezone.localdate())
    ).exclude(_of_teams(actor))
    return [Project.objects.filter(_of_teams(actor)), besides]


def _of_teams(actor: Account) -> Q:
    return Q(IsAnyOf(F("team_id"), Keys.of(sorted(posts_of(actor).seen))), is_secret=False)


def _sight_as_person(person: Any, today: Any) -> QuerySet[Any, Any]:
    seen = ProjectSight.objects.filter(viewer=person, seen_from__lte=today, seen_until__gt=today)
    return seen.order_by().values("project")


_SEEN_AS_PERSON = Prepared(
    lambda: _sight_as_person(Slot("person"), Slot("today")).values_list("project", flat=True).distinct()
)


def _seen_as_person(actor: Account) -> Keys:
    """The keys of what one owns, shares or was named to read; one statement, and none again while a page is read.

    They go in as values: only then does the planner know how many there are, and a row is compared with all of them at once.
    """
    known: Keys | None = actor.sight_read
    if known is None:
        known = Keys.of(_SEEN_AS_PERSON.rows(person=actor.person_id or 0, today=timezone.localdate()))
        if actor.is_reading:
            actor.sight_read = known
    return known


def parts_counted_for(actor: Account) -> list[QuerySet[Project]]:
    """What totals are made of: for overseers every project, secret ones too, of which only the sum is told."""
    return [Project.objects.all()] if actor.is_role(*SEES_ALL) else parts_found_by(actor)
