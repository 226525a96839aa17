"""The projects of a supervised drive: listed with a target, reported on, judged done, taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import drive as access
from projects.access import projects_visible_to
from projects.actions.moves import in_words
from projects.actions.review_parts import SHORT, fitting, kept_file, locked_row, save_row, words
from projects.models import CheckIn, Drive, DriveProject, Project
from projects.queries.drive import is_reached, stage_on, standings
from projects.workflow import ORDER, Stage, Status
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account

LONGEST_TARGET, LONGEST_RESULT = 120, 200
# How many projects are listed in one step (assumption).
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Target:
    """What a project is to reach by when: a stage that its facts decide, or words that people judge."""

    due_on: date
    stage: str = ""
    text: str = ""


def locked_drive(actor: Account, drive: Drive) -> Drive:
    """The drive, locked while it runs. Raises Conflict naming who closed it."""
    locked = locked_row(access.drives_visible_to(actor), drive)
    if locked.closed_on:
        raise Conflict(
            _("%(who)s 已于 %(day)s 办结这次督查；您的操作没有保存，请刷新页面。")
            % {"who": locked.closed_by, "day": locked.closed_on}
        )
    return locked


def directed(actor: Account, drive: Drive) -> Drive:
    """The running drive, locked, for somebody who directs it."""
    locked = locked_drive(actor, drive)
    if not access.can_direct_drive(actor, locked):
        raise NotAllowed(_("督查行动由发起人、牵头人和分管领导管理；请与牵头人联系。"))
    return locked


@action("drive.add", gettext_lazy("列入督查"))
def add_to_drive(
    *,
    actor: Account,
    drive: Drive,
    projects: Sequence[Project],
    target: Target,
    on: date | None = None,
    seen: int | None = None,
) -> list[DriveProject]:
    """List projects in a drive with a target. Raises Refused naming those that cannot be listed; then none is."""
    locked = directed(actor, drive)
    check_version(seen=seen, current=locked)
    day = on or timezone.localdate()
    lines = write_lines(actor, locked, projects, target, max(day, locked.starts_on))
    save_row(locked)
    record(
        actor=actor,
        verb="drive.add",
        target=locked,
        detail={
            "projects": [str(line.project) for line in lines],
            "target": lines[0].target,
            "due_on": str(target.due_on),
        },
    )
    return lines


def write_lines(
    actor: Account, drive: Drive, projects: Sequence[Project], target: Target | None, day: date
) -> list[DriveProject]:
    """Write the lines inside the transaction of the action, in the order of the projects."""
    if not projects:
        raise Refused(_("请至少选择一个项目。"), fields={"projects": _("请至少选择一个项目。")})
    if len(projects) > MOST_AT_ONCE:
        raise Refused(_("一次最多列入 %(most)s 个项目。") % {"most": MOST_AT_ONCE})
    if target is None:
        raise Refused(_("请写明目标和期限。"), fields={"due_on": _("请写明目标和期限。")})
    text = _checked_target(drive, target, day)
    rows = _locked_projects(actor, projects)
    _check_listable(drive, rows, target.stage, day)
    lines = [_written(drive, project, target, text, day) for project in rows]
    _tell_owners(actor, drive, rows)
    return lines


def _written(drive: Drive, project: Project, target: Target, text: str, day: date) -> DriveProject:
    line = DriveProject.objects.filter(drive=drive, project=project).first() or DriveProject(
        drive=drive, project=project
    )
    line.target, line.target_stage, line.due_on = text, target.stage, target.due_on
    line.added_on, line.base_stage = day, stage_on(project, day)
    line.left_on, line.leave_reason, line.progress, line.issue = None, "", 0, ""
    line.last_check_in_on = line.done_on = line.done_by = None
    line.result = ""
    line.version = line.version + 1 if line.pk else 1
    line.save()
    return line


@action("drive.target", gettext_lazy("调整督查目标"))
def change_target(
    *, actor: Account, line: DriveProject, target: Target, reason: str, seen: int | None = None
) -> DriveProject:
    """Set another target, with a reason, by somebody who judges the drive: nobody eases what he is measured by."""
    locked = _locked_line(actor, line)
    if not access.can_judge_drive(actor, locked.drive):
        raise NotAllowed(_("目标由分管领导或发起人调整，牵头人不能自己调整；请与他们联系。"))
    check_version(seen=seen, current=locked)
    kept = words(reason, "reason", _("请写明为什么调整目标。"), longest=LONGEST_RESULT)
    text = _checked_target(locked.drive, target, locked.added_on)
    new = {"target": text, "target_stage": target.stage, "due_on": target.due_on}
    changes = {
        key: (getattr(locked, key), value) for key, value in new.items() if getattr(locked, key) != value
    }
    if not changes:
        return locked
    for key, value in new.items():
        setattr(locked, key, value)
    save_row(locked, *new)
    _recorded(actor, "drive.target", locked, kept, {"changes": in_words(changes)})
    return locked


@action("drive.report", gettext_lazy("督查填报"))
def report_on_line(
    *,
    actor: Account,
    line: DriveProject,
    done: str,
    issue: str = "",
    progress: int | None = None,
    photo: UploadedFile | None = None,
    on: date | None = None,
    seen: int | None = None,
) -> CheckIn:
    """Say what was done and what is in the way. Percent is asked for only where no stage says it; the day is today at most.

    Raises Refused without words, for a day before the last report, or for percent where facts count.
    """
    locked = _locked_line(actor, line)
    if not access.can_check_in(actor, locked):
        raise NotAllowed(_("督查填报由项目团队和督查牵头人填写；请与服务专员联系。"))
    check_version(seen=seen, current=locked)
    day = on or timezone.localdate()
    _check_report(locked, day, progress)
    locked.progress = locked.progress if progress is None else progress
    locked.issue, locked.last_check_in_on = fitting(issue, "issue"), day
    entry = CheckIn.objects.create(
        line=locked,
        on=day,
        progress=standings([locked])[0].progress,
        done=words(done, "done", _("请写明做了什么。"), longest=SHORT),
        issue=locked.issue,
        photo=kept_file(actor, locked.project, photo),
        reported_by=actor,
    )
    save_row(locked, "progress", "issue", "last_check_in_on")
    _recorded(actor, "drive.report", locked, "", {"on": str(day), "progress": entry.progress})
    return entry


@action("drive.done", gettext_lazy("督查销号"))
def mark_done(
    *, actor: Account, line: DriveProject, result: str, on: date | None = None, seen: int | None = None
) -> DriveProject:
    """Say that a target is reached (销号), by a second person: a judge of the drive who did not report last.

    Raises Refused while the target stage is not reached or its milestone not recognised.
    """
    locked = _locked_line(actor, line)
    if not access.can_judge_drive(actor, locked.drive):
        raise NotAllowed(_("销号由分管领导或发起人办理，牵头人不能给自己的行动销号；请与他们联系。"))
    check_version(seen=seen, current=locked)
    last = locked.check_ins.first()
    if last is not None and last.reported_by_id == actor.pk:
        raise NotAllowed(_("最近一次填报是您填的，销号须由另一人办理。"))
    if not is_reached(locked):
        stage = locked.get_target_stage_display()
        raise Refused(_("项目还没有到「%(stage)s」，或里程碑还没有认定，不能销号。") % {"stage": stage})
    day = on or timezone.localdate()
    if not locked.added_on <= day <= timezone.localdate():
        sentence = _("销号日期须在列入之后、今天或之前。")
        raise Refused(sentence, fields={"on": sentence})
    locked.result = words(result, "result", _("请写明完成情况。"), longest=LONGEST_RESULT)
    locked.done_on, locked.done_by = day, actor
    save_row(locked, "result", "done_on", "done_by")
    _recorded(actor, "drive.done", locked, locked.result, {"on": str(day)})
    return locked


@action("drive.remove", gettext_lazy("移出督查"))
def remove_from_drive(
    *, actor: Account, line: DriveProject, reason: str, seen: int | None = None
) -> DriveProject:
    """Take a project out of a drive with a reason; what was reported stays. By a judge of the drive."""
    locked = _locked_line(actor, line)
    if not access.can_judge_drive(actor, locked.drive):
        raise NotAllowed(_("移出由分管领导或发起人办理，牵头人不能自己移出项目；请与他们联系。"))
    check_version(seen=seen, current=locked)
    locked.leave_reason = words(reason, "reason", _("请写明为什么移出。"), longest=LONGEST_RESULT)
    locked.left_on = timezone.localdate()
    save_row(locked, "left_on", "leave_reason")
    _recorded(actor, "drive.remove", locked, locked.leave_reason, {})
    return locked


def _locked_line(actor: Account, line: DriveProject) -> DriveProject:
    """The line, locked after its drive, while both are open."""
    drive = locked_drive(actor, line.drive)
    lines = access.drive_lines_visible_to(actor).select_related("project__owner")
    locked = locked_row(lines, line)
    locked.drive = drive
    if locked.left_on:
        raise NotFound(_("这个项目不在督查里，或者您看不到它。"))
    if locked.done_on:
        raise Conflict(
            _("%(who)s 已于 %(day)s 销号；您的操作没有保存，请刷新页面。")
            % {"who": locked.done_by, "day": locked.done_on}
        )
    return locked


def _locked_projects(actor: Account, projects: Sequence[Project]) -> list[Project]:
    keys = list(dict.fromkeys(project.pk for project in projects))
    rows = projects_visible_to(actor).select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) < len(keys):
        raise NotFound(_("有的项目已经看不到了；请刷新后重新选择。"))
    return [found[key] for key in keys]


def _check_listable(drive: Drive, projects: Sequence[Project], stage: str, day: date) -> None:
    """None of them is listed already, out of work, or on that day where it is to go."""
    inside = set(drive.lines.filter(left_on=None).values_list("project", flat=True))
    listed = [each.name for each in projects if each.pk in inside]
    if listed:
        raise Conflict(_("%(names)s 已在本次督查里；请去掉后再列入。") % {"names": "、".join(listed[:5])})
    idle = [each.name for each in projects if each.status != Status.ACTIVE]
    if idle:
        raise Refused(_("%(names)s 不在库，不能列入督查；请先恢复项目。") % {"names": "、".join(idle[:5])})
    goal = ORDER.index(Stage(stage)) if stage else len(ORDER)
    there = [each.name for each in projects if ORDER.index(Stage(stage_on(each, day))) >= goal]
    if there:
        sentence = _("%(names)s 已经到「%(stage)s」；请去掉，或换一个目标阶段。")
        raise Refused(sentence % {"names": "、".join(there[:5]), "stage": Stage(stage).label})


def _checked_target(drive: Drive, target: Target, day: date) -> str:
    """The words of the target. Raises Refused for none, an unknown stage, or a day outside the drive."""
    if target.stage and target.stage not in Stage.values:
        raise Refused(_("没有这个阶段。"), fields={"stage": _("没有这个阶段。")})
    if not target.stage and not target.text.strip():
        sentence = _("请选择目标阶段，或写明目标。")
        raise Refused(sentence, fields={"stage": sentence})
    if not day < target.due_on < drive.ends_on:
        sentence = _("完成期限须在列入日期之后、督查结束之前（%(start)s 至 %(end)s，不含两端）。") % {
            "start": day,
            "end": drive.ends_on,
        }
        raise Refused(sentence, fields={"due_on": sentence})
    if target.text.strip():
        return fitting(target.text, "text", longest=LONGEST_TARGET)
    return _("进入「%(stage)s」") % {"stage": Stage(target.stage).label}


def _check_report(line: DriveProject, day: date, progress: int | None) -> None:
    if day > timezone.localdate() or day < (line.last_check_in_on or line.added_on):
        sentence = _("填报日期不能晚于今天，也不能早于上次填报。")
        raise Refused(sentence, fields={"on": sentence})
    if line.target_stage and progress is not None:
        sentence = _("这个项目的进度按阶段和里程碑计算，不用填写。")
        raise Refused(sentence, fields={"progress": sentence})
    if progress is not None and not 0 <= progress <= 100:
        raise Refused(_("进度在 0 到 100 之间。"), fields={"progress": _("进度在 0 到 100 之间。")})


def _recorded(actor: Account, verb: str, line: DriveProject, reason: str, detail: dict[str, Any]) -> None:
    """One audit entry, with the project as its target so that its record tells it."""
    record(
        actor=actor,
        verb=verb,
        target=line.project,
        reason=reason,
        detail={"drive": line.drive.name, "target": line.target, **detail},
    )


def _tell_owners(actor: Account, drive: Drive, projects: Sequence[Project]) -> None:
    """Whoever serves a project hears that it is listed."""
    owners = {project.owner_id for project in projects}
    recipients = Account.objects.filter(person__in=owners, is_active=True).exclude(pk=actor.pk)
    notify(
        recipients=list(recipients),
        text=_("您的项目列入督查行动“%(name)s”，请按期填报。") % {"name": drive.name},
        url=reverse("projects:drive", args=[drive.public_id]),
    )
