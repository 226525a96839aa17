"""What the file of a person holds beside posts, as far as a reader may know."""

from dataclasses import dataclass

from staff.models import Account, Contract, Departure, Person
from staff.queries.absence import Away, away_of, departures_listed
from staff.queries.contract import contracts_of


@dataclass(frozen=True)
class PersonFile:
    """Contracts, days away and departures, newest first."""

    contracts: list[Contract]
    away: list[Away]
    departures: list[Departure]


def file_of(actor: Account, person: Person) -> PersonFile:
    """The person's file; three queries."""
    return PersonFile(
        contracts=list(contracts_of(actor, person)),
        away=away_of(actor, person),
        departures=list(departures_listed(actor).filter(person=person)),
    )
