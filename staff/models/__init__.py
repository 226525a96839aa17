"""Accounts, people, teams, grades and dated appointments."""

from staff.models.absence import Absence, AbsenceKind
from staff.models.account import Account, ApiToken, Role, key_hash
from staff.models.application import Application, ApplicationChoice, ApplicationState, RequirementClaim
from staff.models.body import BodyName
from staff.models.competition import Competition, CompetitionCriterion, CompetitionPost, CompetitionState
from staff.models.contract import Contract, ContractKind, ContractReminder, ContractState
from staff.models.delegation import Delegation
from staff.models.departure import Departure, DepartureKind, DepartureState
from staff.models.interview import Interview, InterviewSession, SessionJudge, SessionState
from staff.models.invitation import Invitation
from staff.models.panel import Panelist, Recusal
from staff.models.paper import StaffPaper
from staff.models.person import Identity, Person
from staff.models.placement import Objection, Placement
from staff.models.post import Appointment, Grade, GradeRequirement, PostKind
from staff.models.score_scan import ScoreScan
from staff.models.sealed import SealedOpening, SealedRecord, SealedSubject, SealingKey
from staff.models.sheet import Score, ScoreSheet, SheetSave, SheetState
from staff.models.skill import Expertise, LanguageLevel, PersonField, PersonLanguage, at_least
from staff.models.team import Team, TeamKind
from staff.models.team_past import TeamPast
from staff.models.training import (
    Course,
    CreditRequirement,
    Enrolment,
    EnrolmentState,
    TrainingCredit,
    TrainingField,
    TrainingPlanLine,
    TrainingSession,
    TrainingState,
)

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
    "Course",
    "CreditRequirement",
    "Delegation",
    "Departure",
    "DepartureKind",
    "DepartureState",
    "Enrolment",
    "EnrolmentState",
    "Expertise",
    "Grade",
    "GradeRequirement",
    "Identity",
    "Interview",
    "InterviewSession",
    "Invitation",
    "LanguageLevel",
    "Objection",
    "Panelist",
    "Person",
    "PersonField",
    "PersonLanguage",
    "Placement",
    "PostKind",
    "Recusal",
    "RequirementClaim",
    "Role",
    "Score",
    "ScoreScan",
    "ScoreSheet",
    "SealedOpening",
    "SealedRecord",
    "SealedSubject",
    "SealingKey",
    "SessionJudge",
    "SessionState",
    "SheetSave",
    "SheetState",
    "StaffPaper",
    "Team",
    "TeamKind",
    "TeamPast",
    "TrainingCredit",
    "TrainingField",
    "TrainingPlanLine",
    "TrainingSession",
    "TrainingState",
    "at_least",
    "key_hash",
]
