"""Teams: founded under another, with fields and a region."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, Refused
from staff.access import can_change_roster
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
