"""Accounts, people, teams, grades and dated appointments."""

from staff.models.absence import Absence, AbsenceKind
from staff.models.account import Account, ApiToken, Role, key_hash
from staff.models.application import Application, ApplicationChoice, ApplicationState, RequirementClaim
from staff.models.body import BodyName
from staff.models.competition import Competition, CompetitionCriterion, CompetitionPost, CompetitionState
from staff.models.contract import Contract, ContractKind, ContractReminder, ContractState
from staff.models.delegation import Delegation
from staff.models.departure import Departure, DepartureKind, DepartureState
from staff.models.invitation import Invitation
from staff.models.paper import StaffPaper
from staff.models.person import Identity, Person
from staff.models.post import Appointment, Grade, GradeRequirement, PostKind
from staff.models.sealed import SealedOpening, SealedRecord, SealedSubject, SealingKey
from staff.models.skill import Expertise, LanguageLevel, PersonField, PersonLanguage, at_least
from staff.models.team import Team, TeamKind

__all__ = [
    "Absence",
    "AbsenceKind",
    "Account",
    "ApiToken",
    "Application",
    "ApplicationChoice",
    "ApplicationState",
    "Appointment",
    "BodyName",
    "Competition",
    "CompetitionCriterion",
    "CompetitionPost",
    "CompetitionState",
    "Contract",
    "ContractKind",
    "ContractReminder",
    "ContractState",
    "Delegation",
    "Departure",
    "DepartureKind",
    "DepartureState",
    "Expertise",
    "Grade",
    "GradeRequirement",
    "Identity",
    "Invitation",
    "LanguageLevel",
    "Person",
    "PersonField",
    "PersonLanguage",
    "PostKind",
    "RequirementClaim",
    "Role",
    "SealedOpening",
    "SealedRecord",
    "SealedSubject",
    "SealingKey",
    "StaffPaper",
    "Team",
    "TeamKind",
    "at_least",
    "key_hash",
]
