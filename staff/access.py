"""Who sees which staff records, and who may change them: one short function each."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from staff.models import Account, ApiToken, Appointment, Person, Role, Team

OVERSEERS = (Role.MANAGER, Role.HR, Role.AUDITOR, Role.ADMINISTRATOR)


def in_force(on: date | None = None) -> Q:
    """Appointments (or other half-open dated rows) that hold on the day; today when none is given."""
    day = on or timezone.localdate()
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day))


def people_visible_to(actor: Account) -> QuerySet[Person]:
    """The staff directory is open to every account of the house; another system needs the staff scope."""
    return Person.objects.all() if actor.is_active else Person.objects.none()


def teams_visible_to(actor: Account) -> QuerySet[Team]:
    """The organisation is open to every account of the house."""
    return Team.objects.all() if actor.is_active else Team.objects.none()


def teams_of(actor: Account) -> QuerySet[Team]:
    """The teams whose work this person sees today: the one of the appointment, and the offices below it."""
    own = Appointment.objects.filter(in_force(), person=actor.person_id).values("team")
    return Team.objects.filter(Q(pk__in=own) | Q(parent__in=own))


def teams_led_by(actor: Account) -> QuerySet[Team]:
    """The teams this person leads today, and the offices below them."""
    led = Appointment.objects.filter(in_force(), person=actor.person_id, is_leader=True).values("team")
    return Team.objects.filter(Q(pk__in=led) | Q(parent__in=led))


def tokens_visible_to(actor: Account) -> QuerySet[ApiToken]:
    """Administrators see all tokens; everybody else their own."""
    if actor.role == Role.ADMINISTRATOR:
        return ApiToken.objects.all()
    return ApiToken.objects.filter(account=actor)


def can_change_roster(actor: Account) -> bool:
    """HR and administrators keep the roster."""
    return actor.is_role(Role.HR, Role.ADMINISTRATOR)


def can_manage_accounts(actor: Account) -> bool:
    """Administrators keep accounts and tokens."""
    return actor.is_role(Role.ADMINISTRATOR)
