"""How many points a rule can give at least and at most, as far as its document alone tells (能得多少分)."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kpi.scoring.entries import Path
from kpi.scoring.rounding import plain
from kpi.scoring.rules.base import number
from kpi.scoring.scheme import Indicator

#: Least and most points; None where nothing holds them.
Reach = tuple[Decimal | None, Decimal | None]
Document = Mapping[str, Any]
ZERO = Decimal(0)
OPEN: Reach = (None, None)


def reach(rule: Document) -> Reach:
    """The reach of a rule. Measures are taken to be unbounded from below and above."""
    match rule["kind"]:
        case "fixed":
            return number(rule["points"]), number(rule["points"])
        case "bands":
            points = [number(band["points"]) for band in rule["bands"]]
            return _hull(
                [*points, *(number(one["otherwise"]) for one in rule["bands"] if "otherwise" in one)]
            )
        case "rank_bands":
            points = [number(band["points"]) for band in rule["bands"]]
            return _hull([*points, *([number(rule["otherwise"])] if "otherwise" in rule else [])])
        case "choice":
            return number(rule["from"]), number(rule["to"])
        case "power_coefficient":
            return number(rule["bottom"]), number(rule["top"])
        case "rating":
            return ZERO, number(rule["points"])
        case "pool_share":
            return ZERO, number(rule["pool"])
        case "tiers":
            points = [number(value) for value in rule["points"].values()]
            return (ZERO if min(points) >= 0 else None), (ZERO if max(points) <= 0 else None)
        case "limited":
            return _limited(rule, reach(rule["part"]))
    return _composed(rule)


def _composed(rule: Document) -> Reach:
    match rule["kind"]:
        case "sum":
            return _sum([reach(part) for part in rule["parts"]])
        case "weighted":
            return _sum([_times(reach(part["rule"]), number(part["weight"])) for part in rule["parts"]])
        case "highest":
            return _any([reach(part) for part in rule["parts"]])
        case "times":
            return _times(reach(rule["part"]), number(rule["factor"]))
        case "when" | "choose" | "by_category":
            return _any([reach(branch) for branch in _branches(rule)])
        case "points_minus_per_event" | "points_minus_per_shortfall":
            return _minus(rule)
        case "count_times_points":
            return _counted(rule)
        case "ratio_times_points":
            return _ratio(rule)
        case "per_step" if number(rule["points"]) > 0:
            return None if rule.get("negative") else ZERO, number(rule["cap"]) if "cap" in rule else None
    return OPEN


def _branches(rule: Document) -> list[Document]:
    """The rules one of which applies; a bare number is a fixed rule."""
    cases = rule.get("cases", [])
    found = [case["rule"] for case in cases] if isinstance(cases, list) else list(cases.values())
    found += [rule["part"]] if "part" in rule else []
    otherwise = rule.get("otherwise")
    if otherwise is not None:
        fixed = {"kind": "fixed", "points": otherwise}
        found.append(otherwise if isinstance(otherwise, Mapping) else fixed)
    return [one for one in found if one["kind"] not in {"not_applicable", "undecided"}]


def _ratio(rule: Document) -> Reach:
    points = number(rule["points"])
    if points == 0:
        return ZERO, ZERO
    return None, points * number(rule["cap_ratio"]) if "cap_ratio" in rule and points > 0 else None


def _counted(rule: Document) -> Reach:
    """Counts are never below 0; a term is bounded by its cap or by its most occurrences."""
    least: Decimal | None = number(rule.get("base", 0))
    most: Decimal | None = least
    for term in rule["terms"]:
        each = number(term["each"])
        if each < 0:
            least = None
        elif each > 0 and most is not None:
            limits = [number(term["cap"])] if "cap" in term else []
            limits += [number(term["at_most"]) * each] if "at_most" in term else []
            most = most + min(limits) if limits else None
    return least, most


def _minus(rule: Document) -> Reach:
    start = reach(rule["part"]) if "part" in rule else _hull([number(rule.get("points", 0))])
    if any(number(term.get("surplus", 0)) > 0 or number(term["each"]) < 0 for term in rule["terms"]):
        return None, None
    least = start[0] - number(rule["most"]) if start[0] is not None and "most" in rule else None
    return least, start[1]


def _limited(rule: Document, inner: Reach) -> Reach:
    low, high = inner
    if "cap" in rule:
        cap = number(rule["cap"])
        high = cap if high is None else min(high, cap)
        low = None if low is None else min(low, cap)
    if "floor" in rule:
        floor = number(rule["floor"])
        low = floor if low is None else max(low, floor)
        high = None if high is None else max(high, floor)
    return low, high


def _times(inner: Reach, factor: Decimal) -> Reach:
    if factor == 0:
        return ZERO, ZERO
    low, high = (None if end is None else end * factor for end in inner)
    return (low, high) if factor > 0 else (high, low)


def _hull(numbers: Sequence[Decimal]) -> Reach:
    return min(numbers), max(numbers)


def _any(parts: Sequence[Reach]) -> Reach:
    lows, highs = [low for low, _ in parts], [high for _, high in parts]
    low = None if None in lows or not lows else min(one for one in lows if one is not None)
    high = None if None in highs or not highs else max(one for one in highs if one is not None)
    return low, high


def _sum(parts: Sequence[Reach]) -> Reach:
    low: Decimal | None = ZERO
    high: Decimal | None = ZERO
    for below, above in parts:
        low = None if low is None or below is None else low + below
        high = None if high is None or above is None else high + above
    return low, high


def reach_doubts(indicator: Indicator, document: Document, path: Path) -> Iterator[tuple[Path, str]]:
    """An item that can never score, or whose rule gives more than its full marks."""
    low, high = reach(document["rule"])
    limit = indicator.cap.limit(indicator.full_marks)
    highest = limit if high is None else high if limit is None else min(high, limit)
    purely_deducting = low is None or low < 0
    if highest is not None and highest <= 0 and not purely_deducting and not document.get("bonus"):
        yield (*path, "rule"), f"“{indicator.title}”按这条规则永远得不到分，请核对。"
    full = indicator.full_marks
    given = _single(document["rule"]) if high is None else high
    if full is not None and given is not None and given > full:
        place: Path = (*path, "rule", "points") if "points" in document["rule"] else (*path, "rule")
        yield place, f"满分 {plain(full)} 分，规则却可得 {plain(given)} 分。"
    if full is not None and high is not None and 0 < high < full and document.get("cap") != "none":
        yield (*path, "full_marks"), f"满分 {plain(full)} 分，规则最多只能得 {plain(high)} 分。"


def _single(rule: Document) -> Decimal | None:
    """The points a rule gives at exactly its target, where it names them."""
    points = rule.get("points")
    if rule["kind"] in {"brackets", "rank_gain", "per_step"}:
        return None
    return None if points is None or isinstance(points, Mapping) else number(points)
