"""Who lends whose work to whom."""

from django.db.models import Q, QuerySet

from staff.models import Account, Delegation, Role

# What these may do can be lent; the doors that HR, auditors and administrators open cannot.
LENT_ROLES = (Role.OFFICER, Role.LEADER, Role.MANAGER)


def delegations_visible_to(actor: Account) -> QuerySet[Delegation]:
    """Both sides see theirs; managers, HR, auditors and administrators all, since they ask who decided in whose place."""
    if actor.is_role(Role.MANAGER, Role.HR, Role.AUDITOR, Role.ADMINISTRATOR):
        return Delegation.objects.all()
    return Delegation.objects.filter(Q(principal=actor.person_id) | Q(delegate=actor.person_id))


def can_delegate_for_others(actor: Account) -> bool:
    """HR and administrators enter it for who fell ill."""
    return actor.is_role(Role.HR, Role.ADMINISTRATOR)


def can_end_delegation(actor: Account, delegation: Delegation) -> bool:
    """Either side ends it, and who may enter it for others."""
    own = actor.person_id is not None and actor.person_id in (delegation.principal_id, delegation.delegate_id)
    return own or can_delegate_for_others(actor)
