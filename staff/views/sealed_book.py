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
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.web.tables import MAX_BYTES, read_table
from promotion.web.workbooks import Sheet, SheetColumn, workbook_response
from staff.access.sealed import can_open_sealed, sealed_imports_visible_to
from staff.actions.sealed_import import apply_sealed_import, discard_sealed_import, keep_sealed_import
from staff.forms.sealed import SealedFileForm
from staff.imports.sealed import SEALED_HEADINGS, read_sealed
from staff.models import SealedSubject
from staff.queries.sealed import key_state


@never_cache
@require_http_methods(["GET", "POST"])
def sealed_import(request: SignedInRequest) -> HttpResponse:
    """Choose a file; its content is sealed before anything of it is kept."""
    _need_hr(request)
    form = SealedFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = attempt(form, lambda: _kept(request, form))
        if batch is not None:
            return done(request, reverse("staff:sealed-preview", args=[batch.public_id]))
    context = {"form": form, "keys": key_state()}
    return page(request, "staff/sealed_import.html", context, status=422 if form.errors else 200)


@sensitive_variables("file", "table", "rows")
def _kept(request: SignedInRequest, form: SealedFileForm) -> ImportBatch:
    file = form.cleaned_data["file"]
    table = read_table(file.name, file.read(MAX_BYTES + 1))
    rows, rejected = read_sealed(request.user, table)
    return keep_sealed_import(actor=request.user, file_name=file.name, rows=rows, rejected=rejected)


@require_GET
def sealed_preview(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Whose archives would be sealed, and what is refused and why; never what they say."""
    _need_hr(request)
    batch = get_object_or_404(sealed_imports_visible_to(request.user), public_id=public_id)
    lines = [{**row, "label": SealedSubject(row["subject"]).label} for row in batch.accepted[:500]]
    context = {
        "batch": batch,
        "lines": lines,
        "total": len(batch.accepted),
        "rejected": batch.rejected[:200],
        "is_open": batch.state == ImportBatch.State.PREVIEWED,
    }
    return page(request, "staff/sealed_preview.html", context)


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
    columns = [
        SheetColumn(name, "date" if name in ("起", "最后一日") else "text", 16) for name in SEALED_HEADINGS
    ]
    return workbook_response(f"{_('封存档案模板')}.xlsx", [Sheet(name="封存档案", columns=columns, rows=[])])


def _need_hr(request: SignedInRequest) -> None:
    if not can_open_sealed(request.user):
        raise NotAllowed(_("封存档案只由人事封存和开启。"))
