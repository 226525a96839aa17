"""Whether a well-formed facts file fits its scheme: names, days, references, rates, amounts in a currency."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kpi.scoring.entries import Path
from kpi.scoring.rules.base import Uses
from kpi.scoring.scheme import Measure, Scheme

Document = Mapping[str, Any]


def faults(document: Document, scheme: Scheme) -> Iterator[tuple[Path, str]]:
    yield from _day_faults(document)
    yield from _rate_faults(document, scheme)
    subjects = [str(entry["code"]) for entry in document["subjects"]]
    facts = [str(entry["id"]) for entry in document.get("facts", ())]
    for name, field, codes in (("subjects", "code", subjects), ("facts", "id", facts)):
        seen: set[str] = set()
        for index, code in enumerate(codes):
            if code in seen:
                yield (name, index, field), f"“{code}”重复。"
            seen.add(code)
    for index, entry in enumerate(document.get("credits", ())):
        for field, known in (("fact", set(facts)), ("subject", set(subjects))):
            if str(entry[field]) not in known:
                words = "事实" if field == "fact" else "考核对象"
                yield ("credits", index, field), f"没有编号为“{entry[field]}”的{words}。"
    for index, entry in enumerate(document["subjects"]):
        yield from _subject_faults(entry, scheme, ("subjects", index))


def _day_faults(document: Document) -> Iterator[tuple[Path, str]]:
    days: list[tuple[Path, str]] = [(("as_of",), document["as_of"])] if "as_of" in document else []
    days += [(("facts", index, "on"), entry["on"]) for index, entry in enumerate(document.get("facts", ()))]
    for index, subject in enumerate(document["subjects"]):
        held = enumerate(subject.get("categories", ()))
        days += [(("subjects", index, "categories", place, "from"), one["from"]) for place, one in held]
    days += [
        (("rates", name, day), day) for name, dated in document.get("rates", {}).items() for day in dated
    ]
    for path, text in days:
        try:
            date.fromisoformat(text)
        except ValueError:
            yield path, f"“{text}”不是存在的日期。"


def _subject_faults(document: Document, scheme: Scheme, path: Path) -> Iterator[tuple[Path, str]]:
    """Targets, indicators, measures and bands the scheme does not know: usually a slip of the pen."""
    yield from _people_faults(document, scheme, path)
    for target in document.get("targets", {}):
        if target not in scheme.targets:
            yield (*path, "targets", target), f"细则没有目标“{target}”。"
    for code, values in document.get("measures", {}).items():
        yield from _given_faults(code, values, scheme, (*path, "measures", code))
    for code, projects in document.get("projects", {}).items():
        for project, values in projects.items():
            yield from _given_faults(code, values, scheme, (*path, "projects", code, project))


def _given_faults(code: str, values: Document, scheme: Scheme, path: Path) -> Iterator[tuple[Path, str]]:
    """Measures given ready for an indicator or a gate."""
    owners: dict[str, tuple[str, Mapping[str, Measure]]] = {
        owner.code: (owner.title, owner.measures) for owner in scheme.owners
    }
    if code not in owners:
        yield path, f"细则没有指标“{code}”。"
        return
    title, measures = owners[code]
    for measure, value in values.items():
        if measure not in measures:
            yield (*path, measure), f"指标“{title}”没有度量“{measure}”。"
            continue
        bands = {band.code for band in measures[measure].bands}
        unknown = [band for band in value if band not in bands] if isinstance(value, Mapping) else []
        if unknown:
            yield (*path, measure), f"没有代码为“{unknown[0]}”的档。"


def _people_faults(document: Document, scheme: Scheme, path: Path) -> Iterator[tuple[Path, str]]:
    """Ratings, choices and categories that no rule of the scheme asks for; ballots by the same person twice."""
    uses = uses_of(scheme)
    for key, words, known in (("ratings", "评议", uses.ratings), ("choices", "酌定项", uses.choices)):
        for name in document.get(key, {}):
            if name not in known:
                yield (*path, key, name), f"细则没有{words}“{name}”。"
    for rating, ballots in document.get("ratings", {}).items():
        seen: set[tuple[str, str]] = set()
        for index, one in enumerate(ballots):
            voter = (one["panel"], one["by"])
            if voter in seen:
                yield (*path, "ratings", rating, index, "by"), f"“{one['by']}”在同一评议组评了两次。"
            seen.add(voter)
    held = [((*path, "category"), document["category"])] if "category" in document else []
    for index, one in enumerate(document.get("categories", ())):
        held.append(((*path, "categories", index, "category"), one["category"]))
    for place, name in held:
        if name not in scheme.categories:
            known_names = "、".join(scheme.categories) or "（无）"
            yield place, f"细则没有类别“{name}”，categories 中有：{known_names}。"


def uses_of(scheme: Scheme) -> Uses:
    """What all indicators and gates of a scheme refer to."""
    found = sum((indicator.uses() for indicator in scheme.indicators), Uses())
    return sum((gate.condition.uses() for gate in scheme.gates), found)


def _rate_faults(document: Document, scheme: Scheme) -> Iterator[tuple[Path, str]]:
    """Amounts in a currency for which there is no rate."""
    for index, entry in enumerate(document.get("facts", ())):
        currency = entry.get("currency")
        if currency is None:
            continue
        place: Path = ("facts", index, "currency")
        if scheme.exchange is None:
            yield place, "细则没有写汇率 exchange，外币金额无法折算。"
        elif scheme.exchange.rate == "fixed" and currency not in scheme.exchange.fixed:
            yield place, f"细则没有写“{currency}”的固定汇率。"
        elif scheme.exchange.rate == "day":
            dated = document.get("rates", {}).get(currency, {})
            if not any(day <= entry["on"] for day in dated):
                yield place, f"没有“{currency}”在 {entry['on']} 或以前的汇率，请在 rates 中写明。"
