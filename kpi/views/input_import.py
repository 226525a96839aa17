"""The input table out and in: downloaded, uploaded, looked at, and only then recorded."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi import access, actions
from kpi.forms import InputFileForm, YearForm
from kpi.imports import input_table, read_inputs, rejected_inputs
from kpi.queries.input_sheets import asked_inputs
from kpi.views.inputs import framed
from promotion.errors import NotAllowed
from promotion.models import ImportBatch
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.web.tables import MAX_BYTES, read_table
from promotion.web.workbooks import workbook_response


@require_GET
def inputs_workbook(request: SignedInRequest) -> HttpResponse:
    """Everything the year asks for, or one sheet of it: also the form to fill in."""
    if not access.sees_voters(request.user):
        raise NotAllowed(_("只有人事、分管领导和纪检审计可以下载录入表。"))
    year, wanted = YearForm.asked(request.GET), request.GET.get("sheet", "")
    sheet = input_table(request.user, asked_inputs(year), wanted)
    return workbook_response(_("%(year)s年考评录入.xlsx") % {"year": year}, [sheet])


@require_http_methods(["GET", "POST"])
def inputs_import(request: SignedInRequest) -> HttpResponse:
    """Choose a file; what it would record is shown on the next page and not recorded yet."""
    need_permission(request)
    year = YearForm.asked(request.GET)
    form = InputFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = attempt(form, lambda: keep_upload(request, year, form))
        if batch is not None:
            return done(request, reverse("kpi:inputs-preview", args=[batch.public_id]))
    batches = access.input_imports_visible_to(request.user).select_related("created_by")
    context = {
        **framed(request, year),
        "form": form,
        "batches": batches.defer("accepted", "rejected").order_by("-pk")[:20],
    }
    return page(request, "kpi/inputs_import.html", context, status=422 if form.errors else 200)


def keep_upload(request: SignedInRequest, year: int, form: InputFileForm) -> ImportBatch:
    """Read, plan and keep the upload as a preview."""
    file = form.cleaned_data["file"]
    table = read_table(file.name, file.read(MAX_BYTES + 1))
    preview = read_inputs(request.user, asked_inputs(year), table)
    return actions.keep_input_import(
        actor=request.user,
        year=year,
        file_name=file.name,
        accepted=preview.accepted,
        rejected=preview.rejected,
    )


def need_permission(request: SignedInRequest) -> None:
    if not access.can_record_inputs(request.user):
        raise NotAllowed(_("只有人事和分管领导可以录入考评数据。"))


def find_batch(request: SignedInRequest, public_id: uuid.UUID) -> ImportBatch:
    need_permission(request)
    batches = access.input_imports_visible_to(request.user).select_related("created_by")
    return get_object_or_404(batches, public_id=public_id)


@require_GET
def inputs_preview(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What would be recorded, from which value to which, and what is refused and why."""
    batch = find_batch(request, public_id)
    changing = [row for row in batch.accepted if not row["same"]]
    context = {
        "batch": batch,
        "page": Paginator(changing, 50).get_page(request.GET.get("page")),
        "new_count": sum(not row["old"] for row in changing),
        "changed_count": sum(bool(row["old"]) for row in changing),
        "same_count": len(batch.accepted) - len(changing),
        "rejected": batch.rejected[:200],
        "is_open": batch.state == ImportBatch.State.PREVIEWED,
    }
    return page(request, "kpi/inputs_preview.html", context)


@require_POST
def inputs_apply(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record the preview, all or nothing."""
    batch = actions.apply_input_import(actor=request.user, batch=find_batch(request, public_id))
    url = f"{reverse('kpi:inputs')}?year={batch.accepted[0]['year']}"
    return done(request, url, _("已录入，请另一位有权限的同事确认后计入。"))


@require_POST
def inputs_discard(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Put the preview aside."""
    actions.discard_input_import(actor=request.user, batch=find_batch(request, public_id))
    return done(request, reverse("kpi:inputs-import"), _("已放弃，没有录入任何内容。"))


@require_GET
def inputs_rejected(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The refused rows as a workbook with the reasons, to be corrected and uploaded again."""
    batch = find_batch(request, public_id)
    name = _("退回的行-%(file)s") % {"file": batch.file_name.rsplit(".", 1)[0]}
    return workbook_response(f"{name}.xlsx", [rejected_inputs(batch.rejected)])
