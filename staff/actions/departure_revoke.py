"""Somebody stays after all: leaving is taken back before its day, and what it ended goes on."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import Refused
from staff.actions.contract import locked_person
from staff.actions.departure import locked_departure
from staff.actions.departure_undo import put_back
from staff.models import Account, Departure, DepartureState, Role


@action("departure.revoke", gettext_lazy("撤回离职"))
def revoke_departure(*, actor: Account, departure: Departure, reason: str) -> Departure:
    """Take a departure back until its day has come: posts, contracts, days away and lent work are as they were before.

    Raises Refused once the log-in was closed or without a reason, Conflict when something of it was changed since.
    """
    found = locked_departure(actor, departure)
    person = locked_person(actor, found.person)
    if found.state != DepartureState.OPEN:
        raise Refused(_("这份离职办理%(state)s。") % {"state": found.get_state_display()})
    if found.ends_on <= timezone.localdate() or found.account_closed_at is not None:
        raise Refused(_("最后在岗日（%(day)s）已过，不能撤回；请办返聘。") % {"day": found.last_day})
    if not reason.strip():
        raise Refused(_("请写明撤回的理由。"), fields={"reason": _("请写明撤回的理由。")})
    restored = put_back(found.undo)
    person.left_on = None
    person.save(update_fields=["left_on"])
    found.state, found.revoke_reason = DepartureState.REVOKED, reason.strip()[:200]
    found.finished_by, found.finished_at, found.undo = actor, timezone.now(), {}
    found.save(update_fields=["state", "revoke_reason", "finished_by", "finished_at", "undo"])
    detail = {"ends_on": str(found.ends_on), "restored": restored}
    record(actor=actor, verb="departure.revoke", target=person, reason=found.revoke_reason, detail=detail)
    told = Account.objects.filter(is_active=True, role=Role.MANAGER) | Account.objects.filter(
        is_active=True, person=person
    )
    text = _("%(name)s 的离职已撤回，任职和合同照旧。") % {"name": person.name}
    url = reverse("staff:person", args=[person.public_id])
    notify(recipients=list(told.exclude(pk=actor.pk).distinct()), text=text, url=url)
    return found
