"""Who is assessed in a year, and against which targets."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from kpi.models import Target
from kpi.queries.measures import SubjectKey
from kpi.scoring.results import Subject
from staff.models import Appointment, Team, TeamKind

#: The kinds of team that the year ranks; a scheme calls its subjects by the same words.
RANKED_KINDS = (TeamKind.TASK_FORCE, TeamKind.STATIONED)
OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Assessed:
    """One subject of the year: a person with the post of the day, or a team."""

    key: SubjectKey
    subject: Subject
    grade: str = ""
    home_team: int | None = None

    @property
    def person_id(self) -> int | None:
        return self.key[1] if self.key[0] == "person" else None

    @property
    def team_id(self) -> int | None:
        return self.key[1] if self.key[0] == "team" else None


def assessed_subjects(year: int, as_of: date) -> list[Assessed]:
    """Everybody who held a post in the year up to the day, and the ranked teams that exist on it."""
    return [*_officers(year, as_of), *_teams(as_of)]


def _officers(year: int, as_of: date) -> list[Assessed]:
    """Each person once, with grade and team of the latest appointment up to the day."""
    held = (
        Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=date(year, 1, 1)), starts_on__lte=as_of)
        .select_related("person")
        .order_by("person_id", "-starts_on")
        .distinct("person_id")
    )
    return [
        Assessed(
            key=("person", post.person_id),
            subject=Subject(f"person:{post.person.staff_number}", OFFICER, post.person.name),
            grade=post.grade,
            home_team=post.team_id,
        )
        for post in held
    ]


def _teams(as_of: date) -> list[Assessed]:
    teams = Team.objects.filter(
        Q(closed_on=None) | Q(closed_on__gt=as_of), kind__in=RANKED_KINDS, founded_on__lte=as_of
    ).order_by("pk")
    return [Assessed(("team", team.pk), Subject(f"team:{team.code}", team.kind, team.name)) for team in teams]


def targets_by_subject(year: int) -> dict[SubjectKey, dict[str, Decimal]]:
    """The year's targets: subject → target code of the scheme → amount in the target's unit."""
    found: dict[SubjectKey, dict[str, Decimal]] = defaultdict(dict)
    for person, team, code, amount in Target.objects.filter(year=year).values_list(
        "person_id", "team_id", "indicator", "amount"
    ):
        key: SubjectKey = ("person", person) if person is not None else ("team", team)
        found[key][code] = amount
    return dict(found)
