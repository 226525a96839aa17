"""The input table as a workbook: kept as a preview, recorded in one transaction when confirmed, or discarded."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import access
from kpi.actions.inputs import record_inputs
from kpi.models import AssessmentInput, InputState
from kpi.queries.input_faults import InputRow
from projects.models import Project
from promotion.action import action, record
from promotion.actions import close_preview, forget_preview, locked_preview
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import ImportBatch
from staff.models import Account, Person, Team


@action("input.keep", gettext_lazy("上传录入表"))
def keep_input_import(
    *,
    actor: Account,
    year: int,
    file_name: str,
    accepted: list[dict[str, Any]],
    rejected: list[dict[str, Any]],
) -> ImportBatch:
    """Keep an uploaded table of inputs as a preview; nothing of it is recorded yet."""
    _need(actor)
    batch = ImportBatch.objects.create(
        kind=access.INPUT_IMPORT,
        file_name=file_name[:200],
        created_by=actor,
        accepted=[{**row, "year": year} for row in accepted],
        rejected=rejected,
    )
    detail = {"year": year, "rows": len(accepted), "rejected": len(rejected)}
    record(actor=actor, verb="input.keep", target=batch, detail=detail)
    return batch


@action("input.apply", gettext_lazy("写入录入表"))
def apply_input_import(*, actor: Account, batch: ImportBatch) -> ImportBatch:
    """Record all changed rows of a preview, or none; they wait for a second person like every input.

    Raises Refused when nothing is to be recorded or the batch is done with, Conflict when an input has changed since.
    """
    batch = _locked(actor, batch)
    rows = [row for row in batch.accepted if not row["same"]]
    if not rows:
        raise Refused(_("没有需要录入的行：表中的内容与系统一致。"))
    year = rows[0]["year"]
    planned = _planned(rows)
    _check_unchanged(year, rows, planned)
    record_inputs(actor=actor, year=year, rows=planned)
    close_preview(batch)
    record(actor=actor, verb="input.apply", target=batch, detail={"year": year, "rows": len(rows)})
    return batch


@action("input.discard", gettext_lazy("放弃录入表"))
def discard_input_import(*, actor: Account, batch: ImportBatch) -> ImportBatch:
    """Put a preview aside."""
    batch = _locked(actor, batch)
    forget_preview(batch)
    record(actor=actor, verb="input.discard", target=batch)
    return batch


def _planned(rows: list[dict[str, Any]]) -> list[InputRow]:
    """The kept rows as rows for the action."""
    kept = [row["row"] for row in rows]
    people = Person.objects.in_bulk([row["person"] for row in kept if row["person"]])
    teams = Team.objects.in_bulk([row["team"] for row in kept if row["team"]])
    projects = Project.objects.in_bulk([row["project"] for row in kept if row["project"]])
    return [
        InputRow(
            **{name: value for name, value in row.items() if isinstance(value, str) and name not in DECODED},
            value=None if row["value"] is None else Decimal(row["value"]),
            holds_from=date.fromisoformat(row["holds_from"]) if row["holds_from"] else None,
            dated=date.fromisoformat(row["dated"]) if row["dated"] else None,
            person=people.get(row["person"]),
            team=teams.get(row["team"]),
            project=projects.get(row["project"]),
        )
        for row in kept
    ]


DECODED = {"value", "holds_from", "dated"}


def _check_unchanged(year: int, rows: list[dict[str, Any]], planned: list[InputRow]) -> None:
    """What stood in each place when the preview was drawn must still stand there."""
    live = AssessmentInput.objects.select_for_update().filter(
        year=year, state__in=(InputState.SUBMITTED, InputState.CONFIRMED)
    )
    now: dict[tuple[object, ...], int] = {}
    for one in live.order_by("pk"):
        if one.key not in now or one.state == InputState.SUBMITTED:
            now[one.key] = one.pk
    for row, wanted in zip(rows, planned, strict=True):
        if now.get(wanted.key) != row["held"]:
            words = {"name": row["name"], "title": row["title"]}
            raise Conflict(
                _("预览之后，%(name)s的“%(title)s”已被他人录入或确认，没有录入任何一行。请重新上传。") % words
            )


def _locked(actor: Account, batch: ImportBatch) -> ImportBatch:
    _need(actor)
    return locked_preview(access.input_imports_visible_to(actor), batch)


def _need(actor: Account) -> None:
    if not access.can_record_inputs(actor):
        raise NotAllowed(_("只有人事和分管领导可以录入考评数据。"))
