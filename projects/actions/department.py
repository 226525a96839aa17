"""Keeping the directory of departments and their contacts, and naming who answers for a department in a project."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.actions.moves import in_words, locked_project, permit_change
from projects.models import Department, DepartmentContact, Project, ProjectSpecialist
from promotion.action import action, check_version, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account

DEPARTMENT_FIELDS = ("name", "duties", "phone", "names_specialist")
CONTACT_FIELDS = ("name", "title", "phone", "email")


@action("department.add", gettext_lazy("新增职能部门"))
def add_department(
    *,
    actor: Account,
    code: str,
    name: str,
    duties: str = "",
    phone: str = "",
    names_specialist: bool = False,
) -> Department:
    """Enter a department into the directory, at its end. Raises Refused for a code or name that is taken."""
    _permit(actor)
    last = access.departments_visible_to(actor).aggregate(last=Max("position"))["last"] or 0
    department = Department(
        code=code.strip(),
        name=name.strip(),
        duties=duties.strip(),
        phone=phone.strip(),
        names_specialist=names_specialist,
        position=last + 1,
    )
    _check(department)
    department.save()
    record(actor=actor, verb="department.add", target=department, detail={"code": department.code})
    return department


@action("department.change", gettext_lazy("修改职能部门"))
def change_department(
    *, actor: Account, department: Department, seen: int | None = None, **fields: Any
) -> Department:
    """Change name, duties, telephone, or whether it names specialists; the code stays."""
    locked = _locked(actor, department)
    check_version(seen=seen, current=locked)
    unknown = set(fields) - set(DEPARTMENT_FIELDS)
    if unknown:
        raise TypeError(f"not changeable: {sorted(unknown)}")
    values = {key: value.strip() if isinstance(value, str) else value for key, value in fields.items()}
    changes = {key: (getattr(locked, key), new) for key, new in values.items() if getattr(locked, key) != new}
    if not changes:
        return locked
    for key, (_old, new) in changes.items():
        setattr(locked, key, new)
    _check(locked)
    _save(locked, *changes)
    record(actor=actor, verb="department.change", target=locked, detail={"changes": in_words(changes)})
    return locked


@action("department.close", gettext_lazy("停用职能部门"))
def close_department(
    *, actor: Account, department: Department, reason: str = "", seen: int | None = None
) -> Department:
    """Take a department out of use; what it said stays. Raises Refused while something waits for it."""
    locked = _locked(actor, department)
    check_version(seen=seen, current=locked)
    if not locked.is_open:
        raise Refused(_("“%(name)s”已经停用。") % {"name": locked})
    waiting = locked.opinions.filter(review__state="open", opinion="").count()
    if waiting:
        raise Refused(
            _("“%(name)s”还有 %(count)s 份会签意见没有反馈；请先登记意见，再停用。")
            % {"name": locked, "count": waiting}
        )
    locked.is_open = False
    _save(locked, "is_open")
    record(actor=actor, verb="department.close", target=locked, reason=reason.strip())
    return locked


@action("department.reopen", gettext_lazy("恢复职能部门"))
def reopen_department(*, actor: Account, department: Department, seen: int | None = None) -> Department:
    """Take a department into use again."""
    locked = _locked(actor, department)
    check_version(seen=seen, current=locked)
    if locked.is_open:
        raise Refused(_("“%(name)s”正在使用，不用恢复。") % {"name": locked})
    locked.is_open = True
    _save(locked, "is_open")
    record(actor=actor, verb="department.reopen", target=locked)
    return locked


@action("department.contact", gettext_lazy("登记部门联系人"))
def save_department_contact(
    *,
    actor: Account,
    department: Department,
    contact: DepartmentContact | None = None,
    name: str,
    title: str = "",
    phone: str = "",
    email: str = "",
) -> DepartmentContact:
    """Enter a contact of a department, or change one. Raises Refused without a way to reach the person."""
    locked = _locked(actor, department)
    kept = contact or DepartmentContact(department=locked)
    if kept.department_id != locked.pk:
        raise NotFound(_("这个联系人不在本部门。"))
    kept.name, kept.title, kept.phone, kept.email = name.strip(), title.strip(), phone.strip(), email.strip()
    if not kept.phone and not kept.email:
        raise Refused(
            _("请至少填写电话或电子邮箱，否则联系不上。"), fields={"phone": _("请填写电话或电子邮箱。")}
        )
    _check(kept)
    kept.save()
    record(actor=actor, verb="department.contact", target=locked, detail={"contact": kept.name})
    return kept


@action("department.retire-contact", gettext_lazy("联系人离岗"))
def retire_department_contact(
    *, actor: Account, department: Department, contact: DepartmentContact, reason: str = ""
) -> DepartmentContact:
    """A contact leaves the post. Raises Refused while the person is specialist in a project; which ones stays with those who see them."""
    locked = _locked(actor, department)
    kept = locked.contacts.select_for_update().filter(pk=contact.pk, is_active=True).first()
    if kept is None:
        raise NotFound(_("没有这个在岗的联系人。"))
    serving = kept.specialist_of.filter(ends_on=None).count()
    if serving:
        raise Refused(
            _("%(name)s 仍是 %(count)s 个项目的部门专员；请先在项目里更换专员。")
            % {"name": kept, "count": serving}
        )
    kept.is_active = False
    kept.save(update_fields=["is_active"])
    record(
        actor=actor,
        verb="department.retire-contact",
        target=locked,
        reason=reason.strip(),
        detail={"contact": kept.name},
    )
    return kept


@action("specialist.name", gettext_lazy("指派部门专员"))
def name_specialist(
    *,
    actor: Account,
    project: Project,
    contact: DepartmentContact,
    on: date | None = None,
    reason: str = "",
) -> ProjectSpecialist:
    """Name the contact as the department's specialist in the project from a day on; a present one is replaced, with a reason.

    Raises Refused for a retired contact, a closed department, a day before the present one began, or no reason.
    """
    locked = locked_project(actor, project)
    permit_change(actor, locked)
    day, reason = on or timezone.localdate(), reason.strip()
    if not contact.is_active or not contact.department.is_open:
        raise Refused(
            _("%(name)s 已离岗或部门已停用；请另选一位。") % {"name": contact},
            fields={"contact": _("请另选一位。")},
        )
    present = (
        locked.specialists.select_for_update(of=("self",))
        .select_related("contact")
        .filter(department=contact.department_id, ends_on=None)
        .first()
    )
    if present is not None:
        _end(present, contact, day, reason)
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


def _end(present: ProjectSpecialist, contact: DepartmentContact, day: date, reason: str) -> None:
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


def _permit(actor: Account) -> None:
    if not access.can_keep_departments(actor):
        raise NotAllowed(_("部门名录由分管领导、人事和系统管理员维护；请把变动告诉他们。"))


def _locked(actor: Account, department: Department) -> Department:
    _permit(actor)
    row = access.departments_visible_to(actor).select_for_update().filter(pk=department.pk).first()
    if row is None:
        raise NotFound(_("没有这个部门。请返回部门名录。"))
    return row


def _check(row: Department | DepartmentContact) -> None:
    """What the model's own fields say: lengths, the form of an address, a code or name that is taken."""
    try:
        row.full_clean()
    except ValidationError as error:
        wrong = {name: messages[0] for name, messages in error.message_dict.items() if name != "__all__"}
        raise Refused(next(iter(wrong.values()), error.messages[0]), fields=wrong) from error


def _save(department: Department, *fields: str) -> None:
    department.version += 1
    department.save(update_fields=[*fields, "version"])
