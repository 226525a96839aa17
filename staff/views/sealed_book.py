"""Sealed archives in, as a workbook; there is no way out as one."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.errors import NotAllowed
from promotion.models import ImportBatch
from promotion.web.pages import done
from promotion.web.requests import SignedInRequest
from promotion.web.tables import Table
from promotion.web.workbooks import workbook_response
from staff.access.sealed import can_open_sealed, sealed_imports_visible_to
from staff.actions.sealed_import import apply_sealed_import, discard_sealed_import, keep_sealed_import
from staff.exports.book import template_sheet
from staff.forms.sealed import SealedFileForm
from staff.imports.sealed import SEALED_BOOK, read_sealed
from staff.models import SealedSubject
from staff.queries.sealed import key_state
from staff.views.book import PreviewPage, UploadPage, preview_page, upload_page


@never_cache
@require_http_methods(["GET", "POST"])
def sealed_import(request: SignedInRequest) -> HttpResponse:
    """Choose a file; its content is sealed before anything of it is kept."""
    _need_hr(request)

    @sensitive_variables("table", "rows")
    def keep(name: str, table: Table) -> ImportBatch:
        rows, rejected = read_sealed(request.user, table)
        return keep_sealed_import(actor=request.user, file_name=name, rows=rows, rejected=rejected)

    looks = UploadPage(
        _("导入封存档案"), reverse("staff:sealed"), _("封存档案"), reverse("staff:sealed-template")
    )
    form = SealedFileForm(request.POST or None, request.FILES or None)
    return upload_page(request, form, looks, keep, _preview_url, keys=key_state())


def _preview_url(batch: ImportBatch) -> str:
    return reverse("staff:sealed-preview", args=[batch.public_id])


@require_GET
def sealed_preview(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Whose archives would be sealed, and what is refused and why; never what they say."""
    _need_hr(request)
    batch = get_object_or_404(sealed_imports_visible_to(request.user), public_id=public_id)
    looks = PreviewPage(
        back_url=reverse("staff:sealed-import"),
        back_label=_("导入封存档案"),
        apply_url=reverse("staff:sealed-apply", args=[public_id]),
        discard_url=reverse("staff:sealed-discard", args=[public_id]),
        apply_label=_("封存 %(total)s 条") % {"total": len(batch.accepted)},
        apply_icon="lock",
        note=_("内容已加密，预览不显示。确认后一次封存全部；有一条写不进去，就一条也不写。"),
        headings=[_("行号"), _("工号"), _("姓名"), _("封存事项"), _("起")],
    )
    return preview_page(
        request,
        batch,
        looks,
        lambda row: [
            row["line"],
            row["staff_number"],
            row["name"],
            SealedSubject(row["subject"]).label,
            row["starts_on"],
        ],
    )


@require_POST
def sealed_apply(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Seal all rows, or none."""
    batch = get_object_or_404(sealed_imports_visible_to(request.user), public_id=public_id)
    apply_sealed_import(actor=request.user, batch=batch)
    return done(request, reverse("staff:sealed"), _("已全部封存。请删掉您电脑里的原文件。"))


@require_POST
def sealed_discard(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Put the preview aside."""
    batch = get_object_or_404(sealed_imports_visible_to(request.user), public_id=public_id)
    discard_sealed_import(actor=request.user, batch=batch)
    return done(request, reverse("staff:sealed-import"), _("已放弃，没有写入任何内容。"))


@require_GET
def sealed_template(request: SignedInRequest) -> HttpResponse:
    """An empty table with the headings."""
    _need_hr(request)
    return workbook_response(f"{_('封存档案模板')}.xlsx", [template_sheet(SEALED_BOOK)])


def _need_hr(request: SignedInRequest) -> None:
    if not can_open_sealed(request.user):
        raise NotAllowed(_("封存档案只由人事封存和开启。"))
