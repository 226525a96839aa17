"""Teams: founded under another, with fields and a region."""

import re
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import assessed_teams_visible_to, can_change_roster
from staff.models import Account, Team, TeamKind


@action("team.found", gettext_lazy("成立团队"))
def found_team(
    *,
    actor: Account,
    code: str,
    name: str,
    kind: str,
    founded_on: date,
    parent: Team | None = None,
    fields: Sequence[str] = (),
    region: str = "",
    position: int = 0,
    is_demo: bool = False,
    assessed_as: str = "",
) -> Team:
    """Found a team, or enter a unit that is only assessed (`assessed_as`).

    Raises Conflict when code or name is taken, Refused for a parent that cannot be one.
    """
    if not can_change_roster(actor):
        raise NotAllowed(_("只有人事和系统管理员可以调整机构。"))
    taken = Team.objects.filter(code=code).first() or Team.objects.filter(name=name).first()
    if taken is not None:
        raise Conflict(_("团队“%(name)s”（%(code)s）已存在。") % {"name": taken.name, "code": taken.code})
    if parent is not None and (parent.kind == TeamKind.LIAISON or kind == TeamKind.DEPARTMENT):
        raise Refused(_("项目部不设上级，联络处不设下级。"), fields={"parent": _("请换一个上级。")})
    if kind == TeamKind.UNIT:
        _check_unit(assessed_as)
    team = Team.objects.create(
        code=code,
        name=name,
        kind=TeamKind(kind),
        founded_on=founded_on,
        parent=parent,
        fields=list(fields),
        region=region,
        position=position,
        is_demo=is_demo,
        assessed_as=assessed_as,
    )
    record(actor=actor, verb="team.found", target=team, detail={"code": code, "kind": team.kind})
    return team


def _check_unit(assessed_as: str) -> None:
    """A unit is called by a word of its own, one that a scheme can write."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{0,39}", assessed_as):
        sentence = _("参评类别请用细则里的代码，如 town：以英文字母开头，只含字母、数字、下划线、点和短横。")
        raise Refused(sentence, fields={"assessed_as": sentence})
    if assessed_as in ("officer", TeamKind.TASK_FORCE, TeamKind.STATIONED):
        sentence = _("“%(kind)s”是本单位人员或团队的类别，参评单位请用别的代码。") % {"kind": assessed_as}
        raise Refused(sentence, fields={"assessed_as": sentence})


@action("team.close-unit", gettext_lazy("终止参评单位"))
def close_unit(*, actor: Account, unit: Team, on: date) -> Team:
    """From the day on a unit is assessed no more; what it was given stays. Raises NotFound, NotAllowed, Refused, Conflict."""
    if not can_change_roster(actor):
        raise NotAllowed(_("只有人事和系统管理员可以调整机构。"))
    units = assessed_teams_visible_to(actor).filter(kind=TeamKind.UNIT)
    found = units.select_for_update().filter(pk=unit.pk).first()
    if found is None:
        raise NotFound(_("没有这个参评单位。"))
    if found.closed_on is not None:
        raise Conflict(_("“%(name)s”已经终止参评。") % {"name": found.name})
    if on <= found.founded_on:
        sentence = _("终止日期必须晚于 %(day)s。") % {"day": found.founded_on.isoformat()}
        raise Refused(sentence, fields={"on": sentence})
    found.closed_on = on
    found.save(update_fields=["closed_on"])
    record(actor=actor, verb="team.close-unit", target=found, detail={"on": on.isoformat()})
    return found
