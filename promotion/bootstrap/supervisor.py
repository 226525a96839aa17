"""Keeping processes running: start in order, restart what dies, stop in order, leave nothing behind."""

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from promotion.bootstrap import interrupts, processes
from promotion.bootstrap.console import Stopped, Trouble, say, shown, tail
from promotion.bootstrap.processes import Account

PATIENCE = 20.0
LONGEST_PAUSE = 30.0
# A process that lived this long starts again at once.
SETTLED = 60.0


def nothing() -> None:
    return None


@dataclass(frozen=True)
class Service:
    """One process to keep running. Services of a higher rank are stopped first."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    is_ready: Callable[[], bool]
    before: Callable[[], None] = nothing
    stop_signal: int = signal.SIGTERM
    account: Account | None = None
    folder: Path | None = None
    rank: int = 0
    start_attempts: int = 1


@dataclass
class Running:
    service: Service
    child: subprocess.Popen[bytes]
    started: float
    failures: int = 0
    due: float | None = None


@dataclass
class Supervisor:
    running: dict[str, Running] = field(default_factory=dict)

    def start(self, service: Service) -> None:
        self.running[service.name] = Running(service, launch(service), time.monotonic())

    def wait_ready(self, *names: str) -> None:
        """Until all of them answer; one that dies on the way is trouble, save where a retry is allowed."""
        for name in names:
            self._wait_for(self.running[name])

    def _wait_for(self, running: Running) -> None:
        service, spoke = running.service, time.monotonic()
        while not service.is_ready():
            code = running.child.poll()
            if code is not None:
                running.failures += 1
                if running.failures >= service.start_attempts:
                    raise Trouble(f"{service.name} did not start: {described(code)}. {log_end(service)}")
                time.sleep(1)
                running.child = launch(service)
            if time.monotonic() - spoke > 15:
                spoke = time.monotonic()
                say(f"Still waiting for {service.name} (see {shown(service.log)})")
            time.sleep(0.1)

    def watch_once(self) -> None:
        for running in self.running.values():
            processes.shorten(running.service.log)
            if running.due is None:
                self._notice_end(running)
            elif time.monotonic() >= running.due:
                self._restart(running)

    def _notice_end(self, running: Running) -> None:
        code = running.child.poll()
        if code is None:
            return
        lived = time.monotonic() - running.started
        running.failures = 0 if lived > SETTLED else running.failures + 1
        pause = pause_after(running.failures)
        say(f"{running.service.name} ended: {described(code)}; starting it again in {pause:.0f} s")
        print(log_end(running.service, lines=8), flush=True)
        processes.end(running.child, signal.SIGKILL, patience=0)
        running.due = time.monotonic() + pause

    def _restart(self, running: Running) -> None:
        running.due = None
        running.started = time.monotonic()
        try:
            running.child = launch(running.service)
        except Trouble as trouble:
            say(f"{running.service.name} cannot be started yet: {trouble}")
            running.due = time.monotonic() + LONGEST_PAUSE

    def stop(self) -> None:
        """Rank by rank; within a rank everybody is asked at once."""
        for rank in sorted({one.service.rank for one in self.running.values()}, reverse=True):
            group = [one for one in self.running.values() if one.service.rank == rank]
            for running in group:
                with contextlib.suppress(ProcessLookupError):
                    running.child.send_signal(running.service.stop_signal)
            deadline = time.monotonic() + PATIENCE
            for running in group:
                left = max(0.1, deadline - time.monotonic())
                willing = processes.wait_for_end(running.child, left)
                if not willing:
                    say(f"{running.service.name} did not stop within {PATIENCE:.0f} s and was killed")
                processes.end(running.child, signal.SIGKILL, patience=0)
        self.running.clear()


def launch(service: Service) -> subprocess.Popen[bytes]:
    service.before()
    options = {} if service.folder is None else {"folder": service.folder}
    with processes.open_log(service.log) as output:
        return processes.spawn(
            service.command,
            environment=service.environment,
            output=output,
            account=service.account,
            death_signal=service.stop_signal,
            **options,
        )


def pause_after(failures: int) -> float:
    """0, then 1, 2, 4 … up to half a minute."""
    return 0.0 if failures == 0 else min(LONGEST_PAUSE, 2.0 ** (failures - 1))


def described(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def log_end(service: Service, lines: int = 20) -> str:
    return f"The end of {shown(service.log)}:\n{tail(service.log, lines)}"


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """The first Ctrl-C or TERM interrupts what is being done; later ones do not disturb the stopping."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(one, signal.SIG_IGN)
        raise Stopped(signal.Signals(number).name)

    before = {one: signal.signal(one, interrupt) for one in (signal.SIGINT, signal.SIGTERM)}
    if (
        signal.getsignal(signal.SIGHUP) != signal.SIG_IGN
    ):  # Under nohup a closed terminal is no reason to stop.
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, interrupt)
    interrupts.follow_make()
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
