"""`setup`: everything a run or a test needs, skipped where the lock files have not changed."""

import signal
import subprocess
import sys

from promotion.bootstrap import assets, catalogues, packages, processes
from promotion.bootstrap.console import Trouble, say
from promotion.bootstrap.environment import child_environment
from promotion.bootstrap.paths import State


def prepare(state: State, purpose: str) -> None:
    """Python packages and browser files arrive side by side."""
    state.make()
    fetching = None
    if not (assets.are_current() and packages.are_current(purpose)):
        packages.make_venv(state.log("packages"))
    if not assets.are_current():
        fetching = fetch_assets(state)
    try:
        packages.install(purpose, state)
        if fetching and fetching.wait():
            raise Trouble("The browser files could not be fetched (see above).")
    finally:
        if fetching:
            processes.end(fetching, signal.SIGTERM, patience=5)
    catalogues.install(state)


def fetch_assets(state: State) -> subprocess.Popen[bytes]:
    say("Fetching browser files")
    command = [sys.executable, "-m", "promotion.bootstrap", "assets"]
    return processes.spawn(command, environment=child_environment(STATE_DIR=str(state.root)))
