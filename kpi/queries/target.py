"""The year's targets as a table: who is to reach what, what has not been set, and whether the parts add up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi import access
from kpi.models import SchemeVersion, Target, TargetLevel, TargetPeriod
from kpi.queries.calculation import as_of_day
from kpi.queries.measures import SubjectKey
from kpi.queries.roster import Assessed, assessed_subjects
from kpi.queries.scheme import read_scheme, scheme_in_force
from kpi.scoring.goals import Difference, Goal, differences, missing, owed
from kpi.scoring.periods import YEAR
from kpi.scoring.results import Subject
from kpi.scoring.rounding import plain
from kpi.scoring.scheme import Scheme
from kpi.scoring.scheme import Target as WantedTarget
from staff.access import assessed_teams_visible_to
from staff.models import Account, Person, Team, TeamKind

Values = Mapping[Goal, Target]


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One subject of the year with those of its targets that were asked for.

    `owed` is what the scheme asks of subjects like it; an office that is not ranked owes nothing. `is_credited`: the ledger holds
    facts of its own. `ranked_team` is the
    team itself, or the one for which the person counts: a liaison office works for its parent.
    """

    key: SubjectKey
    code: str
    name: str
    person: Person | None
    team: Team | None
    ranked_team: Team | None
    is_ranked: bool = True
    is_credited: bool = True
    values: Values = field(default_factory=dict)
    owed: tuple[Goal, ...] = ()
    missing: tuple[Goal, ...] = ()

    def at(self, code: str, period: str = YEAR, level: str = TargetLevel.BASE) -> Target | None:
        """The value of one cell; None where nothing has been set."""
        return self.values.get((code, period, level))

    def amounts(self, code: str, level: str) -> dict[str, Decimal]:
        """The values of one target and level by period."""
        return {
            period: target.amount
            for (own, period, held), target in self.values.items()
            if own == code and held == level
        }

    def differences(self, code: str, level: str) -> list[Difference]:
        """Where the parts of the year do not add up."""
        return list(differences(self.amounts(code, level)))

    @property
    def public_id(self) -> str:
        subject = self.person or self.team
        return subject.public_id if subject else ""


def year_scheme(year: int) -> Scheme | None:
    """The scheme that holds at the end of the year: it says which targets there are."""
    version = scheme_in_force(year, date(year, 12, 31))
    return read_scheme(version) if version else None


def wanted_targets(year: int) -> list[WantedTarget]:
    """The targets that the year's published scheme asks for; none without one."""
    scheme = year_scheme(year)
    return list(scheme.targets.values()) if scheme else []


def target_years(actor: Account) -> list[int]:
    """The years with a published scheme, newest first: only there can targets be set."""
    published = SchemeVersion.objects.filter(state="published").order_by("-year")
    return list(published.values_list("year", flat=True).distinct())


def target_lines(actor: Account, year: int) -> list[TargetLine]:
    """Every subject whose targets the actor may see, with what the scheme asks of it.

    Ranked teams in their order, offices, then people in the order of their teams.
    """
    scheme, as_of = year_scheme(year), as_of_day(year, timezone.localdate())
    teams = {team.pk: team for team in access.target_teams_visible_to(actor).select_related("parent")}
    assessed = assessed_subjects(year, as_of)
    people = access.target_people_visible_to(actor).in_bulk({one.person_id or 0 for one in assessed})
    homes = assessed_teams_visible_to(actor).select_related("parent")
    homes_by_id = homes.in_bulk({one.home_team or 0 for one in assessed})
    lines = []
    for one in [*assessed, *_offices(teams, assessed, as_of)]:
        person, team = people.get(one.person_id or 0), teams.get(one.team_id or 0)
        if person is not None or team is not None:
            lines.append(_line(one, person, team, homes_by_id.get(one.home_team or 0), scheme))
    cells = Q(pk__in=[])
    for period, level in {(goal[1], goal[2]) for line in lines for goal in line.owed}:
        cells |= Q(period=period, level=level)
    return sorted(_filled(actor, year, lines, cells), key=_order)


def _line(
    one: Assessed, person: Person | None, team: Team | None, home: Team | None, scheme: Scheme | None
) -> TargetLine:
    """A subject without its values. What the scheme ranks, owes; offices are no kind of subject of it."""
    is_ranked = scheme is not None and scheme.group_of(one.subject.kind) is not None
    return TargetLine(
        key=one.key,
        code=one.subject.code.partition(":")[2],
        name=one.subject.name,
        person=person,
        team=team,
        ranked_team=_ranked(team or home),
        is_ranked=is_ranked,
        is_credited=one.is_credited,
        owed=owed(scheme, one.subject.kind) if scheme is not None and is_ranked else (),
    )


def with_values(actor: Account, year: int, lines: Sequence[TargetLine]) -> list[TargetLine]:
    """The lines with all their targets of the year: every period and level."""
    people = [line.key[1] for line in lines if line.key[0] == "person"]
    teams = [line.key[1] for line in lines if line.key[0] == "team"]
    return _filled(actor, year, lines, Q(person__in=people) | Q(team__in=teams))


def _filled(actor: Account, year: int, lines: Iterable[TargetLine], which: Q) -> list[TargetLine]:
    scheme = year_scheme(year)
    found: dict[SubjectKey, dict[Goal, Target]] = defaultdict(dict)
    for target in access.targets_visible_to(actor).filter(which, year=year):
        key: SubjectKey = ("person", target.person_id) if target.person_id else ("team", target.team_id or 0)
        found[key][target.indicator, target.period, target.level] = target
    return [
        replace(
            line,
            values=found.get(line.key, {}),
            missing=missing(scheme, line.owed, found.get(line.key, {})) if scheme else (),
        )
        for line in lines
    ]


def _offices(teams: Mapping[int, Team], assessed: Sequence[Assessed], as_of: date) -> list[Assessed]:
    """Departments and liaison offices that exist on the day: they may have targets and are not ranked."""
    ranked = {one.team_id for one in assessed if one.team_id}
    return [
        Assessed(("team", team.pk), Subject(f"team:{team.code}", team.kind, team.name))
        for team in teams.values()
        if team.pk not in ranked
        and team.founded_on <= as_of
        and (team.closed_on is None or team.closed_on > as_of)
    ]


def _ranked(team: Team | None) -> Team | None:
    return team.parent if team and team.kind == TeamKind.LIAISON and team.parent else team


def _order(line: TargetLine) -> tuple[bool, bool, int, int, str]:
    place = line.ranked_team.position if line.ranked_team else 0
    own = line.team.position if line.team else 0
    return line.person is not None, line.team is not None and not line.is_ranked, place, own, line.code


def people_of(lines: Sequence[TargetLine], team: Team) -> list[TargetLine]:
    """The people who count for a team."""
    return [line for line in lines if line.person is not None and line.ranked_team == team]


def goal_words(goal: Goal, wanted: Mapping[str, WantedTarget]) -> str:
    """外资到账 · 第一季度 · 加压目标; the year and the base level go without saying."""
    code, period, level = goal
    parts = [wanted[code].title if code in wanted else code]
    if period != YEAR:
        parts.append(str(TargetPeriod(period).label))
    if level != TargetLevel.BASE:
        parts.append(str(TargetLevel(level).label))
    return " · ".join(parts)


def difference_words(one: Difference) -> str:
    """Both figures, and which is which."""
    words = {
        "period": TargetPeriod(one.period).label,
        "grain": {"half": _("半年"), "quarter": _("季度"), "month": _("月度")}[one.grain],
        "amount": plain(one.amount),
        "parts": plain(one.parts),
    }
    if one.complete:
        return _("%(grain)s目标合计 %(parts)s，%(period)s目标 %(amount)s，两者不等。") % words
    return _("已下达的%(grain)s目标合计 %(parts)s，已超过%(period)s目标 %(amount)s。") % words
