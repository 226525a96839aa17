"""What actions on a project share: lock it, ask whether it may be changed and moved, place it, say what changed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from projects.access import can_change, projects_visible_to
from projects.actions.clock_facts import moved_on
from projects.actions.plan_tasks import enter_stage
from projects.models import Project, Recognition, StageChange
from projects.queries.service import needs_present
from projects.workflow import (
    GATES,
    INVESTOR_CODE,
    KEY_CLASSES,
    ORDER,
    SERVICE_PLAN,
    SPECIALIST,
    TEAM,
    Obstacle,
    Stage,
    missing_needs,
    obstacle,
)
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account


def locked_project(actor: Account, project: Project) -> Project:
    """The project's row, locked until the transaction ends. Raises NotFound when it is not the actor's to see."""
    row = projects_visible_to(actor).select_for_update(of=("self",)).filter(pk=project.pk).first()
    if row is None:
        raise NotFound(_("没有这个项目，或者您看不到它。"))
    return row


def permit_change(actor: Account, project: Project) -> None:
    """Raises NotAllowed for whoever does not work on the project."""
    if not can_change(actor, project):
        raise NotAllowed(
            _("只有服务专员、份额持有人、本团队队长和分管领导可以改动这个项目；请与服务专员联系。")
        )


def check_move(project: Project, to: str) -> None:
    """Raises Refused saying why the table does not allow the move."""
    found = obstacle(project.stage, to, status=project.status, returned=has_returned_milestone(project))
    if found is None:
        return
    stage = Stage(to).label if to in Stage.values else to
    sentences = {
        Obstacle.NOT_ACTIVE: _("项目已%(status)s，不能推进；请先恢复项目。"),
        Obstacle.UNKNOWN_STAGE: _("没有「%(to)s」这个阶段。"),
        Obstacle.SAME_STAGE: _("项目已经在「%(to)s」，不用再移动。"),
        Obstacle.SKIPS: _("不能从「%(stage)s」直接跳到「%(to)s」；请逐个阶段推进。"),
        Obstacle.HELD_BY_MILESTONE: _("「%(stage)s」由里程碑决定，不能直接退回；请撤回或冲销对应的里程碑。"),
        Obstacle.RETURNED: _("「%(stage)s」的里程碑被退回，请先补正并重新提交，再推进到「%(to)s」。"),
    }
    names = {"status": project.get_status_display(), "stage": project.get_stage_display(), "to": stage}
    raise Refused(sentences[found] % names)


def check_needs(project: Project, to: str) -> None:
    """四个一: a key project passes the gate only with what the gate needs. Raises Refused saying what to do."""
    if not GATES[Stage(to)].key_needs or project.project_class not in KEY_CLASSES:
        return
    names = {"team": project.team.name, "owner": project.owner.name}
    sentences = {
        TEAM: _("责任团队“%(team)s”今天没有人在岗，请先把项目移交给在岗的团队。"),
        SERVICE_PLAN: _("还没有服务方案，请在“服务方案”页签建立。"),
        SPECIALIST: _("服务专员%(owner)s今天不在岗，请先移交给在岗的专员。"),
    }
    lacking = missing_needs(to, project.project_class, needs_present(project))
    if lacking:
        raise Refused(
            _("%(class)s项目要先落实“四个一”，才能推进到「%(to)s」：%(what)s")
            % {
                "class": project.get_project_class_display(),
                "to": Stage(to).label,
                "what": "".join(sentences[name] % names for name in lacking),
            }
        )


def has_returned_milestone(project: Project) -> bool:
    """Whether the last report of the milestone that holds the present stage was sent back."""
    kind = GATES[Stage(project.stage)].milestone
    if kind is None:
        return False
    last = project.achievements.filter(kind=kind).order_by("-id").values_list("state", flat=True).first()
    return last == Recognition.RETURNED


def gate_values(project: Project) -> dict[str, Any]:
    """What the gates look at, as it stands."""
    names = {name for gate in GATES.values() for name in gate.fields} - {INVESTOR_CODE}
    return {name: getattr(project, name) for name in names} | {INVESTOR_CODE: project.company.credit_code}


def place_project(project: Project, stage: str, actor: Account, on: date, note: str = "") -> None:
    """Put a locked project at a stage and keep the move as history.

    Moves forward count as progress; falling back (a milestone withdrawn or reversed) does not.
    """
    before = project.stage
    project.stage, project.stage_since = Stage(stage), on
    if ORDER.index(Stage(stage)) > ORDER.index(Stage(before)):
        project.progressed_on = max(project.progressed_on, on)
        moved_on(project, on)
    save_project(project, "stage", "stage_since", "progressed_on")
    StageChange.objects.create(
        project=project, from_stage=before, to_stage=stage, happened_on=on, changed_by=actor, note=note[:300]
    )
    if ORDER.index(Stage(stage)) > ORDER.index(Stage(before)):
        enter_stage(project, actor, on)


def save_project(project: Project, *fields: str) -> None:
    """Save the named fields of a locked project as its next version."""
    project.version += 1
    project.save(update_fields=[*fields, "version", "changed_at"])


def in_words(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, list[str | None]]:
    """Old and new values as the audit trail keeps them."""
    return {name: [_plain(old), _plain(new)] for name, (old, new) in changes.items()}


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
