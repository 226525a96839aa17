"""A part of what a close seals: a file whose bytes are the same whenever the same rows are written."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.utils.functional import Promise

from kpi.models import Run


@dataclass(frozen=True, slots=True)
class SealedPart:
    """`content` gives the file's bytes piece by piece, of a year as its run found it; it must not depend on order or settings."""

    code: str
    title: str | Promise
    file: str
    content: Callable[[Run], Iterator[bytes]]


def table(select: str) -> Callable[[Run], Iterator[bytes]]:
    """The rows of a SELECT as CSV with headings, straight from the database.

    `{year}`, `{run}` and `{last}` (the run's last line of the ledger) stand for numbers. The SELECT orders its rows by a key.
    """

    def content(run: Run) -> Iterator[bytes]:
        query = select.format(year=int(run.year), run=int(run.pk), last=int(run.last_line))
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER)") as copy,
        ):
            for piece in copy:
                yield bytes(piece)

    return content


@dataclass(frozen=True, slots=True)
class Digest:
    """A part as the seal keeps it: SHA-256 and size of its file, and how many rows it has below the headings."""

    code: str
    file: str
    rows: int
    size: int
    digest: str


def digest_of(part: SealedPart, run: Run) -> Digest:
    """Read the whole part once; nothing of it is kept in memory."""
    counted, hashed, size = 0, hashlib.sha256(), 0
    for piece in part.content(run):
        hashed.update(piece)
        size += len(piece)
        counted += piece.count(b"\n")
    rows = max(counted - 1, 0) if part.file.endswith(".csv") else 1
    return Digest(part.code, part.file, rows, size, hashed.hexdigest())
