"""The projects of a drive: chosen from a filtered list or from a record, reported on, judged."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from projects.access import projects_visible_to
from projects.access.drive import can_check_in, can_direct_drive, can_judge_drive, can_start_drive
from projects.actions.drive_lines import (
    MOST_AT_ONCE,
    add_to_drive,
    change_target,
    mark_done,
    remove_from_drive,
    report_on_line,
)
from projects.filters.project import ProjectFilter
from projects.forms.drive import (
    ChooseDriveForm,
    LineDoneForm,
    LineRemoveForm,
    LineReportForm,
    LineTargetForm,
    NarrowForm,
    TargetForm,
)
from projects.models import Drive, DriveProject
from projects.queries import drive as queries
from projects.queries.project import visible_project
from projects.views.drive import address_of
from promotion.errors import NotAllowed, NotFound
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.models import Account

# How many candidates a page shows; more are narrowed by the filter.
MOST_SHOWN = 100


@require_http_methods(["GET", "POST"])
def drive_projects(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Choose projects for a drive from the filtered list, with one target for all of them."""
    drive = _directed(request, public_id)
    found = _candidates(request, drive)
    form = TargetForm(request.POST or None)
    chosen = request.POST.getlist("project")
    if request.method == "POST" and form.is_valid():
        projects = list(projects_visible_to(request.user).filter(public_id__in=chosen[: MOST_AT_ONCE + 1]))
        added = attempt(
            form,
            lambda: add_to_drive(actor=request.user, drive=drive, projects=projects, target=form.target()),
        )
        if added is not None:
            return done(request, address_of(drive), _("已列入 %(count)s 个项目。") % {"count": len(added)})
    rows = list(found.qs.select_related("company", "team", "owner").order_by("-pk")[: MOST_SHOWN + 1])
    context = {
        "drive": drive,
        "form": form,
        "narrow": NarrowForm(request.GET or None, actor=request.user),
        "projects": rows[:MOST_SHOWN],
        "more": len(rows) > MOST_SHOWN,
        "chosen": chosen,
    }
    return page(request, "projects/drive_projects.html", context, status=422 if form.errors else 200)


def _candidates(request: SignedInRequest, drive: Drive) -> ProjectFilter:
    """The visible projects that are worked on and not in the drive, narrowed as the address says."""
    inside = DriveProject.objects.filter(drive=drive, left_on=None).values("project")
    return ProjectFilter(
        request.GET, queryset=projects_visible_to(request.user).exclude(pk__in=inside), request=request
    )


@require_http_methods(["GET", "POST"])
def project_drive(request: SignedInRequest, public_id: str) -> HttpResponse:
    """From a record: list the project in a running drive."""
    project = visible_project(request.user, public_id)
    drives = queries.open_drives(request.user, project)
    _permit_adding(request.user, drives)
    form = ChooseDriveForm(request.POST or None, drives=drives)
    back = reverse("projects:detail", args=[public_id])
    if request.method == "POST" and form.is_valid():
        drive = form.cleaned_data["drive"]
        added = attempt(
            form,
            lambda: add_to_drive(actor=request.user, drive=drive, projects=[project], target=form.target()),
        )
        if added is not None:
            return done(request, back, _("已列入“%(name)s”。") % {"name": drive.name})
    return _panel(request, form, _("列入督查"), project.name, back)


@require_http_methods(["GET", "POST"])
def drive_choose(request: SignedInRequest) -> HttpResponse:
    """From the project list: the ticked projects join a running drive with one target."""
    keys = [int(key) for key in request.POST.getlist("row")[: MOST_AT_ONCE + 1] if key.isdecimal()]
    if not keys:
        return HttpResponseRedirect(reverse("projects:list"))
    projects = list(projects_visible_to(request.user).filter(pk__in=keys).select_related("owner"))
    drives = queries.directed_drives(request.user)
    _permit_adding(request.user, drives)
    form = ChooseDriveForm(request.POST if "drive" in request.POST else None, drives=drives)
    if form.is_bound and form.is_valid():
        drive = form.cleaned_data["drive"]
        added = attempt(
            form,
            lambda: add_to_drive(actor=request.user, drive=drive, projects=projects, target=form.target()),
        )
        if added is not None:
            return done(request, address_of(drive), _("已列入 %(count)s 个项目。") % {"count": len(added)})
    context = {"form": form, "projects": projects}
    return page(request, "projects/drive_choose.html", context, status=422 if form.errors else 200)


VERBS: dict[str, tuple[Any, Any, Callable[[Account, DriveProject, Any], Any], Any]] = {
    "report": (
        gettext_lazy("督查填报"),
        LineReportForm,
        lambda actor, line, form: report_on_line(actor=actor, line=line, **form.cleaned_data),
        gettext_lazy("填报已保存。"),
    ),
    "target": (
        gettext_lazy("调整目标"),
        LineTargetForm,
        lambda actor, line, form: change_target(actor=actor, line=line, **form.values()),
        gettext_lazy("目标已调整。"),
    ),
    "done": (
        gettext_lazy("销号"),
        LineDoneForm,
        lambda actor, line, form: mark_done(actor=actor, line=line, **form.cleaned_data),
        gettext_lazy("已销号。"),
    ),
    "remove": (
        gettext_lazy("移出督查"),
        LineRemoveForm,
        lambda actor, line, form: remove_from_drive(actor=actor, line=line, **form.cleaned_data),
        gettext_lazy("项目已移出，填报记录保留。"),
    ),
}


@require_http_methods(["GET", "POST"])
def drive_line(request: SignedInRequest, public_id: str, pk: int, verb: str) -> HttpResponse:
    """The panel of one verb; the action decides whether it may happen."""
    if verb not in VERBS:
        raise NotFound(_("没有这个操作。"))
    drive = queries.visible_drive(request.user, public_id)
    line = queries.visible_line(request.user, drive, pk)
    _permit(request.user, line, verb)
    title, form_class, perform, said = VERBS[verb]
    form = form_class(request.POST or None, request.FILES or None, line=line)
    if request.method == "POST" and form.is_valid():
        moved = attempt(form, lambda: perform(request.user, line, form))
        if moved is not None:
            return done(request, address_of(drive), str(said))
    return _panel(request, form, title, line.project.name, address_of(drive))


def _permit(actor: Account, line: DriveProject, verb: str) -> None:
    """The panels are not shown to those who may not; the actions ask again."""
    if verb == "report" and not can_check_in(actor, line):
        raise NotAllowed(_("督查填报由项目团队和督查牵头人填写；请与服务专员联系。"))
    if verb != "report" and not can_judge_drive(actor, line.drive):
        raise NotAllowed(_("目标、销号和移出由分管领导或发起人办理，牵头人不能自己办；请与他们联系。"))


def _directed(request: SignedInRequest, public_id: str) -> Drive:
    drive = queries.visible_drive(request.user, public_id)
    if not can_direct_drive(request.user, drive):
        raise NotAllowed(_("督查行动由发起人、牵头人和分管领导管理；请与牵头人联系。"))
    return drive


def _permit_adding(actor: Account, drives: QuerySet[Drive]) -> None:
    if not can_start_drive(actor) and not drives.exists():
        raise NotAllowed(_("列入督查由牵头人、队长和分管领导办理；请把需要督查的项目告诉他们。"))


def _panel(request: SignedInRequest, form: Any, title: Any, detail: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "detail": detail, "back": back}
    status = 422 if form.errors else 200
    return page(request, "projects/record_panel.html", context, fragment="panel", status=status)
