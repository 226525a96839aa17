"""Sealed archives as a workbook: sealed before they are kept as a preview, so that no clear text ever reaches the database."""

from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from promotion.action import action, record
from promotion.actions import close_preview, forget_preview, locked_preview
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import ImportBatch
from promotion.sealing import seal, unseal
from staff.access.sealed import SEALED_IMPORT, can_open_sealed, sealed_imports_visible_to
from staff.actions.sealed import write_sealed
from staff.models import Account, Person


@action("sealed.keep", gettext_lazy("上传封存档案"))
@sensitive_variables("rows", "row", "kept")
def keep_sealed_import(
    *, actor: Account, file_name: str, rows: list[dict[str, Any]], rejected: list[dict[str, Any]]
) -> ImportBatch:
    """Keep an upload as a preview whose content is sealed already; refused rows come without their content."""
    _need_hr(actor)
    kept = []
    for row in rows:
        belongs = {"person": str(row["person"]), "subject": row["subject"]}
        sealed, _mark = seal(row["text"], belongs)
        kept.append({name: value for name, value in row.items() if name != "text"} | {"sealed": sealed})
    batch = ImportBatch.objects.create(
        kind=SEALED_IMPORT, file_name=file_name[:200], created_by=actor, accepted=kept, rejected=rejected
    )
    detail = {"rows": len(kept), "rejected": len(rejected)}
    record(actor=actor, verb="sealed.keep", target=batch, detail=detail)
    return batch


@action("sealed.apply", gettext_lazy("写入封存档案"))
@sensitive_variables("text")
def apply_sealed_import(*, actor: Account, batch: ImportBatch) -> ImportBatch:
    """Write all rows of a preview, or none; the rows are forgotten then. Raises Refused, Conflict naming the person."""
    _need_hr(actor)
    batch = locked_preview(sealed_imports_visible_to(actor), batch)
    if not batch.accepted:
        raise Refused(_("没有需要写入的行。"))
    people = Person.objects.in_bulk([row["person"] for row in batch.accepted])
    for row in batch.accepted:
        text = unseal(row["sealed"], {"person": str(row["person"]), "subject": row["subject"]})
        starts_on = parse_date(row["starts_on"])
        if row["person"] not in people or starts_on is None:
            raise Conflict(_("预览之后有人员已被删除，没有写入。请重新上传。"))
        write_sealed(
            actor=actor,
            person=people[row["person"]],
            subject=row["subject"],
            text=text,
            starts_on=starts_on,
            ends_on=parse_date(row["ends_on"]) if row["ends_on"] else None,
        )
    count = len(batch.accepted)
    batch.accepted, batch.rejected = [], []
    batch.save(update_fields=["accepted", "rejected"])
    close_preview(batch)
    record(actor=actor, verb="sealed.apply", target=batch, detail={"rows": count})
    return batch


@action("sealed.discard", gettext_lazy("放弃封存档案导入"))
def discard_sealed_import(*, actor: Account, batch: ImportBatch) -> ImportBatch:
    """Put a preview aside and forget its rows."""
    _need_hr(actor)
    batch = locked_preview(sealed_imports_visible_to(actor), batch)
    forget_preview(batch)
    record(actor=actor, verb="sealed.discard", target=batch)
    return batch


def _need_hr(actor: Account) -> None:
    if not can_open_sealed(actor):
        raise NotAllowed(_("封存档案只由人事封存和开启。"))
