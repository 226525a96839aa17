"""Objections to a published result: raised on the phone, read with the path of the score beside, decided and carried out."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kpi.access import explained_standings_visible_to
from kpi.access.publicity import answerable_standings, decides_on, objection_papers_visible_to
from kpi.actions.score_objection import (
    decide_score_objection,
    raise_score_objection,
    settle_remedy,
    withdraw_score_objection,
)
from kpi.forms.publicity import DecisionForm, RemedyForm, ScoreObjectionForm, SeenForm
from kpi.models import Item, ObjectionState, PublicityState, ScoreObjection
from kpi.queries.explain import explain_item
from kpi.queries.objection import visible_objection
from kpi.queries.publicity import visible_publicity
from kpi.views.explanation import path_context
from kpi.views.publicity import address_of, panel
from projects.access import shown_names
from projects.models import Achievement
from promotion.errors import NotAllowed
from promotion.files.serving import file_response
from promotion.web.formats import day
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def objection_new(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """Object to one's own result, or that of a team one leads; `?indicator=` names the line."""
    found = visible_publicity(request.user, public_id)
    standing = get_object_or_404(
        answerable_standings(request.user).select_related("run"), pk=pk, run=found.run_id
    )
    initial = {name: request.GET.get(name) for name in ("indicator", "achievement") if name in request.GET}
    form = ScoreObjectionForm(
        request.user, standing, request.POST or None, request.FILES or None, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        act = lambda: raise_score_objection(  # noqa: E731
            actor=request.user, publicity=found, standing=standing, **form.cleaned_data
        )
        if (made := attempt(form, act)) is not None:
            return done(request, objection_address(made), _("异议已提交，处理后会通知您。"))
    context = {
        "form": form,
        "publicity": found,
        "standing": standing,
        "is_open": found.is_open_on(timezone.localdate()),
        "back_url": address_of(found),
    }
    return page(request, "kpi/objection_form.html", context, status=422 if form.errors else 200)


def objection_address(objection: ScoreObjection) -> str:
    """The page of one objection."""
    return reverse("kpi:score-objection", args=[objection.public_id])


@require_GET
def score_objection(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One objection with its papers, what was decided and done, and the path of the score beside it."""
    found = visible_objection(request.user, public_id)
    is_waiting = found.state == ObjectionState.OPEN and found.publicity.state == PublicityState.OPEN
    may_decide = decides_on(request.user, found)
    context = {
        "objection": found,
        "publicity": found.publicity,
        "papers": found.papers.all(),
        "may_withdraw": is_waiting and found.raised_by_id == request.user.pk,
        "may_decide": is_waiting and may_decide,
        "may_remedy": may_decide and found.is_granted and found.publicity.state == PublicityState.OPEN,
        "back_url": address_of(found.publicity),
        "fact_name": named(request, found.achievement),
        "remedy_name": named(request, found.remedy_achievement),
        **path_of(request, found),
    }
    return page(request, "kpi/objection.html", context)


def named(request: SignedInRequest, fact: Achievement | None) -> str:
    """A fact in words, its project by the name that the reader may know."""
    if fact is None:
        return ""
    name = shown_names(request.user, [fact.project]).get(fact.project_id) if fact.project_id else fact.title
    return f"{day(fact.happened_on)} {fact.get_kind_display()} {name or ''}（{fact.get_state_display()}）"


def path_of(request: SignedInRequest, found: ScoreObjection) -> dict[str, object]:
    """Where the points of the line come from, for those who may open the result."""
    opened = explained_standings_visible_to(request.user).filter(pk=found.standing_id).exists()
    item = Item.objects.filter(standing=found.standing_id, indicator=found.indicator).first()
    if not opened or item is None:
        return {"can_open": opened}
    return {"can_open": opened, **path_context(explain_item(request.user, item.pk), {})}


@require_http_methods(["GET", "POST"])
def objection_withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take back one's own."""
    found = visible_objection(request.user, public_id)
    if found.raised_by_id != request.user.pk:
        raise NotAllowed(_("只有提出人可以撤回异议。"))
    form = SeenForm(request.POST or None, initial={"seen": found.version})
    if request.method == "POST" and form.is_valid():
        act = lambda: withdraw_score_objection(  # noqa: E731
            actor=request.user, objection=found, **form.cleaned_data
        )
        if attempt(form, act) is not None:
            return done(request, objection_address(found), _("异议已撤回。"))
    return panel(request, form, _("撤回异议"), objection_address(found), explain=found.text)


@require_http_methods(["GET", "POST"])
def objection_decide(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Uphold, partly uphold or reject it."""
    found = decidable(request, public_id)
    form = DecisionForm(request.POST or None, initial={"seen": found.version})
    if request.method == "POST" and form.is_valid():
        act = lambda: decide_score_objection(  # noqa: E731
            actor=request.user, objection=found, **form.cleaned_data
        )
        if attempt(form, act) is not None:
            return done(request, objection_address(found), _("已处理，提出人会收到通知。"))
    return panel(request, form, _("处理异议"), objection_address(found), explain=found.text, about=str(found))


@require_http_methods(["GET", "POST"])
def objection_remedy(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write down what was done about a granted one."""
    found = decidable(request, public_id)
    initial = {
        "seen": found.version,
        "kind": found.remedy_kind,
        "text": found.remedy,
        "achievement": found.remedy_achievement_id,
    }
    form = RemedyForm(request.user, found.standing, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        act = lambda: settle_remedy(actor=request.user, objection=found, **form.cleaned_data)  # noqa: E731
        if attempt(form, act) is not None:
            return done(request, objection_address(found), _("更正情况已登记；下一次核算后变动会列出。"))
    return panel(
        request, form, _("登记更正"), objection_address(found), explain=found.decision, about=str(found)
    )


def decidable(request: SignedInRequest, public_id: str) -> ScoreObjection:
    """The objection, for whoever may decide it. Raises NotFound, NotAllowed."""
    found = visible_objection(request.user, public_id)
    if not decides_on(request.user, found):
        raise NotAllowed(_("自己提出的、关于自己或本队的异议，由另一位人事或分管领导处理。"))
    return found


@require_GET
def objection_paper(request: SignedInRequest, public_id: str) -> FileResponse:
    """A file of an objection that the account may see."""
    found = objection_papers_visible_to(request.user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return file_response(request, found)
