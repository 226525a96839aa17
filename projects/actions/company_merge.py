"""Two rows that are one company: merging them field by field with everything that hangs on them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import can_merge, companies_visible_to
from projects.actions.company_name import refresh_all
from projects.credit_code import fault
from projects.models import (
    AliasKind,
    Company,
    CompanyAlias,
    CompanyMerge,
    FirstReception,
    Project,
    ReceptionEnd,
)
from projects.queries.company_merge import (
    CHOSEN_FIELDS,
    Preview,
    Relation,
    chosen_of,
    preview_merge,
    relations,
)
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.chinese import fold
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account

KEPT, LOST = "kept", "lost"
SETTLED = ("released_at", "ending", "end_reason")


@action("company.merge", gettext_lazy("合并企业"))
def merge_companies(
    *,
    actor: Account,
    kept: Company,
    lost: Company,
    reason: str,
    choices: Mapping[str, str] | None = None,
    reception: str = "",
    seen_kept: int | None = None,
    seen_lost: int | None = None,
) -> CompanyMerge:
    """Make `lost` part of `kept`: its rows hang on `kept`, its names become aliases, its address leads there.

    `choices` says per field whose value stays ("kept" or "lost"); `reception` whose first reception holds when both have
    one. Credit (shares, ledger) hangs on projects and keeps its value. Raises Conflict when somebody merged or changed
    one of them first, Refused for what must be decided.
    """
    kept, lost = _lock_both(actor, kept, lost)
    check_version(seen=seen_kept, current=kept)
    check_version(seen=seen_lost, current=lost)
    reason = reason.strip()
    taken = _decided(kept, lost, choices or {}, reception, reason)
    merge = CompanyMerge(kept=kept, lost=lost, reason=reason[:300], merged_by=actor)
    merge.settled = _settle_receptions(kept, lost, reception)
    merge.moved = {}
    for relation in relations():
        moved = _move(relation, lost, kept)
        if moved:
            merge.moved[relation.key] = moved
    lost.merged_into, lost.version = kept, lost.version + 1
    lost.save(update_fields=["merged_into", "version"])
    names = [kept.name, lost.name, kept.english_name, lost.english_name]
    merge.changed = _take(kept, lost, taken)
    merge.added = _keep_names(actor, kept, lost, names)
    refresh_all([kept])
    merge.save()
    counts = {key: len(pks) for key, pks in merge.moved.items()}
    detail = {
        "kept": str(kept),
        "lost": str(lost),
        "moved": merge.moved,
        "changed": merge.changed,
        "counts": counts,
    }
    record(actor=actor, verb="company.merge", target=kept, reason=reason, detail=detail)
    record(actor=actor, verb="company.merge", target=lost, reason=reason, detail={"kept": kept.public_id})
    announce_merge(actor, merge, _("“%(lost)s”已并入“%(kept)s”，您的项目已随之转移，业绩归属不变。"))
    return merge


def _lock_both(actor: Account, kept: Company, lost: Company) -> tuple[Company, Company]:
    """Both companies, locked in one order after their projects, so that merges and leads wait and never stand in each other's way."""
    if kept.pk == lost.pk:
        raise Refused(_("企业不能并入自己；请选择两家不同的企业。"))
    pair = [kept.pk, lost.pk]
    list(
        Project.objects.select_for_update()
        .filter(company__in=pair)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    visible = companies_visible_to(actor).filter(pk__in=pair).select_for_update(of=("self",)).order_by("pk")
    rows = {row.pk: row for row in visible}
    if len(rows) < 2:
        _refuse_merged(pair)
        raise NotFound(_("没有这家企业，或您不能查看它。"))
    if not can_merge(actor, rows.values()):
        raise NotAllowed(_("只有分管领导，以及能看到两家企业全部项目的队长可以合并；请联系他们。"))
    return rows[kept.pk], rows[lost.pk]


def _refuse_merged(pair: Iterable[int]) -> None:
    """Say who was faster, when one of the two has been merged meanwhile."""
    done = CompanyMerge.objects.filter(lost__in=pair, undone_at=None).select_related(
        "kept", "lost", "merged_by"
    )
    merge = done.first()
    if merge is not None:
        raise Conflict(
            _("%(who)s 刚刚已把“%(lost)s”并入“%(kept)s”，您的合并没有执行；请刷新后查看合并结果。")
            % {"who": merge.merged_by.display_name, "lost": merge.lost.name, "kept": merge.kept.name}
        )


def _decided(
    kept: Company, lost: Company, choices: Mapping[str, str], reception: str, reason: str
) -> dict[str, str]:
    """Whose value each field takes. Raises Refused for what nobody decided, all of it at once."""
    preview = preview_merge(kept, lost)
    wrong = {name: _("请选择保留哪一个。") for name, side in choices.items() if side not in (KEPT, LOST)}
    wrong |= {name: _("没有这个字段。") for name in choices if name not in CHOSEN_FIELDS}
    taken = chosen_of(kept, lost) | dict(choices)
    if "credit_code" not in taken:
        wrong["credit_code"] = _("两家企业的统一社会信用代码不同，请核对营业执照后选择保留哪一个。")
    elif sentence := _code_fault(kept, lost, taken["credit_code"]):
        wrong["credit_code"] = sentence
    if preview.receptions and reception not in (KEPT, LOST):
        wrong["reception"] = _("两家企业都有有效的首报首接，请明确由哪一个继续有效。")
    if not reason:
        wrong["reason"] = _("请填写合并的理由。")
    if wrong:
        raise Refused(
            _("企业没有合并：%(what)s") % {"what": "".join(dict.fromkeys(wrong.values()))}, fields=wrong
        )
    _refuse_open_case(preview)
    return taken


def _code_fault(kept: Company, lost: Company, side: str) -> str:
    code = (lost if side == LOST else kept).credit_code
    return fault(code) if code else ""


def _refuse_open_case(preview: Preview) -> None:
    if preview.open_cases:
        raise Refused(_("其中一个首报首接正在仲裁，结案前不能合并；请先作出裁决。"))


def _settle_receptions(kept: Company, lost: Company, holding: str) -> list[dict[str, Any]]:
    """End the first reception that gives way; gives its columns before and after, for the way back."""
    live = FirstReception.objects.select_for_update().filter(released_at=None)
    rows = {row.company_id: row for row in live.filter(company__in=[kept, lost])}
    if len(rows) < 2:
        return []
    ending = rows[lost.pk if holding == KEPT else kept.pk]
    before = columns(ending, SETTLED)
    ending.released_at, ending.ending = timezone.now(), ReceptionEnd.RELEASED
    ending.end_reason = _("企业合并，由另一首报首接继续有效")
    ending.save(update_fields=SETTLED)
    return [
        {
            "key": FirstReception._meta.label,
            "pk": ending.pk,
            "before": before,
            "after": columns(ending, SETTLED),
        }
    ]


def _move(relation: Relation, lost: Company, kept: Company) -> list[Any]:
    """Hang the rows of `lost` on `kept`, but those that stand there already; gives the keys of the moved."""
    staying = list(relation.clashing(lost, kept).values_list("pk", flat=True))
    pks = list(relation.rows(lost).exclude(pk__in=staying).order_by("pk").values_list("pk", flat=True))
    if pks:
        repoint(relation, pks, kept)
    return pks


def repoint(relation: Relation, pks: list[Any], company: Company) -> int:
    """Point the rows at the company; what is read as a feed of changes shows them."""
    values: dict[str, Any] = {relation.name: company}
    if any(each.name == "changed_at" for each in relation.model._meta.fields):
        values["changed_at"] = timezone.now()
    try:
        with transaction.atomic():
            return int(relation.all_rows().filter(pk__in=pks).update(**values))
    except IntegrityError as error:
        raise Conflict(
            _("“%(kind)s”中有记录不能转到“%(company)s”，没有任何改动；请先在两家企业下处理重复的记录。")
            % {"kind": relation.label, "company": company.name}
        ) from error


def _take(kept: Company, lost: Company, taken: Mapping[str, str]) -> dict[str, list[Any]]:
    """Give `kept` the chosen values; gives the changed fields as [before, after]."""
    wanted = {name: getattr(lost, name) for name, side in taken.items() if side == LOST}
    if "name" in wanted:
        wanted["reading"] = lost.reading
    changed = {name: value for name, value in wanted.items() if getattr(kept, name) != value}
    before = {name: plain(getattr(kept, name)) for name in changed}
    for name, value in changed.items():
        setattr(kept, name, value)
    kept.version += 1
    kept.save(update_fields=[*changed, "name", "version"])
    return {name: [before[name], plain(value)] for name, value in changed.items()}


def _keep_names(actor: Account, kept: Company, lost: Company, names: list[str]) -> list[int]:
    """What the two were called and the one is not any more become aliases; gives their keys."""
    known = {fold(kept.name), fold(kept.english_name), *kept.aliases.values_list("folded", flat=True)}
    added = []
    for place, name in enumerate(names):
        if not name or fold(name) in known:
            continue
        kind = AliasKind.ENGLISH if place >= 2 else AliasKind.ALIAS
        note = _("合并自“%(name)s”") % {"name": lost.name}
        alias = CompanyAlias.objects.create(
            company=kept, name=name, kind=kind, note=note[:200], created_by=actor
        )
        known.add(fold(name))
        added.append(alias.pk)
    return added


def columns(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """Columns as JSON keeps them."""
    return {name: None if (value := getattr(row, name)) is None else str(value) for name in names}


def plain(value: Any) -> Any:
    return value.pk if hasattr(value, "pk") else value


def announce_merge(actor: Account, merge: CompanyMerge, sentence: str) -> None:
    """Tell whose projects moved."""
    moved = merge.moved.get("projects.Project.company", [])
    owners = (
        Account.objects.filter(person__projects__in=moved, is_active=True).exclude(pk=actor.pk).distinct()
    )
    text = sentence % {"lost": merge.lost.name, "kept": merge.kept.name}
    notify(recipients=list(owners), text=text, url=reverse("projects:company", args=[merge.kept.public_id]))
