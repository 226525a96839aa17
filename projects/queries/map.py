"""The map of projects: by park over the plots' own outlines, and by the investor's home as a field of squares.

Both are drawn by us from what is stored; nothing is asked of anybody outside.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, sqrt
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from projects.access import plots_visible_to
from projects.geography import COUNTRIES, PROVINCES
from projects.models import Park, Plot, Project, Reservation, SiteStatus
from projects.queries.site import held_on
from projects.workflow import ORDER, Stage
from staff.models import Account

MARGIN = 40
LETTER = 23
LINE = 29
MOST_LINES = 4
LEVELS = 8
# Side of a square with the gap after it, in units of the drawing.
SQUARE = 100
# Column and row of each province in the field of squares, by its rough position (our own drawing, not a survey).
SQUARES: Mapping[str, tuple[int, int]] = {
    "黑龙江": (8, 0),
    "吉林": (8, 1),
    "内蒙古": (5, 2), "北京": (6, 2), "天津": (7, 2), "辽宁": (8, 2),
    "新疆": (0, 3), "青海": (1, 3), "甘肃": (2, 3), "宁夏": (3, 3), "陕西": (4, 3), "山西": (5, 3), "河北": (6, 3),
    "山东": (7, 3),
    "西藏": (1, 4), "四川": (2, 4), "重庆": (3, 4), "湖北": (4, 4), "河南": (5, 4), "安徽": (6, 4), "江苏": (7, 4),
    "上海": (8, 4),
    "云南": (2, 5), "贵州": (3, 5), "湖南": (4, 5), "江西": (5, 5), "浙江": (6, 5),
    "广西": (4, 6), "广东": (5, 6), "福建": (6, 6), "台湾": (7, 6),
    "海南": (4, 7), "澳门": (5, 7), "香港": (6, 7),
}  # fmt: skip
OTHER, UNKNOWN = "other", "unknown"


@dataclass(frozen=True)
class TextLine:
    """A line of text inside an outline."""

    x: float
    y: float
    text: str
    kind: str


@dataclass(frozen=True)
class PlotShape:
    """A plot as it is drawn: its outline, how it is filled, and what stands in it."""

    plot: Plot
    points: str
    look: str
    words: str
    lines: tuple[TextLine, ...]
    projects: tuple[Project, ...]


@dataclass(frozen=True)
class ParkPlan:
    """One park: its drawing, and what the filters leave of the projects that chose it (元)."""

    park: str
    label: str
    box: str
    ground: tuple[int, int, int, int]
    shapes: tuple[PlotShape, ...]
    count: int
    amount: Decimal
    placed: int
    url: str = ""


@dataclass(frozen=True)
class HomeSquare:
    """The projects whose investor is at home there; `level` says how deep it is shaded, 0 for none."""

    home: str
    label: str
    x: int
    y: int
    count: int
    amount: Decimal
    level: int
    url: str = ""

    @property
    def left(self) -> int:
        return self.x * SQUARE

    @property
    def top(self) -> int:
        return self.y * SQUARE


def project_totals(found: QuerySet[Project]) -> dict[str, Any]:
    """How many projects and how much money (元) the filters leave, as the board's head says it."""
    sums = found.order_by().aggregate(count=Count("pk"), amount=Sum("planned_investment"))
    return {"count": sums["count"], "amount": sums["amount"] or Decimal(0)}


def park_plans(actor: Account, found: QuerySet[Project]) -> list[ParkPlan]:
    """Both parks, in four queries whatever their size."""
    sums = {
        row["park"]: row
        for row in found.order_by()
        .values("park")
        .annotate(count=Count("pk"), amount=Sum("planned_investment"))
    }
    plots = list(plots_visible_to(actor))
    kept = list(held_on().select_related("project", "plant"))
    shown = set(found.filter(pk__in={each.project_id for each in kept}).values_list("pk", flat=True))
    on_plot: dict[int, list[Reservation]] = defaultdict(list)
    for each in kept:
        place = each.plot_id or (each.plant.plot_id if each.plant else None)
        if place:
            on_plot[place].append(each)
    return [_plan(park, [p for p in plots if p.park == park], on_plot, shown, sums) for park in Park]


def _plan(
    park: Park,
    plots: Sequence[Plot],
    on_plot: Mapping[int, Sequence[Reservation]],
    shown: set[int],
    sums: Mapping[str, Any],
) -> ParkPlan:
    drawn = [plot for plot in plots if plot.corners]
    width = max((x for plot in drawn for x, _y in plot.corners), default=0)
    height = max((y for plot in drawn for _x, y in plot.corners), default=0)
    shapes = tuple(_shape(plot, height, on_plot.get(plot.pk, ()), shown) for plot in drawn)
    row = sums.get(park, {})
    placed = {project.pk for shape in shapes for project in shape.projects}
    whole = (int(width) + 2 * MARGIN, int(height) + 2 * MARGIN)
    return ParkPlan(
        park=park.value,
        label=str(park.label),
        box=f"{-MARGIN} {-MARGIN} {whole[0]} {whole[1]}",
        ground=(-MARGIN, -MARGIN, *whole),
        shapes=shapes,
        count=row.get("count", 0),
        amount=row.get("amount") or Decimal(0),
        placed=len(placed),
    )


def _shape(plot: Plot, height: float, kept: Sequence[Reservation], shown: set[int]) -> PlotShape:
    corners = [(x, height - y) for x, y in plot.corners]
    here = tuple({each.project.pk: each.project for each in kept if each.project_id in shown}.values())
    if here:
        depth = max(ORDER.index(Stage(project.stage)) for project in here) + 1
        look = f"stage-{depth}"
        words = here[0].name if len(here) == 1 else _("%(count)s 个项目") % {"count": len(here)}
    elif kept:
        look, words = "other", _("已占用")
    elif plot.status == SiteStatus.OPEN:
        look, words = "free", _("可供 %(area)s 亩") % {"area": f"{plot.area.normalize():f}"}
    else:
        look, words = "closed", plot.get_status_display()
    return PlotShape(
        plot=plot,
        points=" ".join(f"{x:g},{y:g}" for x, y in corners),
        look=look,
        words=words,
        lines=tuple(_lines(corners, plot.number, words)),
        projects=here,
    )


def _lines(corners: Sequence[tuple[float, float]], number: str, words: str) -> Iterable[TextLine]:
    """The number, and as much of the words as fits inside the outline."""
    x, y = _middle(corners)
    top, bottom = min(v for _x, v in corners), max(v for _x, v in corners)
    room = max(int((_chord(corners, y) - 12) / LETTER), 2)
    rows = max(min(int((bottom - top - 24) / LINE) - 1, MOST_LINES), 1)
    pieces = [words[start : start + room] for start in range(0, len(words), room)][:rows]
    y -= LINE * len(pieces) / 2 - LETTER / 3
    yield TextLine(round(x, 1), round(y, 1), number, "number")
    for place, piece in enumerate(pieces, start=1):
        yield TextLine(round(x, 1), round(y + LINE * place, 1), piece, "name")


def _chord(corners: Sequence[tuple[float, float]], y: float) -> float:
    """How wide the outline is at this height."""
    crossings = [
        x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True)
        if (y1 <= y) != (y2 <= y)
    ]
    return max(crossings, default=0) - min(crossings, default=0)


def _middle(corners: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre of gravity of an outline; of one without area, of its corners."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    if not area:
        return sum(c[0] for c in corners) / len(corners), sum(c[1] for c in corners) / len(corners)
    return x / (3 * area), y / (3 * area)


def home_sums(found: QuerySet[Project]) -> dict[str, tuple[int, Decimal]]:
    """Projects and money (元) by the investor's home, in one query; what has no square is under OTHER or UNKNOWN."""
    sums: dict[str, tuple[int, Decimal]] = {}
    rows = (
        found.order_by().values("company__home").annotate(count=Count("pk"), amount=Sum("planned_investment"))
    )
    known = {*PROVINCES, *COUNTRIES}
    for row in rows:
        home = row["company__home"]
        key = home if home in known else OTHER if home else UNKNOWN
        count, amount = sums.get(key, (0, Decimal(0)))
        sums[key] = (count + row["count"], amount + (row["amount"] or 0))
    return sums


def home_squares(found: QuerySet[Project]) -> tuple[list[HomeSquare], list[HomeSquare]]:
    """The provinces in their field, and the countries in a row; shaded by money beside the largest."""
    sums = home_sums(found)
    known = (amount for home, (_count, amount) in sums.items() if home not in (OTHER, UNKNOWN))
    most = max(known, default=Decimal(0))
    provinces = [_square(name, name, SQUARES[name], sums, most) for name in SQUARES]
    abroad = [*((name, name) for name in COUNTRIES), (OTHER, _("其他国家")), (UNKNOWN, _("未填"))]
    countries = [_square(key, label, (place, 0), sums, most) for place, (key, label) in enumerate(abroad)]
    return provinces, countries


def _square(
    home: str, label: str, at: tuple[int, int], sums: Mapping[str, tuple[int, Decimal]], most: Decimal
) -> HomeSquare:
    count, amount = sums.get(home, (0, Decimal(0)))
    shaded = bool(most) and home not in (OTHER, UNKNOWN)
    level = 0 if not count else max(ceil(LEVELS * sqrt(float(amount / most))), 1) if shaded else 1
    return HomeSquare(home, label, *at, count, amount, level)
