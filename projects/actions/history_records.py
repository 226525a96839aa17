"""What a past project consists of, as the import of history takes it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from projects.workflow import Stage, Status
from staff.models import Account, Person, Team


@dataclass(frozen=True)
class PastFile:
    """A paper in the file of an achievement."""

    title: str
    content: bytes
    content_type: str = "application/pdf"
    document_type: str = "other"


@dataclass(frozen=True)
class PastAchievement:
    """An achievement as it was reported and, perhaps, decided. Amounts in `currency`, recognised ones too; 新增就业 in people."""

    kind: str
    happened_on: date
    submitted_by: Account
    amount: Decimal | None = None
    currency: str = "CNY"
    exchange_rate: Decimal | None = None
    certificate: str = ""
    title: str = ""
    level: str = ""
    incident_reason: str = ""
    state: str = "recognised"
    decided_by: Account | None = None
    decided_on: date | None = None
    recognised_amount: Decimal | None = None
    people: int | None = None
    recognised_people: int | None = None
    decision_note: str = ""
    person: Person | None = None
    evidence: tuple[PastFile, ...] = ()


@dataclass(frozen=True)
class PastFollowUp:
    """An entry of the timeline."""

    kind: str
    happened_at: datetime
    text: str
    written_by: Account


@dataclass(frozen=True)
class PastCompany:
    """An investor; equal names are one company."""

    name: str
    country: str = "中国"
    region: str = ""
    credit_code: str = ""
    english_name: str = ""
    contact: tuple[str, str, str] | None = None
    is_demo: bool = False


@dataclass(frozen=True)
class PastProject:
    """A project with its whole past. `stages` are (stage, day) in order and begin with 线索."""

    name: str
    company: PastCompany
    owner: Person
    team: Team
    created_by: Account
    channel: str
    stages: tuple[tuple[Stage, date], ...]
    shares: tuple[tuple[Person, str, Decimal], ...]
    industry: str = ""
    capital_source: str = "domestic"
    project_class: str = "ordinary"
    park: str = ""
    planned_investment: Decimal | None = None
    admission_note: str = ""
    summary: str = ""
    channel_note: str = ""
    status: str = Status.ACTIVE
    status_reason: str = ""
    next_step: str = ""
    next_step_on: date | None = None
    achievements: tuple[PastAchievement, ...] = ()
    follow_ups: tuple[PastFollowUp, ...] = ()
    is_demo: bool = False
