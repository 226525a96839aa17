"""From a point to its evidence, with what did not count and why, and what the last run changed."""

from datetime import date
from decimal import Decimal

import pytest

from kpi.actions.run import execute_run, request_run
from kpi.models import Item, Run, Standing, Target
from kpi.queries import standing as standings
from kpi.queries.changes import changes_of
from kpi.queries.explain import explain_item
from promotion.errors import NotFound
from staff.models import Account, Team
from tests.factories.kpi import SCHEME, make_scheme
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_person

pytestmark = pytest.mark.django_db

TIERED = SCHEME.replace(
    "      signed: {title: 签约项目, facts: [signed], aggregate: count, unit: 个, share: points}\n"
    "    rule: {kind: ratio_times_points, of: signed, target: signings, points: 50}",
    """      signed:
        title: 签约项目
        facts: [signed]
        aggregate: tiers
        share: points
        bands: [{code: large, title: 1 亿元以上, from: 1}]
    rule: {kind: tiers, of: signed, points: {large: 10}}""",
)


def sign(account: Account, manager: Account, amount: str, percent: str = "100") -> None:
    project = make_project(account)
    assert account.person
    make_share(project, account.person, percent=Decimal(percent), holds_from=date(2025, 1, 1))  # type: ignore[arg-type]
    if rest := Decimal(100) - Decimal(percent):
        make_share(project, make_person(), percent=rest, holds_from=date(2025, 1, 1))  # type: ignore[arg-type]
    make_recognised(
        project,
        account,
        manager,
        happened_on=date(2025, 3, 1),
        amount=Decimal(amount),
        amount_cny=Decimal(amount),
    )


def run_once() -> Run:
    run = execute_run(run_id=request_run(actor=None, year=2025).pk)
    assert run is not None
    return run


def item_of(run: Run, account: Account, indicator: str = "signing") -> Item:
    return Item.objects.get(standing__run=run, standing__person=account.person, indicator=indicator)


@pytest.fixture
def scored(officer: Account, manager: Account) -> Run:
    """The officer has half of one large project and all of a small one that is below the lowest tier."""
    make_scheme(2025, TIERED)
    sign(officer, manager, "200000000.00", "50")
    sign(officer, manager, "99999999.99")
    Target.objects.create(year=2025, indicator="signings", person=officer.person, amount=4)
    return run_once()


def test_explanation_names_lines_that_count_with_points_and_others_with_the_reason(
    scored: Run, officer: Account
) -> None:
    item = item_of(scored, officer)

    explanation = explain_item(officer, item.pk)

    assert item.points == 5
    assert [(line.line.full_amount, line.points) for line in explanation.counted] == [
        (Decimal("200000000.00"), 5)
    ]
    assert [(line.line.full_amount, line.points, line.reason) for line in explanation.excluded] == [
        (Decimal("99999999.99"), None, "金额 0.9999999999 亿元，未满 1 亿元起点。")
    ]
    assert (explanation.scheme_version, explanation.item.clause) == (scored.scheme, "第一条")
    assert {line.can_open for line in explanation.counted} == {True}
    assert explanation.counted[0].line.achievement.evidence == []


def test_explanation_is_open_to_officer_leader_manager_and_auditor_and_to_nobody_else(
    scored: Run, officer: Account, leader: Account, manager: Account, auditor: Account, outsider: Account
) -> None:
    item = item_of(scored, officer)

    paths = [explain_item(account, item.pk).counted for account in (officer, leader, manager, auditor)]

    assert [[line.points for line in path] for path in paths] == [[5]] * 4
    with pytest.raises(NotFound):
        explain_item(outsider, item.pk)


def test_explanation_costs_the_same_queries_for_more_lines(
    scored: Run, officer: Account, manager: Account, django_assert_max_num_queries: object
) -> None:
    for _more in range(4):
        sign(officer, manager, "300000000.00")
    item = item_of(run_once(), officer)

    with django_assert_max_num_queries(9):  # type: ignore[operator]
        assert len(explain_item(officer, item.pk).counted) == 5


def test_changes_name_items_before_and_after_with_their_causes(
    scored: Run, officer: Account, manager: Account
) -> None:
    sign(officer, manager, "300000000.00")

    standing = run_once().standings.get(person=officer.person)
    changes = changes_of(officer, standing)

    assert (changes.before, changes.difference) == (scored.standings.get(person=officer.person), 10)
    (change,) = changes.items
    assert (change.title, change.before, change.after) == ("项目签约", 5, 15)
    assert [line.full_amount for cause in change.causes for line in cause.lines] == [Decimal("300000000.00")]


def test_nothing_changed_says_nothing(scored: Run, officer: Account) -> None:
    assert changes_of(officer, run_once().standings.get(person=officer.person)).items == ()


def test_lines_that_a_failed_run_posted_are_causes_of_the_next(
    scored: Run, officer: Account, manager: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(officer, manager, "300000000.00")
    monkeypatch.setattr("kpi.queries.calculation.score", broken)
    with pytest.raises(ZeroDivisionError):
        run_once()
    monkeypatch.undo()

    (change,) = changes_of(officer, run_once().standings.get(person=officer.person)).items

    assert len(change.causes) == 1


def test_own_standing_gap_and_history(
    scored: Run, officer: Account, outsider: Account, manager: Account
) -> None:
    sign(outsider, manager, "300000000.00")
    run = run_once()

    own = standings.own_standing(officer, 2025)

    assert own == run.standings.get(person=officer.person)
    assert standings.gap_to_next(own) == standings.Gap(Decimal(5), 1, outsider.display_name)
    assert [(point.rank, point.total) for point in standings.history(own)] == [(1, 5), (2, 5)]
    assert standings.movement(own) == -1
    first = standings.ranking(officer, 2025, "officers")[0]
    assert (first.subject_name, standings.gap_to_next(first)) == (outsider.display_name, None)


def test_totals_are_open_and_items_are_not(scored: Run, officer: Account, outsider: Account) -> None:
    standing = Standing.objects.get(run=scored, person=officer.person)

    assert standing in standings.ranking(outsider, 2025, "officers")
    assert not standings.items_of(outsider, standing).exists()
    assert standings.items_of(officer, standing).count() == 2
    assert not standings.current_standings(outsider, 2024).exists()


def test_undecided_items_are_listed_with_how_many_wait(
    officer: Account, hr: Account, first_team: Team
) -> None:
    make_scheme(2025)
    run = run_once()

    assert standings.undecided_by_title(run) == [("项目签约", 3 if officer.person_id == hr.person_id else 2)]
    assert {item.standing.subject_name for item in standings.undecided_items(hr, run)} == {
        officer.display_name,
        first_team.name,
    }


def broken(*args: object) -> None:
    raise ZeroDivisionError
