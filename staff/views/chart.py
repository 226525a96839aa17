"""The organisation chart of a day, on the screen, on paper, and under which name; and the body with its two names."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from promotion.web.pages import page
from promotion.web.requests import SignedInRequest
from staff.exports.organisation import SIZES, chart_paper
from staff.models import BodyName
from staff.queries import organisation_on
from staff.queries.body import issued_papers
from staff.views.team import asked_day, figures_of


@require_GET
def chart(request: SignedInRequest) -> HttpResponse:
    """Both names above, a column for each branch."""
    form, day = asked_day(request)
    is_today = day == timezone.localdate()
    context = {
        "form": form,
        "day": day,
        "is_today": is_today,
        "day_query": "" if is_today else f"?on={day.isoformat()}",
        "organisation": organisation_on(request.user, day),
        "names": BodyName,
        "sizes": SIZES,
    }
    return page(request, "staff/organisation_chart.html", context)


@require_GET
def chart_pdf(request: SignedInRequest, size: str, body: str) -> HttpResponse:
    """The same as a paper of the body under the name."""
    if size not in SIZES or body not in BodyName.values:
        raise Http404
    _form, day = asked_day(request)
    paper = chart_paper(organisation_on(request.user, day), size=size, body=body)
    name = f"{_('组织机构图')}-{day:%Y%m%d}-{size.upper()}.pdf"
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def body(request: SignedInRequest) -> HttpResponse:
    """One body, two names: which papers were issued under which."""
    organisation = organisation_on(request.user, timezone.localdate())
    context = {
        "names": [(name, issued_papers(name)) for name in BodyName],
        "figures": figures_of(organisation),
        "people": organisation.people,
    }
    return page(request, "staff/body.html", context)
