"""Parts of a full run (批次分工): carried out by as many workers as come, joined when the last is done.

The parts are rows. A worker locks one, does it, and marks it done in the same transaction; a worker that dies loses lock and
work together, and whoever looks next takes the part. The run itself goes on in the worker that has it, once no part is open.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from kpi.models import Run, RunPart, RunState

logger = logging.getLogger(__name__)

Perform = Callable[[Run, str], dict[str, Any]]
#: What a part does, by the first word of its name.
PERFORMERS: dict[str, Perform] = {}
PAUSE = 0.2
#: Workers woken beside the one that has the run; those that find nothing to do leave at once.
HELPERS = 3


def performs(kind: str) -> Callable[[Perform], Perform]:
    """Register what parts of this kind do: `<kind>:<what>` is the name of a part."""

    def register(perform: Perform) -> Perform:
        PERFORMERS[kind] = perform
        return perform

    return register


def carry_out_parts(*, run: Run, names: Iterable[str], beat: Callable[[int, int], None]) -> Mapping[str, Any]:
    """Have the parts done, here and wherever a worker is free, and give what each found. Done parts are not done again."""
    wanted = list(names)
    RunPart.objects.bulk_create([RunPart(run=run, name=name) for name in wanted], ignore_conflicts=True)
    own = RunPart.objects.filter(run=run, name__in=wanted)
    beat(own.filter(done=True).count(), len(wanted))
    if len(wanted) > 1:
        _wake_helpers(run)
    while own.filter(done=False).exists():
        if not take_part(run_id=run.pk):
            time.sleep(PAUSE)
        beat(own.filter(done=True).count(), len(wanted))
    return dict(own.values_list("name", "result"))


@transaction.atomic
def take_part(*, run_id: int) -> bool:
    """Do one open part of the run; False when none is free."""
    run = Run.objects.filter(pk=run_id, state=RunState.RUNNING).first()
    if run is None:
        return False
    part = RunPart.objects.select_for_update(skip_locked=True).filter(run=run, done=False).first()
    if part is None:
        return False
    part.result = PERFORMERS[part.name.partition(":")[0]](run, part.name.partition(":")[2])
    part.done = True
    part.save(update_fields=["done", "result"])
    return True


def help_run(*, run_id: int) -> int:
    """Do parts of a run until none is free; how many it were."""
    done = 0
    while take_part(run_id=run_id):
        done += 1
    return done


def _wake_helpers(run: Run) -> None:
    """Ask other workers to come; without a broker the run does its parts alone."""
    helper = current_app.tasks.get("kpi.tasks.help_run")
    try:
        for _turn in range(HELPERS if helper else 0):
            helper.apply_async([run.pk], retry=False, expires=60)
    except (OSError, KombuError, RedisError) as error:
        logger.warning("run %s works alone: the broker is away (%s)", run.pk, error)
