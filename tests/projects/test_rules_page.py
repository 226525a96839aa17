"""The page of all rules: what each decides, who changed it last, and that every rule page exists."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from projects import actions
from promotion.action import VERBS
from staff.models import Account

pytestmark = pytest.mark.django_db


def test_the_last_change_of_each_rule_is_named(
    client_as: Callable[[Account], Client], manager: Account, officer: Account
) -> None:
    client = client_as(officer)
    before = client.get(reverse("projects:rules")).content.decode()
    actions.write_default_checklist(actor=manager)

    after = client.get(reverse("projects:rules")).content.decode()

    assert manager.display_name not in before
    assert after.count(manager.display_name) == 1
    assert "佐证清单" in after


def test_every_rule_page_opens_and_its_verbs_are_those_of_actions(
    client_as: Callable[[Account], Client], manager: Account
) -> None:
    client = client_as(manager)
    for _label, _decides, url_name, verbs, _roles in settings.RULE_PAGES:
        assert client.get(reverse(url_name)).status_code == 200, url_name
        assert set(verbs) <= set(VERBS), url_name


def test_pages_of_a_role_only_are_not_offered_to_others(
    client_as: Callable[[Account], Client], officer: Account, leader: Account
) -> None:
    assert (
        reverse("projects:templates")
        not in client_as(officer).get(reverse("projects:rules")).content.decode()
    )
    assert reverse("projects:templates") in client_as(leader).get(reverse("projects:rules")).content.decode()
