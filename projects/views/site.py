"""What the zone can offer: lists, records and entry of plots and plants, and the places that fit a demand."""

from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from projects import access
from projects.actions.reservation import enter_site
from projects.actions.site import add_plant, add_plot, change_plant, change_plot
from projects.filters.site import PlantFilter, PlotFilter
from projects.forms.site import DemandForm, ExistingForm, PlantForm, PlotForm
from projects.models import ReservationState, SiteStatus
from projects.queries import site as queries
from projects.queries.project import visible_project
from promotion.errors import NotAllowed, NotFound
from promotion.web.components import badge
from promotion.web.formats import exact, number, wan
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest

MOST_CANDIDATES = 15


def segments(active: str) -> list[dict[str, Any]]:
    """The four pages about sites."""
    named = (
        ("sites", _("地块"), "projects:sites"),
        ("plants", _("厂房"), "projects:plants"),
        ("reservations", _("预留"), "projects:reservations"),
        ("match", _("选址"), "projects:site-match"),
    )
    return [{"label": label, "url": reverse(url), "active": key == active} for key, label, url in named]


@require_GET
def sites(request: SignedInRequest) -> HttpResponse:
    """The plots of both parks with what is free of them."""
    may_keep = access.can_keep_sites(request.user)
    listing = ListPage(
        request=request,
        queryset=queries.listed_plots(request.user),
        layout=PLOT_LAYOUT,
        row_url=lambda row: reverse("projects:plot", args=[row.public_id]),
        default_sort="site",
        filterset=PlotFilter,
        url_name="projects:sites",
        export_url=reverse("projects:plots-workbook"),
        empty={
            "title": _("还没有地块"),
            "text": _("登记地块之后，项目可以申请预留，地图也画得出来。"),
            **(
                {"action_url": reverse("projects:plot-new"), "action_label": _("登记地块")}
                if may_keep
                else {}
            ),
        },
    )
    context = {"title": _("用地与厂房"), "segments": segments("sites"), "may_keep": may_keep, "kind": "plot"}
    return list_page(request, "projects/site_list.html", listing, context)


@require_GET
def plants(request: SignedInRequest) -> HttpResponse:
    """The plants with who has them."""
    may_keep = access.can_keep_sites(request.user)
    listing = ListPage(
        request=request,
        queryset=queries.listed_plants(request.user),
        layout=PLANT_LAYOUT,
        row_url=lambda row: reverse("projects:plant", args=[row.public_id]),
        default_sort="site",
        filterset=PlantFilter,
        url_name="projects:plants",
        export_url=reverse("projects:plants-workbook"),
        empty={
            "title": _("还没有厂房"),
            "text": _("登记厂房和载体之后，项目可以申请预留。"),
            **(
                {"action_url": reverse("projects:plant-new"), "action_label": _("登记厂房")}
                if may_keep
                else {}
            ),
        },
    )
    context = {
        "title": _("用地与厂房"),
        "segments": segments("plants"),
        "may_keep": may_keep,
        "kind": "plant",
    }
    return list_page(request, "projects/site_list.html", listing, context)


@require_GET
def plot(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A plot with its figures, its drawing, and everybody who had or has it."""
    found = queries.visible_plot(request.user, public_id)
    context = {
        "site": found,
        "kind": "plot",
        "marks": _marks(found),
        "history": _with_tones(queries.history_of(request.user, found)),
        "plants": list(found.plants.all()),
        "may_keep": access.can_keep_sites(request.user),
        "outline": _outline(found.corners),
    }
    return page(request, "projects/site_detail.html", context)


@require_GET
def plant(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A plant with its figures and everybody who had or has it."""
    found = queries.visible_plant(request.user, public_id)
    context = {
        "site": found,
        "kind": "plant",
        "marks": _marks(found),
        "history": _with_tones(queries.history_of(request.user, found)),
        "may_keep": access.can_keep_sites(request.user),
    }
    return page(request, "projects/site_detail.html", context)


@require_http_methods(["GET", "POST"])
def plot_new(request: SignedInRequest) -> HttpResponse:
    """Enter a plot."""
    _permit(request)
    form = PlotForm(request.POST or None, initial={"park": request.GET.get("park", "")})
    return _entry(request, form, add_plot, "projects:plot", _("登记地块"), reverse("projects:sites"))


@require_http_methods(["GET", "POST"])
def plot_edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Change a plot."""
    _permit(request)
    found = queries.visible_plot(request.user, public_id)
    form = PlotForm(request.POST or None, plot=found)
    url = reverse("projects:plot", args=[public_id])
    return _entry(request, form, change_plot, "projects:plot", _("修改地块"), url, plot=found)


@require_http_methods(["GET", "POST"])
def plant_new(request: SignedInRequest) -> HttpResponse:
    """Enter a plant."""
    _permit(request)
    form = PlantForm(request.POST or None, actor=request.user)
    return _entry(request, form, add_plant, "projects:plant", _("登记厂房"), reverse("projects:plants"))


@require_http_methods(["GET", "POST"])
def plant_edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Change a plant."""
    _permit(request)
    found = queries.visible_plant(request.user, public_id)
    form = PlantForm(request.POST or None, actor=request.user, plant=found)
    url = reverse("projects:plant", args=[public_id])
    return _entry(request, form, change_plant, "projects:plant", _("修改厂房"), url, plant=found)


@require_http_methods(["GET", "POST"])
def site_enter(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    """Enter a project that stands on a plot or in a plant already."""
    _permit(request)
    if kind not in ("plots", "plants"):
        raise NotFound(_("没有这个操作。"))
    find = queries.visible_plot if kind == "plots" else queries.visible_plant
    found = find(request.user, public_id)
    form = ExistingForm(request.POST or None, actor=request.user)
    target = "projects:plot" if kind == "plots" else "projects:plant"
    url = reverse(target, args=[public_id])
    if request.method == "POST" and form.is_valid():
        place = {"plot" if kind == "plots" else "plant": found}
        entered = attempt(form, lambda: enter_site(actor=request.user, **place, **form.cleaned_data))
        if entered:
            return done(request, url, _("已保存。"))
    context = {"form": form, "title": _("登记既有用地"), "site": found, "back_url": url}
    status = 422 if form.errors else 200
    return page(request, "projects/site_form.html", context, status=status)


@require_GET
def site_match(request: SignedInRequest) -> HttpResponse:
    """The places for a demand, ranked, each with why and why not; from a project they can be asked for."""
    asked = request.GET.get("project", "")
    project = visible_project(request.user, asked) if asked else None
    typed = any(request.GET.get(name) for name in ("kind", "area", "power", "use", "park", "start", "end"))
    form = DemandForm(request.GET if typed else None)
    found = (
        queries.candidates(request.user, queries.Demand(**form.cleaned_data), limit=MOST_CANDIDATES)
        if typed and form.is_valid()
        else []
    )
    context = {
        "title": _("选址"),
        "segments": segments("match"),
        "form": form,
        "project": project,
        "typed": typed,
        "candidates": found,
        "fitting": sum(not each.missing for each in found),
        "may_ask": project is not None and access.can_change(request.user, project),
    }
    return page(request, "projects/site_match.html", context, fragment="region")


def _entry(
    request: SignedInRequest, form: Any, perform: Any, target: str, title: str, back: str, **record: Any
) -> HttpResponse:
    """Draw the form, or write and go to the record."""
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        seen = {"seen": given.pop("version")} if record else {}
        given.pop("version", None)
        written = attempt(form, lambda: perform(actor=request.user, **record, **seen, **given))
        if written:
            return done(request, reverse(target, args=[written.public_id]), _("已保存。"))
    context = {"form": form, "title": title, "back_url": back}
    return page(request, "projects/site_form.html", context, status=422 if form.errors else 200)


def _permit(request: SignedInRequest) -> None:
    if not access.can_keep_sites(request.user):
        raise NotAllowed(_("地块和厂房由分管领导和系统管理员维护；请把要改的内容告诉他们。"))


def _marks(site: Any) -> list[tuple[Any, str]]:
    marks = [(site.get_use_display(), "accent"), (site.get_status_display(), "plain")]
    if site.state_now:
        state = ReservationState(site.state_now)
        marks.append((state.label, queries.TONES[state]))
    return marks


def _with_tones(rows: list[Any]) -> list[tuple[Any, str]]:
    return [(row, queries.TONES[ReservationState(row.state)]) for row in rows]


def _outline(corners: list[list[float]]) -> dict[str, str] | None:
    """A plot alone, north up, as an SVG's view box and points."""
    if not corners:
        return None
    left, right = min(x for x, _y in corners), max(x for x, _y in corners)
    low, high = min(y for _x, y in corners), max(y for _x, y in corners)
    return {
        "box": f"-10 -10 {right - left + 20:g} {high - low + 20:g}",
        "points": " ".join(f"{x - left:g},{high - y:g}" for x, y in corners),
        "size": f"{right - left:g} × {high - low:g}",
    }


def state_of(row: Any) -> SafeString:
    """Who has the place now, without saying for whom."""
    if not row.state_now:
        return badge(row.get_status_display(), "done" if row.status == SiteStatus.OPEN else "plain")
    state = ReservationState(row.state_now)
    until = f"{row.held_until:%Y-%m-%d}" if row.held_until else ""
    return format_html("{} {}", badge(state.label, queries.TONES[state]), until)


def _supply(row: Any) -> str:
    names = ((row.has_water, _("水")), (row.has_gas, _("气")), (row.has_steam, _("汽")))
    return "、".join(name for has, name in names if has) or "—"


def _whole(text: Any) -> SafeString:
    return format_html('<span class="nowrap">{}</span>', text)


PLOT_LAYOUT = (
    Column("site", gettext_lazy("地块"), lambda row: _whole(row.number), sort="number"),
    Column("park", gettext_lazy("园区"), lambda row: _whole(row.get_park_display()), sort="park"),
    Column("use", gettext_lazy("用途"), lambda row: _whole(row.get_use_display()), sort="use"),
    Column(
        "area", gettext_lazy("面积（亩）"), lambda row: exact(row.area, 2), sort="area", align="end",
        total=Sum("area"), show_total=lambda v: exact(v, 2),
    ),
    Column(
        "free", gettext_lazy("可用（亩）"), lambda row: exact(row.free, 2) if row.status == "open" else "—",
        sort="free", align="end",
    ),
    Column("ratio", gettext_lazy("容积率"), lambda row: exact(row.plot_ratio, 2), sort="plot_ratio", align="end",
           wide=True, optional=True),
    Column("power", gettext_lazy("供电（kVA）"), lambda row: number(row.power, 0), sort="power", align="end"),
    Column("supply", gettext_lazy("水气汽"), _supply, wide=True, optional=True),
    Column("price", gettext_lazy("指导价（万元/亩）"), lambda row: wan(row.price, 1), sort="price", align="end",
           wide=True, optional=True),
    Column("state", gettext_lazy("现状"), state_of, sort="state_now"),
)  # fmt: skip
PLANT_LAYOUT = (
    Column("site", gettext_lazy("厂房"), lambda row: _whole(f"{row.building} {row.floor}"), sort="building"),
    Column("park", gettext_lazy("园区"), lambda row: _whole(row.get_park_display()), sort="park"),
    Column("use", gettext_lazy("用途"), lambda row: _whole(row.get_use_display()), sort="use", wide=True),
    Column(
        "area", gettext_lazy("面积（㎡）"), lambda row: number(row.area, 0), sort="area", align="end",
        total=Sum("area"), show_total=lambda v: number(v, 0),
    ),
    Column("height", gettext_lazy("层高（米）"), lambda row: exact(row.height, 2), sort="height", align="end",
           wide=True, optional=True),
    Column("load", gettext_lazy("荷载（吨/㎡）"), lambda row: exact(row.floor_load, 2), sort="floor_load",
           align="end", wide=True, optional=True),
    Column("power", gettext_lazy("供电（kVA）"), lambda row: number(row.power, 0), sort="power", align="end"),
    Column("rent", gettext_lazy("租金（元/㎡·月）"), lambda row: exact(row.rent, 2), sort="rent", align="end",
           wide=True, optional=True),
    Column("state", gettext_lazy("现状"), state_of, sort="state_now"),
)  # fmt: skip
