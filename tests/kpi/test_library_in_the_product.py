"""Every starter scheme is published by two people, given its inputs, and calculated to the figures of its trial."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from kpi import actions
from kpi.models import Item, Run, Standing
from kpi.scoring.rounding import plain, rounded
from staff.models import Account
from tests.factories.assessment import House
from tests.kpi.scoring.examples import SCHEMES

pytestmark = pytest.mark.django_db
FACTS = sorted((SCHEMES / "facts").glob("*.json"))
#: The explanation names projects, which the product calls by their numbers.
BY_PROJECT = {"cards", "projects"}


def text_of(path: Path) -> str:
    """The document moved to a year that is over, so that its last day counts."""
    text = path.read_text(encoding="utf-8").replace("year: 2026", "year: 2025")
    return re.sub(r"(\d{4})(?=-\d\d-\d\d)", lambda found: str(int(found[1]) - 1), text)


@pytest.fixture(params=FACTS, ids=lambda path: path.stem)
def house(request: pytest.FixtureRequest, hr: Account, manager: Account) -> House:
    scheme = text_of(SCHEMES / f"{request.param.stem}.yaml")
    return House(scheme, text_of(request.param), hr, manager)


def calculated(house: House) -> Run:
    if given := house.give():
        actions.confirm_inputs(actor=house.manager, inputs=given)
    return house.run()


def test_the_run_gives_the_figures_of_the_trial(house: House) -> None:
    run = calculated(house)
    assert run.state == "done"
    standings = {(one.person or one.team).pk: one for one in Standing.objects.filter(run=run)}  # type: ignore[union-attr]
    found, wanted = {}, {}
    for sheet in house.trial.sheets:
        code = sheet.subject.code
        standing = standings[house.subjects[code].pk]
        found[code] = [plain(standing.total), *map(line_of, standing.items.all())]
        wanted[code] = [
            plain(rounded(sheet.total, 4)),
            *(
                (
                    item.code,
                    item.status,
                    None if item.points is None else plain(rounded(item.points, 4)),
                    "" if item.code in BY_PROJECT else item.explanation or item.undecided_reason,
                )
                for item in sheet.items
            ),
        ]
    assert found == wanted


def line_of(item: Item) -> tuple[str, str, str | None, str]:
    words = "" if item.indicator in BY_PROJECT else item.explanation
    return item.indicator, item.status, None if item.points is None else plain(item.points), words


def test_gates_cards_and_grades_are_those_of_the_trial(house: House) -> None:
    run = calculated(house)
    standings = {(one.person or one.team).pk: one for one in Standing.objects.filter(run=run)}  # type: ignore[union-attr]
    for outcome in house.trial.outcomes:
        standing = standings[house.subjects[outcome.subject.code].pk]
        found = (standing.merit, standing.eligible, standing.cards, standing.outcome["reasons"])
        assert found == (outcome.grade, outcome.eligible, list(outcome.cards), list(outcome.reasons))
        assert [gate["holds"] for gate in standing.gates] == [gate.holds for gate in outcome.gates]


def test_nothing_counts_before_a_second_person_confirms(house: House) -> None:
    given = house.give()
    run = house.run()
    undecided = Item.objects.filter(standing__run=run, status=Item.Status.UNDECIDED).exists()
    assert undecided == bool({one.kind for one in given} - {"choice"})


@pytest.fixture
def counties(hr: Account, manager: Account) -> Run:
    """The red and black lists: five counties with cards, grades and a veto."""
    scheme, facts = (SCHEMES / "red-black-lists.yaml", SCHEMES / "facts" / "red-black-lists.json")
    return calculated(House(text_of(scheme), text_of(facts), hr, manager))


def test_pages_show_what_stands_beside_the_score(
    counties: Run, hr: Account, outsider: Account, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(hr)
    page = client.get("/score/ranking/?year=2025&group=counties").content.decode()
    assert all(word in page for word in ("等次", "优秀", "红榜", "黄牌", "取消评奖资格"))
    standing = Standing.objects.get(run=counties, subject_name="乙县")
    page = client.get(f"/score/standings/{standing.pk}/").content.decode()
    assert "等次最高为合格" in page
    assert "外资为零" in page
    other = client_as(outsider).get(f"/score/standings/{standing.pk}/").content.decode()
    assert "黄牌" in other
    assert "外资为零" not in other


def test_the_workbook_and_the_api_carry_them_too(
    counties: Run, hr: Account, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(hr)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/ranking/workbook/?year=2025").content))
    ranked = list(book["县区排名"].iter_rows(min_row=3, values_only=True))
    assert ranked[0][:6] == ("名次", "团队", "总分", "等次", "评奖资格", "亮牌")
    assert ranked[1][:6] == (1, "甲县", 130, "优秀", "有", "红榜")
    gates = list(book["门槛"].iter_rows(min_row=4, values_only=True))
    assert ("县区", 2, "乙县", "外资为零", "成立", "黄牌，等次最高为合格", None) in gates
    reply = client.get("/api/ranking/?year=2025&group=counties").json()["results"]
    found = {row["name"]: (row["merit"], row["eligible"], row["cards"]) for row in reply}
    assert found["乙县"] == ("合格", True, ["红榜", "黄牌"])
    assert found["戊县"][1] is False
    detail = client.get(f"/api/standings/{reply[0]['id']}/").json()
    assert [gate["code"] for gate in detail["gates"]] == ["red", "black", "yellow", "veto"]
