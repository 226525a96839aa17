"""The pay of a grade, and the share that depends on performance (考核薪酬占比): two thirds of the whole at target."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Monthly:
    """What a grade is paid a month, in 元: the base, and the performance pay of somebody who reaches the target."""

    base: Decimal
    performance: Decimal


def keeps_two_thirds(base: Decimal, performance: Decimal) -> bool:
    """Whether performance pay is at least two thirds of the whole; compared without dividing."""
    return 3 * performance >= 2 * (base + performance)


def performance_share(base: Decimal, performance: Decimal) -> Decimal | None:
    """Performance pay in percent of the whole, to one decimal; None where nothing is paid."""
    whole = base + performance
    return (performance * HUNDRED / whole).quantize(TENTH, ROUND_HALF_UP) if whole > 0 else None
