"""Runs (考核批次): asked for as a row, carried out by a worker step by step, seen only when whole."""

import logging
from datetime import date, timedelta
from functools import partial

from celery import current_app
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from kpi import access
from kpi.actions.bulk import is_bulk, post_in_bulk
from kpi.actions.heartbeat import beating
from kpi.actions.investors import keep_investors
from kpi.actions.ledger import post_credit
from kpi.actions.measuring import measure_run, parts_of_lines
from kpi.actions.results import Superseded, publish_results
from kpi.models import AssessmentYear, Run, RunState
from kpi.queries import calculation
from kpi.queries.calculation import Calculation, as_of_day
from kpi.queries.ledger import last_line
from kpi.queries.measures import Extent
from kpi.queries.recompute import Recomputed, recompute
from kpi.queries.run import STEPS
from kpi.queries.scheme import read_scheme, scheme_in_force
from promotion.action import action, record
from promotion.errors import NotAllowed, Refused
from staff.models import Account

logger = logging.getLogger(__name__)

OPEN = (RunState.QUEUED, RunState.RUNNING)
STALE_AFTER = timedelta(seconds=90)
UNHEARD_AFTER = timedelta(seconds=45)
MOST_ATTEMPTS = 3
FIRST_YEAR = 2000
# Who presses the button must not wait for a broker that is away.
ASK_ONCE = {"max_retries": 0, "interval_start": 0, "interval_step": 0}
POST, MEASURE, SCORE, RANK, WRITE = STEPS


@action("run.request", gettext_lazy("发起核算"))
def request_run(*, actor: Account | None, year: int, full: bool = False, until: date | None = None) -> Run:
    """Ask for a recalculation of the year; a run that is already open is given instead of a second one.

    `actor` None is the night. `full` looks at every fact again instead of at what changed. `until` counts to an earlier day
    than today, for a history that is filled afterwards. The row is the request: it stands even when no worker can be woken. Raises NotAllowed, and Refused for a year that has no published scheme, is closed, or
    has not begun.
    """
    if actor is not None and not access.can_start_run(actor):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以发起核算；请联系他们。"))
    today = timezone.localdate()
    if not FIRST_YEAR <= year <= today.year:
        raise Refused(
            _("%(year)s 年不能核算：只能核算今年和以前的年度。") % {"year": year},
            fields={"year": _("请改选年度。")},
        )
    AssessmentYear.objects.get_or_create(year=year)
    assessed = AssessmentYear.objects.select_for_update().get(year=year)
    if assessed.closed_at:
        raise Refused(_("%(year)s 年已关账，结果不再变动。") % {"year": year})
    run = Run.objects.select_for_update().filter(year=year, state__in=OPEN).first()
    if run is None:
        run = _new_run(actor, year, full=full, until=until)
        record(actor=actor, verb="run.request", target=run, detail={"full": full} if full else {})
    elif _is_stale(run):
        _requeue(run)
    if run.state == RunState.QUEUED:
        _announce(run)
    return run


def _new_run(actor: Account | None, year: int, *, full: bool, until: date | None) -> Run:
    as_of = min(as_of_day(year, timezone.localdate()), until or date.max)
    scheme = scheme_in_force(year, as_of)
    if scheme is None:
        raise Refused(
            _("%(year)s 年在 %(day)s 还没有已发布的考核细则，无法核算。请先起草细则并由另一人发布。")
            % {"year": year, "day": as_of.isoformat()}
        )
    newest = Run.objects.filter(year=year).aggregate(number=Max("number"))["number"] or 0
    return Run.objects.create(
        year=year, number=newest + 1, as_of=as_of, scheme=scheme, requested_by=actor, wants_full=full
    )


@action("run.cancel", gettext_lazy("取消核算"))
def cancel_run(*, actor: Account, run: Run) -> Run:
    """Stop an open run; readers keep the last whole one, and what was posted stays for the next.

    Raises NotAllowed, and Refused for a run that has ended meanwhile.
    """
    if not access.can_start_run(actor):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以取消核算；请联系他们。"))
    locked = Run.objects.select_for_update().get(pk=run.pk)
    if locked.state not in OPEN:
        raise Refused(_("这次核算已经结束（%(state)s），不必取消。") % {"state": locked.get_state_display()})
    locked.state, locked.finished_at = RunState.CANCELLED, timezone.now()
    locked.error = _("由%(name)s取消；看到的仍是上一次完整的结果。") % {"name": actor.display_name}
    locked.save(update_fields=["state", "finished_at", "error"])
    record(actor=actor, verb="run.cancel", target=locked)
    return locked


@action("run.resume", gettext_lazy("继续核算"))
def resume_run(*, actor: Account, run: Run) -> Run:
    """Take up a failed or cancelled run where it stopped; parts that were done are not done again.

    Raises NotAllowed, and Refused when a newer run exists, or the day it counts to is over: then a new one is the right one.
    """
    if not access.can_start_run(actor):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以发起核算；请联系他们。"))
    AssessmentYear.objects.select_for_update().get(year=run.year)
    locked = Run.objects.select_for_update().get(pk=run.pk)
    if not can_resume(locked):
        raise Refused(_("这次核算不能继续：它已完成、已有更新的核算，或者截至日期已过；请重新发起。"))
    locked.state, locked.attempts, locked.error, locked.finished_at = RunState.QUEUED, 0, "", None
    locked.requested_at = timezone.now()
    locked.save(update_fields=["state", "attempts", "error", "finished_at", "requested_at"])
    record(actor=actor, verb="run.resume", target=locked)
    _announce(locked)
    return locked


@action("run.recompute", gettext_lazy("复算"))
def recompute_run(*, actor: Account, run: Run) -> Recomputed:
    """Compute a finished run once more and say what differs; nothing is written but that it was asked for.

    Raises NotAllowed, and Refused for a run that has no results.
    """
    if not access.can_recompute(actor):
        raise NotAllowed(_("只有人事、分管领导、系统管理员和审计可以复算；请联系他们。"))
    if run.state != RunState.DONE:
        raise Refused(_("只能复算已完成的核算。"))
    found = recompute(run)
    detail = {
        "same_inputs": found.same_inputs,
        "subjects": found.subjects,
        "differences": len(found.differences),
    }
    record(actor=actor, verb="run.recompute", target=run, detail=detail)
    return found


def can_resume(run: Run) -> bool:
    """Whether the run stopped, is the newest of its year, which is open, and still counts to the right day."""
    return (
        run.state in (RunState.FAILED, RunState.CANCELLED)
        and run.as_of == as_of_day(run.year, timezone.localdate())
        and not Run.objects.filter(year=run.year, number__gt=run.number).exists()
        and not AssessmentYear.objects.filter(year=run.year, closed_at__isnull=False).exists()
    )


def _announce(run: Run) -> None:
    """Wake a worker once the row is committed."""
    number = run.pk
    transaction.on_commit(lambda: wake_worker(number))


def wake_worker(run_id: int) -> None:
    """Tell the broker; when it is away the row waits, and the next look for stale runs tells again."""
    signature = current_app.signature("kpi.tasks.execute_run", args=[run_id])
    try:
        with current_app.connection_for_write() as broker:
            broker.transport_options = {**broker.transport_options, **ASK_ONCE}
            signature.apply_async(retry=False, connection=broker)
    except (OSError, KombuError, RedisError) as error:
        logger.warning("run %s waits: the broker is away (%s)", run_id, error)


def execute_run(*, run_id: int) -> Run | None:
    """Carry out a queued run; None when another worker has it. Each step shows its progress in the row.

    A database that goes away leaves the row as it is, to be taken up again; any other error fails the run with a sentence.
    """
    run = _claim(run_id)
    if run is None:
        return None
    try:
        with beating(run):
            _carry_out(run)
    except Superseded:
        return None
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        fail_run(run_id=run.pk, attempt=run.attempts, sentence=_sentence_for(run, error))
        raise
    run.refresh_from_db()
    return run


def _sentence_for(run: Run, error: Exception) -> str:
    return _(
        "第 %(number)s 次核算在“%(step)s”一步出错：%(error)s。看到的仍是上一次完整的结果；请排除原因后重新核算。"
    ) % {
        "number": run.number,
        "step": run.step,
        "error": f"{type(error).__name__} {error}"[:120],
    }


@transaction.atomic
def _claim(run_id: int) -> Run | None:
    run = Run.objects.select_for_update(skip_locked=True).filter(pk=run_id).first()
    if run is None or not (run.state == RunState.QUEUED or _is_stale(run)):
        return None
    now = timezone.now()
    run.state, run.attempts, run.heartbeat_at = RunState.RUNNING, run.attempts + 1, now
    run.started_at = run.started_at or now
    run.step, run.done, run.planned, run.error = POST, 0, 1, ""
    run.save(
        update_fields=["state", "attempts", "heartbeat_at", "started_at", "step", "done", "planned", "error"]
    )
    return run


def _carry_out(run: Run) -> None:
    if is_bulk(run):
        beat = partial(_beat, run, POST)
        post_in_bulk(run=run, beat=beat, beside=parts_of_lines)
    else:
        post_credit(run=run, year=run.year)
    run.last_line = last_line(run.year)
    Run.objects.filter(pk=run.pk).update(last_line=run.last_line)
    keep_investors(run)
    _beat(run, POST, 1, 1)
    work = _prepared(run)
    measure_run(run=run, work=work, beat=lambda done, planned: _beat(run, MEASURE, done, planned))
    calculation.score(work, lambda done, planned: _beat(run, SCORE, done, planned))
    calculation.rank(work, lambda done, planned: _beat(run, RANK, done, planned))
    _beat(run, WRITE, 0, 1)
    publish_results(run=run, calculation=work)
    Run.objects.filter(pk=run.pk).update(done=1)


def _prepared(run: Run) -> Calculation:
    extent = Extent(run.year, run.last_line, run.as_of)
    return calculation.prepare(read_scheme(run.scheme), run.scheme.fingerprint, extent)


def _beat(run: Run, step: str, done: int, planned: int) -> None:
    """Show progress and sign of life. Raises Superseded when the run was given to another attempt."""
    run.step = step
    mine = Run.objects.filter(pk=run.pk, state=RunState.RUNNING, attempts=run.attempts)
    if not mine.update(step=step, done=done, planned=max(planned, 1), heartbeat_at=timezone.now()):
        raise Superseded


@transaction.atomic
def fail_run(*, run_id: int, sentence: str, attempt: int | None = None) -> bool:
    """End an open run as failed, with what happened and what to do; readers keep the last whole one."""
    runs = Run.objects.filter(pk=run_id, state__in=OPEN)
    if attempt is not None:
        runs = runs.filter(attempts=attempt)
    return bool(runs.update(state=RunState.FAILED, error=sentence[:300], finished_at=timezone.now()))


@transaction.atomic
def requeue_stale_runs() -> list[Run]:
    """Take up runs whose worker fell silent, and wake for requests that nobody heard; after three attempts a run fails."""
    now = timezone.now()
    taken: list[Run] = []
    for run in Run.objects.select_for_update(skip_locked=True).filter(state__in=OPEN):
        if run.state == RunState.QUEUED and run.requested_at < now - UNHEARD_AFTER:
            _announce(run)
        elif _is_stale(run) and run.attempts >= MOST_ATTEMPTS:
            fail_run(run_id=run.pk, sentence=_given_up(run))
        elif _is_stale(run):
            _requeue(run)
            _announce(run)
        else:
            continue
        taken.append(run)
    return taken


def _given_up(run: Run) -> str:
    return _(
        "核算尝试了 %(count)s 次，后台每次都在“%(step)s”一步中断。看到的仍是上一次完整的结果；请联系系统管理员查看后台日志。"
    ) % {
        "count": run.attempts,
        "step": run.step,
    }


def _is_stale(run: Run) -> bool:
    """Whether a running run has given no sign of life for too long."""
    return run.state == RunState.RUNNING and (
        run.heartbeat_at is None or run.heartbeat_at < timezone.now() - STALE_AFTER
    )


def _requeue(run: Run) -> None:
    run.state = RunState.QUEUED
    run.save(update_fields=["state"])
