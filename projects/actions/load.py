"""Saying how many projects one person may look after at a time (在管上限)."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import can_set_load_limits
from projects.models import LoadLimit
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account, Grade


@action("load.settle", gettext_lazy("设定在管上限"))
def settle_load_limit(
    *, actor: Account, grade: str, projects: int, key_projects: int, holds_from: date, note: str = ""
) -> LoadLimit:
    """From the day on people of the grade have room up to so many running projects, key projects among them.

    Raises Refused for a day that has passed or numbers that cannot be, Conflict when the day has a limit already.
    """
    _permit(actor)
    wrong = {}
    if grade not in Grade.values:
        wrong["grade"] = _("请选择级别。")
    if not 1 <= projects <= 200:
        wrong["projects"] = _("在推项目要在 1 到 200 之间。")
    if not 0 <= key_projects <= projects:
        wrong["key_projects"] = _("重点项目不能多于在推项目。")
    if holds_from < timezone.localdate():
        wrong["holds_from"] = _("生效日不能早于今天。")
    if len(note.strip()) > 200:
        wrong["note"] = _("依据最多 200 个字。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    limit = LoadLimit.objects.create(
        grade=grade,
        projects=projects,
        key_projects=key_projects,
        holds_from=holds_from,
        note=note.strip(),
        set_by=actor,
    )
    record(actor=actor, verb="load.settle", target=limit, reason=note.strip(), detail=_detail(limit))
    return limit


@action("load.drop", gettext_lazy("撤销在管上限"))
def drop_load_limit(*, actor: Account, limit: LoadLimit) -> None:
    """The limit before it, or the default, counts again. Raises NotFound when it is gone already."""
    _permit(actor)
    found = LoadLimit.objects.select_for_update().filter(pk=limit.pk).first()
    if found is None:
        raise NotFound(_("没有这条在管上限，可能已经撤销。"))
    record(actor=actor, verb="load.drop", target=found, detail=_detail(found))
    found.delete()


def _permit(actor: Account) -> None:
    if not can_set_load_limits(actor):
        raise NotAllowed(_("在管上限由分管领导、人事或系统管理员设定；请把建议告诉他们。"))


def _detail(limit: LoadLimit) -> dict[str, str]:
    return {
        "grade": limit.grade,
        "projects": str(limit.projects),
        "key": str(limit.key_projects),
        "from": str(limit.holds_from),
    }
