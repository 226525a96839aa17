"""The processes of one instance, as services a supervisor can keep running."""

import contextlib
import functools
import os
import shutil
import signal
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from promotion.bootstrap import postgres, valkey
from promotion.bootstrap.paths import PYTHON, State
from promotion.bootstrap.supervisor import Service, Supervisor

# Stopped from the highest rank down: those who use the servers before the servers.
DATABASE_RANK, BROKER_RANK, APPLICATION_RANK = 0, 1, 2


def database(cluster: postgres.Cluster, state: State) -> Service:
    return Service(
        name="postgres",
        command=cluster.command(),
        environment=postgres.environment(),
        log=state.log("postgres"),
        is_ready=functools.partial(postgres.is_ready, cluster),
        before=functools.partial(postgres.clear_stale_pid, cluster),
        stop_signal=signal.SIGINT,
        account=cluster.account,
        folder=cluster.home,
        rank=DATABASE_RANK,
        # The last children of a killed server may hold its shared memory for a moment.
        start_attempts=8,
    )


def broker(place: valkey.Broker, state: State) -> Service:
    return Service(
        name="valkey",
        command=place.command(),
        environment={"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)},
        log=state.log("valkey"),
        is_ready=functools.partial(valkey.is_ready, place),
        rank=BROKER_RANK,
    )


def web(state: State, environment: dict[str, str], host: str, port: int) -> Service:
    command = [
        str(PYTHON),
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--no-ws",
    ]
    command += ["--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers"]
    # A TERM in the first second would otherwise wait for a worker that never answers.
    command += ["--workers-kill-timeout", "5", "promotion.wsgi:application"]
    return Service(
        name="web",
        command=command,
        environment=environment,
        log=state.log("web"),
        is_ready=functools.partial(answers, host, port),
        rank=APPLICATION_RANK,
    )


def worker(state: State, environment: dict[str, str]) -> Service:
    command = [
        str(PYTHON),
        "-m",
        "celery",
        "-A",
        "promotion.celery",
        "worker",
        "-c",
        "2",
        "--loglevel",
        "INFO",
    ]
    return Service(
        name="worker",
        command=[*command, "--without-gossip", "--without-mingle"],
        environment=environment,
        log=state.log("worker"),
        is_ready=lambda: True,
        rank=APPLICATION_RANK,
    )


def beat(state: State, environment: dict[str, str]) -> Service:
    schedule = state.folder("beat") / "schedule"
    command = [str(PYTHON), "-m", "celery", "-A", "promotion.celery", "beat", "--loglevel", "INFO"]
    return Service(
        name="beat",
        command=[*command, "--schedule", str(schedule), "--pidfile="],
        environment=environment,
        log=state.log("beat"),
        is_ready=lambda: True,
        rank=APPLICATION_RANK,
    )


def reachable(host: str) -> str:
    """The address to open when the server listens on every interface."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"[{host}]" if ":" in host else host


def answers(host: str, port: int) -> bool:
    """Any answer counts: a page that fails is the application's to explain."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(f"http://{reachable(host)}:{port}/", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def start_servers(
    supervisor: Supervisor, state: State, chosen: dict[str, str], *, durable: bool = True
) -> dict[str, str]:
    """Start those servers that the environment does not point to already; return where all of them are."""
    addresses = dict(chosen)
    cluster = None if "DATABASE_URL" in chosen else postgres.place(state, durable=durable)
    if cluster:
        postgres.initialise(cluster, state.log("initdb"))
        supervisor.start(database(cluster, state))
        addresses["DATABASE_URL"] = cluster.url
    if "REDIS_URL" not in chosen:
        place = valkey.place(state, durable=durable)
        supervisor.start(broker(place, state))
        addresses["REDIS_URL"] = place.url
    supervisor.wait_ready(*supervisor.running)
    if cluster:
        postgres.ensure_database(cluster, state.log("postgres"))
    return addresses


def chosen_addresses(prefix: str = "") -> dict[str, str]:
    """Servers of one's own, named in the environment."""
    names = ("DATABASE_URL", "REDIS_URL")
    return {name: os.environ[prefix + name] for name in names if os.environ.get(prefix + name)}


@contextlib.contextmanager
def throwaway_servers(
    state: State, chosen: dict[str, str], *, durable: bool = False
) -> Iterator[dict[str, str]]:
    supervisor = Supervisor()
    try:
        yield start_servers(supervisor, state, chosen, durable=durable)
    finally:
        supervisor.stop()


@contextlib.contextmanager
def throwaway_state(purpose: str) -> Iterator[State]:
    """A state folder of its own, so that tests never meet real data nor each other."""
    folder = Path(tempfile.mkdtemp(prefix=f"wuhua-{purpose}-"))
    # The database may run under another account, which has to pass.
    folder.chmod(0o711)
    state = State(folder)
    state.make()
    try:
        yield state
    finally:
        shutil.rmtree(folder, ignore_errors=True)
