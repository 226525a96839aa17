"""What is due of team bonuses: the distributions that a person is asked to confirm."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.queries.bonus import waiting_shares
from projects.access import shown_names
from promotion.web.formats import number
from promotion.web.markup import address
from staff.models import Account
from staff.queries.due_item import DueItem

MOST = 50


def bonus_plans_due(actor: Account, until: date) -> list[DueItem]:
    """Own shares that wait for an answer (待确认分配方案): today, as nothing sets a last day for them."""
    today = timezone.localdate()
    if actor.person_id is None or until < today:
        return []
    shares = list(waiting_shares(actor.person_id).order_by("plan__proposed_at", "pk")[:MOST])
    names = shown_names(actor, [share.plan.bonus.project for share in shares]) if shares else {}
    return [
        DueItem(
            on=today,
            kind="bonus-plan",
            key=str(share.pk),
            title=_("待确认分配方案：%(project)s") % {"project": names[share.plan.bonus.project_id]},
            detail=_("团队奖励 %(amount)s 元") % {"amount": number(share.amount)},
            url=address("kpi:bonus", share.plan.bonus.public_id),
        )
        for share in shares
    ]
