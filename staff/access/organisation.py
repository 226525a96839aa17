"""People, teams and posts: who sees them, and whose work somebody sees by his post."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from promotion.prepared import Part, Prepared, Slot
from staff.models import Account, Appointment, Delegation, Person, Role, Team, TeamKind

OVERSEERS = (Role.MANAGER, Role.HR, Role.AUDITOR, Role.ADMINISTRATOR)


def in_force(on: Any = None) -> Q:
    """Appointments (or other half-open dated rows) that hold on the day; today when none is given."""
    day = on or timezone.localdate()
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day))


def people_visible_to(actor: Account) -> QuerySet[Person]:
    """The staff directory is open to every account of the house; another system needs the staff scope."""
    return Person.objects.all() if actor.is_active else Person.objects.none()


def teams_visible_to(actor: Account) -> QuerySet[Team]:
    """The organisation is open to every account of the house; units that are only assessed are no part of it."""
    return assessed_teams_visible_to(actor).exclude(kind=TeamKind.UNIT)


def assessed_teams_visible_to(actor: Account) -> QuerySet[Team]:
    """Every team that may be assessed, units outside the house among them."""
    return Team.objects.all() if actor.is_active else Team.objects.none()


def appointments_visible_to(actor: Account) -> QuerySet[Appointment]:
    """Who held which post is as open as the people are."""
    return Appointment.objects.all() if actor.is_active else Appointment.objects.none()


def teams_of_person(person: Any, on: Any = None, *, led: bool = False) -> QuerySet[Team]:
    """The team of the person's appointment on the day (today) and the offices below it; only what he leads, if `led`.

    The teams of those whom the person stands in for on the day are among them.
    """
    day = on or timezone.localdate()
    lent = Delegation.objects.filter(delegate=person, starts_on__lte=day, ends_on__gt=day).order_by()
    whose = Q(person=person) | Q(person__in=lent.values("principal"))
    own = Appointment.objects.filter(in_force(day), whose)
    teams = (own.filter(is_leader=True) if led else own).values("team")
    return Team.objects.filter(Q(pk__in=teams) | Q(parent__in=teams))


def teams_of(actor: Account) -> QuerySet[Team]:
    """The teams whose work this person sees today: the one of the appointment, and the offices below it."""
    return teams_of_person(actor.person_id)


def teams_led_by(actor: Account) -> QuerySet[Team]:
    """The teams this person leads today, and the offices below them."""
    return teams_of_person(actor.person_id, led=True)


def _audiences() -> QuerySet[Team, Any]:
    own = Appointment.objects.filter(in_force(Slot("today")), person=Slot("person")).values("team")
    teams = Team.objects.filter(Q(pk__in=own) | Q(children__in=own)).order_by()
    return teams.annotate(audience=Concat(Value("team:"), "public_id")).values("audience")


_AUDIENCES = Part(_audiences)


def view_audiences(person: Any, today: Any) -> RawSQL:
    """The audiences (team:编号) whose saved views this person reads: those of the team and of the team above it."""
    return _AUDIENCES(person=person, today=today)


@dataclass(frozen=True)
class Posts:
    """The keys of the teams whose work somebody sees today, and of those that he leads."""

    seen: frozenset[int]
    led: frozenset[int]


def _with_led() -> QuerySet[Any, Any]:
    person, today = Slot("person"), Slot("today")
    led = Exists(teams_of_person(person, today, led=True).filter(pk=OuterRef("pk")))
    return teams_of_person(person, today).order_by().annotate(is_led=led).values_list("pk", "is_led")


_POSTS = Prepared(_with_led)


def posts_of(actor: Account) -> Posts:
    """What `teams_of` and `teams_led_by` give, as keys; one statement, and none again while a page is read."""
    known: Posts | None = actor.posts_read
    if known is None:
        rows = _POSTS.rows(person=actor.person_id or 0, today=timezone.localdate())
        known = Posts(frozenset(pk for pk, _led in rows), frozenset(pk for pk, led in rows if led))
        if actor.is_reading:
            actor.posts_read = known
    return known


def leads(actor: Account, team_id: int) -> bool:
    """Whether this person leads the team, or the one above it, today."""
    return team_id in posts_of(actor).led


_OPEN_TEAMS = Prepared(
    lambda: Team.objects.filter(closed_on=None).exclude(kind=TeamKind.UNIT).values_list("public_id", "name")
)
_LED_TEAMS = Prepared(
    lambda: teams_of_person(Slot("person"), Slot("today"), led=True).values_list("public_id", "name")
)


def audiences_given_by(actor: Account) -> list[tuple[str, str]]:
    """Whom this account may share a saved view with: leaders their teams, managers each team and everybody."""
    if actor.is_role(Role.MANAGER):
        teams, everyone = _OPEN_TEAMS.rows(), [("everyone", _("全体"))]
    elif actor.is_role(Role.LEADER):
        teams, everyone = _LED_TEAMS.rows(person=actor.person_id or 0, today=timezone.localdate()), []
    else:
        return []
    return everyone + [(f"team:{public_id}", name) for public_id, name in teams]
