"""Who sees that somebody is away, who sees why, and who sees to leaving."""

from django.db.models import QuerySet

from staff.access.organisation import in_force, teams_led_by
from staff.access.roster import can_change_roster
from staff.models import Absence, Account, Appointment, Departure, Role

SEE_ALL = (Role.HR, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR)


def absences_visible_to(actor: Account) -> QuerySet[Absence]:
    """That somebody is away: the person, the leaders of the team of today, managers, HR, auditors and administrators."""
    if actor.is_role(*SEE_ALL):
        return Absence.objects.all()
    own = Absence.objects.filter(person__isnull=False, person=actor.person_id)
    led = Appointment.objects.filter(in_force(), team__in=teams_led_by(actor)).values("person")
    return own | Absence.objects.filter(person__in=led)


def can_see_why(actor: Account, absence: Absence) -> bool:
    """Why somebody is away is known to HR and to the person."""
    return actor.is_role(Role.HR) or (actor.person_id is not None and absence.person_id == actor.person_id)


def departures_visible_to(actor: Account) -> QuerySet[Departure]:
    """Who leaves: HR, managers, auditors and administrators see all, everybody else the own."""
    if actor.is_role(*SEE_ALL):
        return Departure.objects.all()
    return Departure.objects.filter(person__isnull=False, person=actor.person_id)


def can_see_off(actor: Account) -> bool:
    """Who keeps the roster sees to leaving and return."""
    return can_change_roster(actor)
