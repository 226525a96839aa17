"""Runs: asked for once, whole or not at all, repeatable, and taken up again when a worker is lost."""

import signal
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import celery
import kombu.exceptions
import pytest
import redis.exceptions
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpi import tasks
from kpi.actions import heartbeat, results
from kpi.actions import run as runs
from kpi.actions.run import execute_run, request_run, requeue_stale_runs
from kpi.models import AssessmentYear, AwardCandidate, Item, LedgerLine, Run, RunState, Standing, Target
from kpi.queries.calculation import as_of_day, elapsed_part
from kpi.queries.history import history_of
from promotion.errors import NotAllowed, Refused
from promotion.models import AuditEntry
from staff.models import Account, Team
from tests.factories.kpi import in_another_process, make_scheme
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_account

YEAR = 2025


@pytest.fixture
def published(db: None) -> None:
    make_scheme(YEAR)


@pytest.fixture
def signed(
    published: None, officer: Account, outsider: Account, manager: Account, first_team: Team
) -> Account:
    """The officer has signed two projects against a target of four, the outsider one against one."""
    for account, count, target in ((officer, 2, 4), (outsider, 1, 1)):
        for _turn in range(count):
            sign(account, manager)
        assert account.person
        team = account.person.appointments.get().team
        Target.objects.create(year=YEAR, indicator="signings", person=account.person, amount=target)
        Target.objects.create(year=YEAR, indicator="signings", team=team, amount=target)
    return officer


def sign(account: Account, manager: Account, month: int = 3) -> None:
    project = make_project(account)
    assert account.person
    make_share(project, account.person, 100, holds_from=date(YEAR, 1, 1))
    make_recognised(project, account, manager, happened_on=date(YEAR, month, 1))


def run_once(year: int = YEAR) -> Run:
    run = execute_run(run_id=request_run(actor=None, year=year).pk)
    assert run is not None
    return run


def ranks(run: Run) -> list[tuple[str, int, Decimal, int | None]]:
    return list(
        run.standings.filter(group="officers").values_list("subject_name", "rank", "total", "previous_rank")
    )


def test_request_run_writes_the_row_first_and_gives_the_open_one_again(
    published: None, hr: Account, manager: Account
) -> None:
    run = request_run(actor=hr, year=YEAR)

    assert (run.state, run.number, run.requested_by, run.as_of) == ("queued", 1, hr, date(YEAR, 12, 31))
    assert request_run(actor=manager, year=YEAR) == run
    assert AuditEntry.objects.filter(verb="run.request").count() == 1


def test_a_run_until_an_earlier_day_leaves_later_facts_to_the_next(
    signed: Account, hr: Account, manager: Account
) -> None:
    def total(day: date | None) -> Decimal:
        run = execute_run(run_id=request_run(actor=hr, year=YEAR, until=day).pk)
        assert run is not None
        assert run.as_of == (day or date(YEAR, 12, 31))
        return Standing.objects.get(run=run, person=signed.person).total

    for month in (5, 7):
        sign(signed, manager, month)

    totals = [total(day) for day in (date(YEAR, 2, 28), date(YEAR, 3, 1), date(YEAR, 5, 1), None)]

    assert totals == sorted(set(totals))
    assert totals[0] == 0
    history = history_of(hr, Standing.objects.get(run__number=4, person=signed.person))
    assert [one.standing.run.number for one in history] == [1, 2, 3, 4]


def test_request_run_refuses_those_who_may_not(
    published: None, officer: Account, leader: Account, auditor: Account
) -> None:
    for account in (officer, leader, auditor):
        with pytest.raises(NotAllowed):
            request_run(actor=account, year=YEAR)
    assert not Run.objects.exists()


@pytest.mark.parametrize("year", [1999, timezone.localdate().year + 1])
def test_request_run_refuses_years_that_cannot_be_calculated(published: None, hr: Account, year: int) -> None:
    with pytest.raises(Refused, match="不能核算"):
        request_run(actor=hr, year=year)


def test_request_run_without_published_scheme_says_so(hr: Account) -> None:
    make_scheme(YEAR, state="draft", published_by=None)

    with pytest.raises(Refused, match="还没有已发布的考核细则"):
        request_run(actor=hr, year=YEAR)


def test_request_run_refuses_a_closed_year(published: None, hr: Account) -> None:
    AssessmentYear.objects.create(year=YEAR, closed_at=timezone.now())

    with pytest.raises(Refused, match="已关账"):
        request_run(actor=hr, year=YEAR)


def test_execute_run_scores_ranks_and_becomes_current(signed: Account, outsider: Account) -> None:
    run = run_once()

    assert (run.state, run.step, run.attempts) == ("done", "写入", 1)
    assert AssessmentYear.objects.get(year=YEAR).current_run == run
    assert ranks(run) == [
        (outsider.display_name, 1, Decimal(50), None),
        (signed.display_name, 2, Decimal(25), None),
    ]
    item = Item.objects.get(standing__run=run, standing__person=signed.person, indicator="signing")
    assert (item.points, item.actual, item.target, item.progress, item.unit) == (
        25,
        2,
        4,
        Decimal("0.5"),
        "个",
    )
    assert item.explanation.endswith("25")


def test_officers_do_not_see_mates_by_their_home_team(signed: Account, first_team: Team) -> None:
    standing = run_once().standings.get(person=signed.person)

    assert (standing.team, standing.home_team, standing.grade) == (None, first_team, "first")


def test_execute_run_proposes_awards_with_reasons(
    signed: Account, first_team: Team, second_team: Team
) -> None:
    run = run_once()

    found = {candidate.award: candidate for candidate in run.award_candidates.select_related("standing")}
    assert found["excellence"].standing.team == second_team
    snail = found["snail"]
    assert (snail.standing.team, snail.passed_over, snail.undecided) == (first_team, False, False)
    assert snail.standing.target_missed is True
    assert "未完成任务" in snail.reason


def test_last_team_that_met_its_target_is_passed_over(signed: Account, first_team: Team) -> None:
    Target.objects.filter(team=first_team).update(amount=2)
    Target.objects.exclude(team=first_team).exclude(team=None).update(amount=Decimal("0.5"))
    second = Target.objects.exclude(team=None).exclude(team=first_team).get()
    make_incident_for(signed)

    snail = AwardCandidate.objects.get(run=run_once(), award="snail")

    assert (snail.standing.team, snail.passed_over) == (first_team, True)
    assert second.amount == Decimal("0.5")


def make_incident_for(account: Account) -> None:
    make_recognised(
        None,
        account,
        make_account("manager"),
        kind="incident",
        person=account.person,
        happened_on=date(YEAR, 5, 1),
        incident_reason="late_report",
    )


def test_missing_target_is_undecided_and_never_zero(published: None, officer: Account) -> None:
    run = run_once()

    item = Item.objects.get(standing__run=run, standing__person=officer.person, indicator="signing")
    assert (item.status, item.points) == ("undecided", None)
    assert "未下达目标" in item.explanation
    assert run.standings.get(person=officer.person).undecided_count == 1


def test_next_run_shows_movement(signed: Account, manager: Account, outsider: Account) -> None:
    first = run_once()
    sign(signed, manager)
    sign(signed, manager)
    Target.objects.filter(person=outsider.person).update(amount=2)

    second = run_once()

    assert second.previous == first
    assert [(name, rank, previous) for name, rank, _total, previous in ranks(second)] == [
        (signed.display_name, 1, 2),
        (outsider.display_name, 2, 1),
    ]


def test_same_inputs_give_the_same_fingerprint_and_others_another(signed: Account, manager: Account) -> None:
    first, again = run_once(), run_once()
    assert first.fingerprint == again.fingerprint
    assert len(first.fingerprint) == 64

    target = Target.objects.filter(person=signed.person)
    target.update(amount=5)
    changed = run_once()
    target.update(amount=4)

    assert changed.fingerprint != first.fingerprint
    assert run_once().fingerprint == first.fingerprint


@pytest.mark.parametrize(
    ("room", "step"), [(runs, "measure_run"), (runs.calculation, "score"), (runs.calculation, "rank")]
)
def test_run_that_breaks_between_steps_leaves_the_last_whole_one(
    signed: Account, manager: Account, monkeypatch: pytest.MonkeyPatch, room: object, step: str
) -> None:
    whole = run_once()
    sign(signed, manager)
    monkeypatch.setattr(room, step, broken)
    request = request_run(actor=None, year=YEAR)

    with pytest.raises(ZeroDivisionError):
        execute_run(run_id=request.pk)

    request.refresh_from_db()
    assert request.state == RunState.FAILED
    assert "看到的仍是上一次完整的结果" in request.error
    assert AssessmentYear.objects.get(year=YEAR).current_run == whole
    assert not request.standings.exists()
    monkeypatch.undo()
    assert run_once().number == 3


def test_run_that_breaks_while_writing_leaves_nothing_half_written(
    signed: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run_once()
    monkeypatch.setattr(results, "_write_candidates", broken)

    with pytest.raises(ZeroDivisionError):
        run_once()

    assert AssessmentYear.objects.get(year=YEAR).current_run == whole
    assert set(Standing.objects.values_list("run", flat=True)) == {whole.pk}
    monkeypatch.undo()
    assert run_once().state == "done"


def broken(*args: object, **kwargs: object) -> None:
    raise ZeroDivisionError


def test_database_that_goes_away_leaves_the_run_to_be_taken_up_again(
    signed: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object) -> None:
        raise OperationalError("terminating connection due to administrator command")

    request = request_run(actor=None, year=YEAR)
    monkeypatch.setattr(runs.calculation, "score", away)
    with pytest.raises(OperationalError):
        execute_run(run_id=request.pk)
    monkeypatch.undo()

    assert execute_run(run_id=request.pk) is None
    Run.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=91))
    assert requeue_stale_runs() == [request]
    taken = execute_run(run_id=request.pk)

    assert taken is not None
    assert (taken.state, taken.attempts) == ("done", 2)


def test_third_silent_attempt_fails_with_a_sentence(published: None) -> None:
    request = request_run(actor=None, year=YEAR)
    stale = timezone.now() - timedelta(seconds=91)
    Run.objects.update(state="running", attempts=3, heartbeat_at=stale, step="计分")

    requeue_stale_runs()

    request.refresh_from_db()
    assert request.state == RunState.FAILED
    assert "尝试了 3 次" in request.error
    assert request_run(actor=None, year=YEAR).number == 2


def test_attempt_that_lost_its_run_stops_and_writes_nothing(
    signed: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_run(actor=None, year=YEAR)
    rank = runs.calculation.rank

    def lose(*args: object) -> None:
        Run.objects.update(attempts=2)
        rank(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(runs.calculation, "rank", lose)

    assert execute_run(run_id=request.pk) is None
    assert not Standing.objects.exists()
    assert Run.objects.get().state == RunState.RUNNING


@pytest.mark.parametrize(
    "away", [kombu.exceptions.OperationalError, redis.exceptions.ConnectionError, OSError]
)
def test_request_stands_when_the_broker_is_away(
    published: None,
    hr: Account,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., object],
    away: type[Exception],
) -> None:
    def unreachable(*args: object, **kwargs: object) -> None:
        raise away("connection refused")

    monkeypatch.setattr(celery.Task, "apply_async", unreachable)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        run = request_run(actor=hr, year=YEAR)

    run.refresh_from_db()
    assert run.state == RunState.QUEUED


def test_request_nobody_heard_is_announced_again(
    signed: Account, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    run = request_run(actor=None, year=YEAR)
    Run.objects.update(requested_at=timezone.now() - timedelta(seconds=46))

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        tasks.requeue_stale_runs()

    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_request_wakes_a_worker_after_commit(
    signed: Account, hr: Account, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        run = request_run(actor=hr, year=YEAR)

    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_nightly_run_covers_this_year_and_the_open_last_one(db: None) -> None:
    today = timezone.localdate()
    for year in (today.year, today.year - 1, today.year - 2):
        make_scheme(year)

    tasks.start_nightly_run()

    assert set(Run.objects.values_list("year", "as_of")) == {
        (today.year, today),
        (today.year - 1, date(today.year - 1, 12, 31)),
    }


def test_a_year_counts_until_today_or_its_last_day() -> None:
    assert as_of_day(2026, date(2026, 5, 3)) == date(2026, 5, 3)
    assert as_of_day(2025, date(2026, 5, 3)) == date(2025, 12, 31)
    assert elapsed_part(date(2025, 12, 31)) == 1
    assert elapsed_part(date(2024, 1, 1)) * 366 == pytest.approx(1)


def test_queries_do_not_grow_with_the_number_of_people(
    signed: Account, manager: Account, first_team: Team
) -> None:
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            run_once()
        counts.append(len(queries))
        for _more in range(3):
            sign(make_account(team=first_team), manager)

    assert counts[1] - counts[0] <= 1


@pytest.mark.django_db(transaction=True)
def test_killed_worker_leaves_the_last_whole_run_and_the_next_succeeds(
    signed: Account, manager: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(celery.Task, "apply_async", unheard)
    whole = run_once()
    sign(signed, manager)
    request = request_run(actor=None, year=YEAR)
    kill_in_the_middle(request)

    request.refresh_from_db()
    assert (request.state, request.step) == (RunState.RUNNING, "计量")
    assert LedgerLine.objects.filter(posted_run=request).count() == 1
    assert AssessmentYear.objects.get(year=YEAR).current_run == whole

    Run.objects.filter(pk=request.pk).update(heartbeat_at=timezone.now() - timedelta(seconds=91))
    requeue_stale_runs()
    taken = execute_run(run_id=request.pk)

    assert taken is not None
    assert (taken.state, taken.attempts) == (RunState.DONE, 2)
    assert AssessmentYear.objects.get(year=YEAR).current_run == taken
    assert LedgerLine.objects.filter(posted_run=request).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_run_is_alive_while_one_statement_takes_long(
    signed: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(celery.Task, "apply_async", unheard)
    monkeypatch.setattr(heartbeat, "EVERY", 0.05)
    seen: list[bool] = []

    def slow(*, run: Run, year: int) -> None:
        long_ago = timezone.now() - timedelta(hours=1)
        Run.objects.filter(pk=run.pk).update(heartbeat_at=long_ago)
        deadline = time.monotonic() + 20
        while not seen and time.monotonic() < deadline:
            if Run.objects.get(pk=run.pk).heartbeat_at != long_ago:
                seen.append(True)
            time.sleep(0.02)

    monkeypatch.setattr(runs, "post_credit", slow)

    run = run_once()

    assert (seen, run.state) == ([True], RunState.DONE)


def unheard(*args: object, **kwargs: object) -> None:
    """A broker that takes the message; no worker is there."""


WORKER = """
import sys, time, django
django.setup()
from kpi.actions import run as runs
def wait(*, run, work, beat):
    beat(0, 3)
    print("measuring", flush=True)
    time.sleep(60)
runs.measure_run = wait
runs.execute_run(run_id=int(sys.argv[1]))
"""


def kill_in_the_middle(request: Run) -> None:
    """Let another process carry the run to its second step, and kill it there."""
    worker = in_another_process(WORKER, request)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "measuring\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
