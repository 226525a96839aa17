"""What changed since a result was made public, the notice to put up, and the lists as workbooks."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kpi.access import can_export_ranking
from kpi.access.publicity import objections_visible_to, sees_replies
from kpi.actions.publicity_export import export_publicity
from kpi.exports.publicity import changes_sheet, objections_sheet, publicity_notice
from kpi.models import Publicity
from kpi.queries import standing as standings
from kpi.queries.objection import listed_objections
from kpi.queries.publicity import visible_publicity
from kpi.queries.publicity_changes import changes_since
from kpi.views.publicity import address_of
from kpi.views.statement import download
from promotion.errors import NotAllowed
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import workbook_response

PER_PAGE = 100


def may_see_changes(request: SignedInRequest, found: Publicity) -> bool:
    """Once the list is final everybody reads what changed; until then those who run and watch the assessment."""
    return found.final_run_id is not None or (found.opens_on is not None and sees_replies(request.user))


@require_GET
def publicity_changes(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Who differs between the published and the final run, by how much and why, and which of it follows from an objection."""
    found = visible_publicity(request.user, public_id)
    if not may_see_changes(request, found):
        raise NotAllowed(_("变动清单在定案之后公开；此前由人事、分管领导和纪检审计核对。"))
    changes = changes_since(request.user, found)
    listed = Paginator(changes.subjects, PER_PAGE).get_page(request.GET.get("page"))
    seen = set(objections_visible_to(request.user).filter(publicity=found).values_list("pk", flat=True))
    context = {
        "publicity": found,
        "changes": changes,
        "page": listed,
        "seen_objections": seen,
        "may_export": can_export_ranking(request.user),
        "back_url": address_of(found),
    }
    return page(request, "kpi/publicity_changes.html", context)


@require_GET
def changes_workbook(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The changes as a workbook."""
    found = visible_publicity(request.user, public_id)
    export_publicity(actor=request.user, publicity=found, what="changes")
    name = _("%(year)s年考核公示后变动.xlsx") % {"year": found.year}
    return workbook_response(name, [changes_sheet(changes_since(request.user, found))])


@require_GET
def objections_workbook(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The objections as a workbook."""
    found = visible_publicity(request.user, public_id)
    export_publicity(actor=request.user, publicity=found, what="objections")
    name = _("%(year)s年考核异议清单.xlsx") % {"year": found.year}
    return workbook_response(name, [objections_sheet(found, listed_objections(request.user, found))])


@require_GET
def notice(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """The notice, or the final list, as PDF under the name of ?body=."""
    found = visible_publicity(request.user, public_id)
    export_publicity(actor=request.user, publicity=found, what="notice")
    run = found.final_run or found.run
    ranked = [
        (group, list(standings.ranking_of_run(request.user, run, group.code)))
        for group in standings.groups_of(run)
    ]
    paper = publicity_notice(found, ranked, request.GET.get("body", ""))
    response = HttpResponse(paper, content_type="application/pdf")
    return download(response, _("%(year)s年考核公示.pdf") % {"year": found.year})
