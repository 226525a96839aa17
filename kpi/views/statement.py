"""Statements (对账单): one as a page to read and sign, what did not count, and as PDF for one or a whole group."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from kpi import exports
from kpi.actions.export import export_statement, export_statements
from kpi.models import Run, Standing
from kpi.queries.run import current_run, whole_run
from kpi.queries.scheme import read_scheme
from kpi.queries.standing_words import (
    gate_rows,
    movement_words,
    outcome_facts,
    place_words,
    signature_words,
    stage_words,
    subject_facts,
)
from kpi.queries.statement import Statement, statement_of
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest


@require_GET
def statement(request: SignedInRequest, pk: int) -> HttpResponse:
    """A statement as a page: read on screen, printed to be signed."""
    found = statement_of(request.user, pk)
    return page(request, "kpi/statement.html", statement_context(found))


def statement_context(found: Statement) -> dict[str, Any]:
    run = found.run
    return {
        "statement": found,
        "standing": found.standing,
        "run": run,
        "is_current": current_run(run.year) == run,
        "place": place_words(found.standing, found.group, tied=found.tied),
        "movement": movement_words(found.standing),
        "facts": [*subject_facts(found.standing), *outcome_facts(found.standing)],
        "gates": gate_rows(found.standing),
        "parts": [(part, stage_words(part.stages)) for part in found.parts],
        "printed_on": timezone.localtime(),
        "back_url": reverse("kpi:standing", args=[found.standing.pk]),
        "pdf_url": reverse("kpi:statement-paper", args=[found.standing.pk]),
        "signatures": signature_words(is_person=found.standing.person_id is not None),
    }


@require_GET
def statement_paper(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A statement as PDF; taking it is recorded."""
    standing = export_statement(actor=request.user, pk=pk)
    paper = exports.statement_paper(request.user, standing.run, [standing], request.build_absolute_uri)
    return download(HttpResponse(paper, content_type="application/pdf"), exports.paper_name(standing))


@require_GET
def statements(request: SignedInRequest, public_id: str, group: str) -> HttpResponseBase:
    """All statements of a group: one PDF to print, or a ZIP of PDFs that is sent while it is made."""
    run = whole_run(request.user, public_id)
    form = "zip" if request.GET.get("form") == "zip" else "pdf"
    found = export_statements(actor=request.user, run=run, group=group, form=form)
    title = read_scheme(run.scheme).groups[group].title
    return download(_bundle(request, run, found, form), exports.archive_name(run, title, form))


def _bundle(request: SignedInRequest, run: Run, standings: list[Standing], form: str) -> HttpResponseBase:
    address = request.build_absolute_uri
    if form == "zip":
        parts = exports.statement_archive(request.user, run, standings, address)
        return StreamingHttpResponse(parts, content_type="application/zip")
    paper = exports.statement_paper(request.user, run, standings, address)
    return HttpResponse(paper, content_type="application/pdf")


def download(response: HttpResponseBase, name: str) -> HttpResponseBase:
    """The response as a file of this name that no cache keeps."""
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def uncounted(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everything that did not count for a subject, and why: a page, and the card on the page of its standing."""
    found = statement_of(request.user, pk)
    run = found.run
    context = {
        "statement": found,
        "standing": found.standing,
        "run": run,
        "is_current": current_run(run.year) == run,
    }
    return page(request, "kpi/uncounted.html", context, fragment="card")
