"""Closing a year and opening it again (关账, 重开): one person asks, another grants, and every step is a link of the chain."""

from collections.abc import Sequence

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access import closing as access
from kpi.actions.ledger import POSTING_LOCK
from kpi.models import AssessmentYear, Run, SealKind, YearRequest, YearRequestState, YearSeal
from kpi.queries import seal as sealing
from kpi.queries.closing import Check, checks_of
from kpi.queries.course import decisive_run
from kpi.queries.seal import Digest
from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account

CLOSED, REOPENED = SealKind.CLOSED, SealKind.REOPENED


@action("year.prepare-closing", gettext_lazy("准备关账"))
def prepare_closing(*, actor: Account, year: int) -> YearRequest:
    """Ask for the year to be closed as it is now; the fingerprint of everything that would be sealed is kept with the request.

    Raises NotAllowed, NotFound for a year without assessment, and Refused for a closed one or while a check stands in the way.
    """
    if not access.can_prepare_closing(actor):
        raise NotAllowed(_("由人事准备关账；请联系人事。"))
    _locked_year(year, closed=False)
    run, open_ones = _ready(year)
    digest = sealing.content_digest(sealing.sealed_content(run))
    request = YearRequest.objects.create(
        year=year,
        kind=CLOSED,
        run=run,
        digest=digest,
        accepted={one.code: one.open for one in open_ones},
        requested_by=actor,
    )
    record(
        actor=actor, verb="year.prepare-closing", target=request, detail={"run": run.number, "digest": digest}
    )
    return request


@action("year.close", gettext_lazy("关账"))
def close_year(*, actor: Account, request: YearRequest) -> YearSeal:
    """Close the year that another prepared: from now on its rows stand still.

    Raises NotAllowed, Refused while a check stands in the way, and Conflict when something was changed since it was prepared.
    """
    if not access.can_close_years(actor):
        raise NotAllowed(_("由分管领导确认关账；请联系分管领导。"))
    assessed, request = _locked(request, CLOSED, closed=False)
    _second_person(actor, request)
    run, open_ones = _ready(request.year)
    parts = sealing.sealed_content(run)
    if run.pk != request.run_id or sealing.content_digest(parts) != request.digest:
        raise Conflict(_("准备关账之后数据有变动，没有关账；请人事重新准备。"))
    accepted = {one.code: one.open for one in open_ones}
    seal = _sealed(actor, request, run, parts=parts, accepted=accepted)
    assessed.closed_at = seal.sealed_at
    assessed.save(update_fields=["closed_at"])
    record(
        actor=actor,
        verb="year.close",
        target=request,
        detail={"seal": seal.number, "digest": seal.digest, "changed": seal.changed},
    )
    return seal


@action("year.ask-reopening", gettext_lazy("申请重开年度"))
def ask_reopening(*, actor: Account, year: int, reason: str) -> YearRequest:
    """Ask for a closed year to be opened again. Raises NotAllowed, and Refused for an open year or without a reason."""
    if not access.can_ask_reopening(actor):
        raise NotAllowed(_("由人事或分管领导申请重开年度；请联系他们。"))
    if not reason.strip():
        sentence = _("请写明为什么要重开：要更正什么，依据是什么。")
        raise Refused(sentence, fields={"reason": sentence})
    _locked_year(year, closed=True)
    seal = sealing.closing_seal(year)
    if seal is None:
        raise NotFound(_("%(year)s 年没有封存记录。") % {"year": year})
    request = YearRequest.objects.create(
        year=year, kind=REOPENED, run=seal.run, reason=reason.strip(), requested_by=actor
    )
    record(actor=actor, verb="year.ask-reopening", target=request, reason=request.reason)
    return request


@action("year.reopen", gettext_lazy("重开年度"))
def reopen_year(*, actor: Account, request: YearRequest) -> YearSeal:
    """Open the year again that another asked for; the chain goes on. Raises NotAllowed, Refused, and Conflict."""
    if not access.can_grant_reopening(actor):
        raise NotAllowed(_("由人事或分管领导同意重开；请联系他们。"))
    assessed, request = _locked(request, REOPENED, closed=True)
    _second_person(actor, request)
    seal = _sealed(actor, request, request.run, parts=(), accepted={})
    assessed.closed_at = None
    assessed.save(update_fields=["closed_at"])
    detail = {"seal": seal.number, "digest": seal.digest}
    record(actor=actor, verb="year.reopen", target=request, reason=request.reason, detail=detail)
    return seal


@action("year.decline", gettext_lazy("退回关账或重开申请"))
def decline_request(*, actor: Account, request: YearRequest, note: str) -> YearRequest:
    """Give a request back with a reason; nothing changes. Raises NotAllowed, Refused without a reason, and Conflict."""
    closes = request.kind == CLOSED
    if not (access.can_close_years(actor) if closes else access.can_grant_reopening(actor)):
        raise NotAllowed(_("您不能处理这份申请。"))
    if not note.strip():
        sentence = _("请写明退回的原因。")
        raise Refused(sentence, fields={"note": sentence})
    locked = _waiting(request)
    _second_person(actor, locked)
    _end(locked, YearRequestState.DECLINED, actor, note.strip())
    record(actor=actor, verb="year.decline", target=locked, reason=locked.note)
    _tell(locked, _("您的%(kind)s申请被退回：%(note)s") % {"kind": locked, "note": locked.note})
    return locked


@action("year.withdraw", gettext_lazy("撤回关账或重开申请"))
def withdraw_request(*, actor: Account, request: YearRequest) -> YearRequest:
    """Take the own request back. Raises NotAllowed for another's, and Conflict once it is decided."""
    locked = _waiting(request)
    if locked.requested_by_id != actor.pk:
        raise NotAllowed(_("只有申请人可以撤回申请。"))
    locked.state = YearRequestState.WITHDRAWN
    locked.save(update_fields=["state"])
    record(actor=actor, verb="year.withdraw", target=locked)
    return locked


def _locked_year(year: int, *, closed: bool) -> AssessmentYear:
    """The year, locked so that nobody writes its rows meanwhile; posting comes first, as everywhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [POSTING_LOCK, year])
    assessed = AssessmentYear.objects.select_for_update().filter(year=year).first()
    if assessed is None or assessed.current_run_id is None:
        raise NotFound(_("%(year)s 年还没有核算结果。") % {"year": year})
    if closed and assessed.closed_at is None:
        raise Refused(_("%(year)s 年没有关账，不必重开。") % {"year": year})
    if not closed and assessed.closed_at is not None:
        raise Refused(_("%(year)s 年已关账。") % {"year": year})
    return assessed


def _locked(request: YearRequest, kind: SealKind, *, closed: bool) -> tuple[AssessmentYear, YearRequest]:
    assessed = _locked_year(request.year, closed=closed)
    locked = _waiting(request)
    if locked.kind != kind:
        raise NotFound(_("没有这份申请。"))
    return assessed, locked


def _waiting(request: YearRequest) -> YearRequest:
    """The request, locked. Raises Conflict once it was decided or taken back."""
    locked = YearRequest.objects.select_for_update().get(pk=request.pk)
    if locked.state != YearRequestState.WAITING:
        raise Conflict(
            _("这份申请已经处理（%(state)s）；请刷新页面。") % {"state": locked.get_state_display()}
        )
    return locked


def _second_person(actor: Account, request: YearRequest) -> None:
    if request.requested_by_id == actor.pk:
        raise NotAllowed(_("申请人不能确认自己的申请；请由另一位有权限的同事确认。"))


def _ready(year: int) -> tuple[Run, list[Check]]:
    """The run to seal, and the open checks that do not stand in the way. Raises Refused for those that do."""
    found = checks_of(year)
    if stopping := [one for one in found if one.stops]:
        told = " ".join(f"{one.title}：{one.sentence}" for one in stopping)
        raise Refused(_("还不能关账。%(told)s") % {"told": told})
    run = decisive_run(year)
    if run is None:
        raise NotFound(_("%(year)s 年还没有核算结果。") % {"year": year})
    return run, [one for one in found if one.open]


def _sealed(
    actor: Account, request: YearRequest, run: Run, *, parts: Sequence[Digest], accepted: dict[str, int]
) -> YearSeal:
    """The next link of the chain, and the request granted by it."""
    before = sealing.last_seal()
    earlier = sealing.closing_seal(request.year)
    seal = YearSeal(
        number=before.number + 1 if before else 1,
        year=request.year,
        kind=request.kind,
        request=request,
        run=run,
        parts=sealing.kept(parts),
        changed=sealing.changed_parts(earlier, parts) if parts else [],
        accepted=accepted,
        reason=request.reason,
        requested_by=request.requested_by.username,
        decided_by=actor.username,
        sealed_at=timezone.now(),
        previous_digest=before.digest if before else "",
    )
    seal.digest = sealing.link_digest(seal)
    _end(request, YearRequestState.GRANTED, actor)
    seal.save(force_insert=True)
    _tell(request, _("您的%(kind)s申请已确认。") % {"kind": request})
    return seal


def _end(request: YearRequest, state: YearRequestState, actor: Account, note: str = "") -> None:
    request.state, request.decided_by, request.decided_at, request.note = state, actor, timezone.now(), note
    request.save(update_fields=["state", "decided_by", "decided_at", "note"])


def _tell(request: YearRequest, text: str) -> None:
    notify(recipients=[request.requested_by], text=text, url=f"{reverse('kpi:closing')}?year={request.year}")
