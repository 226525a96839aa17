"""Keeping the directory of departments and their contacts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.actions.moves import in_words
from projects.models import RUNNING, Department, DepartmentContact
from promotion.action import action, check_version, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
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
    waiting = _waiting(locked)
    if waiting:
        raise Refused(
            _("“%(name)s”还有：%(what)s。请先办结或更换，再停用。")
            % {"name": locked, "what": "、".join(waiting)}
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
    seen: int | None = None,
) -> DepartmentContact:
    """Enter a contact of a department, or change one. Raises Refused without a way to reach the person.

    Raises Conflict for a contact who has left the post, or when somebody changed it since `seen`.
    """
    locked = _locked(actor, department)
    kept = (
        _locked_contact(locked, contact, seen) if contact else DepartmentContact(department=locked, version=0)
    )
    kept.name, kept.title, kept.phone, kept.email = name.strip(), title.strip(), phone.strip(), email.strip()
    if not kept.phone and not kept.email:
        raise Refused(
            _("请至少填写电话或电子邮箱，否则联系不上。"), fields={"phone": _("请填写电话或电子邮箱。")}
        )
    kept.version += 1
    _check(kept)
    kept.save()
    detail = {"department": locked.name, "contact": kept.name}
    record(actor=actor, verb="department.contact", target=kept, detail=detail)
    return kept


@action("department.retire-contact", gettext_lazy("联系人离岗"))
def retire_department_contact(
    *,
    actor: Account,
    department: Department,
    contact: DepartmentContact,
    reason: str = "",
    seen: int | None = None,
) -> DepartmentContact:
    """A contact leaves the post. Raises Refused while the person is specialist in a project; which ones stays with those who see them."""
    locked = _locked(actor, department)
    kept = _locked_contact(locked, contact, seen)
    serving = kept.specialist_of.filter(ends_on=None).count()
    if serving:
        raise Refused(
            _("%(name)s 仍是 %(count)s 个项目的部门专员；请先在项目里更换专员。")
            % {"name": kept, "count": serving}
        )
    kept.is_active = False
    kept.version += 1
    kept.save(update_fields=["is_active", "version"])
    record(
        actor=actor,
        verb="department.retire-contact",
        target=kept,
        reason=reason.strip(),
        detail={"department": locked.name, "contact": kept.name},
    )
    return kept


def _permit(actor: Account) -> None:
    if not access.can_keep_departments(actor):
        raise NotAllowed(_("部门名录由分管领导、人事和系统管理员维护；请把变动告诉他们。"))


def _locked(actor: Account, department: Department) -> Department:
    _permit(actor)
    row = access.departments_visible_to(actor).select_for_update().filter(pk=department.pk).first()
    if row is None:
        raise NotFound(_("没有这个部门。请返回部门名录。"))
    return row


def _locked_contact(
    department: Department, contact: DepartmentContact, seen: int | None
) -> DepartmentContact:
    """The contact, locked. Raises Conflict for one who left the post or was changed since."""
    kept = department.contacts.select_for_update().filter(pk=contact.pk).first()
    if kept is None:
        raise NotFound(_("这个联系人不在本部门。"))
    if not kept.is_active:
        raise Conflict(_("%(name)s 已离岗，不能再改；请刷新页面，需要时另登记联系人。") % {"name": kept})
    check_version(seen=seen, current=kept)
    return kept


def _waiting(department: Department) -> list[str]:
    """What still runs with the department, in words; the projects' names stay with those who see them."""
    serving = list(
        department.specialists.filter(ends_on=None)
        .values_list("contact__name", flat=True)
        .order_by("contact")
    )
    counted = (
        (department.blockers.filter(state__in=RUNNING).count(), _("%(count)s 个堵点没有办结")),
        (
            department.opinions.filter(review__state="open", opinion="").count(),
            _("%(count)s 份会签意见没有反馈"),
        ),
    )
    found = [sentence % {"count": count} for count, sentence in counted if count]
    if serving:
        names = "、".join(dict.fromkeys(serving))
        found.append(_("%(count)s 个项目的专员在任（%(names)s）") % {"count": len(serving), "names": names})
    return found


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
