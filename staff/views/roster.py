"""The roster as a workbook: upload, preview, write or discard; refused rows back; template; export."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.models import ImportBatch
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.web.tables import MAX_BYTES, read_table
from promotion.web.workbooks import workbook_response
from staff import actions
from staff.access import roster_imports_visible_to
from staff.exports.roster import rejected_sheet, roster_sheet, template_sheets
from staff.filters.person import PersonFilter
from staff.forms.roster import RosterForm
from staff.imports import heading_notes, lines_of, read_roster, rejected_lines
from staff.queries import people_listed, roster_rows
from staff.views.permits import for_roster_keepers


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def roster_import(request: SignedInRequest) -> HttpResponse:
    """Choose a file; what it would write is shown on the next page and not written yet."""
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = attempt(form, lambda: keep_upload(request, form))
        if batch is not None:
            return done(request, reverse("staff:roster-preview", args=[batch.public_id]))
    batches = (
        roster_imports_visible_to(request.user)
        .select_related("created_by")
        .defer("accepted", "rejected")[:20]
    )
    context = {"form": form, "batches": batches}
    return page(request, "staff/roster_import.html", context, status=422 if form.errors else 200)


def keep_upload(request: SignedInRequest, form: RosterForm) -> ImportBatch:
    """Read, plan and keep the upload as a preview."""
    file = form.cleaned_data["file"]
    table = read_table(file.name, file.read(MAX_BYTES + 1))
    preview = read_roster(request.user, table, end_earlier=form.cleaned_data["end_earlier"])
    return actions.keep_roster_import(
        actor=request.user, file_name=file.name, accepted=preview.accepted, rejected=preview.rejected
    )


@require_GET
@for_roster_keepers
def roster_preview(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What would be written, what would change from which value to which, and what is refused and why."""
    batch = get_object_or_404(
        roster_imports_visible_to(request.user).select_related("created_by"), public_id=public_id
    )
    changing = [row for row in batch.accepted if any(row["changes"].values()) or row["ends"]]
    listed = Paginator(changing, 50).get_page(request.GET.get("page"))
    refused = rejected_lines(batch.rejected)
    unknown, missing = heading_notes(batch.rejected)
    context: dict[str, Any] = {
        "batch": batch,
        "page": listed,
        "lines": lines_of(request.user, listed.object_list),
        "new_count": sum(not row["person"] for row in changing),
        "changed_count": sum(bool(row["person"]) for row in changing),
        "same_count": len(batch.accepted) - len(changing),
        "rejected": refused[:200],
        "rejected_count": len(refused),
        "unknown": unknown,
        "missing": missing,
        "is_open": batch.state == ImportBatch.State.PREVIEWED,
    }
    return page(request, "staff/roster_preview.html", context)


@require_POST
@for_roster_keepers
def roster_apply(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write the preview, all or nothing."""
    batch = get_object_or_404(roster_imports_visible_to(request.user), public_id=public_id)
    actions.apply_roster_import(actor=request.user, batch=batch)
    return done(request, reverse("staff:roster-preview", args=[public_id]), _("名册已写入。"))


@require_POST
@for_roster_keepers
def roster_discard(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Put the preview aside."""
    batch = get_object_or_404(roster_imports_visible_to(request.user), public_id=public_id)
    actions.discard_import(actor=request.user, batch=batch)
    return done(request, reverse("staff:roster-import"), _("已放弃，没有写入任何内容。"))


@require_GET
@for_roster_keepers
def roster_rejected(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The refused rows as a workbook with the reasons, to be corrected and uploaded again."""
    batch = get_object_or_404(roster_imports_visible_to(request.user), public_id=public_id)
    name = _("退回的行-%(file)s") % {"file": batch.file_name.rsplit(".", 1)[0]}
    return workbook_response(f"{name}.xlsx", [rejected_sheet(rejected_lines(batch.rejected))])


@require_GET
@for_roster_keepers
def roster_template(request: SignedInRequest) -> HttpResponse:
    """An empty roster with the headings, and a sheet that says what each column takes."""
    return workbook_response(f"{_('名册模板')}.xlsx", template_sheets())


@require_GET
@for_roster_keepers
def roster_export(request: SignedInRequest) -> HttpResponse:
    """The people list as filtered, under the headings of the import."""
    people = PersonFilter(request.GET, queryset=people_listed(request.user), request=request).qs
    rows = list(roster_rows(people))
    actions.note_roster_export(actor=request.user, rows=len(rows))
    return workbook_response(f"{_('名册')}-{timezone.localdate():%Y%m%d}.xlsx", [roster_sheet(rows)])
