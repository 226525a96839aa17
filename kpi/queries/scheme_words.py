"""The parts of a scheme around its indicators in words: sections, gates, grades, targets, lists, classes, rates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kpi.queries.rule_words import Names, share_words
from kpi.queries.rule_words_composed import condition_words
from kpi.queries.words import IndicatorWords, indicator_words, measure_words
from kpi.scoring.rounding import plain
from kpi.scoring.scheme import Gate, Grade, Scheme, Target


@dataclass(frozen=True, slots=True)
class SectionWords:
    """Indicators under one heading; the heading is empty where the scheme has no sections."""

    title: str
    detail: str
    indicators: tuple[IndicatorWords, ...]


@dataclass(frozen=True, slots=True)
class GateWords:
    """A gate as the scheme page shows it: when it holds, and what follows."""

    gate: Gate
    condition: str
    consequence: str
    applies: str
    measures: tuple[tuple[str, str], ...]


def sections_in_words(scheme: Scheme) -> list[SectionWords]:
    """The indicators by section, in the scheme's order; those without a section come last."""
    titled = [
        (code, one.title, _("权重 %(weight)s") % {"weight": share_words(one.weight)})
        for code, one in scheme.sections.items()
    ]
    found = []
    for code, title, detail in [*titled, ("", _("未归分项") if titled else "", "")]:
        inside = tuple(indicator_words(scheme, one) for one in scheme.indicators if one.section == code)
        if inside or code:
            found.append(SectionWords(title, detail, inside))
    return found


def gate_words(scheme: Scheme, gate: Gate) -> GateWords:
    """The gate's condition and consequences."""
    names = Names(gate.measures, scheme)
    groups = [scheme.groups[code].title if code in scheme.groups else code for code in gate.applies_to]
    return GateWords(
        gate,
        condition=condition_words(gate.condition, names),
        consequence="；".join(_consequences(scheme, gate)),
        applies="、".join(groups) or _("全部对象"),
        measures=tuple((one.title, measure_words(one, names)) for one in gate.measures.values()),
    )


def _consequences(scheme: Scheme, gate: Gate) -> Iterator[str]:
    if "all" in gate.bars:
        yield _("不参加任何评奖")
    elif gate.bars:
        titles = {award.code: award.title for award in scheme.awards}
        yield _("不参加%(awards)s") % {"awards": "、".join(titles.get(code, code) for code in gate.bars)}
    if gate.card:
        yield _("亮牌：%(card)s") % {"card": gate.card}
    if gate.move is not None:
        way, grade = gate.move
        yield {
            "up": _("等次上调 %(grade)s 档"),
            "down": _("等次下调 %(grade)s 档"),
            "at_most": _("等次最高为%(grade)s"),
            "at_least": _("等次最低为%(grade)s"),
            "set": _("等次定为%(grade)s"),
        }[way] % {"grade": grade}


def grade_words(grade: Grade) -> str:
    """Who gets the grade."""
    if grade.from_ is not None:
        return _("总分不低于 %(points)s 分") % {"points": plain(grade.from_)}
    if grade.first is not None:
        return _("前 %(places)s 名") % {"places": grade.first}
    return _("其余")


def target_words(scheme: Scheme, target: Target) -> str:
    """The unit, and what holds for those without a value of their own."""
    parts = [target.unit]
    if target.default:
        listed = "、".join(
            f"{scheme.categories.get(name, name)}{plain(value)}" for name, value in target.default.items()
        )
        parts.append(_("未单独下达的按 %(values)s") % {"values": listed})
    if target.periods == "equal":
        parts.append(_("季度、月度为全年的等分"))
    return "；".join(parts)


@dataclass(frozen=True, slots=True)
class ListWords:
    """One version of a list (名单)."""

    code: str
    title: str
    version: str
    since: date | str
    members: tuple[str, ...]


def lists_in_words(document: dict[str, Any]) -> list[ListWords]:
    """Every version of every list of the document."""
    return [
        ListWords(code, named["title"], version, _day(one["from"]), tuple(one["members"]))
        for code, named in document.get("lists", {}).items()
        for version, one in named["versions"].items()
    ]


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def settings_in_words(scheme: Scheme) -> list[tuple[str, str]]:
    """Classes of subject, exchange rate and the count of time, as far as the scheme says something of them."""
    found: list[tuple[str, str]] = []
    if scheme.categories:
        change = {
            "start": _("年中变动的按年初类别"),
            "as_of": _("年中变动的按截至日类别"),
            "time_weighted": _("年中变动的按天数分别计"),
        }[scheme.category_change]
        found.append((_("考核类别"), f"{'、'.join(scheme.categories.values())}；{change}"))
    if scheme.exchange is not None:
        fixed = "、".join(f"{code} {plain(Decimal(rate))}" for code, rate in scheme.exchange.fixed.items())
        day = _("按到账当日汇率")
        found.append(
            (_("汇率"), day if scheme.exchange.rate == "day" else _("全年固定：%(rates)s") % {"rates": fixed})
        )
    if scheme.elapsed_by == "months":
        found.append((_("时序"), _("按过完的整月计")))
    return found
