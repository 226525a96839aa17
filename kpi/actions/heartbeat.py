"""Signs of life of a run while one statement takes long: posting a whole year may last longer than a silence is allowed to."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connections
from django.utils import timezone

from kpi.models import Run, RunState

logger = logging.getLogger(__name__)

#: Seconds between two beats; a good part of the silence after which a run counts as lost.
EVERY = 20.0


@contextmanager
def beating(run: Run) -> Iterator[None]:
    """Let another thread say every few seconds that this attempt at the run is alive; it dies with the process."""
    stopped = threading.Event()
    thread = threading.Thread(target=_beat, args=(run.pk, run.attempts, stopped), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _beat(run_id: int, attempt: int, stopped: threading.Event) -> None:
    """Short runs end before the first beat and open no connection for it."""
    try:
        while not stopped.wait(EVERY):
            mine = Run.objects.filter(pk=run_id, state=RunState.RUNNING, attempts=attempt)
            if not mine.update(heartbeat_at=timezone.now()):
                return
    except DatabaseError as error:
        logger.warning("run %s cannot say that it is alive: %s", run_id, error)
    finally:
        connections.close_all()
