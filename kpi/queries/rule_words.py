"""The rules of a scheme in words, one sentence per kind of rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import singledispatch
from typing import Any

from django.utils.translation import gettext as _

from kpi.scoring.periods import PERIODS
from kpi.scoring.rounding import plain
from kpi.scoring.rules import combining, counts, ratios
from kpi.scoring.rules.ratios import Ratio, Slope
from kpi.scoring.scheme import Measure, Scheme


@dataclass(frozen=True, slots=True)
class Names:
    """The Chinese names behind the codes that a rule uses."""

    measures: Mapping[str, Measure]
    scheme: Scheme

    def measure(self, code: str) -> str:
        return self.measures[code].title if code in self.measures else code

    def unit(self, code: str) -> str:
        return self.measures[code].unit if code in self.measures else ""

    def target(self, code: str) -> str:
        found = self.scheme.targets.get(code)
        return found.title if found else code

    def band(self, of: str, code: str) -> str:
        bands = self.measures[of].bands if of in self.measures else ()
        return next((band.title for band in bands if band.code == code), code)


def share_words(number: Decimal) -> str:
    return f"{plain(number * 100)}%"


def target_kind(timing: str, level: str) -> str:
    """What kind of target: 目标, 时序目标, 第一季度目标, each also 加压."""
    if timing in PERIODS:
        words = {"period": PERIODS[timing].title}
        return _("%(period)s加压目标") % words if level == "stretch" else _("%(period)s目标") % words
    if timing == "elapsed":
        return _("时序加压目标") if level == "stretch" else _("时序目标")
    return _("加压目标") if level == "stretch" else _("目标")


def ratio_words(ratio: Ratio, names: Names) -> str:
    """A completion: 外资到账 ÷ 目标“外资到账”."""
    of = " + ".join(names.measure(code) for code in ratio.of)
    of = f"（{of}）" if len(ratio.of) > 1 else of
    if ratio.target is not None:
        of = f"{of} ÷ {target_kind(ratio.timing, ratio.level)}“{names.target(ratio.target)}”"
    elif ratio.base is not None:
        of = f"{of} ÷ {names.measure(ratio.base)}"
    if ratio.growth:
        of = _("%(ratio)s − 1（增长率）") % {"ratio": of}
    if ratio.cap is not None:
        of = _("%(ratio)s（最多按 %(cap)s）") % {"ratio": of, "cap": share_words(ratio.cap)}
    return of


@singledispatch
def rule_words(rule: Any, names: Names) -> str:
    """The rule in a sentence; a kind that is not described here is shown by its name."""
    return type(rule).__name__


@rule_words.register
def _ratio_times_points(rule: ratios.RatioTimesPoints, names: Names) -> str:
    return _("%(ratio)s × %(points)s 分") % {
        "ratio": ratio_words(rule.ratio, names),
        "points": plain(rule.points),
    }


@rule_words.register
def _mean_of_ratios(rule: ratios.MeanOfRatiosTimesPoints, names: Names) -> str:
    parts = " + ".join(f"{ratio_words(one, names)} × {share_words(one.weight)}" for one in rule.ratios)
    return _("（%(parts)s）× %(points)s 分") % {"parts": parts, "points": plain(rule.points)}


@rule_words.register
def _rate_percent(rule: ratios.RatePercent, names: Names) -> str:
    return _("%(ratio)s，以百分数通报") % {"ratio": ratio_words(rule.ratio, names)}


def _slope_words(slope: Slope, sentence: str) -> str:
    text = sentence % {"step": share_words(slope.step), "points": plain(slope.points)}
    if slope.steps == "whole":
        text += _("（不足一档不计）")
    return text if slope.limit is None else text + _("，最多 %(limit)s 分") % {"limit": plain(slope.limit)}


@rule_words.register
def _over_fulfilment(rule: ratios.OverFulfilment, names: Names) -> str:
    short = (
        {"proportional": _("未完成的按完成率得分"), "zero": _("未完成的不得分")}[rule.shortfall]
        if isinstance(rule.shortfall, str)
        else _slope_words(rule.shortfall, _("每差 %(step)s 扣 %(points)s 分"))
    )
    words = {
        "ratio": ratio_words(rule.ratio, names),
        "points": plain(rule.points),
        "bonus": _slope_words(rule.bonus, _("每超 %(step)s 加 %(points)s 分")),
        "short": short,
    }
    return _("%(ratio)s：完成得 %(points)s 分；%(bonus)s；%(short)s") % words


@rule_words.register
def _piecewise(rule: ratios.PiecewiseMarginal, names: Names) -> str:
    parts = [
        f"{ratio_words(rule.ratio, names)}：{_('100%% 得 %(points)s 分') % {'points': plain(rule.points)}}"
    ]
    for one in rule.segments:
        low = share_words(one.from_) if one.from_ is not None else ""
        high = share_words(one.to) if one.to is not None else ""
        parts.append(
            _("%(from)s—%(to)s 每个百分点 %(each)s 分") % {"from": low, "to": high, "each": plain(one.each)}
        )
    if rule.most is not None:
        parts.append(_("最多加 %(points)s 分") % {"points": plain(rule.most)})
    if rule.least is not None:
        parts.append(_("最多扣 %(points)s 分") % {"points": plain(-rule.least)})
    return "；".join(parts)


def _term_words(terms: Iterable[counts.Term], names: Names, sentence: str) -> list[str]:
    return [
        sentence % {"name": names.measure(one.of), "unit": names.unit(one.of), "points": plain(one.each)}
        + (_("（最多 %(count)s）") % {"count": plain(one.at_most)} if one.at_most is not None else "")
        + (_("（最多 %(points)s 分）") % {"points": plain(one.cap)} if one.cap is not None else "")
        + (_("（超出%(kind)s“%(target)s”的部分）") % _goal(one, one.beyond, names) if one.beyond else "")
        for one in terms
    ]


def _goal(one: counts.Term | counts.Shortfall, code: str, names: Names) -> dict[str, str]:
    return {"kind": target_kind(one.timing, one.level), "target": names.target(code)}


@rule_words.register
def _count(rule: counts.CountTimesPoints, names: Names) -> str:
    base = [_("基本分 %(points)s 分") % {"points": plain(rule.base)}] if rule.base else []
    return "；".join([*base, *_term_words(rule.terms, names, _("%(name)s每%(unit)s %(points)s 分"))])


@rule_words.register
def _tiers(rule: counts.BandPoints, names: Names) -> str:
    unit = names.unit(rule.of)
    return "；".join(
        _("%(name)s每%(unit)s %(points)s 分")
        % {"name": f"{names.band(rule.of, band)} ", "unit": unit, "points": plain(points)}
        for band, points in rule.points.items()
    )


@rule_words.register
def _shortfall(rule: counts.PointsMinusPerShortfall, names: Names) -> str:
    parts = [_("完成得 %(points)s 分") % {"points": plain(rule.points)}]
    for one in rule.terms:
        words = {
            "name": names.band(one.of, one.band) if one.band else names.measure(one.of),
            **_goal(one, one.target, names),
            "unit": names.unit(one.of),
            "points": plain(one.each),
        }
        parts.append(_("%(name)s比%(kind)s“%(target)s”每少一%(unit)s扣 %(points)s 分") % words)
    if rule.most is not None:
        parts.append(_("最多扣 %(points)s 分") % {"points": plain(rule.most)})
    return "；".join(parts)


@rule_words.register
def _event(rule: counts.PointsMinusPerEvent, names: Names) -> str:
    parts = [rule_words(rule.start, names)]
    parts += _term_words(rule.terms, names, _("%(name)s每%(unit)s扣 %(points)s 分"))
    if rule.most is not None:
        parts.append(_("最多扣 %(points)s 分") % {"points": plain(rule.most)})
    return "；".join(parts)


@rule_words.register
def _bands(rule: counts.Bands, names: Names) -> str:
    of = ratio_words(rule.ratio, names) if rule.is_ratio else names.measure(rule.ratio.of[0])
    parts = [_("%(band)s得 %(points)s 分") % {"band": b.title, "points": plain(p)} for b, p in rule.bands]
    return f"{of}：{'；'.join(parts)}"


@rule_words.register
def _fixed(rule: counts.Fixed, names: Names) -> str:
    return _("%(points)s 分") % {"points": plain(rule.points)}


@rule_words.register
def _sum(rule: combining.Sum, names: Names) -> str:
    return " + ".join(f"（{rule_words(part, names)}）" for part in rule.parts)


@rule_words.register
def _highest(rule: combining.Highest, names: Names) -> str:
    return _("取高者：%(parts)s") % {"parts": " / ".join(rule_words(part, names) for part in rule.parts)}


@rule_words.register
def _times(rule: combining.Times, names: Names) -> str:
    return f"（{rule_words(rule.part, names)}）× {share_words(rule.factor)}"


@rule_words.register
def _limited(rule: combining.Limited, names: Names) -> str:
    parts = [rule_words(rule.part, names)]
    if rule.cap is not None:
        parts.append(_("此部分最多 %(points)s 分") % {"points": plain(rule.cap)})
    if rule.floor is not None:
        parts.append(_("此部分最低 %(points)s 分") % {"points": plain(rule.floor)})
    return "，".join(parts)
