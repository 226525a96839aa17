"""Companies after their first lead: correcting their record."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.actions.company_name import group_called, locked_company, refresh_names
from projects.actions.reception_rows import refuse_taken
from projects.credit_code import checked
from projects.models import Company, FirstReception
from projects.queries.company_name import exactly_named, same_name
from promotion.action import action, check_version, record
from promotion.chinese import fold
from promotion.errors import Refused
from staff.access import teams_of
from staff.models import Account

FIELDS = (
    "name",
    "reading",
    "english_name",
    "credit_code",
    "country",
    "region",
    "address",
    "controller",
    "website",
    "group",
)  # fmt: skip
READING = re.compile(r"^[a-z0-9ü' ]*$")


@action("company.change", gettext_lazy("修改企业"))
def change_company(
    *,
    actor: Account,
    company: Company,
    seen: int | None = None,
    distinct_reason: str = "",
    **fields: str,
) -> Company:
    """Correct a company's record (企业); `fields` are any of FIELDS, the group by its name (a new name makes a new group).

    Nothing is written when nothing differs. Raises NotFound for a company out of sight, NotAllowed, Conflict for an older
    version, Refused for a wrong code, or a name that another company has; a new name that is, apart from its form, that of a
    company another team protects, needs `distinct_reason`.
    """
    locked = locked_company(actor, company)
    check_version(seen=seen, current=locked)
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise Refused(_("企业没有这些字段：%(names)s。") % {"names": "、".join(unknown)})
    wanted = _cleaned(locked, {name: (value or "").strip() for name, value in fields.items()})
    if "group" in fields:
        wanted["group"] = group_called(actor, fields["group"] or "")
    before = {name: getattr(locked, name) for name, value in wanted.items() if getattr(locked, name) != value}
    if not before:
        return locked
    for name in before:
        setattr(locked, name, wanted[name])
    distinct = _refuse_taken_name(actor, locked, wanted, distinct_reason) if "name" in before else {}
    locked.version += 1
    locked.save(update_fields=[*before, "version", "name"])
    if "group" in before:
        refresh_names(locked)
    detail = {name: [_told(old), _told(wanted[name])] for name, old in before.items()}
    record(actor=actor, verb="company.change", target=locked, detail=detail | distinct)
    return locked


def _refuse_taken_name(
    actor: Account, company: Company, wanted: dict[str, Any], distinct_reason: str
) -> dict[str, str]:
    """The conflict check of a new name, for the team that holds this company, else the actor's own."""
    held = FirstReception.objects.filter(company=company, released_at=None).select_related("team").first()
    team = held.team if held is not None else teams_of(actor).first()
    if team is None:
        return {}
    return refuse_taken(
        name=wanted["name"],
        credit_code=wanted.get("credit_code", company.credit_code),
        team=team,
        distinct_reason=distinct_reason,
        field="name",
        besides=company,
    )


def _cleaned(company: Company, given: dict[str, str]) -> dict[str, Any]:
    """The values as the model's fields take them, without the group. Raises Refused with a sentence per field."""
    wanted: dict[str, Any] = {name: value for name, value in given.items() if name != "group"}
    if "credit_code" in wanted:
        wanted["credit_code"] = checked(wanted["credit_code"])
    if "name" in wanted:
        _check_name(company, wanted["name"])
    if "reading" in wanted:
        wanted["reading"] = checked_reading(wanted["reading"])
    if "country" in wanted:
        wanted["country"] = wanted["country"] or _("中国")
    wrong = {}
    for name, value in wanted.items():
        try:
            Company._meta.get_field(name).clean(value, company)  # type: ignore[union-attr]
        except ValidationError as error:
            wrong[name] = "".join(error.messages)
    if wrong:
        raise Refused(_("企业没有保存：%(what)s") % {"what": "".join(wrong.values())}, fields=wrong)
    return wanted


def checked_reading(text: str) -> str:
    """A reading spelt syllable by syllable, or empty. Raises Refused for anything but letters."""
    reading = " ".join(text.lower().split())
    if not READING.match(reading):
        sentence = _("读音请用不带声调的拼音，音节之间空一格，如“chong qing”。")
        raise Refused(sentence, fields={"reading": sentence})
    return reading


def _check_name(company: Company, name: str) -> None:
    if len(fold(name)) < 2:
        raise Refused(_("请填写企业名称（至少两个字）。"), fields={"name": _("至少两个字。")})
    others = Company.objects.filter(exactly_named(name), merged_into=None).exclude(pk=company.pk)
    if any(same_name(other, name) for other in others):
        sentence = _("已有另一家同名企业；若是同一家，请在那家企业下记项目。")
        raise Refused(sentence, fields={"name": sentence})


def _told(value: Any) -> Any:
    return value if isinstance(value, str) else str(value or "")
