"""Reservations: asked for on a project, listed, decided, and the card of the record page."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from projects import access
from projects.actions import reservation_decision as decide
from projects.actions.moves import permit_change
from projects.actions.reservation import claim_site, request_site, wait_for_site
from projects.filters.site import ReservationFilter
from projects.forms.site import DecisionForm, SiteRequestForm
from projects.models import Reservation, ReservationState
from projects.queries import site as queries
from projects.queries.project import visible_project
from projects.queries.record_visit import RecordVisit
from projects.views.site import segments
from promotion.errors import NotAllowed, NotFound
from promotion.web.components import badge
from promotion.web.formats import exact
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest

# verb → the action, its label, the fields it asks for, the states it starts from, and who may (own, decider, disposer).
ACTS: dict[str, tuple[Any, Any, tuple[str, ...], tuple[str, ...], str]] = {
    "approve": (decide.approve_site, gettext_lazy("批准"), ("note", "seen"), ("requested",), "decider"),
    "decline": (decide.decline_site, gettext_lazy("不批准"), ("reason", "seen"), ("requested",), "decider"),
    "claim": (claim_site, gettext_lazy("转为申请"), ("starts_on", "ends_on"), ("waiting",), "own"),
    "lock": (
        decide.lock_site, gettext_lazy("签约锁定"), ("ends_on", "note", "seen"), ("reserved",), "disposer",
    ),
    "land": (
        decide.land_site, gettext_lazy("落地"), ("note", "seen"), ("reserved", "locked"), "disposer",
    ),
    "extend": (
        decide.extend_site, gettext_lazy("延期"), ("ends_on", "reason", "seen"), ("reserved",), "disposer",
    ),
    "release": (
        decide.release_site, gettext_lazy("释放"), ("reason", "seen"),
        ("waiting", "requested", "reserved", "locked", "landed"), "own",
    ),
}  # fmt: skip


@require_GET
def reservations(request: SignedInRequest) -> HttpResponse:
    """What the visible projects hold, asked for, and wait for."""
    listing = ListPage(
        request=request,
        queryset=queries.listed_reservations(request.user),
        layout=LAYOUT,
        row_url=lambda row: reverse("projects:reservation", args=[row.public_id]),
        default_sort="-asked",
        filterset=ReservationFilter,
        url_name="projects:reservations",
        empty={
            "title": _("还没有预留"),
            "text": _("在项目页点“申请用地”，或先用选址找合适的地块和厂房。"),
            "action_url": reverse("projects:site-match"),
            "action_label": _("选址"),
        },
    )
    context = {"title": _("用地与厂房"), "segments": segments("reservations")}
    return list_page(request, "projects/site_list.html", listing, context)


@require_GET
def reservation(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One reservation with what can be done about it."""
    found = queries.visible_reservation(request.user, public_id)
    context = {
        "reservation": found,
        "tone": queries.TONES[ReservationState(found.state)],
        "acts": _acts(request, found),
        "place": queries.place_in_line(found) if found.state == ReservationState.WAITING else None,
        "today": timezone.localdate(),
    }
    return page(request, "projects/reservation.html", context)


@require_http_methods(["GET", "POST"])
def reserve(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask for a place for a project, or stand in line for it."""
    project = visible_project(request.user, public_id)
    permit_change(request.user, project)
    initial = {"site": request.GET.get("site", ""), "area": request.GET.get("area", "")}
    form = SiteRequestForm(request.POST or None, actor=request.user, project=project, initial=initial)
    if request.method == "POST" and form.is_valid():
        waits, given = form.request()
        perform = wait_for_site if waits else request_site
        made = attempt(form, lambda: perform(actor=request.user, project=project, **given))
        if made:
            text = (
                _("已登记候补，空出时会通知您。")
                if waits
                else _("已申请，等待批准；期间不会承诺给其他项目。")
            )
            return done(request, reverse("projects:reservation", args=[made.public_id]), text)
    context = {"project": project, "form": form}
    status = 422 if form.errors else 200
    return page(request, "projects/reserve.html", context, fragment="panel", status=status)


@require_http_methods(["GET", "POST"])
def reservation_act(request: SignedInRequest, public_id: str, verb: str) -> HttpResponse:
    """One act on a reservation, in the shared dialog or as a page; the action says who may."""
    if verb not in ACTS:
        raise NotFound(_("没有这个操作。"))
    found = queries.visible_reservation(request.user, public_id)
    perform, label, asks, _states, who = ACTS[verb]
    if not _rights(request, found)[who]:
        raise NotAllowed(_("这一步由本团队队长或分管领导办理，申请人不能批自己的申请；请把情况告诉他们。"))
    form = DecisionForm(request.POST or None, asks=asks, reservation=found)
    if request.method == "POST" and form.is_valid():
        acted = attempt(form, lambda: perform(actor=request.user, reservation=found, **form.cleaned_data))
        if acted:
            return done(request, reverse("projects:reservation", args=[public_id]), _("已保存。"))
    context = {"reservation": found, "form": form, "title": label, "verb": verb}
    status = 422 if form.errors else 200
    return page(request, "projects/reservation_act.html", context, fragment="panel", status=status)


def _acts(request: SignedInRequest, found: Reservation) -> list[dict[str, Any]]:
    """The acts that this person may do now, the next one first."""
    may = _rights(request, found)
    open_acts = [
        (verb, label) for verb, (_do, label, _asks, states, who) in ACTS.items()
        if found.state in states and may[who]
    ]  # fmt: skip
    return [
        {
            "label": label,
            "url": reverse("projects:reservation-act", args=[found.public_id, verb]),
            "kind": "primary"
            if place == 0 and verb != "release"
            else "quiet"
            if verb == "release"
            else "default",
        }
        for place, (verb, label) in enumerate(open_acts)
    ]


def _rights(request: SignedInRequest, found: Reservation) -> dict[str, bool]:
    return {
        "own": access.can_change(request.user, found.project),
        "decider": access.can_decide_reservation(request.user, found),
        "disposer": access.can_dispose_of_site(request.user, found),
    }


def site_card(visit: RecordVisit) -> dict[str, Any]:
    """The card “用地/厂房” of the record page; `line` stands in its head."""
    project = visit.project
    rows = queries.reservations_of(project) if visit.facts["has_sites"] else []
    held = [row for row in rows if row.is_live]
    line = "、".join(
        _("%(site)s 地块") % {"site": row.site} if row.plot_id else str(row.site) for row in held
    )
    return {
        "project": project,
        "rows": [(row, queries.TONES[ReservationState(row.state)]) for row in rows[:4]],
        "line": line or project.get_park_display(),
        "may_ask": project.status == "active" and visit.may_change,
    }


def _state(row: Reservation) -> SafeString:
    return badge(row.get_state_display(), queries.TONES[ReservationState(row.state)])


def _area(row: Reservation) -> str:
    return f"{exact(row.area, 2)} {_('亩') if row.plot_id else _('㎡')}"


def _until(row: Reservation) -> SafeString | str:
    """The last day, red when the place is lost within a week."""
    if row.ends_on is None:
        return "—"
    days = (row.ends_on - timezone.localdate()).days
    soon = row.state in (ReservationState.RESERVED, ReservationState.LOCKED) and days <= 7
    mark = badge(_("剩 %(days)s 天") % {"days": max(days, 0)}, "attention") if soon else ""
    return format_html('<span class="nowrap">{}</span> {}', f"{row.ends_on:%Y-%m-%d}", mark)


LAYOUT = (
    Column("site", gettext_lazy("地块或厂房"), lambda row: str(row.site)),
    Column("project", gettext_lazy("项目"), lambda row: row.project.name, sort="project__pinyin"),
    Column("team", gettext_lazy("团队"), lambda row: row.project.team.name, sort="project__team__position", wide=True),
    Column("area", gettext_lazy("面积"), _area, align="end"),
    Column("from", gettext_lazy("自"), lambda row: f"{row.starts_on:%Y-%m-%d}", sort="starts_on", wide=True),
    Column("until", gettext_lazy("至（不含）"), _until, sort="ends_on"),
    Column("asked", gettext_lazy("申请"), lambda row: f"{timezone.localdate(row.requested_at):%Y-%m-%d}",
           sort="requested_at", wide=True),
    Column("state", gettext_lazy("状态"), _state, sort="state"),
)  # fmt: skip
