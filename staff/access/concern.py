"""Whom a decision is about: nobody decides about himself, about his team, or about whom he stands in for."""

from collections.abc import Collection

from staff.access import posts_of
from staff.models import Account


def own_people(actor: Account) -> set[int]:
    """Keys of the person behind the account and of whom it stands in for; empty for an account without a person."""
    lent = actor.standing_in
    own = {actor.person_id, lent.principal_id if lent is not None else None}
    return {person for person in own if person is not None}


def is_concerned(
    actor: Account, people: Collection[int | None] = (), teams: Collection[int | None] = ()
) -> bool:
    """Whether the person behind the account, or who is stood in for, or a team of theirs, is among these keys."""
    return bool(own_people(actor) & set(people)) or bool(posts_of(actor).seen & set(teams))
