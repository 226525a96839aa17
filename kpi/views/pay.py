"""Pay of a year: the own page of everybody, the sheets for those who answer for the bill."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi import actions
from kpi.access import pay as access
from kpi.forms import YearForm
from kpi.forms.pay import ConfirmPayForm, MakeSheetForm, PayReasonForm
from kpi.models import PaySheet, PayState
from kpi.pay.totals import FEWEST
from kpi.queries.pay import own_scale, own_year, pay_sheets_of, pay_years, sheet_shown, year_shown
from kpi.queries.pay_rules import pay_rule_for, scale_for
from kpi.queries.pay_words import said
from kpi.queries.run import is_closed
from kpi.views.panel import form_panel
from promotion.errors import NotAllowed, Refused
from promotion.sealing import KeyTrouble
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


def pay_url(year: int) -> str:
    return f"{reverse('kpi:pay')}?year={year}"


def sheet_url(sheet: PaySheet) -> str:
    return reverse("kpi:pay-sheet", args=[sheet.public_id])


def private(response: HttpResponse) -> HttpResponse:
    """Nothing of it is kept by any cache."""
    response["Cache-Control"] = "no-store, private"
    return response


@never_cache
@sensitive_variables()
@require_GET
def pay(request: SignedInRequest) -> HttpResponse:
    """The sheets of the year with their totals for HR, managers and auditors; the own pay for everybody else."""
    if not access.sees_pay_totals(request.user):
        return pay_own(request)
    year = _year(request)
    sheets = list(pay_sheets_of(request.user, year))
    keeps = access.can_keep_pay(request.user)
    context: dict[str, Any] = {
        **_framed(request, year),
        "sheets": sheets,
        "scale": scale_for(
            min(timezone.localdate(), timezone.localdate().replace(year=year, month=12, day=31))
        ),
        "rule": pay_rule_for(year),
        "next": _next(sheets, year) if keeps else None,
        "may_keep": keeps,
        "has_own": request.user.person_id is not None,
    }
    try:
        context["shown"] = year_shown(request.user, sheets)
    except KeyTrouble as trouble:
        context["trouble"] = trouble.message
    return private(page(request, "kpi/pay.html", context))


def _year(request: SignedInRequest) -> int:
    """The year of the address; else the newest with a sheet, or this one."""
    if request.GET.get("year"):
        return YearForm.asked(request.GET)
    return next(iter(pay_years(request.user)), timezone.localdate().year)


def _framed(request: SignedInRequest, year: int) -> dict[str, Any]:
    return {
        "year": year,
        "years": sorted({*pay_years(request.user), timezone.localdate().year}, reverse=True),
    }


def _next(sheets: list[PaySheet], year: int) -> dict[str, Any] | None:
    """Which sheet is to be made next: a month that has begun, or the settlement; none of a closed year."""
    if any(each.state != PayState.PAID for each in sheets) or is_closed(year):
        return None
    months = [each.month for each in sheets if each.month]
    month = max(months, default=0) + 1
    today = timezone.localdate()
    if not months and (year, 1) <= (today.year, today.month):
        begun = 12 if year < today.year else today.month
        return {"choices": list(range(1, begun + 1)), "label": _("编制月度工资表")}
    if month <= 12 and (year, month) <= (today.year, today.month):
        return {"month": month, "label": _("编制 %(month)s 月工资表") % {"month": month}}
    if month == 13:
        again = any(each.is_settlement for each in sheets)
        return {"month": 0, "label": _("按最新结果再结算") if again else _("编制年终结算")}
    return None


@never_cache
@sensitive_variables()
@require_GET
def pay_own(request: SignedInRequest) -> HttpResponse:
    """What one was paid, month by month, each opening to how it came about."""
    year = _year(request)
    context: dict[str, Any] = {
        **_framed(request, year),
        "rule": pay_rule_for(year),
        "scale": own_scale(request.user, timezone.localdate()),
    }
    try:
        own = own_year(request.user, year)
        context |= {"own": own, "rows": [(each, said(each)) for each in own.lines]}
    except KeyTrouble as trouble:
        context["trouble"] = trouble.message
    return private(page(request, "kpi/pay_own.html", context))


def visible(request: SignedInRequest, public_id: str) -> PaySheet:
    """The sheet, for those who see that it is there."""
    related = ("scale", "rule", "run", "made_by", "confirmed_by", "paid_by")
    rows = access.pay_sheets_visible_to(request.user).select_related(*related)
    return get_object_or_404(rows, public_id=public_id)


@never_cache
@sensitive_variables()
@require_GET
def pay_sheet(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A sheet on totals: by team and grade, its course, and who opened its single amounts."""
    sheet = visible(request, public_id)
    keeps = access.can_keep_pay(request.user)
    context: dict[str, Any] = {
        "sheet": sheet,
        "back_url": pay_url(sheet.year),
        "openings": access.pay_openings_visible_to(request.user)
        .filter(sheet=sheet)
        .select_related("opened_by")[:20],
        "sees_openings": keeps or access.can_audit_pay(request.user),
        "may_keep": keeps,
        "may_audit": access.can_audit_pay(request.user),
        "may_confirm": sheet.state == PayState.DRAFT and _may_confirm(request, sheet),
    }
    try:
        context["shown"] = sheet_shown(request.user, sheet)
    except KeyTrouble as trouble:
        context["trouble"] = trouble.message
    return private(page(request, "kpi/pay_sheet.html", context))


def _may_confirm(request: SignedInRequest, sheet: PaySheet) -> bool:
    return (
        access.can_confirm_pay(request.user)
        and sheet.made_by_id != request.user.pk
        and not access.is_in(request.user, sheet)
        and (access.can_keep_pay(request.user) or sheet.people >= FEWEST)
    )


@require_POST
def pay_make(request: SignedInRequest) -> HttpResponse:
    """Make a month's sheet or a settlement, or a draft of it anew."""
    form = MakeSheetForm(request.POST)
    if not form.is_valid():
        raise Refused(_("请选择年度和月份。"))
    year, month = form.cleaned_data["year"], form.cleaned_data["month"]
    if month:
        sheet = actions.make_pay_sheet(actor=request.user, year=year, month=month)
    else:
        sheet = actions.make_settlement(actor=request.user, year=year)
    text = _("已编制%(sheet)s，%(count)s 人；请另一位人事或分管领导确认。") % {
        "sheet": sheet,
        "count": sheet.people,
    }
    return done(request, sheet_url(sheet), text)


@require_http_methods(["GET", "POST"])
def pay_confirm(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Confirm a sheet, or give it back."""
    sheet = visible(request, public_id)
    if not _may_confirm(request, sheet):
        raise NotAllowed(_("工资表由另一位人事或分管领导确认，不能是编制人，也不能是表内的人。"))
    form = ConfirmPayForm(request.POST or None, initial={"seen": sheet.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.confirm_pay_sheet(actor=request.user, sheet=sheet, **given)):
            return done(request, sheet_url(sheet), _("已确认。") if given["approve"] else _("已退回编制人。"))
    return form_panel(request, form, _("确认工资表"), sheet_url(sheet), about=str(sheet), label=_("提交"))


@require_http_methods(["GET", "POST"])
def pay_reopen(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take a confirmed sheet back before it is paid."""
    sheet = visible(request, public_id)
    if not access.can_keep_pay(request.user):
        raise NotAllowed(_("工资由人事办理，由另一位人事或分管领导确认；不能代办。"))
    form = PayReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: actions.reopen_pay_sheet(actor=request.user, sheet=sheet, reason=reason)):
            return done(request, sheet_url(sheet), _("已退回，可以重新编制。"))
    return form_panel(request, form, _("退回已确认的工资表"), sheet_url(sheet), about=str(sheet))


@require_POST
def pay_out(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Mark a confirmed sheet as paid."""
    sheet = actions.pay_out(actor=request.user, sheet=visible(request, public_id))
    return done(request, sheet_url(sheet), _("已发放，本人都会收到通知。"))


@require_POST
def pay_drop(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Throw a draft away."""
    sheet = visible(request, public_id)
    actions.drop_pay_sheet(actor=request.user, sheet=sheet)
    return done(request, pay_url(sheet.year), _("草稿已删除。"))
