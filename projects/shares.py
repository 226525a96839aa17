"""The arithmetic of credit shares: roles weigh in the project, members share a role; both exactly 100 %. Pure, exact decimals.

A settlement is given as the weight of each role and the members' shares within their roles. What a member gets of a project is
weight × share with four decimals, so the two together have two decimals at the most (whole weights and shares such as 33.33, or
the other way round): then nothing is ever rounded, and the parts of a fact sum to the whole.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Generic, TypeVar

WHOLE = Decimal(100)
STEP = Decimal("0.01")
FINE = Decimal("0.000000001")
PART = Decimal("0.0001")

M = TypeVar("M", bound=Hashable)


@dataclass(frozen=True)
class Line(Generic[M]):
    """A member's line of a settlement; `percent` is the part of the whole project."""

    member: M
    role: str
    weight: Decimal
    share: Decimal
    percent: Decimal


@dataclass(frozen=True)
class Fault:
    """What is wrong with a settlement: `what` names the rule, the rest says where."""

    what: str
    role: str = ""
    member: object = None
    value: Decimal = Decimal(0)


def usable(value: Decimal) -> bool:
    """Above 0, at most 100, with two decimals at the most."""
    return value.is_finite() and 0 < value <= WHOLE and value == value.quantize(STEP)


def fault_of(weights: Mapping[str, Decimal], members: Sequence[tuple[M, str, Decimal]]) -> Fault | None:
    """The first thing that is wrong with a settlement, or None when it may be kept."""
    if not members:
        return Fault("empty")
    pairs = [(member, role) for member, role, _share in members]
    if len(set(pairs)) != len(pairs):
        return Fault("twice")
    wrong = next((each for each in members if not usable(each[2])), None)
    if wrong is not None:
        return Fault("amount", wrong[1], wrong[0], wrong[2])
    taken = {role for _member, role, _share in members}
    odd = next((role for role, weight in weights.items() if not usable(weight)), None)
    if odd is not None:
        return Fault("weight", odd, value=weights[odd])
    idle = sorted(set(weights) - taken)
    if idle or taken - set(weights):
        return Fault("idle", idle[0]) if idle else Fault("weightless", min(taken - set(weights)))
    fine = next((each for each in members if not _exact(weights[each[1]] * each[2] / WHOLE)), None)
    if fine is not None:
        return Fault("fine", fine[1], fine[0], fine[2])
    for role in weights:
        total = sum((share for _member, own, share in members if own == role), Decimal(0))
        if total != WHOLE:
            return Fault("total", role, value=total)
    total = sum(weights.values(), Decimal(0))
    return None if total == WHOLE else Fault("weights", value=total)


def _exact(percent: Decimal) -> bool:
    return percent == percent.quantize(PART)


def lines_of(weights: Mapping[str, Decimal], members: Iterable[tuple[M, str, Decimal]]) -> list[Line[M]]:
    """The lines of a settlement, in the order given."""
    return [
        Line(member, role, weights[role], share, (weights[role] * share / WHOLE).quantize(PART))
        for member, role, share in members
    ]


def by_role(
    parts: Sequence[tuple[M, str, Decimal]], *, step: Decimal = FINE
) -> tuple[dict[str, Decimal], list[tuple[M, str, Decimal]]]:
    """Parts of the whole project as weights and shares within the roles; the shares of a role total exactly 100.

    A share is cut to `step`, and the missing steps go one each to the largest remainders. With nine decimals weight ×
    share, rounded to four, gives back the part that came in.
    """
    weights: dict[str, Decimal] = {}
    for _member, role, percent in parts:
        weights[role] = weights.get(role, Decimal(0)) + percent
    shares = [Decimal(0)] * len(parts)
    for role, weight in weights.items():
        own = [place for place, part in enumerate(parts) if part[1] == role]
        for place, share in zip(own, _divided([parts[place][2] for place in own], weight, step), strict=True):
            shares[place] = share
    return weights, [
        (member, role, share) for (member, role, _percent), share in zip(parts, shares, strict=True)
    ]


def _divided(parts: Sequence[Decimal], whole: Decimal, step: Decimal) -> list[Decimal]:
    exact = [part * WHOLE / whole for part in parts]
    cut = [value.quantize(step, ROUND_DOWN) for value in exact]
    missing = int((WHOLE - sum(cut, Decimal(0))) / step)
    turns = sorted(range(len(parts)), key=lambda place: (cut[place] - exact[place], place))
    for place in turns[:missing]:
        cut[place] += step
    return cut
