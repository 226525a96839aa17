"""Cards: those of teams are open to the house once shown, those of people to them, their leaders and overseers."""

from django.db.models import Q, QuerySet

from kpi.models import Card, CardState
from staff.access import OVERSEERS, teams_led_by
from staff.models import Account, Appointment, Role

OPEN_STATES = (CardState.SHOWN, CardState.LIFTED)


def cards_visible_to(actor: Account) -> QuerySet[Card]:
    """Everything for overseers; for others what was shown or lifted: of teams, of oneself, of those whom one leads."""
    if actor.is_role(*OVERSEERS):
        return Card.objects.all()
    own = Q(person=actor.person_id, person__isnull=False) | Q(team__isnull=False)
    if actor.is_role(Role.LEADER):
        members = Appointment.objects.filter(team__in=teams_led_by(actor).values("pk")).values("person")
        own |= Q(person__in=members)
    found = Card.objects.filter(own, state__in=OPEN_STATES)
    return found if actor.is_active else found.none()


def can_decide_cards(actor: Account) -> bool:
    """HR and managers propose, show and lift, each the other's."""
    return actor.is_role(Role.HR, Role.MANAGER)


def can_settle_card_rules(actor: Account) -> bool:
    """Managers settle from which limit on a card is due."""
    return actor.is_role(Role.MANAGER)
