"""Sites: what is free of them, who has them for how long, and which fit a demand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import plants_visible_to, plots_visible_to, projects_visible_to, reservations_visible_to
from projects.models import LIVE, Plant, Plot, Project, Reservation, ReservationState, SiteStatus
from promotion.errors import NotFound
from staff.models import Account

# The further a reservation has come, the more it says of a place.
TONES = {
    ReservationState.WAITING: "plain",
    ReservationState.REQUESTED: "attention",
    ReservationState.RESERVED: "accent",
    ReservationState.LOCKED: "accent",
    ReservationState.LANDED: "done",
    ReservationState.DECLINED: "plain",
    ReservationState.RELEASED: "plain",
    ReservationState.EXPIRED: "plain",
}
AREA: DecimalField = DecimalField(max_digits=12, decimal_places=2)


def overlapping(start: date, end: date | None) -> Q:
    """Reservations whose period touches [start, end); without an end, all that are not over by then."""
    rule = Q(ends_on=None) | Q(ends_on__gt=start)
    return rule & Q(starts_on__lt=end) if end else rule


def held_on(day: date | None = None) -> QuerySet[Reservation]:
    """What is kept on the day, for anybody; whose it is must be masked by the reader."""
    on = day or timezone.localdate()
    return Reservation.objects.filter(overlapping(on, None), state__in=LIVE, starts_on__lte=on)


def with_freedom(
    sites: QuerySet[Any], *, place: str, start: date | None = None, end: date | None = None
) -> Any:
    """Adds `held` and `free` (in the site's own unit), `state_now` and `held_until`, for the period or for today."""
    first = start or timezone.localdate()
    kept = Reservation.objects.filter(overlapping(first, end), state__in=LIVE, **{place: OuterRef("pk")})
    if end is None:
        kept = kept.filter(starts_on__lte=first)
    held = kept.order_by().values(place).annotate(total=Sum("area")).values("total")
    latest = kept.order_by(F("ends_on").desc(nulls_first=True), "-pk")
    zero = Value(Decimal(0), output_field=AREA)
    return sites.annotate(
        held=Coalesce(Subquery(held, output_field=AREA), zero),
        state_now=Subquery(latest.values("state")[:1]),
        held_until=Subquery(latest.values("ends_on")[:1]),
    ).annotate(free=Greatest(F("area") - F("held"), zero, output_field=AREA))


def listed_plots(actor: Account) -> Any:
    """Plots with what is free of them today."""
    return with_freedom(plots_visible_to(actor), place="plot")


def listed_plants(actor: Account) -> Any:
    """Plants with who has them today."""
    return with_freedom(plants_visible_to(actor), place="plant")


def visible_plot(actor: Account, public_id: str) -> Any:
    """One plot with what is free of it. Raises NotFound."""
    plot = listed_plots(actor).filter(public_id=public_id).first()
    if plot is None:
        raise NotFound(_("没有这个地块；请返回列表。"))
    return plot


def visible_plant(actor: Account, public_id: str) -> Any:
    """One plant. Raises NotFound."""
    plant = listed_plants(actor).select_related("plot").filter(public_id=public_id).first()
    if plant is None:
        raise NotFound(_("没有这处厂房；请返回列表。"))
    return plant


def listed_reservations(actor: Account) -> QuerySet[Reservation]:
    """The reservations one sees, with project, team and place."""
    return reservations_visible_to(actor).select_related("project__team", "plot", "plant", "requested_by")


def visible_reservation(actor: Account, public_id: str) -> Reservation:
    """One reservation. Raises NotFound when its project is not the actor's to see."""
    found = (
        listed_reservations(actor)
        .select_related("project__company", "decided_by")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这条预留，或者您看不到它。"))
    return found


def history_of(actor: Account, site: Plot | Plant) -> list[Reservation]:
    """All reservations of a place, those that run first; `seen` tells whose project the reader may know."""
    seen = projects_visible_to(actor).filter(pk=OuterRef("project"))
    rows = site.reservations.select_related("project", "requested_by", "plot", "plant")
    found = list(rows.annotate(seen=Exists(seen)).order_by("-pk"))
    return sorted(found, key=lambda row: (not row.is_live, row.state != ReservationState.WAITING))


def reservations_of(project: Project) -> list[Reservation]:
    """What a project holds and waits for, and what it had, the latest first; one query."""
    rows = list(project.reservations.select_related("plot", "plant").order_by("-pk"))
    return sorted(rows, key=lambda row: (not row.is_live, row.state != ReservationState.WAITING))


def place_in_line(reservation: Reservation) -> int:
    """Which place a waiting reservation has in the line for its site."""
    before = Reservation.objects.filter(
        plot=reservation.plot_id, plant=reservation.plant_id, state=ReservationState.WAITING
    ).filter(
        Q(requested_at__lt=reservation.requested_at)
        | Q(requested_at=reservation.requested_at, pk__lt=reservation.pk)
    )
    return before.count() + 1


@dataclass(frozen=True)
class Demand:
    """What a project needs: area in 亩 for land, in m² for a plant."""

    kind: str = "plot"
    area: Decimal | None = None
    power: int | None = None
    use: str = ""
    park: str = ""
    start: date | None = None
    end: date | None = None
    gas: bool = False
    steam: bool = False


@dataclass(frozen=True)
class Reason:
    """One wish and whether the place grants it."""

    text: str
    fits: bool


@dataclass(frozen=True)
class Candidate:
    """A place for a demand, with why and why not."""

    site: Any
    reasons: tuple[Reason, ...]
    surplus: Decimal

    @property
    def missing(self) -> int:
        return sum(not reason.fits for reason in self.reasons)


def candidates(actor: Account, demand: Demand, *, limit: int = 30) -> list[Candidate]:
    """Places that can be offered, those first that grant every wish, then the smallest that is large enough."""
    seen = plots_visible_to(actor) if demand.kind == "plot" else plants_visible_to(actor)
    offered = seen.exclude(status=SiteStatus.CLOSED)
    sites = with_freedom(offered, place=demand.kind, start=demand.start, end=demand.end)
    ranked = [_candidate(site, demand) for site in sites]
    ranked.sort(key=lambda each: (each.missing, abs(each.surplus), each.site.pk))
    return ranked[:limit]


def _candidate(site: Any, demand: Demand) -> Candidate:
    reasons = [*_of_area(site, demand), *_of_supply(site, demand)]
    if demand.use:
        reasons.append(Reason(str(site.get_use_display()), site.use in (demand.use, "mixed")))
    if demand.park:
        reasons.append(Reason(str(site.get_park_display()), site.park == demand.park))
    if site.status != SiteStatus.OPEN:
        reasons.append(Reason(str(site.get_status_display()), fits=False))
    return Candidate(site, tuple(reasons), site.free - (demand.area or Decimal(0)))


def _of_area(site: Any, demand: Demand) -> Sequence[Reason]:
    unit = _("亩") if demand.kind == "plot" else _("㎡")
    words = {"free": f"{site.free.normalize():f}", "area": f"{site.area.normalize():f}", "unit": unit}
    if site.held:
        text = _("可用 %(free)s / %(area)s %(unit)s") % words
    else:
        text = _("可用 %(free)s %(unit)s") % words
    return [Reason(text, site.free >= demand.area if demand.area else site.free > 0)]


def _of_supply(site: Any, demand: Demand) -> Sequence[Reason]:
    reasons = []
    if demand.power:
        reasons.append(Reason(_("供电 %(power)s kVA") % {"power": site.power}, site.power >= demand.power))
    for wanted, name, yes, no in (
        (demand.gas, "has_gas", _("通气"), _("未通气")),
        (demand.steam, "has_steam", _("通蒸汽"), _("未通蒸汽")),
    ):
        if wanted and hasattr(site, name):
            reasons.append(Reason(yes if getattr(site, name) else no, getattr(site, name)))
    return reasons
