"""Rehearsing a scheme: recorded like a write, though nothing but the record is written."""

import logging
import time
from collections.abc import Sequence

from celery import current_app
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from kpi import access
from kpi.models import SchemeVersion
from kpi.queries.rehearsal import (
    KEPT_SECONDS,
    Kept,
    Plan,
    Rehearsal,
    kept_rehearsal,
    name_of,
    plan_of,
    rehearse,
)
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Outcome
from staff.models import Account

logger = logging.getLogger(__name__)

#: After so many seconds without a sign of life a rehearsal in the background is taken for lost.
STALE_AFTER = 90
# Who presses the button must not wait for a broker that is away.
ASK_ONCE = {"max_retries": 0, "interval_start": 0, "interval_step": 0}


@action("scheme.rehearse", gettext_lazy("演练考核细则"))
def rehearse_scheme(*, actor: Account, scheme: SchemeVersion, years: Sequence[int]) -> Plan:
    """Calculate years by another scheme, on a copy; the result is kept for a day and written nowhere.

    What is small is done when this returns, the rest by a worker (`kept_rehearsal` says how it gets on). Raises NotAllowed,
    NotFound, and Refused for a year without a result or a scheme that makes no sense in it.
    """
    if not access.can_rehearse(actor):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以演练考核细则；请联系他们。"))
    version = access.schemes_visible_to(actor).filter(pk=scheme.pk).first()
    if version is None:
        raise NotFound(_("没有这份细则。"))
    plan = plan_of(version, years)
    listed = [run.year for run in plan.runs]
    if not _is_at_hand(plan):
        if plan.is_large:
            _keep(plan, Kept("waiting", time.time()))
            transaction.on_commit(lambda: wake_worker(version.pk, listed))
        else:
            _finish(plan, rehearse(plan, _silent))
    # Last, because the chain of the audit trail is locked from here on.
    detail = {"years": listed, "fingerprint": version.fingerprint}
    record(actor=actor, verb="scheme.rehearse", target=version, detail=detail)
    return plan


@action("scheme.rehearsal_export", gettext_lazy("导出细则演练"))
def export_rehearsal(*, actor: Account, scheme: SchemeVersion, years: Sequence[int]) -> Rehearsal:
    """Record that the actor takes a rehearsal out of the house, and give it. Raises NotFound when none is kept."""
    if not access.can_rehearse(actor):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以导出细则演练；请联系他们。"))
    plan = plan_of(scheme, years)
    kept = kept_rehearsal(plan)
    if kept is None or kept.result is None:
        raise NotFound(_("这次演练的结果已经过期或输入有变；请重新演练后再导出。"))
    detail = {"years": [run.year for run in plan.runs], "fingerprint": scheme.fingerprint}
    record(actor=actor, verb="scheme.rehearsal_export", target=scheme, detail=detail)
    return kept.result


def carry_out(*, scheme_id: int, years: Sequence[int]) -> None:
    """What a worker does of a large rehearsal; a second delivery of the same message finds it done."""
    plan = plan_of(SchemeVersion.objects.get(pk=scheme_id), years)
    kept = kept_rehearsal(plan)
    if kept is not None and (kept.state == "done" or (kept.state == "running" and not is_lost(kept))):
        return
    _keep(plan, Kept("running", time.time()))
    try:
        result = rehearse(plan, lambda done, planned, step: _beat(plan, done, planned, step))
    except Outcome as outcome:
        _keep(plan, Kept("failed", time.time(), error=outcome.message))
        return
    except Exception as error:
        sentence = _("演练出错：%(error)s。请联系系统管理员。") % {"error": type(error).__name__}
        _keep(plan, Kept("failed", time.time(), error=sentence))
        raise
    _finish(plan, result)


def is_lost(kept: Kept) -> bool:
    """Whether a rehearsal under way has given no sign of life for too long."""
    return kept.state in ("waiting", "running") and time.time() - kept.at > STALE_AFTER


def wake_worker(scheme_id: int, years: Sequence[int]) -> None:
    """Tell the broker; when it is away the page says that nobody took it up, and it can be asked for again."""
    signature = current_app.signature("kpi.tasks.carry_out_rehearsal", args=[scheme_id, list(years)])
    try:
        with current_app.connection_for_write() as broker:
            broker.transport_options = {**broker.transport_options, **ASK_ONCE}
            signature.apply_async(retry=False, connection=broker)
    except (OSError, KombuError, RedisError) as error:
        logger.warning("the rehearsal of scheme %s waits: the broker is away (%s)", scheme_id, error)


def _is_at_hand(plan: Plan) -> bool:
    kept = kept_rehearsal(plan)
    return kept is not None and kept.state != "failed" and not is_lost(kept)


def _finish(plan: Plan, result: Rehearsal) -> None:
    _keep(plan, Kept("done", time.time(), result=result))


def _beat(plan: Plan, done: int, planned: int, step: str) -> None:
    _keep(plan, Kept("running", time.time(), done, planned, step))


def _keep(plan: Plan, kept: Kept) -> None:
    cache.set(name_of(plan), kept, KEPT_SECONDS)


def _silent(_done: int, _planned: int, _step: str) -> None:
    """No progress: the reader waits for the whole."""
