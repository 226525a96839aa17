"""Suspending, ending and resuming a project; the stage and its history stay as they are."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.actions.clock_facts import work_paused, work_resumed
from projects.actions.moves import locked_project, permit_change, save_project
from projects.actions.reservation_decision import free_places
from projects.models import Project
from projects.workflow import Status
from promotion.action import action, check_version, record
from promotion.errors import Refused
from staff.models import Account

REASON_LENGTH = 200


@action("project.suspend", gettext_lazy("暂缓项目"))
def suspend_project(*, actor: Account, project: Project, reason: str, seen: int | None = None) -> Project:
    """Take a project out of the daily board for a while. Raises Refused without a reason."""
    locked = _ready(actor, project, seen, reason, Status.SUSPENDED)
    return _write(actor, locked, "project.suspend", Status.SUSPENDED, reason)


@action("project.lose", gettext_lazy("终止项目"))
def lose_project(*, actor: Account, project: Project, reason: str, seen: int | None = None) -> Project:
    """End a project that will not come; it stays findable, with the reason. Raises Refused without one."""
    locked = _ready(actor, project, seen, reason, Status.LOST)
    free_places(actor, locked, _("项目终止：%(reason)s") % {"reason": reason.strip()})
    return _write(actor, locked, "project.lose", Status.LOST, reason)


@action("project.resume", gettext_lazy("恢复项目"))
def resume_project(*, actor: Account, project: Project, reason: str, seen: int | None = None) -> Project:
    """Work on a suspended or ended project again, at the stage where it stood. Raises Refused without a reason."""
    locked = _ready(actor, project, seen, reason, Status.ACTIVE)
    return _write(actor, locked, "project.resume", Status.ACTIVE, reason)


def _ready(actor: Account, project: Project, seen: int | None, reason: str, status: Status) -> Project:
    """The locked project, when this person may give it this status and says why."""
    locked = locked_project(actor, project)
    permit_change(actor, locked)
    check_version(seen=seen, current=locked)
    if locked.status == status:
        raise Refused(_("项目已经是“%(status)s”，不用再改。") % {"status": status.label})
    if not reason.strip():
        raise Refused(_("请写明理由。"), fields={"reason": _("请写明理由，日后查得到为什么。")})
    if len(reason.strip()) > REASON_LENGTH:
        raise Refused(_("理由太长。"), fields={"reason": _("理由最多 200 个字。")})
    return locked


def _write(actor: Account, locked: Project, verb: str, status: Status, reason: str) -> Project:
    before = locked.status
    locked.status, locked.status_reason = status, reason.strip()
    save_project(locked, "status", "status_reason")
    note_clock = work_resumed if status == Status.ACTIVE else work_paused
    note_clock(locked, timezone.localdate())
    detail = {"version": locked.version, "changes": {"status": [str(before), str(status)]}}
    record(actor=actor, verb=verb, target=locked, reason=reason.strip(), detail=detail)
    return locked
