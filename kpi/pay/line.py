"""What one line of a pay sheet says, as plain values: a month (月度) or the settlement of a year (年终结算)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Self

from kpi.pay.month import ZERO, Part

BASE, PERFORMANCE = "base", "performance"


@dataclass(frozen=True, slots=True)
class Arrears:
    """What an earlier month of the year was paid too little (or too much), because its posts or rules changed since."""

    month: int
    base: Decimal
    target: Decimal
    advance: Decimal

    @property
    def paid(self) -> Decimal:
        return self.base + self.advance

    def __bool__(self) -> bool:
        return any((self.base, self.target, self.advance))


@dataclass(frozen=True, slots=True)
class Correction:
    """An amount added by people with a reason; `kind` base or performance. No settlement takes it back."""

    key: str
    kind: str
    amount: Decimal
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Line:
    """What both kinds of line share."""

    corrections: tuple[Correction, ...] = ()

    def corrected(self, kind: str) -> Decimal:
        """The corrections of a kind together."""
        return sum((each.amount for each in self.corrections if each.kind == kind), ZERO)

    @property
    def base_paid(self) -> Decimal:
        """Base pay in this line."""
        return self.corrected(BASE)

    @property
    def performance_paid(self) -> Decimal:
        """Performance pay in this line."""
        return self.corrected(PERFORMANCE)

    @property
    def total(self) -> Decimal:
        """What is paid by this line; below zero it is recovered."""
        return self.base_paid + self.performance_paid

    def with_correction(self, correction: Correction) -> Self:
        return replace(self, corrections=(*self.corrections, correction))

    def without_correction(self, key: str) -> Self:
        return replace(self, corrections=tuple(each for each in self.corrections if each.key != key))


@dataclass(frozen=True, slots=True)
class MonthLine(Line):
    """A month: `base`, `target` and `advance` of the month itself, with its parts by grade, and arrears of earlier ones.

    `month_days` are the days the month has by the rule, `away_days` those that were not paid.
    """

    month_days: int = 0
    away_days: int = 0
    parts: tuple[Part, ...] = ()
    base: Decimal = ZERO
    target: Decimal = ZERO
    advance: Decimal = ZERO
    arrears: tuple[Arrears, ...] = ()

    @property
    def base_paid(self) -> Decimal:
        return self.base + sum((each.base for each in self.arrears), ZERO) + self.corrected(BASE)

    @property
    def advance_paid(self) -> Decimal:
        """What counts as paid in advance when the year is settled: without corrections."""
        return self.advance + sum((each.advance for each in self.arrears), ZERO)

    @property
    def target_held(self) -> Decimal:
        """Performance pay at target that this line says was held, arrears among it."""
        return self.target + sum((each.target for each in self.arrears), ZERO)

    @property
    def performance_paid(self) -> Decimal:
        return self.advance_paid + self.corrected(PERFORMANCE)


@dataclass(frozen=True, slots=True)
class YearLine(Line):
    """A settlement: the year's target, the score with its factor, what it earned, and what was paid before."""

    base: Decimal = ZERO
    target: Decimal = ZERO
    score: Decimal | None = None
    rank: int | None = None
    factor: Decimal = ZERO
    earned: Decimal = ZERO
    advanced: Decimal = ZERO
    settled: Decimal = ZERO
    due: Decimal = ZERO

    @property
    def performance_paid(self) -> Decimal:
        return self.due + self.corrected(PERFORMANCE)


#: Fields that are written as text and read as exact decimals; everything else is text or a whole number.
DECIMALS = ("base", "target", "advance", "score", "factor", "earned", "advanced", "settled", "due", "amount")


NESTED: dict[str, type[Any]] = {"parts": Part, "arrears": Arrears, "corrections": Correction}


def document_of(line: Line) -> dict[str, Any]:
    """The line as plain values that JSON holds without loss."""
    return _written(line)


def _written(one: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in one.__dataclass_fields__:
        value = getattr(one, name)
        if isinstance(value, tuple):
            found[name] = [_written(each) for each in value]
        else:
            found[name] = str(value) if isinstance(value, Decimal) else value
    return found


def line_of(document: dict[str, Any], *, is_settlement: bool) -> MonthLine | YearLine:
    """The line again."""
    return _read(document, YearLine if is_settlement else MonthLine)


def _read(document: dict[str, Any], kind: type[Any]) -> Any:
    values: dict[str, Any] = {}
    for name, value in document.items():
        if name in NESTED:
            values[name] = tuple(_read(each, NESTED[name]) for each in value)
        else:
            values[name] = Decimal(value) if name in DECIMALS and value is not None else value
    return kind(**values)
