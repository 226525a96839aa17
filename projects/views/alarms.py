"""What deserves a second look on a project; the record loads it as a card, because what is usual is counted over all projects."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from projects.access import sees_hints
from projects.queries.alarms import alarm_card
from projects.queries.project import visible_project
from promotion.errors import NotAllowed
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest


@require_GET
def alarms(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The card; without script a page of its own."""
    project = visible_project(request.user, public_id)
    if not sees_hints(request.user):
        raise NotAllowed(_("认定提示只给认定人和审计看。"))
    context = {"project": project, "card": alarm_card(request.user, project)}
    return page(request, "projects/alarms.html", context, fragment="card")
