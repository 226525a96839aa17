"""Protections that end soon, as things that are due to their holder."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.models import FirstReception
from projects.queries.protection import disputed, signed_with
from staff.models import Account
from staff.queries.due_item import DueItem


def protections_due(actor: Account, until: date) -> list[DueItem]:
    """The holder's own receptions that end up to the day, without what is signed or disputed."""
    if actor.person_id is None:
        return []
    rows = FirstReception.objects.filter(
        ~signed_with(), ~disputed(), person=actor.person_id, released_at=None, protected_until__lte=until
    )
    return [
        DueItem(
            on=held.protected_until,
            kind="protection",
            key=str(held.pk),
            title=_("保护期届满，取得可核实的进展"),
            detail=held.company.name,
            url=reverse("projects:company", args=[held.company.public_id]),
        )
        for held in rows.select_related("company").order_by("protected_until", "pk")
    ]
