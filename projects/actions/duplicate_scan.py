"""The scan for duplicates: asked for as a row, carried out by a worker with its progress in the row; and settling its pairs."""

import logging
from datetime import timedelta
from itertools import islice

from celery import current_app
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from projects.access import can_scan_duplicates, duplicate_pairs_visible_to
from projects.models import DuplicatePair, DuplicateScan, DuplicateScanState
from projects.queries import duplicate_scan as scans
from projects.queries.duplicate_scan import Candidate
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account

logger = logging.getLogger(__name__)

OPEN = (DuplicateScanState.QUEUED, DuplicateScanState.RUNNING)
STALE_AFTER = timedelta(seconds=90)
MOST_ATTEMPTS = 3
# Who presses the button must not wait for a broker that is away.
ASK_ONCE = {"max_retries": 0, "interval_start": 0, "interval_step": 0}


@action("company.scan", gettext_lazy("扫描重复企业"))
def request_scan(*, actor: Account | None) -> DuplicateScan:
    """Ask for a scan of all companies; one that is already open is given instead. `actor` None is the weekly clock."""
    if actor is not None and not can_scan_duplicates(actor):
        raise NotAllowed(_("只有分管领导和系统管理员可以扫描重复企业；请联系他们。"))
    scan = DuplicateScan.objects.select_for_update().filter(state__in=OPEN).first()
    if scan is None:
        scan = DuplicateScan.objects.create(requested_by=actor)
        record(actor=actor, verb="company.scan", target=scan)
    elif _is_stale(scan):
        scan.state = DuplicateScanState.QUEUED
        scan.save(update_fields=["state"])
    if scan.state == DuplicateScanState.QUEUED:
        number = scan.pk
        transaction.on_commit(lambda: wake_worker(number))
    return scan


@action("company.dismiss-pair", gettext_lazy("排除疑似重复"))
def dismiss_pair(*, actor: Account, pair: DuplicatePair, reason: str) -> DuplicatePair:
    """Say that two companies are two, with a reason; later scans do not ask again. Raises Refused for no reason."""
    locked = _locked_pair(actor, pair)
    reason = reason.strip()
    if not reason:
        raise Refused(_("请填写排除的理由，如“母子公司”。"), fields={"reason": _("请填写理由。")})
    if locked.dismissed_by is not None:
        raise Refused(_("这一对已由 %(who)s 排除。") % {"who": locked.dismissed_by.display_name})
    locked.dismissed_by, locked.dismissed_at, locked.dismiss_reason = actor, timezone.now(), reason[:300]
    locked.save(update_fields=["dismissed_by", "dismissed_at", "dismiss_reason"])
    detail = {"first": locked.first.name, "second": locked.second.name}
    record(actor=actor, verb="company.dismiss-pair", target=locked, reason=reason, detail=detail)
    return locked


@action("company.reopen-pair", gettext_lazy("重新列入疑似重复"))
def reopen_pair(*, actor: Account, pair: DuplicatePair) -> DuplicatePair:
    """Ask about a dismissed pair again."""
    locked = _locked_pair(actor, pair)
    if locked.dismissed_at is None:
        return locked
    locked.dismissed_by, locked.dismissed_at, locked.dismiss_reason = None, None, ""
    locked.save(update_fields=["dismissed_by", "dismissed_at", "dismiss_reason"])
    detail = {"first": locked.first.name, "second": locked.second.name}
    record(actor=actor, verb="company.reopen-pair", target=locked, detail=detail)
    return locked


@action("company.scan-here", gettext_lazy("就地扫描重复企业"))
def scan_here(*, actor: Account) -> DuplicateScan:
    """Ask for a scan and carry it out at once, without a worker: for the demo and the command line."""
    if not can_scan_duplicates(actor):
        raise NotAllowed(_("只有分管领导和系统管理员可以扫描重复企业；请联系他们。"))
    scan = DuplicateScan.objects.create(requested_by=actor)
    record(actor=actor, verb="company.scan-here", target=scan)
    return execute_scan(scan_id=scan.pk) or scan


def wake_worker(scan_id: int) -> None:
    """Tell the broker; when it is away the row waits, and the next look for stale scans tells again."""
    signature = current_app.signature("projects.tasks.execute_duplicate_scan", args=[scan_id])
    try:
        with current_app.connection_for_write() as broker:
            broker.transport_options = {**broker.transport_options, **ASK_ONCE}
            signature.apply_async(retry=False, connection=broker)
    except (OSError, KombuError, RedisError) as error:
        logger.warning("scan %s waits: the broker is away (%s)", scan_id, error)


def execute_scan(*, scan_id: int) -> DuplicateScan | None:
    """Carry out a queued scan; None when another worker has it. A database that goes away leaves the row to be taken up again."""
    scan = _claim(scan_id)
    if scan is None:
        return None
    try:
        _carry_out(scan)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        sentence = _("扫描在“%(step)s”一步出错：%(error)s。清单仍是上一次的结果；请排除原因后重新扫描。")
        scan.error = (sentence % {"step": scan.step, "error": f"{type(error).__name__} {error}"[:120]})[:300]
        scan.state, scan.finished_at = DuplicateScanState.FAILED, timezone.now()
        scan.save(update_fields=["error", "state", "finished_at"])
        raise
    return scan


def requeue_stale_scans() -> None:
    """Take up scans whose worker fell silent, and wake a worker for those that wait; three tries at most."""
    for scan in DuplicateScan.objects.filter(state__in=OPEN):
        if scan.state == DuplicateScanState.RUNNING and not _is_stale(scan):
            continue
        if scan.attempts >= MOST_ATTEMPTS:
            scan.state, scan.finished_at = DuplicateScanState.FAILED, timezone.now()
            scan.error = _("扫描尝试了 3 次，后台每次都中断；请联系系统管理员查看后台日志。")
            scan.save(update_fields=["state", "finished_at", "error"])
            continue
        scan.state = DuplicateScanState.QUEUED
        scan.save(update_fields=["state"])
        wake_worker(scan.pk)


@transaction.atomic
def _claim(scan_id: int) -> DuplicateScan | None:
    scan = DuplicateScan.objects.select_for_update(skip_locked=True).filter(pk=scan_id).first()
    if scan is None or not (scan.state == DuplicateScanState.QUEUED or _is_stale(scan)):
        return None
    now = timezone.now()
    scan.state, scan.attempts, scan.heartbeat_at = DuplicateScanState.RUNNING, scan.attempts + 1, now
    scan.started_at, scan.done, scan.error = scan.started_at or now, 0, ""
    scan.save(update_fields=["state", "attempts", "heartbeat_at", "started_at", "done", "error"])
    return scan


def _carry_out(scan: DuplicateScan) -> None:
    rows = scans.companies_to_scan()
    scan.planned = rows.count()
    scans.prepare_keys()
    _beat(scan, str(_("编列特征")), 0)
    companies = rows.order_by("pk").iterator(chunk_size=scans.CHUNK)
    while chunk := list(islice(companies, scans.CHUNK)):
        scans.write_keys(chunk)
        _beat(scan, str(_("编列特征")), scan.done + len(chunk))
    _beat(scan, str(_("比对")), scan.planned)
    scans.index_keys()
    found = scans.find_pairs()
    _beat(scan, str(_("写入清单")), scan.planned)
    _write(scan, found)
    scan.state, scan.finished_at, scan.found = DuplicateScanState.DONE, timezone.now(), len(found)
    scan.save(update_fields=["state", "finished_at", "found"])


@transaction.atomic
def _write(scan: DuplicateScan, found: list[Candidate]) -> None:
    """Bring the list in step: what is found is written or renewed, what is suspected no more goes unless it was dismissed."""
    pairs = [
        DuplicatePair(
            first_id=each.first,
            second_id=each.second,
            score=each.score,
            reasons=[
                {"sign": sign, "text": "" if sign == "phone" else text} for sign, text in each.signs.items()
            ],
            scan=scan,
        )
        for each in found
    ]
    DuplicatePair.objects.bulk_create(
        pairs,
        batch_size=scans.CHUNK,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["score", "reasons", "scan"],
    )
    DuplicatePair.objects.filter(dismissed_at=None).exclude(scan=scan).delete()


def _beat(scan: DuplicateScan, step: str, done: int) -> None:
    scan.step, scan.done, scan.heartbeat_at = step[:40], done, timezone.now()
    scan.save(update_fields=["step", "done", "planned", "heartbeat_at"])


def _is_stale(scan: DuplicateScan) -> bool:
    beat = scan.heartbeat_at
    silent = beat is None or beat < timezone.now() - STALE_AFTER
    return scan.state == DuplicateScanState.RUNNING and silent


def _locked_pair(actor: Account, pair: DuplicatePair) -> DuplicatePair:
    locked = duplicate_pairs_visible_to(actor).select_for_update(of=("self",)).filter(pk=pair.pk).first()
    if locked is None:
        raise NotFound(_("没有这一对疑似重复，或您不能查看它。"))
    return locked
