"""Paper score sheets of a session in, as a workbook with the scan: typed by HR, checked and written by a second person."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.errors import NotAllowed
from promotion.models import ImportBatch
from promotion.web.pages import done
from promotion.web.requests import SignedInRequest
from promotion.web.tables import Table
from promotion.web.workbooks import workbook_response
from staff.access.paper_sheet import can_check_typed_scores, can_type_scores, score_imports_visible_to
from staff.actions.paper_sheet import discard_score_table, enter_score_table, keep_score_table
from staff.exports.book import template_sheet
from staff.forms.interview import ScoreTableForm
from staff.imports.score import pairs_to_type, read_scores, score_book
from staff.models import InterviewSession, ScoreScan
from staff.queries.interview import visible_session
from staff.views.book import PreviewPage, UploadPage, preview_page, rejected_response, upload_page


def _typed(request: SignedInRequest, public_id: str) -> InterviewSession:
    """The session, for who types its paper sheets in. Raises NotAllowed."""
    found: InterviewSession = visible_session(request.user, public_id)
    if not can_type_scores(request.user, found):
        raise NotAllowed(_("纸质评分由人事代录；担任这一场评委的，请另一位代录。"))
    return found


def _address(session: InterviewSession) -> str:
    return reverse("staff:interview-session", args=[session.public_id])


@never_cache
@require_http_methods(["GET", "POST"])
def scores_import(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Choose the table and the scan of the sheets."""
    found = _typed(request, public_id)

    def keep(name: str, table: Table) -> ImportBatch:
        accepted, rejected = read_scores(found, table)
        return keep_score_table(
            actor=request.user,
            session=found,
            file_name=name,
            accepted=accepted,
            rejected=rejected,
            upload=form.cleaned_data["paper"],
        )

    looks = UploadPage(
        _("代录纸质评分"),
        _address(found),
        found.room,
        reverse("staff:scores-template", args=[public_id]),
        _(
            "封场以前录入。录入后由另一位（人事或纪检审计，不是本场评委）对照扫描件核对，写入才算数；评委可以打开核对、取回修改。"
        ),
    )
    form = ScoreTableForm(request.POST or None, request.FILES or None)
    return upload_page(
        request,
        form,
        looks,
        keep,
        lambda batch: reverse("staff:scores-preview", args=[public_id, batch.public_id]),
    )


@never_cache
@require_GET
def scores_preview(request: SignedInRequest, public_id: str, batch: uuid.UUID) -> HttpResponse:
    """What would be written, beside the scan; the button is the second person's."""
    found = visible_session(request.user, public_id)
    kept = get_object_or_404(score_imports_visible_to(request.user, found), public_id=batch)
    scan = ScoreScan.objects.select_related("paper").get(batch=kept)
    checks = can_check_typed_scores(request.user, found, kept)
    criteria = list(found.competition.criteria.order_by("position"))
    looks = PreviewPage(
        back_url=_address(found),
        back_label=found.room,
        apply_url=reverse("staff:scores-apply", args=[public_id, batch]) if checks else "",
        discard_url=reverse("staff:scores-discard", args=[public_id, batch]),
        apply_label=_("核对无误，写入 %(total)s 张评分表") % {"total": len(kept.accepted)},
        note=_("还没有写入。请对照扫描件逐张核对，核对无误再写入。")
        if checks
        else _("还没有写入。请另一位（人事或纪检审计，不是本场评委）对照扫描件核对后写入。"),
        headings=[_("行号"), _("报名人"), _("评委"), *(each.name for each in criteria), _("评语")],
        rejected_url=reverse("staff:scores-rejected", args=[public_id, batch]),
        paper_url=reverse("staff:paper-preview", args=[scan.paper.public_id]),
    )
    return preview_page(
        request,
        kept,
        looks,
        lambda row: [
            row["line"],
            row["name"],
            row["judge"],
            *(row["points"][str(each.pk)] for each in criteria),
            row["remark"],
        ],
    )


@require_POST
def scores_apply(request: SignedInRequest, public_id: str, batch: uuid.UUID) -> HttpResponse:
    """Write the sheets that somebody else typed in."""
    found = visible_session(request.user, public_id)
    kept = get_object_or_404(score_imports_visible_to(request.user, found), public_id=batch)
    made = enter_score_table(actor=request.user, session=found, batch=kept)
    return done(request, _address(found), _("已写入 %(count)s 张评分表，已通知评委。") % {"count": len(made)})


@require_POST
def scores_discard(request: SignedInRequest, public_id: str, batch: uuid.UUID) -> HttpResponse:
    """Put the table aside."""
    found = visible_session(request.user, public_id)
    kept = get_object_or_404(score_imports_visible_to(request.user, found), public_id=batch)
    discard_score_table(actor=request.user, session=found, batch=kept)
    return done(request, _address(found), _("已放弃，没有写入任何内容。"))


@never_cache
@require_GET
def scores_rejected(request: SignedInRequest, public_id: str, batch: uuid.UUID) -> HttpResponse:
    """The refused rows with the reasons."""
    found = visible_session(request.user, public_id)
    kept = get_object_or_404(score_imports_visible_to(request.user, found), public_id=batch)
    return rejected_response(score_book(found), kept)


@require_GET
def scores_template(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The table of the session: a row for each sheet that is still owed."""
    found = _typed(request, public_id)
    book = score_book(found)
    blank = [""] * (len(book.headings) - 4)
    rows = [[*row, *blank] for row in pairs_to_type(found)]
    name = f"{found.competition.number}-{found.room}-{_('纸质评分模板')}.xlsx"
    return workbook_response(name, [template_sheet(book, rows)])
