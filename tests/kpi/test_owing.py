"""What an undecided item waits for: with the place to enter it for those who may, with whom to ask for others."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from kpi import actions
from kpi.actions import InputRow, execute_run, request_run, set_target
from kpi.models import Item, Run
from kpi.queries.owing import owing_of
from staff.models import Account, Person
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised, make_share
from tests.kpi.test_inputs import SCHEME, mark
from tests.kpi.test_target_pages import grid, put
from tests.projects.test_evidence_api import Caller

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]

WITH_TARGET = (
    SCHEME.replace("indicators:\n", "targets:\n  signings: {title: 签约任务, unit: 个}\nindicators:\n")
    + """  - code: signing
    title: 项目签约
    applies_to: [officers]
    measures:
      signed: {title: 签约项目, facts: [signed], aggregate: count}
    rule: {kind: ratio_times_points, of: signed, target: signings, points: 50}
"""
)


@pytest.fixture
def person(officer: Account) -> Person:
    assert officer.person is not None
    return officer.person


def run_once() -> Run:
    run = execute_run(run_id=request_run(actor=None, year=2025).pk)
    assert run is not None
    return run


def owing(run: Run, reader: Account, person: Person) -> dict[str, list[str]]:
    standing = run.standings.get(person=person)
    items = list(standing.items.all())
    found = owing_of(reader, standing, items)
    return {item.indicator: [one.words for one in found[item.pk]] for item in items if item.pk in found}


def test_each_undecided_item_says_what_it_waits_for(person: Person, hr: Account, manager: Account) -> None:
    make_scheme(2025, WITH_TARGET)
    run = run_once()
    assert owing(run, hr, person) == {
        "review": ["“民主测评”（同事）没有录入", "“民主测评”（领导）没有录入"],
        "conduct": ["“作风”没有录入"],
        "signing": ["目标“签约任务”没有下达"],
    }

    set_target(actor=hr, year=2025, code="signings", person=person, amount=Decimal(4))
    choice = InputRow("choice", "conduct", person=person, value=Decimal(4), author="考核组", reason="全勤")
    given = actions.record_inputs(
        actor=hr, year=2025, rows=[choice, mark(person), mark(person, panel="leaders")]
    )
    assert owing(run, hr, person) == {
        "review": ["“民主测评”已录入，待另一人确认"],
        "conduct": ["“作风”已录入，待另一人确认"],
        "signing": [],
    }
    actions.confirm_inputs(actor=manager, inputs=given)
    assert owing(run, hr, person) == {"review": [], "conduct": [], "signing": []}
    assert owing(run_once(), hr, person) == {}


@pytest.mark.parametrize(
    ("who", "linked"), [("hr", True), ("manager", True), ("auditor", False), ("officer", False)]
)
def test_those_who_may_enter_it_are_led_there(
    who: str, linked: bool, person: Person, request: pytest.FixtureRequest, client_as: SignIn
) -> None:
    make_scheme(2025, WITH_TARGET)
    standing = run_once().standings.get(person=person)
    client = client_as(request.getfixturevalue(who))
    target = f"/score/targets/person/{person.public_id}/?year=2025&amp;code=signings"
    sheet = "/score/inputs/sheets/rating:peers/?year=2025&amp;group=officers&amp;panel=leaders"
    item = Item.objects.get(standing=standing, indicator="signing")

    whole = client.get(f"/score/standings/{standing.pk}/").content.decode()
    one = client.get(f"/score/items/{item.pk}/").content.decode()

    assert [target in whole, sheet in whole, target in one] == [linked] * 3
    assert ["请找人事或分管领导" in page for page in (whole, one)] == [not linked] * 2
    for address in (target, sheet) if linked else ():
        assert client.get(address.replace("&amp;", "&")).status_code == 200


def test_the_api_says_the_same(person: Person, hr: Account) -> None:
    make_scheme(2025, WITH_TARGET)
    item = Item.objects.get(standing=run_once().standings.get(person=person), indicator="signing")
    call = Caller(hr, ["kpi:read"])

    waiting = call.get(f"/api/items/{item.pk}/").json()["owing"]
    set_target(actor=hr, year=2025, code="signings", person=person, amount=Decimal(4))
    given = call.get(f"/api/items/{item.pk}/").json()["owing"]
    run_once()
    scored = Item.objects.filter(indicator="signing", standing__person=person).latest("pk")

    assert waiting == [
        {
            "kind": "target",
            "words": "目标“签约任务”没有下达",
            "place": "signings",
            "part": "",
            "waits": False,
        }
    ]
    assert (given, call.get(f"/api/items/{scored.pk}/").json()["owing"]) == ([], None)


def test_a_past_run_asks_for_nothing_any_more(person: Person, hr: Account, client_as: SignIn) -> None:
    make_scheme(2025, WITH_TARGET)
    past = run_once().standings.get(person=person)
    run_once()

    assert "去下达" not in client_as(hr).get(f"/score/standings/{past.pk}/").content.decode()


def test_a_rate_that_is_lacking_is_named(
    person: Person, officer: Account, hr: Account, manager: Account
) -> None:
    text = WITH_TARGET.replace(
        "facts: [signed], aggregate: count}\n    rule: {kind: ratio",
        "facts: [paid_in], aggregate: sum, unit: 万元, share: amount}\n    rule: {kind: ratio",
    )
    make_scheme(2025, text.replace("unit: 个", "unit: 万元"))
    project = make_project(officer, reported_on=date(2025, 1, 1))
    make_share(project, person, holds_from=date(2025, 1, 1))
    make_recognised(
        project, officer, manager, kind="paid_in", happened_on=date(2025, 3, 1), currency="USD",
        amount=Decimal(1000), amount_cny=Decimal(7000), recognised_amount=Decimal(1000),
        exchange_rate=Decimal(7), rate_on=date(2025, 3, 1),
    )  # fmt: skip
    set_target(actor=hr, year=2025, code="signings", person=person, amount=Decimal(4))

    assert owing(run_once(), hr, person)["signing"] == ["没有 USD 在 2025-03-01 或之前的汇率"]


def test_the_column_of_personal_targets_is_shown_when_it_says_something(
    hr: Account, leader: Account, officer: Account, auditor: Account, client_as: SignIn
) -> None:
    text = WITH_TARGET.replace(
        "title: 项目签约\n    applies_to: [officers]", "title: 项目签约\n    applies_to: [teams]"
    )
    make_scheme(2025, text)
    column = '<th class="end" scope="col">个人目标</th>'

    def shown(account: Account) -> bool:
        return column in client_as(account).get(grid()).content.decode()

    assert [shown(hr), shown(auditor), shown(leader)] == [True, False, False]
    put(hr, officer, year="4")
    # A leader's people are rows of the table themselves.
    assert [shown(hr), shown(auditor), shown(leader)] == [True, True, False]
