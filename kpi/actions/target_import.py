"""Many targets at once, from a workbook or planned by the product: kept as a preview, written in one transaction when confirmed, or discarded."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import access
from kpi.actions.target import TargetRow, lock_targets, set_targets
from kpi.models import Target
from kpi.scoring.rounding import plain
from promotion.action import action, record
from promotion.actions import close_preview, forget_preview, locked_preview
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import ImportBatch
from staff.models import Account, Person, Team

Row = dict[str, Any]


@action("target.keep", gettext_lazy("预览目标"))
def keep_target_import(
    *,
    actor: Account,
    year: int,
    file_name: str,
    accepted: list[Row],
    rejected: list[Row],
) -> ImportBatch:
    """Keep an uploaded table, or what was planned, as a preview; nothing of it is written yet.

    `file_name` says where it comes from. Raises Refused when there is nothing to look at.
    """
    _need(actor)
    if not accepted and not rejected:
        raise Refused(_("没有可以写入的目标：表里没有填数，或者所选的对象都用不着。"))
    rows = [{**row, "year": year} for row in accepted]
    batch = ImportBatch.objects.create(
        kind=access.TARGET_IMPORT,
        file_name=file_name[:200],
        created_by=actor,
        accepted=rows,
        rejected=rejected,
    )
    detail = {"year": year, "rows": len(accepted), "rejected": len(rejected)}
    record(actor=actor, verb="target.keep", target=batch, detail=detail)
    return batch


@action("target.apply", gettext_lazy("写入目标表"))
def apply_target_import(*, actor: Account, batch: ImportBatch) -> ImportBatch:
    """Write all changed cells of a preview, or none.

    Raises Refused when nothing is to be written or the batch is done with, Conflict when a target has been changed since.
    """
    batch = _locked(actor, batch)
    rows = [row for row in batch.accepted if not row["same"]]
    if not rows:
        raise Refused(_("没有需要写入的行：表中的目标与系统一致。"))
    if any("period" not in row for row in rows):
        raise Refused(_("这份预览是旧格式的，没有写入；请重新上传。"))
    year = rows[0]["year"]
    _check_unchanged(year, rows)
    set_targets(actor=actor, year=year, rows=_planned(rows))
    close_preview(batch)
    record(actor=actor, verb="target.apply", target=batch, detail={"year": year, "rows": len(rows)})
    return batch


def _planned(rows: Sequence[Row]) -> list[TargetRow]:
    people = Person.objects.in_bulk({row["person"] for row in rows if row["person"]})
    teams = Team.objects.in_bulk({row["team"] for row in rows if row["team"]})
    return [
        TargetRow(
            code=row["code"],
            amount=Decimal(row["new"]),
            person=people[row["person"]] if row["person"] else None,
            team=teams[row["team"]] if row["team"] else None,
            period=row["period"],
            level=row["level"],
        )
        for row in rows
    ]


@action("target.discard", gettext_lazy("放弃目标表"))
def discard_target_import(*, actor: Account, batch: ImportBatch) -> ImportBatch:
    """Put a preview aside."""
    batch = _locked(actor, batch)
    forget_preview(batch)
    record(actor=actor, verb="target.discard", target=batch)
    return batch


def _check_unchanged(year: int, rows: Sequence[Row]) -> None:
    """Each old value must still be what the preview showed."""
    lock_targets(year)
    now = {
        (one.indicator, one.person_id, one.team_id, one.period, one.level): plain(one.amount)
        for one in Target.objects.select_for_update()
        .filter(year=year, period__in={row["period"] for row in rows})
        .order_by("pk")
    }
    for row in rows:
        place = (row["code"], row["person"], row["team"], row["period"], row["level"])
        if now.get(place, "") != row["old"]:
            words = {"name": row["name"], "title": row["title"]}
            raise Conflict(
                _("预览之后，%(name)s的目标“%(title)s”已被他人修改，没有写入任何一行。请重新上传。") % words
            )


def _locked(actor: Account, batch: ImportBatch) -> ImportBatch:
    _need(actor)
    return locked_preview(access.target_imports_visible_to(actor), batch)


def _need(actor: Account) -> None:
    if not access.can_set_targets(actor):
        raise NotAllowed(_("只有人事和分管领导可以下达目标。"))
