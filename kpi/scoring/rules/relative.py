"""Relative rules (相对计分): against the frozen peer group, after every member's own figures are known."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Literal

from kpi.scoring.rounding import CONTEXT, plain, settled, total
from kpi.scoring.rules.base import (
    NUMBER,
    POSITIVE,
    RULE,
    Builder,
    Document,
    Inputs,
    Rule,
    RuleKind,
    Undecided,
    Uses,
    entry,
    many,
    number,
)
from kpi.scoring.rules.values import DIGITS
from kpi.scoring.steps import Step, add, divide, known, look_up, multiply, subtract

Missing = Literal["undecided", "skip"]
ZERO = Decimal(0)


def peers_of(rule: Rule, own: Step, inputs: Inputs, missing: Missing) -> Mapping[str, Decimal]:
    """What the rule gives every member of the group, as exact as it was computed.

    Raises Undecided when a member's figure is missing and the scheme does not say to leave it out, and when the
    subject's own figure here is not the one its peers see (one of its categories of the year against all of theirs).
    """
    if inputs.peers is None:
        raise Undecided("没有同组数据，相对计分无法计算。")
    found = inputs.peers.values(rule)
    unknown = sum(value is None for value in found.values())
    if unknown and missing == "undecided":
        raise Undecided(f"同组有 {unknown} 个对象数据缺失，相对计分未定；请补录。")
    seen = found.get(inputs.subject)
    if seen is not None and settled(seen) != settled(own.value):
        raise Undecided("年内类别有变动，本对象与同组其他对象的数值口径不同，细则未规定如何比较。")
    return {code: value for code, value in found.items() if value is not None}


def place_of(own: Decimal, values: Mapping[str, Decimal], order: str) -> int:
    """One more than the number of better members; equal members share the place (1, 2, 2, 4)."""
    value = settled(own)
    others = [settled(other) for other in values.values()]
    return 1 + sum(other < value if order == "lowest" else other > value for other in others)


@dataclass(frozen=True, slots=True)
class PowerCoefficient:
    """功效系数法: (x − min) ÷ (max − min) × (top − bottom) + bottom; `lowest` first turns it round."""

    part: Rule
    bottom: Decimal
    top: Decimal
    order: str
    missing: Missing

    def compute(self, inputs: Inputs) -> Step:
        own = self.part.compute(inputs)
        values = peers_of(self.part, own, inputs, self.missing)
        least, most = min(values.values()), max(values.values())
        if settled(least) == settled(most):
            reason = "同组只有一个对象" if len(values) == 1 else "同组数值全部相同"
            raise Undecided(f"{reason}，最大值等于最小值，功效系数无意义；细则未规定如何计分。")
        low, high = known(least, "最小"), known(most, "最大")
        distance = subtract(high, [own]) if self.order == "lowest" else subtract(own, [low])
        part = divide(distance, subtract(high, [low]))
        scaled = multiply(part, known(self.top - self.bottom))
        return add([scaled, known(self.bottom)]) if self.bottom else scaled

    def uses(self) -> Uses:
        return self.part.uses() + Uses(relative=True)


@dataclass(frozen=True, slots=True)
class Rank:
    """名次: the place of the part's value in the group. `ties`: `share` a place, or `undecided`.

    `alone`: what a group of one means, its place 1 (`first`) or `undecided`.
    """

    part: Rule
    order: str
    ties: str
    alone: str
    missing: Missing

    def compute(self, inputs: Inputs) -> Step:
        own = self.part.compute(inputs)
        values = peers_of(self.part, own, inputs, self.missing)
        if len(values) < 2 and self.alone == "undecided":
            raise Undecided("同组只有一个对象，名次无意义；细则未规定如何计分。")
        tied = sum(settled(other) == settled(own.value) for other in values.values()) > 1
        if tied and self.ties == "undecided":
            raise Undecided("与同组其他对象数值相同，细则未规定并列如何计分。")
        place = place_of(own.value, values, self.order)
        return look_up(own, Decimal(place), f"{len(values)} 个对象中第" if not tied else "并列第")

    def uses(self) -> Uses:
        return self.part.uses() + Uses(relative=True)


@dataclass(frozen=True, slots=True)
class RankBands:
    """名次分档: points by place, such as 1—3 名 7 分; `last` counts from the end."""

    rank: Rank
    bands: tuple[tuple[int, int, Decimal], ...]
    otherwise: Decimal | None

    def compute(self, inputs: Inputs) -> Step:
        place = self.rank.compute(inputs)
        for first, last, points in self.bands:
            if first <= place.value <= last:
                words = f"第 {first} 名" if first == last else f"第 {first}—{last} 名"
                return look_up(place, points, f"{words}得")
        if self.otherwise is None:
            raise Undecided(f"第 {plain(place.value)} 名不在细则规定的任何名次段之内，细则未规定如何计分。")
        return look_up(place, self.otherwise, "其余名次得")

    def uses(self) -> Uses:
        return self.rank.uses()


@dataclass(frozen=True, slots=True)
class RankGain:
    """晋位得分: (previous place − place) ÷ previous place × points; a fall as the scheme says, or undecided."""

    place: Rule
    previous: Rule
    points: Decimal
    fall: str
    per: str

    def compute(self, inputs: Inputs) -> Step:
        now, before = self.place.compute(inputs), self.previous.compute(inputs)
        if settled(before.value) < 1 or settled(now.value) < 1:
            raise Undecided("名次应不小于 1；请核对录入的名次。")
        gain = subtract(before, [now])
        falls = settled(gain.value) < 0
        if falls and self.fall == "undecided":
            raise Undecided("名次下降，细则只规定了晋位如何得分。")
        if falls and self.fall == "zero":
            return multiply(gain, known(ZERO, "名次下降不得分"))
        part = divide(gain, before) if self.per == "previous" else gain
        return multiply(part, known(self.points))

    def uses(self) -> Uses:
        return self.place.uses() + self.previous.uses()


@dataclass(frozen=True, slots=True)
class PoolShare:
    """按分分配: the group's fixed pool shared by the part's values, exact to the last digit.

    Shares are cut to `digits`; what remains goes out in units of the last digit, `largest` remainder first
    (equal remainders: by code), or stays in the pool (`keep`). Negative values take nothing.
    """

    part: Rule
    pool: Decimal
    digits: int
    remainder: str
    missing: Missing

    def compute(self, inputs: Inputs) -> Step:
        own = self.part.compute(inputs)
        values = {
            code: max(value, ZERO) for code, value in peers_of(self.part, own, inputs, self.missing).items()
        }
        whole = total(values.values())
        if settled(whole) == 0:
            raise Undecided("同组积分合计为 0，奖金池无法分配；细则未规定此种情形。")
        share = shares_of(self.pool, values, self.digits, self.remainder)[inputs.subject]
        held = own if own.value >= 0 else known(ZERO, "积分为负按")
        formula = divide(multiply(known(self.pool, "奖金池"), held), known(whole, "同组合计"))
        return Step("whole", share, (formula,), f"取整 {plain(share)}")

    def uses(self) -> Uses:
        return self.part.uses() + Uses(relative=True)


def shares_of(
    pool: Decimal, values: Mapping[str, Decimal], digits: int, remainder: str
) -> dict[str, Decimal]:
    """The pool shared in proportion: cut to the unit, the remaining units to the largest remainders."""
    unit = Decimal(1).scaleb(-digits)
    whole = total(values.values())
    exact = {code: CONTEXT.divide(CONTEXT.multiply(pool, value), whole) for code, value in values.items()}
    shares = {code: _cut(share, unit) for code, share in exact.items()}
    if remainder == "largest":
        left = int(CONTEXT.divide(CONTEXT.subtract(pool, total(shares.values())), unit))
        rest = {code: settled(CONTEXT.subtract(share, shares[code])) for code, share in exact.items()}
        order = sorted(exact, key=lambda code: (-rest[code], code))
        for code in order[:left]:
            shares[code] = CONTEXT.add(shares[code], unit)
    return shares


def _cut(share: Decimal, unit: Decimal) -> Decimal:
    return settled(share).quantize(unit, rounding=ROUND_FLOOR, context=CONTEXT)


def _missing(document: Document) -> Missing:
    found: Missing = document.get("missing", "undecided")
    return found


def _power(document: Document, build: Builder) -> PowerCoefficient:
    return PowerCoefficient(
        part=build(document["part"]),
        bottom=number(document["bottom"]),
        top=number(document["top"]),
        order=document.get("first", "highest"),
        missing=_missing(document),
    )


def _rank(document: Document, build: Builder) -> Rank:
    return Rank(
        part=build(document["part"]),
        order=document.get("first", "highest"),
        ties=document.get("ties", "share"),
        alone=document.get("alone", "undecided"),
        missing=_missing(document),
    )


def _rank_bands(document: Document, build: Builder) -> RankBands:
    bands = tuple((band["from"], band["to"], number(band["points"])) for band in document["bands"])
    otherwise = document.get("otherwise")
    return RankBands(_rank(document, build), bands, None if otherwise is None else number(otherwise))


def _rank_gain(document: Document, build: Builder) -> RankGain:
    return RankGain(
        place=build(document["place"]),
        previous=build(document["previous"]),
        points=number(document["points"]),
        fall=document["fall"],
        per=document.get("per", "previous"),
    )


def _pool_share(document: Document, build: Builder) -> PoolShare:
    return PoolShare(
        part=build(document["part"]),
        pool=number(document["pool"]),
        digits=document.get("digits", 2),
        remainder=document["remainder"],
        missing=_missing(document),
    )


PLACE: dict[str, Any] = {"type": "integer", "minimum": 1}
GROUPED: dict[str, Any] = {
    "part": RULE,
    "first": {"enum": ["highest", "lowest"]},
    "missing": {"enum": ["undecided", "skip"]},
}
RANKED: dict[str, Any] = {
    **GROUPED,
    "ties": {"enum": ["share", "undecided"]},
    "alone": {"enum": ["undecided", "first"]},
}
RANK_BAND = entry({"from": PLACE, "to": PLACE, "points": NUMBER}, ("from", "to", "points"))

KINDS = (
    RuleKind(
        "power_coefficient",
        "功效系数",
        {**GROUPED, "bottom": NUMBER, "top": NUMBER},
        ("part", "bottom", "top"),
        _power,
    ),
    RuleKind("rank", "组内名次", RANKED, ("part",), _rank),
    RuleKind(
        "rank_bands",
        "名次分档得分",
        {**RANKED, "bands": many(RANK_BAND), "otherwise": NUMBER},
        ("part", "bands"),
        _rank_bands,
    ),
    RuleKind(
        "rank_gain",
        "晋位得分",
        {
            "place": RULE,
            "previous": RULE,
            "points": NUMBER,
            "fall": {"enum": ["undecided", "zero", "negative"]},
            "per": {"enum": ["previous", "place"]},
        },
        ("place", "previous", "points", "fall"),
        _rank_gain,
    ),
    RuleKind(
        "pool_share",
        "奖金池按分分配",
        {
            "part": RULE,
            "missing": GROUPED["missing"],
            "pool": POSITIVE,
            "digits": DIGITS,
            "remainder": {"enum": ["largest", "keep"]},
        },
        ("part", "pool", "remainder"),
        _pool_share,
    ),
)
