"""任职条件: what each grade asks for on a day, what is announced and what was asked before; everybody may read it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.errors import Refused
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff import actions
from staff.access import can_change_roster
from staff.forms.requirement import AdoptForm, RequirementEndForm, RequirementForm
from staff.models import Grade, GradeRequirement
from staff.queries import requirement_lists
from staff.requirement_defaults import REQUIREMENTS
from staff.views.permits import for_roster_keepers
from staff.views.person import form_page
from staff.views.team import asked_day


@require_GET
def requirements(request: SignedInRequest) -> HttpResponse:
    """The lists of the three grades on the day asked for."""
    form, day = asked_day(request)
    is_today = day == timezone.localdate()
    context = {
        "form": form,
        "day": day,
        "is_today": is_today,
        "lists": requirement_lists(day),
        "can_change": can_change_roster(request.user) and is_today,
    }
    return page(request, "staff/requirements.html", context)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def requirement_add(request: SignedInRequest) -> HttpResponse:
    """One more requirement of a grade."""
    form = RequirementForm(request.POST or None, initial={"grade": request.GET.get("grade")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.add_requirement(actor=request.user, **given)):
            return done(request, reverse("staff:requirements"), _("已增加任职条件。"))
    return form_page(request, form, _("增加任职条件"), reverse("staff:requirements"))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def requirement_adopt(request: SignedInRequest, grade: str) -> HttpResponse:
    """Begin a grade's list with the words of the published reform."""
    form = AdoptForm(request.POST or None, initial={"grade": grade})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.adopt_requirements(actor=request.user, **given)):
            return done(request, reverse("staff:requirements"), _("已采用改革方案的任职条件。"))
    known = grade in Grade.values
    texts = REQUIREMENTS[Grade(grade)] if known else ()
    context = {
        "form": form,
        "texts": texts,
        "grade": Grade(grade).label if known else "",
        "back_url": reverse("staff:requirements"),
    }
    status = 422 if form.errors else 200 if known else 404
    return page(request, "staff/requirement_adopt.html", context, fragment="panel", status=status)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def requirement_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for it no more from a day on."""
    found = get_object_or_404(GradeRequirement, pk=pk)
    form = RequirementEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ended = attempt(
            form, lambda: actions.end_requirement(actor=request.user, requirement=found, **form.values())
        )
        if ended is not None:
            return done(request, reverse("staff:requirements"), _("已停止这条任职条件，历史仍可查。"))
    title = _("停止任职条件：%(text)s") % {"text": found.text}
    return form_page(request, form, title, reverse("staff:requirements"))


@require_POST
@for_roster_keepers
def requirement_order(request: SignedInRequest, grade: str) -> HttpResponse:
    """Put the grade's list into the order of the posted keys."""
    keys = request.POST.getlist("order")
    if not all(key.isascii() and key.isdigit() and len(key) < 10 for key in keys):
        raise Refused(_("顺序没有读懂，没有改动；请刷新页面再试。"))
    actions.order_requirements(actor=request.user, grade=grade, order=[int(key) for key in keys])
    return done(request, reverse("staff:requirements"), _("顺序已调整。"))
