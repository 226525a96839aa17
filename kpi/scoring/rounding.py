"""The one place that rounds, and the context in which every number of the engine is computed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import Literal

Mode = Literal["half_up", "half_even", "up", "down"]
When = Literal["total", "item"]

#: 50 digits: far beyond any published figure, so that a division never decides a rank.
CONTEXT = Context(prec=50, rounding=ROUND_HALF_EVEN)

#: For comparing only: wide enough that thirty digits after the point always fit.
WIDE = Context(prec=100, rounding=ROUND_HALF_EVEN)

MODES: Mapping[str, str] = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}


@dataclass(frozen=True, slots=True)
class Rounding:
    """How points are rounded (取舍): mode, digits after the point, and when.

    `when` is `total` (the default: only the sum is rounded, items are rounded for show) or `item` (each item
    is rounded and the total is the sum of the rounded items).
    """

    digits: int = 2
    mode: Mode = "half_up"
    when: When = "total"

    def apply(self, number: Decimal) -> Decimal:
        return rounded(number, self.digits, self.mode)


def total(numbers: Iterable[Decimal]) -> Decimal:
    """The sum with all digits of the engine's context; `sum` alone would round to Python's 28."""
    whole = Decimal(0)
    for number in numbers:
        whole = CONTEXT.add(whole, number)
    return whole


def settled(number: Decimal) -> Decimal:
    """The number as comparisons see it: the noise of repeating fractions beyond 30 digits after the point is gone.

    1/3 and 2/3 add up to 0.99…9 in decimals; a band that begins at 1 must still hold their sum.
    """
    if not number.is_finite() or int(number.as_tuple().exponent) >= -30:
        return number
    return number.quantize(Decimal(1).scaleb(-30), rounding=ROUND_HALF_EVEN, context=WIDE)


def rounded(number: Decimal, digits: int, mode: Mode = "half_up") -> Decimal:
    """`number` with `digits` digits after the point."""
    return settled(number).quantize(Decimal(1).scaleb(-digits), rounding=MODES[mode], context=CONTEXT)


def plain(number: Decimal) -> str:
    """The number without exponent and without trailing zeros: 0.50 → 0.5, 1E+2 → 100, -0 → 0."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text
