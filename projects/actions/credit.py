"""Settling who has which part of the credit of a project."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.actions.moves import locked_project
from projects.models import CreditRole, CreditShare, Project
from promotion.action import action, record
from promotion.errors import NotAllowed, Refused
from staff.models import Account, Person

Share = tuple[Person, str, Decimal]
WHOLE = Decimal(100)
STEP = Decimal("0.01")


@action("credit.share", gettext_lazy("调整业绩份额"))
def share_credit(
    *, actor: Account, project: Project, shares: Sequence[Share], on: date | None = None, reason: str = ""
) -> list[CreditShare]:
    """Replace the shares of a project from a day on (today when none is given); facts before it keep the old ones.

    `shares` are (person, role, percent) and total exactly 100 %. Raises Refused naming the total otherwise.
    """
    locked = locked_project(actor, project)
    if not access.can_share_credit(actor, locked):
        raise NotAllowed(_("份额由本团队队长或分管领导核定；请把分配意见告诉他们。"))
    day = on or timezone.localdate()
    _check(shares)
    held = list(
        CreditShare.objects.select_for_update()
        .filter(project=locked, holds_until=None)
        .select_related("person")
    )
    _check_day(day, locked, held)
    before = [_line(each.person, each.role, each.percent) for each in held]
    CreditShare.objects.filter(pk__in=[each.pk for each in held]).update(holds_until=day)
    written = CreditShare.objects.bulk_create(
        CreditShare(project=locked, person=person, role=role, percent=percent, holds_from=day)
        for person, role, percent in shares
    )
    record(
        actor=actor,
        verb="credit.share",
        target=locked,
        reason=reason.strip(),
        detail={"on": str(day), "before": before, "after": [_line(*share) for share in shares]},
    )
    return written


def _check(shares: Sequence[Share]) -> None:
    if not shares:
        raise Refused(_("请至少填写一个份额；合计必须正好是 100%%。") % {})
    pairs = [(person.pk, role) for person, role, _percent in shares]
    if len(set(pairs)) != len(pairs):
        raise Refused(_("同一个人在同一角色里只能有一个份额；请合并后再保存。"))
    for person, role, percent in shares:
        if role not in CreditRole.values:
            raise Refused(_("没有“%(role)s”这个角色，请从列表中选择。") % {"role": role})
        if not percent.is_finite() or percent <= 0 or percent > WHOLE or percent != percent.quantize(STEP):
            raise Refused(
                _("%(name)s 的份额 %(percent)s 不可用：要大于 0、不超过 100，最多两位小数。")
                % {"name": person, "percent": percent}
            )
    total = sum((percent for _person, _role, percent in shares), Decimal(0))
    if total != WHOLE:
        raise Refused(
            _("份额合计为 %(total)s%%，应正好是 100%%，%(word)s %(gap)s%%；请调整后再保存。")
            % {
                "total": f"{total.normalize():f}",
                "word": _("还差") if total < WHOLE else _("多了"),
                "gap": f"{abs(WHOLE - total).normalize():f}",
            }
        )


def _check_day(day: date, project: Project, held: Sequence[CreditShare]) -> None:
    if day < project.reported_on:
        sentence = _("份额不能早于项目首报日期 %(day)s。") % {"day": project.reported_on}
        raise Refused(sentence, fields={"on": sentence})
    latest = max((each.holds_from for each in held), default=None)
    if latest is not None and day < latest:
        sentence = _("现有份额自 %(day)s 起生效，新份额不能早于那一天。") % {"day": latest}
        raise Refused(sentence, fields={"on": sentence})


def _line(person: Person, role: str, percent: Decimal) -> str:
    return f"{person} {CreditRole(role).label} {percent.normalize():f}%"
