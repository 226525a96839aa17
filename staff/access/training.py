"""Who sees training and who keeps it."""

from django.db.models import Q, QuerySet

from staff.access.organisation import teams_led_by
from staff.access.roster import can_change_roster
from staff.models import Account, Course, Enrolment, Role, TrainingPlanLine, TrainingSession


def courses_visible_to(actor: Account) -> QuerySet[Course]:
    """What is taught is open to the house."""
    return Course.objects.all() if actor.is_active else Course.objects.none()


def sessions_visible_to(actor: Account) -> QuerySet[TrainingSession]:
    """The same for sessions."""
    return TrainingSession.objects.all() if actor.is_active else TrainingSession.objects.none()


def enrolments_visible_to(actor: Account) -> QuerySet[Enrolment]:
    """Who takes part is open too: colleagues arrange among themselves; another system needs the staff scope."""
    return Enrolment.objects.all() if actor.is_active else Enrolment.objects.none()


def plan_lines_visible_to(actor: Account) -> QuerySet[TrainingPlanLine]:
    """Overseers see every line, leaders those of their teams and people, everybody his own and his team's."""
    rows = TrainingPlanLine.objects.all()
    if actor.is_role(Role.MANAGER, Role.HR, Role.AUDITOR, Role.ADMINISTRATOR, Role.API_CLIENT):
        return rows
    own = Q(person=actor.person_id) if actor.person_id else Q(pk=None)
    led = teams_led_by(actor).values("pk")
    return rows.filter(own | Q(team__in=led) | Q(person__appointments__team__in=led)).distinct()


def can_keep_training(actor: Account) -> bool:
    """HR and administrators keep courses, sessions, attendance and requirements."""
    return can_change_roster(actor)


def can_enrol(actor: Account, person_id: int | None) -> bool:
    """Everybody himself, leaders their people, HR anybody."""
    if person_id is None:
        return False
    if can_keep_training(actor) or person_id == actor.person_id:
        return True
    led = teams_led_by(actor).values("pk")
    return led.filter(appointments__person=person_id, appointments__ends_on=None).exists()
