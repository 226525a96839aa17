"""Writing on a project's timeline."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.actions.clock_facts import followed_up
from projects.actions.document import checked_files, write_documents
from projects.actions.mention import checked_mentions, write_mentions
from projects.actions.moves import locked_project
from projects.actions.step_course import STEP_FIELDS, Step, put_step, wrong_step
from projects.models import FollowUp, FollowUpKind, Project
from promotion.action import action, record
from promotion.errors import NotAllowed, Refused
from staff.models import Account, Person

LONGEST_TEXT = 4000
# Clocks of browsers and servers differ a little; a follow-up of “now” must not be refused for that.
CLOCK_TOLERANCE = timedelta(minutes=10)


@action("timeline.write", gettext_lazy("写跟进"))
def write_follow_up(
    *,
    actor: Account,
    project: Project,
    kind: str,
    text: str,
    happened_at: datetime | None = None,
    next_step: str = "",
    next_step_on: date | None = None,
    next_step_at: time | None = None,
    next_step_person: Person | None = None,
    files: Sequence[UploadedFile] = (),
) -> FollowUp:
    """Keep what was done for a project, with files, and what comes next; it counts as progress.

    Without a next step the one that stands is kept. Colleagues named by @ are told. Raises Refused with one sentence per
    wrong field.
    """
    locked = locked_project(actor, project)
    if not access.can_change(actor, locked):
        raise NotAllowed(_("只有项目团队可以写跟进；请把情况告诉服务专员。"))
    moment = happened_at or timezone.now()
    text, next_step = text.strip(), next_step.strip()
    step = Step(next_step, next_step_on, next_step_at, next_step_person)
    wrong = _wrong(kind, text, moment) | wrong_step(locked, step)
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    named = checked_mentions(locked, text)
    checked = checked_files(files)
    follow_up = FollowUp.objects.create(
        project=locked,
        kind=kind,
        happened_at=moment,
        text=text,
        next_step=next_step,
        next_step_on=next_step_on,
        written_by=actor,
    )
    write_documents(actor=actor, files=checked, project=locked, follow_up=follow_up)
    write_mentions(follow_up, named, actor)
    _note_progress(locked, kind, timezone.localdate(moment), step, actor)
    detail = {"kind": str(kind), "next_step": next_step, "files": [each.title for each in checked]}
    record(actor=actor, verb="timeline.write", target=locked, detail=detail | {"version": locked.version})
    return follow_up


def _wrong(kind: str, text: str, moment: datetime) -> dict[str, str]:
    wrong = {}
    if kind not in FollowUpKind.values:
        wrong["kind"] = _("请选择跟进方式。")
    if not text:
        wrong["text"] = _("请写几句做了什么、对方怎么说。")
    elif len(text) > LONGEST_TEXT:
        wrong["text"] = _("内容最多 4000 个字。")
    if moment > timezone.now() + CLOCK_TOLERANCE:
        wrong["happened_at"] = _("时间还没有到；将来的安排请写在下一步。")
    return wrong


def _note_progress(project: Project, kind: str, day: date, step: Step, written_by: Account) -> None:
    """The day of progress never goes back; only another next step makes another version of the project."""
    project.progressed_on = max(project.progressed_on, day)
    if step.text and put_step(project, written_by, step):
        project.version += 1
    project.save(update_fields=["progressed_on", *STEP_FIELDS, "version", "changed_at"])
    followed_up(project, kind, day)
