"""Who sees first receptions and arbitrations, and who claims, releases, verifies and decides."""

from django.db.models import Q, QuerySet

from projects.models import Arbitration, FirstReception, FollowUp, Party
from staff.access import OVERSEERS, in_force, leads, teams_led_by
from staff.models import Account, Person, Role

OPEN_REGISTER = (Role.OFFICER, Role.LEADER, Role.API_CLIENT, *OVERSEERS)


def receptions_visible_to(actor: Account) -> QuerySet[FirstReception]:
    """The register is open to the house; which company it is stays masked for whoever may not see the company."""
    return FirstReception.objects.all() if actor.is_role(*OPEN_REGISTER) else FirstReception.objects.none()


def can_claim(actor: Account) -> bool:
    """Who works on projects claims from the pool, and systems with the right scope for a named officer."""
    return actor.is_role(Role.OFFICER, Role.LEADER, Role.MANAGER, Role.API_CLIENT)


def can_claim_for(actor: Account, person: Person) -> bool:
    """Everybody for the own person, leaders for the people of their teams, managers and systems for all."""
    if actor.person_id == person.pk or actor.is_role(Role.MANAGER, Role.API_CLIENT):
        return True
    return person.appointments.filter(in_force(), team__in=teams_led_by(actor)).exists()


def can_release(actor: Account, reception: FirstReception) -> bool:
    """The holder, the leader of the holder's team, and managers."""
    return (
        (actor.person_id is not None and actor.person_id == reception.person_id)
        or actor.is_role(Role.MANAGER)
        or leads(actor, reception.team_id)
    )


def can_confirm_progress(actor: Account, follow_up: FollowUp, reception: FirstReception) -> bool:
    """Leaders of the holder's team and managers, never the holder nor whoever wrote the follow-up."""
    return actor.pk != follow_up.written_by_id and may_verify(actor, reception)


def may_verify(actor: Account, reception: FirstReception) -> bool:
    """Leaders of the holder's team and managers, never the holder."""
    if actor.person_id == reception.person_id:
        return False
    return actor.is_role(Role.MANAGER) or leads(actor, reception.team_id)


def can_set_protection(actor: Account) -> bool:
    """Managers and administrators say how long a first reception protects."""
    return actor.is_role(Role.MANAGER, Role.ADMINISTRATOR)


def arbitrations_visible_to(actor: Account) -> QuerySet[Arbitration]:
    """Managers, auditors and administrators see all cases; others those that they or a team they lead are party to."""
    if actor.is_role(Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR):
        return Arbitration.objects.all()
    led = teams_led_by(actor).values("pk")
    own = Q(claimant_team__in=led) | Q(respondent_team__in=led) | Q(opened_by=actor)
    if actor.person_id is not None:
        own |= Q(claimant=actor.person_id) | Q(respondent=actor.person_id)
    return Arbitration.objects.filter(own)


def can_open_arbitration(actor: Account) -> bool:
    """Who works on projects disputes a first reception."""
    return actor.is_role(Role.OFFICER, Role.LEADER, Role.MANAGER)


def parties_of(actor: Account, arbitration: Arbitration) -> list[Party]:
    """The sides that the actor speaks for: as the person, or as the leader of that person's team."""
    led = set(teams_led_by(actor).values_list("pk", flat=True))
    sides = (
        (Party.CLAIMANT, arbitration.claimant_id, arbitration.claimant_team_id),
        (Party.RESPONDENT, arbitration.respondent_id, arbitration.respondent_team_id),
    )
    own = [side for side, person, _team in sides if actor.person_id is not None and person == actor.person_id]
    return own or [side for side, _person, team in sides if team in led]


def can_decide(actor: Account, arbitration: Arbitration) -> bool:
    """A manager who is no party and did not bring the case."""
    return (
        actor.is_role(Role.MANAGER)
        and arbitration.opened_by_id != actor.pk
        and not parties_of(actor, arbitration)
    )


def can_withdraw_arbitration(actor: Account, arbitration: Arbitration) -> bool:
    """Whoever brought it, and the claimant."""
    return arbitration.opened_by_id == actor.pk or (
        actor.person_id is not None and actor.person_id == arbitration.claimant_id
    )
