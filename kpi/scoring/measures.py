"""What a measure counts, line by line: the plain reference for what the database does set by set."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpi.scoring.facts import ATTRIBUTES, ROLES, CreditLine, Excluded, Fact, MeasureValue
from kpi.scoring.periods import bucket
from kpi.scoring.rounding import CONTEXT, plain
from kpi.scoring.scheme import Band, Filter, Measure

#: Whose value no sentence repeats: who reads a score need not know whom a project belongs to.
UNSPOKEN = {"investor"}
OPERATORS = {"ne": "不为", "not_in": "不属于", "gte": "达到", "gt": "超过", "lte": "不超过", "lt": "低于"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact as one subject holds it: lines, their summed share, the amount in the measure's unit."""

    fact: Fact
    lines: tuple[CreditLine, ...]
    share: Decimal
    amount: Decimal | None

    @property
    def order(self) -> tuple[str, str]:
        return self.fact.on.isoformat(), self.fact.id


def measure(definition: Measure, lines: Iterable[CreditLine]) -> MeasureValue:
    """The value of one subject's lines. Lines of other kinds of fact are no candidates."""
    candidates = [line for line in lines if line.fact.kind in definition.kinds]
    excluded: list[Excluded] = []
    entries: list[Entry] = []
    for entry in _entries(definition, candidates, excluded):
        reason = _reason_against(definition, entry)
        if reason:
            excluded.extend(Excluded(line, reason) for line in entry.lines)
        else:
            entries.append(entry)
    entries = _at_most(definition, _once(definition, entries, excluded), excluded)
    value, bands = _aggregate(definition, entries)
    counted = tuple(line for entry in sorted(entries, key=_order) for line in entry.lines)
    return MeasureValue(value, bands, counted, tuple(sorted(excluded, key=_excluded_order)))


def _order(entry: Entry) -> tuple[str, str]:
    return entry.order


def _excluded_order(excluded: Excluded) -> tuple[str, str, str]:
    return excluded.line.fact.on.isoformat(), excluded.line.fact.id, excluded.line.role


def _entries(definition: Measure, lines: list[CreditLine], excluded: list[Excluded]) -> list[Entry]:
    """The lines by fact; lines in roles that do not count are excluded with the reason."""
    by_fact: dict[str, list[CreditLine]] = {}
    for line in lines:
        if definition.roles and line.role not in definition.roles:
            roles = "、".join(ROLES.get(role, role) for role in definition.roles)
            reason = f"以“{ROLES.get(line.role, line.role)}”角色取得，本项只计{roles}。"
            excluded.append(Excluded(line, reason))
        else:
            by_fact.setdefault(line.fact.id, []).append(line)
    return [_entry(definition, sorted(group, key=_line_order)) for group in by_fact.values()]


def _line_order(line: CreditLine) -> tuple[str, str]:
    return line.role, str(line.share)


def _entry(definition: Measure, lines: list[CreditLine]) -> Entry:
    fact = lines[0].fact
    share = Decimal(0)
    for line in lines:
        share = CONTEXT.add(share, line.share)
    if definition.share_mode == "none":
        share = Decimal(1) if share else Decimal(0)
    amount = fact.amount if definition.field == "amount" else fact.attributes.get(definition.field)
    if not isinstance(amount, Decimal):
        return Entry(fact, tuple(lines), share, None)
    amount = CONTEXT.divide(amount, definition.divisor)
    if definition.share_mode == "amount":
        amount = CONTEXT.multiply(amount, share)
    return Entry(fact, tuple(lines), share, amount)


def _reason_against(definition: Measure, entry: Entry) -> str:
    """Why the entry does not count by itself; empty when it does."""
    if entry.share == 0:
        return "份额为 0。"
    if not definition.begins <= entry.fact.on <= definition.ends:
        return f"发生在 {entry.fact.on.year} 年，本项只计 {definition.ends.year} 年的。"
    for condition in definition.where:
        if reason := _reason_of_filter(definition, condition, entry):
            return reason
    if definition.aggregate in {"sum", "tiers"} and entry.amount is None:
        return f"没有登记认定{definition.amount_word}。"
    if definition.aggregate == "tiers" and _band(definition, entry) is None:
        return _outside_bands(definition, entry)
    return ""


def _outside_bands(definition: Measure, entry: Entry) -> str:
    starts = [band.from_ for band in definition.bands]
    lowest = min((start for start in starts if start is not None), default=None)
    if None in starts or lowest is None or (entry.amount or Decimal(0)) > lowest:
        return f"{_amount(definition, entry)}，不在任何一档之内。"
    return f"{_amount(definition, entry)}，未满 {plain(lowest)} {definition.amount_unit}起点。"


def _reason_of_filter(definition: Measure, condition: Filter, entry: Entry) -> str:
    value = _attribute(condition.attribute, entry)
    if value is not None and _passes(condition, value, entry.fact):
        return ""
    if condition.reason:
        return condition.reason
    wanted = condition.value
    if condition.attribute == "amount" and isinstance(wanted, Decimal):
        if value is None:
            return f"没有登记认定{definition.amount_word}。"
        required = f"{OPERATORS.get(condition.operator, '等于')} {plain(wanted)} {definition.amount_unit}"
        return f"{_amount(definition, entry)}，本项要求{required}。"
    if condition.operator == "on_list":
        return "不在名单之内。" if condition.members(entry.fact.on) is not None else "当日还没有这份名单。"
    if condition.attribute in UNSPOKEN:
        return f"{ATTRIBUTES.get(condition.attribute, condition.attribute)}不在本项所计之内。"
    found = "未登记" if value is None else f"为“{_word(value)}”"
    options = wanted if isinstance(wanted, tuple) else (wanted,)
    words = "、".join(_word(option) for option in options)
    relation = OPERATORS.get(condition.operator, "")
    return f"{ATTRIBUTES.get(condition.attribute, condition.attribute)}{found}，本项只计{relation}“{words}”。"


def _passes(condition: Filter, value: str | Decimal | bool, fact: Fact) -> bool:
    """Whether the attribute passes under one of its words; a filter that leaves out must let all of them through."""
    words = (value, *fact.also.get(condition.attribute, ()))
    every = condition.operator in {"ne", "not_in"}
    return (all if every else any)(passes(condition, word, fact.on) for word in words)


def passes(condition: Filter, value: str | Decimal | bool, on: date) -> bool:
    """Whether a value passes a filter on a day; only lists (名单) look at the day."""
    if condition.operator == "on_list":
        return value in (condition.members(on) or ())
    return matches(condition, value)


def matches(condition: Filter, value: str | Decimal | bool) -> bool:
    """Whether a value passes a filter. Values of different types never compare, so they never pass."""
    wanted = condition.value
    if condition.operator in {"in", "not_in"}:
        listed = isinstance(wanted, tuple) and any(_same(value, option) for option in wanted)
        return isinstance(wanted, tuple) and listed == (condition.operator == "in")
    if condition.operator in {"eq", "ne"}:
        same = not isinstance(wanted, tuple) and _same(value, wanted)
        return not isinstance(wanted, tuple) and same == (condition.operator == "eq")
    if isinstance(value, Decimal) and isinstance(wanted, Decimal):
        return _ordered(condition.operator, (value > wanted) - (value < wanted))
    if isinstance(value, str) and isinstance(wanted, str):
        return _ordered(condition.operator, (value > wanted) - (value < wanted))
    return False


def _ordered(operator: str, comparison: int) -> bool:
    return {"gte": comparison >= 0, "gt": comparison > 0, "lte": comparison <= 0, "lt": comparison < 0}[
        operator
    ]


def _same(value: str | Decimal | bool, wanted: str | Decimal | bool) -> bool:
    return type(value) is type(wanted) and value == wanted


def _attribute(name: str, entry: Entry) -> str | Decimal | bool | None:
    if name == "amount":
        return entry.amount
    return entry.fact.on.isoformat() if name == "on" else entry.fact.attributes.get(name)


def _word(value: str | Decimal | bool) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return plain(value) if isinstance(value, Decimal) else value


def _amount(definition: Measure, entry: Entry) -> str:
    return f"{definition.amount_word} {plain(entry.amount or Decimal(0))} {definition.amount_unit}"


def _band(definition: Measure, entry: Entry) -> Band | None:
    amount = entry.amount
    return None if amount is None else next((band for band in definition.bands if band.holds(amount)), None)


def _once(definition: Measure, entries: list[Entry], excluded: list[Excluded]) -> list[Entry]:
    """Keep one fact of each project, if the measure says so; the others are excluded with the reason."""
    once = definition.once
    if once == "no" and definition.aggregate == "count_projects":
        once = "first"
    if once == "no":
        return entries
    reason = (
        "同一项目不重复计分，已按首次计入。" if once == "first" else "同一项目不重复计分，已按较高一档计入。"
    )
    kept: list[Entry] = []
    seen: set[str] = set()
    for entry in sorted(entries, key=_order if once == "first" else _highest_first):
        project = entry.fact.project
        if project is not None and project in seen:
            excluded.extend(Excluded(line, reason) for line in entry.lines)
            continue
        kept.append(entry)
        if project is not None:
            seen.add(project)
    return kept


def _at_most(definition: Measure, entries: list[Entry], excluded: list[Excluded]) -> list[Entry]:
    """Keep the first n facts of each month, quarter, half-year or year, if the measure says so."""
    if definition.at_most is None:
        return entries
    each, most = definition.at_most
    words = {"month": "每月", "quarter": "每季度", "half_year": "每半年", "year": "每年"}[each]
    kept: list[Entry] = []
    taken: Counter[tuple[int, int]] = Counter()
    for entry in sorted(entries, key=_order):
        place = bucket(each, entry.fact.on)
        taken[place] += 1
        if taken[place] <= most:
            kept.append(entry)
        else:
            excluded.extend(Excluded(line, f"{words}最多计 {most} 次。") for line in entry.lines)
    return kept


def _highest_first(entry: Entry) -> tuple[Decimal, str, str]:
    return -(entry.amount or Decimal(0)), *entry.order


def _aggregate(definition: Measure, entries: list[Entry]) -> tuple[Decimal, dict[str, Decimal]]:
    bands = {band.code: Decimal(0) for band in definition.bands} if definition.aggregate == "tiers" else {}
    total = Decimal(0)
    for entry in sorted(entries, key=_order):
        weight = entry.share if definition.share_mode == "points" else Decimal(1)
        match definition.aggregate:
            case "sum":
                number = entry.amount or Decimal(0)
            case "count":
                number = Decimal(entry.fact.count)
            case _:
                number = Decimal(1)
        part = CONTEXT.multiply(number, weight)
        total = CONTEXT.add(total, part)
        if band := _band(definition, entry) if bands else None:
            bands[band.code] = CONTEXT.add(bands[band.code], part)
    return total, bands
