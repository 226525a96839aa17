"""Keeping a place for a project: asked for, decided by a second person, and given back."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.actions.moves import locked_project, permit_change
from projects.actions.reservation_words import place_of, tell_deciders
from projects.models import LIVE, Plant, Plot, Project, Reservation, ReservationState, SiteStatus
from projects.workflow import Status
from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account

# For how long a place is kept at the most, before it is extended (assumption: half a year, as for a first reception).
LONGEST = timedelta(days=180)


@action("site.request", gettext_lazy("申请用地"))
def request_site(
    *,
    actor: Account,
    project: Project,
    ends_on: date,
    plot: Plot | None = None,
    plant: Plant | None = None,
    area: Decimal | None = None,
    starts_on: date | None = None,
    reason: str = "",
) -> Reservation:
    """Ask for a plot, a part of one (`area` in 亩) or a plant until a day; the place is kept until somebody decides.

    Raises Conflict when it is promised to another project in that time, Refused for a period or an area that cannot be.
    """
    locked = _ready(actor, project)
    place = _locked_place(actor, plot, plant)
    reservation = Reservation(project=locked, requested_by=actor, reason=reason.strip()[:300])
    _settle(reservation, place, area, starts_on or timezone.localdate(), ends_on)
    reservation.save()
    tell_deciders(reservation)
    record(actor=actor, verb="site.request", target=reservation, detail=detail_of(reservation))
    return reservation


@action("site.wait", gettext_lazy("登记候补"))
def wait_for_site(
    *,
    actor: Account,
    project: Project,
    plot: Plot | None = None,
    plant: Plant | None = None,
    area: Decimal | None = None,
    reason: str = "",
) -> Reservation:
    """Stand in line for a place that is taken; whoever waits is told when it comes free, the first one first.

    Raises Conflict when the project stands in line already, Refused when the place is free.
    """
    locked = _ready(actor, project)
    place = _locked_place(actor, plot, plant)
    own = place.reservations.filter(project=locked, state=ReservationState.WAITING)
    if own.exists():
        raise Conflict(_("这个项目已在 %(site)s 的候补名单上；空出时会通知您。") % {"site": place})
    today = timezone.localdate()
    if not place.reservations.filter(state__in=LIVE).exists():
        raise Refused(_("%(site)s 目前没有被预留，不用候补；请直接申请。") % {"site": place})
    whole = place.area if area is None else area
    _check_area(place, whole)
    reservation = Reservation(
        project=locked,
        requested_by=actor,
        reason=reason.strip()[:300],
        state=ReservationState.WAITING,
        starts_on=today,
        area=whole,
        **place_of(place),
    )
    if isinstance(place, Plot):
        reservation.extent = NumericRange(Decimal(0), whole, "[)")
    reservation.save()
    record(actor=actor, verb="site.wait", target=reservation, detail=detail_of(reservation))
    return reservation


@action("site.claim", gettext_lazy("候补转申请"))
def claim_site(
    *, actor: Account, reservation: Reservation, ends_on: date, starts_on: date | None = None
) -> Reservation:
    """Ask for the place that one waited for. Raises Conflict when it is not free after all."""
    found = locked_reservation(actor, reservation)
    permit_change(actor, found.project)
    check_state(found, ReservationState.WAITING)
    place = _locked_place(actor, found.plot, found.plant)
    _settle(found, place, found.area, starts_on or timezone.localdate(), ends_on)
    found.state, found.requested_by, found.requested_at = ReservationState.REQUESTED, actor, timezone.now()
    save_reservation(found, "state", "extent", "area", "starts_on", "ends_on", "requested_by", "requested_at")
    tell_deciders(found)
    record(actor=actor, verb="site.claim", target=found, detail=detail_of(found))
    return found


@action("site.enter", gettext_lazy("登记既有用地"))
def enter_site(
    *,
    actor: Account,
    project: Project,
    starts_on: date,
    plot: Plot | None = None,
    plant: Plant | None = None,
    area: Decimal | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> Reservation:
    """Enter where a project stands already, from the day it got the place: landed without an end, locked with one.

    For those who keep the sites, so that the land of the years before the product is on the map too.
    """
    locked = locked_project(actor, project)
    if not access.can_keep_sites(actor):
        raise NotAllowed(_("既有用地由分管领导和系统管理员登记；请把要登记的内容告诉他们。"))
    place = _locked_place(actor, plot, plant)
    if starts_on > timezone.localdate():
        raise _wrong("starts_on", _("既有用地的开始日期不能晚于今天。"))
    if ends_on is not None and ends_on <= timezone.localdate():
        raise _wrong("ends_on", _("截止日期必须晚于今天；长期使用请留空。"))
    entered = Reservation(
        project=locked,
        requested_by=actor,
        reason=reason.strip()[:300],
        state=ReservationState.LOCKED if ends_on else ReservationState.LANDED,
    )
    _occupy(entered, place, area, starts_on, ends_on)
    entered.save()
    record(actor=actor, verb="site.enter", target=entered, reason=entered.reason, detail=detail_of(entered))
    return entered


def locked_reservation(actor: Account, reservation: Reservation) -> Reservation:
    """The reservation's row with project and place, locked. Raises NotFound when it is not the actor's to see."""
    row = (
        access.reservations_visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("project", "plot", "plant", "requested_by")
        .filter(pk=reservation.pk)
        .first()
    )
    if row is None:
        raise NotFound(_("没有这条预留，或者您看不到它。"))
    return row


def check_state(reservation: Reservation, *allowed: str) -> None:
    """Raises Conflict saying where the reservation stands when that is not one of `allowed`."""
    if reservation.state not in allowed:
        raise Conflict(
            _("%(site)s 的这条预留现在是“%(state)s”，不能这样处理；请刷新后再看。")
            % {"site": reservation.site, "state": reservation.get_state_display()}
        )


def save_reservation(reservation: Reservation, *fields: str) -> None:
    """Save the named fields of a locked reservation as its next version."""
    reservation.version += 1
    reservation.save(update_fields=[*fields, "version"])


def check_period(starts_on: date, ends_on: date, longest: timedelta = LONGEST) -> None:
    """Raises Refused for a period that has begun, runs backwards, or is longer than a place may be kept."""
    if starts_on < timezone.localdate():
        raise _wrong("starts_on", _("开始日期不能早于今天。"))
    if ends_on <= starts_on:
        raise _wrong("ends_on", _("截止日期必须晚于开始日期。"))
    if ends_on > starts_on + longest:
        raise _wrong(
            "ends_on",
            _("一次最多预留 %(days)s 天，即到 %(day)s；到期前可说明理由申请延期。")
            % {"days": longest.days, "day": starts_on + longest},
        )


def detail_of(reservation: Reservation) -> dict[str, Any]:
    """What the audit trail keeps of a reservation."""
    return {
        "project": reservation.project.code,
        "site": str(reservation.site),
        "area": f"{reservation.area:f}",
        "from": str(reservation.starts_on),
        "until": str(reservation.ends_on or ""),
        "state": str(reservation.state),
    }


def _ready(actor: Account, project: Project) -> Project:
    locked = locked_project(actor, project)
    permit_change(actor, locked)
    if locked.status != Status.ACTIVE:
        raise Refused(
            _("项目%(status)s，不能申请用地；请先恢复项目。") % {"status": locked.get_status_display()}
        )
    return locked


def _locked_place(actor: Account, plot: Plot | None, plant: Plant | None) -> Plot | Plant:
    """The place, locked, so that two who ask at once are answered one after the other."""
    if (plot is None) == (plant is None):
        raise Refused(_("请选择一个地块或一处厂房。"), fields={"site": _("请选择一个地块或一处厂房。")})
    found: Plot | Plant | None
    if plot is not None:
        found = access.plots_visible_to(actor).select_for_update().filter(pk=plot.pk).first()
    else:
        found = access.plants_visible_to(actor).select_for_update().filter(pk=plant.pk).first()  # type: ignore[union-attr]
    if found is None:
        raise NotFound(_("没有这个地块或厂房，可能已被移走；请返回列表。"))
    return found


def _settle(
    reservation: Reservation, place: Plot | Plant, area: Decimal | None, starts_on: date, ends_on: date
) -> None:
    """Give the reservation its place, its part of it and its period; the place is locked."""
    if place.status != SiteStatus.OPEN:
        raise Refused(
            _("%(site)s 现在是“%(status)s”，不能预留；请另选一处。")
            % {"site": place, "status": place.get_status_display()},
            fields={"site": _("这一处现在不能预留。")},
        )
    check_period(starts_on, ends_on)
    _occupy(reservation, place, area, starts_on, ends_on)


def _occupy(
    reservation: Reservation,
    place: Plot | Plant,
    area: Decimal | None,
    starts_on: date,
    ends_on: date | None,
) -> None:
    """Put the reservation where it fits. Raises Conflict when the place is taken in that time."""
    whole = place.area if area is None or isinstance(place, Plant) else area
    _check_area(place, whole)
    held = list(
        place.reservations.filter(state__in=LIVE)
        .filter(Q(starts_on__lt=ends_on) if ends_on else Q())
        .exclude(ends_on__lte=starts_on)
        .exclude(pk=reservation.pk)
        .select_related("project")
        .order_by("ends_on")
    )
    for name, value in place_of(place).items():
        setattr(reservation, name, value)
    reservation.area, reservation.starts_on, reservation.ends_on = whole, starts_on, ends_on
    if isinstance(place, Plant):
        if held:
            raise taken(place, held)
        return
    at = gap([(each.extent.lower, each.extent.upper) for each in held if each.extent], place.area, whole)
    if at is None:
        raise taken(place, held)
    reservation.extent = NumericRange(at, at + whole, "[)")


def gap(taken_parts: Sequence[tuple[Decimal, Decimal]], size: Decimal, wanted: Decimal) -> Decimal | None:
    """Where a strip of the wanted width fits between the parts that are taken; None when it fits nowhere."""
    here = Decimal(0)
    for start, end in sorted(taken_parts):
        if start - here >= wanted:
            return here
        here = max(here, end)
    return here if size - here >= wanted else None


def taken(place: Plot | Plant, held: Sequence[Reservation]) -> Conflict:
    """What somebody is told who comes second: how long, and what to do; not for whom."""
    last = place.reservations.filter(pk__in=[each.pk for each in held]).aggregate(day=Max("ends_on"))["day"]
    forever = any(each.ends_on is None for each in held)
    until = _("长期") if forever else _("至 %(day)s") % {"day": last}
    sentence = _(
        "%(site)s 在所选期间已为其他项目预留（%(until)s），没有重复承诺。请改选面积、期间或另一处，或登记候补，空出时会通知您。"
    ) % {"site": place, "until": until}
    return Conflict(sentence, fields={"site": sentence})


def _check_area(place: Plot | Plant, area: Decimal) -> None:
    if area <= 0:
        raise _wrong("area", _("面积必须大于 0。"))
    if area > place.area:
        raise _wrong(
            "area",
            _("%(site)s 共 %(whole)s，请按不超过它的面积填写。") % {"site": place, "whole": place.area},
        )


def _wrong(field: str, sentence: str) -> Refused:
    return Refused(sentence, fields={field: sentence})
