"""What stands beside a subject's score, and how two calculations differ in it (评定的变化): grade, gates, cards, awards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kpi.scoring.results import Candidate, Outcome


@dataclass(frozen=True, slots=True)
class Beside:
    """A subject's grade, the gates that hold, the cards it is shown and the awards and notices it stands for, by title."""

    grade: str = ""
    gates: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    awards: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


NOTHING = Beside()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what was there and what is there now; empty where there is nothing."""

    kind: Literal["grade", "gate", "card", "award", "notice"]
    before: str
    after: str


def beside_of(outcomes: Iterable[Outcome], candidates: Iterable[Candidate]) -> dict[str, Beside]:
    """What stands beside each score, by subject; whoever a condition passes over does not stand for an award."""
    awards: dict[str, list[str]] = defaultdict(list)
    notices: dict[str, list[str]] = defaultdict(list)
    for one in candidates:
        if one.status != "passed_over":
            (notices if one.warning else awards)[one.subject.code].append(one.title)
    known = {one.subject.code: one for one in outcomes}
    return {
        code: _beside(known.get(code), awards.get(code, ()), notices.get(code, ()))
        for code in {*known, *awards, *notices}
    }


def _beside(outcome: Outcome | None, awards: Sequence[str], notices: Sequence[str]) -> Beside:
    if outcome is None:
        return Beside(awards=tuple(awards), notices=tuple(notices))
    return Beside(
        grade=outcome.grade,
        gates=tuple(gate.title for gate in outcome.gates if gate.holds),
        cards=outcome.cards,
        awards=tuple(awards),
        notices=tuple(notices),
    )


def changes(before: Beside, after: Beside) -> tuple[Change, ...]:
    """What differs, the grade first, then gates, cards, awards and notices; what goes before what comes."""
    found = [Change("grade", before.grade, after.grade)] if before.grade != after.grade else []
    for kind, old, new in (
        ("gate", before.gates, after.gates),
        ("card", before.cards, after.cards),
        ("award", before.awards, after.awards),
        ("notice", before.notices, after.notices),
    ):
        found += [Change(kind, title, "") for title in old if title not in new]  # type: ignore[arg-type]
        found += [Change(kind, "", title) for title in new if title not in old]  # type: ignore[arg-type]
    return tuple(found)


def changes_by_subject(
    before: Mapping[str, Beside], after: Mapping[str, Beside]
) -> dict[str, tuple[Change, ...]]:
    """The changes of every subject that has any."""
    found = {code: changes(before.get(code, NOTHING), after.get(code, NOTHING)) for code in {*before, *after}}
    return {code: one for code, one in found.items() if one}
