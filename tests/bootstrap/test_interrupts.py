"""Hearing an INT that the make above ignores: a real parent called make, a real supervisor below it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from promotion.bootstrap import interrupts, processes
from promotion.bootstrap.paths import ROOT

# What `make run` does below its make, with a wait in place of the servers.
SUPERVISOR = """
import sys, time
from pathlib import Path
from promotion.bootstrap.console import Stopped
from promotion.bootstrap.supervisor import stoppable
folder = Path(sys.argv[1])
with stoppable():
    try:
        (folder / "ready").touch()
        time.sleep(60)
    except Stopped as reason:
        (folder / "stopped").write_text(str(reason))
"""
# A child that ignores INT, starts the supervisor and goes with its exit code, as make does.
MAKE = """
import signal, subprocess, sys
from pathlib import Path
Path("/proc/self/comm").write_text("make")
signal.signal(signal.SIGUSR1, lambda *_: Path(sys.argv[1], "usr1").touch())
sys.exit(subprocess.call([sys.executable, "-c", *sys.argv[2:], sys.argv[1]]))
"""
LINUX = processes.LIBC is not None

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts commands with INT ignored, and leaves nothing of their sessions behind."""
    started = []

    def begin(*command: str) -> subprocess.Popen[bytes]:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            child = subprocess.Popen(command, cwd=tmp_path, env=environment(), start_new_session=True)
        finally:
            signal.signal(signal.SIGINT, before)
        started.append(child)
        return child

    yield begin
    for child in started:
        processes.end(child, signal.SIGKILL, patience=0)


def environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.05)


def below_make(start: Start, folder: Path) -> subprocess.Popen[bytes]:
    make = start(sys.executable, "-c", MAKE, str(folder), SUPERVISOR)
    eventually((folder / "ready").exists)
    return make


def state_of(process: subprocess.Popen[bytes]) -> str:
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_ignored_interrupt_of_make_stops_the_supervisor_cleanly(start: Start, tmp_path: Path) -> None:
    if not LINUX:
        assert interrupts.hear_ignored_interrupts(Path("/proc/1")) is False
        return
    make = below_make(start, tmp_path)

    make.send_signal(signal.SIGINT)

    assert make.wait(timeout=30) == 0
    assert (tmp_path / "stopped").read_text() == "SIGINT"


def test_real_make_hears_it_too(start: Start, tmp_path: Path) -> None:
    program = shutil.which("make") or shutil.which("gmake")
    if not (LINUX and program):
        assert interrupts.make_above() is None
        return
    (tmp_path / "supervisor.py").write_text(SUPERVISOR)
    (tmp_path / "Makefile").write_text(f"run: ; @{sys.executable} supervisor.py .\n")
    make = start(program, "run")
    eventually((tmp_path / "ready").exists)

    make.send_signal(signal.SIGINT)

    assert make.wait(timeout=30) == 0
    assert (tmp_path / "stopped").read_text() == "SIGINT"


def test_other_signals_and_stops_of_make_are_left_as_they_were(start: Start, tmp_path: Path) -> None:
    if not LINUX:
        assert interrupts.hear_ignored_interrupts(Path("/proc/1")) is False
        return
    make = below_make(start, tmp_path)

    make.send_signal(signal.SIGUSR1)
    eventually((tmp_path / "usr1").exists)
    make.send_signal(signal.SIGTSTP)
    make.send_signal(signal.SIGSTOP)
    eventually(lambda: state_of(make) in "Tt")
    make.send_signal(signal.SIGCONT)
    eventually(lambda: state_of(make) == "S")
    assert not (tmp_path / "stopped").exists()
    make.send_signal(signal.SIGTERM)

    assert make.wait(timeout=30) == -signal.SIGTERM
    # Only its end, not the signal, is what the supervisor is told.
    eventually((tmp_path / "stopped").exists)
    eventually(lambda: (tmp_path / "stopped").read_text() == "SIGTERM")


def test_make_that_hears_for_itself_is_not_traced() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert interrupts.hear_ignored_interrupts(Path(f"/proc/{os.getpid()}")) is False
    finally:
        signal.signal(signal.SIGINT, before)


def test_forbidden_trace_changes_nothing(monkeypatch: pytest.MonkeyPatch, start: Start) -> None:
    child = start(sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)")
    monkeypatch.setattr(interrupts, "trace", lambda *_: False)

    assert interrupts.hear_ignored_interrupts(Path(f"/proc/{child.pid}")) is False


def test_interrupted_make_is_noticed_by_its_missing_handler(tmp_path: Path) -> None:
    def make_with(caught: str, ignored: str) -> Path:
        (tmp_path / "status").write_text(f"Name:\tmake\nSigIgn:\t{ignored}\nSigCgt:\t{caught}\n")
        return tmp_path

    caught, none = f"{1 << (signal.SIGINT - 1):016x}", f"{0:016x}"

    assert not interrupts.make_was_interrupted(None)
    assert not interrupts.make_was_interrupted(make_with(caught, none))
    assert not interrupts.make_was_interrupted(make_with(none, caught))
    assert interrupts.make_was_interrupted(make_with(none, none))
    assert interrupts.make_was_interrupted(tmp_path / "gone")
