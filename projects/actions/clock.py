"""Saying how many working days the clocks give (时限规则)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.models import ClockKind, ClockRule, ProjectClass
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account

MOST_DAYS = 250


@action("clock.set-rule", gettext_lazy("设定时限"))
def set_clock_rule(
    *,
    actor: Account,
    kind: str,
    working_days: int,
    holds_from: date,
    project_class: str = "",
    note: str = "",
) -> ClockRule:
    """From the day on, clocks of this kind (and class; empty: every class without its own) give so many working days.

    Leads reported before the day keep theirs. Raises Conflict when the same day has a rule already.
    """
    if not access.can_set_clocks(actor):
        raise NotAllowed(_("时限由分管领导或系统管理员设定；请把建议告诉他们。"))
    wrong = {}
    if kind not in ClockKind.values:
        wrong["kind"] = _("请选择时限事项。")
    if project_class and project_class not in ProjectClass.values:
        wrong["project_class"] = _("没有这个项目等级。")
    if not 1 <= working_days <= MOST_DAYS:
        wrong["working_days"] = _("时限应在 1 到 250 个工作日之间。")
    if len(note.strip()) > 200:
        wrong["note"] = _("依据最多 200 个字。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    rule = ClockRule.objects.create(
        kind=kind,
        project_class=project_class,
        working_days=working_days,
        holds_from=holds_from,
        note=note.strip(),
        set_by=actor,
    )
    detail = {"kind": str(kind), "class": project_class, "days": working_days, "from": str(holds_from)}
    record(actor=actor, verb="clock.set-rule", target=rule, reason=note.strip(), detail=detail)
    return rule


@action("clock.drop-rule", gettext_lazy("撤销时限"))
def drop_clock_rule(*, actor: Account, rule: ClockRule) -> None:
    """The rule before it, or the default, counts again. Raises NotFound when it is gone already."""
    if not access.can_set_clocks(actor):
        raise NotAllowed(_("时限由分管领导或系统管理员设定；请把建议告诉他们。"))
    locked = ClockRule.objects.select_for_update().filter(pk=rule.pk).first()
    if locked is None:
        raise NotFound(_("没有这条时限，可能已经撤销。"))
    detail = {"kind": locked.kind, "class": locked.project_class, "days": locked.working_days}
    record(actor=actor, verb="clock.drop-rule", target=locked, detail=detail)
    locked.delete()
