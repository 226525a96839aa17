"""The staff file: people added and changed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import can_change_roster, people_visible_to
from staff.actions.language_rows import checked_languages, settle_languages
from staff.models import Account, Identity, Person
from staff.queries import with_languages

FIELDS = ("name", "identity", "home_unit", "phone", "email", "languages", "joined_on", "left_on")


@action("person.add", gettext_lazy("登记人员"))
def add_person(
    *,
    actor: Account,
    staff_number: str,
    name: str,
    joined_on: date,
    identity: str = Identity.CONTRACT,
    home_unit: str = "",
    phone: str = "",
    email: str = "",
    languages: str = "",
    left_on: date | None = None,
    is_demo: bool = False,
) -> Person:
    """Put a person into the staff file. Raises Conflict when the staff number is taken."""
    _need_roster(actor)
    spoken = checked_languages(languages)
    if not name.strip() or not staff_number.strip():
        raise Refused(_("工号和姓名都要填写。"))
    taken = Person.objects.filter(staff_number=staff_number.strip()).first()
    if taken is not None:
        sentence = _("工号 %(number)s 已属于%(name)s。") % {
            "number": staff_number.strip(),
            "name": taken.name,
        }
        raise Conflict(sentence, fields={"staff_number": sentence})
    person = Person.objects.create(
        staff_number=staff_number.strip(),
        name=name.strip(),
        joined_on=joined_on,
        identity=Identity(identity),
        home_unit=home_unit.strip(),
        phone=phone,
        email=email,
        left_on=left_on,
        is_demo=is_demo,
    )
    settle_languages({person: spoken}, timezone.localdate())
    record(actor=actor, verb="person.add", target=person, detail={"staff_number": person.staff_number})
    return person


@action("person.change", gettext_lazy("修改人员资料"))
def change_person(
    *, actor: Account, person: Person, seen: Mapping[str, Any] | None = None, **changes: Any
) -> Person:
    """Change what the staff file says of a person; the staff number stays.

    `seen` holds the values that the form was drawn from: where one of them has been changed by somebody else since,
    Conflict names the field. Raises Refused for a nameless person or a field that is not of the staff file.
    """
    people = people_visible_to(actor).select_for_update(of=("self",))
    found = with_languages(people).filter(pk=person.pk).first()
    if found is None:
        raise NotFound(_("没有这个人。"))
    _need_roster(actor)
    if unknown := set(changes) - set(FIELDS):
        raise Refused(_("人员资料没有这些项目：%(names)s。") % {"names": "、".join(sorted(unknown))})
    if "name" in changes and not changes["name"].strip():
        raise Refused(_("姓名不能空着。"), fields={"name": _("姓名不能空着。")})
    _check_seen(found, seen or {})
    if "languages" in changes:
        changes["languages"] = checked_languages(changes["languages"])
    detail = {
        name: [str(getattr(found, name) or ""), str(value or "")]
        for name, value in changes.items()
        if getattr(found, name) != value
    }
    for name, value in changes.items():
        setattr(found, name, value)
    if detail:
        found.save()
        if "languages" in detail:
            settle_languages({found: changes["languages"]}, timezone.localdate())
        record(actor=actor, verb="person.change", target=found, detail=detail)
    return found


def _check_seen(person: Person, seen: Mapping[str, Any]) -> None:
    for name, value in seen.items():
        if name in FIELDS and str(getattr(person, name) or "") != str(value or ""):
            label = _("外语") if name == "languages" else _label(name)
            raise Conflict(
                _(
                    "您打开页面之后，%(label)s已被他人改为“%(value)s”。您填写的内容没有保存也没有丢失，请核对后再提交一次。"
                )
                % {"label": label, "value": getattr(person, name) or "—"}
            )


def _label(name: str) -> str:
    return str(Person._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _need_roster(actor: Account) -> None:
    if not can_change_roster(actor):
        raise NotAllowed(_("只有人事和系统管理员可以修改人员资料。"))
