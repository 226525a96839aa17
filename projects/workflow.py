"""The pipeline: its stages, the table of moves, and what each gate asks for. Pure; no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """Where a project stands (阶段), in order."""

    LEAD = "lead", _("线索")
    NEGOTIATION = "negotiation", _("洽谈")
    ADMISSION = "admission", _("准入审查")
    SIGNED = "signed", _("签约")
    REGISTERED = "registered", _("注册登记")
    STARTED = "started", _("开工建设")
    COMPLETED = "completed", _("竣工")
    PRODUCED = "produced", _("投产")


class Status(TextChoices):
    """Whether a project is worked on (状态)."""

    ACTIVE = "active", _("在库")
    SUSPENDED = "suspended", _("暂缓")
    LOST = "lost", _("终止")


ORDER: tuple[Stage, ...] = tuple(Stage)

# What a move can ask for; the panel at the drop, the API and the bulk change ask for exactly these.
INVESTOR_CODE = "credit_code"
PLANNED_INVESTMENT = "planned_investment"
INDUSTRY = "industry"
ADMISSION_NOTE = "admission_note"
MILESTONE = "milestone"

# The classes of projects that 四个一 is asked of (重大, 重特大): one project, one team, one service plan, one specialist to the end.
KEY_CLASSES = ("major", "strategic")
TEAM = "team"
SERVICE_PLAN = "service_plan"
SPECIALIST = "specialist"


@dataclass(frozen=True)
class Gate:
    """What must be there before a project stands at `stage`.

    `fields` are asked for in the same step when they are missing. `key_needs` is what a key project has to have by then. `milestone` is the kind of achievement that must be
    reported in that step (date, amount, evidence); the move happens at once, the points only when it is recognised.
    """

    stage: Stage
    fields: tuple[str, ...] = ()
    milestone: str | None = None
    asks_amount: bool = False
    key_needs: tuple[str, ...] = ()


GATES: dict[Stage, Gate] = {
    Stage.LEAD: Gate(Stage.LEAD),
    Stage.NEGOTIATION: Gate(Stage.NEGOTIATION, fields=(INDUSTRY,)),
    Stage.ADMISSION: Gate(Stage.ADMISSION, fields=(INDUSTRY, PLANNED_INVESTMENT)),
    Stage.SIGNED: Gate(
        Stage.SIGNED,
        fields=(ADMISSION_NOTE,),
        milestone="signed",
        asks_amount=True,
        key_needs=(TEAM, SERVICE_PLAN, SPECIALIST),
    ),
    Stage.REGISTERED: Gate(
        Stage.REGISTERED, fields=(INVESTOR_CODE,), milestone="registered", asks_amount=True
    ),
    Stage.STARTED: Gate(Stage.STARTED, milestone="started"),
    Stage.COMPLETED: Gate(Stage.COMPLETED, milestone="completed"),
    Stage.PRODUCED: Gate(Stage.PRODUCED, milestone="produced"),
}


# After how many working days without verified progress a project counts as stalled (停滞) where no AgeingRule says otherwise
# (assumption: two working weeks for a lead, up to a year and a half for building); 投产 never stalls.
STALL_DAYS: dict[Stage, int] = {
    Stage.LEAD: 10,
    Stage.NEGOTIATION: 40,
    Stage.ADMISSION: 20,
    Stage.SIGNED: 60,
    Stage.REGISTERED: 80,
    Stage.STARTED: 360,
    Stage.COMPLETED: 120,
}


class Obstacle(Enum):
    """Why a project cannot move as asked; the action says it in a sentence."""

    NOT_ACTIVE = "not_active"
    UNKNOWN_STAGE = "unknown_stage"
    SAME_STAGE = "same_stage"
    SKIPS = "skips"
    HELD_BY_MILESTONE = "held_by_milestone"
    RETURNED = "returned"


def next_stage(stage: str) -> Stage | None:
    """The stage after this one, or None at the end."""
    position = ORDER.index(Stage(stage))
    return ORDER[position + 1] if position + 1 < len(ORDER) else None


def moves_from(stage: str) -> tuple[Stage, ...]:
    """The stages a project may be moved to: one step forward, or back among the stages that no fact holds.

    From 签约 on a stage follows from a milestone, so stepping back there means withdrawing or reversing the milestone.
    """
    here = ORDER.index(Stage(stage))
    free = ORDER.index(Stage.ADMISSION)
    back = tuple(s for s in ORDER[: min(here, free + 1)]) if here <= free else ()
    forward = next_stage(stage)
    return (*back, forward) if forward else back


def stage_of_milestone(kind: str) -> Stage | None:
    """The stage that a milestone brings a project to."""
    return next((gate.stage for gate in GATES.values() if gate.milestone == kind), None)


def stage_after_reversal(kind: str) -> Stage:
    """Where a project falls back to when the milestone of this kind is withdrawn or reversed."""
    stage = stage_of_milestone(kind)
    if stage is None:
        raise ValueError(kind)
    return ORDER[ORDER.index(stage) - 1]


def obstacle(stage: str, to: str, *, status: str = Status.ACTIVE, returned: bool = False) -> Obstacle | None:
    """What forbids the move, or None. `returned` says that the milestone of the present stage was sent back."""
    if status != Status.ACTIVE:
        return Obstacle.NOT_ACTIVE
    if to not in Stage.values:
        return Obstacle.UNKNOWN_STAGE
    if to == stage:
        return Obstacle.SAME_STAGE
    if to not in moves_from(stage):
        forward = ORDER.index(Stage(to)) > ORDER.index(Stage(stage))
        return Obstacle.SKIPS if forward else Obstacle.HELD_BY_MILESTONE
    return Obstacle.RETURNED if returned and to == next_stage(stage) else None


def missing_fields(to: str, present: Mapping[str, object]) -> tuple[str, ...]:
    """The fields that the gate of `to` asks for and that are not there yet, in the gate's order.

    Only a step forward asks; going back to a stage whose gate was passed finds everything there.
    """
    return tuple(name for name in GATES[Stage(to)].fields if present.get(name) in (None, ""))


def missing_needs(to: str, project_class: str, present: Mapping[str, bool]) -> tuple[str, ...]:
    """Which of the four a key project lacks at the gate of `to`; nothing for other classes."""
    if project_class not in KEY_CLASSES:
        return ()
    return tuple(name for name in GATES[Stage(to)].key_needs if not present.get(name))


def held_fields(stage: str) -> frozenset[str]:
    """The fields that the gates passed so far hold: once there, they can be changed but not emptied."""
    passed = ORDER[: ORDER.index(Stage(stage)) + 1]
    return frozenset(name for each in passed for name in GATES[each].fields)


def stages_from(stage: str) -> tuple[Stage, ...]:
    """This stage and all after it: what “reached” means."""
    return ORDER[ORDER.index(Stage(stage)) :]
