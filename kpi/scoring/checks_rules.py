"""Faults inside rules: weights, cases, brackets and places that leave a gap, contradict themselves or never apply."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kpi.scoring.checks_bands import band_ends
from kpi.scoring.entries import Path
from kpi.scoring.rounding import plain
from kpi.scoring.rules.base import number
from kpi.scoring.rules.counts import band as band_of
from kpi.scoring.scheme import Scheme

Found = Iterator[tuple[Path, str]]
Document = Mapping[str, Any]
ONE = Decimal(1)


def rules_in(value: Any, path: Path) -> Iterator[tuple[Document, Path]]:
    """Every rule at or below a value: a rule is a mapping with a `kind`."""
    if isinstance(value, Mapping):
        if isinstance(value.get("kind"), str):
            yield value, path
        for key, below in value.items():
            yield from rules_in(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from rules_in(below, (*path, index))


def weights_add_up(entries: Sequence[Document], path: Path) -> Found:
    total = sum((number(entry["weight"]) for entry in entries), Decimal(0))
    if total != ONE:
        yield path, f"权重合计为 {plain(total * 100)}%，应为 100%。"


def rule_faults(rule: Document, path: Path, scheme: Scheme) -> Found:
    """What is wrong with one rule by itself; the rules below it are asked on their own."""
    match rule["kind"]:
        case "weighted":
            yield from weights_add_up(rule["parts"], (*path, "parts"))
        case "rating":
            yield from _rating(rule, path)
        case "choose":
            cases = [replace(band_of(case), code=str(index)) for index, case in enumerate(rule["cases"])]
            yield from band_ends(cases, (*path, "cases"))
        case "by_category":
            yield from _by_category(rule, path, scheme)
        case "brackets":
            yield from _stretches(rule["brackets"], (*path, "brackets"))
        case "piecewise_marginal":
            yield from _stretches(rule["segments"], (*path, "segments"))
        case "phases":
            yield from _phases(rule, path)
        case "rank_bands":
            yield from _rank_bands(rule, path)
        case "per_project":
            yield from _per_project(rule, path)
        case _:
            yield from _limits(rule, path)


def _limits(rule: Document, path: Path) -> Found:
    """Two ends that have changed places."""
    ends = {
        "limited": ("floor", "cap"),
        "choice": ("from", "to"),
        "power_coefficient": ("bottom", "top"),
    }.get(rule["kind"])
    if ends and ends[0] in rule and ends[1] in rule:
        low, high = number(rule[ends[0]]), number(rule[ends[1]])
        if low > high or (low == high and rule["kind"] == "power_coefficient"):
            yield (*path, ends[0]), f"下限 {plain(low)} 不能大于上限 {plain(high)}，请核对。"


def _rating(rule: Document, path: Path) -> Found:
    panels = rule["panels"]
    if len(panels) > 1 or "weight" in panels[0]:
        yield from weights_add_up([{"weight": panel.get("weight", 0)} for panel in panels], (*path, "panels"))
    seen: set[str] = set()
    for index, panel in enumerate(panels):
        if panel["panel"] in seen:
            yield (*path, "panels", index, "panel"), f"评议组“{panel['panel']}”重复。"
        seen.add(panel["panel"])
        dropped = panel.get("drop_highest", 0) + panel.get("drop_lowest", 0)
        if "expected" in panel and dropped >= panel["expected"]:
            words = f"去掉 {dropped} 个极端分后，{panel['expected']} 份评分没有剩余。"
            yield (*path, "panels", index), words


def _by_category(rule: Document, path: Path, scheme: Scheme) -> Found:
    for name in rule["cases"]:
        if name not in scheme.categories:
            yield (*path, "cases", name), _no_category(name, scheme)
    missing = [title for name, title in scheme.categories.items() if name not in rule["cases"]]
    if missing and "otherwise" not in rule:
        words = "、".join(missing)
        yield (*path, "cases"), f"没有写类别“{words}”如何计分；不适用的请写 kind: not_applicable。"


def _no_category(name: str, scheme: Scheme) -> str:
    return f"没有类别“{name}”，categories 中有：{'、'.join(scheme.categories) or '（无）'}。"


def _stretches(entries: Sequence[Document], path: Path) -> Found:
    """Brackets and segments must follow each other without gap or overlap."""
    ends = [
        (
            number(entry["from"]) if "from" in entry else None,
            number(entry["to"]) if "to" in entry else None,
            index,
        )
        for index, entry in enumerate(entries)
    ]
    for low, high, index in ends:
        if low is not None and high is not None and low >= high:
            yield (*path, index), "起点不小于终点，这一段永远不起作用。"
    ordered = sorted(ends, key=lambda end: (end[0] is not None, end[0] or Decimal(0)))
    for (_, high, _), (low, _, index) in pairwise(ordered):
        if high is None or low is None or high > low:
            yield (*path, index), "与前一段重叠，同一数值会落在两段。"
        elif high < low:
            yield (*path, index), f"与前一段之间有空档（{plain(high)} 至 {plain(low)}）。"


def _phases(rule: Document, path: Path) -> Found:
    total = sum((number(phase["share"]) for phase in rule["phases"]), Decimal(0))
    if total > ONE:
        yield (*path, "phases"), f"各阶段比例合计 {plain(total * 100)}%，不能超过 100%。"


def _rank_bands(rule: Document, path: Path) -> Found:
    ordered = sorted(enumerate(rule["bands"]), key=lambda entry: int(entry[1]["from"]))
    for index, band in ordered:
        if band["from"] > band["to"]:
            yield (*path, "bands", index), "起始名次大于终止名次，这一段永远不会有人。"
    for (_, upper), (index, lower) in pairwise(ordered):
        if lower["from"] <= upper["to"]:
            yield (*path, "bands", index), "与前一段重叠，同一名次会落在两段。"
        elif lower["from"] > upper["to"] + 1:
            words = f"第 {upper['to'] + 1}—{lower['from'] - 1} 名不属于任何一段。"
            yield (*path, "bands", index), words


RELATIVE = {"power_coefficient", "rank", "rank_bands", "pool_share"}


def _per_project(rule: Document, path: Path) -> Found:
    """A card looks at one project: neither at other subjects nor, once more, at all projects."""
    for inner, place in rules_in(rule["part"], (*path, "part")):
        if inner["kind"] in RELATIVE:
            yield place, "单项目计分卡里不能写相对计分：请把相对计分写在计分卡外层。"
        elif inner["kind"] == "per_project":
            yield place, "单项目计分卡里不能再写单项目计分卡。"


def conditions_in(value: Any, path: Path) -> Iterator[tuple[Document, Path]]:
    """Every condition below a value: what stands under if, any, all or not."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            if key in {"if", "not"} and isinstance(below, Mapping):
                yield below, (*path, key)
            if key in {"any", "all"} and isinstance(below, list):
                yield from ((one, (*path, key, index)) for index, one in enumerate(below))
            yield from conditions_in(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from conditions_in(below, (*path, index))


def condition_faults(value: Any, path: Path, scheme: Scheme) -> Found:
    """Categories that conditions ask for and the scheme does not know."""
    for found, place in conditions_in(value, path):
        for index, name in enumerate(found.get("category", ())):
            if isinstance(name, str) and name not in scheme.categories:
                yield (*place, "category", index), _no_category(name, scheme)
