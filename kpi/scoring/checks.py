"""Whether a well-formed scheme makes sense: names, bands without gap or overlap, weights, units, marks."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kpi.scoring.reading import Path, Reading, SchemeError
from kpi.scoring.rounding import plain
from kpi.scoring.rules.base import number
from kpi.scoring.rules.counts import band as band_of
from kpi.scoring.scheme import UNITS, Band, Indicator, Measure, Scheme

Found = Iterator[tuple[Path, str]]


def check(reading: Reading, scheme: Scheme) -> tuple[list[SchemeError], list[SchemeError]]:
    """The errors that refuse a scheme, and the warnings that do not."""
    errors: list[tuple[Path, str]] = [
        *_codes(reading.value),
        *_groups(scheme),
        *_awards(scheme, reading.value),
    ]
    warnings: list[tuple[Path, str]] = []
    for index, indicator in enumerate(scheme.indicators):
        path: Path = ("indicators", index)
        document = reading.value["indicators"][index]
        errors.extend(_indicator(scheme, indicator, document, path))
        warnings.extend(_doubts(indicator, document, path))
    errors.extend(_total_marks(scheme, reading.value))
    return [reading.error(*entry) for entry in errors], [reading.error(*entry) for entry in warnings]


def _codes(document: Mapping[str, Any]) -> Found:
    for name, words in (("indicators", "指标"), ("awards", "奖项")):
        entries = document.get(name, ())
        repeated = {code for code, times in Counter(entry["code"] for entry in entries).items() if times > 1}
        for index, entry in enumerate(entries):
            if entry["code"] in repeated:
                yield (name, index, "code"), f"{words}代码“{entry['code']}”重复，每个{words}的代码必须唯一。"


def _groups(scheme: Scheme) -> Found:
    owner: dict[str, str] = {}
    indicators = {indicator.code for indicator in scheme.indicators}
    for code, group in scheme.groups.items():
        for position, kind in enumerate(group.subjects):
            if kind in owner:
                message = f"“{kind}”已属于分组“{owner[kind]}”，同一类对象只能在一个分组内排名。"
                yield ("groups", code, "subjects", position), message
            owner.setdefault(kind, group.title)
        if group.rank_by != "total" and group.rank_by not in indicators:
            yield ("groups", code, "rank_by"), f"没有代码为“{group.rank_by}”的指标；按总分排名请写 total。"
        for position, breaker in enumerate(group.tie_breakers):
            if breaker not in indicators:
                yield ("groups", code, "tie_breakers", position), f"没有代码为“{breaker}”的指标。"


def _awards(scheme: Scheme, document: Mapping[str, Any]) -> Found:
    by_code = {indicator.code: indicator for indicator in scheme.indicators}
    for index, award in enumerate(scheme.awards):
        path: Path = ("awards", index)
        raw = document["awards"][index]
        if ("first" in raw) == ("last" in raw):
            yield path, "请写明取前几名（first）或末几名（last），两者写且只写一个。"
        if award.group not in scheme.groups:
            yield (*path, "group"), f"没有分组“{award.group}”。"
        for position, code in enumerate(award.condition.indicators if award.condition else ()):
            place = (*path, "if_target_missed", "indicators", position)
            if code not in by_code:
                yield place, f"没有代码为“{code}”的指标。"
            elif by_code[code].progress is None:
                yield place, f"指标“{by_code[code].title}”没有写 progress，无法判断是否完成任务。"


def _indicator(scheme: Scheme, indicator: Indicator, document: Mapping[str, Any], path: Path) -> Found:
    known = {*scheme.groups, *(kind for group in scheme.groups.values() for kind in group.subjects)}
    for position, name in enumerate(indicator.applies_to):
        if name not in known:
            yield (*path, "applies_to", position), f"没有分组或对象类别“{name}”。"
    if indicator.cap.kind in {"full_marks", "multiple"} and indicator.full_marks is None:
        yield (*path, "cap"), "要按满分封顶，须先写满分 full_marks。"
    for code, measure in indicator.measures.items():
        yield from _measure(measure, document["measures"][code], (*path, "measures", code))
    yield from _uses(scheme, indicator, document, path)
    if indicator.progress:
        progress = indicator.progress
        yield from _pair(scheme, indicator, progress.of, progress.target, (*path, "progress"))
    for rule, place in _rules(document["rule"], (*path, "rule")):
        yield from _rule(scheme, indicator, rule, place)


def _measure(measure: Measure, document: Mapping[str, Any], path: Path) -> Found:
    for key, unit in (("unit", measure.unit), ("amount_unit", measure.amount_unit)):
        if "元" in unit and unit not in UNITS:
            money = "、".join(known for known in UNITS if "元" in known)
            yield (*path, key), f"不认识单位“{unit}”，金额单位可写：{money}。"
    if measure.aggregate == "sum" and measure.unit != measure.amount_unit:
        yield (*path, "amount_unit"), "求和（sum）的单位只写 unit，不另写 amount_unit。"
    if measure.aggregate == "tiers" and not measure.bands:
        yield path, "分档（tiers）须写明各档 bands。"
    if measure.bands and measure.aggregate != "tiers":
        yield (*path, "bands"), "写了分档 bands，请把 aggregate 写为 tiers。"
    if measure.kinds and "aggregate" not in document:
        yield path, "请写明如何汇总 aggregate：count、sum、count_projects 或 tiers。"
    for position, condition in enumerate(measure.where):
        listed = isinstance(condition.value, tuple)
        if listed != (condition.operator == "in"):
            place = (*path, "where", position, "value")
            yield place, "条件 in 要写一个列表，其他条件写一个值。"
    codes = Counter(band.code for band in measure.bands)
    for code in (code for code, times in codes.items() if times > 1):
        yield (*path, "bands"), f"档的代码“{code}”重复。"
    yield from _band_ends(measure.bands, (*path, "bands"))


def _band_ends(bands: Sequence[Band], path: Path) -> Found:
    """Empty bands, and gaps or overlaps between neighbours, including a number that both or neither claims."""
    for index, band in enumerate(bands):
        if band.from_ is not None and band.to is not None and band.from_ >= band.to:
            closed = band.from_ == band.to and band.includes_from and band.includes_to
            if not closed:
                yield (*path, index), f"“{band.title}”的起点不小于终点，这一档永远不会有项目。"
    order = sorted(range(len(bands)), key=lambda index: _low(bands[index]))
    for left, right in pairwise(order):
        yield from _neighbours(bands[left], bands[right], (*path, right))


def _low(band: Band) -> tuple[Decimal, bool]:
    return band.from_ if band.from_ is not None else Decimal("-Infinity"), not band.includes_from


def _neighbours(lower: Band, upper: Band, path: Path) -> Found:
    names = f"“{lower.title}”与“{upper.title}”"
    end, start = lower.to, upper.from_
    if end is None or start is None or end > start:
        yield path, f"{names}重叠，同一金额会落在两档。"
    elif end < start:
        yield path, f"{names}之间有空档（{plain(end)} 至 {plain(start)}），落在其中的不属于任何一档。"
    elif lower.includes_to and upper.includes_from:
        yield (
            path,
            f"{names}都含 {plain(end)} 本数，请写明本数归哪一档（另一档写 false）。",
        )
    elif not lower.includes_to and not upper.includes_from:
        yield path, f"{names}都不含 {plain(end)} 本数，请写明本数归哪一档。"


def _uses(scheme: Scheme, indicator: Indicator, document: Mapping[str, Any], path: Path) -> Found:
    uses = indicator.rule.uses()
    rule = document["rule"]
    for code in dict.fromkeys(uses.measures):
        if code not in indicator.measures:
            known = "、".join(indicator.measures) or "（无）"
            yield _where(rule, code, (*path, "rule")), f"没有度量“{code}”，本指标的 measures 有：{known}。"
    for code in dict.fromkeys(uses.targets):
        if code not in scheme.targets:
            yield _where(rule, code, (*path, "rule")), f"没有目标“{code}”，请在 targets 中写明。"
    for measure, band in dict.fromkeys(uses.bands):
        bands = indicator.measures[measure].bands if measure in indicator.measures else ()
        if measure in indicator.measures and band not in {entry.code for entry in bands}:
            yield _where(rule, band, (*path, "rule")), f"度量“{measure}”没有代码为“{band}”的档。"


def _where(value: Any, wanted: str, path: Path) -> Path:
    """The path at which a name stands inside a rule, or the rule's own."""
    if isinstance(value, Mapping):
        for key, entry in value.items():
            if wanted in (key, entry):
                return (*path, key)
            if (found := _where(entry, wanted, (*path, key))) != (*path, key):
                return found
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            if entry == wanted:
                return (*path, index)
            if (found := _where(entry, wanted, (*path, index))) != (*path, index):
                return found
    return path


def _pair(scheme: Scheme, indicator: Indicator, of: str, target: str, path: Path) -> Found:
    """A measure against a target: both exist, and money is in the same unit."""
    if of not in indicator.measures:
        yield (*path, "of"), f"没有度量“{of}”。"
    if target not in scheme.targets:
        yield (*path, "target"), f"没有目标“{target}”，请在 targets 中写明。"
    if of in indicator.measures and target in scheme.targets:
        ours, theirs = indicator.measures[of].unit, scheme.targets[target].unit
        if ours != theirs and ("元" in ours or "元" in theirs):
            yield path, f"单位不一致：“{indicator.measures[of].title}”用{ours}，目标用{theirs}。"


def _rules(document: Mapping[str, Any], path: Path) -> Iterator[tuple[Mapping[str, Any], Path]]:
    """The rule and every rule inside it."""
    yield document, path
    for index, part in enumerate(document.get("parts", ())):
        yield from _rules(part, (*path, "parts", index))
    if "part" in document:
        yield from _rules(document["part"], (*path, "part"))


def _rule(scheme: Scheme, indicator: Indicator, document: Mapping[str, Any], path: Path) -> Found:
    kind = document["kind"]
    entries = [(document, path)]
    if kind == "mean_of_ratios_times_points":
        entries = [(entry, (*path, "ratios", index)) for index, entry in enumerate(document["ratios"])]
        total = sum((number(entry["weight"]) for entry, _ in entries), Decimal(0))
        if total != 1:
            yield (*path, "ratios"), f"权重合计为 {plain(total * 100)}%，应为 100%。"
    if kind == "points_minus_per_event" and ("points" in document) == ("part" in document):
        yield path, "请写明从多少分起扣：写分值 points 或另一条规则 part，写且只写一个。"
    if kind == "bands":
        bands = [replace(band_of(entry), code=str(index)) for index, entry in enumerate(document["bands"])]
        yield from _band_ends(bands, (*path, "bands"))
    for entry, place in entries:
        if "target" not in entry:
            continue
        if "base" in entry:
            yield place, "目标 target 与基数 base 只能写一个。"
        of = [entry["of"]] if isinstance(entry["of"], str) else entry["of"]
        for code in of:
            if code in indicator.measures and entry["target"] in scheme.targets:
                yield from _pair(scheme, indicator, code, entry["target"], place)


def _doubts(indicator: Indicator, document: Mapping[str, Any], path: Path) -> Found:
    """What is allowed but looks mistaken."""
    for rule, place in _rules(document["rule"], (*path, "rule")):
        points = rule.get("points")
        given = None if points is None or isinstance(points, Mapping) else number(points)
        if given is not None and indicator.full_marks is not None and given > indicator.full_marks:
            yield (*place, "points"), f"满分 {plain(indicator.full_marks)} 分，规则却可得 {plain(given)} 分。"
        counted = indicator.measures.get(rule["of"]) if rule["kind"] == "tiers" else None
        bands = counted.bands if counted else ()
        silent = [band.title for band in bands if band.code not in rule["points"]]
        if silent:
            yield (*place, "points"), f"“{'”、“'.join(silent)}”没有写分值，按不得分处理。"


def _total_marks(scheme: Scheme, document: Mapping[str, Any]) -> Found:
    """When the document says what the full marks add up to, they must, for every kind of subject."""
    if "total_marks" not in document:
        return
    wanted = number(document["total_marks"])
    for group in scheme.groups.values():
        for kind in group.subjects:
            items = [item for item in scheme.indicators_for(kind) if not item.report_only]
            total = sum((item.full_marks or Decimal(0) for item in items), Decimal(0))
            if total != wanted:
                words = f"“{group.title}”（{kind}）各指标满分合计 {plain(total)}，应为 {plain(wanted)}。"
                yield ("total_marks",), words
