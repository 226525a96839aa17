"""Settling credit shares: weights per role and shares within roles, each exactly 100 % on every day."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from projects.actions import correct_shares, share_credit
from projects.models import CreditShare, Project
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry
from staff.models import Account, Person
from tests.factories.projects import make_project, make_recognised, make_share

Parts = list[tuple[Person, str, Decimal]]
HALVES = {"introduction": Decimal(60), "landing": Decimal(40)}


@pytest.fixture
def project(officer: Account) -> Project:
    made = make_project(officer)
    make_share(made, officer.person)
    return made


@pytest.fixture
def parts(officer: Account, colleague: Account) -> Parts:
    return [
        (officer.person, "introduction", Decimal("33.33")),
        (colleague.person, "introduction", Decimal("66.67")),
        (colleague.person, "landing", Decimal(100)),
    ]


def shares_of(project: Project) -> list[tuple[object, ...]]:
    rows = CreditShare.objects.filter(project=project).order_by("settlement", "role", "-percent", "id")
    return list(
        rows.values_list(
            "settlement", "person", "role", "weight", "share", "percent", "holds_from", "holds_until"
        )
    )


def test_settlement_closes_the_old_and_opens_the_new_on_the_day(
    leader: Account, officer: Account, colleague: Account, project: Project, parts: Parts
) -> None:
    day, one, two = date(2026, 6, 1), officer.person_id, colleague.person_id

    share_credit(
        actor=leader, project=project, weights=HALVES, shares=parts, on=day, reason="队内评议", seen=1
    )

    assert shares_of(project) == [
        (1, one, "introduction", 100, 100, 100, date(2026, 1, 5), day),
        (2, two, "introduction", 60, Decimal("66.67"), Decimal("40.002"), day, None),
        (2, one, "introduction", 60, Decimal("33.33"), Decimal("19.998"), day, None),
        (2, two, "landing", 40, 100, 40, day, None),
    ]
    entry = AuditEntry.objects.get()
    assert (entry.reason, entry.detail["settlement"], entry.detail["before"]) == (
        "队内评议",
        2,
        [f"{officer.person} 引进 100%"],
    )


def test_weights_left_out_stay_as_they_are(leader: Account, colleague: Account, project: Project) -> None:
    share_credit(
        actor=leader,
        project=project,
        shares=[(colleague.person, "introduction", Decimal(100))],
        on=date(2026, 6, 1),
    )

    assert [row[1:6] for row in shares_of(project) if row[-1] is None] == [
        (colleague.person_id, "introduction", 100, 100, 100)
    ]


@pytest.mark.parametrize(
    ("weights", "shares", "sentence"),
    [
        (
            {"capture": "60", "landing": "30"},
            ["100", "100"],
            "各角色的权重合计为 90%，应正好是 100%，还差 10%",
        ),
        ({"capture": "60", "landing": "40"}, ["100", "100.01"], "份额 100.01 不可用"),
        (
            {"capture": "60", "landing": "40"},
            ["100", "99.99"],
            "角色“推进落地”内的份额合计为 99.99%.*还差 0.01%",
        ),
        ({"capture": "60", "landing": "40"}, ["100", "0"], "份额 0 不可用"),
        ({"capture": "60", "landing": "40"}, ["33.333", "100"], "份额 33.333 不可用"),
        ({"capture": "60", "landing": "40"}, ["100"], "角色“推进落地”有权重却没有人"),
        ({"capture": "100"}, ["100", "100"], "角色“推进落地”有人却没有权重"),
        ({"capture": "100.01", "landing": "-0.01"}, ["100", "100"], "权重 100.01 不可用"),
        ({"capture": "60.5", "landing": "39.5"}, ["33.33", "100"], "合起来超过两位小数"),
        ({"capture": "100"}, [], "至少填写一个份额"),
    ],
)
def test_sums_that_are_off_are_refused_with_role_and_gap(
    leader: Account,
    officer: Account,
    project: Project,
    weights: dict[str, str],
    shares: list[str],
    sentence: str,
) -> None:
    parts = [
        (officer.person, role, Decimal(share))
        for role, share in zip(["capture", "landing"], shares, strict=False)
    ]
    before = shares_of(project)

    with pytest.raises(Refused, match=sentence):
        share_credit(
            actor=leader,
            project=project,
            weights={role: Decimal(weight) for role, weight in weights.items()},
            shares=parts,
            on=date(2026, 6, 1),
        )

    assert shares_of(project) == before


def test_same_person_twice_in_a_role_and_unknown_roles_are_refused(
    leader: Account, officer: Account, project: Project
) -> None:
    half, whole = Decimal(50), Decimal(100)

    with pytest.raises(Refused, match="只能有一个份额"):
        share_credit(actor=leader, project=project, shares=[(officer.person, "introduction", half)] * 2)
    with pytest.raises(Refused, match="没有“boss”这个角色"):
        share_credit(actor=leader, project=project, shares=[(officer.person, "boss", whole)])


@pytest.mark.parametrize("day", [date(2026, 1, 4), date(2025, 1, 1)])
def test_shares_before_the_ones_that_hold_are_refused(
    leader: Account, officer: Account, project: Project, day: date
) -> None:
    with pytest.raises(Refused) as refusal:
        share_credit(
            actor=leader, project=project, shares=[(officer.person, "introduction", Decimal(100))], on=day
        )

    assert set(refusal.value.fields) == {"on"}


def test_shares_never_change_backwards_over_recognised_facts_but_by_a_correction(
    leader: Account, officer: Account, colleague: Account, manager: Account, project: Project, parts: Parts
) -> None:
    make_recognised(project, officer, manager, happened_on=date(2026, 3, 1))
    before = shares_of(project)
    given = {"project": project, "weights": HALVES, "shares": parts, "on": date(2026, 3, 1)}

    with pytest.raises(Refused, match="已有认定的业绩（签约 2026-03-01）"):
        share_credit(actor=manager, **given)
    with pytest.raises(NotAllowed, match="只能由分管领导更正"):
        correct_shares(actor=leader, reason="漏记", **given)
    with pytest.raises(Refused, match="要写明理由"):
        correct_shares(actor=manager, reason=" ", **given)
    assert shares_of(project) == before

    correct_shares(actor=manager, reason="洽谈时漏记", **given)

    assert [(row[0], row[-2], row[-1]) for row in shares_of(project)] == [
        (1, date(2026, 1, 5), date(2026, 3, 1)),
        *[(2, date(2026, 3, 1), None)] * 3,
    ]
    assert AuditEntry.objects.get().detail["facts"] == ["签约 2026-03-01"]


def test_correction_replaces_later_settlements_and_keeps_them_readable(
    leader: Account, officer: Account, colleague: Account, manager: Account, project: Project, parts: Parts
) -> None:
    share_credit(actor=leader, project=project, weights=HALVES, shares=parts, on=date(2026, 6, 1))

    whole = [(colleague.person, "introduction", Decimal(100))]
    correct_shares(
        actor=manager,
        project=project,
        weights={"introduction": Decimal(100)},
        shares=whole,
        on=date(2026, 2, 1),
        reason="首报之后即由其承办",
    )

    assert sorted({(row[0], row[-2], row[-1]) for row in shares_of(project)}, key=lambda row: row[0]) == [
        (1, date(2026, 1, 5), date(2026, 2, 1)),
        (2, date(2026, 6, 1), date(2026, 6, 1)),
        (3, date(2026, 2, 1), None),
    ]


def test_manager_with_a_share_does_not_correct_it(manager: Account, project: Project) -> None:
    CreditShare.objects.filter(project=project).update(person=manager.person)

    with pytest.raises(NotAllowed):
        correct_shares(
            actor=manager,
            project=project,
            shares=[(manager.person, "introduction", Decimal(100))],
            on=date(2026, 2, 1),
            reason="自查",
        )


def test_second_of_two_settlements_learns_of_the_first(
    leader: Account, manager: Account, project: Project, parts: Parts
) -> None:
    share_credit(actor=leader, project=project, weights=HALVES, shares=parts, on=date(2026, 6, 1), seen=1)

    with pytest.raises(Conflict, match="已被他人重新核定（第 2 次）"):
        share_credit(
            actor=manager, project=project, weights=HALVES, shares=parts, on=date(2026, 7, 1), seen=1
        )


def test_shares_are_settled_by_the_leader_and_not_by_the_holder(officer: Account, project: Project) -> None:
    with pytest.raises(NotAllowed):
        share_credit(actor=officer, project=project, shares=[(officer.person, "introduction", Decimal(100))])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE projects_creditshare SET weight = 90, percent = 90 WHERE project_id = %s",
        "UPDATE projects_creditshare SET share = 90, percent = 90 WHERE project_id = %s",
        "UPDATE projects_creditshare SET holds_until = holds_from + 30 WHERE project_id = %s",
        (
            "INSERT INTO projects_creditshare (project_id, person_id, role, settlement, weight, share, percent, holds_from) "
            "SELECT project_id, person_id, 'landing', 1, 100, 100, 100, holds_from + 9 FROM projects_creditshare "
            "WHERE project_id = %s"
        ),
    ],
    ids=["weights short", "role short", "gap", "overlap"],
)
def test_database_refuses_a_ledger_that_is_not_whole_when_the_transaction_ends(
    project: Project, change: str
) -> None:
    def changed() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change, [project.pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="are not 100 % per role"):
        changed()


def test_share_page_keeps_the_lines_and_names_the_sum(
    leader: Account, officer: Account, project: Project, client_as: Callable[[Account], Client]
) -> None:
    client, url = client_as(leader), f"/projects/{project.public_id}/shares/"
    typed = {
        "form-TOTAL_FORMS": "3",
        "form-INITIAL_FORMS": "3",
        "form-0-person": officer.person.public_id,
        "form-0-role": "capture",
        "form-0-percent": "60",
        "form-1-person": officer.person.public_id,
        "form-1-role": "landing",
        "form-1-percent": "100",
        "form-2-role": "capture",
        "weight_capture": "60",
        "weight_landing": "40",
        "seen": "1",
        "on": "2026-06-01",
    }

    wrong = client.post(url, typed)
    right = client.post(url, {**typed, "form-0-percent": "100"})

    assert (wrong.status_code, "内的份额合计为 60%" in wrong.content.decode()) == (422, True)
    assert (right.status_code, CreditShare.objects.filter(holds_until=None).count()) == (302, 2)


def test_correction_page_is_for_managers_and_names_the_facts(
    leader: Account,
    manager: Account,
    officer: Account,
    project: Project,
    client_as: Callable[[Account], Client],
) -> None:
    make_recognised(project, officer, manager)
    url = f"/projects/{project.public_id}/shares/correction/"

    assert client_as(leader).get(url).status_code == 403
    assert "签约 2026-03-01" in client_as(manager).get(url).content.decode()
