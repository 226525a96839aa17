"""`python -m tests.benchmarks [--large 100000]`: pages at 1 000 and at many projects, runs over ten facts for each project.

Reading is given as a multiple of a warm `count(*)` over 10⁶ rows, a run as a multiple of writing the same ledger lines
with COPY into a table without indexes; both floors are measured in the same run, in the same database.
"""

import argparse
import os
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "promotion.settings.test")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from projects.models import Project  # noqa: E402
from staff.models import Account  # noqa: E402
from tests.benchmarks.closing import measure_closing  # noqa: E402
from tests.benchmarks.data import fill, floor_table  # noqa: E402
from tests.benchmarks.runs import measure_runs  # noqa: E402

SMALL = 1_000
REPEATS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--pages-only", action="store_true", help="leave the runs out")
    parser.add_argument("--runs-only", action="store_true", help="leave the pages out")
    parser.add_argument("--closing-only", action="store_true", help="only close a year and export it")
    parser.add_argument("--people", type=int, default=20_000, help="how many people a large year has")
    options = parser.parse_args()
    settings.ALLOWED_HOSTS = ["testserver"]
    if not options.pages_only and not options.runs_only:
        for people in dict.fromkeys((200, options.people)):
            fresh_database(f"benchmark_close_{people}")
            measure_closing(people, fill(SMALL))
    if options.closing_only:
        return
    if not options.pages_only:
        for size in (options.large // 10, options.large):
            fresh_database(f"benchmark_run_{size}")
            measure_runs(fill(size, receipts=8))
    if options.runs_only:
        return
    rows: dict[tuple[str, str], dict[int, tuple[float, int]]] = {}
    for size in (SMALL, options.large):
        fresh_database(f"benchmark_{size}")
        begun = time.perf_counter()
        accounts = fill(size)
        print(f"{size} projects written in {time.perf_counter() - begun:.0f} s", flush=True)
        floor_table(1_000_000)
        for role in ("administrator", "manager", "leader", "officer"):
            client = Client()
            client.force_login(accounts[role])
            for name, url in pages(accounts[role]):
                rows.setdefault((name, role), {})[size] = measured(client, url)
        print(f"floor: count(*) over 10⁶ rows {best(count_floor)[0] * 1000:.0f} ms", flush=True)
    report(rows, options.large)


def fresh_database(name: str) -> None:
    """A database of this benchmark's own on the server of DATABASE_URL."""
    connection.close()
    with connections["default"].cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)


def pages(account: Account) -> list[tuple[str, str]]:
    project = Project.objects.filter(owner=account.person_id or 1).order_by("pk").last()
    assert project is not None
    return [
        ("board", "/projects/"),
        ("list", "/projects/list/"),
        ("list, two-character search", "/projects/list/?q=电池"),
        ("list, pinyin search", "/projects/list/?q=dianchi"),
        ("list, search without a hit", "/projects/list/?q=没有这样的项目"),
        ("search from any page", "/search/?q=dianchi"),
        ("companies", "/companies/"),
        ("achievements", "/achievements/"),
        ("project page", f"/projects/{project.public_id}/"),
        ("conflict check", "/leads/check/?name=储能电池股份有限公司"),
        ("dashboard", "/dashboard/"),
        ("ranking", "/score/ranking/"),
        ("find people", "/teams/find/people/?language=英语&room=any"),
        ("workbench", "/"),
    ]


def measured(client: Client, url: str) -> tuple[float, int]:
    """The best of some requests as a multiple of the floor measured beside it, and the number of its queries."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    queries = len(captured)
    assert response.status_code == 200, (url, response.status_code)
    floor, page = best(count_floor, lambda: client.get(url))
    return page / floor, queries


def best(*performances: Callable[[], object]) -> list[float]:
    """Seconds of the quickest run of each, taken in turns: what else the machine does only ever adds."""
    times: list[list[float]] = [[] for _ in performances]
    for _ in range(REPEATS):
        for perform, taken in zip(performances, times, strict=True):
            begun = time.perf_counter()
            perform()
            taken.append(time.perf_counter() - begun)
    return [min(taken) for taken in times]


def count_floor() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM benchmark_floor")


def report(rows: dict[tuple[str, str], dict[int, tuple[float, int]]], large: int) -> None:
    print(
        f"\n| page | as | ×floor at {SMALL} | ×floor at {large} | large ÷ small | queries at {SMALL} / {large} |"
    )
    print("|---|---|--:|--:|--:|--:|")
    for (name, role), sizes in rows.items():
        (small, few), (big, many) = sizes[SMALL], sizes[large]
        print(f"| {name} | {role} | {small:.2f} | {big:.2f} | {big / small:.1f} | {few} / {many} |")


if __name__ == "__main__":
    main()
