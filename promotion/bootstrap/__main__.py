"""`python3 -m promotion.bootstrap VERB`: what the Makefile's targets call, for machines without make too."""

from __future__ import annotations

import os
import shutil
import sys

OLDEST_PYTHON = (3, 11)


def continue_with_a_newer_python() -> None:
    """The first python3 on the PATH may be too old while a newer one stands beside it."""
    for minor in range(20, OLDEST_PYTHON[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, "-m", "promotion.bootstrap", *sys.argv[1:]])  # noqa: S606
    sys.exit(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}. Install one and try again.")


def main() -> int:
    if os.name == "nt":
        sys.exit("Windows has no embedded Redis server: use WSL, or docker compose (docs/operations.md).")
    if sys.version_info < OLDEST_PYTHON:
        continue_with_a_newer_python()
    # Only now: the other modules are written for the Python that is needed, this one for any.
    from promotion.bootstrap.verbs import call  # noqa: PLC0415

    return call(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
