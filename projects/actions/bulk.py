"""One change over several projects, project by project through its own action, and taking it back."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import bulk_changes_visible_to, projects_visible_to
from projects.actions.handover import cancel_handover, propose_handover
from projects.actions.project import change_project
from projects.actions.status import lose_project, resume_project, suspend_project
from projects.models import BulkChange, BulkChangeRow, Handover, Project, RowOutcome
from projects.workflow import Status
from promotion.action import action, check_version, record
from promotion.errors import Conflict, NotFound, Outcome, Refused
from staff.models import Account, Person

MOST = 200
UNDO_WITHIN = timedelta(minutes=30)
FIELDS = {
    "project_class": ("project_class",),
    "park": ("park",),
    "industry": ("industry",),
    "next_step": ("next_step", "next_step_on"),
}
TURNS = {Status.ACTIVE: resume_project, Status.SUSPENDED: suspend_project, Status.LOST: lose_project}
WHATS = (*FIELDS, "status", "owner")
REASONED = ("status", "owner")


@action("project.bulk", gettext_lazy("批量修改项目"))
def change_in_bulk(
    *,
    actor: Account,
    projects: Sequence[Project],
    what: str,
    values: dict[str, Any],
    reason: str = "",
    seen: Mapping[int, int] | None = None,
) -> BulkChange:
    """Give every project the new value by the same action that one project takes; what refuses is kept with its sentence.

    `seen` holds the versions that were shown, by project: one that somebody changed since is refused and says who.
    Another owner is asked for as a handover, which its receiver and a second person decide. Raises Refused for nothing
    chosen, too many, no value, or a status or owner without reason.
    """
    _check(projects, what, values, reason)
    change = BulkChange.objects.create(what=what, values=_plain(values), reason=reason.strip(), made_by=actor)
    for project in sorted({one.pk: one for one in projects}.values(), key=lambda one: one.pk):
        _change_one(actor, change, project, values, (seen or {}).get(project.pk))
    record(
        actor=actor,
        verb="project.bulk",
        target=change,
        reason=reason.strip(),
        detail={"what": what, **_counted(change)},
    )
    return change


@action("project.bulk_preview", gettext_lazy("试算批量修改"))
def preview_bulk(
    *,
    actor: Account,
    projects: Sequence[Project],
    what: str,
    values: dict[str, Any],
    reason: str = "",
    seen: Mapping[int, int] | None = None,
) -> list[BulkChangeRow]:
    """What would become of every project: the change is made and taken back in one transaction, and nothing is announced."""
    with transaction.atomic():
        change = change_in_bulk(
            actor=actor, projects=projects, what=what, values=values, reason=reason, seen=seen
        )
        rows = list(change.rows.select_related("project"))
        transaction.set_rollback(True)
    return rows


def _check(projects: Sequence[Project], what: str, values: dict[str, Any], reason: str) -> None:
    if what not in WHATS:
        raise Refused(_("请选择要修改的内容。"), fields={"what": _("请选择。")})
    if not projects:
        raise Refused(_("请先在列表里选中项目。"))
    if len(projects) > MOST:
        raise Refused(_("一次最多修改 %(most)s 个项目，请分批。") % {"most": MOST})
    named = {"owner": "receiver", "status": "status"}.get(what, what)
    if values.get(named) in (None, ""):
        raise Refused(_("请填写新值。"), fields={named: _("请填写新值。")})
    if what in REASONED and not reason.strip():
        raise Refused(_("修改状态或专员要写明理由。"), fields={"reason": _("请写明理由。")})


@action("project.bulk_undo", gettext_lazy("撤销批量修改"))
def undo_bulk(*, actor: Account, change: BulkChange) -> BulkChange:
    """Give back the old values where nobody changed the project since; the others say so, row by row.

    Raises Conflict when it was taken back already, Refused when it is too long ago.
    """
    locked = bulk_changes_visible_to(actor).select_for_update().filter(pk=change.pk).first()
    if locked is None:
        raise NotFound(_("没有这次批量修改。"))
    if locked.undone_at is not None:
        raise Conflict(_("这次批量修改已经撤销过了。"))
    if timezone.now() - locked.made_at > UNDO_WITHIN:
        raise Refused(_("批量修改只能在 30 分钟内撤销；请逐个修改。"))
    for row in locked.rows.filter(outcome=RowOutcome.CHANGED).select_related("project"):
        _undo_one(actor, locked, row)
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    record(actor=actor, verb="project.bulk_undo", target=locked, detail=_counted(locked))
    return locked


def _change_one(
    actor: Account, change: BulkChange, project: Project, values: dict[str, Any], seen: int | None
) -> None:
    current = projects_visible_to(actor).select_for_update(of=("self",)).filter(pk=project.pk).first()
    if current is None:
        return
    before = _plain({name: getattr(current, name) for name in FIELDS.get(change.what, ("status",))})
    row = BulkChangeRow(change=change, project=current, before=before, outcome=RowOutcome.CHANGED)
    try:
        with transaction.atomic():
            check_version(seen=seen, current=current)
            if change.what == "owner":
                row.before = {"handover": _ask_owner(actor, current, values, change.reason).public_id}
                row.version_after = current.version
            else:
                row.version_after = _apply(actor, current, change.what, values, change.reason).version
    except Outcome as problem:
        row.outcome, row.note = RowOutcome.REFUSED, str(problem)[:300]
    row.save()


def _ask_owner(actor: Account, project: Project, values: dict[str, Any], reason: str) -> Handover:
    return propose_handover(actor=actor, project=project, receiver=values["receiver"], reason=reason)


def _undo_one(actor: Account, change: BulkChange, row: BulkChangeRow) -> None:
    row.outcome = RowOutcome.KEPT
    current = projects_visible_to(actor).select_for_update(of=("self",)).filter(pk=row.project_id).first()
    if current is None:
        row.note = _("您已看不到这个项目。")
    elif change.what != "owner" and current.version != row.version_after:
        row.note = _("之后又有人改过，没有恢复；请打开项目核对。")
    else:
        try:
            with transaction.atomic():
                if change.what == "owner":
                    asked = Handover.objects.get(public_id=row.before["handover"])
                    cancel_handover(actor=actor, handover=asked, reason=_("撤销批量修改"))
                else:
                    _apply(actor, current, change.what, row.before, _("撤销批量修改"))
            row.outcome = RowOutcome.RESTORED
        except Outcome as problem:
            row.note = str(problem)[:300]
    row.save(update_fields=["outcome", "note"])


def _apply(actor: Account, project: Project, what: str, values: dict[str, Any], reason: str) -> Project:
    if what == "status":
        return TURNS[Status(values["status"])](actor=actor, project=project, reason=reason)
    given = {name: values.get(name) for name in FIELDS[what]}
    day = given.get("next_step_on")
    if isinstance(day, str):
        given["next_step_on"] = date.fromisoformat(day)
    return change_project(actor=actor, project=project, seen=None, **given)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, Person):
            return value.public_id
        return value.isoformat() if isinstance(value, date) else value

    return {name: plain(value) for name, value in values.items()}


def _counted(change: BulkChange) -> dict[str, int]:
    outcomes = list(change.rows.values_list("outcome", flat=True))
    return {outcome: outcomes.count(outcome) for outcome in dict.fromkeys(outcomes)}
