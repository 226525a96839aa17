"""Scores of a session on paper: typed in by HR with the scan, checked and written by a second person before closing."""

from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.actions import close_preview, forget_preview, locked_preview, notify
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import ImportBatch
from staff.access.paper_sheet import (
    can_check_typed_scores,
    can_type_scores,
    score_import_kind,
    score_imports_visible_to,
)
from staff.actions.interview import locked_session
from staff.actions.paper import keep_paper
from staff.models import Account, InterviewSession, Panelist, Score, ScoreScan, ScoreSheet, SheetState


@action("sheet.keep-table", gettext_lazy("上传纸质评分"))
def keep_score_table(
    *,
    actor: Account,
    session: InterviewSession,
    file_name: str,
    accepted: list[dict[str, Any]],
    rejected: list[dict[str, Any]],
    upload: UploadedFile,
) -> ImportBatch:
    """Keep a typed table with the scan of the sheets; a second person writes it. Raises Refused once the session is closed."""
    locked = locked_session(actor, session)
    if not can_type_scores(actor, locked):
        raise NotAllowed(_("纸质评分由人事代录；担任这一场评委的，请另一位代录。"))
    batch = ImportBatch.objects.create(
        kind=score_import_kind(locked),
        file_name=file_name[:200],
        created_by=actor,
        accepted=accepted,
        rejected=rejected,
    )
    scan = ScoreScan.objects.create(session=locked, paper=keep_paper(upload, by=actor), batch=batch)
    detail = {"rows": len(accepted), "rejected": len(rejected), "paper": scan.paper.public_id}
    record(actor=actor, verb="sheet.keep-table", target=locked.competition, detail=detail)
    checkers = Account.objects.filter(is_active=True, role__in=("hr", "auditor")).exclude(pk=actor.pk)
    notify(
        recipients=[each for each in checkers if can_check_typed_scores(each, locked, batch)],
        text=_("“%(name)s”：%(room)s的纸质评分已录入，请对照扫描件核对后写入。")
        % {"name": locked.competition.name, "room": locked.room},
        url=reverse("staff:scores-preview", args=[locked.public_id, batch.public_id]),
    )
    return batch


@action("sheet.enter-table", gettext_lazy("核对并写入纸质评分"))
def enter_score_table(*, actor: Account, session: InterviewSession, batch: ImportBatch) -> list[ScoreSheet]:
    """Write every sheet of a table that somebody else typed in, or none, each as handed in by its judge.

    Raises NotAllowed for who typed it or judges here, Conflict when a judge has begun a sheet since.
    """
    locked = locked_session(actor, session)
    kept = locked_preview(score_imports_visible_to(actor, locked), batch)
    if not can_check_typed_scores(actor, locked, kept):
        raise NotAllowed(_("代录的评分由另一位核对写入，不能是录入人，也不能是这一场的评委。"))
    if not kept.accepted:
        raise Refused(_("没有需要写入的行。"))
    scan = ScoreScan.objects.get(batch=kept)
    sheets = [_entered(actor, locked, kept, scan, row) for row in kept.accepted]
    kept.accepted, kept.rejected = [], []
    kept.save(update_fields=["accepted", "rejected"])
    close_preview(kept)
    detail = {"sheets": len(sheets), "typed_by": str(kept.created_by), "paper": scan.paper.public_id}
    record(actor=actor, verb="sheet.enter-table", target=locked.competition, detail=detail)
    notify(
        recipients=[each.account for each in Panelist.objects.filter(sheets__in=sheets).distinct()],
        text=_("“%(name)s”：您的纸质评分表已由人事代录；封场前可以打开核对，有误可取回修改。")
        % {"name": locked.competition.name},
        url=reverse("staff:interviews-own"),
    )
    return sheets


@action("sheet.discard-table", gettext_lazy("放弃纸质评分"))
def discard_score_table(*, actor: Account, session: InterviewSession, batch: ImportBatch) -> ImportBatch:
    """Put a typed table aside, by who typed it in or by who checks it, and forget its rows."""
    kept = locked_preview(score_imports_visible_to(actor, session), batch)
    forget_preview(kept)
    record(actor=actor, verb="sheet.discard-table", target=session.competition)
    return kept


def _entered(
    actor: Account, session: InterviewSession, batch: ImportBatch, scan: ScoreScan, row: dict[str, Any]
) -> ScoreSheet:
    """One sheet with its points; the triggers ask once more whether the session is open."""
    interview = session.interviews.filter(pk=row["interview"], was_absent=False).first()
    if interview is None or not session.judges.filter(panelist=row["panelist"]).exists():
        raise Conflict(_("预览之后报名人或评委有变，没有写入。请重新上传。"))
    sheet, _made = ScoreSheet.objects.get_or_create(interview=interview, panelist_id=row["panelist"])
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if sheet.state != SheetState.OPEN or sheet.scores.exists():
        words = {"judge": row["judge"], "name": row["name"]}
        raise Conflict(_("%(judge)s 已在线给%(name)s评分，没有写入。请重新上传。") % words)
    Score.objects.bulk_create(
        Score(sheet=sheet, criterion_id=int(criterion), points=Decimal(points))
        for criterion, points in row["points"].items()
    )
    sheet.state, sheet.submitted_at = SheetState.SUBMITTED, timezone.now()
    sheet.remark, sheet.entered_by, sheet.checked_by = row["remark"], batch.created_by, actor
    sheet.paper, sheet.version = scan.paper, sheet.version + 1
    sheet.save(
        update_fields=["state", "submitted_at", "remark", "entered_by", "checked_by", "paper", "version"]
    )
    record(actor=actor, verb="sheet.enter", target=sheet, detail={"typed_by": str(batch.created_by)})
    return sheet
