"""Run inside the virtual environment before the web server: migrations, static files, demo data, log-ins.

One process for all of them, since loading the application costs more than most of these steps.
This module and compile_catalogues are the only ones here that need more than the standard library.
"""

import io
import os
import sys
import traceback
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from promotion.bootstrap import stamps
from promotion.bootstrap.console import say
from promotion.bootstrap.runtime import write_privately


class Steps:
    """The terminal for one line a step; everything else that is printed goes to the log."""

    def __init__(self, log: Path) -> None:
        self.terminal = os.fdopen(os.dup(1), "w", encoding="utf-8")
        self.log = log.open("a", encoding="utf-8")
        for descriptor in (1, 2):
            os.dup2(self.log.fileno(), descriptor)

    def tell(self, text: str) -> None:
        say(text, self.terminal)

    def call(self, command: str, **options: object) -> None:
        call_command(command, stdout=self.log, stderr=self.log, **options)
        self.log.flush()


def main(log: Path) -> int:
    steps = Steps(log)
    try:
        prepare(steps)
    except Exception:  # noqa: BLE001 - whatever it was, the supervisor shows the end of this log.
        traceback.print_exc(file=steps.log)
        return 1
    return 0


def prepare(steps: Steps) -> None:
    django.setup()
    migrate(steps)
    collect_static_files(Path(settings.STATE_DIR), steps)
    fill_with_demo_data(Path(settings.STATE_DIR), steps)
    write_logins(Path(settings.STATE_DIR))


def migrate(steps: Steps) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        steps.tell("Bringing the database up to date")
        steps.call("migrate", interactive=False)


def collect_static_files(state: Path, steps: Steps) -> None:
    stamp, wanted = state / "static.stamp", static_fingerprint()
    if not stamps.is_current(stamp, wanted):
        steps.tell("Collecting static files")
        steps.call("collectstatic", interactive=False, clear=True, verbosity=0)
        stamps.write(stamp, wanted)


def static_fingerprint() -> str:
    """Names, sizes and times of everything collectstatic would read."""
    seen = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            seen.append(f"{name} {status.st_size} {status.st_mtime_ns}")
    return stamps.digest([], *sorted(seen))


def fill_with_demo_data(state: Path, steps: Steps) -> None:
    """Only an empty database; one whose filling was cut off, and not used since, is filled from the start."""
    begun, here = state / "demo.begun", stamps.digest([], os.environ.get("DATABASE_URL", ""))
    if os.environ.get("DEMO") == "0":
        begun.unlink(missing_ok=True)
        return
    was_cut_off = stamps.is_current(begun, here)
    if was_cut_off or is_empty():
        steps.tell("Filling the empty database with demo data (DEMO=0 leaves it out)")
        stamps.write(begun, here)
        call_command("demo", reset=was_cut_off, stdout=steps.terminal, stderr=steps.log)
        begun.unlink()


def is_empty() -> bool:
    return not get_user_model().objects.exists()


def write_logins(state: Path) -> None:
    table = io.StringIO()
    call_command("demo_logins", stdout=table)
    write_privately(state / "logins.txt", table.getvalue())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
