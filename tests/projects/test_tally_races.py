"""Totals stay exact on real connections: whoever folds the rows waits for nobody, and loses or doubles nothing of others."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from projects.actions.tally import recount_projects
from projects.models import Project, ProjectTally
from projects.models.tally import FOLDED_EVERY
from projects.queries.tally import drifted_totals
from projects.workflow import ORDER, Status
from staff.models import Account
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db(transaction=True)
SEQUENCE = "projects_projecttally_id_seq"
WORKERS, CHANGES = 4, 25


@pytest.fixture
def often(db: None) -> Iterator[None]:
    """Numbers run so fast that every fourth row that is added folds all of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER SEQUENCE {SEQUENCE} INCREMENT BY {FOLDED_EVERY // 4} RESTART WITH {FOLDED_EVERY}"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SEQUENCE {SEQUENCE} INCREMENT BY 1")


@contextmanager
def beside() -> Iterator[Any]:
    """A cursor of a connection of its own, which waits two seconds for a lock at most."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            yield cursor
    finally:
        other.close()


def invest(cursor: Any, project: Project, amount: int) -> None:
    cursor.execute("UPDATE projects_project SET planned_investment = %s WHERE id = %s", [amount, project.pk])


def fold_at_next_row(cursor: Any) -> None:
    cursor.execute(
        "SELECT setval(%s, (nextval(%s) / %s + 1) * %s - 1)", [SEQUENCE, SEQUENCE, FOLDED_EVERY, FOLDED_EVERY]
    )


def test_rows_that_others_are_adding_outlive_a_fold(officer: Account) -> None:
    mine, theirs, third = (make_project(officer, planned_investment=1) for _n in range(3))
    with beside() as first, beside() as second:
        first.execute("BEGIN")
        invest(first, mine, 10)

        fold_at_next_row(second)
        invest(second, theirs, 20)
        assert (ProjectTally.objects.count(), drifted_totals()) == (1, [])

        first.execute("COMMIT")
        assert (ProjectTally.objects.count(), drifted_totals()) == (2, [])
        fold_at_next_row(second)
        invest(second, third, 30)

    assert (ProjectTally.objects.get().amount, drifted_totals()) == (60, [])


def test_nobody_waits_for_whoever_folds(officer: Account) -> None:
    mine, theirs = (make_project(officer, planned_investment=1) for _n in range(2))
    with beside() as first, beside() as second:
        first.execute("BEGIN")
        fold_at_next_row(first)
        invest(first, mine, 10)

        fold_at_next_row(second)
        invest(second, theirs, 20)
        assert drifted_totals() == []
        first.execute("COMMIT")

    assert drifted_totals() == []


def test_a_transaction_with_a_snapshot_of_its_own_leaves_folding_to_others(officer: Account) -> None:
    mine, theirs = (make_project(officer, planned_investment=1) for _n in range(2))
    with beside() as first, beside() as second:
        first.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        first.execute("SELECT count(*) FROM projects_projecttally")
        fold_at_next_row(second)
        invest(second, theirs, 20)

        fold_at_next_row(first)
        invest(first, mine, 10)
        first.execute("COMMIT")

    assert drifted_totals() == []


def test_many_at_once_with_folds_rollbacks_and_a_recount(
    often: None, officer: Account, outsider: Account
) -> None:
    owners = (officer, outsider)
    projects = [[make_project(owners[n % 2]) for n in range(6)] for _worker in range(WORKERS)]
    faults: list[object] = []
    start, done = threading.Barrier(WORKERS + 1), threading.Event()

    def work(worker: int) -> None:
        draw = random.Random(worker)  # noqa: S311 - the same draw each time
        try:
            start.wait(10)
            for turn in range(CHANGES):
                with transaction.atomic():
                    change(draw, [project.pk for project in projects[worker]])
                    transaction.set_rollback(draw.random() < 0.2)
                if turn == worker * 5:
                    recount_projects()
        except DatabaseError as fault:
            faults.append(fault)
        finally:
            connection.close()

    def watch() -> None:
        try:
            start.wait(10)
            while not done.is_set():
                faults.extend(drifted_totals())
        finally:
            connection.close()

    watcher = threading.Thread(target=watch)
    workers = [threading.Thread(target=work, args=(worker,)) for worker in range(WORKERS)]
    for thread in (watcher, *workers):
        thread.start()
    for thread in workers:
        thread.join(60)
    done.set()
    watcher.join(60)

    assert (faults, drifted_totals()) == ([], [])
    assert ProjectTally.objects.count() < WORKERS * CHANGES


def change(draw: random.Random, keys: list[int]) -> None:
    """A few changes of these projects, of one and of many at once."""
    for _n in range(draw.randint(1, 3)):
        some = Project.objects.filter(pk__in=draw.sample(keys, draw.randint(1, 4)))
        kind = draw.choice(("amount", "stage", "status", "secret"))
        if kind == "amount":
            some.update(planned_investment=draw.choice((None, 5, 700)))
        elif kind == "stage":
            some.update(stage=draw.choice(ORDER))
        elif kind == "status":
            some.update(status=draw.choice(Status.values))
        else:
            for pk in some.order_by("pk").values_list("pk", flat=True):
                Project.objects.filter(pk=pk).update(is_secret=draw.random() < 0.5, code_name=f"青峰{pk}")
