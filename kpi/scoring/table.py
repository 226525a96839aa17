"""A trial run as a table of text for a terminal; Chinese characters are two columns wide."""

import unicodedata
from collections.abc import Sequence

from kpi.scoring.results import Item
from kpi.scoring.rounding import plain
from kpi.scoring.trial import Trial

STATUS = {"candidate": "候选", "passed_over": "不适用", "undecided": "未定"}

ELIGIBLE = {True: "有", False: "取消", None: "未定"}


def as_table(trial: Trial) -> str:
    """Sheets, standings and award candidates, one below the other."""
    parts = [f"{trial.scheme.title}（{trial.scheme.code}）"]
    for sheet in trial.sheets:
        rows = [_row(item) for item in sheet.items]
        undecided = f"，{len(sheet.undecided)} 项未定未计入" if sheet.undecided else ""
        head = f"{sheet.subject.name}  总分 {sheet.total}{undecided}"
        parts.append(f"{head}\n{columns(['指标', '满分', '得分', '算式'], rows)}")
    for code, standings in trial.standings.items():
        if standings:
            ranks = [
                [
                    str(entry.place),
                    entry.sheet.subject.name,
                    str(entry.sheet.total),
                    "并列" if entry.tied else "",
                ]
                for entry in standings
            ]
            title = trial.scheme.groups[code].title
            parts.append(f"{title}排名\n{columns(['名次', '对象', '总分', '备注'], ranks)}")
    if trial.candidates:
        awards = [
            [entry.title, entry.subject.name, STATUS[entry.status], entry.reason]
            for entry in trial.candidates
        ]
        parts.append(f"奖项与提示\n{columns(['奖项', '对象', '状态', '依据'], awards)}")
    if trial.outcomes:
        rows = [
            [
                entry.subject.name,
                ELIGIBLE[entry.eligible],
                entry.grade or "—",
                "、".join(entry.cards) or "—",
                "".join(entry.reasons),
            ]
            for entry in trial.outcomes
        ]
        parts.append(f"评定\n{columns(['对象', '评奖资格', '等次', '亮牌', '依据'], rows)}")
    parts.extend(f"请留意：{warning}" for warning in trial.scheme.warnings)
    return "\n\n".join(parts) + "\n"


def _row(item: Item) -> list[str]:
    full = "" if item.full_marks is None else plain(item.full_marks)
    if item.status == "not_applicable":
        return [item.title, full, "—", "不适用"]
    if item.points is None:
        return [item.title, full, "未定", item.undecided_reason]
    return [item.title, "仅通报" if item.report_only else full, str(item.points), item.explanation]


def columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Left-aligned columns, two spaces apart; the last column is not padded."""
    lines = [list(headings), *(list(row) for row in rows)]
    widths = [max(width(line[index]) for line in lines) for index in range(len(headings))]
    return "\n".join("  ".join(_padded(line, widths)).rstrip() for line in lines)


def _padded(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [cell + " " * (wide - width(cell)) for cell, wide in zip(line, widths, strict=True)]


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)
