"""Naming colleagues: whom a typed @ may mean, and taking note of having been named."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from projects.actions import see_mention
from projects.models import Mention
from projects.queries.mention import suggestions
from projects.queries.project import visible_project
from promotion.web.pages import done
from promotion.web.requests import SignedInRequest

LONGEST = 20


@require_GET
def mention_names(request: SignedInRequest, public_id: str) -> JsonResponse:
    """Colleagues who may see the project, by what was typed after the @."""
    project = visible_project(request.user, public_id)
    found = suggestions(project, request.GET.get("q", "")[:LONGEST])
    names = [
        {
            "name": account.display_name,
            "insert": text,
            "detail": str(account.get_role_display()),
        }
        for account, text in found
        if account.pk != request.user.pk
    ]
    return JsonResponse({"names": names})


@require_POST
def mention_seen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Noted: it leaves the workbench."""
    see_mention(actor=request.user, mention=get_object_or_404(Mention, pk=pk, account=request.user))
    return done(request, "/", _("已知悉。"))
