"""Targets: who is to reach what in the year, set in place or by workbook."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi import access, actions
from kpi.forms import TargetFileForm, TargetsForm, YearForm
from kpi.imports import read_targets, rejected_sheet, target_sheet
from kpi.queries.target import TargetLine, people_of, target_lines, target_years, wanted_targets
from promotion.errors import NotAllowed, NotFound
from promotion.models import ImportBatch
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.web.tables import MAX_BYTES, read_table
from promotion.web.workbooks import workbook_response
from staff.access import assessed_teams_visible_to
from staff.models import Team


@require_http_methods(["GET", "POST"])
def targets(request: SignedInRequest) -> HttpResponse:
    """Teams by targets, or one team's people by targets; those who may, type over the cells."""
    year, team = YearForm.asked(request.GET), asked_team(request)
    everybody = target_lines(request.user, year, level=None)
    lines = people_of(everybody, team) if team else [line for line in everybody if line.team is not None]
    can_set = access.can_set_targets(request.user)
    editing = can_set and (request.method == "POST" or request.GET.get("edit") == "1")
    form = TargetsForm(lines, wanted_targets(year), request.POST or None) if editing else None
    if request.method == "POST":
        if form is None:
            raise NotAllowed(_("只有人事和分管领导可以下达目标。"))
        if form.is_valid() and save_targets(request, year, form):
            return done(request, targets_url(year, team), _("目标已保存，下一次核算起生效。"))
    context = targets_context(request, year, team, everybody, lines) | {"form": form, "can_set": can_set}
    return page(request, "kpi/targets.html", context, status=422 if form is not None and form.errors else 200)


def save_targets(request: SignedInRequest, year: int, form: TargetsForm) -> bool:
    """Write the changed cells; nothing to write is no fault."""
    rows = form.changed_rows()
    if not rows:
        return True
    return attempt(form, lambda: actions.set_targets(actor=request.user, year=year, rows=rows)) is not None


def asked_team(request: SignedInRequest) -> Team | None:
    """The team whose people are shown; unknown teams answer 404."""
    asked = request.GET.get("team", "")
    if not asked:
        return None
    team = assessed_teams_visible_to(request.user).filter(public_id=asked).first()
    if team is None:
        raise NotFound(_("没有这个团队。"))
    return team


def targets_url(year: int, team: Team | None = None, **more: str) -> str:
    query = {"year": str(year)} | ({"team": team.public_id} if team else {}) | more
    return f"{reverse('kpi:targets')}?{urlencode(query)}"


def targets_context(
    request: SignedInRequest,
    year: int,
    team: Team | None,
    everybody: list[TargetLine],
    lines: list[TargetLine],
) -> dict[str, Any]:
    rows, wanted = [], wanted_targets(year)
    for line in lines:
        people = people_of(everybody, line.team) if line.team is not None else []
        url = targets_url(year, line.team) if line.team is not None else ""
        rows.append(
            {
                "line": line,
                "url": url,
                "people": len(people),
                "people_missing": sum(len(one.missing) for one in people),
                "cells": [(line.at(one.code), line.at(one.code, level="stretch")) for one in wanted],
            }
        )
    return {
        "year": year,
        "years": target_years(request.user),
        "team": team,
        "wanted": wanted,
        "rows": rows,
        "missing": sum(len(line.missing) for line in lines),
        "back_url": targets_url(year),
        "here_url": targets_url(year, team),
        "edit_url": targets_url(year, team, edit="1"),
        "workbook_url": f"{reverse('kpi:targets-workbook')}?year={year}",
        "import_url": f"{reverse('kpi:targets-import')}?year={year}",
    }


@require_GET
def targets_workbook(request: SignedInRequest) -> HttpResponse:
    """All targets of the year, with empty cells where none has been set: also the form to fill in."""
    year = YearForm.asked(request.GET)
    sheet = target_sheet(year, target_lines(request.user, year, level=None), wanted_targets(year))
    return workbook_response(_("%(year)s年目标任务.xlsx") % {"year": year}, [sheet])


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
    return actions.keep_target_import(
        actor=request.user,
        year=year,
        file_name=file.name,
        accepted=preview.accepted,
        rejected=preview.rejected,
    )


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
    context = {
        "batch": batch,
        "page": Paginator(changing, 50).get_page(request.GET.get("page")),
        "new_count": sum(not row["old"] for row in changing),
        "changed_count": sum(bool(row["old"]) for row in changing),
        "same_count": len(batch.accepted) - len(changing),
        "rejected": batch.rejected[:200],
        "is_open": batch.state == ImportBatch.State.PREVIEWED,
    }
    return page(request, "kpi/targets_preview.html", context)


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
