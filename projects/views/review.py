"""Joint reviews: the tab of the record with the gates, one review, and the panels that move it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from projects.access import can_change
from projects.access.reviews import can_decide_gates
from projects.actions.conditions import Condition, close_condition
from projects.actions.joint_review import (
    decide_joint_review,
    open_joint_review,
    withdraw_joint_review,
)
from projects.actions.moves import permit_change
from projects.actions.review_opinion import give_opinion
from projects.forms.review import CloseConditionForm, DecideForm, OpenReviewForm, OpinionForm, WithdrawForm
from projects.models import GateCondition, JointReview, Project, ReviewState
from projects.queries.gates import passed_gates, requirements_of
from projects.queries.joint_review import TONES, opinions_of, visible_review
from projects.queries.project import visible_project
from projects.review_rules import GateKind, tally
from promotion.errors import NotAllowed, NotFound
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.models import Account


def address_of(review: JointReview) -> str:
    return reverse("projects:review", args=[review.public_id])


def tab_context(actor: Account, project: Project) -> dict[str, Any]:
    """The tab of the record: how each gate stands that the class asks for today, and the rounds."""
    today = timezone.localdate()
    needed = {each.gate for each in requirements_of(project.project_class) if each.holds_on(today)}
    passed = passed_gates(project) if needed else frozenset()
    rounds = list(project.joint_reviews.prefetch_related("opinions"))
    return {
        "gates": [(kind.label, kind.value in passed) for kind in GateKind if kind.value in needed],
        "reviews": [
            (each, tally([said.opinion for said in each.opinions.all()]), TONES[each.state])
            for each in rounds
        ],
        "may_open": can_change(actor, project) and all(each.state != ReviewState.OPEN for each in rounds),
    }


def tab_count(_actor: Account, project: Project) -> int:
    return project.joint_reviews.filter(state=ReviewState.OPEN).count()


@require_GET
def review(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One review: what each department said, the conditions, the decision and its paper."""
    found = visible_review(request.user, public_id)
    opinions = opinions_of(found)
    count = tally([each.opinion for each in opinions])
    marks = [
        (found.get_state_display(), TONES[found.state]),
        (_("已反馈 %(given)s/%(total)s") % {"given": count.given, "total": count.total}, "plain"),
    ]
    is_open = found.state == ReviewState.OPEN
    may_work = can_change(request.user, found.project)
    context = {
        "review": found,
        "project": found.project,
        "marks": marks,
        "opinions": opinions,
        "conditions": [condition for each in opinions for condition in each.conditions.all()],
        "may_answer": is_open and may_work,
        "may_close": may_work,
        "may_decide": is_open and can_decide_gates(request.user),
    }
    return page(request, "projects/review_detail.html", context)


@require_http_methods(["GET", "POST"])
def review_new(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Open a round for a project."""
    project = visible_project(request.user, public_id)
    permit_change(request.user, project)
    form = OpenReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = attempt(
            form, lambda: open_joint_review(actor=request.user, project=project, **form.cleaned_data)
        )
        if opened is not None:
            return done(request, address_of(opened), _("会签已发起。"))
    back = f"{reverse('projects:detail', args=[project.public_id])}?tab=reviews"
    return _panel(request, project, form, gettext_lazy("发起联审会签"), back)


def _opinion(actor: Account, review: JointReview, given: dict[str, Any]) -> Any:
    text, owner, due_on = given.pop("conditions"), given.pop("owner"), given.pop("due_on")
    conditions = [Condition(text, owner, due_on)] if text else []
    return give_opinion(actor=actor, review=review, conditions=conditions, **given)


VERBS: dict[str, tuple[Any, Any, Callable[[Account, JointReview, dict[str, Any]], Any], Any]] = {
    "opinion": (gettext_lazy("登记会签意见"), OpinionForm, _opinion, gettext_lazy("会签意见已登记。")),
    "decide": (
        gettext_lazy("签发联审会签"),
        DecideForm,
        lambda actor, review, given: decide_joint_review(actor=actor, review=review, **given),
        gettext_lazy("会签已签发，会签单在项目资料里。"),
    ),
    "withdraw": (
        gettext_lazy("撤回联审会签"),
        WithdrawForm,
        lambda actor, review, given: withdraw_joint_review(actor=actor, review=review, **given),
        gettext_lazy("会签已撤回。"),
    ),
}


@require_http_methods(["GET", "POST"])
def review_move(request: SignedInRequest, public_id: str, verb: str) -> HttpResponse:
    """The panel of one verb; the action decides whether it may happen."""
    if verb not in VERBS:
        raise NotFound(_("没有这个操作。"))
    found = visible_review(request.user, public_id)
    if verb != "decide":
        permit_change(request.user, found.project)
    elif not can_decide_gates(request.user):
        raise NotAllowed(_("联审会签由分管领导签发；您可以登记意见，但不能签发。"))
    title, form_class, perform, said = VERBS[verb]
    form = form_class(request.POST or None, request.FILES or None, review=found)
    if request.method == "POST" and form.is_valid():
        moved = attempt(form, lambda: perform(request.user, found, dict(form.cleaned_data)))
        if moved is not None:
            return done(request, address_of(found), str(said))
    return _panel(request, found.project, form, title, address_of(found))


@require_http_methods(["GET", "POST"])
def condition_close(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """Close a condition of a review with its evidence."""
    found = visible_review(request.user, public_id)
    permit_change(request.user, found.project)
    condition = get_object_or_404(GateCondition, opinion__review=found, pk=pk)
    form = CloseConditionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        closed = attempt(
            form, lambda: close_condition(actor=request.user, condition=condition, **form.cleaned_data)
        )
        if closed is not None:
            return done(request, address_of(found), _("条件已销号。"))
    return _panel(request, found.project, form, gettext_lazy("条件销号"), address_of(found))


def _panel(request: SignedInRequest, project: Project, form: Any, title: Any, back: str) -> HttpResponse:
    context = {"project": project, "form": form, "title": title, "back": back}
    return page(
        request, "projects/review_form.html", context, fragment="panel", status=422 if form.errors else 200
    )
