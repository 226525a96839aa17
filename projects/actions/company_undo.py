"""Taking a merge of companies apart again: exactly what moved goes back, or nothing does."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import can_merge, merges_visible_to
from projects.actions.company_merge import SETTLED, announce_merge, columns, plain, repoint
from projects.actions.company_name import refresh_all
from projects.models import Company, CompanyAlias, CompanyMerge, FirstReception, Project
from projects.queries.company_merge import may_still_be_undone, relation_of
from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account


@action("company.undo-merge", gettext_lazy("拆回企业"))
def undo_merge(*, actor: Account, merge: CompanyMerge, reason: str) -> CompanyMerge:
    """Take a merge apart: exactly what moved goes back, as long as nothing of it was changed since.

    Raises Refused with a sentence when it was: the time is over, a moved row was moved or deleted, a field was changed,
    another company was merged on top, or somebody claimed the investor anew.
    """
    found = merges_visible_to(actor).filter(pk=merge.pk).first()
    if found is None:
        raise NotFound(_("没有这次合并，或您不能查看它。"))
    kept, lost = _lock_merged(found)
    found = CompanyMerge.objects.select_for_update().get(pk=found.pk)
    if not can_merge(actor, [kept]):
        raise NotAllowed(_("只有分管领导，以及能看到全部相关项目的队长可以拆回；请联系他们。"))
    reason = reason.strip()
    _check_undo(found, kept, lost, reason)
    _take_back_names(found)
    _restore_fields(found, kept)
    for key, pks in found.moved.items():
        repoint(relation_of(key), pks, lost)
    _unsettle(found)
    lost.merged_into, lost.version = None, lost.version + 1
    lost.save(update_fields=["merged_into", "version"])
    refresh_all([kept, lost])
    found.undone_by, found.undone_at, found.undo_reason = actor, timezone.now(), reason[:300]
    found.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    detail = {"kept": str(kept), "lost": str(lost), "moved": found.moved}
    record(actor=actor, verb="company.undo-merge", target=kept, reason=reason, detail=detail)
    record(
        actor=actor, verb="company.undo-merge", target=lost, reason=reason, detail={"kept": kept.public_id}
    )
    announce_merge(actor, found, _("“%(lost)s”已从“%(kept)s”拆回，您的项目回到原企业，业绩归属不变。"))
    return found


def _lock_merged(merge: CompanyMerge) -> tuple[Company, Company]:
    pair = [merge.kept_id, merge.lost_id]
    list(
        Project.objects.select_for_update()
        .filter(company__in=pair)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    rows = {row.pk: row for row in Company.objects.select_for_update().filter(pk__in=pair).order_by("pk")}
    return rows[merge.kept_id], rows[merge.lost_id]


def _check_undo(merge: CompanyMerge, kept: Company, lost: Company, reason: str) -> None:
    """Raise Refused with the first thing that stands in the way of restoring exactly what was."""
    if merge.undone_at is not None:
        raise Conflict(_("这次合并已经拆回；请刷新页面。"))
    if not reason:
        raise Refused(_("请填写拆回的理由。"), fields={"reason": _("请填写理由。")})
    sentence = (
        _time_over(merge)
        or _merged_on_top(kept, lost)
        or _field_changed(merge, kept)
        or _code_taken(merge, kept, lost)
        or next((told for key, pks in merge.moved.items() if (told := _row_changed(key, pks, kept))), "")
        or _claimed_anew(merge, kept, lost)
    )
    if sentence:
        raise Refused(_("不能拆回：%(why)s") % {"why": sentence})


def _time_over(merge: CompanyMerge) -> str:
    if may_still_be_undone(merge):
        return ""
    return _("合并已超过 30 天，按现状继续；确需分开时请新建企业并移交项目。")


def _merged_on_top(kept: Company, lost: Company) -> str:
    if kept.merged_into_id is not None:
        return _("“%(kept)s”后来又并入了“%(other)s”；请先拆回那一次合并。") % {
            "kept": kept.name,
            "other": kept.merged_into,
        }
    if lost.merged_into_id != kept.pk:
        return _("“%(lost)s”已不在“%(kept)s”名下。") % {"lost": lost.name, "kept": kept.name}
    return ""


def _field_changed(merge: CompanyMerge, kept: Company) -> str:
    for name, (_before, after) in merge.changed.items():
        if plain(getattr(kept, name)) != after:
            label = Company._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            return _("合并后“%(field)s”又被修改；请先改回合并时的内容。") % {"field": label}
    return ""


def _code_taken(merge: CompanyMerge, kept: Company, lost: Company) -> str:
    for company, code in ((lost, lost.credit_code), (kept, merge.changed.get("credit_code", [""])[0])):
        others = Company.objects.filter(credit_code=code, merged_into=None).exclude(pk__in=[kept.pk, lost.pk])
        if code and others.exists():
            return _("“%(company)s”原来的统一社会信用代码已登记在另一家企业。") % {"company": company.name}
    return ""


def _row_changed(key: str, pks: list[Any], kept: Company) -> str:
    relation = relation_of(key)
    there = relation.rows(kept).filter(pk__in=pks).count()
    if there == len(pks):
        return ""
    return _("合并时转移的“%(kind)s”中有 %(count)s 条已被删除或改挂到别处。") % {
        "kind": relation.label,
        "count": len(pks) - there,
    }


def _claimed_anew(merge: CompanyMerge, kept: Company, lost: Company) -> str:
    """A first reception that gave way comes back only to where nobody holds one now, and only as it was left."""
    for row in merge.settled:
        current = FirstReception.objects.filter(pk=row["pk"]).first()
        if current is None or columns(current, SETTLED) != row["after"]:
            return _("让位的首报首接合并后又有变动。")
    moved = set(merge.moved.get("projects.FirstReception.company", []))
    live = FirstReception.objects.filter(company=kept, released_at=None).exclude(pk__in=moved)
    restored = [row["pk"] for row in merge.settled if row["pk"] not in moved]
    if restored and live.exists():
        return _("合并后“%(kept)s”又有新的首报首接。") % {"kept": kept.name}
    ended = FirstReception.objects.filter(pk__in=moved, released_at__gt=merge.merged_at)
    if ended.exclude(pk__in=[row["pk"] for row in merge.settled]).exists():
        return _("合并时转移的首报首接后来已终止。")
    return ""


def _take_back_names(merge: CompanyMerge) -> None:
    CompanyAlias.objects.filter(pk__in=merge.added, company=merge.kept_id).delete()


def _restore_fields(merge: CompanyMerge, kept: Company) -> None:
    for name, (before, _after) in merge.changed.items():
        field = Company._meta.get_field(name)
        setattr(kept, field.attname, before)  # type: ignore[union-attr]
    kept.version += 1
    kept.save(update_fields=[*merge.changed, "name", "version"])


def _unsettle(merge: CompanyMerge) -> None:
    for row in merge.settled:
        reception = FirstReception.objects.get(pk=row["pk"])
        for name, value in row["before"].items():
            setattr(reception, name, FirstReception._meta.get_field(name).to_python(value))  # type: ignore[union-attr]
        reception.save(update_fields=list(row["before"]))
