"""What the file of a person holds beside posts, as far as a reader may know."""

from dataclasses import dataclass

from staff.access.sealed import sealed_visible_to
from staff.models import Account, Contract, Departure, Person, Role
from staff.queries.absence import Away, away_of, departures_listed
from staff.queries.contract import contracts_of


@dataclass(frozen=True)
class PersonFile:
    """Contracts, days away and departures, newest first; whether this reader knows of sealed records, and how many."""

    contracts: list[Contract]
    away: list[Away]
    departures: list[Departure]
    sees_sealed: bool
    sealed: int


def file_of(actor: Account, person: Person) -> PersonFile:
    """The person's file; four queries at most."""
    sees = actor.is_role(Role.HR, Role.AUDITOR) or actor.person_id == person.pk
    return PersonFile(
        contracts=list(contracts_of(actor, person)),
        away=away_of(actor, person),
        departures=list(departures_listed(actor).filter(person=person)),
        sees_sealed=sees,
        sealed=sealed_visible_to(actor).filter(person=person).count() if sees else 0,
    )
