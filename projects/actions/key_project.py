"""Recognition of key projects (重大项目认定): asked for by one person or by the table, decided by another; class and project agree."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import accounts_that_see
from projects.access import key_project as access
from projects.actions.document import checked_files, write_documents
from projects.actions.moves import in_words, locked_project, save_project
from projects.actions.review_parts import fitting, save_row, words
from projects.key_thresholds import CLASSES
from projects.models import KeyProjectRecognition, KeyState, Project, ProjectClass
from projects.queries.key_project import Met, met_by
from projects.workflow import Status
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account, Role


@action("key-project.submit", gettext_lazy("申请重大项目认定"))
def submit_key_project(
    *,
    actor: Account,
    project: Project,
    project_class: str,
    reason: str = "",
    papers: Sequence[UploadedFile] = (),
) -> KeyProjectRecognition:
    """Ask that a project be recognised in a class, with papers; what does not meet the table needs a reason.

    Raises Refused for a class that is none or that it is recognised in already, Conflict while another request waits.
    """
    locked = locked_project(actor, project)
    if not access.can_ask_for_recognition(actor, locked):
        raise NotAllowed(_("只有服务专员、份额持有人、本团队队长和分管领导可以申请认定；请与服务专员联系。"))
    _check_class(locked, project_class)
    today = timezone.localdate()
    found = met_by(locked, project_class, today)
    reason = fitting(reason, "reason")
    if found.threshold is None and not reason:
        sentence = _("这个项目还没有达到%(class)s标准；例外认定请写明理由。") % {
            "class": ProjectClass(project_class).label
        }
        raise Refused(sentence, fields={"reason": sentence})
    row = KeyProjectRecognition.objects.create(
        project=locked,
        project_class=project_class,
        reason=reason,
        submitted_by=actor,
        measured_on=today,
        threshold=found.threshold,
        measured=found.measured,
    )
    row.papers.set(write_documents(actor=actor, files=checked_files(list(papers)), project=locked))
    detail = {"class": project_class, **_figures(found)}
    record(actor=actor, verb="key-project.submit", target=row, reason=reason, detail=detail)
    _tell_managers(actor, row)
    return row


@action("key-project.recognise", gettext_lazy("认定重大项目"))
def recognise_key_project(
    *,
    actor: Account,
    recognition: KeyProjectRecognition,
    project_class: str = "",
    note: str = "",
    on: date | None = None,
    seen: int | None = None,
) -> KeyProjectRecognition:
    """Recognise a request, perhaps in another class, with a note; the figures are those of the day of the decision.

    Raises NotAllowed for whoever asked or has a part in the project, Refused when it departs from the request or from the
    table without a note, Conflict when somebody decided first.
    """
    row = _for_decision(actor, recognition, seen)
    wanted = project_class or row.project_class
    _check_class(row.project, wanted)
    note = fitting(note, "note")
    found = met_by(row.project, wanted, on or timezone.localdate())
    _check_departure(found, note, departs=wanted != row.project_class)
    row.project_class = wanted
    _write_recognised(actor, row, found, note, on)
    return row


@action("key-project.recognise-proposed", gettext_lazy("按标准认定重大项目"))
def recognise_proposed(
    *, actor: Account, project: Project, project_class: str, note: str = "", on: date | None = None
) -> KeyProjectRecognition:
    """Recognise a project that the table proposes; another class than the table gives needs a note.

    Raises Refused when it meets no threshold (somebody has to ask for an exception), NotAllowed for whoever has a part in it.
    """
    locked = locked_project(actor, project)
    _permit(actor, locked)
    _check_class(locked, project_class)
    if locked.key_recognitions.filter(state=KeyState.SUBMITTED).exists():
        raise Conflict(_("这个项目已有一份认定申请在等待认定；请打开那一份。"))
    day = on or timezone.localdate()
    found = met_by(locked, project_class, day)
    reached = found if found.threshold else met_by(locked, CLASSES[0], day)
    if reached.threshold is None:
        raise Refused(_("这个项目没有达到任何认定标准；例外认定请由专员或队长申请。"))
    note = fitting(note, "note")
    _check_departure(found, note, departs=reached.threshold.project_class != project_class)
    row = KeyProjectRecognition(project=locked, project_class=project_class, measured_on=day)
    _write_recognised(actor, row, found, note, on)
    return row


@action("key-project.return", gettext_lazy("退回重大项目认定申请"))
def return_key_project(
    *, actor: Account, recognition: KeyProjectRecognition, reason: str, seen: int | None = None
) -> KeyProjectRecognition:
    """Send a request back with the reason; a new one may be handed in."""
    row = _for_decision(actor, recognition, seen)
    row.decision_note = words(reason, "reason", _("请写明退回的原因。"))
    row.state, row.decided_by, row.decided_at = KeyState.RETURNED, actor, timezone.now()
    save_row(row, "state", "decided_by", "decided_at", "decision_note")
    record(actor=actor, verb="key-project.return", target=row, reason=row.decision_note)
    _tell_asker(row, _("被退回：%(reason)s") % {"reason": row.decision_note})
    return row


@action("key-project.withdraw", gettext_lazy("撤回重大项目认定申请"))
def withdraw_key_project(
    *, actor: Account, recognition: KeyProjectRecognition, seen: int | None = None
) -> KeyProjectRecognition:
    """Take back one's own request while nobody has decided it."""
    row = _locked(actor, recognition)
    if row.submitted_by_id != actor.pk:
        raise NotAllowed(_("只有申请人可以撤回自己的申请。"))
    check_version(seen=seen, current=row)
    _check_state(row, KeyState.SUBMITTED)
    row.state, row.ended_by, row.ended_on = KeyState.WITHDRAWN, actor, timezone.localdate()
    save_row(row, "state", "ended_by", "ended_on")
    record(actor=actor, verb="key-project.withdraw", target=row)
    return row


@action("key-project.revoke", gettext_lazy("撤销重大项目认定"))
def revoke_key_project(
    *, actor: Account, recognition: KeyProjectRecognition, reason: str, seen: int | None = None
) -> KeyProjectRecognition:
    """Take a recognition back with the reason; the project is of the class again that it had before.

    Raises NotAllowed for anybody but a manager without a part in the project, Conflict when it is not recognised any more.
    """
    row = _locked(actor, recognition)
    _permit(actor, row.project)
    check_version(seen=seen, current=row)
    _check_state(row, KeyState.RECOGNISED)
    _end(actor, row, KeyState.REVOKED, words(reason, "reason", _("请写明撤销的理由，它会留在操作记录里。")))
    changes = _set_class(row.project, row.class_before)
    record(actor=actor, verb="key-project.revoke", target=row, reason=row.end_reason, detail=changes)
    _tell_asker(row, _("被撤销：%(reason)s") % {"reason": row.end_reason})
    return row


def _write_recognised(
    actor: Account, row: KeyProjectRecognition, found: Met, note: str, on: date | None
) -> None:
    """Recognise the row in the place of what was recognised before, and put the project into the class."""
    day = on or timezone.localdate()
    if day > timezone.localdate() or day < row.project.reported_on:
        sentence = _("认定日期要在首报日期与今天之间。")
        raise Refused(sentence, fields={"on": sentence})
    project = row.project
    held = project.key_recognitions.select_for_update().filter(state=KeyState.RECOGNISED).first()
    if held is not None:
        label = ProjectClass(row.project_class).label
        _end(actor, held, KeyState.REPLACED, _("调整为%(class)s") % {"class": label})
    row.state, row.class_before = KeyState.RECOGNISED, project.project_class
    row.threshold, row.measured, row.measured_on = found.threshold, found.measured, day
    row.decided_by, row.decided_at, row.recognised_on = actor, timezone.now(), day
    row.decision_note = note
    if row.pk:
        row.version += 1
    row.save()
    changes = _set_class(project, row.project_class)
    detail = {"class": row.project_class, "on": str(day), **_figures(found), **changes}
    record(actor=actor, verb="key-project.recognise", target=row, reason=note, detail=detail)
    _tell_asker(row, _("已认定为%(class)s") % {"class": row.get_project_class_display()})


def _set_class(project: Project, project_class: str) -> dict[str, Any]:
    """Put the locked project into the class; gives what changed for the audit trail."""
    if project.project_class == project_class:
        return {}
    changes = {"project_class": (project.project_class, project_class)}
    project.project_class = project_class
    save_project(project, "project_class")
    return {"changes": in_words(changes)}


def _end(actor: Account, row: KeyProjectRecognition, state: str, reason: str) -> None:
    row.state, row.end_reason = state, reason
    row.ended_by, row.ended_on = actor, timezone.localdate()
    save_row(row, "state", "end_reason", "ended_by", "ended_on")


def _locked(actor: Account, recognition: KeyProjectRecognition) -> KeyProjectRecognition:
    """The recognition of the visible set, locked after its project. Raises NotFound."""
    visible = access.key_recognitions_visible_to(actor).filter(pk=recognition.pk)
    project = visible.values_list("project", flat=True).first()
    if project is None:
        raise NotFound(_("没有这份重大项目认定，或者您看不到它。请返回列表。"))
    held = Project.objects.select_for_update().get(pk=project)
    row = KeyProjectRecognition.objects.select_for_update().get(pk=recognition.pk)
    row.project = held
    return row


def _for_decision(
    actor: Account, recognition: KeyProjectRecognition, seen: int | None
) -> KeyProjectRecognition:
    row = _locked(actor, recognition)
    _permit(actor, row.project)
    if row.submitted_by_id == actor.pk:
        raise NotAllowed(_("申请人不能认定或退回自己的申请；请由另一位分管领导处理。"))
    check_version(seen=seen, current=row)
    _check_state(row, KeyState.SUBMITTED)
    return row


def _permit(actor: Account, project: Project) -> None:
    if not access.can_recognise_key_projects(actor):
        raise NotAllowed(_("重大项目由分管领导认定；您可以查看，但不能作决定。"))
    if access.has_part(actor, project):
        raise NotAllowed(_("您是这个项目的服务专员或份额持有人，不能认定它；请由另一位分管领导处理。"))


def _check_state(row: KeyProjectRecognition, wanted: str) -> None:
    if row.state != wanted:
        who = row.ended_by or row.decided_by or _("申请人")
        raise Conflict(
            _("这份认定已是“%(state)s”（%(who)s），您的操作没有保存；请刷新页面。")
            % {"state": row.get_state_display(), "who": who}
        )


def _check_class(project: Project, project_class: str) -> None:
    if project_class not in CLASSES:
        sentence = _("请选择重大或重特大。")
        raise Refused(sentence, fields={"project_class": sentence})
    if project.status == Status.LOST:
        raise Refused(_("项目已终止，不能认定；请先恢复项目。"))
    if project.key_recognitions.filter(state=KeyState.RECOGNISED, project_class=project_class).exists():
        sentence = _("这个项目已经认定为%(class)s。") % {"class": ProjectClass(project_class).label}
        raise Refused(sentence, fields={"project_class": sentence})


def _check_departure(found: Met, note: str, *, departs: bool) -> None:
    if note or (found.threshold is not None and not departs):
        return
    sentence = _("认定与标准或申请不一致，请写明理由。")
    raise Refused(sentence, fields={"note": sentence})


def _figures(found: Met) -> dict[str, Any]:
    if found.threshold is None:
        return {"threshold": None}
    return {"threshold": found.threshold.pk, "measured": str(found.measured), "met": found.words}


def _tell_managers(actor: Account, row: KeyProjectRecognition) -> None:
    managers = Account.objects.filter(role=Role.MANAGER, is_active=True).exclude(pk=actor.pk)
    text = _("%(who)s 申请把“%(project)s”认定为%(class)s项目。") % {
        "who": actor.display_name,
        "project": row.project,
        "class": row.get_project_class_display(),
    }
    _tell(row, list(accounts_that_see(row.project, managers)), text)


def _tell_asker(row: KeyProjectRecognition, outcome: str) -> None:
    """Whoever asked and the specialist hear it, but not whoever decided."""
    accounts = Account.objects.filter(person=row.project.owner_id, is_active=True)
    told = {account.pk: account for account in [*accounts, *([row.submitted_by] if row.submitted_by else [])]}
    decider = row.ended_by or row.decided_by
    recipients = [account for key, account in told.items() if decider is None or key != decider.pk]
    words_said = {"project": row.project, "outcome": outcome}
    _tell(row, recipients, _("“%(project)s”的重大项目认定%(outcome)s。") % words_said)


def _tell(row: KeyProjectRecognition, recipients: list[Account], text: str) -> None:
    url = reverse("projects:key-recognition", args=[row.public_id])
    transaction.on_commit(lambda: notify(recipients=recipients, text=text, url=url))
