"""Settling credit shares."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from projects.actions import share_credit
from projects.models import CreditShare, Project
from promotion.errors import NotAllowed, Refused
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.projects import make_project, make_share


@pytest.fixture
def project(officer: Account) -> Project:
    made = make_project(officer)
    assert officer.person is not None
    make_share(made, officer.person)
    return made


def shares_of(project: Project) -> list[tuple[object, ...]]:
    rows = CreditShare.objects.filter(project=project).order_by("holds_from", "role", "-percent", "id")
    return list(rows.values_list("person", "role", "percent", "holds_from", "holds_until"))


def test_shares_close_the_old_ones_and_open_the_new_on_the_day(
    leader: Account, officer: Account, colleague: Account, project: Project
) -> None:
    assert officer.person is not None
    assert colleague.person is not None
    parts = [
        (officer.person, "introduction", Decimal("66.67")),
        (colleague.person, "landing", Decimal("33.33")),
    ]

    share_credit(actor=leader, project=project, shares=parts, on=date(2026, 6, 1), reason="队内评议")

    assert shares_of(project) == [
        (officer.person.pk, "introduction", Decimal(100), date(2026, 1, 5), date(2026, 6, 1)),
        (officer.person.pk, "introduction", Decimal("66.67"), date(2026, 6, 1), None),
        (colleague.person.pk, "landing", Decimal("33.33"), date(2026, 6, 1), None),
    ]
    assert AuditEntry.objects.get().reason == "队内评议"


@pytest.mark.parametrize(
    ("percents", "sentence"),
    [
        (["60", "30"], "份额合计为 90%，应正好是 100%，还差 10%"),
        (["60", "40.01"], "份额合计为 100.01%，应正好是 100%，多了 0.01%"),
        (["100", "0"], "份额 0 不可用"),
        (["33.333", "66.667"], "份额 33.333 不可用"),
        ([], "至少填写一个份额"),
    ],
)
def test_shares_that_do_not_total_100_are_refused_with_the_sum(
    leader: Account, officer: Account, project: Project, percents: list[str], sentence: str
) -> None:
    assert officer.person is not None
    roles = ["capture", "landing"]
    parts = [(officer.person, role, Decimal(percent)) for role, percent in zip(roles, percents, strict=False)]
    before = shares_of(project)

    with pytest.raises(Refused, match=sentence):
        share_credit(actor=leader, project=project, shares=parts, on=date(2026, 6, 1))

    assert shares_of(project) == before


def test_same_person_twice_in_a_role_and_unknown_roles_are_refused(
    leader: Account, officer: Account, project: Project
) -> None:
    assert officer.person is not None

    with pytest.raises(Refused, match="只能有一个份额"):
        share_credit(actor=leader, project=project, shares=[(officer.person, "capture", Decimal(50))] * 2)
    with pytest.raises(Refused, match="没有“boss”这个角色"):
        share_credit(actor=leader, project=project, shares=[(officer.person, "boss", Decimal(100))])


@pytest.mark.parametrize("day", [date(2026, 1, 4), date(2025, 1, 1)])
def test_shares_before_the_ones_that_hold_are_refused(
    leader: Account, officer: Account, project: Project, day: date
) -> None:
    assert officer.person is not None

    with pytest.raises(Refused) as refusal:
        share_credit(
            actor=leader, project=project, shares=[(officer.person, "capture", Decimal(100))], on=day
        )

    assert set(refusal.value.fields) == {"on"}


def test_shares_are_settled_by_the_leader_and_not_by_the_holder(
    officer: Account, outsider: Account, project: Project
) -> None:
    assert officer.person is not None

    with pytest.raises(NotAllowed):
        share_credit(actor=officer, project=project, shares=[(officer.person, "capture", Decimal(100))])


def test_share_page_keeps_the_lines_and_names_the_sum(
    leader: Account, officer: Account, project: Project, client_as: Callable[[Account], Client]
) -> None:
    assert officer.person is not None
    client, url = client_as(leader), f"/projects/{project.public_id}/shares/"
    typed = {
        "form-TOTAL_FORMS": "3",
        "form-INITIAL_FORMS": "3",
        "form-0-person": officer.person.public_id,
        "form-0-role": "capture",
        "form-0-percent": "60",
        "form-1-person": officer.person.public_id,
        "form-1-role": "landing",
        "form-1-percent": "30",
        "form-2-role": "capture",
        "on": "2026-06-01",
    }

    wrong = client.post(url, typed)
    right = client.post(url, {**typed, "form-1-percent": "40"})

    assert (wrong.status_code, "份额合计为 90%" in wrong.content.decode()) == (422, True)
    assert (right.status_code, CreditShare.objects.filter(holds_until=None).count()) == (302, 2)
