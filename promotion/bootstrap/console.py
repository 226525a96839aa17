"""What the terminal shows: progress with elapsed seconds, and trouble with its remedy."""

import os
import sys
import time
from pathlib import Path
from typing import TextIO

# Children go on counting from where their parent began.
STARTED = float(os.environ.setdefault("BOOTSTRAP_STARTED", str(time.monotonic())))


class Trouble(Exception):
    """Something the person at the terminal has to know: what happened, why, and what to do next."""


class Stopped(BaseException):
    """The person (Ctrl-C) or the system (TERM) asked to stop."""


def say(text: str, to: TextIO | None = None) -> None:
    print(f"[{time.monotonic() - STARTED:6.1f} s] {text}", file=to, flush=True)


def tail(log: Path, lines: int = 20) -> str:
    """The end of a log, indented, so that nobody has to look for the file first."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16_384))
        text = file.read().decode("utf-8", "replace")
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def shown(path: Path) -> str:
    """A path as one would type it from here."""
    short = os.path.relpath(path)
    return str(path) if short.startswith("..") else short


def complain(trouble: Trouble) -> None:
    print(f"\n{trouble}", file=sys.stderr, flush=True)
