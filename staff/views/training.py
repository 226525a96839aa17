"""培训: sessions with their seats, enrolment, the attendance sheet."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.web.tables import MAX_BYTES, read_table
from promotion.web.workbooks import workbook_response
from staff import actions
from staff.access import people_visible_to, teams_led_by
from staff.access.training import can_keep_training, sessions_visible_to
from staff.exports.training import attendance_sheet
from staff.forms.training import (
    AttendanceFileForm,
    EnrolForm,
    ReasonForm,
    SessionChangeForm,
    SessionPlanForm,
)
from staff.imports.attendance import read_attendance
from staff.models import EnrolmentState, TrainingSession, TrainingState
from staff.queries.training import enrolled_in, listed_sessions, profile_of
from staff.views.permits import for_roster_keepers
from staff.views.person import form_page

PAST = 20


@require_GET
def training(request: SignedInRequest) -> HttpResponse:
    """What is held from now on with one's own place in it, what was held lately, and one's own credits."""
    now = timezone.now()
    sessions = listed_sessions(request.user)
    own = dict(
        sessions_visible_to(request.user)
        .filter(enrolments__person=request.user.person_id)
        .values_list("pk", "enrolments__state")
    )
    coming = list(sessions.filter(state=TrainingState.PLANNED, ends_at__gte=now).order_by("starts_at", "pk"))
    for session in coming:
        session.own = EnrolmentState(own[session.pk]) if session.pk in own else None
    past = sessions.exclude(pk__in=[one.pk for one in coming]).order_by("-starts_at", "-pk")[:PAST]
    context = {
        "coming": coming,
        "past": past,
        "keeps": can_keep_training(request.user),
        **own_profile(request),
    }
    return page(request, "staff/training.html", context)


def own_profile(request: SignedInRequest) -> dict[str, Any]:
    """The five fields of the signed-in person."""
    person = request.user.person
    if person is None:
        return {"profile": []}
    post = person.appointments.filter(ends_on=None).first()
    return {"profile": profile_of(person, post.grade if post else "", timezone.localdate())}


@require_GET
def session(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One session: who has a seat, who waits, and what one may do."""
    found = get_object_or_404(listed_sessions(request.user), public_id=public_id)
    enrolled = enrolled_in(request.user, found)
    keeps = can_keep_training(request.user)
    leads_people = keeps or teams_led_by(request.user).exists()
    is_open = found.state == TrainingState.PLANNED and found.starts_at > timezone.now()
    context = {
        "session": found,
        "seated": [row for row in enrolled if row.state == EnrolmentState.ENROLLED],
        "waiting": [row for row in enrolled if row.state == EnrolmentState.WAITING],
        "own": next((row for row in enrolled if row.person_id == request.user.person_id), None),
        "keeps": keeps,
        "is_open": is_open,
        "marks": keeps and found.state != TrainingState.CANCELLED and _has_come(found),
        "enrol_form": EnrolForm(actor=request.user) if is_open and leads_people else None,
    }
    return page(request, "staff/training_session.html", context)


def _has_come(found: TrainingSession) -> bool:
    return timezone.localtime(found.starts_at).date() <= timezone.localdate()


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def session_plan(request: SignedInRequest) -> HttpResponse:
    """Hold a course."""
    form = SessionPlanForm(
        request.POST or None, actor=request.user, initial={"course": request.GET.get("course")}
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.hold_training(actor=request.user, **form.cleaned_data))
        if made is not None:
            return done(request, _address(made), _("已安排，可以报名了。"))
    return form_page(request, form, _("安排培训"), reverse("staff:training"))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def session_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Another time, room, teacher or number of seats."""
    found = _found(request, public_id)
    form = SessionChangeForm(request.POST or None, session=found)
    if request.method == "POST" and form.is_valid():
        given = form.values()
        if attempt(form, lambda: actions.change_training(actor=request.user, session=found, **given)):
            return done(request, _address(found), _("已调整，已通知报名的人。"))
    return form_page(request, form, _("调整培训：%(course)s") % {"course": found.course}, _address(found))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def session_cancel(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Not held, with a reason."""
    found = _found(request, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.cancel_training(actor=request.user, session=found, **given)):
            return done(request, _address(found), _("已取消，已通知报名的人。"))
    return form_page(request, form, _("取消培训：%(course)s") % {"course": found.course}, _address(found))


@require_POST
def session_enrol(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Oneself, or the person chosen."""
    found = _found(request, public_id)
    person = _person(request)
    made = actions.enrol(actor=request.user, session=found, person=person)
    said = (
        _("已报名。")
        if made.state == EnrolmentState.ENROLLED
        else _("名额已满，已列入候补；有人退出时通知。")
    )
    return done(request, _address(found), said)


@require_POST
def session_withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Oneself, or the person chosen."""
    found = _found(request, public_id)
    actions.withdraw_from_training(actor=request.user, session=found, person=_person(request))
    return done(request, _address(found), _("已退出。"))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def attendance(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The sheet, to be ticked on a phone at the door."""
    found = get_object_or_404(listed_sessions(request.user), public_id=public_id)
    rows = [row for row in enrolled_in(request.user, found) if row.state == EnrolmentState.ENROLLED]
    form = ReasonForm(request.POST or None)
    form.fields["reason"].required = False
    if request.method == "POST" and form.is_valid():
        ticked = set(request.POST.getlist("came"))
        listed = set(request.POST.getlist("listed"))
        came = {row.person_id: str(row.person_id) in ticked for row in rows if str(row.person_id) in listed}
        given = {"came": came, "reason": form.cleaned_data["reason"]}
        if attempt(form, lambda: actions.mark_attendance(actor=request.user, session=found, **given)):
            return done(request, reverse("staff:attendance", args=[public_id]), _("签到已保存。"))
    context = {"session": found, "rows": rows, "form": form, "file_form": AttendanceFileForm()}
    return page(request, "staff/attendance.html", context, status=422 if form.errors else 200)


@require_GET
@for_roster_keepers
def attendance_export(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The sheet to print or fill in elsewhere."""
    found = _found(request, public_id)
    name = _("签到表-%(course)s") % {"course": found.course.title}
    return workbook_response(f"{name}.xlsx", [attendance_sheet(found, enrolled_in(request.user, found))])


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def attendance_import(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A filled-in sheet, taken whole or not at all."""
    found = _found(request, public_id)
    form = AttendanceFileForm(request.POST or None, request.FILES or None)
    back = reverse("staff:attendance", args=[public_id])
    if request.method == "POST" and form.is_valid():
        read = attempt(form, lambda: _read_in(request, found, form))
        if read is not None:
            return done(request, back, _("签到表已读入。"))
    return form_page(request, form, _("读入签到表：%(course)s") % {"course": found.course}, back)


def _read_in(request: SignedInRequest, found: TrainingSession, form: Any) -> TrainingSession:
    file = form.cleaned_data["file"]
    came = read_attendance(request.user, found, read_table(file.name, file.read(MAX_BYTES + 1)))
    reason = form.cleaned_data["reason"]
    return actions.mark_attendance(actor=request.user, session=found, came=came, reason=reason)


@require_POST
@for_roster_keepers
def session_close(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Credits for whoever came."""
    found = _found(request, public_id)
    awarded = actions.close_training(actor=request.user, session=found)
    return done(request, _address(found), _("已结课，记学分 %(count)s 人。") % {"count": awarded})


def _found(request: SignedInRequest, public_id: str) -> TrainingSession:
    rows = sessions_visible_to(request.user).select_related("course")
    return get_object_or_404(rows, public_id=public_id)


def _person(request: SignedInRequest) -> Any:
    asked = request.POST.get("person", "")
    if not asked and request.user.person is not None:
        return request.user.person
    return get_object_or_404(people_visible_to(request.user), public_id=asked)


def _address(found: TrainingSession) -> str:
    return reverse("staff:training-session", args=[found.public_id])
