"""Faults between the parts of a scheme: sections, categories, lists, gates, grades, and references in a circle."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kpi.scoring.checks_rules import rules_in
from kpi.scoring.entries import Path
from kpi.scoring.rounding import plain
from kpi.scoring.scheme import Gate, Indicator, Scheme

Found = Iterator[tuple[Path, str]]
Document = Mapping[str, Any]


def measure_faults(document: Document, path: Path) -> Found:
    """A measure is counted, computed or reported: not two of them."""
    counting = [
        key for key in ("facts", "aggregate", "where", "bands", "period", "at_most") if key in document
    ]
    if "computed" in document and counting:
        yield (*path, "computed"), f"按公式计算的度量不能再写 {'、'.join(counting)}。"
    if "facts" not in document and ("period" in document or "at_most" in document):
        yield path, "写了 period 或 at_most，就要写清计哪些事实 facts。"
    for index, condition in enumerate(document.get("where", ())):
        place = (*path, "where", index)
        wanted, other = ("list", "value") if condition["operator"] == "on_list" else ("value", "list")
        if wanted not in condition:
            yield place, f"条件 {condition['operator']} 要写 {wanted}。"
        if other in condition:
            yield (*place, other), f"条件 {condition['operator']} 不能写 {other}。"


def item_faults(scheme: Scheme, indicator: Indicator, document: Document, path: Path) -> Found:
    """Section, weights by category, other items, and measures that refer to each other in a circle."""
    if indicator.section and indicator.section not in scheme.sections:
        yield (*path, "section"), f"没有分项“{indicator.section}”，请在 sections 中写明。"
    yield from _per_category(indicator.weights, scheme, (*path, "weight"), "权重")
    limit = indicator.cap.limit(indicator.full_marks)
    if limit is not None and indicator.floor is not None and indicator.floor > limit:
        yield (*path, "floor"), f"最低 {plain(indicator.floor)} 分高于封顶 {plain(limit)} 分，请核对。"
    codes = {one.code for one in scheme.indicators}
    for rule, place in rules_in(document, path):
        if rule["kind"] == "item" and rule["item"] not in codes:
            words = "总分（total）只能用在 gates 中。" if rule["item"] == "total" else ""
            yield (*place, "item"), f"没有代码为“{rule['item']}”的指标。{words}"
    graph = {
        code: [one for one in measure.computed.uses().measures if one in indicator.measures]
        for code, measure in indicator.measures.items()
        if measure.computed is not None
    }
    if circle := circle_in(graph):
        titles = "→".join(f"“{indicator.measures[code].title}”" for code in circle)
        yield (*path, "measures", circle[0]), f"度量互相引用，成了一个圈：{titles}。"


def _per_category(found: Mapping[str, Decimal], scheme: Scheme, path: Path, words: str) -> Found:
    """A number per category names every category, and no other."""
    if not found or "" in found:
        return
    for name in found:
        if name not in scheme.categories:
            known = "、".join(scheme.categories) or "（无）"
            yield (*path, name), f"没有类别“{name}”，categories 中有：{known}。"
    if missing := [title for name, title in scheme.categories.items() if name not in found]:
        yield path, f"没有写“{'”、“'.join(missing)}”的{words}；不适用的请写 0。"


def circle_in(graph: Mapping[str, list[str]]) -> list[str]:
    """A circle of references as the names along it, the first repeated at the end; empty when there is none."""
    done: set[str] = set()
    for start in graph:
        stack: list[tuple[str, int]] = [(start, 0)]
        trail: list[str] = [start]
        while stack:
            name, position = stack.pop()
            following = graph.get(name, [])
            if position >= len(following):
                done.add(name)
                trail.pop()
                continue
            stack.append((name, position + 1))
            after = following[position]
            if after in trail:
                return [*trail[trail.index(after) :], after]
            if after not in done and after in graph:
                stack.append((after, 0))
                trail.append(after)
    return []


def scheme_faults(scheme: Scheme, document: Document) -> Found:
    """Faults that concern the scheme as a whole."""
    graph = {one.code: [code for code in one.uses().items if code != "total"] for one in scheme.indicators}
    if circle := circle_in(graph):
        titles = {one.code: one.title for one in scheme.indicators}
        index = [one.code for one in scheme.indicators].index(circle[0])
        words = "→".join(f"“{titles.get(code, code)}”" for code in circle)
        yield ("indicators", index), f"指标互相引用，成了一个圈：{words}。"
    yield from _lists(document)
    yield from _grades(scheme, document)
    yield from _gates(scheme, document)
    yield from _targets(scheme)
    if scheme.exchange and scheme.exchange.rate == "fixed" and not scheme.exchange.fixed:
        yield ("exchange",), "汇率固定（fixed）时，请写明各币种的汇率 fixed。"


def _targets(scheme: Scheme) -> Found:
    for code, target in scheme.targets.items():
        yield from _per_category(target.default, scheme, ("targets", code, "default"), "目标")


def section_sums(scheme: Scheme) -> Found:
    """Sections add up to 100 %, and so do the weights inside each, for every category."""
    if not scheme.sections:
        return
    total = sum((section.weight for section in scheme.sections.values()), Decimal(0))
    if total != 1:
        yield ("sections",), f"各分项权重合计为 {plain(total * 100)}%，应为 100%。"
    inside: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in scheme.indicators:
        if indicator.section in scheme.sections:
            inside[indicator.section].append(indicator)
    for code, section in scheme.sections.items():
        if not inside[code]:
            yield ("sections", code), f"分项“{section.title}”下没有指标，永远不会得分。"
        for category in ["", *scheme.categories] if inside[code] else ():
            weights = [_inside(one, category) for one in inside[code]]
            by_category = any(set(one.weights) - {""} for one in inside[code])
            if sum(weights) != 1 and (bool(category) == by_category):
                words = f"（{scheme.categories[category]}）" if category else ""
                total = sum(weights, Decimal(0))
                yield (
                    ("sections", code),
                    f"分项“{section.title}”{words}内各指标权重合计 {plain(total * 100)}%，应为 100%。",
                )


def _inside(indicator: Indicator, category: str) -> Decimal:
    """The weight inside the section; an indicator without one has the whole of it."""
    if not indicator.weights:
        return Decimal(1)
    return indicator.weights.get(category, indicator.weights.get("", Decimal(0)))


def _lists(document: Document) -> Found:
    lists = document.get("lists", {})
    for code, named in lists.items():
        days: set[str] = set()
        for version, one in named["versions"].items():
            place: Path = ("lists", code, "versions", version, "from")
            try:
                date.fromisoformat(one["from"])
            except ValueError:
                yield place, f"“{one['from']}”不是存在的日期。"
            if one["from"] in days:
                yield place, f"名单“{named['title']}”有两版同日起用，无法确定用哪一版。"
            days.add(one["from"])
    for owner, place in _measures(document):
        for index, condition in enumerate(owner.get("where", ())):
            if condition["operator"] != "on_list" or "list" not in condition:
                continue
            where = (*place, "where", index)
            if condition["list"] not in lists:
                yield (*where, "list"), f"没有名单“{condition['list']}”，请在 lists 中写明。"
            elif "version" in condition and condition["version"] not in lists[condition["list"]]["versions"]:
                known = "、".join(lists[condition["list"]]["versions"])
                yield (*where, "version"), f"名单没有“{condition['version']}”版，已有：{known}。"


def _measures(document: Document) -> Iterator[tuple[Document, Path]]:
    for part in ("indicators", "gates"):
        for index, owner in enumerate(document.get(part, ())):
            for code, measure in owner.get("measures", {}).items():
                yield measure, (part, index, "measures", code)


def _grades(scheme: Scheme, document: Document) -> Found:
    titles: set[str] = set()
    for index, grade in enumerate(scheme.grades):
        place: Path = ("grades", index)
        if grade.title in titles:
            yield (*place, "title"), f"等次“{grade.title}”重复。"
        titles.add(grade.title)
        if grade.from_ is not None and grade.first is not None:
            yield place, "等次按总分（from）或按名次（first），只能写一个。"
        last = index == len(scheme.grades) - 1
        if grade.from_ is None and grade.first is None and not last:
            yield place, "不写条件的等次只能放在最后，否则后面的等次永远无人。"
    for (upper, lower), index in zip(pairwise(scheme.grades), range(1, len(scheme.grades)), strict=False):
        if upper.from_ is not None and lower.from_ is not None and lower.from_ >= upper.from_:
            yield ("grades", index, "from"), "等次从高到低写：这一档的起点不低于上一档，永远无人。"
        if upper.first is not None and lower.first is not None and lower.first <= upper.first:
            yield ("grades", index, "first"), "等次从高到低写：这一档的名次不大于上一档，永远无人。"


def _gates(scheme: Scheme, document: Document) -> Found:
    awards = {award.code for award in scheme.awards}
    grades = {grade.title for grade in scheme.grades}
    indicators = {one.code for one in scheme.indicators}
    known = {*scheme.groups, *(kind for group in scheme.groups.values() for kind in group.subjects)}
    for index, gate in enumerate(scheme.gates):
        path: Path = ("gates", index)
        raw = document["gates"][index]
        if gate.code in indicators:
            yield (*path, "code"), f"门槛代码“{gate.code}”与指标代码重复。"
        for position, code in enumerate(gate.bars):
            if code != "all" and code not in awards:
                yield (*path, "bars", position), f"没有代码为“{code}”的奖项。"
        for position, name in enumerate(gate.applies_to):
            if name not in known:
                yield (*path, "applies_to", position), f"没有分组或对象类别“{name}”。"
        yield from _effects(gate, grades, path)
        for rule, place in rules_in(raw, path):
            if rule["kind"] == "item" and rule["item"] not in {*indicators, "total"}:
                yield (*place, "item"), f"没有代码为“{rule['item']}”的指标。"


def _effects(gate: Gate, grades: set[str], path: Path) -> Found:
    """A gate has an effect, and one on grades needs the grade it names."""
    if gate.move and not grades:
        yield (*path, "grade"), "要调整等次，须先写等次 grades。"
    elif gate.move and gate.move[0] in {"at_most", "at_least", "set"} and gate.move[1] not in grades:
        yield (*path, "grade"), f"没有等次“{gate.move[1]}”。"
    if not (gate.bars or gate.card or gate.move):
        yield path, "这个门槛没有写后果：请写 bars、card 或 grade。"
