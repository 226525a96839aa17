"""Single amounts of a sheet opened, with who, when, why and as what kept; and the change of keys."""

import pgtrigger
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access.pay import can_audit_pay, can_keep_pay, pay_sheets_visible_to
from kpi.models import AssessmentYear, PayLine, PayOpening, PaySheet, PayState
from kpi.queries.pay import PersonYear, people_of_year
from kpi.queries.pay_sealed import Opened, opened
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.sealing import newest_mark, seal, unseal
from staff.models import Account

BATCH = 200


@action("pay.open", gettext_lazy("开启工资明细"))
def open_pay_lines(*, actor: Account, sheet: PaySheet, form: str = "page", reason: str = "") -> list[Opened]:
    """Give the lines of a sheet in clear and keep that they were opened: by HR in the course of work, by auditors with a reason.

    A page that HR opens again on the same day is kept once. Raises NotFound, NotAllowed, Refused without a reason.
    """
    found = pay_sheets_visible_to(actor).filter(pk=sheet.pk).first()
    if found is None:
        raise NotFound(_("没有这张工资表。"))
    reason = reason.strip()[:200]
    if not can_keep_pay(actor):
        if not can_audit_pay(actor):
            raise NotAllowed(_("单个人的工资只有本人和人事看得到。"))
        if len(reason) < 4:
            sentence = _("请写明开启的理由，例如文号或事由；它会留给人事和纪检审计看。")
            raise Refused(sentence, fields={"reason": sentence})
    lines = opened(found.lines.select_related("sheet", "person", "team").order_by("pk"))
    today = PayOpening.objects.filter(
        sheet=found, opened_by=actor, form=form, opened_at__date=timezone.localdate()
    )
    if form != "page" or reason or not today.exists():
        PayOpening.objects.create(
            sheet=found, label=str(found)[:60], opened_by=actor, form=form, reason=reason
        )
        record(actor=actor, verb="pay.open", target=found, reason=reason, detail={"form": form})
    return lines


@action("pay.take-year", gettext_lazy("导出全年薪酬"))
def take_pay_year(*, actor: Account, year: int) -> list[PersonYear]:
    """Give what each person was paid in the year, and keep that it was taken. Raises NotAllowed, NotFound without a paid sheet."""
    if not can_keep_pay(actor):
        raise NotAllowed(_("单个人的工资只有本人和人事看得到。"))
    sheets = pay_sheets_visible_to(actor).filter(year=year, state=PayState.PAID).order_by("pk")
    if not sheets:
        raise NotFound(_("这一年还没有发放。"))
    found = people_of_year(year)
    PayOpening.objects.bulk_create(
        PayOpening(sheet=sheet, label=str(sheet)[:60], opened_by=actor, form="workbook") for sheet in sheets
    )
    assessed, _created = AssessmentYear.objects.get_or_create(year=year)
    detail = {"people": len(found), "sheets": len(sheets)}
    record(actor=actor, verb="pay.take-year", target=assessed, detail=detail)
    return found


def rotate_pay_batch() -> int:
    """Seal up to two hundred lines and totals anew with the newest key; gives how many. Paid sheets keep everything else."""
    newest = newest_mark()
    with (
        transaction.atomic(),
        pgtrigger.ignore("kpi.PayLine:confirmed_pay_stays", "kpi.PaySheet:paid_sheets_stay"),
    ):
        rows = PayLine.objects.exclude(key_mark=newest).select_related("sheet").order_by("pk")
        lines = list(rows.select_for_update(of=("self",), skip_locked=True)[:BATCH])
        for row in lines:
            row.content, row.key_mark = seal(unseal(row.content, row.belongs), row.belongs)
        PayLine.objects.bulk_update(lines, ["content", "key_mark"])
        waiting = PaySheet.objects.exclude(totals="").exclude(key_mark=newest).order_by("pk")
        sheets = list(waiting.select_for_update(skip_locked=True)[:BATCH])
        for sheet in sheets:
            sheet.totals, sheet.key_mark = seal(unseal(sheet.totals, sheet.belongs), sheet.belongs)
        PaySheet.objects.bulk_update(sheets, ["totals", "key_mark"])
    return len(lines) + len(sheets)
