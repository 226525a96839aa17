"""Who is away on a day, for how long in a period, and what leaving will end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from staff.access import contracts_visible_to, in_force
from staff.access.absence import absences_visible_to, can_see_why, departures_visible_to
from staff.models import Absence, Account, Appointment, Contract, ContractState, Departure, Person


@dataclass(frozen=True)
class Away:
    """Days away as this reader may know them: `why` and `note` are empty for who may not."""

    absence: Absence
    why: str
    note: str


def away_of(actor: Account, person: Person) -> list[Away]:
    """The person's days away, newest first."""
    return [shown(actor, one) for one in absences_visible_to(actor).filter(person=person)]


def shown(actor: Account, absence: Absence) -> Away:
    """An absence without what this reader may not know."""
    if not can_see_why(actor, absence):
        return Away(absence, "", "")
    return Away(absence, str(absence.get_kind_display()), absence.note)


def absences_listed(actor: Account) -> QuerySet[Absence]:
    """The visible absences with their people."""
    return absences_visible_to(actor).select_related("person")


def away_on(actor: Account, day: date) -> dict[int, Absence]:
    """Who is away on the day, as far as this reader may know, by person."""
    return {one.person_id: one for one in absences_visible_to(actor).filter(in_force(day))}


def away_by_team(actor: Account, day: date) -> dict[int, int]:
    """How many people of each team are away on the day, by team; one query more than the organisation."""
    away = absences_visible_to(actor).filter(in_force(day)).values("person")
    counts: dict[int, int] = {}
    for team in Appointment.objects.filter(in_force(day), person__in=away).values_list("team", flat=True):
        counts[team] = counts.get(team, 0) + 1
    return counts


def days_away(people: Iterable[int], start: date, end: date) -> dict[int, int]:
    """Calendar days away of each person within [start, end): what an assessment reads as an exception. By key of the person."""
    rows = Absence.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=start), person__in=list(people), starts_on__lt=end
    )
    found: dict[int, int] = {}
    for one in rows:
        days = (min(one.ends_on or end, end) - max(one.starts_on, start)).days
        found[one.person_id] = found.get(one.person_id, 0) + days
    return found


@dataclass(frozen=True)
class Leaving:
    """What leaving on a day would end, and what is still held."""

    posts: list[Appointment]
    later_posts: list[Appointment]
    contracts: list[Contract]
    drafts: list[Contract]
    account: Account | None
    held: int


def what_leaving_ends(actor: Account, person: Person, ends_on: date) -> Leaving:
    """The preview of `open_departure`."""
    posts = person.appointments.select_related("team")
    contracts = contracts_visible_to(actor).filter(person=person)
    is_draft = Q(state=ContractState.DRAFT) | Q(starts_on__gte=ends_on)
    running = Q(ends_on=None) | Q(ends_on__gt=ends_on)
    return Leaving(
        posts=list(posts.filter(in_force(ends_on), starts_on__lt=ends_on)),
        later_posts=list(posts.filter(starts_on__gte=ends_on)),
        contracts=list(contracts.filter(running, state=ContractState.SIGNED).exclude(is_draft)),
        drafts=list(contracts.filter(is_draft)),
        account=Account.objects.filter(person=person, is_active=True).first(),
        held=held_by(person),
    )


def held_by(person: Person) -> int:
    """How many things the person still holds; the app above answers."""
    return int(import_string(settings.HELD_BY_PERSON)(person))


def departures_listed(actor: Account) -> QuerySet[Departure]:
    """The visible departures with their people."""
    return departures_visible_to(actor).select_related("person", "opened_by", "finished_by")
