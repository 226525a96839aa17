"""The arithmetic of the team bonus (招引团队奖励): pool, shares, parts by phase. Pure: no database, no clock. Amounts in 元, to the cent.

Everything that is divided is divided by `promotion.money.divided`, so nothing is lost: the amounts of a plan total what it
divides, the parts of a share total its amount, and therefore the parts of all phases total the pool.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from promotion.money import CENT, divided

WHOLE = Decimal(100)
#: The finest step of a percentage that a team agrees on.
STEP = Decimal("0.01")
THOUSAND = Decimal(1000)


class Measure(StrEnum):
    """How a pool is found: a fixed amount, or so many per mille of the contract amount, up to a cap."""

    FIXED = "fixed"
    RATE = "rate"


@dataclass(frozen=True)
class Divided:
    """A member's part of a plan: percentage, amount, and what falls due in each phase of the plan."""

    percent: Decimal
    amount: Decimal
    parts: tuple[Decimal, ...]


def pool_of(
    measure: str, amount: Decimal | None, per_mille: Decimal | None, cap: Decimal | None, base: Decimal
) -> Decimal:
    """The pool by a standard for a contract of `base` 元; half a cent is rounded up. A fixed amount ignores the base."""
    if measure == Measure.FIXED:
        return (amount or Decimal(0)).quantize(CENT)
    found = (base * (per_mille or Decimal(0)) / THOUSAND).quantize(CENT, rounding=ROUND_HALF_UP)
    return found if cap is None else min(found, cap.quantize(CENT))


def suggested(shares: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Percentages in hundredths that total exactly 100, in the proportion of the shares of the credit; empty for no shares."""
    keys = sorted(key for key, share in shares.items() if share > 0)
    if not keys:
        return {}
    parts = divided(WHOLE, [shares[key] for key in keys], STEP)
    return {key: part for key, part in zip(keys, parts, strict=True) if part}


def plan(whole: Decimal, percents: Mapping[str, Decimal], phases: Sequence[Decimal]) -> dict[str, Divided]:
    """What each member gets of `whole`, and of that in each phase (weights of any total, in order).

    Members are divided in the order of their keys, whatever order they were written in. Raises ValueError for percentages
    that do not total 100, that are nothing, or that are finer than a hundredth.
    """
    keys = sorted(percents)
    if sum(percents.values()) != WHOLE or any(
        percent <= 0 or percent != percent.quantize(STEP) for percent in percents.values()
    ):
        raise ValueError(f"{percents} do not divide a whole")
    amounts = divided(whole, [percents[key] for key in keys])
    return {
        key: Divided(percents[key], amount, tuple(divided(amount, phases)))
        for key, amount in zip(keys, amounts, strict=True)
    }


def line_for(amount: Decimal, posted: Decimal, *, is_due: bool) -> Decimal:
    """What has to be posted so that a part of this amount is due, or not, when so much was posted already; 0 for nothing.

    The sum of what was posted is always the amount or nothing, so the answer is the amount, its opposite, or nothing.
    """
    return (amount if is_due else Decimal(0)) - posted
