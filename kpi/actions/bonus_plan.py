"""The distribution of a team bonus: proposed by the team's leader, confirmed or objected to by every member, approved by a manager."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access import bonus as access
from kpi.actions.bonus import (
    drop_plan,
    locked_bonus,
    need_manager,
    plan_in_course,
    raise_state,
    tell,
)
from kpi.actions.bonus_pay import post_lines
from kpi.bonus_arithmetic import STEP, WHOLE, plan
from kpi.models import (
    BonusPart,
    BonusPhase,
    BonusPlan,
    BonusShare,
    BonusState,
    PlanState,
    ShareAnswer,
    TeamBonus,
)
from kpi.queries.bonus import phases_to_come
from projects.actions.review_parts import fitting, save_row, words
from promotion.action import action, check_version, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account, Person, Role

Shares = Sequence[tuple[Person, Decimal]]
MOST_MEMBERS = 30


@action("bonus.propose", gettext_lazy("提出分配方案"))
def propose_plan(
    *,
    actor: Account,
    bonus: TeamBonus,
    shares: Shares,
    note: str = "",
    replies: Mapping[int, str] | None = None,
    seen: int | None = None,
) -> BonusPlan:
    """Propose who gets how many per cent (exactly 100 together); everybody is asked anew, the leader's own share counts as confirmed.

    `replies` answer the objections to the plan before, by the key of their share; each has to be answered. After an approval a new
    plan divides only what later phases have left. Raises NotAllowed for anybody but the team's leader, Refused for percentages
    that are none, Conflict while a plan waits for approval or nothing is left to divide.
    """
    row = locked_bonus(actor, bonus)
    if not access.can_distribute(actor, row):
        raise NotAllowed(_("分配方案由团队研究、队长提出；请把意见告诉队长。"))
    check_version(seen=seen, current=row)
    if row.state in (BonusState.SUBMITTED, BonusState.ENDED):
        raise_state(row)
    _check_shares(shares)
    phases, whole = phases_to_come(row)
    if not phases:
        raise Conflict(_("各阶段都已到期，没有可以再分配的部分。"))
    before = plan_in_course(row)
    if before is not None:
        _answer_objections(before, replies or {})
    drop_plan(row)
    made = _written(actor, row, shares, phases, whole, fitting(note, "note"))
    row.state = BonusState.CONFIRMING
    save_row(row, "state")
    detail = {
        "plan": made.number,
        "whole": str(whole),
        "shares": [[person.staff_number, str(percent)] for person, percent in shares],
    }
    record(actor=actor, verb="bonus.propose", target=row, reason=made.note, detail=detail)
    _tell_members(actor, row, made, _("“%(project)s”团队奖励的分配方案请您确认。"))
    return made


@action("bonus.confirm", gettext_lazy("确认分配方案"))
def confirm_share(*, actor: Account, share: BonusShare, seen: int | None = None) -> BonusShare:
    """Agree with one's own share. Raises NotAllowed for the share of another, Conflict when the plan was changed."""
    row, own = _own_share(actor, share, seen)
    if own.plan.state != PlanState.OPEN or own.answer == ShareAnswer.CONFIRMED:
        raise Conflict(_("您已经确认过，或者方案已经提交；请刷新页面。"))
    _answered(own, actor, ShareAnswer.CONFIRMED, objection=own.objection)
    record(actor=actor, verb="bonus.confirm", target=row, detail=_said(own))
    if not own.plan.shares.exclude(answer=ShareAnswer.CONFIRMED).exists():
        tell(
            [own.plan.proposed_by],
            row,
            _("“%(project)s”的分配方案全体成员都已确认，可以提交审批。"),
            but=actor,
        )
    return own


@action("bonus.object", gettext_lazy("对分配方案提出异议"))
def object_to_share(*, actor: Account, share: BonusShare, reason: str, seen: int | None = None) -> BonusShare:
    """Object to the plan with a reason, even after confirming, until it is approved; a plan that waits for approval comes back."""
    row, own = _own_share(actor, share, seen)
    if own.plan.state not in (PlanState.OPEN, PlanState.SUBMITTED):
        raise Conflict(
            _("这份方案已是“%(state)s”，不能再提异议；请刷新页面。") % {"state": own.plan.get_state_display()}
        )
    objection = words(reason, "reason", _("请写明异议的理由，队长要据此答复。"))
    if own.plan.state == PlanState.SUBMITTED:
        _back_to_members(row, own.plan)
    own.reply = ""
    _answered(own, actor, ShareAnswer.OBJECTED, objection=objection)
    record(actor=actor, verb="bonus.object", target=row, reason=objection, detail=_said(own))
    tell([own.plan.proposed_by], row, _("有成员对“%(project)s”的分配方案提出异议，请答复。"), but=actor)
    return own


@action("bonus.record-answer", gettext_lazy("登记离职成员的答复"))
def record_answer(
    *, actor: Account, share: BonusShare, confirmed: bool, reason: str, seen: int | None = None
) -> BonusShare:
    """Write down what a member says who has left and has no log-in any more: HR, with where it is written (or the objection)."""
    row, own = _share_of_plan(actor, share, seen)
    if not access.can_pay_bonuses(actor):
        raise NotAllowed(_("离职成员的答复由人事登记。"))
    left = own.person.left_on
    if left is None or left > timezone.localdate():
        raise Refused(_("%(name)s 还在职，请本人确认。") % {"name": own.person.name})
    if own.plan.state != PlanState.OPEN:
        raise_state(row)
    said = words(reason, "reason", _("请写明书面答复的出处或异议的理由。"))
    answer = ShareAnswer.CONFIRMED if confirmed else ShareAnswer.OBJECTED
    _answered(own, actor, answer, objection="" if confirmed else said)
    record(actor=actor, verb="bonus.record-answer", target=row, reason=said, detail=_said(own))
    return own


@action("bonus.reply", gettext_lazy("答复异议"))
def reply_to_objection(
    *, actor: Account, share: BonusShare, reply: str, seen: int | None = None
) -> BonusShare:
    """Answer an objection without changing the plan; the member decides anew."""
    row, own = _share_of_plan(actor, share, seen)
    if not access.can_distribute(actor, row):
        raise NotAllowed(_("异议由提出方案的队长答复。"))
    if own.plan.state != PlanState.OPEN or own.answer != ShareAnswer.OBJECTED:
        raise Conflict(_("这条异议已经处理；请刷新页面。"))
    own.reply = words(reply, "reply", _("请写明答复。"))
    own.answer, own.answered_by, own.answered_at = ShareAnswer.WAITING, None, None
    save_row(own, "reply", "answer", "answered_by", "answered_at")
    record(actor=actor, verb="bonus.reply", target=row, reason=own.reply, detail=_said(own))
    members = Account.objects.filter(person=own.person_id, is_active=True)
    tell(list(members), row, _("队长答复了您对“%(project)s”分配方案的异议，请再确认。"), but=actor)
    return own


@action("bonus.submit", gettext_lazy("提交分配方案"))
def submit_plan(*, actor: Account, bonus: TeamBonus, seen: int | None = None) -> BonusPlan:
    """Hand the plan to a manager once every member has confirmed. Raises Refused naming who has not."""
    row = locked_bonus(actor, bonus)
    if not access.can_distribute(actor, row):
        raise NotAllowed(_("分配方案由队长提交。"))
    check_version(seen=seen, current=row)
    made = plan_in_course(row)
    if made is None or made.state != PlanState.OPEN:
        raise_state(row)
    _need_confirmed(made)
    made.state, made.submitted_at = PlanState.SUBMITTED, timezone.now()
    made.save(update_fields=["state", "submitted_at"])
    row.state = BonusState.SUBMITTED
    save_row(row, "state")
    record(actor=actor, verb="bonus.submit", target=row, detail={"plan": made.number})
    managers = Account.objects.filter(role=Role.MANAGER, is_active=True).exclude(
        person__in=made.shares.values("person")
    )
    tell(list(managers), row, _("“%(project)s”团队奖励的分配方案请审批。"), but=actor)
    return made


@action("bonus.approve", gettext_lazy("批准分配方案"))
def approve_plan(
    *, actor: Account, bonus: TeamBonus, note: str = "", on: date | None = None, seen: int | None = None
) -> BonusPlan:
    """Approve the plan; what its milestones have reached falls due at once.

    Raises NotAllowed for anybody but a manager without a share, Conflict when a member objected meanwhile.
    """
    row, made = _for_decision(actor, bonus, seen)
    _need_confirmed(made)
    _need_same_phases(row, made)
    day = on or timezone.localdate()
    if day > timezone.localdate():
        sentence = _("批准日期不能在今天之后。")
        raise Refused(sentence, fields={"on": sentence})
    made.state, made.decided_by, made.decided_at = PlanState.APPROVED, actor, timezone.now()
    made.approved_on, made.decision_note = day, fitting(note, "note")
    made.save(update_fields=["state", "decided_by", "decided_at", "approved_on", "decision_note"])
    row.state = BonusState.APPROVED
    save_row(row, "state")
    posted = post_lines(row)
    detail = {"plan": made.number, "on": str(day), "lines": len(posted)}
    record(actor=actor, verb="bonus.approve", target=row, reason=made.decision_note, detail=detail)
    _tell_members(actor, row, made, _("“%(project)s”团队奖励的分配方案已批准。"))
    return made


@action("bonus.return", gettext_lazy("退回分配方案"))
def return_plan(*, actor: Account, bonus: TeamBonus, reason: str, seen: int | None = None) -> BonusPlan:
    """Give the plan back to the leader with the reason."""
    row, made = _for_decision(actor, bonus, seen)
    made.decision_note = words(reason, "reason", _("请写明退回的原因，队长要据此重提方案。"))
    made.state, made.decided_by, made.decided_at = PlanState.RETURNED, actor, timezone.now()
    made.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    row.state = BonusState.PLANNING
    save_row(row, "state")
    record(actor=actor, verb="bonus.return", target=row, reason=made.decision_note)
    tell([made.proposed_by], row, _("“%(project)s”的分配方案被退回，请重新提出。"), but=actor)
    return made


def _for_decision(actor: Account, bonus: TeamBonus, seen: int | None) -> tuple[TeamBonus, BonusPlan]:
    row = locked_bonus(actor, bonus)
    need_manager(actor, row)
    made = plan_in_course(row)
    if made is None or made.state != PlanState.SUBMITTED:
        raise_state(row)
    check_version(seen=seen, current=row)
    if made.proposed_by_id == actor.pk:
        raise NotAllowed(_("提出方案的人不能审批它；请由另一位分管领导审批。"))
    return row, made


def _need_confirmed(made: BonusPlan) -> None:
    missing = [
        share.person.name
        for share in made.shares.exclude(answer=ShareAnswer.CONFIRMED).select_related("person")
    ]
    if missing:
        raise Refused(_("还有成员没有确认：%(names)s。") % {"names": "、".join(missing)})


def _need_same_phases(bonus: TeamBonus, made: BonusPlan) -> None:
    """Raises Conflict when a phase that the plan divides has fallen due meanwhile by the plan before."""
    phases, whole = phases_to_come(bonus)
    covered = set(BonusPart.objects.filter(share__plan=made).values_list("phase", flat=True))
    if covered != {phase.pk for phase in phases} or whole != made.whole:
        raise Conflict(_("提出方案之后又有阶段到期，方案分配的总额已经变了；请退回，由队长重新提出。"))


def _check_shares(shares: Shares) -> None:
    people = [person.pk for person, _percent in shares]
    percents = [percent for _person, percent in shares]
    wrong = ""
    if not shares or len(shares) > MOST_MEMBERS:
        wrong = _("方案里要有 1 到 %(most)s 个人。") % {"most": MOST_MEMBERS}
    elif len(set(people)) != len(people):
        wrong = _("同一个人在方案里只能有一行。")
    elif any(percent <= 0 or percent != percent.quantize(STEP) for percent in percents):
        wrong = _("每个人的比例要大于 0，最多两位小数。")
    elif sum(percents) != WHOLE:
        wrong = _("比例合计必须正好是 100%%，现在是 %(total)s%%。") % {"total": f"{sum(percents):f}"}
    if wrong:
        raise Refused(wrong, fields={"shares": wrong})


def _answer_objections(before: BonusPlan, replies: Mapping[int, str]) -> None:
    """Keep the leader's answer with each objection. Raises Refused for one without."""
    for share in before.shares.filter(answer=ShareAnswer.OBJECTED).select_related("person"):
        said = replies.get(share.pk, "").strip() or share.reply
        if not said:
            sentence = _("请先答复%(name)s的异议。") % {"name": share.person.name}
            raise Refused(sentence, fields={f"reply_{share.pk}": sentence})
        share.reply = fitting(said, f"reply_{share.pk}")
        save_row(share, "reply")


def _written(
    actor: Account, bonus: TeamBonus, shares: Shares, phases: Sequence[BonusPhase], whole: Decimal, note: str
) -> BonusPlan:
    """The plan with its shares and their parts, to the cent."""
    last = bonus.plans.order_by("-number").values_list("number", flat=True).first() or 0
    made = BonusPlan.objects.create(bonus=bonus, number=last + 1, whole=whole, note=note, proposed_by=actor)
    people = {person.staff_number: person for person, _percent in shares}
    parts = plan(
        whole,
        {person.staff_number: percent for person, percent in shares},
        [phase.percent for phase in phases],
    )
    for key, part in parts.items():
        own = people[key].pk == actor.person_id
        share = BonusShare.objects.create(
            plan=made,
            person=people[key],
            percent=part.percent,
            amount=part.amount,
            answer=ShareAnswer.CONFIRMED if own else ShareAnswer.WAITING,
            answered_by=actor if own else None,
            answered_at=timezone.now() if own else None,
        )
        BonusPart.objects.bulk_create(
            BonusPart(share=share, phase=phase, amount=amount)
            for phase, amount in zip(phases, part.parts, strict=True)
        )
    return made


def _back_to_members(bonus: TeamBonus, made: BonusPlan) -> None:
    made.state, made.submitted_at = PlanState.OPEN, None
    made.save(update_fields=["state", "submitted_at"])
    bonus.state = BonusState.CONFIRMING
    save_row(bonus, "state")


def _share_of_plan(actor: Account, share: BonusShare, seen: int | None) -> tuple[TeamBonus, BonusShare]:
    """The share, locked after its bonus. Raises NotFound, Conflict when it was answered since version `seen`."""
    bonus = TeamBonus.objects.filter(plans__shares=share.pk).first()
    if bonus is None:
        raise NotFound(_("没有这项团队奖励，或者您看不到它。请返回列表。"))
    row = locked_bonus(actor, bonus)
    own = (
        BonusShare.objects.select_for_update(of=("self",))
        .select_related("plan__proposed_by", "person")
        .get(pk=share.pk)
    )
    check_version(seen=seen, current=own)
    return row, own


def _own_share(actor: Account, share: BonusShare, seen: int | None) -> tuple[TeamBonus, BonusShare]:
    row, own = _share_of_plan(actor, share, seen)
    if own.person_id != actor.person_id:
        raise NotAllowed(_("每个人只能答复自己的份额。"))
    return row, own


def _answered(share: BonusShare, actor: Account, answer: str, *, objection: str) -> None:
    share.answer, share.answered_by, share.answered_at = answer, actor, timezone.now()
    share.objection = objection
    save_row(share, "answer", "answered_by", "answered_at", "objection", "reply")


def _said(share: BonusShare) -> dict[str, str]:
    return {"plan": str(share.plan.number), "person": share.person.staff_number, "answer": str(share.answer)}


def _tell_members(actor: Account, bonus: TeamBonus, made: BonusPlan, text: str) -> None:
    members = Account.objects.filter(person__in=made.shares.values("person"), is_active=True)
    tell(list(members), bonus, text, but=actor)
