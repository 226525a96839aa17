"""One change over the projects that were selected in the list, its outcome row by row, and taking it back."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects.access import bulk_changes_visible_to, projects_visible_to
from projects.actions.bulk import MOST, change_in_bulk, undo_bulk
from projects.forms.bulk import BulkForm
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def bulk(request: SignedInRequest) -> HttpResponse:
    """What to change in the selected projects; the outcome is a page of its own."""
    keys = [int(key) for key in request.POST.getlist("row")[: MOST + 1] if key.isdecimal()]
    if not keys:
        return HttpResponseRedirect(reverse("projects:list"))
    projects = list(projects_visible_to(request.user).filter(pk__in=keys).select_related("owner"))
    form = BulkForm(request.POST if "what" in request.POST else None)
    if form.is_bound and form.is_valid():
        values, what, reason = form.values(), form.cleaned_data["what"], form.cleaned_data["reason"]
        change = attempt(
            form,
            lambda: change_in_bulk(
                actor=request.user, projects=projects, what=what, values=values, reason=reason
            ),
        )
        if change:
            return done(request, reverse("projects:bulk-change", args=[change.public_id]), _("已处理。"))
    context = {"form": form, "projects": projects}
    return page(request, "projects/bulk.html", context, status=422 if form.errors else 200)


@require_GET
def bulk_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What became of every project of a bulk change."""
    change = get_object_or_404(bulk_changes_visible_to(request.user), public_id=public_id)
    seen = projects_visible_to(request.user).values("pk")
    rows = change.rows.filter(project__in=seen).select_related("project")
    return page(request, "projects/bulk_change.html", {"change": change, "rows": rows})


@require_POST
def bulk_undo(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take it back where nobody changed the project since."""
    change = get_object_or_404(bulk_changes_visible_to(request.user), public_id=public_id)
    undo_bulk(actor=request.user, change=change)
    return done(request, reverse("projects:bulk-change", args=[public_id]), _("已撤销，逐项结果如下。"))
