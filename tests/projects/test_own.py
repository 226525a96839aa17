"""What a person answers for is always part of what the person sees."""

import pytest

from projects.access import projects_visible_to
from projects.actions.secrecy import make_secret
from projects.queries.own import own_projects
from staff.models import Account, Person
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db


def test_own_projects_are_those_of_owner_and_led_team_that_one_sees(
    officer: Account, colleague: Account, leader: Account, outsider: Account, manager: Account
) -> None:
    manager.person = Person.objects.create(staff_number="M1", name="分管领导", joined_on="2020-01-01")
    manager.save()
    mine, theirs = make_project(officer), make_project(colleague)
    secret, lost = make_project(officer, name="天狼星基地"), make_project(officer, status="lost")
    far = make_project(outsider)
    make_secret(actor=manager, project=secret, code_name="青峰", reason="收购")

    found = {
        account.username: set(own_projects(account))
        for account in (officer, colleague, leader, outsider, manager)
    }

    assert found[officer.username] == {mine, secret}
    assert found[colleague.username] == {theirs}
    assert found[leader.username] == {mine, theirs}
    assert found[outsider.username] == {far}
    assert found[manager.username] == {mine, theirs, secret, far}
    assert all(lost not in projects for projects in found.values())
    for account in (officer, colleague, leader, outsider, manager):
        assert own_projects(account).exclude(pk__in=projects_visible_to(account).values("pk")).count() == 0
