"""Rehearsing a scheme (细则演练): who would move if it were the rule of this year or of past ones."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from kpi import access, actions
from kpi.actions.rehearsal import is_lost
from kpi.exports import rehearsal_name, rehearsal_sheets
from kpi.forms import RehearsalForm
from kpi.queries.rehearsal import (
    Kept,
    RehearsedGroup,
    RehearsedYear,
    Weighed,
    kept_rehearsal,
    plan_of,
    years_offered,
)
from kpi.scoring.rehearsal import FACTORS, Move
from promotion.errors import NotAllowed, Refused
from promotion.web.pages import attempt, done, is_fragment, page
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import workbook_response

#: How many winners and losers are named beside the table.
NAMED = 5
FIRST_YEARS = 3


@require_http_methods(["GET", "POST"])
def rehearsal(request: SignedInRequest) -> HttpResponse:
    """Choose a scheme and years; a POST calculates, the address shows what was found as long as it is kept.

    A fragment asks how a large one gets on, and is told to load the page when it is done.
    """
    if not access.can_rehearse(request.user):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以演练考核细则；请联系他们。"))
    if request.method == "POST":
        form = form_of(request, request.POST)
        if form.is_valid():
            scheme, years = form.cleaned_data["scheme"], form.cleaned_data["years"]
            plan = attempt(
                form, lambda: actions.rehearse_scheme(actor=request.user, scheme=scheme, years=years)
            )
            if plan is not None:
                return done(request, address_of(scheme.public_id, years))
    else:
        form = form_of(request, request.GET if "years" in request.GET else None)
    found = kept_context(request, form)
    if found.get("result") and is_fragment(request):
        return HttpResponseClientRefresh()
    context = {"form": form, "address": reverse("kpi:rehearsal"), **found}
    return page(request, "kpi/rehearsal.html", context, fragment="result", status=422 if form.errors else 200)


def form_of(request: SignedInRequest, data: Any) -> RehearsalForm:
    """Offered first: the scheme of the address, else the newest, on the last years."""
    years, schemes = years_offered(), access.schemes_visible_to(request.user)
    newest = schemes.order_by("-year", "-number").values_list("public_id", flat=True).first()
    initial = {"scheme": request.GET.get("scheme") or newest, "years": years[:FIRST_YEARS]}
    return RehearsalForm(data, initial=initial, schemes=schemes, years=years)


def address_of(scheme: str, years: Sequence[int], **more: str) -> str:
    query = [("scheme", scheme), *(("years", str(year)) for year in years), *more.items()]
    return f"{reverse('kpi:rehearsal')}?{urlencode(query)}"


def kept_context(request: SignedInRequest, form: RehearsalForm) -> dict[str, Any]:
    """What is known of the rehearsal that the address asks for; nothing before one is asked for."""
    if request.method == "POST" or not form.is_bound or not form.is_valid():
        return {"kept": None}
    scheme, years = form.cleaned_data["scheme"], form.cleaned_data["years"]
    plan = attempt(form, lambda: plan_of(scheme, years))
    kept = kept_rehearsal(plan) if plan else None
    context = {
        "asked": plan is not None,
        "kept": kept,
        "lost": kept is not None and is_lost(kept),
        "here": address_of(scheme.public_id, years),
        "workbook": address_of(scheme.public_id, years).replace("/rehearsal/", "/rehearsal/workbook/"),
    }
    return context | (result_context(request, kept, scheme.public_id, years) if kept and kept.result else {})


def result_context(request: SignedInRequest, kept: Kept, scheme: str, years: Sequence[int]) -> dict[str, Any]:
    """One group of one year in full, and every other in a line of the summary."""
    if kept.result is None:
        raise Refused(_("演练还没有结果。"))
    lines = [(year, group) for year in kept.result.years for group in year.groups]
    wanted = request.GET.get("show", "")
    chosen = next((line for line in lines if name_of(*line) == wanted), lines[0] if lines else None)
    context: dict[str, Any] = {
        "result": kept.result,
        "summary": [
            (year, group, address_of(scheme, years, show=name_of(year, group)), (year, group) == chosen)
            for year, group in lines
        ],
    }
    return context if chosen is None else context | group_context(*chosen)


def name_of(year: RehearsedYear, group: RehearsedGroup) -> str:
    return f"{year.year}-{group.code}"


def group_context(year: RehearsedYear, group: RehearsedGroup) -> dict[str, Any]:
    moved = [move for move in group.moves if move.places_gained]
    return {
        "year": year,
        "group": group,
        "moves": [
            (move, year.teams.get(move.subject.code, ""), group.said(move.subject.code))
            for move in group.moves
        ],
        "has_beside": bool(group.beside),
        "has_teams": any(year.teams.get(move.subject.code) for move in group.moves),
        "winners": sorted((one for one in moved if gained(one) > 0), key=lambda one: -gained(one))[:NAMED],
        "losers": sorted((one for one in moved if gained(one) < 0), key=gained)[:NAMED],
        "factors": [f"{int((factor - 1) * 100):+d}%".replace("-", "−") for factor in FACTORS],
        "weighed": by_indicator(group.sensitivity),
    }


def gained(move: Move) -> int:
    return move.places_gained or 0


def by_indicator(weighed: Sequence[Weighed]) -> list[tuple[str, list[Weighed]]]:
    """One row for each indicator, its factors in order."""
    rows: dict[str, tuple[str, list[Weighed]]] = {}
    for one in weighed:
        rows.setdefault(one.code, (one.indicator, []))[1].append(one)
    return list(rows.values())


@require_GET
def rehearsal_workbook(request: SignedInRequest) -> HttpResponse:
    """The rehearsal that is kept, as a workbook; taking it is recorded."""
    form = form_of(request, request.GET)
    if not access.can_rehearse(request.user):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以演练考核细则；请联系他们。"))
    if not form.is_valid():
        raise Refused(_("请先选择细则和年度，演练之后再导出。"))
    scheme, years = form.cleaned_data["scheme"], form.cleaned_data["years"]
    found = actions.export_rehearsal(actor=request.user, scheme=scheme, years=years)
    return workbook_response(rehearsal_name(found), rehearsal_sheets(found))
