"""The people to talk to at a company: adding, correcting, retiring, and what each of them is in a project."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import can_change, contacts_visible_to, projects_visible_to
from projects.actions.company_name import locked_company
from projects.models import Company, Contact, ContactPart, ContactRole, Project
from projects.phone_number import fault, normalised
from promotion.action import action, check_version, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account

CONTACT_FIELDS = {"name": 60, "title": 60, "phone": 30, "email": 254}


@action("company.add-contact", gettext_lazy("添加联系人"))
def add_contact(
    *, actor: Account, company: Company, name: str, title: str = "", phone: str = "", email: str = ""
) -> Contact:
    """Add a person to talk to (联系人). Raises Refused for one without a name, already there, or with a wrong number."""
    locked = locked_company(actor, company)
    values = _checked({"name": name, "title": title, "phone": phone, "email": email})
    _refuse_second(locked, values["name"], values["phone"], but=None)
    contact = Contact.objects.create(company=locked, **values)
    record(actor=actor, verb="company.add-contact", target=locked, detail={"contact": contact.name})
    return contact


@action("company.change-contact", gettext_lazy("修改联系人"))
def change_contact(*, actor: Account, contact: Contact, seen: int | None = None, **fields: str) -> Contact:
    """Correct a contact; the audit entry says which fields changed, not the personal data in them."""
    company, locked = _locked(actor, contact)
    check_version(seen=seen, current=locked)
    unknown = sorted(set(fields) - set(CONTACT_FIELDS))
    if unknown:
        raise Refused(_("联系人没有这些字段：%(names)s。") % {"names": "、".join(unknown)})
    wanted = _checked(fields)
    changed = [key for key, value in wanted.items() if getattr(locked, key) != value]
    if not changed:
        return locked
    _refuse_second(company, wanted.get("name", locked.name), wanted.get("phone", locked.phone), but=locked)
    for key in changed:
        setattr(locked, key, wanted[key])
    locked.version += 1
    locked.save(update_fields=[*changed, "version"])
    labels = [str(Contact._meta.get_field(key).verbose_name) for key in changed]  # type: ignore[union-attr]
    detail = {"contact": locked.name, "fields": labels}
    record(actor=actor, verb="company.change-contact", target=company, detail=detail)
    return locked


@action("company.retire-contact", gettext_lazy("停用联系人"))
def retire_contact(*, actor: Account, contact: Contact, reason: str) -> Contact:
    """Say that a person is not to be called any more (left, moved); open roles in projects end with the day."""
    company, locked = _locked(actor, contact)
    if locked.retired_on is not None:
        raise Refused(_("联系人“%(name)s”已停用。") % {"name": locked.name})
    reason = reason.strip()
    if not reason:
        raise Refused(_("请填写停用的理由，如离职、调岗。"), fields={"reason": _("请填写理由。")})
    today = timezone.localdate()
    locked.retired_on = today
    locked.version += 1
    locked.save(update_fields=["retired_on", "version"])
    ended = ContactRole.objects.filter(contact=locked, ends_on=None)
    count = ended.filter(starts_on__lte=today).update(ends_on=today)
    detail = {"contact": locked.name, "roles_ended": count}
    record(actor=actor, verb="company.retire-contact", target=company, reason=reason, detail=detail)
    return locked


@action("company.restore-contact", gettext_lazy("恢复联系人"))
def restore_contact(*, actor: Account, contact: Contact) -> Contact:
    """Take a retired contact back into use; ended roles stay ended."""
    company, locked = _locked(actor, contact)
    if locked.retired_on is None:
        return locked
    locked.retired_on = None
    locked.version += 1
    locked.save(update_fields=["retired_on", "version"])
    record(actor=actor, verb="company.restore-contact", target=company, detail={"contact": locked.name})
    return locked


@action("project.add-contact-role", gettext_lazy("指定联系人角色"))
def assign_contact_role(
    *, actor: Account, project: Project, contact: Contact, part: str, starts_on: date | None = None
) -> ContactRole:
    """Say what a contact is in a project (联系人角色).

    The contact is of the project's company or of its group; an intermediary may come from any company in sight.
    """
    locked = _locked_project(actor, project)
    person = contacts_visible_to(actor).select_related("company").filter(pk=contact.pk).first()
    if person is None:
        raise NotFound(_("没有这位联系人，或您不能查看。"))
    _check_part(locked, person, part)
    day = starts_on or timezone.localdate()
    if ContactRole.objects.filter(contact=person, project=locked, part=part, ends_on=None).exists():
        sentence = _("“%(name)s”在本项目已是%(part)s。") % {
            "name": person.name,
            "part": ContactPart(part).label,
        }
        raise Refused(sentence, fields={"part": sentence})
    role = ContactRole.objects.create(contact=person, project=locked, part=part, starts_on=day)
    detail = {"contact": person.name, "part": str(ContactPart(part).label), "from": day.isoformat()}
    record(actor=actor, verb="project.add-contact-role", target=locked, detail=detail)
    return role


@action("project.end-contact-role", gettext_lazy("结束联系人角色"))
def end_contact_role(*, actor: Account, role: ContactRole, ends_on: date | None = None) -> ContactRole:
    """End a contact's part in a project with a day (today unless given); the past stays readable."""
    project = _locked_project(actor, role.project)
    locked = ContactRole.objects.select_for_update().select_related("contact").get(pk=role.pk)
    if locked.ends_on is not None:
        raise Refused(_("这个联系人角色已经结束。"))
    day = ends_on or timezone.localdate()
    if day < locked.starts_on:
        sentence = _("结束日期不能早于开始日期 %(day)s。") % {"day": locked.starts_on.isoformat()}
        raise Refused(sentence, fields={"ends_on": sentence})
    locked.ends_on = day
    locked.save(update_fields=["ends_on"])
    detail = {
        "contact": locked.contact.name,
        "part": str(locked.get_part_display()),
        "until": day.isoformat(),
    }
    record(actor=actor, verb="project.end-contact-role", target=project, detail=detail)
    return locked


def _locked(actor: Account, contact: Contact) -> tuple[Company, Contact]:
    """The contact with its company, both locked, for somebody who may change the company."""
    company = locked_company(actor, Company(pk=contact.company_id))
    locked = Contact.objects.select_for_update().filter(pk=contact.pk, company=company).first()
    if locked is None:
        raise NotFound(_("没有这位联系人，或您不能查看。"))
    return company, locked


def _locked_project(actor: Account, project: Project) -> Project:
    locked = projects_visible_to(actor).select_for_update().filter(pk=project.pk).first()
    if locked is None:
        raise NotFound(_("没有这个项目，或您不能查看它。"))
    if not can_change(actor, locked):
        raise NotAllowed(_("只有项目的服务专员、份额持有人、队长和分管领导可以指定联系人角色。"))
    return locked


def _check_part(project: Project, contact: Contact, part: str) -> None:
    if part not in ContactPart.values:
        raise Refused(_("没有这种联系人角色；请从列表中选择。"), fields={"part": _("请从列表中选择。")})
    if contact.retired_on is not None:
        sentence = _("联系人“%(name)s”已停用；请另选一位或先恢复。") % {"name": contact.name}
        raise Refused(sentence, fields={"contact": sentence})
    near = Q(pk=project.company_id)
    group = project.company.group_id
    if group is not None:
        near |= Q(group=group)
    if part != ContactPart.INTERMEDIARY and not Company.objects.filter(near, pk=contact.company_id).exists():
        sentence = _("“%(name)s”不是本项目企业或其集团的联系人；其他企业的人只能作中介。") % {
            "name": contact.name
        }
        raise Refused(sentence, fields={"contact": sentence})


def _checked(given: dict[str, str]) -> dict[str, str]:
    """The values as they are stored. Raises Refused with a sentence per field."""
    values = {key: (value or "").strip() for key, value in given.items()}
    wrong: dict[str, str] = {}
    if "name" in values and not values["name"]:
        wrong["name"] = _("请填写姓名。")
    if values.get("phone"):
        values["phone"] = normalised(values["phone"])
        if sentence := fault(values["phone"]):
            wrong["phone"] = sentence
    for key, value in values.items():
        if len(value) > CONTACT_FIELDS[key]:
            wrong[key] = _("最多 %(limit)s 个字。") % {"limit": CONTACT_FIELDS[key]}
    if values.get("email"):
        try:
            validate_email(values["email"])
        except ValidationError:
            wrong["email"] = _("电子邮箱“%(email)s”不完整，应如 name@example.com。") % {
                "email": values["email"]
            }
    if wrong:
        raise Refused(_("联系人没有保存：%(what)s") % {"what": "".join(wrong.values())}, fields=wrong)
    return values


def _refuse_second(company: Company, name: str, phone: str, *, but: Contact | None) -> None:
    same = company.contacts.filter(name=name, phone=phone, retired_on=None)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise Refused(
            _("联系人“%(name)s”已经在这家企业下。") % {"name": name}, fields={"name": _("已有这位联系人。")}
        )
