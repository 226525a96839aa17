"""Contracts of employment: who reads them, and who writes them."""

from django.db.models import QuerySet

from promotion.models import ImportBatch
from staff.access.roster import can_change_roster
from staff.models import Account, Contract, ContractState, Role

CONTRACT_IMPORT = "contracts"


def contracts_visible_to(actor: Account) -> QuerySet[Contract]:
    """HR, managers, auditors and administrators read all contracts, everybody else the own ones."""
    if actor.is_role(Role.HR, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR):
        return Contract.objects.all()
    return Contract.objects.filter(person__isnull=False, person=actor.person_id)


def can_keep_contracts(actor: Account) -> bool:
    """Who keeps the roster keeps the contracts."""
    return can_change_roster(actor)


def can_change_contract(actor: Account, contract: Contract) -> bool:
    """A draft is changed or dropped; what was signed stays as it was signed."""
    return can_keep_contracts(actor) and contract.state == ContractState.DRAFT


def contract_imports_visible_to(actor: Account) -> QuerySet[ImportBatch]:
    """Uploaded tables of contracts, for those who keep them."""
    batches = ImportBatch.objects.filter(kind=CONTRACT_IMPORT)
    return batches if can_keep_contracts(actor) else batches.none()
