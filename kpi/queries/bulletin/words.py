"""The sentences of a bulletin that are made from its figures: the same figures give the same sentences."""

from decimal import Decimal

from django.utils.translation import gettext as _

from kpi.queries.bulletin.report import Report, TotalRow
from promotion.web.formats import number, percent

ENDS = 3
# How many idle teams are named.
NAMED = 4


def opening_words(report: Report) -> list[str]:
    """What came in, in the period and in the year so far."""
    signed, money = report.total("signed"), report.total("signed_amount")
    first = _("%(period)s认定签约项目 %(count)s 个、签约认定额 %(amount)s 亿元。") % {
        "period": report.period,
        "count": signed.period.text,
        "amount": money.period.text,
    }
    second = _("本年累计签约 %(count)s 个、%(amount)s 亿元%(change)s。") % {
        "count": signed.year.text,
        "amount": money.year.text,
        "change": change_words(money),
    }
    steps = _(
        "%(period)s注册登记 %(registered)s 个、开工 %(started)s 个、竣工 %(completed)s 个、投产 %(produced)s 个。"
    ) % {
        "period": report.period,
        **{
            code: report.total(code).period.text
            for code in ("registered", "started", "completed", "produced")
        },
    }
    paid = report.total("paid_in")
    capital = _(
        "外资到账 %(period)s 万美元，本年累计 %(year)s 万美元%(change)s；对上争取累计 %(wins)s 项。"
    ) % {
        "period": paid.period.text,
        "year": paid.year.text,
        "change": change_words(paid),
        "wins": report.total("win").year.text,
    }
    return [first + second, steps + capital]


def change_words(row: TotalRow) -> str:
    """，同比增长 12.5%; nothing where there is nothing to compare with."""
    if row.change is None:
        return _("（上年同期为零）") if not row.before.value and row.year.value else ""
    if not row.change:
        return _("，与上年同期持平")
    word = _("，同比增长 %(part)s") if row.change > 0 else _("，同比下降 %(part)s")
    return word % {"part": percent(abs(row.change), 1)}


def team_words(report: Report) -> list[str]:
    """Who leads, who closes the ranking, who moved, and how many reached their targets."""
    if not report.teams:
        return [_("截至本期没有核算结果，各队排名待核算后通报。")]
    first, last = report.teams[:ENDS], report.teams[-ENDS:] if len(report.teams) > 2 * ENDS else []
    sentences = [_("总分居前的是%(names)s。") % {"names": _listed([row.name for row in first])}]
    if last:
        sentences.append(_("居后的是%(names)s。") % {"names": _listed([row.name for row in last])})
    if risen := [row for row in report.teams if (row.moved or 0) >= 2]:
        best = max(risen, key=lambda row: row.moved or 0)
        words = {"name": best.name, "places": best.moved}
        sentences.append(_("%(name)s上升 %(places)s 位，进步最大。") % words)
    idle = [row.name for row in report.teams if not row.signed.value]
    if idle:
        words = {"period": report.period, "names": _listed(idle[:NAMED]), "count": len(idle)}
        named = (
            _("%(period)s没有签约的是%(names)s。"),
            _("%(period)s没有签约的有%(names)s等 %(count)s 个队。"),
        )
        sentences.append(named[len(idle) > NAMED] % words)
    return ["".join(sentences), *_target_words(report)]


def _target_words(report: Report) -> list[str]:
    found = []
    for code, title in report.heads:
        cells = [cell for row in report.teams for cell in row.targets if cell.code == code]
        done = [cell for cell in cells if cell.progress is not None and cell.progress >= 1]
        words = {"title": title, "done": len(done), "all": len(cells)}
        found.append(_("%(title)s：%(all)s 个队中 %(done)s 个完成全年目标。") % words)
    return ["".join(found)] if found else []


def people_words(report: Report) -> str:
    """How many people are under a card; nothing where nobody is."""
    if not (report.people.get("yellow") or report.people.get("red")):
        return ""
    return _("个人黄牌 %(yellow)s 张、红牌 %(red)s 张，已通知本人。") % dict(report.people)


def card_words(report: Report) -> list[str]:
    """The teams under a card with the reason, and how many people are."""
    found = [
        _("%(name)s%(colour)s：%(reason)s") % {"name": row.name, "colour": row.label, "reason": row.reason}
        for row in report.cards
    ]
    if people := people_words(report):
        found.append(people)
    return found or [_("%(period)s没有亮牌。") % {"period": report.period}]


def now_words(report: Report) -> list[str]:
    """What stands in the way."""
    found = {row.code: number(Decimal(row.value), 0) for row in report.now}
    sentence = _(
        "取数之日在库项目 %(active)s 个，其中停滞 %(stalled)s 个、下一步逾期 %(overdue)s 个；未办结堵点中红牌 %(red)s 个、黄牌 %(yellow)s 个。"
    )
    return [sentence % found]


def _listed(names: list[str]) -> str:
    return "、".join(names)
