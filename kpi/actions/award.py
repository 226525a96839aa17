"""Awards written down by HR (评奖): from the proposals of the year's run, submitted to a manager."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access import award as access
from kpi.actions.award_round import (
    LONGEST,
    AwardRound,
    address_of,
    change,
    locked_round,
    refuse_changed,
    refuse_own,
    said,
    visible_decision,
)
from kpi.models import AwardCandidate, AwardDecision, AwardOutcome, AwardState, Consequence
from kpi.queries.award import AwardBoard, AwardRow, departs, key_of
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account, Person, Role, Team


@action("award.decide", gettext_lazy("拟定评奖"))
def decide_award(
    *,
    actor: Account,
    year: int,
    award: str,
    subject: Person | Team,
    outcome: str,
    consequence: str = "",
    reason: str = "",
    seen: int | None = None,
) -> AwardDecision:
    """Write down whether somebody at an award's place gets it. A reason is needed whenever that is not what is proposed.

    For a notice to a person that is granted, `consequence` says what follows. Raises NotAllowed, NotFound for who is at no place of
    the award, Conflict for one that somebody changed since, Refused without the reason or for what is submitted already.
    """
    found = _deciding(actor, year, award)
    row = _row_of(found.board, subject)
    if row.candidate is None:
        raise NotFound(_("%(name)s不在这个奖项的名次上，不能授予。") % {"name": subject})
    held = row.decision
    if held is not None:
        held = AwardDecision.objects.select_for_update().get(pk=held.pk)
        check_version(seen=seen, current=held)
        _refuse_unless_draft(held)
    elif seen:
        raise Conflict(_("这条决定刚由他人撤下；请刷新页面。"))
    values = _values(found, row.candidate, outcome, consequence, reason)
    if held is None:
        held = AwardDecision.objects.create(year=year, award=award, proposed_by=actor, **values)
    else:
        change(held, proposed_by=actor, proposed_at=timezone.now(), returned_for="", **values)
    detail = {"outcome": held.outcome, "consequence": held.consequence, "departs": held.departs}
    record(actor=actor, verb="award.decide", target=held, reason=held.reason, detail=detail)
    return held


@action("award.accept", gettext_lazy("采纳评奖建议"))
def accept_award_proposals(*, actor: Account, year: int, award: str) -> list[AwardDecision]:
    """Grant the award to everybody who stands for it without tie or open question and is not decided about yet.

    Notices to persons are left to people, who say what follows. Raises NotAllowed, NotFound, Refused where nothing is clear.
    """
    found = _deciding(actor, year, award)
    if found.board.is_warning and any(row.is_person for row in found.board.rows):
        raise Refused(_("对个人的警示要逐人决定怎样处理。"))
    made = [
        AwardDecision.objects.create(
            year=year,
            award=award,
            proposed_by=actor,
            **_values(found, row.candidate, AwardOutcome.GRANTED, "", ""),
        )
        for row in found.board.waiting
        if row.candidate is not None and not departs(row.candidate, AwardOutcome.GRANTED)
    ]
    if not made:
        raise Refused(_("没有可以直接采纳的建议：并列、待定的要由人决定并写明理由。"))
    detail = {"award": award, "granted": [one.subject_name for one in made]}
    record(actor=actor, verb="award.accept", target=found.year, detail=detail)
    return made


@action("award.drop", gettext_lazy("撤下评奖决定"))
def drop_award_decision(*, actor: Account, decision: AwardDecision, seen: int | None = None) -> None:
    """Take away a decision that is not submitted, such as one about somebody who is at no place any more."""
    held = visible_decision(actor, decision)
    found = _deciding(actor, held.year, held.award)
    held = AwardDecision.objects.select_for_update().get(pk=held.pk)
    check_version(seen=seen, current=held)
    _refuse_unless_draft(held)
    detail = {"award": held.award, "subject": held.subject_name, "outcome": held.outcome}
    held.delete()
    record(actor=actor, verb="award.drop", target=found.year, detail=detail)


@action("award.submit", gettext_lazy("提交评奖"))
def submit_awards(*, actor: Account, year: int, award: str) -> list[AwardDecision]:
    """Hand the decisions on an award to a manager.

    Raises Refused while somebody who stands for it is not decided about, or the run says otherwise than when it was decided.
    """
    found = _deciding(actor, year, award)
    if found.board.waiting:
        names = "、".join(row.name for row in found.board.waiting[:5])
        words = {"count": len(found.board.waiting), "names": names}
        raise Refused(_("还有 %(count)s 名候选没有决定：%(names)s。") % words)
    drafts = found.board.drafts
    if not drafts:
        raise Refused(_("没有要提交的决定。"))
    refuse_changed(found.board)
    for held in drafts:
        change(held, state=AwardState.SUBMITTED, run=found.run)
    record(actor=actor, verb="award.submit", target=found.year, detail={"award": award, "count": len(drafts)})
    notify(
        recipients=list(Account.objects.filter(role=Role.MANAGER, is_active=True)),
        text=_("%(year)s 年度“%(title)s”待审批。") % {"year": year, "title": found.board.title},
        url=address_of(year),
    )
    return drafts


def _deciding(actor: Account, year: int, award: str) -> AwardRound:
    """The award, locked, for whoever may write decisions on it."""
    if not access.can_propose_awards(actor):
        raise NotAllowed(_("评奖由人事拟定，由分管领导审批。"))
    found = locked_round(year, award)
    refuse_own(actor, found.board)
    return found


def _row_of(board: AwardBoard, subject: Person | Team) -> AwardRow:
    key = key_of(subject)
    found = (row for row in board.rows if row.subject is not None and key_of(row.subject) == key)
    return next(found, AwardRow(None, None))


def _values(
    found: AwardRound, candidate: AwardCandidate, outcome: str, consequence: str, reason: str
) -> dict[str, Any]:
    """What a decision says, checked: the figures of the run beside the word of people."""
    standing = candidate.standing
    if standing is None or outcome not in AwardOutcome.values:
        raise Refused(_("请选择授予或不授予。"), fields={"outcome": _("请选择授予或不授予。")})
    unlike = departs(candidate, outcome)
    sentence = _("与建议不同、并列或待定时的决定，要写明理由。")
    words = said(reason, sentence) if unlike else reason.strip()[:LONGEST]
    return {
        "title": candidate.title,
        "is_warning": candidate.is_warning,
        "person": standing.person,
        "team": standing.team,
        "subject_name": standing.subject_name,
        "run": found.run,
        "proposal": candidate.proposal,
        "is_tied": candidate.is_tied,
        "place": standing.rank,
        "group_size": standing.group_size,
        "total": standing.total,
        "basis": candidate.reason,
        "outcome": outcome,
        "consequence": _consequence(candidate, outcome, consequence),
        "departs": unlike,
        "reason": words,
    }


def _consequence(candidate: AwardCandidate, outcome: str, consequence: str) -> str:
    """What follows for a person to whom a notice is given. Raises Refused without it."""
    standing = candidate.standing
    follows = candidate.is_warning and outcome == AwardOutcome.GRANTED
    if not follows or standing is None or standing.person_id is None:
        return ""
    if consequence not in Consequence.values:
        sentence = _("请选择怎样处理：调整岗位、解除聘用或不处理。")
        raise Refused(sentence, fields={"consequence": sentence})
    return consequence


def _refuse_unless_draft(held: AwardDecision) -> None:
    if held.state != AwardState.DRAFT:
        raise Refused(
            _("%(name)s的决定%(state)s，不能改动；请先退回或撤销。")
            % {"name": held.subject_name, "state": held.get_state_display()}
        )
