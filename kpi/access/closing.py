"""Who takes a year's official tables: one short function each."""

from staff.models import Account, Role


def can_take_books(actor: Account) -> bool:
    """HR, managers and auditors take official tables; each table says further who may."""
    return actor.is_role(Role.HR, Role.MANAGER, Role.AUDITOR)
