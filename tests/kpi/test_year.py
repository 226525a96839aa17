"""The year's course: every step tells how far it is, to everybody, in the browser and in the API."""

from collections.abc import Callable

import pytest
from django.test import Client

from kpi.queries.course import STEPS, course_of, decisive_run
from staff.models import Account

pytestmark = pytest.mark.django_db


def test_a_year_that_nobody_has_opened_is_all_ahead(officer: Account) -> None:
    steps = course_of(officer, 2031)
    assert decisive_run(2031) is None
    assert {step.progress for step in steps} == {"ahead"}
    assert len({step.code for step in steps}) == len(STEPS)


def test_the_page_shows_each_step_with_the_place_where_it_is_done(
    officer: Account, client_as: Callable[[Account], Client]
) -> None:
    page = client_as(officer).get("/year/?year=2031")
    assert page.status_code == 200
    for step in course_of(officer, 2031):
        assert step.title in page.text
        assert step.url in page.text.replace("&amp;", "&")


def test_other_systems_read_the_same_steps(officer: Account, client_as: Callable[[Account], Client]) -> None:
    answer = client_as(officer).get("/api/years/?year=2031")
    assert answer.status_code == 200
    assert [row["code"] for row in answer.json()] == [step.code for step in course_of(officer, 2031)]
