"""Runs over a year with many facts: in full with one worker and with two, with nothing changed, and after one fact."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from kpi import demo
from kpi.actions import parts
from kpi.actions.run import execute_run, request_run
from kpi.models import LedgerLine, Run
from projects.models import Achievement
from staff.models import Account
from tests.benchmarks.data import copy_floor

#: A second worker: looks for parts of the open run until it is ended.
HELPER = """
import time, django
django.setup()
from django.db import connection
from kpi.actions import bulk, measuring, parts
from kpi.models import Run
import sys
connection.settings_dict["NAME"] = sys.argv[1]
while True:
    for run in Run.objects.filter(state="running"):
        parts.help_run(run_id=run.pk)
    time.sleep(0.05)
"""
#: Tables that a run fills.
FILLED = (
    "kpi_run, kpi_ledgerline, kpi_runpart, kpi_runsubtotals, kpi_standing, kpi_item, kpi_awardcandidate, "
    "kpi_assessmentyear, kpi_creditdue"
)
TIMES = 3


def measure_runs(accounts: dict[str, Account]) -> None:
    """Print one table: each kind of run as a multiple of the COPY floor, the better of some."""
    year, hr = timezone.localdate().year, accounts["hr"]
    draft = demo.actions.draft_scheme(actor=hr, year=year, text=demo.scheme_text(year))
    demo.actions.publish_scheme(actor=accounts["manager"], scheme=draft)
    parts.HELPERS = 0
    alone, together, floors = [], [], []
    for _turn in range(TIMES):
        alone.append(_from_nothing(hr, year))
        with _helper():
            together.append(_from_nothing(hr, year))
        floors.append(_floor())
    unchanged = min(_run(hr, year) for _turn in range(TIMES))
    one = min(_after_one_fact(hr, year) for _turn in range(TIMES))
    checked = _run(hr, year, full=True)
    floor = min(floors)
    lines = LedgerLine.objects.count()
    grown = _grown(hr, year)
    print(
        f"\n{Achievement.objects.count()} facts, {lines} ledger lines; a year from nothing takes {grown} MB"
    )
    print("| run | × COPY floor |")
    print("|---|--:|")
    for name, seconds in (
        ("a year from nothing, one worker", min(alone)),
        ("a year from nothing, two workers", min(together)),
        ("all facts looked at again, nothing changed", checked),
        ("after one fact", one),
        ("nothing changed", unchanged),
    ):
        print(f"| {name} | {seconds / floor:.2f} |", flush=True)


def _from_nothing(hr: Account, year: int) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {FILLED} CASCADE")
    return _run(hr, year)


def _grown(hr: Account, year: int) -> int:
    """By how many MB the worker's memory grows at most during a year from nothing; needs Linux."""
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    _from_nothing(hr, year)
    return (_memory("VmHWM") - before) // 1024


def _memory(name: str) -> int:
    """A figure of this process in kB."""
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name))


def _after_one_fact(hr: Account, year: int) -> float:
    fact = Achievement.objects.filter(kind="paid_in", state="recognised").latest("pk")
    fact.recognised_cny = (fact.recognised_cny or Decimal(0)) + 1
    fact.save(update_fields=["recognised_cny"])
    return _run(hr, year)


def _run(hr: Account, year: int, *, full: bool = False) -> float:
    """Seconds of one run."""
    begun = time.perf_counter()
    run = request_run(actor=hr, year=year, full=full)
    execute_run(run_id=run.pk)
    seconds = time.perf_counter() - begun
    assert Run.objects.get(pk=run.pk).state == "done"
    return seconds


@contextmanager
def _helper() -> Iterator[None]:
    name = str(connection.settings_dict["NAME"])
    helper = subprocess.Popen(
        [sys.executable, "-c", HELPER, name], cwd=settings.BASE_DIR, env=dict(os.environ)
    )
    time.sleep(3)
    try:
        yield
    finally:
        helper.terminate()
        helper.wait()


def _floor() -> float:
    """Seconds to COPY the ledger's rows into a logged table without indexes."""
    held, _columns = copy_floor("kpi_ledgerline")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS ledger_floor")
        cursor.execute("CREATE TABLE ledger_floor (LIKE kpi_ledgerline)")
        begun = time.perf_counter()
        with cursor.copy("COPY ledger_floor FROM STDIN (FORMAT binary)") as copy:
            while block := held.read(1 << 20):
                copy.write(block)
        return time.perf_counter() - begun
