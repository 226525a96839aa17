"""Standings at quarters' and half-years' ends: the run of that day, the way between, and a run that fills a gap changes nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpi.actions import execute_run, request_run
from kpi.models import AssessmentYear, Run, Standing
from kpi.queries.period_standings import period_ends, period_rows
from kpi.queries.run import current_run
from staff.models import Account, Team
from tests.factories.kpi import make_run, make_scheme
from tests.factories.staff import make_team

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]
YEAR = 2025


def rank(run: Run, *teams: Team) -> None:
    for place, team in enumerate(teams, start=1):
        Standing.objects.create(
            run=run,
            group="teams",
            team=team,
            subject_name=team.name,
            total=90 - place,
            rank=place,
            group_size=len(teams),
        )


@pytest.fixture
def scheme(db: None) -> Any:
    return make_scheme(YEAR)


class TestColumns:
    def test_each_end_has_the_last_run_of_its_own_days(self, scheme: Any) -> None:
        early = make_run(scheme, as_of=date(2025, 3, 30))
        exact = make_run(scheme, as_of=date(2025, 3, 31))
        half = make_run(scheme, as_of=date(2025, 5, 2))
        found = period_ends(YEAR, date(2026, 2, 1))
        assert [(end.code, end.run, end.is_exact, end.can_be_calculated) for end in found] == [
            ("Q1", exact, True, False),
            ("H1", half, False, True),
            ("Q3", None, False, True),
            ("year", None, False, True),
        ]
        assert early not in [end.run for end in found]

    def test_what_has_not_begun_is_left_out_and_what_runs_is_not_calculated_again(self, scheme: Any) -> None:
        make_run(scheme, as_of=date(2025, 5, 2))
        found = period_ends(YEAR, date(2025, 5, 3))
        assert [(end.code, end.can_be_calculated) for end in found] == [("Q1", True), ("H1", False)]

    def test_the_run_that_readers_see_stands_for_its_day(self, scheme: Any) -> None:
        shown = make_run(scheme, as_of=date(2025, 12, 31))
        make_run(scheme, as_of=date(2025, 12, 31))
        AssessmentYear.objects.create(year=YEAR, current_run=shown)
        assert period_ends(YEAR, date(2026, 2, 1))[-1].run == shown


def test_rows_follow_the_newest_rank_and_say_how_it_moved(
    scheme: Any, officer: Account, first_team: Team, second_team: Team
) -> None:
    third = make_team()
    rank(make_run(scheme, as_of=date(2025, 3, 31)), first_team, second_team, third)
    rank(make_run(scheme, as_of=date(2025, 6, 30)), second_team, first_team)
    ends = period_ends(YEAR, date(2025, 7, 1))
    rows = period_rows(officer, ends, "teams")
    assert [row.name for row in rows] == [second_team.name, first_team.name, third.name]
    assert [[cell and cell.moved for cell in row.cells] for row in rows] == [
        [None, 1, None],
        [None, -1, None],
        [None, None, None],
    ]


class TestFillingAGap:
    def test_an_earlier_day_leaves_what_readers_see(
        self, scheme: Any, hr: Account, first_team: Team, second_team: Team
    ) -> None:
        done = execute_run(run_id=request_run(actor=hr, year=YEAR).pk)
        earlier = execute_run(run_id=request_run(actor=hr, year=YEAR, until=date(2025, 6, 30)).pk)
        assert done
        assert earlier
        assert (earlier.as_of, earlier.previous) == (date(2025, 6, 30), None)
        assert current_run(YEAR) == done
        last = execute_run(run_id=request_run(actor=hr, year=YEAR).pk)
        assert last is not None
        assert (current_run(YEAR), last.previous) == (last, done)
        assert {end.run for end in period_ends(YEAR, date(2026, 2, 1)) if end.code != "Q1"} >= {earlier, last}

    def test_one_click_asks_for_the_run_of_a_period(
        self, scheme: Any, hr: Account, client_as: SignIn
    ) -> None:
        client_as(hr).post("/runs/start/", {"year": YEAR, "period": "H1"})
        assert Run.objects.get().as_of == date(2025, 6, 30)
        assert client_as(hr).post("/runs/start/", {"year": YEAR, "period": "H9"}).status_code == 422


def test_the_page_costs_the_same_with_one_and_with_three_teams(
    scheme: Any, officer: Account, first_team: Team, second_team: Team, client_as: SignIn
) -> None:
    client, counts = client_as(officer), []
    for teams in ((first_team,), (first_team, second_team, make_team())):
        Standing.objects.all().delete()
        Run.objects.all().delete()
        for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)):
            rank(make_run(scheme, as_of=date(2025, month, day)), *teams)
        client.get(f"/score/periods/?year={YEAR}&group=teams")
        with CaptureQueriesContext(connection) as caught:
            page = client.get(f"/score/periods/?year={YEAR}&group=teams")
        assert all(team.name in page.text for team in teams)
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_a_year_without_runs_says_what_comes_next(officer: Account, client_as: SignIn) -> None:
    assert "这一年还没有核算" in client_as(officer).get("/score/periods/?year=2031").text
