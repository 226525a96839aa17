"""A scheme in words (细则释义): each indicator, measure and award as a sentence that an official reads without knowing YAML."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.queries.rule_words import Names, rule_words
from kpi.queries.rule_words_composed import condition_words
from kpi.scoring.rounding import Rounding, plain
from kpi.scoring.scheme import Filter, Group, Indicator, Measure, Scheme
from projects.models import (
    AchievementKind,
    CapitalSource,
    Channel,
    CreditRole,
    IncidentReason,
    Industry,
    Park,
    ProjectClass,
    WinLevel,
)
from staff.models import Role, TeamKind

ATTRIBUTES = {
    "amount": gettext_lazy("金额"),
    "amount_usd": gettext_lazy("美元金额"),
    "people": gettext_lazy("人数"),
    "on": gettext_lazy("发生日期"),
    "industry": gettext_lazy("产业"),
    "capital_source": gettext_lazy("资金来源"),
    "project_class": gettext_lazy("项目等级"),
    "channel": gettext_lazy("渠道"),
    "park": gettext_lazy("园区"),
    "level": gettext_lazy("级别"),
    "reason": gettext_lazy("事由"),
    "investor": gettext_lazy("投资方"),
}
#: How many values of a condition are named; lists may hold hundreds.
NAMED = 8
OPERATORS = {
    "eq": gettext_lazy("为"),
    "in": gettext_lazy("为"),
    "gte": gettext_lazy("不低于"),
    "gt": gettext_lazy("高于"),
    "lte": gettext_lazy("不高于"),
    "lt": gettext_lazy("低于"),
    "ne": gettext_lazy("不为"),
    "not_in": gettext_lazy("不为"),
    "on_list": gettext_lazy("在当日有效的名单之内"),
}
VALUES: dict[str, Any] = {
    value: label
    for choices in (Industry, CapitalSource, Channel, Park, ProjectClass, WinLevel, IncidentReason)
    for value, label in choices.choices
}


@dataclass(frozen=True, slots=True)
class IndicatorWords:
    """One indicator as the scheme page shows it."""

    indicator: Indicator
    limits: str
    applies: str
    rule: str
    measures: tuple[tuple[str, str], ...]


def indicator_words(scheme: Scheme, indicator: Indicator) -> IndicatorWords:
    """The indicator's rule, ceilings and measures in words."""
    names = Names(indicator.measures, scheme)
    groups = [scheme.groups[code].title for code in indicator.applies_to if code in scheme.groups]
    return IndicatorWords(
        indicator,
        limits=limit_words(indicator),
        applies="、".join(groups) or _("全部对象"),
        rule=_whole_rule(indicator, names),
        measures=tuple((one.title, measure_words(one, names)) for one in indicator.measures.values()),
    )


def _whole_rule(indicator: Indicator, names: Names) -> str:
    """The rule, and the weight, bonus, deduction and veto that follow it."""
    parts = [rule_words(indicator.rule, names)]
    titles = names.scheme.categories
    weights = names.scheme.weights_of(indicator)
    if weights:
        listed = "、".join(
            f"{titles.get(name, '')}{plain(weight * 100)}%" for name, weight in weights.items()
        )
        parts.append(_("权重 %(weights)s") % {"weights": listed})
    if indicator.bonus is not None:
        parts.append(_("另加：%(rule)s") % {"rule": rule_words(indicator.bonus, names)})
    if indicator.deduction is not None:
        parts.append(_("另扣：%(rule)s") % {"rule": rule_words(indicator.deduction, names)})
    if indicator.veto is not None:
        words = condition_words(indicator.veto.condition, names)
        parts.append(
            _("一票否决“%(title)s”：%(condition)s") % {"title": indicator.veto.title, "condition": words}
        )
    return "；".join(parts)


def limit_words(indicator: Indicator) -> str:
    """How much the item may bring at most and at least."""
    limit = indicator.cap.limit(indicator.full_marks)
    parts = [_("不封顶") if limit is None else _("封顶 %(points)s 分") % {"points": plain(limit)}]
    if indicator.floor is not None:
        parts.append(_("最低 %(points)s 分") % {"points": plain(indicator.floor)})
    if indicator.report_only:
        parts.append(_("只通报，不计入总分"))
    return "，".join(parts)


def _label(choices: Any, value: str) -> str:
    """The product's name for a kind or role, or the word the scheme uses."""
    return str(dict(choices.choices).get(value, value))


def measure_words(measure: Measure, names: Names) -> str:
    """What is counted, by whose share, and what does not count."""
    if measure.computed is not None:
        return _("按公式计算：%(rule)s") % {"rule": rule_words(measure.computed, names)}
    if measure.given:
        return _("由主管部门填报，单位：%(unit)s") % {"unit": measure.unit}
    kinds = "、".join(_label(AchievementKind, kind) for kind in measure.kinds)
    shape = {
        "count": _("“%(kinds)s”的次数"),
        "sum": _("“%(kinds)s”的认定人数之和") if measure.field == "people" else _("“%(kinds)s”的认定额之和"),
        "count_projects": _("有“%(kinds)s”的项目数"),
        "tiers": _("“%(kinds)s”按人数分档的个数")
        if measure.field == "people"
        else _("“%(kinds)s”按金额分档的个数"),
    }[measure.aggregate] % {"kinds": kinds}
    parts = [_("%(shape)s（%(unit)s）") % {"shape": shape, "unit": measure.unit}]
    if measure.bands:
        parts.append(_("分档：%(bands)s") % {"bands": "、".join(band.title for band in measure.bands)})
    if measure.roles:
        parts.append(_("只计%(roles)s") % {"roles": "、".join(_label(CreditRole, r) for r in measure.roles)})
    parts += [filter_words(one, measure.amount_unit) for one in measure.where]
    parts.append(
        {
            "amount": _("金额先按份额折算"),
            "points": _("按份额计"),
            "none": _("不分份额，参与即计一件"),
        }[measure.share_mode]
    )
    if measure.once != "no":
        parts.append({"first": _("同一项目只计第一次"), "highest": _("同一项目只计最高一次")}[measure.once])
    if measure.at_most is not None:
        each, most = measure.at_most
        times = {
            "month": _("每月最多 %(count)s 次"),
            "quarter": _("每季度最多 %(count)s 次"),
            "half_year": _("每半年最多 %(count)s 次"),
            "year": _("每年最多 %(count)s 次"),
        }
        parts.append(times[each] % {"count": most})
    return "；".join(parts)


def filter_words(one: Filter, unit: str) -> str:
    """A condition: 资金来源为外资、合资."""
    if one.operator == "on_list":
        return f"{ATTRIBUTES.get(one.attribute, one.attribute)}{OPERATORS[one.operator]}"
    values = one.value if isinstance(one.value, tuple) else (one.value,)
    shown = "、".join(
        plain(v) if isinstance(v, Decimal) else str(VALUES.get(str(v), v)) for v in values[:NAMED]
    )
    if len(values) > NAMED:
        shown = _("%(values)s等 %(count)s 个") % {"values": shown, "count": len(values)}
    name = ATTRIBUTES.get(one.attribute, one.attribute)
    return f"{name}{OPERATORS[one.operator]} {shown}{f' {unit}' if one.attribute == 'amount' else ''}"


def subject_words(group: Group) -> list[str]:
    """The kinds of subject in a group by their names."""
    return [kind_words(kind) for kind in group.subjects]


def group_words(scheme: Scheme, group: Group) -> str:
    """Who is in a group, by what it is ranked, and what parts equal ones."""
    titles = {one.code: one.title for one in scheme.indicators}
    words = ["、".join(subject_words(group))]
    if group.rank_by != "total":
        words.append(_("按%(title)s排名") % {"title": titles.get(group.rank_by, group.rank_by)})
    if group.tie_breakers:
        ties = "、".join(titles.get(code, code) for code in group.tie_breakers)
        words.append(_("同分依次比%(titles)s") % {"titles": ties})
    return "；".join(words)


def kind_words(kind: str) -> str:
    """A kind of subject by its name; the word itself where the house has none."""
    known = dict(TeamKind.choices) | {"officer": Role.OFFICER.label}
    return str(known.get(kind, kind))


def rounding_words(rounding: Rounding) -> str:
    """How points are rounded: 总分四舍五入保留 2 位小数."""
    mode = {
        "half_up": _("四舍五入"),
        "half_even": _("四舍六入五成双"),
        "up": _("进一"),
        "down": _("去尾"),
    }[rounding.mode]
    place = _("总分") if rounding.when == "total" else _("各项得分")
    words = {"place": place, "mode": mode, "digits": rounding.digits}
    return _("%(place)s%(mode)s保留 %(digits)s 位小数") % words
