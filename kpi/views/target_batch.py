"""Many targets at once: the workbook out and in, last year's, a year spread over its parts; always previewed, then written."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi import access, actions
from kpi.forms import CopyForm, SpreadForm, TargetFileForm, YearForm
from kpi.imports import help_sheet, read_targets, rejected_sheet, target_sheet
from kpi.models import TargetLevel, TargetPeriod
from kpi.queries.target import people_of, target_lines, target_years, wanted_targets, with_values
from kpi.queries.target_plan import TargetPreview, plan_copy, plan_spread
from kpi.views.target import asked_team
from kpi.views.target_cells import targets_url
from promotion.errors import NotAllowed
from promotion.models import ImportBatch
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.web.tables import MAX_BYTES, read_table
from promotion.web.workbooks import workbook_response


@require_GET
def targets_workbook(request: SignedInRequest) -> HttpResponse:
    """The year's targets of all periods and levels, empty where none has been set: also the form to fill in."""
    year, team = YearForm.asked(request.GET), asked_team(request)
    lines = target_lines(request.user, year)
    if team is not None:
        lines = [line for line in lines if line.team == team] + people_of(lines, team)
    sheet = target_sheet(year, with_values(request.user, year, lines), wanted_targets(year))
    words = {"year": year, "team": f"-{team.name}" if team else ""}
    return workbook_response(_("%(year)s年目标任务%(team)s.xlsx") % words, [sheet, help_sheet()])


@require_http_methods(["GET", "POST"])
def targets_import(request: SignedInRequest) -> HttpResponse:
    """Choose a file; what it would write is shown on the next page and not written yet."""
    need_permission(request)
    year = YearForm.asked(request.GET)
    form = TargetFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = attempt(form, lambda: keep_upload(request, year, form))
        if batch is not None:
            return done(request, reverse("kpi:targets-preview", args=[batch.public_id]))
    batches = access.target_imports_visible_to(request.user).select_related("created_by")
    context = {
        "form": form,
        "year": year,
        "batches": batches.defer("accepted", "rejected")[:20],
        "back_url": targets_url(year),
        "workbook_url": f"{reverse('kpi:targets-workbook')}?year={year}",
    }
    return page(request, "kpi/targets_import.html", context, status=422 if form.errors else 200)


def keep_upload(request: SignedInRequest, year: int, form: TargetFileForm) -> ImportBatch:
    """Read, plan and keep the upload as a preview."""
    file = form.cleaned_data["file"]
    preview = read_targets(request.user, year, read_table(file.name, file.read(MAX_BYTES + 1)))
    return keep(request, year, file.name, preview)


def keep(request: SignedInRequest, year: int, name: str, preview: TargetPreview) -> ImportBatch:
    return actions.keep_target_import(
        actor=request.user,
        year=year,
        file_name=name,
        accepted=preview.accepted,
        rejected=preview.rejected,
    )


@require_http_methods(["GET", "POST"])
def targets_plan(request: SignedInRequest) -> HttpResponse:
    """Spread the year over its parts, or take over an earlier year; both are previewed before anything is written."""
    need_permission(request)
    year, forms = YearForm.asked(request.GET), plan_forms(request)
    chosen = forms.get(request.POST.get("what", ""))
    if request.method == "POST" and chosen is not None and chosen.is_valid():
        batch = attempt(chosen, lambda: keep_plan(request, year, chosen))
        if batch is not None:
            return done(request, reverse("kpi:targets-preview", args=[batch.public_id]))
    context = {
        "year": year,
        "wanted": wanted_targets(year),
        "spread": forms["spread"],
        "earlier": forms.get("copy"),
        "back_url": targets_url(year),
    }
    return page(request, "kpi/targets_plan.html", context, status=422 if chosen and chosen.errors else 200)


def plan_forms(request: SignedInRequest) -> dict[str, SpreadForm | CopyForm]:
    """The form of each way; the one that was sent has its data. Without an earlier year there is nothing to copy."""
    year = YearForm.asked(request.GET)
    lines = with_values(request.user, year, target_lines(request.user, year))
    wanted, scope = wanted_targets(year), request.GET.get("scope", "")
    sent = {request.POST.get("what"): request.POST} if request.method == "POST" else {}
    found: dict[str, SpreadForm | CopyForm] = {
        "spread": SpreadForm(lines, wanted, sent.get("spread"), scope=scope, prefix="spread")
    }
    if years := [other for other in target_years(request.user) if other < year]:
        found["copy"] = CopyForm(lines, wanted, sent.get("copy"), scope=scope, prefix="copy", years=years)
    return found


def keep_plan(request: SignedInRequest, year: int, form: SpreadForm | CopyForm) -> ImportBatch:
    """Plan what was chosen and keep it as a preview."""
    if isinstance(form, SpreadForm):
        preview = plan_spread(*form.chosen(), form.how(year))
    else:
        preview = plan_copy(request.user, *form.chosen(), form.how())
    return keep(request, year, form.title(), preview)


def need_permission(request: SignedInRequest) -> None:
    if not access.can_set_targets(request.user):
        raise NotAllowed(_("只有人事和分管领导可以下达目标。"))


def find_batch(request: SignedInRequest, public_id: uuid.UUID) -> ImportBatch:
    need_permission(request)
    return get_object_or_404(
        access.target_imports_visible_to(request.user).select_related("created_by"), public_id=public_id
    )


@require_GET
def targets_preview(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What would be written, from which value to which, and what is refused and why."""
    batch = find_batch(request, public_id)
    changing = [row for row in batch.accepted if not row["same"]]
    shown = Paginator(changing, 50).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "page": shown,
        "rows": [row | labels_of(row) for row in shown],
        "new_count": sum(not row["old"] for row in changing),
        "changed_count": sum(bool(row["old"]) for row in changing),
        "same_count": len(batch.accepted) - len(changing),
        "rejected": batch.rejected[:200],
        "rejected_count": len(batch.rejected),
        "has_lines": any(row["line"] for row in [*batch.accepted[:1], *batch.rejected[:1]]),
        "is_open": batch.state == ImportBatch.State.PREVIEWED,
    }
    return page(request, "kpi/targets_preview.html", context)


def labels_of(row: dict[str, Any]) -> dict[str, str]:
    """Period and level of a planned cell in words."""
    period, level = row.get("period", "year"), row.get("level", "base")
    return {"period_label": str(TargetPeriod(period).label), "level_label": str(TargetLevel(level).label)}


@require_POST
def targets_apply(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write the preview, all or nothing."""
    batch = actions.apply_target_import(actor=request.user, batch=find_batch(request, public_id))
    return done(request, targets_url(batch.accepted[0]["year"]), _("目标已写入，下一次核算起生效。"))


@require_POST
def targets_discard(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Put the preview aside."""
    actions.discard_target_import(actor=request.user, batch=find_batch(request, public_id))
    return done(request, reverse("kpi:targets-import"), _("已放弃，没有写入任何内容。"))


@require_GET
def targets_rejected(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The refused rows as a workbook with the reasons, to be corrected and uploaded again."""
    batch = find_batch(request, public_id)
    name = _("退回的行-%(file)s") % {"file": batch.file_name.rsplit(".", 1)[0]}
    return workbook_response(f"{name}.xlsx", [rejected_sheet(batch.rejected)])
