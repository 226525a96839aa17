"""Awards approved or returned by a second person, revoked with a reason, and taken out as papers."""

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access import award as access
from kpi.actions.award_round import (
    AwardRound,
    address_of,
    change,
    locked_round,
    open_year,
    refuse_changed,
    refuse_own,
    said,
    visible_decision,
)
from kpi.models import AssessmentYear, AwardDecision, AwardOutcome, AwardState
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import in_force
from staff.access.concern import is_concerned
from staff.models import Account, Appointment


@action("award.approve", gettext_lazy("审批评奖"))
def approve_awards(
    *, actor: Account, year: int, award: str, approve: bool, reason: str = "", seen: str | None = None
) -> list[AwardDecision]:
    """Approve what is submitted of an award, which numbers the certificates and tells whom it is about; or give it back.

    `seen` is the stamp of what was read. Raises NotAllowed for who wrote one of them or stands for it, Conflict for what was
    changed since, Refused where nothing is submitted or the run says otherwise by now.
    """
    found = locked_round(year, award)
    if not access.can_approve_awards(actor):
        raise NotAllowed(_("评奖由分管领导审批。"))
    refuse_own(actor, found.board)
    submitted = found.board.submitted
    if seen and seen != found.board.stamp:
        raise Conflict(_("您打开页面之后，这个奖项的决定已由他人处理；请核对最新内容。"))
    if not submitted:
        raise Refused(_("没有待审批的决定。"))
    if any(one.proposed_by_id == actor.pk for one in submitted):
        raise NotAllowed(_("拟定人不能审批自己拟定的评奖；请由另一位分管领导审批。"))
    if not approve:
        return _return(actor, found, submitted, reason)
    refuse_changed(found.board)
    _approve(actor, found, submitted)
    detail = {"award": award, "approved": True, "count": len(submitted)}
    record(actor=actor, verb="award.approve", target=found.year, reason=reason.strip(), detail=detail)
    for held in submitted:
        if held.outcome == AwardOutcome.GRANTED:
            _tell(held)
    return submitted


@action("award.revoke", gettext_lazy("撤销评奖"))
def revoke_award(
    *, actor: Account, decision: AwardDecision, reason: str, seen: int | None = None
) -> AwardDecision:
    """Take back what was approved, with the reason; the subject may be decided about anew. Its certificate is void."""
    held = visible_decision(actor, decision)
    year = open_year(held.year)
    held = AwardDecision.objects.select_for_update().get(pk=held.pk)
    if not access.can_approve_awards(actor):
        raise NotAllowed(_("评奖由分管领导撤销。"))
    if is_concerned(actor, *_sets([held])):
        raise NotAllowed(_("这项决定关系到您本人或您的团队，请由另一位分管领导办理。"))
    check_version(seen=seen, current=held)
    if held.state != AwardState.APPROVED:
        raise Conflict(_("这项决定%(state)s，不能撤销。") % {"state": held.get_state_display()})
    words = said(reason, _("请写明撤销的原因。"))
    change(held, state=AwardState.REVOKED, revoked_by=actor, revoked_at=timezone.now(), revoked_for=words)
    record(actor=actor, verb="award.revoke", target=held, reason=words, detail={"year": year.year})
    if held.serial is not None:
        text = _("%(award)s（%(year)s 年度）已撤销：%(reason)s")
        notify(
            recipients=_concerned(held),
            text=text % {"award": held.title, "year": held.year, "reason": words},
            url=address_of(held.year),
        )
    return held


@action("award.export", gettext_lazy("导出证书和通知书"))
def export_certificates(*, actor: Account, year: int, award: str = "") -> list[AwardDecision]:
    """Record that the actor takes all certificates and notices of a year or an award, and give the decisions behind them."""
    if not access.can_take_certificates(actor):
        raise NotAllowed(_("只有人事、分管领导和纪检审计可以成批导出证书；自己的证书可以单独下载。"))
    rows = access.award_decisions_visible_to(actor).filter(year=year, state="approved", outcome="granted")
    rows = rows.filter(award=award) if award else rows
    found = list(rows.select_related("person", "team").order_by("is_warning", "serial"))
    if not found:
        raise NotFound(_("%(year)s 年度还没有证书或通知书。") % {"year": year})
    target, _created = AssessmentYear.objects.get_or_create(year=year)
    record(actor=actor, verb="award.export", target=target, detail={"award": award, "papers": len(found)})
    return found


def _return(
    actor: Account, found: AwardRound, submitted: list[AwardDecision], reason: str
) -> list[AwardDecision]:
    words = said(reason, _("退回请写明理由。"))
    for held in submitted:
        change(held, state=AwardState.DRAFT, returned_for=words)
    detail = {"award": found.board.code, "approved": False, "count": len(submitted)}
    record(actor=actor, verb="award.approve", target=found.year, reason=words, detail=detail)
    writers = {held.proposed_by_id: held.proposed_by for held in submitted}
    text = _("%(year)s 年度“%(title)s”被退回：%(reason)s")
    words_of = {"year": found.year.year, "title": found.board.title, "reason": words}
    notify(recipients=list(writers.values()), text=text % words_of, url=address_of(found.year.year))
    return submitted


def _approve(actor: Account, found: AwardRound, submitted: list[AwardDecision]) -> None:
    """Write the approval; what is granted gets the next numbers of the year, those of revoked ones are never used again."""
    now, today = timezone.now(), timezone.localdate()
    numbered = AwardDecision.objects.filter(year=found.year.year, is_warning=found.board.is_warning)
    last = numbered.aggregate(last=Max("serial"))["last"] or 0
    for held in submitted:
        if held.outcome == AwardOutcome.GRANTED:
            last += 1
            held.serial = last
        change(
            held,
            state=AwardState.APPROVED,
            approved_by=actor,
            approved_at=now,
            approved_on=today,
            serial=held.serial,
        )


def _sets(decisions: list[AwardDecision]) -> tuple[set[int], set[int]]:
    return (
        {one.person_id for one in decisions if one.person_id is not None},
        {one.team_id for one in decisions if one.team_id is not None},
    )


def _concerned(held: AwardDecision) -> list[Account]:
    """The accounts of the person, or of those who lead the team today."""
    accounts = Account.objects.filter(is_active=True)
    if held.person_id is not None:
        return list(accounts.filter(person=held.person_id))
    leaders = Appointment.objects.filter(in_force(), team=held.team_id, is_leader=True)
    return list(accounts.filter(person__in=leaders.values("person")))


def _tell(held: AwardDecision) -> None:
    words = {"year": held.year, "title": held.title, "name": held.subject_name}
    text = (
        _("%(year)s 年度“%(title)s”通知：%(name)s。")
        if held.is_warning
        else _("%(name)s获得 %(year)s 年度“%(title)s”。")
    )
    notify(recipients=_concerned(held), text=text % words, url=address_of(held.year))
