"""The make above us: ending with it, and hearing a Ctrl-C that was meant for it.

`kill -INT` on the process one started is the usual way for a script to press Ctrl-C. Started as `make run`, that
process is make, and make keeps the signal to itself in two ways. With a handler it only waits for us, after
dropping its handler: that can be seen in /proc. Started by a script as `make run &`, it has inherited that INT
is ignored, and the kernel throws the signal away without a trace. The supervisor would never learn that it should
stop, and would go on for ever. The one who still is told of an ignored signal is a tracer: so a thread of ours
traces that make, gives back to it every signal and every stop unchanged, and interrupts us when an INT comes.

Only Linux has this, and only where the kernel permits it (Yama forbids tracing a parent to all but root);
elsewhere everything stays as it was: an ignored INT is ignored. The trace ends with our process.
"""

import contextlib
import ctypes
import os
import queue
import signal
import threading
from pathlib import Path

from promotion.bootstrap.processes import LIBC, PR_SET_PDEATHSIG

PTRACE_CONT, PTRACE_SEIZE, PTRACE_LISTEN = 7, 0x4206, 0x4208
PTRACE_EVENT_STOP = 128
# Wait for this one process even though it is no child of ours.
WAIT_ALL = 0x40000000
# It may be waiting for a child: the signal has to reach it and no other.
MAIN_THREAD = threading.main_thread().ident or 0
STOPPING = (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)


def make_above() -> Path | None:
    """The /proc folder of the make that started us."""
    parent = Path("/proc") / str(os.getppid())
    try:
        return parent if (parent / "comm").read_text().strip() in ("make", "gmake") else None
    except OSError:
        return None


def follow_make() -> None:
    """A make that is killed outright should not leave us behind, nor one that was told INT and ignores it."""
    make = make_above()
    if LIBC is not None and make is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        hear_ignored_interrupts(make)


def make_was_interrupted(make: Path | None) -> bool:
    """GNU make does not pass on an INT sent to it alone and waits for us; it drops its handler, though."""
    if make is None:
        return False
    return not (signals(make, "SigCgt", "SigIgn") & 1 << (signal.SIGINT - 1))


def hear_ignored_interrupts(make: Path) -> bool:
    """Whether from now on an INT sent to this make, which ignores it, interrupts us."""
    if LIBC is None or not signals(make, "SigIgn") & 1 << (signal.SIGINT - 1):
        return False
    begun: queue.Queue[bool] = queue.Queue()
    pid = int(make.name)
    threading.Thread(target=listen, args=(pid, begun), name="interrupts", daemon=True).start()
    return begun.get()


def signals(process: Path, *sets: str) -> int:
    """The union of these signal sets of a process, from /proc; nothing when it is gone."""
    try:
        status = (process / "status").read_text()
    except OSError:
        return 0
    lines = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    union = 0
    for name in sets:
        union |= int(lines.get(name, "0"), 16)
    return union


def listen(pid: int, begun: queue.Queue[bool]) -> None:
    """In a thread of its own, because a trace belongs to the thread that began it."""
    begun_well = trace(PTRACE_SEIZE, pid, 0)
    begun.put(begun_well)
    # When the make is gone, so is what we wait for.
    with contextlib.suppress(ChildProcessError):
        while begun_well:
            _, status = os.waitpid(pid, WAIT_ALL)
            if not os.WIFSTOPPED(status):
                return
            number, event = os.WSTOPSIG(status), status >> 16
            resume(pid, number, event)
            if event == 0 and number == signal.SIGINT:
                signal.pthread_kill(MAIN_THREAD, signal.SIGINT)


def resume(pid: int, number: int, event: int) -> None:
    """As if nobody looked on: a signal is delivered, a stopped process stays stopped."""
    if event == PTRACE_EVENT_STOP and number in STOPPING:
        trace(PTRACE_LISTEN, pid, 0)
    else:
        trace(PTRACE_CONT, pid, number if event == 0 else 0)


def trace(request: int, pid: int, data: int) -> bool:
    arguments = ctypes.c_long(request), ctypes.c_long(pid), None, ctypes.c_long(data)
    return LIBC is not None and LIBC.ptrace(*arguments) == 0
