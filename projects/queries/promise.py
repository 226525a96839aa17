"""The promises of both sides: how each stands today, how many were kept, and what is due for a person."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import promises_visible_to
from projects.models import (
    Direction,
    FulfilmentState,
    Project,
    Promise,
    PromiseChange,
    PromiseFulfilment,
    PromiseState,
    Reservation,
    ReservationState,
    Unit,
)
from promotion.errors import NotFound
from promotion.money import WAN, YI
from promotion.web.formats import exact
from staff.models import Account
from staff.queries.due_item import DueItem

PENDING = (PromiseState.OPEN, PromiseState.PARTIAL)


class Standing(models.TextChoices):
    """How a promise stands today (履行状态): what is stored, with 逾期 and 变更 read off dates and changes."""

    OPEN = "open", gettext_lazy("待履行")
    CHANGED = "changed", gettext_lazy("变更")
    PARTIAL = "partial", gettext_lazy("部分履行")
    OVERDUE = "overdue", gettext_lazy("逾期")
    FULFILLED = "fulfilled", gettext_lazy("已履行")
    WAIVED = "waived", gettext_lazy("豁免")


TONES = {
    Standing.OPEN: "plain",
    Standing.CHANGED: "attention",
    Standing.PARTIAL: "accent",
    Standing.OVERDUE: "alarm",
    Standing.FULFILLED: "done",
    Standing.WAIVED: "plain",
}


def with_standing(promises: QuerySet[Promise], today: date | None = None) -> QuerySet[Promise]:
    """Adds `standing`, `done` (confirmed figures), `changed` and `waits` (a report awaits confirmation)."""
    on = today or timezone.localdate()
    reports = PromiseFulfilment.objects.filter(promise=OuterRef("pk"))
    done = (
        reports.filter(state=FulfilmentState.CONFIRMED)
        .order_by()
        .values("promise")
        .annotate(total=Sum("figure"))
        .values("total")
    )
    return promises.annotate(
        changed=Exists(PromiseChange.objects.filter(promise=OuterRef("pk"))),
        waits=Exists(reports.filter(state=FulfilmentState.SUBMITTED)),
        done=Coalesce(Subquery(done), Value(Decimal(0))),
    ).annotate(
        standing=Case(
            When(state=PromiseState.WAIVED, then=Value(Standing.WAIVED)),
            When(state=PromiseState.FULFILLED, then=Value(Standing.FULFILLED)),
            When(due_on__lt=on, then=Value(Standing.OVERDUE)),
            When(state=PromiseState.PARTIAL, then=Value(Standing.PARTIAL)),
            When(changed=True, then=Value(Standing.CHANGED)),
            default=Value(Standing.OPEN),
            output_field=models.CharField(),
        )
    )


def counted(today: date | None = None) -> Q:
    """What a rate of fulfilment is of: promises whose day has come or that are kept already; not those released from."""
    on = today or timezone.localdate()
    return Q(state=PromiseState.FULFILLED) | (Q(due_on__lt=on) & Q(state__in=PENDING))


def listed_promises(actor: Account) -> QuerySet[Any]:
    """The visible promises with how they stand."""
    return with_standing(promises_visible_to(actor)).select_related("project__team", "person", "department")


def visible_promise(actor: Account, public_id: str) -> Any:
    """One promise. Raises NotFound when its project is not the actor's to see."""
    found = (
        listed_promises(actor)
        .select_related("project__company", "created_by")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这条承诺，或者您看不到它。"))
    return found


def promises_of(actor: Account, project: Project) -> list[Any]:
    """The promises of a project, those of the company first, by their day."""
    return list(listed_promises(actor).filter(project=project).order_by("direction", "due_on", "pk"))


@dataclass(frozen=True)
class Rate:
    """How many of the promises that count were kept (兑现率)."""

    direction: str
    label: str
    total: int
    due: int
    kept: int
    overdue: int
    team: Any = None

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.kept) / self.due if self.due else None


def rates(found: QuerySet[Promise]) -> list[Rate]:
    """One rate a direction over the promises found, in one query."""
    rows = {row["direction"]: row for row in _tallied(found, "direction")}
    return [_rate(direction, rows.get(direction, {})) for direction in Direction]


def rates_by_team(found: QuerySet[Promise]) -> list[tuple[dict[str, Any], list[Rate]]]:
    """The rates of each team that has promises, in the order of the organisation; one query."""
    teams: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    fields = ("project__team__public_id", "project__team__name", "project__team__position", "direction")
    for row in _tallied(found, *fields).order_by("project__team__position", "project__team__name"):
        key = row["project__team__public_id"]
        team = {"public_id": key, "name": row["project__team__name"]}
        teams.setdefault(key, (team, {}))[1][row["direction"]] = row
    return [
        (team, [_rate(direction, rows.get(direction, {})) for direction in Direction])
        for team, rows in teams.values()
    ]


def _tallied(found: QuerySet[Promise], *fields: str) -> Any:
    overdue = Q(due_on__lt=timezone.localdate(), state__in=PENDING)
    return (
        found.order_by()
        .values(*fields)
        .annotate(
            total=Count("pk"),
            due=Count("pk", filter=counted()),
            kept=Count("pk", filter=Q(state=PromiseState.FULFILLED)),
            overdue=Count("pk", filter=overdue),
        )
    )


def _rate(direction: Direction, row: dict[str, Any]) -> Rate:
    return Rate(
        direction.value,
        str(direction.label),
        row.get("total", 0),
        row.get("due", 0),
        row.get("kept", 0),
        row.get("overdue", 0),
    )


def amount_words(figure: Decimal | None, unit: str) -> str:
    """A promised figure as a person reads it: 3.5 亿元, 1,200 人; empty without one."""
    if figure is None:
        return ""
    if unit == Unit.YUAN:
        return (
            _("%(amount)s 亿元") % {"amount": exact(figure / YI, 2)}
            if figure >= YI
            else _("%(amount)s 万元") % {"amount": exact(figure / WAN, 2)}
        )
    if unit == Unit.YUAN_PER_MU:
        return _("%(amount)s 万元/亩") % {"amount": exact(figure / WAN, 2)}
    return f"{exact(figure, 2)} {Unit(unit).label}"


def promises_due(actor: Account, until: date) -> list[DueItem]:
    """The promises that one answers for."""
    due = (
        promises_visible_to(actor)
        .filter(person=actor.person_id, state__in=PENDING, due_on__lte=until)
        .select_related("project")
    )
    return [
        DueItem(
            on=promise.due_on,
            kind="promise",
            key=str(promise.pk),
            title=_("%(direction)s到期：%(text)s")
            % {"direction": promise.get_direction_display(), "text": promise.text},
            detail=promise.project.name,
            url=reverse("projects:promise", args=[promise.public_id]),
        )
        for promise in due.order_by("due_on", "pk")
    ]


def reservations_due(actor: Account, until: date) -> list[DueItem]:
    """The places of one's own projects that run out."""
    ending = Reservation.objects.filter(
        project__owner=actor.person_id,
        state__in=(ReservationState.RESERVED, ReservationState.LOCKED),
        ends_on__lte=until,
    ).select_related("project", "plot", "plant")
    return [
        DueItem(
            on=reservation.ends_on,
            kind="reservation",
            key=str(reservation.pk),
            title=_("%(site)s 预留到期") % {"site": reservation.site},
            detail=reservation.project.name,
            url=reverse("projects:reservation", args=[reservation.public_id]),
        )
        for reservation in ending.order_by("ends_on", "pk")
        if reservation.ends_on
    ]


def visible_fulfilment(actor: Account, public_id: str) -> PromiseFulfilment:
    """One report of what was done. Raises NotFound when its project is not the actor's to see."""
    found = (
        PromiseFulfilment.objects.filter(promise__in=promises_visible_to(actor).values("pk"))
        .select_related("promise__project")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这份履行记录，或者您看不到它。"))
    return found
