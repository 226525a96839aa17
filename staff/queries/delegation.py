"""What is read of work lent during an absence."""

from django.db.models import QuerySet
from django.utils import timezone

from staff.access.delegation import LENT_ROLES, delegations_visible_to
from staff.models import Account, Delegation


def delegation_in_force(delegate: Account, public_id: str) -> Delegation | None:
    """The delegation to this account if it holds today and the principal's log-in is open with a role that can be lent."""
    today = timezone.localdate()
    rows = Delegation.objects.select_related("principal__account", "delegate")
    return rows.filter(
        public_id=public_id,
        delegate=delegate.person_id,
        starts_on__lte=today,
        ends_on__gt=today,
        principal__account__is_active=True,
        principal__account__role__in=LENT_ROLES,
    ).first()


def delegations_of(actor: Account) -> QuerySet[Delegation]:
    """Those of the account's person, given and received, the latest first."""
    rows = delegations_visible_to(actor)
    return rows.select_related("principal", "delegate", "made_by", "ended_by")


def delegates_of(accounts: list[Account]) -> list[tuple[Account, str]]:
    """Who stands in today for some of the accounts: each with the name of the absent one; without the accounts themselves."""
    today = timezone.localdate()
    rows = Delegation.objects.filter(
        principal__account__in=accounts,
        starts_on__lte=today,
        ends_on__gt=today,
        delegate__account__is_active=True,
    ).select_related("principal", "delegate__account")
    known = {account.pk for account in accounts}
    return [
        (row.delegate.account, row.principal.name) for row in rows if row.delegate.account.pk not in known
    ]
