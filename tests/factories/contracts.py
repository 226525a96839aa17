"""Contracts of employment for tests."""

import itertools
from datetime import date
from typing import Any

from staff.models import Contract, ContractState, Person
from tests.factories.staff import make_account, make_person

_number = itertools.count(1)


def make_contract(person: Person | None = None, **fields: Any) -> Contract:
    """A signed contract of the year 2025 unless said otherwise."""
    state = fields.get("state", ContractState.SIGNED)
    given: dict[str, Any] = {
        "number": f"T-{next(_number):04}",
        "person": person or make_person(),
        "state": state,
        "starts_on": date(2025, 1, 1),
        "ends_on": date(2026, 1, 1),
        "signed_on": None if state == ContractState.DRAFT else date(2024, 12, 20),
        **fields,
    }
    given["drafted_by"] = given.get("drafted_by") or make_account()
    return Contract.objects.create(**given)
