"""Pay sheets: made by HR from posts, rules and results, corrected with reasons, confirmed by a second person, paid once."""

import json
import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from kpi.access.pay import can_confirm_pay, can_keep_pay, is_in, pay_sheets_visible_to
from kpi.models import PayLine, PaySheet, PayState, Run, SheetKind, Standing
from kpi.pay.line import BASE, PERFORMANCE, Correction, Line, document_of
from kpi.pay.totals import FEWEST
from kpi.queries.course import decisive_run
from kpi.queries.grades import last_day_of
from kpi.queries.pay_posts import month_bounds
from kpi.queries.pay_rules import pay_rule_for, scale_for
from kpi.queries.pay_sealed import Opened, digest_of, opened, sheet_totals, summed, written
from kpi.queries.pay_sheets import Drafted, month_lines, settlement_lines
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.money import CENT
from promotion.sealing import seal
from promotion.web.formats import day
from staff.actions.sealed import know_key
from staff.models import Account, Person

LARGEST = Decimal(10_000_000)
LONGEST = 200
TOLD_FOR, TOLD_FOR_YEAR = timedelta(days=120), timedelta(days=366)


@action("pay.make", gettext_lazy("编制月度工资表"))
@sensitive_variables()
def make_pay_sheet(*, actor: Account, year: int, month: int) -> PaySheet:
    """Make the sheet of a month, or make a draft of it anew; corrections stay.

    Earlier paid months of the year that come to something else now are made good in it. Raises NotAllowed for anybody but HR,
    Refused without scale or rule, before the month, or while an earlier sheet is not paid, Conflict once it is confirmed.
    """
    _need_hr(actor)
    if not 1 <= month <= 12:
        raise Refused(_("请选择 1 到 12 月。"), fields={"month": _("请选择 1 到 12 月。")})
    first = date(year, month, 1)
    scale, rule = scale_for(first), pay_rule_for(year)
    if scale is None or rule is None:
        raise Refused(_("%(day)s 没有已发布的薪酬标准或考核薪酬办法；请先起草并发布。") % {"day": day(first)})
    if first > timezone.localdate():
        raise Refused(_("%(year)s 年 %(month)s 月还没有开始。") % {"year": year, "month": month})
    sheet = _sheet(actor, SheetKind.MONTH, year, month)
    _refuse_unpaid(sheet)
    _refuse_later(sheet)
    sheet.scale, sheet.rule = scale, rule
    return _made(actor, sheet, month_lines(year, month, rule), "pay.make")


@action("pay.settle", gettext_lazy("编制年终结算"))
@sensitive_variables()
def make_settlement(*, actor: Account, year: int) -> PaySheet:
    """Settle the year by its decisive run; after a paid settlement a further one holds the differences.

    Raises NotAllowed for anybody but HR; Refused before all months are paid, before the whole year is calculated, while items
    are undecided, or without any difference.
    """
    _need_hr(actor)
    run, rule = _settling(year), pay_rule_for(year)
    if rule is None:
        raise Refused(_("%(year)s 年没有已发布的考核薪酬办法。") % {"year": year})
    sheet = _sheet(actor, SheetKind.SETTLEMENT, year, None)
    _refuse_unpaid(sheet)
    sheet.rule, sheet.run = rule, run
    lines = settlement_lines(year, run, rule)
    if not lines:
        raise Refused(_("与已经结算的没有差额，不需要再结算。"))
    return _made(actor, sheet, lines, "pay.settle")


def _settling(year: int) -> Run:
    """The run to settle by. Raises Refused before the year is whole."""
    months = PaySheet.objects.filter(kind=SheetKind.MONTH, year=year)
    if not months.filter(month=12, state=PayState.PAID).exists():
        raise Refused(_("%(year)s 年 12 月的工资还没有发放；全年发放后才能结算。") % {"year": year})
    run = decisive_run(year)
    if run is None or run.as_of < last_day_of(year):
        raise Refused(
            _("%(year)s 年还没有核算到 %(day)s；结算按全年结果。")
            % {"year": year, "day": day(last_day_of(year))}
        )
    waiting = Standing.objects.filter(run=run, person__isnull=False, undecided_count__gt=0).count()
    if waiting:
        raise Refused(_("还有 %(count)s 人的考核结果有待定项，办结后再结算。") % {"count": waiting})
    return run


@action("pay.correct", gettext_lazy("更正工资"))
@sensitive_variables()
def correct_pay(
    *, actor: Account, sheet: PaySheet, person: Person, kind: str, amount: Decimal, note: str
) -> PaySheet:
    """Add an amount to one person's base or performance pay, with the reason (`note`); no settlement takes it back.

    The reason is sealed with the amount: it is no `reason` of the trail. Raises NotAllowed for oneself, Refused naming each input, Conflict once the sheet is confirmed.
    """
    found = _locked(actor, sheet, PayState.DRAFT)
    _need_hr(actor)
    fields = {}
    if kind not in (BASE, PERFORMANCE):
        fields["kind"] = _("请选择更正的项目。")
    if not amount or abs(amount) > LARGEST or amount != amount.quantize(CENT):
        fields["amount"] = _("请写到分的金额，不能为零；扣减写负数。")
    if not note.strip():
        fields["reason"] = _("请写明理由。")
    if fields:
        raise Refused("".join(fields.values()), fields=fields)
    row = _row(actor, found, person)
    correction = Correction(secrets.token_hex(4), kind, amount, note.strip()[:LONGEST], actor.display_name)
    _rewrite(found, row, opened([row])[0].line.with_correction(correction))
    record(actor=actor, verb="pay.correct", target=found, detail={"person": person.staff_number})
    return found


@action("pay.uncorrect", gettext_lazy("撤销工资更正"))
@sensitive_variables()
def drop_correction(*, actor: Account, sheet: PaySheet, person: Person, key: str) -> PaySheet:
    """Take a correction back while the sheet is a draft."""
    found = _locked(actor, sheet, PayState.DRAFT)
    _need_hr(actor)
    row = _row(actor, found, person)
    _rewrite(found, row, opened([row])[0].line.without_correction(key))
    record(actor=actor, verb="pay.uncorrect", target=found, detail={"person": person.staff_number})
    return found


@action("pay.confirm", gettext_lazy("确认工资表"))
@sensitive_variables()
def confirm_pay_sheet(
    *, actor: Account, sheet: PaySheet, approve: bool, reason: str = "", seen: int | None = None
) -> PaySheet:
    """Confirm a sheet that somebody else made, or give it back with a reason; a manager does so on totals alone.

    Raises NotAllowed for who made it and whom it pays, Refused without a reason for giving it back, or when the lines are not
    what their digest says.
    """
    found = _locked(actor, sheet, PayState.DRAFT)
    if not can_confirm_pay(actor) or found.made_by_id == actor.pk or is_in(actor, found):
        raise NotAllowed(_("工资表由另一位人事或分管领导确认，不能是编制人，也不能是表内的人。"))
    if not can_keep_pay(actor) and found.people < FEWEST:
        raise NotAllowed(_("不足三人的工资表，合计也会显出个人的金额；请另一位人事确认。"))
    check_version(seen=seen, current=found)
    if not approve and not reason.strip():
        sentence = _("请写明退回的原因。")
        raise Refused(sentence, fields={"reason": sentence})
    found.opinion = "" if approve else reason.strip()[:300]
    if approve:
        if digest_of(_lines(found), sheet_totals(found).salt) != found.digest:
            raise Refused(_("明细与摘要不符，不能确认；请重新编制，并联系系统管理员。"))
        found.state, found.confirmed_by, found.confirmed_at = PayState.CONFIRMED, actor, timezone.now()
    _save(found, "opinion", "state", "confirmed_by", "confirmed_at")
    record(actor=actor, verb="pay.confirm", target=found, reason=reason.strip(), detail=_said(found))
    return found


@action("pay.reopen", gettext_lazy("退回已确认的工资表"))
def reopen_pay_sheet(*, actor: Account, sheet: PaySheet, reason: str) -> PaySheet:
    """Take a confirmed sheet back before it is paid, so that it can be made anew."""
    found = _locked(actor, sheet, PayState.CONFIRMED)
    _need_hr(actor)
    if not reason.strip():
        raise Refused(_("请写明退回的原因。"), fields={"reason": _("请写明退回的原因。")})
    found.state, found.confirmed_by, found.confirmed_at = PayState.DRAFT, None, None
    found.opinion = reason.strip()[:300]
    _save(found, "opinion", "state", "confirmed_by", "confirmed_at")
    record(actor=actor, verb="pay.reopen", target=found, reason=reason.strip())
    return found


@action("pay.pay", gettext_lazy("发放工资"))
def pay_out(*, actor: Account, sheet: PaySheet, seen: int | None = None) -> PaySheet:
    """Mark a confirmed sheet as paid: from then on nobody changes it, and each person sees the own line.

    People are told, but not of months that are entered long after.
    Raises NotAllowed for anybody but HR, Conflict unless it is confirmed.
    """
    found = _locked(actor, sheet, PayState.CONFIRMED)
    _need_hr(actor)
    check_version(seen=seen, current=found)
    found.state, found.paid_by, found.paid_at = PayState.PAID, actor, timezone.now()
    _save(found, "state", "paid_by", "paid_at")
    if timezone.localdate() - last_day_paid(found) < (TOLD_FOR_YEAR if found.is_settlement else TOLD_FOR):
        told = Account.objects.filter(is_active=True, person__pay_lines__sheet=found)
        text = _("%(sheet)s已发放，请在“薪酬”里查看。") % {"sheet": found}
        notify(recipients=list(told), text=text, url=f"{reverse('kpi:pay')}?year={found.year}")
    record(actor=actor, verb="pay.pay", target=found, detail=_said(found))
    return found


@action("pay.drop", gettext_lazy("删除工资表草稿"))
def drop_pay_sheet(*, actor: Account, sheet: PaySheet) -> None:
    """Throw a draft away with its lines."""
    found = _locked(actor, sheet, PayState.DRAFT)
    _need_hr(actor)
    record(actor=actor, verb="pay.drop", target=found)
    found.delete()


def last_day_paid(sheet: PaySheet) -> date:
    """The last day that the sheet is of."""
    return month_bounds(sheet.year, sheet.month or 12)[1] - timedelta(days=1)


def _sheet(actor: Account, kind: str, year: int, month: int | None) -> PaySheet:
    """The draft to write, a new one when there is none. Raises Conflict for a month that is confirmed or paid."""
    rows = PaySheet.objects.select_for_update().filter(kind=kind, year=year, month=month)
    last = rows.order_by("-number").first()
    if last is not None and last.state != PayState.DRAFT:
        if kind == SheetKind.MONTH or last.state == PayState.CONFIRMED:
            words = {"sheet": last, "state": last.get_state_display()}
            raise Conflict(_("%(sheet)s%(state)s，不能重新编制。") % words)
        return PaySheet(kind=kind, year=year, number=last.number + 1, made_by=actor)
    if last is None:
        return PaySheet(kind=kind, year=year, month=month, made_by=actor)
    last.made_by, last.made_at = actor, timezone.now()
    return last


def _refuse_unpaid(sheet: PaySheet) -> None:
    """One sheet after the other: each looks at what was paid before it."""
    open_ones = PaySheet.objects.exclude(state=PayState.PAID).exclude(pk=sheet.pk)
    waiting = open_ones.filter(year__lte=sheet.year).order_by("year", "month").first()
    if waiting is not None:
        raise Refused(_("%(sheet)s还没有发放；请先办完，再编制下一张。") % {"sheet": waiting})


def _refuse_later(sheet: PaySheet) -> None:
    later = PaySheet.objects.filter(
        kind=SheetKind.MONTH, year=sheet.year, month__gt=sheet.month, state=PayState.PAID
    )
    if (found := later.order_by("month").first()) is not None:
        raise Refused(_("%(sheet)s已经发放，不能再编制更早的月份。") % {"sheet": found})


def _made(actor: Account, sheet: PaySheet, lines: Sequence[Drafted], verb: str) -> PaySheet:
    """Write the lines of a sheet, sealed, with what was corrected in the draft before."""
    kept: dict[int, Line] = {}
    if sheet.pk:
        kept = {each.row.person_id: each.line for each in _lines(sheet)}
        sheet.lines.all().delete()
        sheet.version += 1
    sheet.opinion = ""
    sheet.save()
    rows = []
    for each in lines:
        line = each.line
        for correction in getattr(kept.get(each.person_id), "corrections", ()):
            line = line.with_correction(correction)
        row = PayLine(sheet=sheet, person_id=each.person_id, team_id=each.team_id, grade=each.grade)
        rows.append((row, line))
    _seal_lines(rows)
    PayLine.objects.bulk_create([row for row, _line in rows], batch_size=500)
    _sum_up(sheet, [Opened(row, line) for row, line in rows])
    record(actor=actor, verb=verb, target=sheet, detail=_said(sheet))
    return sheet


def _seal_lines(rows: Sequence[tuple[PayLine, Line]]) -> None:
    for row, line in rows:
        text = json.dumps(document_of(line), ensure_ascii=False)
        row.content, row.key_mark = seal(text, row.belongs)
    if rows:
        know_key(rows[0][0].key_mark)


def _sum_up(sheet: PaySheet, lines: Sequence[Opened]) -> None:
    """Write totals and digest of the lines anew."""
    totals = summed(lines, secrets.token_hex(16))
    sheet.totals, sheet.key_mark = seal(written(totals), sheet.belongs)
    know_key(sheet.key_mark)
    sheet.people, sheet.digest = len(lines), digest_of(lines, totals.salt)
    sheet.save(update_fields=["totals", "key_mark", "people", "digest"])


def _rewrite(sheet: PaySheet, row: PayLine, line: Line) -> None:
    """Write one line of a draft anew, and what the sheet comes to with it."""
    _seal_lines([(row, line)])
    row.save(update_fields=["content", "key_mark"])
    sheet.version += 1
    sheet.save(update_fields=["version"])
    _sum_up(sheet, _lines(sheet))


def _row(actor: Account, sheet: PaySheet, person: Person) -> PayLine:
    if person.pk == actor.person_id:
        raise NotAllowed(_("不能更正自己的工资；请由同事办理。"))
    row = sheet.lines.select_related("sheet").filter(person=person).first()
    if row is None:
        raise NotFound(_("这张工资表里没有这个人。"))
    return row


def _lines(sheet: PaySheet) -> list[Opened]:
    return opened(sheet.lines.select_related("sheet").order_by("pk"))


def _need_hr(actor: Account) -> None:
    if not can_keep_pay(actor):
        raise NotAllowed(_("工资由人事办理，由另一位人事或分管领导确认；不能代办。"))


def _locked(actor: Account, sheet: PaySheet, state: str) -> PaySheet:
    """The sheet, locked. Raises NotFound, Conflict when it is in another state."""
    visible = pay_sheets_visible_to(actor).select_related("rule", "scale", "run")
    found = visible.select_for_update(of=("self",)).filter(pk=sheet.pk).first()
    if found is None:
        raise NotFound(_("没有这张工资表。"))
    if found.state != state:
        words = {"sheet": found, "state": found.get_state_display()}
        raise Conflict(_("%(sheet)s现在是“%(state)s”，不能这样办理；请刷新页面。") % words)
    return found


def _save(sheet: PaySheet, *fields: str) -> None:
    sheet.version += 1
    sheet.save(update_fields=[*fields, "version"])


def _said(sheet: PaySheet) -> dict[str, object]:
    """What the trail says of a sheet: never an amount."""
    return {"people": sheet.people, "digest": sheet.digest, "state": sheet.state}
