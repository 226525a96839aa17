"""The pages of runs: who starts one, what the page says while it goes on, and how it ends."""

from collections.abc import Callable
from datetime import timedelta

import celery
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpi.actions.run import execute_run, request_run
from kpi.models import Run
from staff.models import Account
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def queued(hr: Account) -> Run:
    make_scheme(2025)
    return request_run(actor=hr, year=2025)


def test_button_starts_a_run_and_shows_it(client_as: SignIn, hr: Account) -> None:
    make_scheme(2025)

    response = client_as(hr).post("/runs/start/", {"year": "2025"})

    run = Run.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/runs/{run.public_id}/")
    assert (run.requested_by, run.state) == (hr, "queued")


@pytest.mark.parametrize(("year", "status"), [("20x5", 422), ("1999", 422), ("9999", 422), ("２０２５", 422)])
def test_button_refuses_years_that_make_no_sense(
    client_as: SignIn, hr: Account, year: str, status: int
) -> None:
    make_scheme(2025)

    assert client_as(hr).post("/runs/start/", {"year": year}).status_code == status
    assert not Run.objects.exists()


def test_only_those_who_may_are_offered_the_button(
    client_as: SignIn, hr: Account, manager: Account, officer: Account, auditor: Account
) -> None:
    make_scheme(timezone.localdate().year)

    offered = {
        account.role: "/runs/start/" in client_as(account).get("/runs/").content.decode()
        for account in (hr, manager, officer, auditor)
    }

    assert offered == {"hr": True, "manager": True, "officer": False, "auditor": False}
    assert client_as(officer).post("/runs/start/", {"year": "2025"}).status_code == 403


def test_run_page_asks_again_while_open_and_ends_by_itself(
    client_as: SignIn, officer: Account, queued: Run
) -> None:
    client = client_as(officer)
    address = f"/runs/{queued.public_id}/"

    waiting = client.get(address, headers=HTMX).content.decode()
    Run.objects.update(state="running", step="计分", done=12, planned=40)
    running = client.get(address, headers=HTMX).content.decode()
    Run.objects.update(state="queued")
    execute_run(run_id=queued.pk)
    ended = client.get(address, headers=HTMX)
    finished = client.get(address).content.decode()

    assert ended.headers["HX-Refresh"] == "true"
    assert "排队，等待后台接手" in waiting
    assert "计分（第 3 步，共 5 步）" in running
    assert "12 / 40" in running
    assert ["every 1s" in page for page in (waiting, running, finished)] == [True, True, False]
    assert "参评团队" in finished


def test_request_that_nobody_takes_up_is_explained(client_as: SignIn, hr: Account, queued: Run) -> None:
    Run.objects.update(requested_at=timezone.now() - timedelta(seconds=11))

    assert "后台还没有接手" in client_as(hr).get(f"/runs/{queued.public_id}/").content.decode()


def test_failed_run_says_what_happened(client_as: SignIn, hr: Account, queued: Run) -> None:
    Run.objects.update(state="failed", error="第 1 次核算在“计分”一步出错。")

    page = client_as(hr).get(f"/runs/{queued.public_id}/").content.decode()

    assert "第 1 次核算在“计分”一步出错。" in page
    assert "every 1s" not in page


def test_finished_run_names_achievements_nobody_is_credited_for(
    client_as: SignIn, hr: Account, officer: Account, manager: Account, queued: Run
) -> None:
    project = make_project(officer, name="无份额项目")
    make_recognised(project, officer, manager, happened_on="2025-03-01")
    execute_run(run_id=queued.pk)

    assert "无份额项目" in client_as(hr).get(f"/runs/{queued.public_id}/").content.decode()


def test_unknown_run_is_not_found(client_as: SignIn, hr: Account) -> None:
    assert client_as(hr).get("/runs/aaaaaaaaaa/").status_code == 404


def test_list_costs_the_same_queries_for_more_runs(client_as: SignIn, hr: Account, queued: Run) -> None:
    client = client_as(hr)
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as counted:
            assert client.get("/runs/").status_code == 200
        counts.append(len(counted))
        for _more in range(2):
            Run.objects.filter(state="queued").update(state="failed")
            request_run(actor=hr, year=2025)

    assert counts[0] == counts[1]


def test_command_recalculates_through_the_same_door(
    officer: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    make_scheme(2025)

    call_command("recalculate", "--year", "2025")

    assert "2025 #1" in capsys.readouterr().out
    assert Run.objects.get().state == "done"


def test_command_says_why_not(db: None) -> None:
    with pytest.raises(CommandError, match="还没有已发布的考核细则"):
        call_command("recalculate", "--year", "2025")


def test_command_can_leave_it_to_a_worker(officer: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(celery.Task, "apply_async", unheard)
    make_scheme(2025)

    call_command("recalculate", "--year", "2025", "--queue")

    assert Run.objects.get().state == "queued"


def unheard(*args: object, **kwargs: object) -> None:
    """A broker that takes the message; no worker is there."""
