"""Courses, what a grade is to earn, gaps per team, and the plan."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import workbook_response
from staff import actions
from staff.access import teams_led_by
from staff.access.training import can_keep_training, courses_visible_to, plan_lines_visible_to
from staff.exports.training import gaps_sheets
from staff.forms.training import CourseChangeForm, CourseForm, CreditRequirementForm, PlanForm, ReasonForm
from staff.models import Grade, TrainingField
from staff.queries.training import credits_asked, gaps_on, plan_rows
from staff.views.permits import for_roster_keepers
from staff.views.person import form_page
from staff.views.team import asked_day


@require_GET
def courses(request: SignedInRequest) -> HttpResponse:
    """What is taught in the five fields, and how many credits a grade is to earn."""
    asked = credits_asked(timezone.localdate())
    listed = courses_visible_to(request.user)
    context = {
        "fields": [(field, [one for one in listed if one.field == field]) for field in TrainingField],
        "asked": [(field.label, [asked.get((grade, field)) for grade in Grade]) for field in TrainingField],
        "keeps": can_keep_training(request.user),
    }
    return page(request, "staff/courses.html", context)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def course_add(request: SignedInRequest) -> HttpResponse:
    """Enter a course."""
    form = CourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.add_course(actor=request.user, **given)):
            return done(request, reverse("staff:courses"), _("已开设课程。下一步：安排场次。"))
    return form_page(request, form, _("开设课程"), reverse("staff:courses"))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def course_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Change what the course says."""
    found = get_object_or_404(courses_visible_to(request.user), public_id=public_id)
    form = CourseChangeForm(request.POST or None, course=found)
    if request.method == "POST" and form.is_valid():
        given = form.values()
        if attempt(form, lambda: actions.change_course(actor=request.user, course=found, **given)):
            return done(request, reverse("staff:courses"), _("已保存；已取得的学分不变。"))
    return form_page(request, form, _("修改课程：%(title)s") % {"title": found}, reverse("staff:courses"))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def credits_require(request: SignedInRequest) -> HttpResponse:
    """How many credits a grade is to earn."""
    form = CreditRequirementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.require_credits(actor=request.user, **given)):
            return done(request, reverse("staff:courses"), _("学分要求已设定。"))
    return form_page(request, form, _("设定学分要求"), reverse("staff:courses"))


@require_GET
def gaps(request: SignedInRequest) -> HttpResponse:
    """Per team and field, how many lack credits; the names behind each cell."""
    form, day = asked_day(request)
    teams = gaps_on(request.user, day)
    if request.GET.get("form") == "xlsx":
        return workbook_response(f"{_('学分缺口')}-{day:%Y%m%d}.xlsx", gaps_sheets(teams))
    context = {
        "form": form,
        "day": day,
        "is_today": day == timezone.localdate(),
        "fields": [field.label for field in TrainingField],
        "teams": teams,
        "lacking": [(each, gap) for each in teams for gap in each.gaps if gap.lacks],
    }
    return page(request, "staff/training_gaps.html", context)


@require_GET
def plan(request: SignedInRequest) -> HttpResponse:
    """What people and teams are to learn by when, and how far they are."""
    today = timezone.localdate()
    rows = plan_rows(plan_lines_visible_to(request.user).filter(dropped_on=None))
    context = {
        "open": [(row, row.is_late(today)) for row in rows if not row.is_done],
        "done": [row for row in rows if row.is_done],
        "plans": can_keep_training(request.user) or teams_led_by(request.user).exists(),
    }
    return page(request, "staff/training_plan.html", context)


@require_http_methods(["GET", "POST"])
def plan_add(request: SignedInRequest) -> HttpResponse:
    """One more line; the action asks whether one may."""
    form = PlanForm(request.POST or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.plan_training(actor=request.user, **given)):
            return done(request, reverse("staff:training-plan"), _("已列入培训计划。"))
    return form_page(request, form, _("列入培训计划"), reverse("staff:training-plan"))


@require_http_methods(["GET", "POST"])
def plan_drop(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Asked for no more, with a reason."""
    rows = plan_lines_visible_to(request.user).select_related("person", "team", "course")
    found = get_object_or_404(rows, public_id=public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.drop_plan_line(actor=request.user, line=found, **given)):
            return done(request, reverse("staff:training-plan"), _("已取消。"))
    return form_page(
        request, form, _("取消培训计划：%(what)s") % {"what": found}, reverse("staff:training-plan")
    )
