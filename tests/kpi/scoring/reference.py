"""The second evaluator: small, slow and obviously right. It reads the document itself and computes in fractions.

Nothing of `kpi.scoring` is used here: what both agree on was written twice.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import floor
from typing import Any

Document = Mapping[str, Any]
PARTS_OF_YEAR = {
    "Q": Fraction(1, 4),
    "H": Fraction(1, 2),
    "M": Fraction(1, 12),
}


class Open(Exception):
    """Undecided."""


class NoConcern(Exception):
    """Not applicable."""


@dataclass
class Someone:
    """One subject: measures by code (a number, or numbers per band), and what people and offices decided."""

    code: str
    measures: dict[str, Any]
    targets: dict[str, Fraction] = field(default_factory=dict)
    categories: list[tuple[str, Fraction]] = field(default_factory=list)
    ballots: dict[str, list[tuple[str, Fraction | None]]] = field(default_factory=dict)
    choices: dict[str, Fraction] = field(default_factory=dict)
    projects: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class World:
    """The group of one indicator, its computed measures, and the elapsed part of the year."""

    people: list[Someone]
    computed: dict[str, Document]
    elapsed: Fraction


def number(value: Any) -> Fraction:
    text = str(value)
    if text.endswith("%"):
        return Fraction(text[:-1]) / 100
    return Fraction(text[:-1]) / 1000 if text.endswith("‰") else Fraction(text)


def figure(code: str, who: Someone, world: World) -> Fraction:
    if code in who.measures:
        value = who.measures[code]
        return sum(value.values(), Fraction(0)) if isinstance(value, dict) else value
    if code in world.computed:
        return points(world.computed[code], who, world)
    raise Open


def goal(code: str, rule: Document, who: Someone, world: World) -> Fraction:
    timing = rule.get("timing", "annual")
    period = timing if timing not in {"annual", "elapsed"} else ""
    name = f"{code}@{period}" if period else code
    found = who.targets.get(f"{name}@stretch" if rule.get("level") == "stretch" else name)
    if not found or (timing == "elapsed" and not world.elapsed):
        raise Open
    return found * world.elapsed if timing == "elapsed" else found


def ratio(rule: Document, who: Someone, world: World) -> Fraction:
    """Also a plain amount, when nothing is divided."""
    names = [rule["of"]] if isinstance(rule["of"], str) else rule["of"]
    if "target" not in rule and "base" not in rule:
        value = figure(names[0], who, world)
    else:
        above = sum((figure(name, who, world) for name in names), Fraction(0))
        if "target" in rule:
            below = goal(rule["target"], rule, who, world)
        else:
            below = figure(rule["base"], who, world)
        if below == 0 or (rule.get("growth") and below < 0):
            raise Open
        value = (above - below if rule.get("growth") else above) / below
    return min(value, number(rule["cap_ratio"])) if "cap_ratio" in rule else value


def amount(rule: Document, who: Someone, world: World) -> Fraction:
    """What conditions and bands look up: a ratio cap only means something for a ratio."""
    if "target" in rule or "base" in rule:
        return ratio(rule, who, world)
    return figure(rule["of"] if isinstance(rule["of"], str) else rule["of"][0], who, world)


def inside(band: Document, value: Fraction) -> bool:
    above = "from" not in band or value > number(band["from"])
    above = above or (value == number(band["from"]) and band.get("includes_from", True))
    below = "to" not in band or value < number(band["to"])
    return above and (below or (value == number(band["to"]) and band.get("includes_to", False)))


def holds(condition: Document, who: Someone, world: World) -> bool:
    for key, decisive in (("any", True), ("all", False)):
        if key in condition:
            found = []
            for part in condition[key]:
                try:
                    found.append(holds(part, who, world))
                except Open:
                    found.append(None)
            if decisive in found:
                return decisive
            if None in found:
                raise Open
            return not decisive
    if "not" in condition:
        return not holds(condition["not"], who, world)
    left = points(condition["value"], who, world) if "value" in condition else amount(condition, who, world)
    than = condition["than"]
    right = points(than, who, world) if isinstance(than, Mapping) else number(than)
    return {
        "gte": left >= right,
        "gt": left > right,
        "lte": left <= right,
        "lt": left < right,
        "eq": left == right,
        "ne": left != right,
    }[condition["operator"]]


def steps(distance: Fraction, slope: Document) -> Fraction:
    count = distance / number(slope["step"])
    count = Fraction(floor(count)) if slope["steps"] == "whole" else count
    value = count * number(slope["points"])
    return min(value, number(slope["cap"])) if "cap" in slope else value


def each_of(terms: Sequence[Document], who: Someone, world: World) -> Fraction:
    whole = Fraction(0)
    for term in terms:
        count = figure(term["of"], who, world)
        if "beyond" in term:
            count = max(count - goal(term["beyond"], term, who, world), Fraction(0))
        if "at_most" in term:
            count = min(count, number(term["at_most"]))
        value = count * number(term["each"])
        whole += min(value, number(term["cap"])) if "cap" in term else value
    return whole


def held(value: Fraction, rule: Document, most: str = "cap", least: str = "floor") -> Fraction:
    if most in rule:
        value = min(value, number(rule[most]))
    return max(value, number(rule[least])) if least in rule else value


def everybody(rule: Document, who: Someone, world: World) -> dict[str, Fraction]:
    """What the part gives each member; the subject must be compared as its peers see it."""
    found, part = {}, rule["part"]
    own = points(part, who, world)
    for other in world.people:
        try:
            found[other.code] = points(part, other, world)
        except NoConcern:
            continue
        except Open:
            if rule.get("missing", "undecided") == "undecided":
                raise
    if found.get(who.code, own) != own:
        raise Open
    return found


def place(rule: Document, who: Someone, world: World) -> Fraction:
    own = points(rule["part"], who, world)
    others = list(everybody(rule, who, world).values())
    if len(others) < 2 and rule.get("alone", "undecided") == "undecided":
        raise Open
    if others.count(own) > 1 and rule.get("ties", "share") == "undecided":
        raise Open
    better = (other < own if rule.get("first") == "lowest" else other > own for other in others)
    return Fraction(1 + sum(better))


def points(rule: Document, who: Someone, world: World) -> Fraction:
    """The points of any rule. Raises Open or NoConcern."""
    found: Fraction = KINDS[rule["kind"]](rule, who, world)
    return found


def over_fulfilment(rule: Document, who: Someone, world: World) -> Fraction:
    done, full = ratio(rule, who, world), number(rule["points"])
    if done >= 1:
        return full + (steps(done - 1, rule["bonus"]) if done > 1 else 0)
    if rule["shortfall"] == "proportional":
        return done * full
    return Fraction(0) if rule["shortfall"] == "zero" else full - steps(1 - done, rule["shortfall"])


def piecewise(rule: Document, who: Someone, world: World) -> Fraction:
    done, extra = ratio(rule, who, world), Fraction(0)
    for segment in rule["segments"]:
        low = number(segment["from"]) if "from" in segment else None
        high = number(segment["to"]) if "to" in segment else None
        begin, end = min(Fraction(1), done), max(Fraction(1), done)
        begin = begin if low is None else max(begin, low)
        end = end if high is None else min(end, high)
        extra += max(end - begin, Fraction(0)) * 100 * number(segment["each"])
    return number(rule["points"]) + held(extra, rule, "bonus_cap", "bonus_floor")


def bands(rule: Document, who: Someone, world: World) -> Fraction:
    value = amount(rule, who, world)
    for band in rule["bands"]:
        if inside(band, value):
            if "if" not in band or holds(band["if"], who, world):
                return number(band["points"])
            if "otherwise" in band:
                return number(band["otherwise"])
            raise Open
    raise Open


def shortfalls(rule: Document, who: Someone, world: World) -> Fraction:
    lost = Fraction(0)
    for term in rule["terms"]:
        missing = goal(term["target"], term, who, world) - figure(term["of"], who, world)
        lost += missing * number(term["each"] if missing > 0 else term.get("surplus", 0))
    return number(rule["points"]) - (min(lost, number(rule["most"])) if "most" in rule else lost)


def events(rule: Document, who: Someone, world: World) -> Fraction:
    lost = each_of(rule["terms"], who, world)
    start = points(rule["part"], who, world) if "part" in rule else number(rule["points"])
    return start - (min(lost, number(rule["most"])) if "most" in rule else lost)


def per_step(rule: Document, who: Someone, world: World) -> Fraction:
    distance = amount(rule, who, world) - number(rule.get("from", 0))
    return Fraction(0) if distance < 0 and not rule.get("negative") else steps(distance, rule)


def brackets(rule: Document, who: Someone, world: World) -> Fraction:
    value = figure(rule["of"], who, world)
    if value < 0:
        raise Open
    whole = Fraction(0)
    for bracket in rule["brackets"]:
        low = number(bracket.get("from", 0))
        high = number(bracket["to"]) if "to" in bracket else None
        if rule["method"] == "marginal":
            top = value if high is None else min(value, high)
            whole += max(top - low, Fraction(0)) * number(bracket["rate"])
        elif value >= low and (high is None or value < high):
            whole += value * number(bracket["rate"])
    return held(whole, rule)


def weighted(rule: Document, who: Someone, world: World) -> Fraction:
    whole = present = Fraction(0)
    for part in rule["parts"]:
        try:
            whole += number(part["weight"]) * points(part["rule"], who, world)
            present += number(part["weight"])
        except NoConcern:
            continue
    if not present:
        raise NoConcern
    return whole / present if rule.get("missing") == "spread" else whole


def when(rule: Document, who: Someone, world: World) -> Fraction:
    if holds(rule["if"], who, world):
        return points(rule["part"], who, world)
    if "otherwise" not in rule:
        raise Open
    other = rule["otherwise"]
    return points(other, who, world) if isinstance(other, Mapping) else number(other)


def choose(rule: Document, who: Someone, world: World) -> Fraction:
    value = points(rule["value"], who, world)
    for case in rule["cases"]:
        if inside(case, value):
            return points(case["rule"], who, world)
    raise Open


def by_category(rule: Document, who: Someone, world: World) -> Fraction:
    if not who.categories:
        raise Open
    whole, concerned = Fraction(0), False
    for name, part in who.categories:
        try:
            alone = replace(who, categories=[(name, Fraction(1))])
            whole += part * points(rule["cases"].get(name) or rule["otherwise"], alone, world)
            concerned = True
        except NoConcern:
            continue
    if not concerned:
        raise NoConcern
    return whole


def per_project(rule: Document, who: Someone, world: World) -> Fraction:
    cards = []
    for measures in who.projects.values():
        alone = Someone(who.code, measures, who.targets, who.categories, who.ballots, who.choices)
        try:
            cards.append(held(points(rule["part"], alone, world), rule))
        except NoConcern:
            continue
    return sum(sorted(cards, reverse=True)[: rule.get("best")], Fraction(0))


def phases(rule: Document, who: Someone, world: World) -> Fraction:
    whole, released = points(rule["part"], who, world), Fraction(0)
    for phase in rule["phases"]:
        if holds(phase["if"], who, world):
            released += number(phase["share"])
        elif rule.get("in_order"):
            break
    return whole * released


def rating(rule: Document, who: Someone, world: World) -> Fraction:
    ballots = who.ballots.get(rule["rating"], [])
    if not ballots:
        raise Open
    whole = present = Fraction(0)
    for panel in rule["panels"]:
        own = [mark for name, mark in ballots if name == panel["panel"]]
        owed = max(panel.get("expected", 0) - len(own), 0) + own.count(None)
        marks = sorted(mark for mark in own if mark is not None)
        if owed and rule["missing"] == "undecided":
            raise Open
        if any(mark < 0 or mark > number(rule["scale"]) for mark in marks):
            raise Open
        marks = [Fraction(0)] * owed + marks if rule["missing"] == "zero" else marks
        kept = marks[panel.get("drop_lowest", 0) : len(marks) - panel.get("drop_highest", 0)]
        if not kept and (marks or rule["missing"] != "spread"):
            raise Open
        if kept:
            whole += number(panel.get("weight", 1)) * sum(kept, Fraction(0)) / len(kept)
            present += number(panel.get("weight", 1))
    if not present:
        raise Open
    return whole / present / number(rule["scale"]) * number(rule["points"])


def choice(rule: Document, who: Someone, world: World) -> Fraction:
    if rule["choice"] not in who.choices:
        if "default" in rule:
            return number(rule["default"])
        raise Open
    value = who.choices[rule["choice"]]
    if not number(rule["from"]) <= value <= number(rule["to"]):
        raise Open
    return value


def power(rule: Document, who: Someone, world: World) -> Fraction:
    own = points(rule["part"], who, world)
    values = everybody(rule, who, world).values()
    low, high = min(values), max(values)
    if low == high:
        raise Open
    part = (high - own if rule.get("first") == "lowest" else own - low) / (high - low)
    return part * (number(rule["top"]) - number(rule["bottom"])) + number(rule["bottom"])


def rank_bands(rule: Document, who: Someone, world: World) -> Fraction:
    own = place(rule, who, world)
    for band in rule["bands"]:
        if band["from"] <= own <= band["to"]:
            return number(band["points"])
    if "otherwise" in rule:
        return number(rule["otherwise"])
    raise Open


def rank_gain(rule: Document, who: Someone, world: World) -> Fraction:
    now, before = points(rule["place"], who, world), points(rule["previous"], who, world)
    gain = before - now
    if now < 1 or before < 1 or (gain < 0 and rule["fall"] == "undecided"):
        raise Open
    gain = Fraction(0) if gain < 0 and rule["fall"] == "zero" else gain
    return (gain if rule.get("per") == "place" else gain / before) * number(rule["points"])


def pool_share(rule: Document, who: Someone, world: World) -> Fraction:
    points(rule["part"], who, world)
    values = {code: max(value, Fraction(0)) for code, value in everybody(rule, who, world).items()}
    whole, unit = sum(values.values()), Fraction(1, 10 ** rule.get("digits", 2))
    if not whole:
        raise Open
    exact = {code: number(rule["pool"]) * value / whole for code, value in values.items()}
    shares = {code: floor(value / unit) * unit for code, value in exact.items()}
    if rule["remainder"] == "largest":
        left = floor((number(rule["pool"]) - sum(shares.values())) / unit)
        order = sorted(exact, key=lambda code: (shares[code] - exact[code], code))
        for code in order[:left]:
            shares[code] += unit
    return shares[who.code]


def rounded(value: Fraction, digits: int, mode: str = "half_up") -> Fraction:
    """To so many digits, away from zero where the mode says up."""
    size, sign = abs(value) * 10**digits, -1 if value < 0 else 1
    low = floor(size)
    rest = size - low
    up = {
        "down": False,
        "up": rest > 0,
        "half_up": rest >= Fraction(1, 2),
        "half_even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and low % 2 == 1),
    }[mode]
    return sign * Fraction(low + up, 10**digits)


def _all(rule: Document, who: Someone, world: World) -> list[Fraction]:
    return [points(part, who, world) for part in rule["parts"]]


def _difference(rule: Document, who: Someone, world: World) -> Fraction:
    first, *rest = _all(rule, who, world)
    return first - sum(rest, Fraction(0))


def _product(rule: Document, who: Someone, world: World) -> Fraction:
    found = Fraction(1)
    for part in _all(rule, who, world):
        found *= part
    return found


def _quotient(rule: Document, who: Someone, world: World) -> Fraction:
    below = points(rule["by"], who, world)
    if below == 0:
        raise Open
    return points(rule["part"], who, world) / below


def _sample(rule: Document, who: Someone, world: World) -> Fraction:
    below = figure(rule["sampled"], who, world)
    if below == 0:
        raise Open
    part = figure(rule["verified"], who, world) / below
    part = min(part, number(rule["cap_ratio"])) if "cap_ratio" in rule else part
    return figure(rule["reported"], who, world) * part


def _tiers(rule: Document, who: Someone, world: World) -> Fraction:
    figure(rule["of"], who, world)
    bands_of = who.measures[rule["of"]]
    return sum((bands_of.get(band, 0) * number(each) for band, each in rule["points"].items()), Fraction(0))


def _mean(rule: Document, who: Someone, world: World) -> Fraction:
    terms = (ratio(one, who, world) * number(one["weight"]) for one in rule["ratios"])
    return sum(terms, Fraction(0)) * number(rule["points"])


def _raise(error: Exception) -> Fraction:
    raise error


KINDS: dict[str, Any] = {
    "ratio_times_points": lambda r, s, w: ratio(r, s, w) * number(r["points"]),
    "mean_of_ratios_times_points": _mean,
    "rate_percent": lambda r, s, w: ratio(r, s, w) * 100,
    "over_fulfilment": over_fulfilment,
    "piecewise_marginal": piecewise,
    "per_step": per_step,
    "bands": bands,
    "count_times_points": lambda r, s, w: number(r.get("base", 0)) + each_of(r["terms"], s, w),
    "tiers": _tiers,
    "points_minus_per_shortfall": shortfalls,
    "points_minus_per_event": events,
    "brackets": brackets,
    "amount": amount,
    "target": lambda r, s, w: goal(r["target"], r, s, w),
    "fixed": lambda r, _s, _w: number(r["points"]),
    "sum": lambda r, s, w: sum(_all(r, s, w), Fraction(0)),
    "difference": _difference,
    "product": _product,
    "quotient": _quotient,
    "highest": lambda r, s, w: max(_all(r, s, w)),
    "lowest": lambda r, s, w: min(_all(r, s, w)),
    "weighted": weighted,
    "times": lambda r, s, w: points(r["part"], s, w) * number(r["factor"]),
    "limited": lambda r, s, w: held(points(r["part"], s, w), r),
    "rounded": lambda r, s, w: rounded(points(r["part"], s, w), r["digits"], r.get("mode", "half_up")),
    "sample": _sample,
    "when": when,
    "choose": choose,
    "by_category": by_category,
    "not_applicable": lambda _r, _s, _w: _raise(NoConcern()),
    "undecided": lambda _r, _s, _w: _raise(Open()),
    "per_project": per_project,
    "phases": phases,
    "rating": rating,
    "choice": choice,
    "power_coefficient": power,
    "rank": place,
    "rank_bands": rank_bands,
    "rank_gain": rank_gain,
    "pool_share": pool_share,
}


@dataclass
class Held:
    """One fact as the subject holds it."""

    on: str
    name: str
    project: str | None
    share: Fraction
    value: Fraction | None


def measured(measure: Document, facts: Sequence[Document], lines: Sequence[Document]) -> Fraction:
    """The value of a counted measure: `lines` are one subject's credits, `facts` all facts by id."""
    by_id = {fact["id"]: fact for fact in facts}
    shares: dict[str, Fraction] = defaultdict(Fraction)
    for line in lines:
        fact = by_id[line["fact"]]
        if fact["kind"] in measure["facts"] and line["role"] in measure.get("roles", [line["role"]]):
            shares[fact["id"]] += number(line["share"])
    held_facts = [_held(measure, by_id[name], share) for name, share in shares.items() if share]
    entries = [one for one in held_facts if _counts(measure, by_id[one.name], one)]
    entries.sort(key=lambda one: (one.on, one.name))
    if measure.get("once", "no") != "no" or measure["aggregate"] == "count_projects":
        entries = _one_of_each_project(measure, entries)
    if "at_most" in measure:
        entries = _first_of_each(measure["at_most"], entries)
    whole = Fraction(0)
    for one in entries:
        weight = one.share if measure.get("share", "points") == "points" else Fraction(1)
        whole += weight * ((one.value or 0) if measure["aggregate"] == "sum" else 1)
    return whole


def _held(measure: Document, fact: Document, share: Fraction) -> Held:
    part = Fraction(1) if measure.get("share") == "none" else share
    value = None if fact.get("amount") is None else number(fact["amount"]) / 10**8
    if value is not None and measure.get("share") == "amount":
        value *= part
    return Held(fact["on"], fact["id"], fact.get("project"), part, value)


def _counts(measure: Document, fact: Document, one: Held) -> bool:
    passes = all(_passes(condition, fact, one.value) for condition in measure.get("where", []))
    return (
        passes
        and _in_its_years(measure, fact["on"])
        and (measure["aggregate"] != "sum" or one.value is not None)
    )


def _in_its_years(measure: Document, on: str) -> bool:
    """The year 2026, or what lies before it as well where a filter names a day before it."""
    asks_back = any(
        one["attribute"] == "on" and one["value"] < "2026-01-01" for one in measure.get("where", [])
    )
    return "2026-01-01" <= on <= "2026-12-31" or (asks_back and on < "2026-01-01")


def _one_of_each_project(measure: Document, entries: list[Held]) -> list[Held]:
    if measure.get("once") == "highest":
        entries = sorted(entries, key=lambda one: (-(one.value or 0), one.on, one.name))
    kept: list[Held] = []
    for one in entries:
        if one.project is None or one.project not in [other.project for other in kept]:
            kept.append(one)
    return sorted(kept, key=lambda one: (one.on, one.name))


def _passes(condition: Document, fact: Document, value: Fraction | None) -> bool:
    if condition["attribute"] == "amount":
        found: Any = value
        wanted: Any = number(condition["value"])
    else:
        found = (
            fact["on"] if condition["attribute"] == "on" else fact["attributes"].get(condition["attribute"])
        )
        wanted = condition["value"]
    if found is None:
        return False
    match condition["operator"]:
        case "eq":
            return bool(found == wanted)
        case "ne":
            return bool(found != wanted)
        case "in":
            return found in wanted
        case "not_in":
            return found not in wanted
        case "gte":
            return bool(found >= wanted)
        case "gt":
            return bool(found > wanted)
        case "lte":
            return bool(found <= wanted)
    return bool(found < wanted)


def _first_of_each(limit: Document, entries: list[Held]) -> list[Held]:
    months = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[limit["each"]]
    taken: dict[tuple[str, int], int] = defaultdict(int)
    kept = []
    for one in entries:
        time = (one.on[:4], (int(one.on[5:7]) - 1) // months)
        taken[time] += 1
        if taken[time] <= limit["count"]:
            kept.append(one)
    return kept
