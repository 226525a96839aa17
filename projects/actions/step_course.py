"""What happens to a project's next step inside the actions that touch it: every change leaves an entry of its course."""

from dataclasses import dataclass
from datetime import date, time

from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import people_with_custody
from projects.models import NextStepAct, NextStepEntry, Project
from promotion.errors import Refused
from staff.models import Account, Person

LONGEST_STEP = 120

STEP_FIELDS = ("next_step", "next_step_on", "next_step_at", "next_step_person", "next_step_postponed")


@dataclass(frozen=True)
class Step:
    """What is to be done, until when, and by whom (none: the service specialist)."""

    text: str
    on: date | None = None
    at: time | None = None
    person: Person | None = None

    def of(self, project: Project) -> "Step":
        """The same with the service specialist left out, so that the step follows a handover."""
        own = self.person is not None and self.person.pk == project.owner_id
        return Step(self.text.strip(), self.on, self.at if self.on else None, None if own else self.person)


def step_of(project: Project) -> Step:
    """The step that stands on the project."""
    return Step(project.next_step, project.next_step_on, project.next_step_at, project.next_step_person)


def responsible(project: Project) -> Person:
    """Who sees to the next step."""
    return project.next_step_person or project.owner


def checked_step(project: Project, step: Step) -> Step:
    """The step as it may be planned from now on. Raises Refused with one sentence per wrong field."""
    wrong = wrong_step(project, step)
    if step.on is not None and step.on < timezone.localdate():
        wrong["next_step_on"] = _("日期已过，请改为今天或以后。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    return step


def wrong_step(project: Project, step: Step) -> dict[str, str]:
    """What is wrong with a step wherever it is written, by field."""
    wrong = {}
    if len(step.text.strip()) > LONGEST_STEP:
        wrong["next_step"] = _("下一步最多 120 个字。")
    elif step.on and not step.text.strip():
        wrong["next_step"] = _("写了日期，请也写明下一步做什么。")
    if step.at is not None and step.on is None:
        wrong["next_step_on"] = _("写了时刻，请也选日期。")
    if step.person is not None and not people_with_custody(project).filter(pk=step.person.pk).exists():
        wrong["next_step_person"] = _("%(name)s 不在这个项目上；责任人请选服务专员、份额持有人或队长。") % {
            "name": step.person
        }
    return wrong


def put_step(project: Project, written_by: Account, step: Step, *, reason: str = "") -> bool:
    """Put the step on the locked project (not saved yet) and keep its course; gives whether anything changed.

    The same thing at a later day is a postponement, whichever way it was typed; another thing replaces the old one.
    """
    before, after = step_of(project), step.of(project)
    if before == after:
        return False
    if before.text and after.text == before.text and _later(before, after):
        _keep(project, written_by, NextStepAct.POSTPONED, before, reason, after.on)
        project.next_step_postponed += 1
    else:
        if before.text and after.text != before.text:
            _keep(project, written_by, NextStepAct.REPLACED, before, reason)
        if after.text != before.text:
            project.next_step_postponed = 0
        if after.text:
            _keep(project, written_by, NextStepAct.SET, after, "")
    project.next_step, project.next_step_on, project.next_step_at = after.text, after.on, after.at
    project.next_step_person = after.person
    return True


def finish_step(project: Project, written_by: Account, reason: str = "") -> None:
    """The step is done: it leaves the locked project (not saved yet) and stays in the course."""
    _keep(project, written_by, NextStepAct.DONE, step_of(project), reason)
    project.next_step, project.next_step_on, project.next_step_at = "", None, None
    project.next_step_person, project.next_step_postponed = None, 0


def first_step(project: Project, written_by: Account) -> None:
    """The step that a new lead brings along."""
    if project.next_step:
        _keep(project, written_by, NextStepAct.SET, step_of(project), "")


def _later(before: Step, after: Step) -> bool:
    return before.on is not None and after.on is not None and after.on > before.on


def _keep(
    project: Project,
    written_by: Account,
    act: NextStepAct,
    step: Step,
    reason: str,
    moved_to: date | None = None,
) -> None:
    NextStepEntry.objects.create(
        project=project,
        act=act,
        text=step.text,
        due_on=step.on,
        moved_to=moved_to,
        person=step.person or project.owner,
        reason=reason[:200],
        written_by=written_by,
    )
