"""What a calculation returns: items, sheets (考核表), standings (名次) and award candidates (奖项候选)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Status = Literal["scored", "not_applicable", "undecided"]


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is assessed: `kind` is officer, task_force, stationed_team, …; `name` is only for sentences."""

    code: str
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure of an item for show: 签约 12 个 / 目标 14."""

    code: str
    title: str
    value: Decimal
    unit: str
    bands: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator of one subject.

    `raw` is the rule's result before the item's floor and cap, `exact` after them, `points` is `exact` as
    published (rounded). All three are None unless the status is `scored`. `target` and `timed_target` (the
    time-proportional part), `actual` and `progress` (actual ÷ target, uncapped) are those of the indicator's
    `progress` entry, in `unit`, and None without one. `undecided_reason` is a sentence, empty otherwise.
    """

    code: str
    title: str
    clause: str
    status: Status
    raw: Decimal | None
    exact: Decimal | None
    points: Decimal | None
    full_marks: Decimal | None
    actual: Decimal | None
    target: Decimal | None
    timed_target: Decimal | None
    progress: Decimal | None
    explanation: str
    unit: str = ""
    undecided_reason: str = ""
    report_only: bool = False
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The items of one subject. `total` is rounded, `exact_total` is ranked; undecided items are in neither.

    `lowest` and `highest` bound the total once the undecided items are decided; None: no bound.
    """

    subject: Subject
    items: tuple[Item, ...]
    total: Decimal
    exact_total: Decimal
    lowest: Decimal | None
    highest: Decimal | None

    @property
    def undecided(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.status == "undecided")

    def item(self, code: str) -> Item | None:
        return next((item for item in self.items if item.code == code), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """A place in a group, shared when tied (1, 2, 2, 4). `undecided`: its sheet has undecided items."""

    place: int
    sheet: Sheet
    key: tuple[Decimal, ...]
    tied: bool
    undecided: bool


@dataclass(frozen=True, slots=True)
class GateResult:
    """Whether a gate holds for a subject (None: undecided, with the reason), and what follows when it does."""

    code: str
    title: str
    holds: bool | None
    effect: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stands beside a subject's score. `eligible` None: a gate is undecided. `barred`: award codes, or "all".

    `grade` is empty when the scheme has none or it is undecided. `reasons` are sentences on the gates that hold or are open;
    `gates` are all gates that concern the subject.
    """

    subject: Subject
    eligible: bool | None
    barred: tuple[str, ...]
    grade: str
    cards: tuple[str, ...]
    reasons: tuple[str, ...]
    gates: tuple[GateResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody at an award's place. People decide on it; the engine only says who stands for it and why.

    `candidate`: all conditions hold. `passed_over`: the place fits, a condition does not (last, but the
    target is met). `undecided`: a figure that decides is missing. `reason` is a sentence with the figures.
    """

    award: str
    title: str
    subject: Subject
    place: int
    total: Decimal
    status: Literal["candidate", "passed_over", "undecided"]
    reason: str
    tied_with: tuple[str, ...] = ()
    warning: bool = False
