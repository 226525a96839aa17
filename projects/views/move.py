"""Moving a project: the drop, the menu, the key and the button all come here."""

from urllib.parse import urlsplit

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, trigger_client_event

from projects.actions import advance_project
from projects.actions.moves import check_move, check_needs, gate_values, permit_change
from projects.forms.project import move_form, move_of
from projects.models import Project
from projects.queries.gates import departments_without_specialist, gates_in_words, missing_gates
from projects.queries.project import visible_project
from projects.queries.specialist import BUILDING
from projects.workflow import GATES, Stage, missing_fields, moves_from, next_stage
from promotion.errors import Conflict
from promotion.web.pages import attempt, done, is_fragment, page, toast
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def advance(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The panel that asks for what the gate lacks; a drop that lacks nothing moves at once."""
    project = visible_project(request.user, public_id)
    permit_change(request.user, project)
    to = request.POST.get("to") or request.GET.get("to") or next_stage(project.stage) or project.stage
    check_move(project, to)
    check_needs(project, to)
    missing = missing_fields(to, gate_values(project))
    dropped = request.method == "POST" and bool(request.POST.get("dropped"))
    submitted = request.method == "POST" and not (dropped and (missing or GATES[Stage(to)].milestone))
    data = None
    if submitted:
        data = request.POST.copy()
        data["to"] = to
        data.setdefault("seen", request.GET.get("seen", ""))
    form = move_form(
        actor=request.user,
        project=project,
        to=to,
        missing=missing,
        data=data,
        files=request.FILES if submitted else None,
    )
    if submitted and form.is_valid():
        moved = _attempted(request, form, project, missing, dropped=dropped)
        if moved is not None:
            return moved
    context = {
        "project": project,
        "form": form,
        "asked": [form[name] for name in missing],
        "to": Stage(to),
        "milestone": GATES[Stage(to)].milestone,
        "gates_left": _gates_left(project, to),
        "lacking": departments_without_specialist(project) if to in BUILDING else [],
    }
    return page(
        request, "projects/project_advance.html", context, fragment="panel", status=422 if submitted else 200
    )


def _gates_left(project: Project, to: str) -> str:
    """What the milestone of the move will still need before it is recognised, in words; empty when nothing is missing."""
    milestone = GATES[Stage(to)].milestone
    if not milestone:
        return ""
    return gates_in_words(project, missing_gates(project, milestone, timezone.localdate()))


def _attempted(
    request: SignedInRequest, form: Form, project: Project, missing: tuple[str, ...], *, dropped: bool
) -> HttpResponse | None:
    """The reply to a move that happened, or to a drop that came too late; None when the panel has to ask again."""
    arguments = move_of(form, missing)
    if dropped:
        try:
            moved = advance_project(actor=request.user, project=project, **arguments)
        except Conflict as conflict:
            reply = reswap(trigger_client_event(HttpResponse(), "board:moved", {}), "none")
            return toast(reply, conflict.message, level="error")
    else:
        outcome = attempt(form, lambda: advance_project(actor=request.user, project=project, **arguments))
        if outcome is None:
            return None
        moved = outcome
    return _moved(request, before=project, after=moved)


def _moved(request: SignedInRequest, *, before: Project, after: Project) -> HttpResponse:
    """On the board the region refreshes in place, with a way back where there is one; elsewhere the record opens."""
    words = {"name": after.name, "stage": after.get_stage_display()}
    if GATES[Stage(after.stage)].milestone:
        text = _("“%(name)s”已推进到「%(stage)s」，里程碑待认定。") % words
    else:
        text = _("“%(name)s”已移到「%(stage)s」。") % words
    current = urlsplit(request.htmx.current_url_abs_path or "").path  # type: ignore[attr-defined]
    if not is_fragment(request) or current != reverse("projects:board"):
        return done(request, reverse("projects:detail", args=[after.public_id]), text)
    undo = ""
    if before.stage in moves_from(after.stage):
        undo = f"{reverse('projects:advance', args=[after.public_id])}?to={before.stage}&seen={after.version}"
    reply = trigger_client_event(HttpResponse(), "board:moved", {})
    return trigger_client_event(toast(reply, text, undo_url=undo), "dialog:close", {})
