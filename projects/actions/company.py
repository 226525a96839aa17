"""Companies after their first lead: correcting their record, and the people to talk to there."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import can_log_leads, companies_visible_to
from projects.credit_code import checked
from projects.models import Company, Contact
from promotion.action import action, check_version, record
from promotion.chinese import fold, pinyin
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account

FIELDS = ("name", "english_name", "credit_code", "country", "region", "website")


@action("company.change", gettext_lazy("修改企业"))
def change_company(*, actor: Account, company: Company, seen: int | None = None, **fields: str) -> Company:
    """Correct a company's record (企业); `fields` are any of FIELDS. Nothing is written when nothing differs.

    Raises NotFound for a company out of sight, NotAllowed, Conflict for an older version, Refused for a wrong code, or
    a name that another company has.
    """
    locked = _locked(actor, company)
    check_version(seen=seen, current=locked)
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise Refused(_("企业没有这些字段：%(names)s。") % {"names": "、".join(unknown)})
    wanted = {name: value.strip() for name, value in fields.items()}
    if "credit_code" in wanted:
        wanted["credit_code"] = checked(wanted["credit_code"])
    if "name" in wanted:
        _check_name(locked, wanted["name"])
    before = {name: getattr(locked, name) for name, value in wanted.items() if getattr(locked, name) != value}
    if not before:
        return locked
    for name in before:
        setattr(locked, name, wanted[name])
    locked.version += 1
    locked.save(update_fields=[*before, "version", "name"])
    detail = {name: [old, wanted[name]] for name, old in before.items()}
    record(actor=actor, verb="company.change", target=locked, detail=detail)
    return locked


@action("company.add-contact", gettext_lazy("添加联系人"))
def add_contact(
    *, actor: Account, company: Company, name: str, title: str = "", phone: str = "", email: str = ""
) -> Contact:
    """Add a person to talk to (联系人). Raises Refused for one without a name or already there."""
    locked = _locked(actor, company)
    name, phone = name.strip(), phone.strip()
    if not name:
        raise Refused(_("请填写联系人姓名。"), fields={"name": _("请填写姓名。")})
    if locked.contacts.filter(name=name, phone=phone).exists():
        raise Refused(
            _("联系人“%(name)s”已经在这家企业下。") % {"name": name}, fields={"name": _("已有这位联系人。")}
        )
    contact = Contact.objects.create(
        company=locked, name=name, title=title.strip(), phone=phone, email=email.strip()
    )
    record(actor=actor, verb="company.add-contact", target=locked, detail={"contact": name})
    return contact


def _locked(actor: Account, company: Company) -> Company:
    """The company from the visible set, locked, for somebody who works on projects."""
    locked = companies_visible_to(actor).select_for_update().filter(pk=company.pk).first()
    if locked is None:
        raise NotFound(_("没有这家企业，或您不能查看它。"))
    if not can_log_leads(actor):
        raise NotAllowed(_("您的角色只能查看企业；请交给招商专员、队长或分管领导修改。"))
    return locked


def _check_name(company: Company, name: str) -> None:
    if len(fold(name)) < 2:
        raise Refused(_("请填写企业名称（至少两个字）。"), fields={"name": _("至少两个字。")})
    others = Company.objects.filter(pinyin=pinyin(name)).exclude(pk=company.pk)
    if any(fold(other.name) == fold(name) for other in others):
        sentence = _("已有另一家同名企业；若是同一家，请在那家企业下记项目。")
        raise Refused(sentence, fields={"name": sentence})
