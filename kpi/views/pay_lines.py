"""Single amounts of a sheet: for HR in the course of work, for auditors once and with a reason; corrections, workbook and slips."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi import actions
from kpi.access import pay as access
from kpi.exports.pay import pay_sheet_book, pay_year_book, slip_archive, slip_name, slip_of
from kpi.forms import YearForm
from kpi.forms.pay import CorrectionForm, PayReasonForm
from kpi.models import PaySheet, PayState
from kpi.queries.pay import lines_total
from kpi.queries.pay_sealed import Opened, digest_of, opened, sheet_totals
from kpi.queries.pay_words import said
from kpi.views.panel import form_panel
from kpi.views.pay import private, sheet_url, visible
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import workbook_response

DETAILED = ("sheet__rule", "sheet__scale", "person", "team")


@never_cache
@sensitive_variables()
@require_http_methods(["GET", "POST"])
def pay_lines(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Everybody's line: HR opens it, an auditor says why first; a reload asks the auditor again."""
    sheet = visible(request, public_id)
    if access.can_keep_pay(request.user):
        lines = actions.open_pay_lines(actor=request.user, sheet=sheet)
        return _shown(request, sheet, lines)
    if not access.can_audit_pay(request.user):
        raise NotAllowed(_("单个人的工资只有本人和人事看得到。"))
    form = PayReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        found = attempt(
            form, lambda: [actions.open_pay_lines(actor=request.user, sheet=sheet, reason=reason)]
        )
        if found is not None:
            return _shown(request, sheet, found[0])
    return form_panel(request, form, _("开启工资明细"), sheet_url(sheet), about=str(sheet), label=_("开启"))


def _shown(request: SignedInRequest, sheet: PaySheet, lines: list[Opened]) -> HttpResponse:
    context = {
        "sheet": sheet,
        "lines": lines,
        "total": lines_total(lines),
        "is_whole": digest_of(lines, sheet_totals(sheet).salt) == sheet.digest,
        "back_url": sheet_url(sheet),
        "may_keep": access.can_keep_pay(request.user),
    }
    return private(page(request, "kpi/pay_lines.html", context))


def _line(request: SignedInRequest, public_id: str, person: str) -> Opened:
    """One line, for HR."""
    if not access.can_keep_pay(request.user):
        raise Http404
    rows = access.pay_lines_visible_to(request.user).select_related(*DETAILED)
    row = get_object_or_404(rows, sheet__public_id=public_id, person__public_id=person)
    return opened([row])[0]


@never_cache
@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def pay_line(request: SignedInRequest, public_id: str, person: str) -> HttpResponse:
    """How one person's amount came about; in a draft, a correction with its reason."""
    found = _line(request, public_id, person)
    sheet = found.row.sheet
    may_correct = sheet.state == PayState.DRAFT and found.row.person_id != request.user.person_id
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["note"] = given.pop("reason")
        if attempt(
            form,
            lambda: actions.correct_pay(actor=request.user, sheet=sheet, person=found.row.person, **given),
        ):
            return done(request, _lines_url(sheet), _("已更正。"))
    context: dict[str, Any] = {
        "sheet": sheet,
        "opened": found,
        "steps": said(found),
        "form": form if may_correct else None,
        "back_url": _lines_url(sheet),
    }
    status = 422 if form.errors else 200
    return private(page(request, "kpi/pay_line.html", context, fragment="panel", status=status))


@require_POST
def pay_uncorrect(request: SignedInRequest, public_id: str, person: str, key: str) -> HttpResponse:
    """Take a correction back."""
    found = _line(request, public_id, person)
    actions.drop_correction(actor=request.user, sheet=found.row.sheet, person=found.row.person, key=key)
    return done(request, _lines_url(found.row.sheet), _("更正已撤销。"))


def _lines_url(sheet: PaySheet) -> str:
    return reverse("kpi:pay-lines", args=[sheet.public_id])


@never_cache
@sensitive_variables()
@require_GET
def pay_workbook(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The sheet as a workbook, for HR; the trail keeps that it was taken."""
    sheet = _kept(request, public_id)
    actions.open_pay_lines(actor=request.user, sheet=sheet, form="workbook")
    rows = opened(sheet.lines.select_related(*DETAILED).order_by("team__position", "person__staff_number"))
    return workbook_response(f"{sheet}.xlsx", [pay_sheet_book(sheet, rows)])


@never_cache
@sensitive_variables()
@require_GET
def pay_year_workbook(request: SignedInRequest) -> HttpResponse:
    """Everybody's year as a workbook, for HR; the trail keeps that it was taken."""
    if not access.can_keep_pay(request.user):
        raise Http404
    year = YearForm.asked(request.GET)
    book = pay_year_book(year, actions.take_pay_year(actor=request.user, year=year))
    return workbook_response(f"{book.title}.xlsx", [book])


@never_cache
@sensitive_variables()
@require_GET
def pay_slips(request: SignedInRequest, public_id: str) -> HttpResponse:
    """All slips of a paid sheet in one archive, for HR."""
    sheet = _kept(request, public_id)
    actions.open_pay_lines(actor=request.user, sheet=sheet, form="slips")
    rows = sheet.lines.select_related(*DETAILED).order_by("team__position", "person__staff_number")
    return _file(slip_archive(opened(rows), request.GET.get("body", "")), f"{sheet}.zip", "application/zip")


@never_cache
@sensitive_variables()
@require_GET
def pay_slip(request: SignedInRequest, pk: int) -> HttpResponse:
    """One slip: the person's own, or anybody's for HR."""
    row = get_object_or_404(access.pay_lines_visible_to(request.user).select_related(*DETAILED), pk=pk)
    if row.person_id != request.user.person_id:
        actions.open_pay_lines(actor=request.user, sheet=row.sheet, form="slip")
    found = opened([row])[0]
    return _file(slip_of(found, request.GET.get("body", "")), f"{slip_name(found)}.pdf", "application/pdf")


def _kept(request: SignedInRequest, public_id: str) -> PaySheet:
    if not access.can_keep_pay(request.user):
        raise Http404
    return visible(request, public_id)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return private(response)
