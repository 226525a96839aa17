"""Settling who has which part of the credit of a project, and correcting it where facts were credited already."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.actions.moves import locked_project
from projects.actions.share_rows import share_rows
from projects.models import Achievement, CreditRole, CreditShare, Project, Recognition
from projects.shares import WHOLE, Fault, fault_of
from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, Refused
from staff.models import Account, Person

Share = tuple[Person, str, Decimal]


@action("credit.share", gettext_lazy("调整业绩份额"))
def share_credit(
    *,
    actor: Account,
    project: Project,
    shares: Sequence[Share],
    weights: Mapping[str, Decimal] | None = None,
    on: date | None = None,
    reason: str = "",
    seen: int | None = None,
) -> list[CreditShare]:
    """Replace the shares of a project from a day on (today when none is given); facts before it keep the old ones.

    `weights` say how much each role weighs in the project (left out: as now), `shares` are (person, role, percent of the
    role); both total exactly 100 %. `seen` is the settlement that the caller saw. Raises Refused naming the total that is
    off, or the facts that are recognised from that day on: those need `correct_shares`. Conflict for a settlement in between.
    """
    locked, held = _locked_shares(actor, project, seen)
    if not access.can_share_credit(actor, locked):
        raise NotAllowed(_("份额由本团队队长或分管领导核定；请把分配意见告诉他们。"))
    day = on or timezone.localdate()
    weights = weights or {share.role: share.weight for share in held}
    _check(weights, shares)
    _check_day(day, locked, held)
    _refuse_credited(locked, day)
    return _settle(actor, "credit.share", locked, weights, shares, day, reason)


@action("credit.correct", gettext_lazy("更正业绩份额"))
def correct_shares(
    *,
    actor: Account,
    project: Project,
    shares: Sequence[Share],
    weights: Mapping[str, Decimal] | None = None,
    on: date,
    reason: str,
    seen: int | None = None,
) -> list[CreditShare]:
    """Settle the shares anew from a past day, over facts that are credited already; managers only, with a reason.

    Settlements from that day on no longer hold (they stay readable); the next run reverses the ledger lines that no longer
    agree and posts new ones, so that every step of the correction can be read.
    """
    locked, held = _locked_shares(actor, project, seen)
    if not access.can_correct_shares(actor, locked):
        raise NotAllowed(_("已经计过业绩的份额只能由分管领导更正；请把理由告诉他们。"))
    if not reason.strip():
        raise Refused(
            _("更正已计业绩的份额要写明理由。"), fields={"reason": _("更正已计业绩的份额要写明理由。")}
        )
    if on < locked.reported_on:
        raise _before_report(locked)
    weights = weights or {share.role: share.weight for share in held}
    _check(weights, shares)
    return _settle(
        actor, "credit.correct", locked, weights, shares, on, reason, facts=credited_from(locked, on)
    )


def transfer_shares(
    actor: Account, project: Project, giver: Person, receiver: Person, roles: Sequence[str], reason: str
) -> None:
    """Give what one person has of some roles to another from the first day on that no recognised fact reaches.

    The other lines stay to the last digit. Called within a handover that says so, with the project locked.
    """
    held = project.shares.filter(holds_until=None).select_related("person").order_by("pk")
    weights: dict[str, Decimal] = {}
    parts: dict[tuple[Person, str], Decimal] = {}
    for share in held:
        weights[share.role] = share.weight
        moves = share.person_id == giver.pk and share.role in roles
        key = (receiver if moves else share.person, share.role)
        parts[key] = parts.get(key, Decimal(0)) + share.share
    if not any(share.person_id == giver.pk and share.role in roles for share in held):
        return
    last = project.achievements.filter(state=Recognition.RECOGNISED).aggregate(day=Max("happened_on"))["day"]
    day = max(
        timezone.localdate(), last + timedelta(1) if last else date.min, *(one.holds_from for one in held)
    )
    shares = [(person, role, part) for (person, role), part in parts.items()]
    _settle(actor, "credit.share", project, weights, shares, day, reason)


def credited_from(project: Project, day: date) -> list[str]:
    """The recognised facts of a project from the day on, in words."""
    facts = Achievement.objects.filter(project=project, state=Recognition.RECOGNISED, happened_on__gte=day)
    return [f"{fact.get_kind_display()} {fact.happened_on}" for fact in facts.order_by("happened_on", "pk")]


def _locked_shares(actor: Account, project: Project, seen: int | None) -> tuple[Project, list[CreditShare]]:
    """The project and its open shares, locked. Raises Conflict when somebody settled them since `seen`."""
    locked = locked_project(actor, project)
    held = list(
        CreditShare.objects.select_for_update(of=("self",))
        .filter(project=locked, holds_until=None)
        .select_related("person")
        .order_by("role", "-percent", "pk")
    )
    current = max((share.settlement for share in held), default=0)
    if seen is not None and seen != current:
        raise Conflict(
            _(
                "您打开页面之后，份额已被他人重新核定（第 %(number)s 次）。您填写的内容没有保存，请核对最新份额后再提交。"
            )
            % {"number": current}
        )
    return locked, held


def _settle(
    actor: Account,
    verb: str,
    project: Project,
    weights: Mapping[str, Decimal],
    shares: Sequence[Share],
    day: date,
    reason: str,
    *,
    facts: Sequence[str] = (),
) -> list[CreditShare]:
    """Close what holds from the day on, open the new settlement, and say so; what began later holds for no day at all."""
    existing = CreditShare.objects.filter(project=project)
    ended = list(
        existing.filter(holds_until=None).select_related("person").order_by("role", "-percent", "pk")
    )
    number = max(existing.values_list("settlement", flat=True), default=0) + 1
    for share in existing.exclude(holds_until__lte=day):
        share.holds_until = max(share.holds_from, day)
        share.save(update_fields=["holds_until"])
    written = CreditShare.objects.bulk_create(share_rows(project, weights, shares, day, number))
    record(
        actor=actor,
        verb=verb,
        target=project,
        reason=reason.strip(),
        detail={
            "on": str(day),
            "settlement": number,
            "before": [_line(each) for each in ended],
            "after": [_line(each) for each in written],
            **({"facts": list(facts)} if facts else {}),
        },
    )
    return written


def _check(weights: Mapping[str, Decimal], shares: Sequence[Share]) -> None:
    """Raises Refused saying which sum is off and by how much."""
    unknown = next(
        (role for role in [*weights, *(one[1] for one in shares)] if role not in CreditRole.values), None
    )
    if unknown is not None:
        raise Refused(_("没有“%(role)s”这个角色，请从列表中选择。") % {"role": unknown})
    fault = fault_of(weights, shares)
    if fault is not None:
        raise Refused(_sentence(fault))


def _sentence(fault: Fault) -> str:
    role = CreditRole(fault.role).label if fault.role else ""
    gap = WHOLE - fault.value
    words = {
        "role": role,
        "name": fault.member,
        "value": f"{fault.value.normalize():f}",
        "word": _("还差") if gap > 0 else _("多了"),
        "gap": f"{abs(gap).normalize():f}",
    }
    sentences = {
        "empty": _("请至少填写一个份额；合计必须正好是 100%%。"),
        "twice": _("同一个人在同一角色里只能有一个份额；请合并后再保存。"),
        "amount": _("%(name)s 的份额 %(value)s 不可用：要大于 0、不超过 100，最多两位小数。"),
        "weight": _("角色“%(role)s”的权重 %(value)s 不可用：要大于 0、不超过 100，最多两位小数。"),
        "idle": _("角色“%(role)s”有权重却没有人；请填写人员，或把权重清空。"),
        "weightless": _("角色“%(role)s”有人却没有权重；请填写它在项目里占多少，或去掉这些人。"),
        "fine": _(
            "角色“%(role)s”的权重和%(name)s的份额 %(value)s 合起来超过两位小数，不能精确入账；请把权重取整数，或把份额取整数。"
        ),
        "total": _(
            "角色“%(role)s”内的份额合计为 %(value)s%%，应正好是 100%%，%(word)s %(gap)s%%；请调整后再保存。"
        ),
        "weights": _("各角色的权重合计为 %(value)s%%，应正好是 100%%，%(word)s %(gap)s%%；请调整后再保存。"),
    }
    return sentences[fault.what] % words


def _check_day(day: date, project: Project, held: Sequence[CreditShare]) -> None:
    if day < project.reported_on:
        raise _before_report(project)
    latest = max((each.holds_from for each in held), default=None)
    if latest is not None and day < latest:
        sentence = _(
            "现有份额自 %(day)s 起生效，新份额不能早于那一天；确要更正以前的份额，请分管领导办理更正。"
        ) % {"day": latest}
        raise Refused(sentence, fields={"on": sentence})


def _before_report(project: Project) -> Refused:
    sentence = _("份额不能早于项目首报日期 %(day)s。") % {"day": project.reported_on}
    return Refused(sentence, fields={"on": sentence})


def _refuse_credited(project: Project, day: date) -> None:
    """Shares do not change backwards over facts that are recognised; that is a correction, with its own door."""
    facts = credited_from(project, day)
    if facts:
        sentence = _(
            "自 %(day)s 起已有认定的业绩（%(facts)s），份额不能直接倒改；请把生效日改到这些业绩之后，或由分管领导写明理由办理更正。"
        ) % {"day": day, "facts": "、".join(facts[-3:])}
        raise Refused(sentence, fields={"on": sentence})


def _line(share: CreditShare) -> str:
    return f"{share.person} {CreditRole(share.role).label} {share.percent.normalize():f}%"
