"""The rules that look at groups, projects, people and conditions in words; registers itself with `rule_words`."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kpi.queries.rule_words import Names, ratio_words, rule_words, share_words, target_kind
from kpi.scoring.rounding import plain
from kpi.scoring.rules import amounts, choosing, conditions, people, relative, values

#: Signs read the same in both languages.
SIGNS = conditions.OPERATORS


def condition_words(one: object, names: Names) -> str:
    """A condition: （开工 ≥ 5 且 到位 ÷ 目标“任务” ≥ 1）."""
    match one:
        case conditions.Comparison():
            return f"{rule_words(one.left, names)} {SIGNS[one.operator]} {rule_words(one.right, names)}"
        case conditions.Combined():
            link = _(" 或 ") if one.decisive else _(" 且 ")
            return f"（{link.join(condition_words(part, names) for part in one.parts)}）"
        case conditions.Negated():
            return _("不是：%(condition)s") % {"condition": condition_words(one.part, names)}
        case conditions.OfCategory():
            titles = "、".join(names.scheme.categories.get(name, name) for name in one.names)
            return _("类别为%(titles)s") % {"titles": titles}
    return ""


def _joined(parts: Iterable[object], names: Names, sign: str) -> str:
    return sign.join(f"（{rule_words(part, names)}）" for part in parts)


@rule_words.register
def _amount(rule: conditions.Amount, names: Names) -> str:
    return ratio_words(rule.ratio, names)


@rule_words.register
def _constant(rule: conditions.Constant, names: Names) -> str:
    return plain(rule.value)


@rule_words.register
def _target(rule: values.TargetValue, names: Names) -> str:
    return f"{target_kind(rule.timing, rule.level)}“{names.target(rule.target)}”"


@rule_words.register
def _item(rule: values.OfItem, names: Names) -> str:
    titles = {one.code: one.title for one in names.scheme.indicators}
    return _("“%(title)s”的得分") % {"title": titles.get(rule.code, rule.title)}


@rule_words.register
def _difference(rule: values.Difference, names: Names) -> str:
    return _joined(rule.parts, names, " − ")


@rule_words.register
def _quotient(rule: values.Quotient, names: Names) -> str:
    return _joined([rule.part, rule.by], names, " ÷ ")


@rule_words.register
def _product(rule: values.Product, names: Names) -> str:
    return _joined(rule.parts, names, " × ")


@rule_words.register
def _lowest(rule: values.Lowest, names: Names) -> str:
    return _("取低者：%(parts)s") % {"parts": " / ".join(rule_words(part, names) for part in rule.parts)}


@rule_words.register
def _rounded(rule: values.RoundedOff, names: Names) -> str:
    words = {"part": rule_words(rule.part, names), "digits": rule.digits}
    return _("%(part)s（先取舍到 %(digits)s 位小数）") % words


@rule_words.register
def _sample(rule: values.Sample, names: Names) -> str:
    parts = {key: names.measure(getattr(rule, key)) for key in ("reported", "verified", "sampled")}
    return _("%(reported)s × %(verified)s ÷ %(sampled)s（抽查折算）") % parts


@rule_words.register
def _per_step(rule: values.PerStep, names: Names) -> str:
    show = share_words if rule.amount.ratio.is_ratio else plain
    words = {
        "amount": rule_words(rule.amount, names),
        "start": show(rule.start),
        "step": show(rule.step),
        "points": plain(rule.points),
    }
    text = _("%(amount)s超过 %(start)s 后每 %(step)s 得 %(points)s 分") % words
    if rule.steps == "whole":
        text += _("（不足一档不计）")
    return text if rule.cap is None else text + _("，最多 %(limit)s 分") % {"limit": plain(rule.cap)}


@rule_words.register
def _no_concern(rule: values.NoConcern, names: Names) -> str:
    return _("不适用")


@rule_words.register
def _open(rule: values.Open, names: Names) -> str:
    return _("待定：%(reason)s") % {"reason": rule.reason}


@rule_words.register
def _when(rule: choosing.When, names: Names) -> str:
    words = {
        "condition": condition_words(rule.condition, names),
        "part": rule_words(rule.part, names),
        "otherwise": _("待定") if rule.otherwise is None else rule_words(rule.otherwise, names),
    }
    return _("满足%(condition)s的：%(part)s；否则：%(otherwise)s") % words


@rule_words.register
def _choose(rule: choosing.Choose, names: Names) -> str:
    cases = "；".join(f"{band.title}：{rule_words(one, names)}" for band, one in rule.cases)
    return _("按%(value)s分情形：%(cases)s") % {"value": rule_words(rule.value, names), "cases": cases}


@rule_words.register
def _by_category(rule: choosing.ByCategory, names: Names) -> str:
    titles = names.scheme.categories
    parts = [f"{titles.get(name, name)}：{rule_words(one, names)}" for name, one in rule.cases.items()]
    if rule.otherwise is not None:
        parts.append(_("其余：%(rule)s") % {"rule": rule_words(rule.otherwise, names)})
    return "；".join(parts)


@rule_words.register
def _weighted(rule: choosing.Weighted, names: Names) -> str:
    return " + ".join(f"（{rule_words(one, names)}）× {share_words(weight)}" for weight, one in rule.parts)


@rule_words.register
def _per_project(rule: amounts.PerProject, names: Names) -> str:
    parts = [_("每个项目：%(rule)s") % {"rule": rule_words(rule.part, names)}]
    if rule.cap is not None:
        parts.append(_("单个项目最多 %(points)s 分") % {"points": plain(rule.cap)})
    if rule.floor is not None:
        parts.append(_("单个项目最低 %(points)s 分") % {"points": plain(rule.floor)})
    if rule.best is not None:
        parts.append(_("只计最好的 %(count)s 个项目") % {"count": rule.best})
    return "，".join(parts)


@rule_words.register
def _phases(rule: amounts.Phases, names: Names) -> str:
    phases = "、".join(f"{one.title} {share_words(one.share)}" for one in rule.phases)
    return _("%(rule)s；分阶段认定：%(phases)s") % {"rule": rule_words(rule.part, names), "phases": phases}


@rule_words.register
def _brackets(rule: amounts.Brackets, names: Names) -> str:
    parts = []
    for one in rule.brackets:
        end = plain(one.to) if one.to is not None else _("以上")
        parts.append(f"{plain(one.from_)}—{end} {share_words(one.rate)}")
    method = _("各段分别计算") if rule.method == "marginal" else _("全额按所在段计算")
    text = f"{names.measure(rule.of)}：{'、'.join(parts)}（{method}）"
    return text if rule.cap is None else text + _("，最多 %(limit)s 分") % {"limit": plain(rule.cap)}


@rule_words.register
def _rating(rule: people.Rating, names: Names) -> str:
    panels = "、".join(f"{panel.title} {share_words(panel.weight)}" for panel in rule.panels)
    words = {"title": rule.title, "panels": panels, "scale": plain(rule.scale), "points": plain(rule.points)}
    return _("“%(title)s”评议（%(panels)s，满分 %(scale)s）折算 %(points)s 分") % words


@rule_words.register
def _choice(rule: people.Chosen, names: Names) -> str:
    words = {"title": rule.title, "least": plain(rule.least), "most": plain(rule.most)}
    return _("“%(title)s”在 %(least)s 至 %(most)s 分之间酌定") % words


@rule_words.register
def _power(rule: relative.PowerCoefficient, names: Names) -> str:
    words = {
        "part": rule_words(rule.part, names),
        "top": plain(rule.top),
        "bottom": plain(rule.bottom),
        "order": _("越小越好") if rule.order == "lowest" else _("越大越好"),
    }
    return _("%(part)s（%(order)s）与同组比较：最好 %(top)s 分，最差 %(bottom)s 分，其余按比例") % words


@rule_words.register
def _rank(rule: relative.Rank, names: Names) -> str:
    return _("%(part)s的组内名次") % {"part": rule_words(rule.part, names)}


@rule_words.register
def _rank_bands(rule: relative.RankBands, names: Names) -> str:
    parts = [
        _("第 %(first)s—%(last)s 名 %(points)s 分") % {"first": first, "last": last, "points": plain(points)}
        for first, last, points in rule.bands
    ]
    return f"{rule_words(rule.rank, names)}：{'；'.join(parts)}"


@rule_words.register
def _rank_gain(rule: relative.RankGain, names: Names) -> str:
    words = {
        "place": rule_words(rule.place, names),
        "previous": rule_words(rule.previous, names),
        "points": plain(rule.points),
    }
    if rule.per == "previous":
        return _("由%(previous)s升至%(place)s：升幅 × %(points)s 分") % words
    return _("由%(previous)s升至%(place)s：每升一位 %(points)s 分") % words


@rule_words.register
def _pool_share(rule: relative.PoolShare, names: Names) -> str:
    words = {"pool": plain(rule.pool), "part": rule_words(rule.part, names)}
    return _("奖金池 %(pool)s 按%(part)s在同组内分配") % words
