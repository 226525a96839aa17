"""Closing a year and what leaves the house of it, with two hundred and with many people."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.db import connection
from django.utils import timezone

from kpi import demo
from kpi.actions import parts
from kpi.actions.closing import close_year, prepare_closing
from kpi.actions.run import execute_run, request_run
from kpi.exports.books import book_layout
from kpi.exports.bundle import bundle_archive
from kpi.models import Item, Standing, YearSeal
from kpi.queries.books import book_of
from kpi.queries.seal import content_faults
from promotion.papers.layouts import FORMS, written
from staff.models import Account, Appointment, Grade, Person

#: Everything a close reads, in one pass each: what no close can be quicker than.
READ = ("kpi_ledgerline", "kpi_standing", "kpi_item")


def measure_closing(people: int, accounts: dict[str, Account]) -> None:
    """Print one table: each step as a multiple of reading the year's rows with COPY, the memory it takes beside it."""
    year = timezone.localdate().year - 1
    hire(people)
    draft = demo.actions.draft_scheme(actor=accounts["hr"], year=year, text=demo.scheme_text(year))
    demo.actions.publish_scheme(actor=accounts["manager"], scheme=draft)
    settle(year)
    parts.HELPERS = 0
    execute_run(run_id=request_run(actor=accounts["hr"], year=year).pk)
    floor = min(timed(copy_out) for _turn in range(3))
    held = {}
    steps: list[tuple[str, Callable[[], object]]] = [
        ("preparing the close", lambda: held.update(asked=prepare_closing(actor=accounts["hr"], year=year))),
        ("closing", lambda: close_year(actor=accounts["manager"], request=held["asked"])),
        ("verifying the content", lambda: list(content_faults(year))),
        ("the auditor's bundle", lambda: stream(YearSeal.objects.select_related("run__scheme").get())),
        *((f"the ranking as {form}", lambda form=form: table(accounts["hr"], year, form)) for form in FORMS),
    ]
    print(f"\n{Standing.objects.count()} subjects, {Item.objects.count()} items; floor {floor * 1000:.0f} ms")
    print("| step | × COPY floor | grows by MB |")
    print("|---|--:|--:|")
    for name, perform in steps:
        before = memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        seconds = timed(perform)
        print(f"| {name} | {seconds / floor:.1f} | {(memory('VmHWM') - before) // 1024} |", flush=True)


def hire(people: int) -> None:
    """As many people as are lacking, spread over the teams that there are."""
    first = Person.objects.count() + 1
    teams = list(Appointment.objects.values_list("team", flat=True).order_by("team").distinct())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    Person.objects.bulk_create(
        (
            Person(staff_number=f"C{n:06}", name=f"人员{n}", pinyin=f"ry{n}", initials="ry", joined_on=date(2020, 1, 1))
            for n in range(first, people + 1)
        ),
        batch_size=2000,
    )  # fmt: skip
    new = Person.objects.filter(staff_number__startswith="C").order_by("pk").values_list("pk", flat=True)
    Appointment.objects.bulk_create(
        (
            Appointment(person_id=pk, team_id=teams[pk % len(teams)], grade=Grade.FIRST, starts_on=date(2020, 1, 1))
            for pk in new
        ),
        batch_size=2000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")


def settle(year: int) -> None:
    """What was reported and waits would stand in the way of the close."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE projects_achievement SET state = 'recognised' WHERE state = 'submitted' AND extract(year FROM happened_on) = %s",
            [year],
        )
        cursor.execute("SET session_replication_role = origin")


def copy_out() -> None:
    """The rows, read and thrown away."""
    with connection.cursor() as cursor:
        for name in READ:
            with cursor.copy(f"COPY (SELECT * FROM {name}) TO STDOUT (FORMAT csv)") as copy:  # noqa: S608 - a constant
                for _piece in copy:
                    pass


def stream(seal: YearSeal) -> None:
    for _piece in bundle_archive(seal):
        pass


def table(actor: Account, year: int, form: str) -> None:
    written(book_layout(actor, book_of("ranking"), year), form)  # type: ignore[arg-type]


def timed(perform: Callable[[], object]) -> float:
    begun = time.perf_counter()
    perform()
    return time.perf_counter() - begun


def memory(name: str) -> int:
    """A figure of this process in KB; needs Linux."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])
