"""Stamps: what was installed last, so that a second start skips it."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(files: Iterable[Path], *also: str) -> str:
    """One fingerprint of the files' contents and of anything else that matters."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    for text in also:
        total.update(text.encode() + b"\0")
    return total.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    try:
        return stamp.read_text("utf-8").strip() == wanted
    except OSError:
        return False


def write(stamp: Path, reached: str) -> None:
    stamp.write_text(reached + "\n", "utf-8")
