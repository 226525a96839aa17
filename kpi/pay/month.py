"""The pay of a month from the days on which grades were held, exact to the cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpi.pay.scale import HUNDRED, Monthly
from promotion.money import divided

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Spell:
    """So many paid days of the month in a grade."""

    grade: str
    days: int


@dataclass(frozen=True, slots=True)
class Part:
    """What a spell brings, in 元: base, and performance pay at target."""

    grade: str
    days: int
    base: Decimal
    target: Decimal


@dataclass(frozen=True, slots=True)
class MonthPay:
    """A month, in 元. `advance` is the part of `target` that is paid at once; the rest waits for the year's result."""

    parts: tuple[Part, ...]
    base: Decimal
    target: Decimal
    advance: Decimal


def month_pay(
    spells: Sequence[Spell], month_days: int, scale: Mapping[str, Monthly], advance_percent: Decimal
) -> MonthPay:
    """The pay of one person for a month of so many days.

    A whole month brings exactly what the scale says; part of one brings it by days. Raises ValueError for more days than the
    month has, KeyError for a grade that the scale does not pay.
    """
    if sum(spell.days for spell in spells) > month_days or any(spell.days < 0 for spell in spells):
        raise ValueError(f"{spells} do not fit into {month_days} days")
    held = [spell for spell in spells if spell.days]
    base = _by_days([scale[spell.grade].base for spell in held], held, month_days)
    target = _by_days([scale[spell.grade].performance for spell in held], held, month_days)
    parts = tuple(
        Part(spell.grade, spell.days, each, goal)
        for spell, each, goal in zip(held, base, target, strict=True)
    )
    whole = sum(target, ZERO)
    advance = divided(whole, [advance_percent, HUNDRED - advance_percent])[0]
    return MonthPay(parts, sum(base, ZERO), whole, advance)


def _by_days(amounts: Sequence[Decimal], spells: Sequence[Spell], month_days: int) -> list[Decimal]:
    """The part of each amount by its days. The total is rounded once, then divided, so that no cent comes or goes."""
    weights = [amount * spell.days for amount, spell in zip(amounts, spells, strict=True)]
    whole = sum(weights, ZERO)
    if not whole:
        return [ZERO for _each in spells]
    total = divided(whole, [Decimal(1), Decimal(month_days - 1)])[0] if month_days > 1 else whole
    return divided(total, weights)
