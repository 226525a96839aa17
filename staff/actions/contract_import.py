"""Contracts as a workbook: kept as a preview, written in one transaction when confirmed, or discarded."""

from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.actions import close_preview, forget_preview, locked_preview
from promotion.errors import Conflict, Refused
from promotion.models import ImportBatch
from staff.access.contract import CONTRACT_IMPORT, contract_imports_visible_to
from staff.actions.contract import draft_contract, need_keeper
from staff.actions.contract_course import sign_contract
from staff.models import Account, Person, Team


@action("contract.keep", gettext_lazy("上传合同表"))
def keep_contract_import(
    *, actor: Account, file_name: str, accepted: list[dict[str, Any]], rejected: list[dict[str, Any]]
) -> ImportBatch:
    """Keep an upload as a preview; nothing of it is written yet."""
    need_keeper(actor)
    batch = ImportBatch.objects.create(
        kind=CONTRACT_IMPORT,
        file_name=file_name[:200],
        created_by=actor,
        accepted=accepted,
        rejected=rejected,
    )
    detail = {"rows": len(accepted), "rejected": len(rejected)}
    record(actor=actor, verb="contract.keep", target=batch, detail=detail)
    return batch


@action("contract.apply", gettext_lazy("写入合同表"))
def apply_contract_import(*, actor: Account, batch: ImportBatch) -> ImportBatch:
    """Write all rows or none; a row with a day of signature is in force, the others are drafts."""
    need_keeper(actor)
    batch = locked_preview(contract_imports_visible_to(actor), batch)
    if not batch.accepted:
        raise Refused(_("没有需要写入的行。"))
    people = Person.objects.in_bulk([row["person"] for row in batch.accepted])
    teams = Team.objects.in_bulk([row["team"] for row in batch.accepted if row["team"]])
    for row in batch.accepted:
        starts_on = parse_date(row["starts_on"])
        if row["person"] not in people or starts_on is None:
            raise Conflict(_("预览之后有人员已被删除，没有写入。请重新上传。"))
        contract = draft_contract(
            actor=actor,
            person=people[row["person"]],
            team=teams.get(row["team"]),
            starts_on=starts_on,
            ends_on=_day(row["ends_on"]),
            probation_until=_day(row["probation_until"]),
            **{name: row[name] for name in ("number", "kind", "body_name", "grade")},
        )
        if signed_on := _day(row["signed_on"]):
            sign_contract(actor=actor, contract=contract, signed_on=signed_on)
    close_preview(batch)
    record(actor=actor, verb="contract.apply", target=batch, detail={"rows": len(batch.accepted)})
    return batch


@action("contract.discard", gettext_lazy("放弃合同表"))
def discard_contract_import(*, actor: Account, batch: ImportBatch) -> ImportBatch:
    """Put a preview aside and forget its rows."""
    need_keeper(actor)
    batch = locked_preview(contract_imports_visible_to(actor), batch)
    forget_preview(batch)
    record(actor=actor, verb="contract.discard", target=batch)
    return batch


def _day(text: str) -> Any:
    return parse_date(text) if text else None
