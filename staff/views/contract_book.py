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
from promotion.web.pages import done
from promotion.web.requests import SignedInRequest
from promotion.web.tables import Table
from promotion.web.workbooks import workbook_response
from staff.access.contract import contract_imports_visible_to
from staff.actions.contract_import import apply_contract_import, discard_contract_import, keep_contract_import
from staff.exports.book import template_sheet
from staff.exports.contract import contract_sheet
from staff.filters.contract import ContractFilter
from staff.forms.contract import ContractFileForm
from staff.imports.contract import CONTRACT_BOOK, read_contracts
from staff.models import ContractKind, Grade
from staff.queries.contract import contracts_listed
from staff.views.book import PreviewPage, UploadPage, preview_page, rejected_response, upload_page
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

    def keep(name: str, table: Table) -> ImportBatch:
        accepted, rejected = read_contracts(request.user, table)
        return keep_contract_import(actor=request.user, file_name=name, accepted=accepted, rejected=rejected)

    looks = UploadPage(
        _("导入合同"), reverse("staff:contracts"), _("聘用合同"), reverse("staff:contracts-template")
    )
    form = ContractFileForm(request.POST or None, request.FILES or None)
    return upload_page(request, form, looks, keep, _preview_url)


def _preview_url(batch: ImportBatch) -> str:
    return reverse("staff:contracts-preview", args=[batch.public_id])


@require_GET
@for_roster_keepers
def contracts_preview(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What would be written, and what is refused and why."""
    batch = get_object_or_404(contract_imports_visible_to(request.user), public_id=public_id)
    kinds, grades = dict(ContractKind.choices), dict(Grade.choices)
    looks = PreviewPage(
        back_url=reverse("staff:contracts-import"),
        back_label=_("导入合同"),
        apply_url=reverse("staff:contracts-apply", args=[public_id]),
        discard_url=reverse("staff:contracts-discard", args=[public_id]),
        apply_label=_("写入 %(total)s 行") % {"total": len(batch.accepted)},
        note=_("以下内容还没有写入。确认后一次写入全部；有一行写不进去，就一行也不写。"),
        headings=[_("行号"), _("姓名"), _("合同编号"), _("合同类别"), _("级别"), _("合同起"), _("签订日期")],
        rejected_url=reverse("staff:contracts-rejected", args=[public_id]),
    )
    return preview_page(
        request,
        batch,
        looks,
        lambda row: [
            row["line"],
            f"{row['name']} · {row['staff_number']}",
            row["number"] or _("自动编号"),
            kinds[row["kind"]],
            grades.get(row["grade"], ""),
            row["starts_on"],
            row["signed_on"],
        ],
    )


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
    return rejected_response(CONTRACT_BOOK, batch)


@require_GET
@for_roster_keepers
def contracts_template(request: SignedInRequest) -> HttpResponse:
    """An empty table with the headings."""
    return workbook_response(f"{_('合同表模板')}.xlsx", [template_sheet(CONTRACT_BOOK)])
