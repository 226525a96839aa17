"""How an amount of pay came about, step by step in words and figures; the same on page, slip and workbook."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kpi.models import PaySheet
from kpi.pay.line import BASE, MonthLine, YearLine
from kpi.queries.pay_sealed import Opened
from promotion.web.formats import exact, number
from staff.models import Grade


@dataclass(frozen=True, slots=True)
class Said:
    """One step: what it is, how it is reckoned, and the amount in 元 that it adds (None: it only leads to another)."""

    label: str
    words: str
    amount: Decimal | None


def said(opened: Opened) -> list[Said]:
    """The steps of a line, with `opened.row.sheet` and its rule and scale read."""
    sheet, line = opened.row.sheet, opened.line
    steps = _month(sheet, line) if isinstance(line, MonthLine) else _year(line)
    return [*steps, *(_correction(each) for each in line.corrections)]


def _month(sheet: PaySheet, line: MonthLine) -> list[Said]:
    scale = sheet.scale.by_grade if sheet.scale else {}
    bases, targets = [], []
    for part in line.parts:
        words = {"grade": Grade(part.grade).label, "days": part.days, "all": line.month_days}
        paid = scale[part.grade]
        bases.append(
            _("%(grade)s %(amount)s 元 × %(days)s/%(all)s 天") % (words | {"amount": number(paid.base)})
        )
        targets.append(
            _("%(grade)s %(amount)s 元 × %(days)s/%(all)s 天")
            % (words | {"amount": number(paid.performance)})
        )
    away = _("；另有 %(days)s 天按办法不计") % {"days": line.away_days} if line.away_days else ""
    percent = exact(sheet.rule.advance_percent, 2)
    advance = _("达标考核薪酬 %(target)s 元的 %(percent)s%%，其余年终按得分结算") % {
        "target": number(line.target),
        "percent": percent,
    }
    steps = [
        Said(_("基本底薪"), "；".join(bases) + away, line.base),
        Said(_("达标考核薪酬"), "；".join(targets), None),
        Said(_("预发考核薪酬"), advance, line.advance),
    ]
    return steps + [
        Said(
            _("补 %(month)s 月") % {"month": each.month},
            _("任职、级别或标准变更后重算：底薪 %(base)s 元，预发 %(advance)s 元，达标考核薪酬 %(target)s 元")
            % {
                "base": number(each.base),
                "advance": number(each.advance),
                "target": number(each.target),
            },
            each.paid,
        )
        for each in line.arrears
    ]


def _year(line: YearLine) -> list[Said]:
    goal = Said(
        _("全年达标考核薪酬"), _("各月达标考核薪酬之和 %(amount)s 元") % {"amount": number(line.target)}, None
    )
    if line.score is None:
        words = _("没有考核结果，已预发的不再变动。")
        return [goal, Said(_("应得考核薪酬"), words, None), Said(_("结算"), words, line.due)]
    figures = {
        "score": number(line.score),
        "rank": line.rank,
        "factor": exact(line.factor, 4),
        "target": number(line.target),
        "earned": number(line.earned),
    }
    earned = (
        _("得分 %(score)s，第 %(rank)s 名，系数 %(factor)s；%(target)s × %(factor)s = %(earned)s 元")
        % figures
    )
    paid = {"earned": figures["earned"], "advanced": number(line.advanced), "settled": number(line.settled)}
    less = (
        _("应得 %(earned)s 元 − 已预发 %(advanced)s 元 − 已结算 %(settled)s 元")
        if line.settled
        else _("应得 %(earned)s 元 − 已预发 %(advanced)s 元")
    )
    label = _("结算补发") if line.due >= 0 else _("结算扣回")
    return [goal, Said(_("应得考核薪酬"), earned, None), Said(label, less % paid, line.due)]


def _correction(each: Any) -> Said:
    kind = _("更正（底薪）") if each.kind == BASE else _("更正（考核薪酬）")
    return Said(kind, _("%(reason)s（%(by)s）") % {"reason": each.reason, "by": each.by}, each.amount)


def sentence(opened: Opened) -> str:
    """The steps in one line, for a workbook."""
    return "；".join(f"{each.label}：{each.words}" for each in said(opened))
