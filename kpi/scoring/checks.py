"""Whether a well-formed scheme makes sense: names, bands without gap or overlap, weights, units, marks."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from kpi.scoring.checks_awards import award_faults
from kpi.scoring.checks_bands import band_ends
from kpi.scoring.checks_parts import item_faults, measure_faults, scheme_faults, section_sums
from kpi.scoring.checks_rules import condition_faults, rule_faults, rules_in, weights_add_up
from kpi.scoring.entries import Path, Reading, SchemeError
from kpi.scoring.reach import reach_doubts
from kpi.scoring.rounding import plain
from kpi.scoring.rules.base import Uses, number
from kpi.scoring.rules.counts import band as band_of
from kpi.scoring.scheme import UNITS, Gate, Indicator, Measure, Scheme

RULED = ("measures", "rule", "bonus", "deduction", "veto")
Found = Iterator[tuple[Path, str]]


def check(
    reading: Reading, scheme: Scheme, *, draft: bool = False
) -> tuple[list[SchemeError], list[SchemeError]]:
    """The errors that refuse a scheme, and the warnings that do not.

    In a draft, marks and weights that do not add up yet are warnings: nobody can change two indicators at once.
    """
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
        warnings.extend(_doubts(scheme, indicator, document, path))
    for index, gate in enumerate(scheme.gates):
        errors.extend(_gate(scheme, gate, reading.value["gates"][index], ("gates", index)))
    errors.extend(scheme_faults(scheme, reading.value))
    sums = [*section_sums(scheme), *_total_marks(scheme, reading.value)]
    (warnings if draft else errors).extend(sums)
    return [reading.error(*entry) for entry in errors], [reading.error(*entry) for entry in warnings]


def _codes(document: Mapping[str, Any]) -> Found:
    for name, words in (("indicators", "指标"), ("awards", "奖项"), ("gates", "门槛")):
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
    for index, award in enumerate(scheme.awards):
        path: Path = ("awards", index)
        raw = document["awards"][index]
        yield from award_faults(scheme, award, raw, index)
        if award.asks is None:
            continue
        for code, measure in award.asks.measures.items():
            place = (*path, "measures", code)
            yield from _measures(scheme, award.asks.measures, measure, raw["measures"][code], place)
        wanted = {key: raw[key] for key in ("if_all", "if_any") if key in raw}
        yield from _uses(scheme, award.asks.measures, award.asks.condition.uses(), wanted, path)
        for rule, place in rules_in({**wanted, "measures": raw.get("measures", {})}, path):
            yield from _rule(scheme, award.asks.measures, rule, place)
        yield from condition_faults(raw, path, scheme)


def _indicator(scheme: Scheme, indicator: Indicator, document: Mapping[str, Any], path: Path) -> Found:
    known = {*scheme.groups, *(kind for group in scheme.groups.values() for kind in group.subjects)}
    for position, name in enumerate(indicator.applies_to):
        if name not in known:
            yield (*path, "applies_to", position), f"没有分组或对象类别“{name}”。"
    if indicator.cap.kind in {"full_marks", "multiple"} and indicator.full_marks is None:
        yield (*path, "cap"), "要按满分封顶，须先写满分 full_marks。"
    for code, measure in indicator.measures.items():
        yield from _measures(
            scheme, indicator.measures, measure, document["measures"][code], (*path, "measures", code)
        )
    for part, rule in (
        ("rule", indicator.rule),
        ("bonus", indicator.bonus),
        ("deduction", indicator.deduction),
    ):
        if rule is not None:
            yield from _uses(scheme, indicator.measures, rule.uses(), document[part], (*path, part))
    if indicator.veto:
        uses = indicator.veto.condition.uses()
        yield from _uses(scheme, indicator.measures, uses, document["veto"], (*path, "veto"))
    yield from item_faults(scheme, indicator, document, path)
    if indicator.progress:
        progress = indicator.progress
        yield from _pair(scheme, indicator.measures, progress.of, progress.target, (*path, "progress"))
    for found, place in rules_in({key: document[key] for key in RULED if key in document}, path):
        yield from _rule(scheme, indicator.measures, found, place)
    yield from condition_faults(document, path, scheme)


def _gate(scheme: Scheme, gate: Gate, document: Mapping[str, Any], path: Path) -> Found:
    for code, measure in gate.measures.items():
        yield from _measures(
            scheme, gate.measures, measure, document["measures"][code], (*path, "measures", code)
        )
    yield from _uses(scheme, gate.measures, gate.condition.uses(), document["if"], (*path, "if"))
    for rule, place in rules_in({key: document[key] for key in ("measures", "if") if key in document}, path):
        yield from _rule(scheme, gate.measures, rule, place)
    yield from condition_faults(document, path, scheme)


def _measures(
    scheme: Scheme, owner: Mapping[str, Measure], measure: Measure, document: Mapping[str, Any], path: Path
) -> Found:
    yield from _measure(measure, document, path)
    yield from measure_faults(document, path)
    if measure.computed is not None:
        uses = measure.computed.uses()
        yield from _uses(scheme, owner, uses, document["computed"], (*path, "computed"))


def _units(measure: Measure, path: Path) -> Found:
    for key, unit in (("unit", measure.unit), ("amount_unit", measure.amount_unit)):
        if "元" in unit and unit not in UNITS:
            money = "、".join(known for known in UNITS if "元" in known)
            yield (*path, key), f"不认识单位“{unit}”，金额单位可写：{money}。"
    if measure.field == "people" and "元" in measure.amount_unit and _compares_amounts(measure):
        yield (*path, "field"), "人数（people）不是金额：单位请写“人”或“万人”，只计件数时不写 field。"
    if measure.aggregate == "sum" and measure.unit != measure.amount_unit:
        yield (*path, "amount_unit"), "求和（sum）的单位只写 unit，不另写 amount_unit。"


def _measure(measure: Measure, document: Mapping[str, Any], path: Path) -> Found:
    yield from _units(measure, path)
    if measure.aggregate == "tiers" and not measure.bands:
        yield path, "分档（tiers）须写明各档 bands。"
    if measure.bands and measure.aggregate != "tiers":
        yield (*path, "bands"), "写了分档 bands，请把 aggregate 写为 tiers。"
    if measure.kinds and "aggregate" not in document:
        yield path, "请写明如何汇总 aggregate：count、sum、count_projects 或 tiers。"
    for position, condition in enumerate(measure.where):
        listed = isinstance(condition.value, tuple)
        if listed != (condition.operator in {"in", "not_in"}):
            place = (*path, "where", position, "value")
            yield place, "条件 in、not_in 要写一个列表，其他条件写一个值。"
    codes = Counter(band.code for band in measure.bands)
    for code in (code for code, times in codes.items() if times > 1):
        yield (*path, "bands"), f"档的代码“{code}”重复。"
    yield from band_ends(measure.bands, (*path, "bands"))


def _compares_amounts(measure: Measure) -> bool:
    """Whether the unit of amounts matters: the measure sums, tells sizes apart or filters by size."""
    return measure.aggregate in {"sum", "tiers"} or any(one.attribute == "amount" for one in measure.where)


def _uses(scheme: Scheme, measures: Mapping[str, Measure], uses: Uses, document: Any, path: Path) -> Found:
    """Measures, targets, bands and other items that a rule names and that do not exist."""
    for code in dict.fromkeys(uses.measures):
        if code not in measures:
            known = "、".join(measures) or "（无）"
            yield _where(document, code, path), f"没有度量“{code}”，本指标的 measures 有：{known}。"
    for code in dict.fromkeys(uses.targets):
        if code not in scheme.targets:
            yield _where(document, code, path), f"没有目标“{code}”，请在 targets 中写明。"
    for measure, band in dict.fromkeys(uses.bands):
        bands = measures[measure].bands if measure in measures else ()
        if measure in measures and band not in {entry.code for entry in bands}:
            yield _where(document, band, path), f"度量“{measure}”没有代码为“{band}”的档。"


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


def _pair(scheme: Scheme, measures: Mapping[str, Measure], of: str, target: str, path: Path) -> Found:
    """A measure against a target: both exist, and money is in the same unit."""
    if of not in measures:
        yield (*path, "of"), f"没有度量“{of}”。"
    if target not in scheme.targets:
        yield (*path, "target"), f"没有目标“{target}”，请在 targets 中写明。"
    if of in measures and target in scheme.targets:
        ours, theirs = measures[of].unit, scheme.targets[target].unit
        if ours != theirs and ("元" in ours or "元" in theirs):
            yield path, f"单位不一致：“{measures[of].title}”用{ours}，目标用{theirs}。"


def _rule(scheme: Scheme, measures: Mapping[str, Measure], document: Mapping[str, Any], path: Path) -> Found:
    kind = document["kind"]
    yield from rule_faults(document, path, scheme)
    entries = [(document, path)]
    if kind == "mean_of_ratios_times_points":
        entries = [(entry, (*path, "ratios", index)) for index, entry in enumerate(document["ratios"])]
        yield from weights_add_up(document["ratios"], (*path, "ratios"))
    if kind == "points_minus_per_event" and ("points" in document) == ("part" in document):
        yield path, "请写明从多少分起扣：写分值 points 或另一条规则 part，写且只写一个。"
    if kind == "bands":
        bands = [replace(band_of(entry), code=str(index)) for index, entry in enumerate(document["bands"])]
        yield from band_ends(bands, (*path, "bands"))
    for index, term in enumerate(document.get("terms", ())):
        for key in ("timing", "level") if not {"beyond", "target"} & set(term) else ():
            if key in term:
                yield (*path, "terms", index, key), f"写了 {key}，就要写超出哪个目标 beyond。"
    for entry, place in entries:
        yield from _ratio(scheme, measures, entry, place)


def _ratio(scheme: Scheme, measures: Mapping[str, Measure], entry: Mapping[str, Any], path: Path) -> Found:
    if entry.get("growth") and "base" not in entry:
        yield (*path, "growth"), "增长率（growth）要写基数 base。"
    if "level" in entry and "target" not in entry:
        yield (*path, "level"), "写了档次 level，就要写它是哪个目标 target 的。"
    if "target" not in entry or "of" not in entry:
        return
    if "base" in entry:
        yield path, "目标 target 与基数 base 只能写一个。"
    of = [entry["of"]] if isinstance(entry["of"], str) else entry["of"]
    for code in of:
        if code in measures and entry["target"] in scheme.targets:
            yield from _pair(scheme, measures, code, entry["target"], path)


def _doubts(scheme: Scheme, indicator: Indicator, document: Mapping[str, Any], path: Path) -> Found:
    """What is allowed but looks mistaken."""
    yield from reach_doubts(indicator, document, path)
    for code, measure in indicator.measures.items():
        if measure.kinds == ("jobs",) and measure.field == "amount" and _compares_amounts(measure):
            yield (
                (*path, "measures", code),
                "新增就业没有金额，这样计不到任何一条；按人数请写 field: people、unit: 人。",
            )
    for rule, place in rules_in(document["rule"], (*path, "rule")):
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
