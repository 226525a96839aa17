"""Companies, projects, achievements with their evidence, first receptions, credit shares and the timeline."""

from projects.models.achievement import (
    INCIDENT_KINDS,
    MILESTONE_KINDS,
    MONEY_KINDS,
    Achievement,
    AchievementKind,
    Currency,
    IncidentReason,
    Recognition,
    WinLevel,
)
from projects.models.company import Company, Contact
from projects.models.credit import CreditRole, CreditShare, FirstReception
from projects.models.department import Department, DepartmentContact, ProjectSpecialist
from projects.models.project import (
    CapitalSource,
    Channel,
    Industry,
    Park,
    Project,
    ProjectClass,
    StageChange,
)
from projects.models.timeline import Document, FollowUp, FollowUpKind

__all__ = [
    "INCIDENT_KINDS",
    "MILESTONE_KINDS",
    "MONEY_KINDS",
    "Achievement",
    "AchievementKind",
    "CapitalSource",
    "Channel",
    "Company",
    "Contact",
    "CreditRole",
    "CreditShare",
    "Currency",
    "Department",
    "DepartmentContact",
    "Document",
    "FirstReception",
    "FollowUp",
    "FollowUpKind",
    "IncidentReason",
    "Industry",
    "Park",
    "Project",
    "ProjectClass",
    "ProjectSpecialist",
    "Recognition",
    "StageChange",
    "WinLevel",
]
