"""Who is assessed in a year, and against which targets."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from kpi.models import Target
from kpi.queries.measures import SubjectKey
from kpi.scoring.periods import target_key
from kpi.scoring.results import Subject
from kpi.scoring.scheme import Scheme, in_unit
from staff.models import Appointment, Team, TeamKind

#: The kinds of team that the year ranks; a scheme calls its subjects by the same words.
RANKED_KINDS = (TeamKind.TASK_FORCE, TeamKind.STATIONED)
OFFICER = "officer"
#: The kinds of subject that the ledger credits for facts; what others achieve is reported.
CREDITED_KINDS = (OFFICER, *RANKED_KINDS)


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
    def is_credited(self) -> bool:
        """Whether the ledger holds facts of its own."""
        return self.subject.kind in CREDITED_KINDS

    @property
    def team_id(self) -> int | None:
        return self.key[1] if self.key[0] == "team" else None


def assessed_subjects(year: int, as_of: date) -> list[Assessed]:
    """Everybody who held a post in the year up to the day, and the ranked teams and units that exist on it."""
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
        Q(closed_on=None) | Q(closed_on__gt=as_of),
        kind__in=(*RANKED_KINDS, TeamKind.UNIT),
        founded_on__lte=as_of,
    ).order_by("pk")
    return [
        Assessed(("team", team.pk), Subject(f"team:{team.code}", team.assessed_as or team.kind, team.name))
        for team in teams
    ]


def targets_by_subject(year: int, scheme: Scheme) -> dict[SubjectKey, dict[str, Decimal]]:
    """The year's targets: subject → name of the target (`target_key`) → amount in the scheme's unit."""
    return {key: found for (_year, key), found in targets_of({year: scheme}).items()}


def targets_of(
    schemes: Mapping[int, Scheme], which: Q | None = None
) -> dict[tuple[int, SubjectKey], dict[str, Decimal]]:
    """The targets of several years, each by its scheme, of those subjects.

    A target that was set in a unit which cannot be turned into the scheme's is left out: for the scheme it is missing.
    """
    found: dict[tuple[int, SubjectKey], dict[str, Decimal]] = defaultdict(dict)
    rows = Target.objects.filter(which or Q(), year__in=schemes).values_list(
        "year", "person_id", "team_id", "indicator", "period", "level", "amount", "unit"
    )
    for year, person, team, code, period, level, amount, unit in rows:
        wanted = schemes[year].targets.get(code)
        value = in_unit(amount, unit, wanted.unit) if wanted else None
        if value is not None:
            key: SubjectKey = ("person", person) if person is not None else ("team", team)
            found[year, key][target_key(code, period, level)] = value
    return dict(found)
