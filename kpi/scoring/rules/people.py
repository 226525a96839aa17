"""What people decide and the rule only adds up (评议、酌定): ratings by panels, points chosen within a range."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpi.scoring.facts import Ballot
from kpi.scoring.rounding import plain
from kpi.scoring.rules.base import (
    CODE,
    NUMBER,
    POSITIVE,
    WORDS,
    Builder,
    Document,
    Inputs,
    RuleKind,
    Undecided,
    Uses,
    entry,
    many,
    number,
    optional_number,
)
from kpi.scoring.steps import Step, add, divide, known, multiply, percent

#: More marks than this are shown as their mean, not one by one.
SHOWN_MARKS = 12
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel (评议组): its weight, how many ballots it owes, and how many highest and lowest are dropped."""

    code: str
    title: str
    weight: Decimal
    expected: int | None
    drop_highest: int
    drop_lowest: int


@dataclass(frozen=True, slots=True)
class Rating:
    """评议打分: each panel's mean (trimmed), weighted, on a scale, into points.

    `missing` says what an absent ballot is: `undecided`, `skip` (the mean of those handed in), `zero`, or `spread`:
    as `skip`, and a panel without any ballot gives its weight to the others.
    """

    code: str
    title: str
    panels: tuple[Panel, ...]
    missing: str
    scale: Decimal
    points: Decimal

    def compute(self, inputs: Inputs) -> Step:
        ballots = inputs.ballots.get(self.code, ())
        if not ballots:
            raise Undecided(f"“{self.title}”还没有评分，本项无法计算；请评议后录入。")
        found: list[tuple[Panel, Step]] = []
        for panel in self.panels:
            step = self._mean(panel, [ballot for ballot in ballots if ballot.panel == panel.code])
            if step is not None:
                found.append((panel, step))
        if not found:
            raise Undecided(f"“{self.title}”还没有有效评分，本项无法计算。")
        mean = (
            add([multiply(step, percent(panel.weight)) for panel, step in found])
            if len(self.panels) > 1
            else found[0][1]
        )
        present = sum((panel.weight for panel, _ in found), ZERO)
        if len(found) < len(self.panels):
            mean = divide(mean, percent(present, "已评权重"))
        if self.points == self.scale:
            return mean
        return multiply(divide(mean, known(self.scale, "满分")), known(self.points))

    def _mean(self, panel: Panel, ballots: Sequence[Ballot]) -> Step | None:
        """The panel's mean; None when it has no ballot and its weight goes to the others."""
        owed = max((panel.expected or 0) - len(ballots), 0) + sum(ballot.mark is None for ballot in ballots)
        if owed and self.missing == "undecided":
            raise Undecided(f"“{self.title}”的{panel.title}还缺 {owed} 份评分，本项无法计算。")
        marks = sorted(ballot.mark for ballot in ballots if ballot.mark is not None)
        if any(not 0 <= mark <= self.scale for mark in marks):
            raise Undecided(
                f"“{self.title}”的{panel.title}有评分不在 0 至 {plain(self.scale)} 分之内；请核对。"
            )
        if self.missing == "zero":
            marks = [ZERO] * owed + marks
        kept = marks[panel.drop_lowest : len(marks) - panel.drop_highest]
        if kept:
            return _shown(kept, panel.title)
        if marks or self.missing != "spread":
            raise Undecided(f"“{self.title}”的{panel.title}有效评分不足，无法求平均。")
        return None

    def uses(self) -> Uses:
        return Uses(ratings=(self.code,))


def _shown(marks: Sequence[Decimal], title: str) -> Step:
    if len(marks) == 1:
        return known(marks[0], title)
    mean = divide(add([known(mark) for mark in marks]), known(Decimal(len(marks))))
    return mean if len(marks) <= SHOWN_MARKS else known(mean.value, f"{title}{len(marks)} 份平均")


@dataclass(frozen=True, slots=True)
class Chosen:
    """酌定分: points that a person chose between two numbers, with author and reason."""

    code: str
    title: str
    least: Decimal
    most: Decimal
    default: Decimal | None

    def compute(self, inputs: Inputs) -> Step:
        choice = inputs.choices.get(self.code)
        bounds = f"{plain(self.least)} 至 {plain(self.most)} 分"
        if choice is None and self.default is not None:
            return known(self.default, f"{self.title}未酌定，按")
        if choice is None:
            raise Undecided(f"“{self.title}”由人在 {bounds}之间酌定，尚未录入。")
        if not self.least <= choice.points <= self.most:
            raise Undecided(f"“{self.title}”酌定 {plain(choice.points)} 分，不在 {bounds}之内；请核对。")
        return known(choice.points, f"{self.title}（{choice.by}：{choice.reason}）")

    def uses(self) -> Uses:
        return Uses(choices=(self.code,))


def _panel(document: Document) -> Panel:
    return Panel(
        code=document["panel"],
        title=document.get("title", document["panel"]),
        weight=number(document.get("weight", 1)),
        expected=document.get("expected"),
        drop_highest=document.get("drop_highest", 0),
        drop_lowest=document.get("drop_lowest", 0),
    )


def _rating(document: Document, build: Builder) -> Rating:
    return Rating(
        code=document["rating"],
        title=document.get("title", document["rating"]),
        panels=tuple(_panel(panel) for panel in document["panels"]),
        missing=document["missing"],
        scale=number(document["scale"]),
        points=number(document["points"]),
    )


def _chosen(document: Document, build: Builder) -> Chosen:
    return Chosen(
        code=document["choice"],
        title=document.get("title", document["choice"]),
        least=number(document["from"]),
        most=number(document["to"]),
        default=optional_number(document.get("default")),
    )


COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
PANEL = entry(
    {
        "panel": CODE,
        "title": WORDS,
        "weight": POSITIVE,
        "expected": {"type": "integer", "minimum": 1},
        "drop_highest": COUNT,
        "drop_lowest": COUNT,
    },
    ("panel",),
)

KINDS = (
    RuleKind(
        "rating",
        "评议打分",
        {
            "rating": CODE,
            "title": WORDS,
            "panels": many(PANEL),
            "missing": {"enum": ["undecided", "skip", "zero", "spread"]},
            "scale": POSITIVE,
            "points": POSITIVE,
        },
        ("rating", "panels", "missing", "scale", "points"),
        _rating,
    ),
    RuleKind(
        "choice",
        "范围内酌定",
        {"choice": CODE, "title": WORDS, "from": NUMBER, "to": NUMBER, "default": NUMBER},
        ("choice", "from", "to"),
        _chosen,
    ),
)
