"""Contracts as a workbook."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from promotion.web.exports import note_export
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import workbook_response
from staff.exports.contract import contract_sheet
from staff.filters.contract import ContractFilter
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
