"""Saying after how many working days without verified progress a project counts as stalled (停滞标准)."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.models import AgeingRule, ProjectClass
from projects.workflow import STALL_DAYS
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account

MOST_DAYS = 1000


@action("ageing.settle", gettext_lazy("设定停滞标准"))
def settle_ageing(
    *,
    actor: Account,
    stage: str,
    working_days: int,
    holds_from: date,
    project_class: str = "",
    note: str = "",
) -> list[AgeingRule]:
    """From the day on, projects of the stage and class (empty: of every class) stall after so many working days.

    Raises Refused for a stage that never stalls or a day that has passed, Conflict when the day has a rule already.
    """
    if not access.can_set_ageing(actor):
        raise NotAllowed(_("停滞标准由分管领导或系统管理员设定；请把建议告诉他们。"))
    _check(stage, working_days, holds_from, project_class, note)
    given = {"working_days": working_days, "holds_from": holds_from, "note": note.strip(), "set_by": actor}
    sizes = [project_class] if project_class else list(ProjectClass.values)
    rules = [AgeingRule.objects.create(stage=stage, project_class=size, **given) for size in sizes]
    detail = {
        "stage": str(stage),
        "class": str(project_class),
        "days": working_days,
        "from": str(holds_from),
        "rules": [rule.pk for rule in rules],
    }
    record(actor=actor, verb="ageing.settle", target=rules[0], reason=note.strip(), detail=detail)
    return rules


@action("ageing.drop", gettext_lazy("撤销停滞标准"))
def drop_ageing_rule(*, actor: Account, rule: AgeingRule) -> None:
    """The rule before it, or the default, counts again. Raises NotFound when it is gone already."""
    if not access.can_set_ageing(actor):
        raise NotAllowed(_("停滞标准由分管领导或系统管理员设定；请把建议告诉他们。"))
    locked = AgeingRule.objects.select_for_update().filter(pk=rule.pk).first()
    if locked is None:
        raise NotFound(_("没有这条停滞标准，可能已经撤销。"))
    detail = {
        "stage": locked.stage,
        "class": locked.project_class,
        "days": locked.working_days,
        "from": str(locked.holds_from),
    }
    record(actor=actor, verb="ageing.drop", target=locked, detail=detail)
    locked.delete()


def _check(stage: str, working_days: int, holds_from: date, project_class: str, note: str) -> None:
    wrong = {}
    if stage not in [each.value for each in STALL_DAYS]:
        wrong["stage"] = _("请选择会停滞的阶段；投产后不再计算停滞。")
    if project_class and project_class not in ProjectClass.values:
        wrong["project_class"] = _("没有这个项目等级。")
    if not 1 <= working_days <= MOST_DAYS:
        wrong["working_days"] = _("工作日要在 1 到 1000 之间。")
    if holds_from < timezone.localdate():
        wrong["holds_from"] = _("生效日不能早于今天；过去的日子已经按当时的标准算过。")
    if len(note.strip()) > 200:
        wrong["note"] = _("依据最多 200 个字。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
