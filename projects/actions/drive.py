"""Supervised drives: begun over a set of projects, changed, and closed with a result by somebody other than their leader."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import drive as access
from projects.actions.drive_lines import Target, directed, locked_drive, write_lines
from projects.actions.moves import in_words
from projects.actions.review_parts import LONG, fitting, save_row, words
from projects.models import Drive, Project, Rhythm
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import NotAllowed, Refused
from staff.models import Account, Person

CHANGEABLE = ("name", "purpose", "ends_on", "rhythm", "leader")
LONGEST_NAME = 60
# A longer period is a slip of the year (assumption).
LONGEST_DAYS = 3 * 366


@action("drive.start", gettext_lazy("发起督查行动"))
def start_drive(
    *,
    actor: Account,
    name: str,
    leader: Person,
    starts_on: date,
    ends_on: date,
    purpose: str = "",
    rhythm: str = Rhythm.WEEKLY,
    projects: Sequence[Project] = (),
    target: Target | None = None,
) -> Drive:
    """Begin a drive for [starts_on, ends_on) under a leader (牵头人), perhaps with projects that share a first target.

    Raises NotAllowed for officers, Refused for a leader who left, no name, or a period that is none.
    """
    if not access.can_start_drive(actor):
        raise NotAllowed(_("督查行动由队长和分管领导发起；请把需要督查的项目告诉他们。"))
    _check_period(starts_on, ends_on)
    _check_leader(leader)
    drive = Drive.objects.create(
        name=words(name, "name", _("请写明督查行动的名称。"), longest=LONGEST_NAME),
        purpose=fitting(purpose, "purpose"),
        starts_on=starts_on,
        ends_on=ends_on,
        rhythm=_known_rhythm(rhythm),
        leader=leader,
        created_by=actor,
    )
    lines = write_lines(actor, drive, projects, target, starts_on) if projects else []
    record(
        actor=actor,
        verb="drive.start",
        target=drive,
        detail={
            "leader": leader.name,
            "starts_on": str(starts_on),
            "ends_on": str(ends_on),
            "projects": [str(line.project) for line in lines],
        },
    )
    _tell_leader(actor, drive, _("您牵头督查行动“%(name)s”。"))
    return drive


@action("drive.change", gettext_lazy("修改督查行动"))
def change_drive(
    *, actor: Account, drive: Drive, reason: str = "", seen: int | None = None, **fields: Any
) -> Drive:
    """Change name, purpose, end, rhythm or leader. A later end or another leader needs a reason and a judge of the drive."""
    locked = directed(actor, drive)
    check_version(seen=seen, current=locked)
    unknown = set(fields) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"not changeable: {sorted(unknown)}")
    _tidy(fields)
    changes = {key: (getattr(locked, key), new) for key, new in fields.items() if getattr(locked, key) != new}
    if not changes:
        return locked
    if changes.keys() & {"ends_on", "leader"}:
        _check_weighty(actor, locked, reason)
    for key, (_old, new) in changes.items():
        setattr(locked, key, new)
    _check_period(locked.starts_on, locked.ends_on)
    _check_leader(locked.leader)
    _check_targets_inside(locked)
    save_row(locked, *changes)
    record(
        actor=actor,
        verb="drive.change",
        target=locked,
        reason=reason.strip(),
        detail={"changes": in_words(changes)},
    )
    if "leader" in changes:
        _tell_leader(actor, locked, _("您牵头督查行动“%(name)s”。"))
    return locked


@action("drive.close", gettext_lazy("办结督查行动"))
def close_drive(
    *, actor: Account, drive: Drive, result: str, on: date | None = None, seen: int | None = None
) -> Drive:
    """Close a drive with its result (督查结果), by a second person: a manager or whoever began it, never its leader."""
    locked = locked_drive(actor, drive)
    if not access.can_judge_drive(actor, locked):
        raise NotAllowed(_("督查行动由分管领导或发起人办结，牵头人不能办结自己牵头的行动；请与他们联系。"))
    check_version(seen=seen, current=locked)
    day = on or timezone.localdate()
    if not locked.starts_on <= day <= timezone.localdate():
        sentence = _("办结日期须在开始日期之后、今天或之前。")
        raise Refused(sentence, fields={"on": sentence})
    locked.result = words(result, "result", _("请写明督查结果。"), longest=LONG)
    locked.closed_on, locked.closed_by = day, actor
    save_row(locked, "result", "closed_on", "closed_by")
    lines = locked.lines.filter(left_on=None)
    record(
        actor=actor,
        verb="drive.close",
        target=locked,
        reason=locked.result,
        detail={
            "on": str(day),
            "projects": lines.count(),
            "done": lines.filter(done_on__isnull=False).count(),
        },
    )
    _tell_leader(actor, locked, _("督查行动“%(name)s”已办结。"))
    return locked


def _tidy(fields: dict[str, Any]) -> None:
    """Texts without margins, within their columns, and known choices, in place."""
    if "name" in fields:
        fields["name"] = words(fields["name"], "name", _("请写明督查行动的名称。"), longest=LONGEST_NAME)
    if "purpose" in fields:
        fields["purpose"] = fitting(fields["purpose"], "purpose")
    if "rhythm" in fields:
        fields["rhythm"] = _known_rhythm(fields["rhythm"])


def _check_weighty(actor: Account, drive: Drive, reason: str) -> None:
    if not access.can_judge_drive(actor, drive):
        raise NotAllowed(_("改期限或牵头人由分管领导或发起人决定，牵头人不能自己改；请与他们联系。"))
    if not reason.strip():
        sentence = _("改期限或牵头人请写明理由。")
        raise Refused(sentence, fields={"reason": sentence})


def _check_period(starts_on: date, ends_on: date) -> None:
    if ends_on <= starts_on:
        sentence = _("督查的结束日期必须晚于开始日期。")
        raise Refused(sentence, fields={"ends_on": sentence})
    if (ends_on - starts_on).days > LONGEST_DAYS:
        sentence = _("督查最长三年，请核对日期。")
        raise Refused(sentence, fields={"ends_on": sentence})


def _check_leader(leader: Person) -> None:
    if leader.left_on is not None and leader.left_on <= timezone.localdate():
        sentence = _("%(name)s 已离职，请另选牵头人。") % {"name": leader.name}
        raise Refused(sentence, fields={"leader": sentence})


def _check_targets_inside(drive: Drive) -> None:
    late = drive.lines.filter(left_on=None, done_on=None, due_on__gte=drive.ends_on).count()
    if late:
        sentence = _("有 %(count)s 个项目的目标期限在新的结束日期之后；请先调整这些目标。") % {"count": late}
        raise Refused(sentence, fields={"ends_on": sentence})


def _known_rhythm(rhythm: str) -> str:
    if rhythm not in Rhythm.values:
        sentence = _("请选择每周或每月填报。")
        raise Refused(sentence, fields={"rhythm": sentence})
    return rhythm


def _tell_leader(actor: Account, drive: Drive, text: str) -> None:
    recipients = Account.objects.filter(person=drive.leader_id, is_active=True).exclude(pk=actor.pk)
    notify(
        recipients=list(recipients),
        text=text % {"name": drive.name},
        url=reverse("projects:drive", args=[drive.public_id]),
    )
