"""Child processes: started in sessions of their own, and gone when their parent is gone, however it went."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from promotion.bootstrap.console import Trouble, shown, tail
from promotion.bootstrap.paths import ROOT

LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1
LOG_LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True)
class Account:
    """The unprivileged account a server runs under when we are root."""

    uid: int
    gid: int


def follow_parent(death_signal: int) -> Callable[[], None]:
    """On Linux the kernel signals the child when its parent dies, even by SIGKILL."""
    parent = os.getpid()

    def prepare() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, death_signal)
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)

    return prepare


def spawn(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    output: IO[bytes] | int | None = None,
    account: Account | None = None,
    folder: Path = ROOT,
    death_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    identity = {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
    child: subprocess.Popen[bytes] = subprocess.Popen(
        list(command),
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=follow_parent(death_signal),  # noqa: PLW1509 - our only thread waits in the kernel
        **identity,  # type: ignore[call-overload]
    )
    return child


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    log: Path | None = None,
    account: Account | None = None,
    folder: Path = ROOT,
) -> int:
    """Run to the end and return the exit code; interrupted, take the child down too."""
    with open_log(log) if log else contextlib.nullcontext() as output:
        child = spawn(command, environment=environment, output=output, account=account, folder=folder)
        try:
            return child.wait()
        finally:
            end(child, signal.SIGTERM, patience=10)


def run_or_fail(
    what: str, command: Sequence[str], *, environment: Mapping[str, str], log: Path, **options: object
) -> None:
    code = run(command, environment=environment, log=log, **options)  # type: ignore[arg-type]
    if code:
        raise Trouble(f"{what} failed (exit code {code}). The end of {shown(log)}:\n{tail(log)}")


def open_log(log: Path) -> IO[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    shorten(log)
    return log.open("ab")


def shorten(log: Path) -> None:
    """Set a long log aside, one generation; its writer keeps it open for appending and goes on from the top."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        shutil.copyfile(log, log.with_suffix(".log.1"))
        os.truncate(log, 0)


def end(child: subprocess.Popen[bytes], stop_signal: int, *, patience: float) -> bool:
    """Ask, wait, then insist on the whole session; True when asking was enough."""
    asked = True
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(stop_signal)
        asked = wait_for_end(child, patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    return asked


def wait_for_end(child: subprocess.Popen[bytes], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while child.poll() is None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
