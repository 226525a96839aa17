"""What rules share when they are written: a draft that another person releases, or that is dropped before."""

from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.models.released import Released, ReleaseState
from promotion.errors import Conflict, NotFound, Refused
from staff.models import Account

T = TypeVar("T", bound=Released)


def locked_draft(rules: QuerySet[T], rule: T) -> T:
    """The rule, locked, out of those the actor sees. Raises NotFound, Conflict once it is released."""
    found = rules.select_for_update(of=("self",)).filter(pk=rule.pk).first()
    if found is None:
        raise NotFound(_("没有这份草稿，可能已经删除。"))
    if found.state != ReleaseState.DRAFT:
        raise Conflict(_("“%(rule)s”已经发布，不能再改；要改请起草新的一份。") % {"rule": found})
    return found


def release(actor: Account, found: Released) -> None:
    """Let the rule hold. Raises Refused for whoever drafted it."""
    if found.drafted_by_id == actor.pk:
        raise Refused(_("这是您自己起草的；请由另一位有权限的同事发布。"))
    found.state, found.released_by, found.released_at = ReleaseState.RELEASED, actor, timezone.now()
    found.save(update_fields=["state", "released_by", "released_at"])


def titled(text: str, fields: dict[str, str]) -> str:
    """The title; what is wrong with it goes into `fields`."""
    text = text.strip()
    if not text:
        fields["title"] = _("请写名称。")
    elif len(text) > 60:
        fields["title"] = _("最多 %(number)s 个字。") % {"number": 60}
    return text


def refuse(fields: dict[str, str]) -> None:
    """Raises Refused when there is something wrong."""
    if fields:
        raise Refused("".join(fields.values()), fields=fields)
