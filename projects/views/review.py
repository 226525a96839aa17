"""Joint reviews: the tab of the record, one review, and the panels that begin and end it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from projects.access import can_change, shown_names
from projects.access.reviews import can_decide_gates
from projects.actions.joint_review import decide_joint_review, open_joint_review, withdraw_joint_review
from projects.actions.moves import permit_change
from projects.actions.secrecy import keep_view
from projects.forms.review import DecideForm, OpenReviewForm, WithdrawForm
from projects.models import JointReview, Project, ReviewOpinion, ReviewState, ViewKind
from projects.queries.gates import rule_of
from projects.queries.joint_review import (
    OPINION_TONES,
    TONES,
    links_of,
    listed_reviews,
    opinions_of,
    visible_review,
)
from projects.queries.project import visible_project
from projects.review_rules import Opinion
from projects.views.review_list import standing_badge
from promotion.errors import NotAllowed, NotFound
from promotion.web.components import badge
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.working_days import working_calendar
from staff.models import Account


def address_of(review: JointReview) -> str:
    return reverse("projects:review", args=[review.public_id])


def tab_context(actor: Account, project: Project) -> dict[str, Any]:
    """The tab of the record: the rounds and what may be done."""
    rounds = list(listed_reviews(actor).filter(project=project).order_by("-round"))
    calendar = working_calendar()
    return {
        "reviews": [(each, standing_badge(each, calendar)) for each in rounds],
        "may_open": can_change(actor, project) and all(each.state != ReviewState.OPEN for each in rounds),
    }


@require_GET
def review(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One review: what each department said, the conditions, the decision and its paper."""
    found = visible_review(request.user, public_id)
    keep_view(request.user, [found.project], ViewKind.RECORD, detail=found.number)
    opinions = opinions_of(found)
    is_open = found.state == ReviewState.OPEN
    may_work = can_change(request.user, found.project)
    context = {
        "review": found,
        "project": found.project,
        "marks": _marks(found),
        "opinions": [(each, _opinion_badge(each)) for each in opinions],
        "conditions": [condition for each in opinions for condition in each.conditions.all()],
        "links": links_of(found),
        "extensions": found.extensions.select_related("extended_by"),
        "may_work": is_open and may_work,
        "today": timezone.localdate(),
        "may_answer": is_open and may_work,
        "may_close": may_work and found.state in (ReviewState.OPEN, ReviewState.PASSED),
        "may_decide": is_open and can_decide_gates(request.user),
    }
    return page(request, "projects/review_detail.html", context)


def _opinion_badge(opinion: ReviewOpinion) -> str:
    return badge(opinion.get_opinion_display(), OPINION_TONES[Opinion(opinion.opinion)])


def _marks(found: Any) -> list[tuple[Any, str]]:
    """The state, how many have answered, and how long the departments still have."""
    marks = [
        (found.get_state_display(), TONES[ReviewState(found.state)]),
        (_("已反馈 %(given)s/%(total)s") % {"given": found.given, "total": found.asked}, "plain"),
    ]
    late = found.state == ReviewState.OPEN and found.due_on < timezone.localdate()
    return [*marks, (_("已超期"), "alarm")] if late else marks


@require_http_methods(["GET", "POST"])
def review_new(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Open a round for a project; the deadline is proposed by the rule of its class."""
    project = visible_project(request.user, public_id)
    permit_change(request.user, project)
    today = timezone.localdate()
    days = rule_of(project.project_class, today).working_days
    due_on = working_calendar().after(today, days)
    form = OpenReviewForm(request.POST or None, working_days=days, due_on=due_on)
    if request.method == "POST" and form.is_valid():
        opened = attempt(
            form, lambda: open_joint_review(actor=request.user, project=project, **form.cleaned_data)
        )
        if opened is not None:
            return done(request, address_of(opened), _("会签已发起。"))
    back = f"{reverse('projects:detail', args=[project.public_id])}?tab=reviews"
    return panel(request, project, form, gettext_lazy("发起联审会签"), back)


VERBS: dict[str, tuple[Any, Any, Callable[..., Any], Any]] = {
    "decide": (
        gettext_lazy("签发联审会签"),
        DecideForm,
        decide_joint_review,
        gettext_lazy("会签已签发，会签单在项目资料里。"),
    ),
    "withdraw": (
        gettext_lazy("撤回联审会签"),
        WithdrawForm,
        withdraw_joint_review,
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
        moved = attempt(form, lambda: perform(actor=request.user, review=found, **form.cleaned_data))
        if moved is not None:
            return done(request, address_of(found), str(said))
        form.show_again(found.version)
    return panel(request, found.project, form, title, address_of(found))


def panel(
    request: SignedInRequest, project: Project, form: Any, title: Any, back: str, *, explain: str = ""
) -> HttpResponse:
    """A form of a joint review in the shared dialog, or as a page; `explain` says what it is about."""
    about = shown_names(request.user, [project])[project.pk]
    context = {"about": about, "form": form, "title": title, "back": back, "explain": explain}
    return page(
        request, "projects/review_form.html", context, fragment="panel", status=422 if form.errors else 200
    )
