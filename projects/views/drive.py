"""Supervised drives: the list, one drive with its projects, and the panels that begin, change and close it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from projects.access.drive import can_check_in, can_direct_drive, can_judge_drive, can_start_drive
from projects.actions import keep_view
from projects.actions.drive import change_drive, close_drive, start_drive
from projects.drive_rules import Lamp
from projects.filters.drive import DriveFilter
from projects.forms.drive import CloseDriveForm, DriveForm
from projects.models import Drive, ViewKind
from projects.queries import drive as queries
from projects.queries.record_visit import RecordVisit
from promotion.errors import NotAllowed
from promotion.web.components import badge
from promotion.web.formats import day
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.models import Account


def address_of(drive: Drive) -> str:
    return reverse("projects:drive", args=[drive.public_id])


@require_GET
def drives(request: SignedInRequest) -> HttpResponse:
    """The drives one sees with how many of their projects show which lamp."""
    may_start = can_start_drive(request.user)
    listing = ListPage(
        request=request,
        queryset=queries.listed_drives(request.user),
        layout=_layout(request.user),
        row_url=address_of,
        default_sort="-period",
        filterset=DriveFilter,
        url_name="projects:drives",
        export_url=reverse("projects:drives-workbook"),
        empty={
            "title": _("没有进行中的督查行动"),
            "text": _("把要盯紧的项目放到一次行动里：到哪天、到哪一步、谁牵头，亮灯说明进度。"),
            "action_url": reverse("projects:drive-new") if may_start else "",
            "action_label": _("发起督查"),
        },
    )
    return list_page(
        request, "projects/drive_list.html", listing, {"title": _("攻坚督查"), "may_start": may_start}
    )


def _layout(actor: Account) -> list[Column]:
    lamps = queries.lamp_counts(actor)
    return [
        Column("name", gettext_lazy("督查行动"), lambda row: row.name, sort="name"),
        Column("leader", gettext_lazy("牵头人"), lambda row: row.leader.name, sort="leader__pinyin"),
        Column("period", gettext_lazy("期间"), _period, sort="starts_on"),
        Column(
            "projects", gettext_lazy("项目（个）"), lambda row: row.projects, sort="projects", align="end"
        ),
        Column("done", gettext_lazy("已销号（个）"), lambda row: row.done, sort="done", align="end"),
        Column("lamps", gettext_lazy("亮灯"), lambda row: _lamps(row, lamps.get(row.pk, {}))),
        Column("rhythm", gettext_lazy("填报"), lambda row: row.get_rhythm_display(), wide=True),
    ]


def _period(drive: Drive) -> SafeString:
    return format_html(
        '<span class="nowrap">{} – {}</span>', day(drive.starts_on), day(queries.last_day(drive))
    )


def _lamps(drive: Drive, counts: Any) -> SafeString:
    """The lamps that burn, the worst first; a closed drive says so."""
    if drive.closed_on:
        return badge(_("已办结 %(day)s") % {"day": day(drive.closed_on)}, "plain")
    lit = [lamp for lamp in (Lamp.RED, Lamp.YELLOW, Lamp.GREEN) if counts.get(lamp)]
    parts = [(badge(f"{lamp.label} {counts[lamp]}", queries.TONES[lamp]),) for lamp in lit]
    return format_html_join(" ", "{}", parts) if parts else format_html("—")


@require_GET
def drive(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One drive: lamps, its projects with targets and reasons, what moved since it began, and who may do what."""
    found = queries.visible_drive(request.user, public_id)
    listed = queries.drive_lines(request.user).filter(drive=found)
    lines = list(listed.prefetch_related("check_ins__reported_by"))
    keep_view(request.user, [line.project for line in lines], ViewKind.RECORD, detail=found.name)
    rows = queries.standings(lines)
    running = found.closed_on is None
    directs, judges = can_direct_drive(request.user, found), can_judge_drive(request.user, found)
    context = {
        "drive": found,
        "last_day": queries.last_day(found),
        "marks": _marks(found),
        "figures": _figures(rows),
        "rows": [(row, row.open and (directs or can_check_in(request.user, row.line))) for row in rows],
        "hidden": queries.hidden_count(found, len(rows)),
        "moves": queries.moves_of(found, lines),
        "removed": queries.removed_lines(request.user, found),
        "may_direct": running and directs,
        "may_judge": running and judges,
    }
    return page(request, "projects/drive_detail.html", context)


def _marks(found: Drive) -> list[tuple[Any, str]]:
    state = (_("已办结"), "plain") if found.closed_on else (_("进行中"), "accent")
    return [state, (_("%(rhythm)s填报") % {"rhythm": found.get_rhythm_display()}, "plain")]


def _figures(rows: list[queries.LineStanding]) -> list[tuple[str, int]]:
    """How many projects there are, done, and under each lamp while they are open."""
    open_rows = [row for row in rows if row.line.done_on is None]
    lamps = [(str(lamp.label), sum(row.lamp == lamp for row in open_rows)) for lamp in reversed(Lamp)]
    return [(_("项目"), len(rows)), (_("已销号"), len(rows) - len(open_rows)), *lamps]


@require_http_methods(["GET", "POST"])
def drive_new(request: SignedInRequest) -> HttpResponse:
    """Begin a drive; its projects are chosen on the next page."""
    if not can_start_drive(request.user):
        raise NotAllowed(_("督查行动由队长和分管领导发起；请把需要督查的项目告诉他们。"))
    form = DriveForm(request.POST or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: start_drive(actor=request.user, **form.values()))
        if made is not None:
            url = reverse("projects:drive-projects", args=[made.public_id])
            return done(request, url, _("督查行动已发起，请选择项目。"))
    return _panel(request, form, _("发起督查"), "", reverse("projects:drives"))


@require_http_methods(["GET", "POST"])
def drive_edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Change a drive."""
    found = queries.visible_drive(request.user, public_id)
    if not can_direct_drive(request.user, found):
        raise NotAllowed(_("督查行动由发起人、牵头人和分管领导管理；请与牵头人联系。"))
    form = DriveForm(request.POST or None, actor=request.user, drive=found)
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, lambda: change_drive(actor=request.user, drive=found, **form.values()))
        if changed is not None:
            return done(request, address_of(found), _("督查行动已修改。"))
    return _panel(request, form, _("修改督查"), found.name, address_of(found))


@require_http_methods(["GET", "POST"])
def drive_close(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Close a drive with its result."""
    found = queries.visible_drive(request.user, public_id)
    if not can_judge_drive(request.user, found):
        raise NotAllowed(_("督查行动由分管领导或发起人办结，牵头人不能办结自己牵头的行动；请与他们联系。"))
    form = CloseDriveForm(request.POST or None, drive=found)
    if request.method == "POST" and form.is_valid():
        closed = attempt(form, lambda: close_drive(actor=request.user, drive=found, **form.cleaned_data))
        if closed is not None:
            return done(request, address_of(found), _("督查行动已办结。"))
    return _panel(request, form, _("办结督查"), found.name, address_of(found))


def drive_card(visit: RecordVisit) -> dict[str, Any] | None:
    """The card 攻坚督查 of the record, while the project was ever listed."""
    rows = queries.drives_of(visit.actor, visit.project) if visit.facts["has_drives"] else []
    return {"rows": rows} if rows else None


def _panel(request: SignedInRequest, form: Any, title: str, detail: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "detail": detail, "back": back}
    status = 422 if form.errors else 200
    return page(request, "projects/record_panel.html", context, fragment="panel", status=status)
