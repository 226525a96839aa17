"""Score sheets: saved in parts as a judge writes, each save once; handed in; taken back while the session is open."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access.interview import can_close, interviews_judged_by, interviews_visible_to
from staff.actions.competition import said
from staff.models import (
    Account,
    Interview,
    Panelist,
    Score,
    ScoreSheet,
    SessionState,
    SheetSave,
    SheetState,
)


@action("sheet.save", gettext_lazy("保存评分"))
def save_scores(
    *,
    actor: Account,
    interview: Interview,
    points: Mapping[int, Decimal],
    remark: str | None = None,
    key: str = "",
    seen: int | None = None,
) -> ScoreSheet:
    """Keep points by criterion (only those named change). A save that comes again with its `key` changes nothing.

    `seen` is the version that the judge's screen stands on. Raises Conflict when another screen of his wrote since.
    """
    sheet = _own_sheet(actor, interview)
    if key and sheet.saves.filter(key=key).exists():
        return sheet
    if seen is not None and seen != sheet.version:
        raise Conflict(
            _("您在另一个页面改过这张评分表；这里填写的没有保存，也没有丢失，请核对后再保存一次。")
        )
    if sheet.state != SheetState.OPEN:
        raise Refused(_("这张评分表已经提交；要修改请先取回。"))
    known = set(sheet.interview.session.competition.criteria.values_list("pk", flat=True))
    if not points.keys() <= known:
        raise Refused(_("有评分标准不属于这次竞聘。"))
    for criterion, value in points.items():
        if not 0 <= value <= 100:
            sentence = _("得分在 0 到 100 之间。")
            raise Refused(sentence, fields={f"points_{criterion}": sentence})
        Score.objects.update_or_create(sheet=sheet, criterion_id=criterion, defaults={"points": value})
    if remark is not None:
        sheet.remark = remark.strip()[:500]
    # What the judge writes anew is the judge's own, whoever typed it in before; the scan stays with it.
    sheet.entered_by = sheet.checked_by = None
    _save(sheet, "remark", "entered_by", "checked_by")
    if key:
        SheetSave.objects.create(sheet=sheet, key=key[:64], version=sheet.version)
    record(actor=actor, verb="sheet.save", target=sheet, detail={"criteria": len(points)})
    return sheet


@action("sheet.submit", gettext_lazy("提交评分表"))
def submit_sheet(*, actor: Account, interview: Interview) -> ScoreSheet:
    """Hand a sheet in; every criterion has points."""
    sheet = _own_sheet(actor, interview)
    if sheet.state == SheetState.SUBMITTED:
        return sheet
    given = set(sheet.scores.values_list("criterion", flat=True))
    missing = interview.session.competition.criteria.exclude(pk__in=given)
    if names := [each.name for each in missing]:
        raise Refused(_("还有标准没有打分：%(names)s。") % {"names": "、".join(names)})
    sheet.state, sheet.reason, sheet.submitted_at = SheetState.SUBMITTED, "", timezone.now()
    _save(sheet, "state", "reason", "submitted_at")
    record(actor=actor, verb="sheet.submit", target=sheet)
    return sheet


@action("sheet.reopen", gettext_lazy("取回评分表"))
def reopen_sheet(*, actor: Account, interview: Interview) -> ScoreSheet:
    """Take the own sheet back to change it, while the session is open."""
    sheet = _own_sheet(actor, interview)
    sheet.state, sheet.submitted_at = SheetState.OPEN, None
    _save(sheet, "state", "submitted_at")
    record(actor=actor, verb="sheet.reopen", target=sheet)
    return sheet


@action("sheet.excuse", gettext_lazy("登记未评分"))
def excuse_sheet(*, actor: Account, interview: Interview, panelist: Panelist, reason: str) -> ScoreSheet:
    """Say that a judge gives this candidate no score, and why; by HR or the chair, while the session is open."""
    found = interviews_visible_to(actor).select_related("session").filter(pk=interview.pk).first()
    if found is None:
        raise NotFound(_("没有这场面试。"))
    if not can_close(actor, found.session):
        raise NotAllowed(_("未评分由人事或考核组组长登记。"))
    words = said(reason, "reason", _("请写明不评分的理由。"), longest=200)
    if not found.session.judges.filter(panelist=panelist).exists():
        raise NotFound(_("这位评委不在这一场。"))
    sheet, _made = ScoreSheet.objects.get_or_create(interview=found, panelist=panelist)
    if sheet.state == SheetState.SUBMITTED:
        raise Refused(_("这位评委已经提交评分表。"))
    sheet.state, sheet.reason = SheetState.ABSENT, words
    _save(sheet, "state", "reason")
    record(actor=actor, verb="sheet.excuse", target=sheet, reason=words)
    return sheet


def _save(sheet: ScoreSheet, *fields: str) -> None:
    sheet.version += 1
    sheet.save(update_fields=[*fields, "version"])


def _own_sheet(actor: Account, interview: Interview) -> ScoreSheet:
    """The judge's sheet for the candidate, locked; made when it is first written."""
    found = interviews_judged_by(actor).select_related("session").filter(pk=interview.pk).first()
    if found is None:
        raise NotFound(_("您不是这场面试的评委，或者您对这位报名人回避。"))
    if found.session.state == SessionState.CLOSED:
        raise Refused(_("这场面试已经封场，评分不能再写入或修改。"))
    if found.was_absent:
        raise Refused(_("这位报名人缺席，不用评分。"))
    panelist = Panelist.objects.get(competition=found.session.competition_id, account=actor)
    sheet, _made = ScoreSheet.objects.get_or_create(interview=found, panelist=panelist)
    return ScoreSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
