"""Who is told about a reservation: those who decide, those who asked, and those who wait."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.models import Plot, Project, Reservation, ReservationState
from promotion.actions import notify
from staff.access import in_force
from staff.models import Account, Role


def place_of(place: Any) -> dict[str, Any]:
    """The two columns of a reservation for a plot or a plant."""
    return {"plot": place, "plant": None} if isinstance(place, Plot) else {"plot": None, "plant": place}


def deciders(project: Project, asked_by: Account | None) -> list[Account]:
    """The managers, and whoever leads the project's team today, without the one who asked."""
    leaders = Q(person__in=project.team.appointments.filter(in_force(), is_leader=True).values("person")) & Q(
        role=Role.LEADER
    )
    found = Account.objects.filter(Q(role=Role.MANAGER) | leaders, is_active=True)
    return [one for one in found if asked_by is None or one.pk != asked_by.pk]


def keepers(reservation: Reservation) -> list[Account]:
    """Whoever asked, and the project's service specialist."""
    wanted = Q(pk=reservation.requested_by_id) | Q(person=reservation.project.owner_id)
    return list(Account.objects.filter(wanted, is_active=True))


def tell(recipients: Sequence[Account], text: str, reservation: Reservation) -> None:
    """A message after the transaction, leading to the reservation."""
    url = reverse("projects:reservation", args=[reservation.public_id])
    transaction.on_commit(lambda: notify(recipients=list(recipients), text=text, url=url))


def tell_deciders(reservation: Reservation) -> None:
    """Somebody has to decide."""
    text = _("%(project)s 申请预留 %(site)s，等待批准") % {
        "project": reservation.project,
        "site": reservation.site,
    }
    tell(deciders(reservation.project, reservation.requested_by), text, reservation)


def tell_waiting(place: Any) -> int:
    """Tell everybody in line, in order, that something has come free; gives how many were told."""
    line = (
        place.reservations.filter(state=ReservationState.WAITING)
        .select_related("project", "plot", "plant")
        .order_by("requested_at", "pk")
    )
    count = 0
    for count, waiting in enumerate(line, start=1):
        text = _("%(site)s 已空出，%(project)s 候补第 %(place)s 位；请尽快转为申请") % {
            "site": place,
            "project": waiting.project,
            "place": count,
        }
        tell(keepers(waiting), text, waiting)
    return count
