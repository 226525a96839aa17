"""Paper forms of a round in, as a workbook: upload with the scan, preview, hand in or discard."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.models import ImportBatch
from promotion.web.pages import done
from promotion.web.requests import SignedInRequest
from promotion.web.tables import Table
from promotion.web.workbooks import Sheet, SheetColumn, workbook_response
from staff.access.competition import application_imports_visible_to
from staff.actions.application_entry import (
    discard_application_table,
    enter_application_table,
    keep_application_table,
    need_enterer,
)
from staff.exports.book import template_sheet
from staff.forms.application import ApplicationTableForm
from staff.imports.application import application_book, read_applications
from staff.models import Competition
from staff.queries.competition import posts_of, visible_competition
from staff.views.book import PreviewPage, UploadPage, preview_page, rejected_response, upload_page


def _round(request: SignedInRequest, public_id: str) -> Competition:
    found = visible_competition(request.user, public_id)
    need_enterer(request.user)
    return found


def _batch(request: SignedInRequest, competition: Competition, batch: uuid.UUID) -> ImportBatch:
    return get_object_or_404(application_imports_visible_to(request.user, competition), public_id=batch)


@require_http_methods(["GET", "POST"])
def applications_import(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Choose the table and the scan of the forms; what would be handed in is shown on the next page."""
    found = _round(request, public_id)

    def keep(name: str, table: Table) -> ImportBatch:
        accepted, rejected = read_applications(request.user, found, table)
        return keep_application_table(
            actor=request.user,
            competition=found,
            file_name=name,
            accepted=accepted,
            rejected=rejected,
            upload=form.cleaned_data["paper"],
        )

    looks = UploadPage(
        _("代录纸质报名"),
        reverse("staff:applications", args=[public_id]),
        _("报名审核"),
        reverse("staff:applications-template", args=[public_id]),
        _(
            "按模板逐行录入纸质报名表，连同扫描件一起上传。确认后以本人名义提交，并通知本人核对；报名截止后不能再提交。"
        ),
    )
    form = ApplicationTableForm(request.POST or None, request.FILES or None)
    return upload_page(
        request,
        form,
        looks,
        keep,
        lambda batch: reverse("staff:applications-preview", args=[public_id, batch.public_id]),
    )


@require_GET
def applications_preview(request: SignedInRequest, public_id: str, batch: uuid.UUID) -> HttpResponse:
    """What would be handed in, and what is refused and why."""
    kept = _batch(request, _round(request, public_id), batch)
    looks = PreviewPage(
        back_url=reverse("staff:applications-import", args=[public_id]),
        back_label=_("代录纸质报名"),
        apply_url=reverse("staff:applications-apply", args=[public_id, batch]),
        discard_url=reverse("staff:applications-discard", args=[public_id, batch]),
        apply_label=_("提交 %(total)s 份报名") % {"total": len(kept.accepted)},
        note=_("以下内容还没有提交。确认后一次提交全部；有一份提交不了，就一份也不提交。"),
        headings=[_("行号"), _("工号"), _("姓名"), _("志愿"), _("服从调剂"), _("竞聘陈述")],
        rejected_url=reverse("staff:applications-rejected", args=[public_id, batch]),
    )
    return preview_page(
        request,
        kept,
        looks,
        lambda row: [
            row["line"],
            row["staff_number"],
            row["name"],
            row["wanted"],
            _("是") if row["reassignment"] else _("否"),
            row["statement"],
        ],
    )


@require_POST
def applications_apply(request: SignedInRequest, public_id: str, batch: uuid.UUID) -> HttpResponse:
    """Hand in the forms, all or none."""
    found = _round(request, public_id)
    made = enter_application_table(actor=request.user, competition=found, batch=_batch(request, found, batch))
    text = _("已代录并提交 %(count)s 份报名，已通知本人。") % {"count": len(made)}
    return done(request, reverse("staff:applications", args=[public_id]), text)


@require_POST
def applications_discard(request: SignedInRequest, public_id: str, batch: uuid.UUID) -> HttpResponse:
    """Put the preview aside."""
    found = _round(request, public_id)
    discard_application_table(actor=request.user, competition=found, batch=_batch(request, found, batch))
    back = reverse("staff:applications-import", args=[public_id])
    return done(request, back, _("已放弃，没有写入任何内容。"))


@require_GET
def applications_rejected(request: SignedInRequest, public_id: str, batch: uuid.UUID) -> HttpResponse:
    """The refused rows with the reasons."""
    found = _round(request, public_id)
    return rejected_response(application_book(found), _batch(request, found, batch))


@require_GET
def applications_template(request: SignedInRequest, public_id: str) -> HttpResponse:
    """An empty table for this round, and the posts that the choices name."""
    found = _round(request, public_id)
    columns = [SheetColumn(_("岗位序号"), "integer", 10), SheetColumn(_("岗位"), "text", 48)]
    posts = Sheet(
        name=_("岗位"),
        columns=columns,
        rows=[[place, str(post)] for place, post in enumerate(posts_of(found), start=1)],
    )
    name = f"{found.number}-{_('纸质报名模板')}.xlsx"
    return workbook_response(name, [template_sheet(application_book(found)), posts])
