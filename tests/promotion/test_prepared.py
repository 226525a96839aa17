"""A statement compiled once answers what the queryset itself answers, for every value and every shape."""

import pytest
from django.db import connection
from django.db.models import Count, F, QuerySet, Value
from django.test.utils import CaptureQueriesContext

from promotion.prepared import IsAnyOf, Keys, Part, Prepared, Slot
from staff.models import Account, Person, Role
from tests.factories.staff import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts() -> list[Account]:
    return [make_account(Role.OFFICER) for _n in range(3)]


def test_models_with_what_was_selected_along(accounts: list[Account]) -> None:
    named = Prepared(lambda: Account.objects.filter(username=Slot("name")).select_related("person"))
    for account in accounts:
        with CaptureQueriesContext(connection) as captured:
            (found,) = named.rows(name=account.username)
            assert (found, found.person, found._state.adding) == (account, account.person, False)
        assert len(captured) == 1
    assert (named.rows(name="nobody"), named.first(name="nobody")) == ([], None)
    assert named.first(name=accounts[0].username) == accounts[0]


def test_values_sums_and_parts_put_together(accounts: list[Account]) -> None:
    def build(*, many: bool) -> QuerySet:
        rows = Account.objects.filter(IsAnyOf(F("pk"), Slot("keys"))).order_by("-pk")
        return (
            rows.values_list("pk", "username")
            if many
            else rows.order_by().values("role").annotate(n=Count("pk"))
        )

    listed = Prepared(lambda many: build(many=many))
    keys = [account.pk for account in accounts]
    assert listed.rows(True, keys=keys) == [(one.pk, one.username) for one in reversed(accounts)]
    assert listed.rows(True, keys=keys[:1]) == [(keys[0], accounts[0].username)]
    assert listed.rows(False, keys=keys[:2]) == [{"role": "officer", "n": 2}]
    assert listed.rows(True, keys=[]) == []

    first = Account.objects.filter(pk=Slot("one")).values_list("username", Value(1))
    second = Account.objects.filter(pk=Slot("other")).values_list("username", Value(2))
    both = Prepared(lambda: first.union(second, all=True))
    assert set(both.rows(one=keys[0], other=keys[2])) == {
        (accounts[0].username, 1),
        (accounts[2].username, 2),
    }


def test_a_part_stands_in_plain_and_in_prepared_querysets(accounts: list[Account]) -> None:
    part = Part(lambda: Account.objects.filter(username=Slot("name")).values("person"))
    plain = Person.objects.filter(pk__in=part(name=accounts[1].username))
    assert list(plain) == [accounts[1].person]
    assert list(Person.objects.exclude(pk__in=part(name=accounts[1].username)).order_by("pk")) == [
        accounts[0].person,
        accounts[2].person,
    ]
    prepared = Prepared(lambda: Person.objects.filter(pk__in=part(name=Slot("who"))))
    assert [prepared.rows(who=one.username) for one in accounts] == [[one.person] for one in accounts]


def test_a_value_is_never_written_into_the_statement(accounts: list[Account]) -> None:
    named = Prepared(lambda: Account.objects.filter(username=Slot("name")))
    assert named.rows(name="' OR true --") == []
    with pytest.raises(KeyError):
        named.rows(other="somebody")


def test_keys_are_one_value_however_many_there_are(accounts: list[Account]) -> None:
    asked = Account.objects.filter(IsAnyOf(F("pk"), Keys.of(account.pk for account in accounts[:2])))
    assert set(asked) == set(accounts[:2])
    assert not Account.objects.filter(IsAnyOf(F("pk"), Keys.of([]))).exists()
    assert asked.query.sql_with_params()[1] == (f"{{{accounts[0].pk},{accounts[1].pk}}}",)
