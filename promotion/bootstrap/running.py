"""`run`: from a checkout to a working product in the browser, until Ctrl-C."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from promotion.bootstrap import daemons, processes, runtime, setup
from promotion.bootstrap.console import Stopped, Trouble, say, shown, tail
from promotion.bootstrap.environment import django_environment
from promotion.bootstrap.interrupts import make_above, make_was_interrupted
from promotion.bootstrap.paths import PYTHON, State, state_from_environment
from promotion.bootstrap.ports import Address, chosen_address, refuse_busy_port
from promotion.bootstrap.supervisor import Supervisor, stoppable

PULSE = 0.3


def run() -> int:
    state, address = state_from_environment(), chosen_address()
    refuse_busy_port(address)
    state.make()
    supervisor = Supervisor()
    with only_instance(state), stoppable():
        try:
            setup.prepare(state, "run")
            start(supervisor, state, address)
            watch(supervisor)
        except Stopped:
            print(flush=True)
            say("Stopping")
        finally:
            supervisor.stop()
            runtime.forget_addresses(state.root)
    say("Stopped; nothing is left running")
    return 0


def start(supervisor: Supervisor, state: State, address: Address) -> None:
    chosen = daemons.chosen_addresses()
    say("Starting " + (" and ".join(missing_servers(chosen)) or "with the servers named in the environment"))
    addresses = daemons.start_servers(supervisor, state, chosen)
    environment = django_environment(state.root, runtime.ensure_secrets(state.root), addresses)
    runtime.write_addresses(state.root, addresses)
    make_database_ready(state, environment)
    say("Starting web, worker and beat")
    supervisor.start(daemons.web(state, environment, address.host, address.port))
    supervisor.start(daemons.worker(state, environment))
    supervisor.start(daemons.beat(state, environment))
    supervisor.wait_ready("web", "worker", "beat")
    announce(state, address)


def missing_servers(chosen: dict[str, str]) -> list[str]:
    named = {"DATABASE_URL": "PostgreSQL", "REDIS_URL": "Valkey"}
    return [name for key, name in named.items() if key not in chosen]


def make_database_ready(state: State, environment: dict[str, str]) -> None:
    """Migrations, static files, demo data in an empty database; the child tells its steps itself."""
    log = state.log("prepare")
    command = [str(PYTHON), "-m", "promotion.bootstrap.prepare", str(log)]
    child = processes.spawn(command, environment=environment)
    try:
        if code := child.wait():
            raise Trouble(
                f"Preparing the database failed (exit code {code}). The end of {shown(log)}:\n{tail(log)}"
            )
    finally:
        processes.end(child, 15, patience=10)


def watch(supervisor: Supervisor) -> None:
    make = make_above()
    while not make_was_interrupted(make):
        supervisor.watch_once()
        time.sleep(PULSE)
    raise Stopped("make was interrupted")


def announce(state: State, address: Address) -> None:
    say("Ready")
    print(f"\n    五化招商   {address.url}\n", flush=True)
    logins = state.root / "logins.txt"
    if logins.exists() and logins.stat().st_size:
        print("\n".join(f"    {line}" for line in logins.read_text("utf-8").splitlines()) + "\n", flush=True)
    if not address.is_loopback and not os.environ.get("ALLOWED_HOSTS"):
        print(
            "    Other machines need their name for this one in ALLOWED_HOSTS (docs/operations.md).\n",
            flush=True,
        )
    print(f"    Data and logs: {shown(state.root)}   Stop: Ctrl-C\n", flush=True)


@contextlib.contextmanager
def only_instance(state: State) -> Iterator[None]:
    """Two supervisors over one state folder would fight over the same database."""
    with state.lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise Trouble(
                f"Another instance (process {file.read().strip() or 'unknown'}) uses {state.root}.\n"
                "Stop that one first, or choose another folder: STATE_DIR=/path/of/yours make run"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
        file.truncate(0)


@contextlib.contextmanager
def servers_of(state: State) -> Iterator[dict[str, str]]:
    """The servers of a running instance, or the same ones started for as long as this takes."""
    addresses = daemons.chosen_addresses() or runtime.read_addresses(state.root)
    if len(addresses) == 2:
        yield addresses
        return
    supervisor = Supervisor()
    with only_instance(state):
        try:
            yield daemons.start_servers(supervisor, state, addresses)
        finally:
            supervisor.stop()


def manage(state: State, *commands: list[str]) -> int:
    """Management commands on the data of this state folder, up to the first that fails."""
    root: Path = state.root
    with servers_of(state) as addresses:
        environment = django_environment(root, runtime.ensure_secrets(root), addresses)
        for command in commands:
            if code := processes.run([str(PYTHON), "manage.py", *command], environment=environment):
                return code
    return 0


def refill_demo(*arguments: str) -> int:
    """The embedded database is there to be tried out; somebody's own server is emptied only when that is said."""
    if os.environ.get("DATABASE_URL") and os.environ.get("SURE") != "1":
        raise Trouble(
            "`make demo` would empty the database that DATABASE_URL names.\nIf that is meant: SURE=1 make demo"
        )
    state = state_from_environment()
    with stoppable():
        setup.prepare(state, "run")
        say(f"Emptying and refilling the demo data in {shown(state.root)}")
        return manage(
            state, ["migrate", "--verbosity", "0"], ["demo", "--reset", *arguments], ["demo_logins"]
        )
