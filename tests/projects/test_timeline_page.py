"""The timeline counted and cut in SQL: the same price for five entries and for hundreds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.actions import advance_project, postpone_next_step, write_follow_up
from projects.models import FollowUp, Project
from projects.queries.timeline import Timeline, timeline_choices
from staff.models import Account
from tests.factories.projects import make_achievement, make_project

ClientAs = Callable[[Account], Client]


@pytest.fixture
def project(officer: Account) -> Project:
    today = timezone.localdate()
    made = make_project(officer, next_step="来访", next_step_on=today)
    advance_project(actor=officer, project=made, to="negotiation")
    postpone_next_step(actor=officer, project=made, to=today + timedelta(3), reason="对方出差")
    made.refresh_from_db()
    write_follow_up(actor=officer, project=made, kind="feedback", text="已向推荐人反馈。")
    make_achievement(made, officer, state="returned", decided_at=timezone.now(), decided_by=officer)
    return made


def fill(project: Project, officer: Account, count: int) -> None:
    now = timezone.now()
    FollowUp.objects.bulk_create(
        FollowUp(
            project=project,
            kind="call",
            happened_at=now - timedelta(hours=n + 2),
            text=f"电话 {n}",
            written_by=officer,
        )
        for n in range(count)
    )


def test_everything_in_one_line_of_time(officer: Account, project: Project) -> None:
    events = Timeline(officer, project)[0:30]

    assert {event.kind for event in events} == {"阶段", "延后", "反馈", "申报", "被退回"}
    assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)
    assert Timeline(officer, project).count() == len(events) == 5


@pytest.mark.parametrize(
    ("show", "kinds"),
    [
        ("feedback", {"反馈"}),
        ("moves", {"阶段"}),
        ("steps", {"延后"}),
        ("reports", {"申报", "被退回"}),
        ("call", set()),
        ("mentioned", set()),
    ],
)
def test_it_is_narrowed_by_kind(officer: Account, project: Project, show: str, kinds: set[str]) -> None:
    narrowed = Timeline(officer, project, show)

    assert show in dict(timeline_choices())
    assert ({event.kind for event in narrowed[0:30]}, narrowed.count()) == (kinds, len(kinds))


def test_pages_cost_the_same_with_hundreds(officer: Account, project: Project, client_as: ClientAs) -> None:
    client, url = client_as(officer), f"/projects/{project.public_id}/?tab=timeline"
    client.get(url)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    few = queries()
    fill(project, officer, 300)

    assert queries() == few
    last = client.get(f"{url}&page=11").content.decode()
    assert ("电话 299" in last, "电话 0<" in last) == (True, False)
    assert "没有这一类记录" in client.get(f"{url}&show=visit").content.decode()
