"""What a department said in a joint review, and the conditions it made: the panels that keep both."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from projects.access import projects_visible_to
from projects.access.reviews import can_close_condition
from projects.actions.conditions import close_condition
from projects.actions.moves import permit_change
from projects.actions.review_opinion import give_opinion
from projects.actions.review_parts import record_url
from projects.forms.review import CloseConditionForm, OpinionForm, condition_lines
from projects.models import GateCondition
from projects.queries.joint_review import opinion_of, visible_condition, visible_review
from projects.views.review import address_of, panel
from promotion.errors import NotAllowed
from promotion.web.formats import day
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def opinion(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """Write down what one department said; whoever was second reads what the first one wrote, and keeps his own words."""
    found = visible_review(request.user, public_id)
    permit_change(request.user, found.project)
    row = opinion_of(found, pk)
    form = OpinionForm(request.POST or None, request.FILES or None, opinion=row)
    lines = condition_lines(request.POST or None, row)
    if request.method == "POST" and all([form.is_valid(), lines.is_valid()]):
        given = {**form.cleaned_data, "conditions": lines.conditions()}
        kept = attempt(
            form,
            lambda: give_opinion(actor=request.user, review=found, department=row.department, **given),
        )
        if kept is not None:
            return done(request, address_of(found), _("会签意见已登记。"))
        form.show_again(opinion_of(found, pk).version)
    wrong = bool(form.errors) or (lines.is_bound and bool(lines.total_error_count()))
    context = {"review": found, "project": found.project, "opinion": row, "form": form, "lines": lines}
    return page(
        request, "projects/review_opinion.html", context, fragment="panel", status=422 if wrong else 200
    )


@require_http_methods(["GET", "POST"])
def condition_close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close a condition with its evidence, by whoever has to meet it or works on the project."""
    condition = visible_condition(request.user, pk)
    if not can_close_condition(request.user, condition):
        raise NotAllowed(_("条件由责任人或项目团队销号；请与责任人联系。"))
    form = CloseConditionForm(
        request.POST or None, request.FILES or None, initial={"seen": condition.version}
    )
    back = _way_back(request, condition)
    if request.method == "POST" and form.is_valid():
        closed = attempt(
            form, lambda: close_condition(actor=request.user, condition=condition, **form.cleaned_data)
        )
        if closed is not None:
            return done(request, back, _("条件已销号。"))
    words = {"text": condition.text, "day": day(condition.due_on)}
    explain = _("%(text)s（期限 %(day)s）") % words
    return panel(request, condition.project, form, gettext_lazy("条件销号"), back, explain=explain)


def _way_back(request: SignedInRequest, condition: GateCondition) -> str:
    """The review, else the record; whoever only has to meet the condition goes to the workbench."""
    if not projects_visible_to(request.user).filter(pk=condition.project_id).exists():
        return reverse("home")
    return address_of(condition.opinion.review) if condition.opinion else record_url(condition.project)
