"""The next step of a project: planning it, doing it, putting it off."""

from datetime import date, time

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.actions.moves import locked_project, permit_change, save_project
from projects.actions.step_course import STEP_FIELDS, Step, checked_step, finish_step, put_step, step_of
from projects.actions.timeline import write_follow_up
from projects.models import FollowUpKind, Project
from promotion.action import action, check_version, record
from promotion.errors import Refused
from staff.models import Account, Person

LONGEST_REASON = 200


@action("next-step.plan", gettext_lazy("安排下一步"))
def plan_next_step(
    *,
    actor: Account,
    project: Project,
    next_step: str,
    next_step_on: date | None = None,
    next_step_at: time | None = None,
    next_step_person: Person | None = None,
    seen: int | None = None,
) -> Project:
    """Say what comes next, until when and who sees to it. Raises Refused for a day that is over, or a stranger."""
    locked = _locked(actor, project, seen)
    step = checked_step(locked, Step(next_step, next_step_on, next_step_at, next_step_person))
    if not step.text:
        raise Refused(_("请写明下一步做什么。"), fields={"next_step": _("请写明下一步做什么。")})
    if put_step(locked, actor, step):
        _save(actor, locked, "next-step.plan")
    return locked


@action("next-step.finish", gettext_lazy("完成下一步"))
def finish_next_step(
    *,
    actor: Account,
    project: Project,
    text: str = "",
    kind: str = FollowUpKind.NOTE,
    next_step: str = "",
    next_step_on: date | None = None,
    next_step_at: time | None = None,
    next_step_person: Person | None = None,
    seen: int | None = None,
) -> Project:
    """The step is done: one follow-up says what came of it, and the next one is written in the same go.

    Raises Refused when no step stands there, or for what a follow-up or a plan would be refused for.
    """
    locked = _locked(actor, project, seen)
    done = step_of(locked)
    if not done.text:
        raise Refused(_("这个项目没有待办的下一步；请先写一条。"))
    step = checked_step(locked, Step(next_step, next_step_on, next_step_at, next_step_person))
    finish_step(locked, actor, text.strip())
    save_project(locked, *STEP_FIELDS)
    note = _("完成：%(step)s") % {"step": done.text}
    write_follow_up(
        actor=actor,
        project=locked,
        kind=kind,
        text=f"{note}。{text.strip()}" if text.strip() else note,
        next_step=step.text,
        next_step_on=step.on,
        next_step_at=step.at,
        next_step_person=step.person,
    )
    locked.refresh_from_db()
    detail = {"done": done.text, "next_step": step.text, "version": locked.version}
    record(actor=actor, verb="next-step.finish", target=locked, reason=text.strip(), detail=detail)
    return locked


@action("next-step.postpone", gettext_lazy("延后下一步"))
def postpone_next_step(
    *, actor: Account, project: Project, to: date, reason: str, seen: int | None = None
) -> Project:
    """Put the step off to a later day, with the reason; how often stays to be seen. Raises Refused without a reason."""
    locked = _locked(actor, project, seen)
    step, reason = step_of(locked), reason.strip()
    if not step.text:
        raise Refused(_("这个项目没有待办的下一步；请先写一条。"))
    wrong = {}
    if to < timezone.localdate() or (step.on is not None and to <= step.on):
        wrong["to"] = _("新的日期要在今天以后，并晚于原来的日期。")
    if not reason:
        wrong["reason"] = _("请写明为什么延后。")
    elif len(reason) > LONGEST_REASON:
        wrong["reason"] = _("理由最多 200 个字。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    put_step(locked, actor, Step(step.text, to, step.at, step.person), reason=reason)
    _save(actor, locked, "next-step.postpone", reason, {"from": str(step.on or ""), "to": str(to)})
    return locked


def _locked(actor: Account, project: Project, seen: int | None) -> Project:
    locked = locked_project(actor, project)
    permit_change(actor, locked)
    check_version(seen=seen, current=locked)
    return locked


def _save(
    actor: Account, project: Project, verb: str, reason: str = "", detail: dict[str, str] | None = None
) -> None:
    save_project(project, *STEP_FIELDS)
    kept = {"next_step": project.next_step, "on": str(project.next_step_on or ""), "version": project.version}
    record(actor=actor, verb=verb, target=project, reason=reason, detail=kept | (detail or {}))
