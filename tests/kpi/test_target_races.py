"""Two set one target at once on real connections: whoever comes second saw an older value and is told so."""

from decimal import Decimal

import pytest

from kpi.actions import TargetRow, apply_target_import, keep_target_import, set_targets
from kpi.models import Target
from kpi.queries.target import target_lines, wanted_targets, with_values
from kpi.queries.target_plan import TargetPreview
from staff.models import Account, Team
from tests.factories.kpi import make_scheme
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

YEAR = 2025


def row(team: Team, amount: int, seen: str | None) -> TargetRow:
    return TargetRow("signings", Decimal(amount), team=team, seen=seen)


@pytest.mark.parametrize("first", [None, 4])
def test_two_who_saw_the_same_value(
    hr: Account, manager: Account, first_team: Team, first: int | None
) -> None:
    make_scheme(YEAR)
    if first is not None:
        set_targets(actor=hr, year=YEAR, rows=[row(first_team, first, None)])
    seen = "" if first is None else str(first)

    said = at_once(
        lambda: set_targets(actor=hr, year=YEAR, rows=[row(first_team, 5, seen)]),
        lambda: set_targets(actor=manager, year=YEAR, rows=[row(first_team, 6, seen)]),
    )

    assert sorted(said) == ["Conflict", "done"]
    assert Target.objects.get().amount in (5, 6)


def test_a_preview_beside_the_grid(hr: Account, manager: Account, first_team: Team) -> None:
    make_scheme(YEAR)
    [line] = [one for one in with_values(hr, YEAR, target_lines(hr, YEAR)) if one.team == first_team]
    preview = TargetPreview()
    preview.put(line, wanted_targets(YEAR)[0], "year", "base", Decimal(7))
    batch = keep_target_import(
        actor=hr, year=YEAR, file_name="目标.xlsx", accepted=preview.accepted, rejected=[]
    )

    said = at_once(
        lambda: apply_target_import(actor=hr, batch=batch),
        lambda: set_targets(actor=manager, year=YEAR, rows=[row(first_team, 6, "")]),
    )

    assert sorted(said) == ["Conflict", "done"]
    assert Target.objects.count() == 1
