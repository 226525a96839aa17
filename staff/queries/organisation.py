"""The organisation as it stood on a day: which teams, under whom, with how many people of each grade."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet

from staff.access import appointments_visible_to, in_force, teams_visible_to
from staff.models import Account, Grade, Person, Team, TeamKind, TeamPast


@dataclass
class TeamOnDay:
    """A team with its people of the day; `depth` is how far below the branch's head it stands."""

    team: Team
    depth: int = 0
    leaders: list[Person] = field(default_factory=list)
    grades: dict[str, int] = field(default_factory=dict)
    away: int = 0

    @property
    def people(self) -> int:
        return sum(self.grades.values())

    @property
    def senior(self) -> int:
        return self.grades.get(Grade.SENIOR, 0)

    @property
    def first(self) -> int:
        return self.grades.get(Grade.FIRST, 0)

    @property
    def second(self) -> int:
        return self.grades.get(Grade.SECOND, 0)


@dataclass
class Branch:
    """A team without a parent, and everything below it in order."""

    head: TeamOnDay
    below: list[TeamOnDay]

    @property
    def people(self) -> int:
        return self.head.people + sum(each.people for each in self.below)

    @property
    def listed(self) -> list[TeamOnDay]:
        """The rows to draw: the head only when it has people of its own or nothing below it."""
        return [self.head, *self.below] if self.head.people or not self.below else self.below


@dataclass
class Organisation:
    """All branches of a day."""

    day: date
    branches: list[Branch]

    @property
    def teams(self) -> list[TeamOnDay]:
        return [each for branch in self.branches for each in (branch.head, *branch.below)]

    @property
    def people(self) -> int:
        return sum(branch.people for branch in self.branches)

    def count(self, kind: TeamKind) -> int:
        return sum(each.team.kind == kind for each in self.teams)

    def of_grade(self, grade: Grade) -> int:
        return sum(each.grades.get(grade, 0) for each in self.teams)


def teams_on(actor: Account, day: date) -> QuerySet[Team]:
    """The visible teams that existed on the day, with what holds today."""
    return teams_visible_to(actor).filter(Q(closed_on=None) | Q(closed_on__gt=day), founded_on__lte=day)


def as_on(teams: Iterable[Team], day: date, pasts: Iterable[TeamPast] | None = None) -> list[Team]:
    """The teams with name, parent, fields and region of the day; not to be saved. One query, none when their pasts are given."""
    listed = list(teams)
    rows = TeamPast.objects.filter(team__in=listed) if pasts is None else pasts
    before = {past.team_id: past for past in rows if past.holds_from <= day < past.holds_until}
    for team in listed:
        if past := before.get(team.pk):
            team.name, team.fields, team.region = past.name, past.fields, past.region
            team.parent_id = past.parent_id
    return listed


def people_by_grade(actor: Account, day: date) -> dict[int, dict[str, int]]:
    """How many people of each grade each team had on the day, by team id."""
    counts: dict[int, dict[str, int]] = {}
    rows = appointments_visible_to(actor).filter(in_force(day)).order_by().values("team", "grade")
    for row in rows.annotate(people=Count("pk")):
        counts.setdefault(row["team"], {})[row["grade"]] = row["people"]
    return counts


def organisation_on(actor: Account, day: date) -> Organisation:
    """The tree of the day, in four queries. A team whose parent did not exist that day heads a branch of its own."""
    grades = people_by_grade(actor, day)
    nodes = {
        team.pk: TeamOnDay(team, grades=grades.get(team.pk, {})) for team in as_on(teams_on(actor, day), day)
    }
    leaders = appointments_visible_to(actor).filter(in_force(day), is_leader=True).select_related("person")
    for post in leaders.order_by("starts_on", "pk"):
        if post.team_id in nodes:
            nodes[post.team_id].leaders.append(post.person)
    children: dict[int | None, list[TeamOnDay]] = {}
    for node in nodes.values():
        parent = node.team.parent_id if node.team.parent_id in nodes else None
        children.setdefault(parent, []).append(node)
    branches = [Branch(head, list(_below(head, children, 1))) for head in children.get(None, [])]
    return Organisation(day, branches)


def _below(head: TeamOnDay, children: dict[int | None, list[TeamOnDay]], depth: int) -> Iterable[TeamOnDay]:
    for node in children.get(head.team.pk, []):
        node.depth = depth
        yield node
        yield from _below(node, children, depth + 1)
