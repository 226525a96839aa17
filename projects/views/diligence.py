"""Due diligence and pre-coaching of a project: the inquiry with its topics, and the matters departments advise on."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects.access import can_change
from projects.access.reviews import can_confirm_diligence
from projects.actions.coaching import open_coaching, record_coaching
from projects.actions.diligence import (
    conclude_diligence,
    confirm_diligence,
    open_diligence,
    permit_confirming,
    record_finding,
    return_diligence,
)
from projects.actions.moves import permit_change
from projects.forms.gate import CoachingForm, ConcludeForm, ConfirmForm, FindingForm, ReturnForm
from projects.models import Diligence, DiligenceState
from projects.queries.admission import (
    RISK_TONES,
    STATE_TONES,
    visible_coaching,
    visible_diligence,
)
from projects.queries.project import visible_project
from projects.views.admission import tab_url
from projects.views.gate_panel import panel, posted
from promotion.errors import NotFound
from promotion.web.pages import done, page
from promotion.web.requests import SignedInRequest


def address_of(inquiry: Diligence) -> str:
    return reverse("projects:diligence", args=[inquiry.public_id])


@require_GET
def diligence(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One inquiry: what was found on each topic, the conclusion, who confirmed it."""
    found = visible_diligence(request.user, public_id)
    items = list(found.items.select_related("evidence", "found_by"))
    works = can_change(request.user, found.project) and found.state == DiligenceState.OPEN
    waits = found.state == DiligenceState.CONCLUDED
    context = {
        "inquiry": found,
        "project": found.project,
        "marks": [(found.get_state_display(), STATE_TONES[DiligenceState(found.state)])],
        "items": [(each, RISK_TONES[each.risk]) for each in items],
        "risk_tone": RISK_TONES[found.risk],
        "may_work": works,
        "may_conclude": works and all(each.finding for each in items),
        "may_confirm": waits and can_confirm_diligence(request.user, found),
    }
    return page(request, "projects/diligence_detail.html", context)


@require_POST
def diligence_open(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Begin an inquiry with the checklist of the class."""
    project = visible_project(request.user, public_id)
    opened = open_diligence(actor=request.user, project=project)
    return done(request, address_of(opened), _("尽职调查已发起，请逐项填写。"))


@require_http_methods(["GET", "POST"])
def diligence_item(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """What was found on one topic."""
    found = visible_diligence(request.user, public_id)
    permit_change(request.user, found.project)
    item = get_object_or_404(found.items, pk=pk)
    held = {"seen": found.version, "finding": item.finding, "risk": item.risk}
    return panel(
        request,
        FindingForm(posted(request), request.FILES or None, initial=held, item=item),
        title=item.title,
        back=address_of(found),
        said=gettext_lazy("已保存。"),
        perform=lambda given: record_finding(actor=request.user, diligence=found, item=item, **given),
        project=found.project,
    )


Move = tuple[Any, Any, Callable[..., Any], Any]
MOVES: dict[str, Move] = {
    "conclude": (
        gettext_lazy("尽调下结论"),
        ConcludeForm,
        conclude_diligence,
        gettext_lazy("结论已提交，待另一人复核。"),
    ),
    "confirm": (
        gettext_lazy("复核尽职调查"),
        ConfirmForm,
        confirm_diligence,
        gettext_lazy("尽职调查已复核。"),
    ),
    "return": (
        gettext_lazy("退回尽职调查"),
        ReturnForm,
        return_diligence,
        gettext_lazy("尽职调查已退回补充。"),
    ),
}


@require_http_methods(["GET", "POST"])
def diligence_move(request: SignedInRequest, public_id: str, verb: str) -> HttpResponse:
    """Conclude, confirm or send back; the action decides whether it may happen."""
    found = visible_diligence(request.user, public_id)
    if verb not in MOVES:
        raise NotFound(_("没有这个操作。"))
    if verb == "conclude":
        permit_change(request.user, found.project)
    else:
        permit_confirming(request.user, found)
    title, form_class, perform, said = MOVES[verb]
    return panel(
        request,
        form_class(posted(request), initial={"seen": found.version}),
        title=title,
        back=address_of(found),
        said=said,
        perform=lambda given: perform(actor=request.user, diligence=found, **given),
        project=found.project,
    )


@require_POST
def coaching_open(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Begin the pre-coaching with the checklist of the class."""
    project = visible_project(request.user, public_id)
    opened = open_coaching(actor=request.user, project=project)
    return done(request, tab_url(project), _("已列出 %(count)s 个辅导事项。") % {"count": len(opened)})


@require_http_methods(["GET", "POST"])
def coaching_record(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a department advised, and when the matter was done."""
    item = visible_coaching(request.user, pk)
    permit_change(request.user, item.project)
    return panel(
        request,
        CoachingForm(posted(request), item=item),
        title=item.title,
        back=tab_url(item.project),
        said=gettext_lazy("前置辅导已登记。"),
        perform=lambda given: record_coaching(actor=request.user, item=item, **given),
        project=item.project,
    )
