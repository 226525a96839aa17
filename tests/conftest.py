"""The cast: named people with fixed relations, each created only when a test asks for it.

Two task forces, first and second. Officer and leader belong to the first, outsider to the second; manager, HR, auditor
and administrator to none. `client_as(account)` gives a signed-in browser.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import settings

from projects.models import EvidenceRequirement
from staff.models import Account, Role, Team
from tests.factories.staff import make_account, make_team

# The same examples on every machine, so that a run says something about the change and not about the draw; another draw is
# `pytest --hypothesis-seed=…` with `--hypothesis-profile=default`.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: Any, django_db_blocker: Any) -> None:
    """A test states itself which papers it asks for; the lines a house begins with are left out."""
    with django_db_blocker.unblock():
        EvidenceRequirement.objects.all().delete()


@pytest.fixture
def first_team(db: None) -> Team:
    return make_team(code="GJ1", name="项目攻坚一队")


@pytest.fixture
def second_team(db: None) -> Team:
    return make_team(code="GJ2", name="项目攻坚二队")


@pytest.fixture
def officer(first_team: Team) -> Account:
    return make_account(Role.OFFICER, team=first_team)


@pytest.fixture
def colleague(first_team: Team) -> Account:
    return make_account(Role.OFFICER, team=first_team)


@pytest.fixture
def leader(first_team: Team) -> Account:
    return make_account(Role.LEADER, team=first_team)


@pytest.fixture
def outsider(second_team: Team) -> Account:
    return make_account(Role.OFFICER, team=second_team)


@pytest.fixture
def manager(db: None) -> Account:
    return make_account(Role.MANAGER)


@pytest.fixture
def deputy(db: None) -> Account:
    """A second manager, for what one manager may not do alone."""
    return make_account(Role.MANAGER)


@pytest.fixture
def hr(db: None) -> Account:
    return make_account(Role.HR)


@pytest.fixture
def auditor(db: None) -> Account:
    return make_account(Role.AUDITOR)


@pytest.fixture
def administrator(db: None) -> Account:
    return make_account(Role.ADMINISTRATOR)


@pytest.fixture
def client_as() -> Callable[[Account], Client]:
    def sign_in(account: Account) -> Client:
        client = Client()
        client.force_login(account)
        return client

    return sign_in
