"""Every starter scheme is published by two people, given its inputs, and calculated to the figures of its trial."""

import re
from pathlib import Path

import pytest

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
