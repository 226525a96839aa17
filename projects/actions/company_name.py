"""Other names of a company, and groups of companies; each change brings the search columns of the companies in step."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import can_log_leads, companies_visible_to, groups_visible_to
from projects.models import AliasKind, Company, CompanyAlias, CompanyGroup
from projects.queries.company_name import exactly_named, same_name
from promotion.action import action, check_version, record
from promotion.chinese import fold
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account

LONGEST_NAME, LONGEST_GROUP = 160, 120


@action("company.add-alias", gettext_lazy("添加别名"))
def add_alias(
    *,
    actor: Account,
    company: Company,
    name: str,
    kind: str = AliasKind.ALIAS,
    note: str = "",
    reading: str = "",
) -> CompanyAlias:
    """Say what else a company is called (别名). Raises Refused for a name it has already, or one that is another company's own."""
    locked = locked_company(actor, company)
    name = " ".join(name.split())
    _check_alias(locked, name, kind)
    alias = CompanyAlias.objects.create(
        company=locked,
        name=name,
        kind=kind,
        note=note.strip()[:200],
        reading=reading.strip().lower(),
        created_by=actor,
    )
    refresh_names(locked)
    detail = {"alias": name, "kind": str(AliasKind(kind).label)}
    record(actor=actor, verb="company.add-alias", target=locked, reason=note.strip()[:200], detail=detail)
    return alias


@action("company.remove-alias", gettext_lazy("删除别名"))
def remove_alias(*, actor: Account, alias: CompanyAlias, reason: str) -> None:
    """Take another name off a company, with a reason. Raises NotFound for one that is gone."""
    locked = locked_company(actor, alias.company)
    found = CompanyAlias.objects.select_for_update().filter(pk=alias.pk, company=locked).first()
    if found is None:
        raise NotFound(_("没有这个别名，可能已被删除。"))
    reason = reason.strip()
    if not reason:
        raise Refused(_("请填写删除别名的理由。"), fields={"reason": _("请填写理由。")})
    found.delete()
    refresh_names(locked)
    detail = {"alias": found.name, "kind": str(found.get_kind_display())}
    record(actor=actor, verb="company.remove-alias", target=locked, reason=reason, detail=detail)


@action("company-group.create", gettext_lazy("建立集团"))
def create_group(
    *, actor: Account, name: str, country: str = "", parent: str = "", reading: str = ""
) -> CompanyGroup:
    """Make a group (集团) by its name, under a larger one if `parent` names one. Raises Refused for a name that there is."""
    if not can_log_leads(actor):
        raise NotAllowed(_("您的角色不能建立集团；请交给招商专员、队长或分管领导。"))
    name = " ".join(name.split())
    _check_group_name(name)
    if CompanyGroup.objects.filter(folded=fold(name)).exists():
        sentence = _("已有集团“%(name)s”；请在企业资料的“所属集团”中填写它。") % {"name": name}
        raise Refused(sentence, fields={"name": sentence})
    return _new_group(actor, name, country=country, reading=reading, parent=group_called(actor, parent))


@action("company-group.change", gettext_lazy("修改集团"))
def change_group(
    *, actor: Account, group: CompanyGroup, seen: int | None = None, **fields: str
) -> CompanyGroup:
    """Correct a group: name, reading, country, parent (by name). Its companies are found by the new name at once."""
    locked = groups_visible_to(actor).select_for_update().filter(pk=group.pk).first()
    if locked is None:
        raise NotFound(_("没有这个集团，或您不能查看它。"))
    if not can_log_leads(actor):
        raise NotAllowed(_("您的角色只能查看集团；请交给招商专员、队长或分管领导修改。"))
    check_version(seen=seen, current=locked)
    wanted = _group_values(actor, locked, fields)
    before = {key: getattr(locked, key) for key, value in wanted.items() if getattr(locked, key) != value}
    if not before:
        return locked
    for key in before:
        setattr(locked, key, wanted[key])
    locked.version += 1
    locked.save(update_fields=[*before, "version", "name"])
    refresh_all(locked.companies.all())
    detail = {key: [str(old or ""), str(wanted[key] or "")] for key, old in before.items()}
    record(actor=actor, verb="company-group.change", target=locked, detail=detail)
    return locked


def locked_company(actor: Account, company: Company) -> Company:
    """The company from the visible set, locked, for somebody who works on projects."""
    locked = companies_visible_to(actor).select_for_update().filter(pk=company.pk).first()
    if locked is None:
        raise NotFound(_("没有这家企业，或您不能查看它。"))
    if not can_log_leads(actor):
        raise NotAllowed(_("您的角色只能查看企业；请交给招商专员、队长或分管领导修改。"))
    return locked


def group_called(actor: Account, name: str) -> CompanyGroup | None:
    """The group of exactly this name, a new one when there is none; None for no name."""
    name = " ".join(name.split())
    if not name:
        return None
    _check_group_name(name, key="group")
    return CompanyGroup.objects.filter(folded=fold(name)).first() or _new_group(actor, name)


def refresh_names(company: Company) -> None:
    """Bring what a company is found by in step with its aliases and group."""
    refresh_all([company])


def refresh_all(companies: Iterable[Company]) -> None:
    """The same for many, in two queries and one write."""
    rows = list(companies)
    aliases: dict[int, list[CompanyAlias]] = {row.pk: [] for row in rows}
    for alias in CompanyAlias.objects.filter(company__in=rows).order_by("kind", "id"):
        aliases[alias.company_id].append(alias)
    groups = CompanyGroup.objects.in_bulk([row.group_id for row in rows if row.group_id])
    for row in rows:
        named = [*aliases[row.pk], *([groups[row.group_id]] if row.group_id else [])]
        row.other_names = "\n".join(each.name for each in named)
        row.other_readings = "\n".join(reading for each in named for reading in (each.pinyin, each.initials))
        row.fill_search_columns()
    Company.objects.bulk_update(
        rows, ["other_names", "other_readings", "grams", "pinyin", "initials"], batch_size=500
    )


def _check_alias(company: Company, name: str, kind: str) -> None:
    sentence = ""
    if not len(fold(name)) >= 2 or len(name) > LONGEST_NAME:
        sentence = _("别名应为 2 至 160 个字。")
    elif kind not in AliasKind.values:
        raise Refused(_("没有这种别名类型；请从列表中选择。"), fields={"kind": _("请从列表中选择。")})
    elif fold(name) in {fold(company.name), fold(company.english_name)}:
        sentence = _("“%(name)s”就是这家企业现在的名称，不必再记为别名。") % {"name": name}
    elif company.aliases.filter(folded=fold(name)).exists():
        sentence = _("这家企业已有别名“%(name)s”。") % {"name": name}
    elif any(
        same_name(other, name)
        for other in Company.objects.filter(exactly_named(name), merged_into=None).exclude(pk=company.pk)
    ):
        sentence = _("“%(name)s”是另一家企业现在的名称；若是同一家，请由分管领导合并两家企业。") % {
            "name": name
        }
    if sentence:
        raise Refused(sentence, fields={"name": sentence})


def _check_group_name(name: str, key: str = "name") -> None:
    if not len(fold(name)) >= 2 or len(name) > LONGEST_GROUP:
        sentence = _("集团名称应为 2 至 120 个字。")
        raise Refused(sentence, fields={key: sentence})


def _new_group(
    actor: Account, name: str, *, country: str = "", reading: str = "", parent: CompanyGroup | None = None
) -> CompanyGroup:
    group = CompanyGroup.objects.create(
        name=name,
        country=country.strip()[:40],
        reading=reading.strip().lower()[:200],
        parent=parent,
        created_by=actor,
    )
    record(actor=actor, verb="company-group.create", target=group)
    return group


def _group_values(actor: Account, group: CompanyGroup, fields: dict[str, str]) -> dict[str, object]:
    unknown = sorted(set(fields) - {"name", "reading", "country", "parent"})
    if unknown:
        raise Refused(_("集团没有这些字段：%(names)s。") % {"names": "、".join(unknown)})
    given = {key: " ".join((value or "").split()) for key, value in fields.items()}
    wanted: dict[str, object] = {key: value for key, value in given.items() if key != "parent"}
    if "name" in given:
        _check_group_name(given["name"])
        if CompanyGroup.objects.filter(folded=fold(given["name"])).exclude(pk=group.pk).exists():
            sentence = _("已有另一个集团叫“%(name)s”。") % {"name": given["name"]}
            raise Refused(sentence, fields={"name": sentence})
    if "parent" in given:
        parent = group_called(actor, given["parent"])
        _check_parent(group, parent)
        wanted["parent"] = parent
    return wanted


def _check_parent(group: CompanyGroup, parent: CompanyGroup | None) -> None:
    """A group does not stand above itself, however many steps up."""
    above = parent
    for _step in range(20):
        if above is None:
            return
        if above.pk == group.pk:
            break
        above = above.parent
    sentence = _("“%(name)s”在这个集团之下，不能作它的上级。") % {"name": parent}
    raise Refused(sentence, fields={"parent": sentence})
