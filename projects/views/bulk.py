"""One change over the projects that were selected in the list, its outcome row by row, and taking it back."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects.access import bulk_changes_visible_to, projects_visible_to
from projects.actions.bulk import MOST, UNDO_WITHIN, change_in_bulk, preview_bulk, undo_bulk
from projects.forms.bulk import WHATS, BulkForm
from projects.models import BulkChange, BulkChangeRow, Project, RowOutcome
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def bulk(request: SignedInRequest) -> HttpResponse:
    """What to change in the selected projects, tried out first if one likes; the outcome is a page of its own."""
    keys = [int(key) for key in request.POST.getlist("row")[: MOST + 1] if key.isdecimal()]
    if not keys:
        return HttpResponseRedirect(reverse("projects:list"))
    projects = list(projects_visible_to(request.user).filter(pk__in=keys).select_related("owner"))
    what = request.POST.get("what", "")
    what = what if what in dict(WHATS) else WHATS[0][0]
    sent = "apply" in request.POST or "preview" in request.POST
    form = BulkForm(request.POST if sent else None, actor=request.user, what=what)
    seen = {project.pk: _seen(request, project) for project in projects}
    tried: list[BulkChangeRow] | None = None
    if sent and form.is_valid():
        given = {
            "actor": request.user,
            "projects": projects,
            "what": what,
            "values": form.values(),
            "reason": form.cleaned_data.get("reason", ""),
            "seen": seen,
        }
        if "preview" in request.POST:
            tried = attempt(form, lambda: preview_bulk(**given))
        elif change := attempt(form, lambda: change_in_bulk(**given)):
            return _changed(request, change)
    context = {
        "form": form,
        "what": what,
        "whats": WHATS,
        "rows": [(project, seen[project.pk]) for project in projects],
        "tried": tried,
    }
    return page(request, "projects/bulk.html", context, status=422 if form.errors else 200)


def _seen(request: SignedInRequest, project: Project) -> int:
    """The version that the page showed, so that a change in between is noticed; the present one on the first page."""
    shown = request.POST.get(f"seen-{project.pk}", "")
    return int(shown) if shown.isdecimal() else project.version


def _changed(request: SignedInRequest, change: BulkChange) -> HttpResponse:
    outcomes = list(change.rows.values_list("outcome", flat=True))
    text = _("已修改 %(changed)s 个，未修改 %(refused)s 个。") % {
        "changed": outcomes.count(RowOutcome.CHANGED),
        "refused": outcomes.count(RowOutcome.REFUSED),
    }
    undo = reverse("projects:bulk-undo", args=[change.public_id])
    return done(request, reverse("projects:bulk-change", args=[change.public_id]), text, undo_url=undo)


@require_GET
def bulk_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What became of every project of a bulk change."""
    change = get_object_or_404(bulk_changes_visible_to(request.user), public_id=public_id)
    seen = projects_visible_to(request.user).values("pk")
    rows = change.rows.filter(project__in=seen).select_related("project")
    context = {
        "change": change,
        "rows": rows,
        "what": dict(WHATS).get(change.what, change.what),
        "can_undo": change.undone_at is None and timezone.now() - change.made_at <= UNDO_WITHIN,
    }
    return page(request, "projects/bulk_change.html", context)


@require_POST
def bulk_undo(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take it back where nobody changed the project since."""
    change = get_object_or_404(bulk_changes_visible_to(request.user), public_id=public_id)
    undo_bulk(actor=request.user, change=change)
    return done(request, reverse("projects:bulk-change", args=[public_id]), _("已撤销，逐项结果如下。"))
