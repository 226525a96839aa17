"""Accounts, people, teams, grades and dated appointments."""

from staff.models.account import Account, ApiToken, Role, key_hash
from staff.models.body import BodyName
from staff.models.contract import Contract, ContractKind, ContractReminder, ContractState
from staff.models.invitation import Invitation
from staff.models.paper import StaffPaper
from staff.models.person import Identity, Person
from staff.models.post import Appointment, Grade, GradeRequirement
from staff.models.team import Team, TeamKind

__all__ = [
    "Account",
    "ApiToken",
    "Appointment",
    "BodyName",
    "Contract",
    "ContractKind",
    "ContractReminder",
    "ContractState",
    "Grade",
    "GradeRequirement",
    "Identity",
    "Invitation",
    "Person",
    "Role",
    "StaffPaper",
    "Team",
    "TeamKind",
    "key_hash",
]
