"""A trial run as a workbook: scores with their lines, standings, awards, what stands beside, what does not count, and notes."""

from collections.abc import Iterator
from typing import Any

from kpi.scoring.rounding import plain
from kpi.scoring.table import ELIGIBLE, STATUS
from kpi.scoring.trial import Trial, left_out
from promotion.web.workbooks import Sheet, SheetColumn, write_workbook

ITEM_STATUS = {"scored": "已计分", "undecided": "未定", "not_applicable": "不适用"}


def workbook_of(trial: Trial) -> bytes:
    """The whole XLSX file. Points are numbers; the exact figures are in the lines."""
    return write_workbook(
        [
            _sheet("得分", "对象 名称 类别 总分 未定项", _totals(trial), {"总分"}),
            _sheet("得分明细", "对象 指标 条款 满分 得分 状态 算式", _items(trial), {"满分", "得分"}),
            _sheet("排名", "分组 名次 对象 总分 并列", _standings(trial), {"名次", "总分"}),
            _sheet("奖项", "奖项 对象 名次 状态 依据", _awards(trial), {"名次"}),
            _sheet("评定", "对象 评奖资格 等次 亮牌 依据", _outcomes(trial), set()),
            _sheet("不计入", "对象 指标 度量 事实 角色 原因", _excluded(trial), set()),
            _sheet("说明", "项目 内容", _notes(trial), set()),
        ]
    )


def _sheet(name: str, headings: str, rows: Iterator[list[Any]], numbers: set[str]) -> Sheet:
    columns = [
        SheetColumn(heading, "number" if heading in numbers else "text", _width(heading), "General")
        for heading in headings.split()
    ]
    return Sheet(name, columns, list(rows))


def _width(heading: str) -> float:
    return {"算式": 70, "依据": 60, "原因": 50, "内容": 90, "指标": 24}.get(heading, 14)


def _totals(trial: Trial) -> Iterator[list[Any]]:
    for sheet in trial.sheets:
        subject = sheet.subject
        yield [subject.code, subject.name, subject.kind, sheet.total, str(len(sheet.undecided) or "")]


def _items(trial: Trial) -> Iterator[list[Any]]:
    for sheet in trial.sheets:
        for item in sheet.items:
            words = item.explanation or item.undecided_reason
            status = ITEM_STATUS[item.status]
            name = sheet.subject.name
            yield [name, item.title, item.clause, item.full_marks, item.points, status, words]


def _standings(trial: Trial) -> Iterator[list[Any]]:
    for code, standings in trial.standings.items():
        for one in standings:
            title = trial.scheme.groups[code].title
            yield [title, one.place, one.sheet.subject.name, one.sheet.total, "并列" if one.tied else ""]


def _awards(trial: Trial) -> Iterator[list[Any]]:
    for one in trial.candidates:
        yield [one.title, one.subject.name, one.place, STATUS[one.status], one.reason]


def _outcomes(trial: Trial) -> Iterator[list[Any]]:
    for one in trial.outcomes:
        name, cards = one.subject.name, "、".join(one.cards)
        yield [name, ELIGIBLE[one.eligible], one.grade, cards, "".join(one.reasons)]


def _excluded(trial: Trial) -> Iterator[list[Any]]:
    for sheet in trial.sheets:
        measured = trial.measured[sheet.subject.code]
        for indicator in trial.scheme.indicators:
            for code, entry in left_out(indicator, measured[indicator.code]):
                title = indicator.measures[code].title
                line = entry.line
                yield [sheet.subject.name, indicator.title, title, line.fact.id, line.role, entry.reason]


def _notes(trial: Trial) -> Iterator[list[Any]]:
    scheme = trial.scheme
    yield ["细则", f"{scheme.title}（{scheme.code}，{scheme.year} 年）"]
    yield ["时序", plain(trial.facts.elapsed)]
    yield from (["假设", words] for words in scheme.assumptions)
    yield from (["请留意", words] for words in scheme.warnings)
