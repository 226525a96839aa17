"""Contracts as a workbook: upload, preview, write or discard; refused rows back; template; export."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.models import ImportBatch
from promotion.web.exports import note_export
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.web.tables import MAX_BYTES, read_table
from promotion.web.workbooks import Sheet, SheetColumn, workbook_response
from staff.access.contract import contract_imports_visible_to
from staff.actions.contract_import import apply_contract_import, discard_contract_import, keep_contract_import
from staff.exports.contract import DATES, contract_sheet
from staff.filters.contract import ContractFilter
from staff.forms.contract import ContractFileForm
from staff.imports.contract import CONTRACT_HEADINGS, read_contracts
from staff.models import ContractKind, Grade
from staff.queries.contract import contracts_listed
from staff.views.permits import for_roster_keepers


@require_GET
@for_roster_keepers
def contracts_export(request: SignedInRequest) -> HttpResponse:
    """The list as filtered, under the headings of the import."""
    listed = ContractFilter(request.GET, queryset=contracts_listed(request.user), request=request).qs
    note_export(request, verb="contract.export", rows=listed)
    name = f"{_('聘用合同')}-{timezone.localdate():%Y%m%d}.xlsx"
    return workbook_response(name, [contract_sheet(listed.order_by("person__staff_number", "starts_on"))])


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def contracts_import(request: SignedInRequest) -> HttpResponse:
    """Choose a file; what it would write is shown on the next page and not written yet."""
    form = ContractFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = attempt(form, lambda: _kept(request, form))
        if batch is not None:
            return done(request, reverse("staff:contracts-preview", args=[batch.public_id]))
    status = 422 if form.errors else 200
    return page(request, "staff/contracts_import.html", {"form": form}, status=status)


def _kept(request: SignedInRequest, form: ContractFileForm) -> ImportBatch:
    file = form.cleaned_data["file"]
    accepted, rejected = read_contracts(request.user, read_table(file.name, file.read(MAX_BYTES + 1)))
    return keep_contract_import(actor=request.user, file_name=file.name, accepted=accepted, rejected=rejected)


@require_GET
@for_roster_keepers
def contracts_preview(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What would be written, and what is refused and why."""
    batch = get_object_or_404(contract_imports_visible_to(request.user), public_id=public_id)
    kinds, grades = dict(ContractKind.choices), dict(Grade.choices)
    lines = [
        {**row, "kind_label": kinds[row["kind"]], "grade_label": grades.get(row["grade"], "")}
        for row in batch.accepted[:500]
    ]
    context = {
        "batch": batch,
        "lines": lines,
        "total": len(batch.accepted),
        "rejected": batch.rejected[:200],
        "is_open": batch.state == ImportBatch.State.PREVIEWED,
    }
    return page(request, "staff/contracts_preview.html", context)


@require_POST
@for_roster_keepers
def contracts_apply(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write the preview, all or nothing."""
    batch = get_object_or_404(contract_imports_visible_to(request.user), public_id=public_id)
    apply_contract_import(actor=request.user, batch=batch)
    return done(request, reverse("staff:contracts"), _("合同表已写入。"))


@require_POST
@for_roster_keepers
def contracts_discard(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Put the preview aside."""
    batch = get_object_or_404(contract_imports_visible_to(request.user), public_id=public_id)
    discard_contract_import(actor=request.user, batch=batch)
    return done(request, reverse("staff:contracts-import"), _("已放弃，没有写入任何内容。"))


@require_GET
@for_roster_keepers
def contracts_rejected(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The refused rows with the reasons, to be corrected and uploaded again."""
    batch = get_object_or_404(contract_imports_visible_to(request.user), public_id=public_id)
    columns = [SheetColumn(name, "text", 16) for name in CONTRACT_HEADINGS]
    rows = [
        [*(entry["cells"].get(name, "") for name in CONTRACT_HEADINGS), "；".join(entry["reasons"])]
        for entry in batch.rejected
    ]
    sheet = Sheet(name=_("退回的行"), columns=[*columns, SheetColumn(_("退回原因"), "text", 48)], rows=rows)
    return workbook_response(f"{_('退回的行')}.xlsx", [sheet])


@require_GET
@for_roster_keepers
def contracts_template(request: SignedInRequest) -> HttpResponse:
    """An empty table with the headings."""
    columns = [SheetColumn(name, "date" if name in DATES else "text", 16) for name in CONTRACT_HEADINGS]
    return workbook_response(f"{_('合同表模板')}.xlsx", [Sheet(name="聘用合同", columns=columns, rows=[])])
