"""Handing a project to another specialist: asked for with a reason, accepted by the receiver, approved by a second person."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access.handover import (
    can_accept_handover,
    can_approve_handover,
    can_cancel_handover,
    can_propose_handover,
    handovers_visible_to,
)
from projects.actions.credit import transfer_shares
from projects.actions.custody import move_custody
from projects.actions.moves import locked_project
from projects.models import CreditRole, Handover, HandoverState, Project
from projects.queries.handover import contents_of, posts_on
from projects.workflow import KEY_CLASSES, Status
from promotion.action import VERBS, action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account, Appointment, Person, Role, Team

# What handovers were called before they were asked for; the audit trail still tells of them.
VERBS["project.hand-over"] = gettext_lazy("移交项目")
FOLLOWING_ROLES = (CreditRole.LANDING, CreditRole.SERVICE)


@action("handover.propose", gettext_lazy("提出移交"))
def propose_handover(
    *,
    actor: Account,
    project: Project,
    receiver: Person,
    reason: str,
    note: str = "",
    shares_follow: bool = False,
    seen: int | None = None,
) -> Handover:
    """Ask to give a project another specialist, and with him the team; custody stays until it is approved.

    `shares_follow` asks that the giver's part of 推进落地 and 服务专员 goes along from that day. Raises Refused for somebody
    without a post today, Conflict when a request is in hand already.
    """
    locked = locked_project(actor, project)
    if not can_propose_handover(actor, locked):
        raise NotAllowed(_("移交由服务专员、本团队队长或分管领导提出；请把理由告诉他们。"))
    check_version(seen=seen, current=locked)
    reason = _reason(reason, _("请写明移交的理由。"))
    if locked.status == Status.LOST:
        raise Refused(_("项目已终止，不用移交；需要继续推进时请先恢复项目。"))
    if receiver.pk == locked.owner_id:
        sentence = _("%(name)s 已经是服务专员。") % {"name": receiver}
        raise Refused(sentence, fields={"receiver": sentence})
    team = _team_today(receiver)
    handover = Handover.objects.create(
        project=locked,
        giver=locked.owner,
        receiver=receiver,
        from_team=locked.team,
        to_team=team,
        reason=reason,
        note=note.strip(),
        shares_follow=shares_follow,
        contents=contents_of(locked),
        proposed_by=actor,
    )
    record(actor=actor, verb="handover.propose", target=locked, reason=reason, detail=_detail(handover))
    words = {"project": str(locked), "who": actor.display_name}
    _tell(actor, [receiver], handover, _("%(who)s提出把“%(project)s”移交给您，请确认是否接收。") % words)
    return handover


@action("handover.accept", gettext_lazy("同意接收"))
def accept_handover(*, actor: Account, handover: Handover, seen: int | None = None) -> Handover:
    """The receiver agrees; then it waits for approval."""
    _project, locked = _locked(actor, handover, seen)
    if not can_accept_handover(actor, locked):
        raise NotAllowed(_("只有接收人%(name)s可以确认接收。") % {"name": locked.receiver.name})
    _check_state(locked, HandoverState.PROPOSED)
    _check_receiver(locked)
    locked.state, locked.accepted_by, locked.accepted_at = HandoverState.ACCEPTED, actor, timezone.now()
    _save(locked, "state", "accepted_by", "accepted_at")
    record(actor=actor, verb="handover.accept", target=locked.project, detail=_detail(locked))
    words = {"project": str(locked.project), "who": locked.receiver.name}
    _announce(actor, locked, _("“%(project)s”的移交%(who)s已同意接收，请批准。") % words)
    return locked


@action("handover.approve", gettext_lazy("批准移交"))
def approve_handover(
    *, actor: Account, handover: Handover, note: str = "", seen: int | None = None
) -> Handover:
    """Approve, and custody moves: the leader of both teams, for key projects and between teams a manager; never the proposer.

    Within one team an ordinary project needs no acceptance of its own: the leader assigns. Raises Conflict when the project
    has another specialist meanwhile, Refused when the receiver has lost the post.
    """
    project, locked = _locked(actor, handover, seen)
    if not can_approve_handover(actor, locked):
        raise NotAllowed(_refusal(locked))
    assigned = locked.from_team_id == locked.to_team_id and project.project_class not in KEY_CLASSES
    _check_state(locked, HandoverState.ACCEPTED, *((HandoverState.PROPOSED,) if assigned else ()))
    if project.owner_id != locked.giver_id:
        raise Conflict(_("提出之后服务专员已经变更，这份移交不再成立；请驳回后重新提出。"))
    _check_receiver(locked)
    if locked.shares_follow:
        transfer_shares(actor, project, locked.giver, locked.receiver, FOLLOWING_ROLES, locked.reason)
    move_custody(project, locked.giver, locked.receiver, locked.to_team)
    _decide(actor, locked, HandoverState.APPROVED, note)
    record(
        actor=actor,
        verb="handover.approve",
        target=project,
        reason=locked.reason,
        detail={
            **_detail(locked),
            "version": project.version,
            "changes": {
                "owner": [locked.giver.name, locked.receiver.name],
                "team": [locked.from_team.name, locked.to_team.name],
            },
        },
    )
    words = {"project": str(project), "name": locked.receiver.name}
    _tell(actor, [locked.giver, locked.receiver], locked, _("“%(project)s”已移交给%(name)s。") % words)
    return locked


@action("handover.reject", gettext_lazy("驳回移交"))
def reject_handover(*, actor: Account, handover: Handover, reason: str, seen: int | None = None) -> Handover:
    """The receiver declines, or whoever may approve says no; custody stays."""
    _project, locked = _locked(actor, handover, seen)
    if not (can_accept_handover(actor, locked) or can_approve_handover(actor, locked)):
        raise NotAllowed(_("移交由接收人或批准人驳回；提出人可以撤销。"))
    return end_handover(actor, locked, HandoverState.REJECTED, "handover.reject", reason)


@action("handover.cancel", gettext_lazy("撤销移交"))
def cancel_handover(*, actor: Account, handover: Handover, reason: str, seen: int | None = None) -> Handover:
    """Whoever asked takes it back before it is approved."""
    _project, locked = _locked(actor, handover, seen)
    if not can_cancel_handover(actor, locked):
        raise NotAllowed(_("移交由提出人或分管领导撤销；接收人可以驳回。"))
    return end_handover(actor, locked, HandoverState.CANCELLED, "handover.cancel", reason)


def end_handover(
    actor: Account, handover: Handover, state: HandoverState, verb: str, reason: str
) -> Handover:
    """End a locked request without moving anything, and tell both sides. Raises Conflict when it is decided already."""
    _check_state(handover, HandoverState.PROPOSED, HandoverState.ACCEPTED)
    reason = _reason(reason, _("请写明理由。"))
    _decide(actor, handover, state, reason)
    record(actor=actor, verb=verb, target=handover.project, reason=reason, detail=_detail(handover))
    words = {"project": str(handover.project), "state": handover.get_state_display(), "reason": reason}
    text = _("“%(project)s”的移交%(state)s：%(reason)s") % words
    _tell(actor, [handover.giver, handover.receiver], handover, text)
    return handover


def _locked(actor: Account, handover: Handover, seen: int | None) -> tuple[Project, Handover]:
    """The request with its project, both locked, the project first as everywhere. Raises NotFound when it is not visible."""
    found = handovers_visible_to(actor).filter(pk=handover.pk).first()
    if found is None:
        raise NotFound(_("没有这份移交申请，或者您看不到它。"))
    # Without a join: a row whose specialist changes while one waits would drop out of it.
    project = Project.objects.select_for_update().get(pk=found.project_id)
    locked = (
        Handover.objects.select_for_update(of=("self",))
        .select_related("giver", "receiver", "from_team", "to_team", "proposed_by")
        .get(pk=handover.pk)
    )
    locked.project = project
    if seen is not None and seen != locked.version:
        raise _moved_on(locked)
    return project, locked


def _check_state(handover: Handover, *wanted: str) -> None:
    if handover.state in wanted:
        return
    if handover.state == HandoverState.PROPOSED:
        raise Refused(_("接收人%(name)s还没有确认接收，确认后才能批准。") % {"name": handover.receiver.name})
    raise _moved_on(handover)


def _moved_on(handover: Handover) -> Conflict:
    return Conflict(
        _("这份移交刚刚已由他人办理，现在是“%(state)s”；您的操作没有保存，请核对后再试。")
        % {"state": handover.get_state_display()}
    )


def _check_receiver(handover: Handover) -> None:
    """The receiver still holds a post in the team that takes over."""
    post = posts_on(timezone.localdate(), [handover.receiver]).get(handover.receiver_id)
    if post is None or post.team_id != handover.to_team_id:
        raise Refused(
            _("接收人%(name)s今天已不在%(team)s任职，不能接收；请驳回后另选一位。")
            % {"name": handover.receiver.name, "team": handover.to_team.name}
        )


def _team_today(receiver: Person) -> Team:
    post = posts_on(timezone.localdate(), [receiver]).get(receiver.pk)
    if post is None or receiver.left_on is not None:
        sentence = _("%(name)s 今天没有任职，不能接收；请另选一位在岗的专员。") % {"name": receiver}
        raise Refused(sentence, fields={"receiver": sentence})
    return post.team


def _decide(actor: Account, handover: Handover, state: HandoverState, note: str) -> None:
    now: datetime = timezone.now()
    handover.state, handover.decided_by, handover.decided_at = state, actor, now
    handover.decision_note = note.strip()[:200]
    _save(handover, "state", "decided_by", "decided_at", "decision_note")


def _save(handover: Handover, *fields: str) -> None:
    handover.version += 1
    handover.save(update_fields=[*fields, "version"])


def _refusal(handover: Handover) -> str:
    if handover.project.project_class in KEY_CLASSES:
        return _("重大项目的移交由分管领导批准，且不能是提出人、交出人或接收人本人。")
    return _("移交由两边团队的同一位队长或分管领导批准，且不能是提出人、交出人或接收人本人。")


def _reason(reason: str, sentence: str) -> str:
    if not reason.strip():
        raise Refused(sentence, fields={"reason": sentence})
    return reason.strip()[:200]


def _detail(handover: Handover) -> dict[str, str]:
    return {
        "handover": handover.public_id,
        "giver": handover.giver.name,
        "receiver": handover.receiver.name,
        "state": str(handover.state),
    }


def _tell(actor: Account, people: list[Person], handover: Handover, text: str) -> None:
    accounts = Account.objects.filter(person__in=people, is_active=True).exclude(pk=actor.pk)
    notify(recipients=list(accounts), text=text, url=f"/handovers/{handover.public_id}/")


def _announce(actor: Account, handover: Handover, text: str) -> None:
    """Tell those who may approve: the leaders of the teams for ordinary projects, and the managers."""
    approvers = list(Account.objects.filter(role=Role.MANAGER, is_active=True))
    if handover.project.project_class not in KEY_CLASSES:
        leaders = Appointment.objects.filter(
            team__in=(handover.from_team_id, handover.to_team_id), is_leader=True, ends_on=None
        ).values("person")
        approvers += list(Account.objects.filter(person__in=leaders, is_active=True))
    chosen = [each for each in approvers if each not in (actor, handover.proposed_by)]
    notify(recipients=chosen, text=text, url=f"/handovers/{handover.public_id}/")
