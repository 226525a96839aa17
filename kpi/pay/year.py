"""The settlement of a year (年终结算): performance pay by the score, less what was paid for it before."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from promotion.money import CENT


@dataclass(frozen=True, slots=True)
class Settled:
    """In 元: what the score earned, and what is still to pay; below zero it is to be recovered."""

    earned: Decimal
    due: Decimal


def settle(target: Decimal, factor: Decimal, advanced: Decimal, settled: Decimal) -> Settled:
    """`target` is the year's performance pay at target; `advanced` was paid month by month, `settled` by earlier settlements."""
    earned = (target * factor).quantize(CENT, ROUND_HALF_UP)
    return Settled(earned, earned - advanced - settled)
