"""A run that builds on the one before finds what a full run finds, to the last digit; a year posted in bulk is the same year."""

import signal
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import celery
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi import tasks
from kpi.actions import bulk, measuring
from kpi.actions import parts as sharing
from kpi.actions.run import cancel_run, execute_run, request_run, resume_run
from kpi.models import AssessmentYear, CreditDue, Item, LedgerLine, Run, RunPart, Standing
from kpi.queries.ledger import last_line, ledger_digest
from kpi.queries.measures import Extent
from kpi.queries.scheme import read_scheme
from kpi.queries.subtotals import in_full, read_subtotals
from projects.models import Achievement, CreditShare, Project
from promotion.errors import NotAllowed, Refused
from promotion.models import AuditEntry
from staff.models import Account, Role
from tests.factories.kpi import in_another_process, make_run, make_scheme
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_account, make_team

pytestmark = pytest.mark.django_db
YEAR = 2025
# A sum, a sum by tiers, and measures that need a statement of their own.
SCHEME = """
scheme: increments
title: 测试细则
year: 2026
groups:
  officers: {title: 招商专员, subjects: [officer]}
  teams: {title: 攻坚团队, subjects: [task_force, stationed]}
indicators:
  - code: amounts
    title: 到资
    measures:
      paid: {title: 到资额, facts: [paid_in], aggregate: sum, unit: 亿元, share: amount}
      projects: {title: 到资项目, facts: [paid_in], aggregate: count_projects, share: points}
      largest:
        title: 最大一笔
        facts: [paid_in, fixed_asset]
        aggregate: tiers
        share: points
        once: highest
        bands:
          - {code: small, title: 小, to: 0.5}
          - {code: large, title: 大, from: 0.5}
    rule: {kind: count_times_points, terms: [{of: paid, each: 3}, {of: projects, each: 1}]}
  - code: signing
    title: 签约
    measures:
      signed: {title: 签约项目, facts: [signed], aggregate: count_projects, share: points}
      facts: {title: 签约次数, facts: [signed], aggregate: count, share: none}
    rule: {kind: count_times_points, terms: [{of: signed, each: 5}, {of: facts, each: 1}]}
"""


def run_once(*, full: bool = False) -> Run:
    run = execute_run(run_id=request_run(actor=None, year=YEAR, full=full).pk)
    assert run is not None
    return run


def agrees(run: Run) -> None:
    """The run's subtotals and fingerprint are those of the whole ledger, and the ledger is that of the facts."""
    extent = Extent(YEAR, last_line(YEAR), run.as_of)
    found = read_subtotals(run.subtotals.values)
    expected = in_full(read_scheme(run.scheme), extent)
    for subject in {*found, *expected}:
        for key in {*found.get(subject, {}), *expected.get(subject, {})}:
            one, other = found.get(subject, {}).get(key), expected.get(subject, {}).get(key)
            assert (one.value if one else 0) == (other.value if other else 0), (subject, key)
            bands = {*(one.bands if one else ()), *(other.bands if other else ())}
            for band in bands:
                assert (one.bands.get(band, 0) if one else 0) == (other.bands.get(band, 0) if other else 0)
    assert run.ledger_digest == ledger_digest(YEAR, extent.last_line)


class House:
    """Three officers of two teams with four projects, and what may happen to them."""

    def __init__(self) -> None:
        first, second = make_team(), make_team()
        self.accounts = [make_account(team=team) for team in (first, first, second)]
        self.manager = make_account(Role.MANAGER)
        self.projects = [make_project(account) for account in (*self.accounts, self.accounts[0])]
        for number, project in enumerate(self.projects):
            self.share(project, number % 3, 100)
        make_scheme(YEAR, SCHEME)

    def share(self, project: Project, first: int, percent: Any) -> None:
        """The shares of the project anew, as if they had always been so."""
        CreditShare.objects.filter(project=project).delete()
        parts = [(first, Decimal(percent)), ((first + 1) % 3, 100 - Decimal(percent))]
        for who, part in parts:
            if part:
                person = self.accounts[who].person
                make_share(project, person, part, holds_from=date(YEAR, 1, 1))  # type: ignore[arg-type]

    def happens(self, what: str, which: int, number: int) -> None:
        project = self.projects[which]
        facts = Achievement.objects.filter(state="recognised").order_by("pk")
        if what == "fact":
            kind = ("paid_in", "fixed_asset", "signed")[number % 3]
            if kind == "signed" and facts.filter(project=project, kind=kind).exists():
                kind = "paid_in"
            amount = Decimal(number * 7_777_777) + Decimal("0.33")
            make_recognised(
                project, self.accounts[which % 3], self.manager, kind=kind, amount=amount, amount_cny=amount,
                happened_on=date(YEAR, 1 + number % 12, 5),
            )  # fmt: skip
        elif what == "shares":
            self.share(project, number % 3, ("40", "33.33", "100", "12.5")[number % 4])
        elif facts and what == "reversed":
            fact = facts[number % len(facts)]
            fact.state = "reversed"
            fact.save(update_fields=["state"])
        elif facts and what == "amount":
            fact = facts[number % len(facts)]
            fact.recognised_cny = Decimal(number) + Decimal("0.01")
            fact.save(update_fields=["recognised_cny"])
        elif facts and what == "day":
            fact = facts[number % len(facts)]
            fact.happened_on = date(YEAR - number % 2, 6, 1 + number % 28)
            fact.save(update_fields=["happened_on"])


events = st.tuples(
    st.sampled_from(["fact", "fact", "fact", "shares", "reversed", "amount", "day", "run"]),
    st.integers(0, 3),
    st.integers(0, 40),
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(happenings=st.lists(events, min_size=4, max_size=14))
def test_a_run_that_builds_on_the_one_before_finds_what_a_full_run_finds(
    db: None, happenings: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        house = House()
        run_once()
        for what, which, number in happenings:
            if what == "run":
                agrees(run_once())
            else:
                house.happens(what, which, number)
        last = run_once()
        assert not last.was_full
        agrees(last)
        full = run_once(full=True)
        assert full.was_full
        assert (full.posted_count, full.reversed_count) == (0, 0)
        assert full.fingerprint == last.fingerprint
        assert results_of(full) == results_of(last)
        transaction.set_rollback(True)


def results_of(run: Run) -> list[Any]:
    standings = Standing.objects.filter(run=run).order_by("subject_name", "group")
    items = Item.objects.filter(standing__run=run).order_by("standing__subject_name", "position")
    return [*standings.values_list("subject_name", "total", "rank"), *items.values_list("points", "measures")]


@pytest.fixture
def house(db: None) -> House:
    return House()


def test_facts_keep_what_they_were_when_first_posted(house: House) -> None:
    """A share that is settled later adds lines to a fact; the fact stays of the industry it was posted with."""
    house.happens("fact", 0, 3)
    run_once()
    before = LedgerLine.objects.get().industry
    Project.objects.filter(pk=house.projects[0].pk).update(industry="services")

    house.share(house.projects[0], 0, 40)
    run_once()

    assert before != "services"
    assert set(LedgerLine.objects.values_list("industry", flat=True)) == {before}


def test_a_run_without_changes_reads_no_facts_and_writes_no_lines(house: House) -> None:
    house.happens("fact", 0, 3)
    run_once()

    with CaptureQueriesContext(connection) as queries:
        run = run_once()

    assert (run.was_full, run.posted_count) == (False, 0)
    assert not [query["sql"] for query in queries if "projects_achievement" in query["sql"]]


def test_what_is_due_names_the_year_and_goes_with_the_posting(house: House) -> None:
    house.happens("fact", 0, 3)
    run_once()
    fact = Achievement.objects.get()
    assert not CreditDue.objects.exists()

    fact.decision_note = "核对过"
    fact.save(update_fields=["decision_note"])
    assert not CreditDue.objects.exists()
    fact.happened_on = date(YEAR - 1, 12, 31)
    fact.save(update_fields=["happened_on"])

    assert set(CreditDue.objects.values_list("year", "achievement")) == {
        (YEAR, fact.pk),
        (YEAR - 1, fact.pk),
    }
    run = run_once()
    assert (run.posted_count, run.reversed_count) == (0, 1)
    assert set(CreditDue.objects.values_list("year", flat=True)) == {YEAR - 1}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda run: Run.objects.filter(pk=run.pk).update(has_later_lines=True),
        lambda run: run.subtotals.delete(),
        lambda run: type(run.subtotals).objects.update(engine=0),
        lambda run: Run.objects.filter(pk=run.pk).update(scheme=make_scheme(YEAR, SCHEME, state="draft")),
    ],
)
def test_a_run_with_nothing_to_build_on_measures_everything(
    house: House, spoil: Callable[[Run], object]
) -> None:
    house.happens("fact", 0, 3)
    first = run_once()
    spoil(first)

    again = run_once()

    assert again.was_full
    assert results_of(again) == results_of(first)


def test_lines_of_days_to_come_are_measured_anew_when_the_day_is_there(house: House) -> None:
    house.happens("fact", 0, 21)
    run = request_run(actor=None, year=YEAR)
    Run.objects.filter(pk=run.pk).update(as_of=date(YEAR, 6, 30))
    early = execute_run(run_id=run.pk)
    assert early is not None
    assert early.has_later_lines
    assert not Standing.objects.filter(run=early, total__gt=0).exists()

    late = run_once()

    assert late.was_full
    assert Standing.objects.filter(run=late, total__gt=0).exists()


@pytest.fixture
def in_bulk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every year is a large one."""
    for room in (bulk, measuring):
        monkeypatch.setattr(room, "BULK_FROM", 1)


def partitions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'kpi_ledgerline'::regclass"
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.parametrize("percent", ["40", "33.33"])
def test_a_year_posted_in_bulk_is_the_same_year(
    house: House, monkeypatch: pytest.MonkeyPatch, percent: str
) -> None:
    for which in range(4):
        house.share(house.projects[which], which % 3, percent)
        for number in (3, 8, 17, 29):
            house.happens("fact", which, number)
    win = make_recognised(
        None, house.accounts[0], house.manager, kind="win", person=house.accounts[0].person, level="city",
        happened_on=date(YEAR, 5, 1),
    )  # fmt: skip
    assert win.person is not None
    with transaction.atomic():
        usual = run_once()
        lines = told()
        expected = (results_of(usual), usual.fingerprint, usual.posted_count)
        transaction.set_rollback(True)
    for room in (bulk, measuring):
        monkeypatch.setattr(room, "BULK_FROM", 1)

    run = run_once()

    assert f"kpi_ledgerline_{YEAR}" in partitions()
    assert rules_of(f"kpi_ledgerline_{YEAR}") == rules_of("kpi_ledgerline")
    assert told() == lines
    assert (results_of(run), run.fingerprint, run.posted_count) == expected
    assert not RunPart.objects.exists()
    house.happens("shares", 1, 2)
    house.happens("fact", 0, 6)
    following = run_once()
    assert not following.was_full
    agrees(following)


def rules_of(table: str) -> list[Any]:
    """The columns of a table of lines with their types, and which references hold, all of them proven."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT attname, format_type(atttypid, atttypmod), attcollation, attnotnull FROM pg_attribute
               WHERE attrelid = %(table)s::regclass AND attnum > 0 ORDER BY attname""",
            {"table": table},
        )
        columns = cursor.fetchall()
        cursor.execute(
            """SELECT conname, contype::text, condeferrable, convalidated FROM pg_constraint
               WHERE conrelid = %(table)s::regclass AND conname LIKE %(named)s ORDER BY conname""",
            {"table": table, "named": "ledger%known"},
        )
        return [*columns, *cursor.fetchall()]


def told() -> list[Any]:
    """Every line by what it says."""
    columns = [field.attname for field in LedgerLine._meta.fields]
    left_out = {"id", "posted_at", "posted_run_id"}
    kept = [name for name in columns if name not in left_out]
    return sorted(LedgerLine.objects.values_list(*kept), key=str)


def test_a_bulk_partition_refuses_what_the_ledger_refuses(house: House, in_bulk: None) -> None:
    house.happens("fact", 0, 3)
    run_once()

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        LedgerLine.objects.update(share=0)
    line = LedgerLine.objects.get()
    line.pk, line.person_id = None, 10**9
    line.save(force_insert=True)
    with pytest.raises(IntegrityError, match="ledger_person_known"):
        connection.check_constraints()


@pytest.mark.django_db(transaction=True)
def test_a_year_that_was_emptied_is_posted_in_bulk_again(
    in_bulk: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(celery.Task, "apply_async", unheard)
    house = House()
    house.happens("fact", 0, 3)
    first = run_once()
    expected = (told(), results_of(first))
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE kpi_ledgerline, kpi_run, kpi_assessmentyear CASCADE")

    again = run_once()

    assert (told(), results_of(again)) == expected
    # A database that is used again finds no partition of this test.
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE kpi_ledgerline, kpi_run, kpi_assessmentyear CASCADE")
        cursor.execute(f"ALTER TABLE kpi_ledgerline DETACH PARTITION kpi_ledgerline_{YEAR}")
        cursor.execute(f"DROP TABLE kpi_ledgerline_{YEAR}")


def test_a_table_left_behind_by_an_attempt_is_not_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.happens("fact", 0, 3)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE kpi_ledgerline_{YEAR} (LIKE kpi_ledgerline INCLUDING DEFAULTS)")
    monkeypatch.setattr(measuring, "BULK_FROM", 1)

    run = run_once()

    assert LedgerLine.objects.exists()
    assert run.ledger_digest.strip("0")
    agrees(run)


def unheard(*args: object, **kwargs: object) -> None:
    """A broker that takes the message; no worker is there."""


def test_a_part_that_fails_leaves_nothing_and_is_done_by_the_next_attempt(
    house: House, in_bulk: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for which in range(4):
        house.happens("fact", which, 3 + which)
    monkeypatch.setitem(sharing.PERFORMERS, "digest", broken)
    request = request_run(actor=None, year=YEAR)
    with pytest.raises(ZeroDivisionError):
        execute_run(run_id=request.pk)
    assert not LedgerLine.objects.exists()
    monkeypatch.undo()

    run = run_once()

    assert run.pk != request.pk
    assert LedgerLine.objects.exists()
    agrees(run)
    assert AssessmentYear.objects.get(year=YEAR).current_run == run


def broken(run: Run, what: str) -> dict[str, Any]:
    raise ZeroDivisionError


def test_helpers_do_parts_only_of_a_run_that_runs(house: House, manager: Account) -> None:
    run = run_once()
    RunPart.objects.create(run=run, name="digest:0")

    assert sharing.help_run(run_id=run.pk) == 0
    Run.objects.filter(pk=run.pk).update(state="running")
    assert sharing.help_run(run_id=run.pk) == 1
    assert RunPart.objects.get().result == {"digest": "0" * 32}


WORKER = """
import sys, time, django
django.setup()
from kpi.actions import parts
import kpi.actions.bulk, kpi.actions.measuring
def stand_still(run, what):
    print("working", flush=True)
    time.sleep(60)
parts.PERFORMERS["digest"] = stand_still
parts.take_part(run_id=int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_gives_its_part_back(manager: Account) -> None:
    run = make_run(make_scheme(YEAR, SCHEME), state="running")
    part = RunPart.objects.create(run=run, name="digest:0")
    worker = in_another_process(WORKER, run)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "working\n"
    assert not sharing.take_part(run_id=run.pk)

    worker.send_signal(signal.SIGKILL)
    worker.wait()

    deadline = time.monotonic() + 20
    while not sharing.take_part(run_id=run.pk) and time.monotonic() < deadline:
        time.sleep(0.1)
    part.refresh_from_db()
    assert (part.done, part.result) == (True, {"digest": "0" * 32})


def test_a_cancelled_run_stops_and_goes_on_where_it_was(
    house: House, hr: Account, in_bulk: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for which in range(4):
        house.happens("fact", which, 3 + which)
    request = request_run(actor=hr, year=YEAR)

    def cancelled(run: Run, until: str) -> dict[str, Any]:
        cancel_run(actor=hr, run=run)
        return {"digest": "0" * 32}

    monkeypatch.setitem(sharing.PERFORMERS, "digest", cancelled)
    assert execute_run(run_id=request.pk) is None
    request.refresh_from_db()
    assert (request.state, AssessmentYear.objects.get(year=YEAR).current_run) == ("cancelled", None)
    done = set(RunPart.objects.filter(run=request, done=True).values_list("name", flat=True))
    assert {name.partition(":")[0] for name in done} >= {"post"}
    monkeypatch.undo()
    RunPart.objects.filter(name__startswith="digest").delete()
    again: list[str] = []
    for kind, perform in list(sharing.PERFORMERS.items()):
        monkeypatch.setitem(
            sharing.PERFORMERS, kind, lambda run, what, k=kind, p=perform: (again.append(k), p(run, what))[1]
        )

    run = execute_run(run_id=resume_run(actor=hr, run=request).pk)

    assert run is not None
    assert (run.pk, run.state) == (request.pk, "done")
    assert "post" not in again
    agrees(run)
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {"run.cancel", "run.resume"}


def test_who_may_cancel_and_resume(house: House, officer: Account, hr: Account) -> None:
    run = request_run(actor=hr, year=YEAR)
    for act in (cancel_run, resume_run):
        with pytest.raises(NotAllowed):
            act(actor=officer, run=run)
    with pytest.raises(Refused, match="不能继续"):
        resume_run(actor=hr, run=run)
    cancel_run(actor=hr, run=run)
    with pytest.raises(Refused, match="已经结束"):
        cancel_run(actor=hr, run=run)
    assert execute_run(run_id=run.pk) is None
    request_run(actor=hr, year=YEAR)
    with pytest.raises(Refused, match="不能继续"):
        resume_run(actor=hr, run=run)


def test_pages_and_api_cancel_and_resume(
    house: House, hr: Account, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(hr)
    client.post(reverse("kpi:run-start"), {"year": YEAR, "full": "yes"})
    run = Run.objects.get()
    assert run.wants_full
    assert "取消这次核算" in client.get(reverse("kpi:run", args=[run.public_id])).content.decode()

    client.post(reverse("kpi:run-cancel", args=[run.public_id]))
    text = client.get(reverse("kpi:run", args=[run.public_id])).content.decode()
    assert "从停下的地方继续" in text
    assert hr.display_name in text
    client.post(reverse("kpi:run-resume", args=[run.public_id]))
    run.refresh_from_db()
    assert run.state == "queued"
    assert client.post(f"/api/runs/{run.public_id}/cancel/").json()["state"] == "cancelled"
    assert client.post(f"/api/runs/{run.public_id}/resume/").status_code == 202
    run.refresh_from_db()
    assert run.state == "queued"


def test_the_night_to_sunday_looks_at_every_fact(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def ask(**request: Any) -> None:
        asked.append(request["full"])

    monkeypatch.setattr(tasks, "years_to_recalculate", lambda _today: [YEAR])
    monkeypatch.setattr(tasks.runs, "request_run", ask)
    for day in (date(2026, 11, 28), date(2026, 11, 29), date(2026, 11, 30)):
        monkeypatch.setattr(tasks.timezone, "localdate", lambda day=day: day)
        tasks.start_nightly_run()

    assert asked == [False, True, False]
