"""Keeping the plots and plants that the zone can offer."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.actions.moves import in_words
from projects.models import Plant, Plot
from promotion.action import action, check_version, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account

PLOT_FIELDS = (
    "park", "number", "location", "area", "use", "plot_ratio", "power", "has_water", "has_gas", "has_steam",
    "ownership", "status", "price", "corners", "note",
)  # fmt: skip
PLANT_FIELDS = (
    "park", "building", "floor", "plot", "area", "use", "height", "floor_load", "power", "rent", "status", "note",
)  # fmt: skip
# A park is drawn on a sheet of at most this many metres each way.
WIDEST = 20_000
MOST_CORNERS = 60

Site = TypeVar("Site", Plot, Plant)


@action("plot.add", gettext_lazy("登记地块"))
def add_plot(*, actor: Account, is_demo: bool = False, **fields: Any) -> Plot:
    """Enter a plot with the fields of PLOT_FIELDS; a number that its park has already is a Conflict."""
    plot = _added(actor, Plot(created_by=actor, is_demo=is_demo), fields, PLOT_FIELDS)
    record(actor=actor, verb="plot.add", target=plot, detail={"area": f"{plot.area:f}"})
    return plot


@action("plot.change", gettext_lazy("修改地块"))
def change_plot(*, actor: Account, plot: Plot, seen: int | None = None, **fields: Any) -> Plot:
    """Change a plot; the database refuses an area below what is promised on it."""
    locked = access.plots_visible_to(actor).select_for_update().filter(pk=plot.pk).first()
    changed, changes = _changed(actor, locked, seen, fields, PLOT_FIELDS)
    record(actor=actor, verb="plot.change", target=changed, detail={"changes": in_words(changes)})
    return changed


@action("plant.add", gettext_lazy("登记厂房"))
def add_plant(*, actor: Account, is_demo: bool = False, **fields: Any) -> Plant:
    """Enter a plant with the fields of PLANT_FIELDS; a floor that is there already is a Conflict."""
    plant = _added(actor, Plant(created_by=actor, is_demo=is_demo), fields, PLANT_FIELDS)
    record(actor=actor, verb="plant.add", target=plant, detail={"area": f"{plant.area:f}"})
    return plant


@action("plant.change", gettext_lazy("修改厂房"))
def change_plant(*, actor: Account, plant: Plant, seen: int | None = None, **fields: Any) -> Plant:
    """Change a plant."""
    locked = access.plants_visible_to(actor).select_for_update().filter(pk=plant.pk).first()
    changed, changes = _changed(actor, locked, seen, fields, PLANT_FIELDS)
    record(actor=actor, verb="plant.change", target=changed, detail={"changes": in_words(changes)})
    return changed


def _permit(actor: Account) -> None:
    if not access.can_keep_sites(actor):
        raise NotAllowed(_("地块和厂房由分管领导和系统管理员维护；请把要改的内容告诉他们。"))


def _added(actor: Account, site: Site, fields: Mapping[str, Any], known: tuple[str, ...]) -> Site:
    _permit(actor)
    for name, value in _clean(site, fields, known).items():
        setattr(site, name, value)
    _check_complete(site)
    site.save()
    return site


def _changed(
    actor: Account, site: Site | None, seen: int | None, fields: Mapping[str, Any], known: tuple[str, ...]
) -> tuple[Site, dict[str, tuple[Any, Any]]]:
    if site is None:
        raise NotFound(_("没有这个地块或厂房，可能已被移走；请返回列表。"))
    _permit(actor)
    check_version(seen=seen, current=site)
    values = _clean(site, fields, known)
    changes: dict[str, tuple[Any, Any]] = {}
    changes |= {
        name: (getattr(site, name), new) for name, new in values.items() if getattr(site, name) != new
    }
    for name, (_old, new) in changes.items():
        setattr(site, name, new)
    site.version += 1
    site.save(update_fields=[*changes, "version"])
    return site, changes


def _clean(site: Plot | Plant, fields: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    """The values as the model takes them. Raises Refused naming every field that is wrong."""
    unknown = set(fields) - set(known)
    if unknown:
        raise TypeError(f"no fields of a site: {sorted(unknown)}")
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in fields.items():
        try:
            if name == "corners":
                values[name] = _corners(value)
            elif name == "plot":
                values[name] = value
            else:
                cleaned = site._meta.get_field(name).clean(value, site)  # type: ignore[union-attr]
                values[name] = cleaned.strip() if isinstance(cleaned, str) else cleaned
        except ValidationError as error:
            wrong[name] = error.messages[0]
    if values.get("area") is not None and values["area"] <= 0:
        wrong["area"] = _("面积必须大于 0。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    return values


def _check_complete(site: Plot | Plant) -> None:
    needed = {
        "park": _("请选择园区。"),
        "number": _("请填写地块编号。"),
        "building": _("请填写楼栋。"),
        "area": _("请填写面积。"),
    }
    wrong = {
        name: sentence
        for name, sentence in needed.items()
        if hasattr(site, name) and not getattr(site, name, None)
    }
    if wrong:
        raise Refused("".join(wrong.values()), fields=wrong)


def _corners(value: Any) -> list[list[float]]:
    """A simple outline: at least three corners [x, y] in metres, or nothing. Raises ValidationError."""
    if not value:
        return []
    sentence = _("图形要写成至少三个顶点，每个顶点是园区内的 x,y（米），例如 0,0 200,0 200,150 0,150。")
    try:
        corners = [[float(x), float(y)] for x, y in value]
    except (TypeError, ValueError) as error:
        raise ValidationError(sentence) from error
    if not 3 <= len(corners) <= MOST_CORNERS or any(
        not 0 <= v <= WIDEST for corner in corners for v in corner
    ):
        raise ValidationError(sentence)
    return corners
