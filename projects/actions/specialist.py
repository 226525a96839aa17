"""Naming, replacing and ending who answers for a department in a project (部门项目专员)."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.actions.moves import locked_project, permit_change
from projects.models import Department, DepartmentContact, Project, ProjectSpecialist
from promotion.action import action, record
from promotion.errors import Conflict, NotFound, Refused
from staff.models import Account


@action("specialist.name", gettext_lazy("指派部门专员"))
def name_specialist(
    *,
    actor: Account,
    project: Project,
    contact: DepartmentContact,
    on: date | None = None,
    reason: str = "",
    seen: int | None = None,
) -> ProjectSpecialist:
    """Name the contact as the department's specialist in the project from a day on; a present one is replaced, with a reason.

    `seen` is the id of the specialist that the page showed, 0 for none. Raises Conflict when that has changed, Refused for
    a retired contact, a closed department, a day to come or before the present one began, or no reason.
    """
    locked = locked_project(actor, project)
    permit_change(actor, locked)
    day, reason = on or timezone.localdate(), reason.strip()
    _check_contact(contact)
    _check_day(locked, day)
    present = _present(locked, contact.department)
    _check_seen(present, seen)
    if present is not None:
        _replace(present, contact, day, reason)
    named = ProjectSpecialist.objects.create(
        project=locked, department=contact.department, contact=contact, starts_on=day
    )
    record(
        actor=actor,
        verb="specialist.name",
        target=locked,
        reason=reason,
        detail={
            "department": contact.department.name,
            "before": present.contact.name if present else None,
            "after": contact.name,
            "on": str(day),
        },
    )
    return named


@action("specialist.end", gettext_lazy("结束部门专员"))
def end_specialist(
    *, actor: Account, specialist: ProjectSpecialist, reason: str, on: date | None = None
) -> ProjectSpecialist:
    """The department no longer answers in the project from a day on (exclusive), with a reason.

    Raises Conflict for one who was replaced or ended meanwhile, Refused for a day before the start or to come, or no reason.
    """
    locked = locked_project(actor, specialist.project)
    permit_change(actor, locked)
    present = (
        locked.specialists.select_for_update(of=("self",))
        .select_related("contact", "department")
        .filter(pk=specialist.pk)
        .first()
    )
    if present is None:
        raise NotFound(_("没有这位部门专员。"))
    if present.ends_on is not None:
        raise Conflict(_("%(name)s 已经不是这个项目的部门专员；请刷新页面。") % {"name": present.contact})
    day = on or timezone.localdate()
    if not reason.strip():
        raise Refused(_("结束请写明理由。"), fields={"reason": _("请写明为什么结束。")})
    if not present.starts_on <= day <= timezone.localdate():
        sentence = _("结束日期须在 %(day)s 之后、今天或之前。") % {"day": present.starts_on}
        raise Refused(sentence, fields={"on": sentence})
    present.ends_on = day
    present.save(update_fields=["ends_on"])
    record(
        actor=actor,
        verb="specialist.end",
        target=locked,
        reason=reason.strip(),
        detail={"department": present.department.name, "before": present.contact.name, "on": str(day)},
    )
    return present


def _check_contact(contact: DepartmentContact) -> None:
    """Locks contact and department against retiring and closing meanwhile, and asks whether both are in use."""
    department = Department.objects.select_for_update(no_key=True).get(pk=contact.department_id)
    kept = DepartmentContact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    if not kept.is_active or not department.is_open:
        raise Refused(
            _("%(name)s 已离岗或部门已停用；请另选一位。") % {"name": contact},
            fields={"contact": _("请另选一位。")},
        )


def _check_day(project: Project, day: date) -> None:
    if not project.reported_on <= day <= timezone.localdate():
        sentence = _("起任日期不能早于项目首报，也不能晚于今天。")
        raise Refused(sentence, fields={"on": sentence})


def _present(project: Project, department: Department) -> ProjectSpecialist | None:
    return (
        project.specialists.select_for_update(of=("self",))
        .select_related("contact")
        .filter(department=department, ends_on=None)
        .first()
    )


def _check_seen(present: ProjectSpecialist | None, seen: int | None) -> None:
    if seen is None or seen == (present.pk if present else 0):
        return
    who = present.contact.name if present else _("无")
    raise Conflict(
        _("您打开页面之后，这个部门的专员已改为%(name)s；您填写的内容没有保存，请核对后再提交一次。")
        % {"name": who}
    )


def _replace(present: ProjectSpecialist, contact: DepartmentContact, day: date, reason: str) -> None:
    if present.contact_id == contact.pk:
        raise Refused(
            _("%(name)s 已经是这个部门的专员。") % {"name": contact}, fields={"contact": _("请另选一位。")}
        )
    if not reason:
        raise Refused(_("更换专员请写明理由。"), fields={"reason": _("请写明为什么更换。")})
    if day < present.starts_on:
        sentence = _("现任专员自 %(day)s 起任，更换不能早于那一天。") % {"day": present.starts_on}
        raise Refused(sentence, fields={"on": sentence})
    present.ends_on = day
    present.save(update_fields=["ends_on"])
