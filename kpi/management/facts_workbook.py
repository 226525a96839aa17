"""A workbook of facts (sheets subjects, facts, credits, targets, measures) as the document the JSON form would be."""

import io
import itertools
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import openpyxl

from kpi.scoring.entries import InvalidDocument, SchemeError

Rows = list[dict[str, str]]

#: The sheets by name, and the Chinese headings and sheet names that may be used instead of the codes.
SHEETS: Mapping[str, str] = {
    "对象": "subjects",
    "事实": "facts",
    "归属": "credits",
    "目标": "targets",
    "度量": "measures",
    "类别": "categories",
    "评议": "ratings",
    "酌定": "choices",
    "汇率": "rates",
    "说明": "settings",
}
HEADINGS: Mapping[str, str] = {
    "编号": "id",
    "代码": "code",
    "名称": "name",
    "类别": "kind",
    "种类": "kind",
    "日期": "on",
    "金额": "amount",
    "数量": "count",
    "项目": "project",
    "事实": "fact",
    "对象": "subject",
    "角色": "role",
    "份额": "share",
    "目标": "target",
    "指标": "indicator",
    "度量": "measure",
    "档": "band",
    "数值": "value",
    "截至": "as_of",
    "时序": "elapsed",
    "时段": "period",
    "档次": "level",
    "起始日": "from",
    "考核类别": "category",
    "评议": "rating",
    "评议组": "panel",
    "评分人": "by",
    "评分": "mark",
    "酌定项": "choice",
    "分值": "points",
    "酌定人": "by",
    "理由": "reason",
    "币种": "currency",
    "汇率": "rate",
}
FACT_FIELDS = ("id", "kind", "on", "amount", "count", "project", "currency")
CREDIT_FIELDS = ("subject", "role", "share")
MOST_ROWS = 200_000
STRETCH = ("stretch", "加压", "加压目标")


def facts_of_workbook(data: bytes) -> dict[str, Any]:
    """The document of a workbook. Raises InvalidDocument when it cannot be read or a sheet lacks a column."""
    sheets = _sheets(data)
    document: dict[str, Any] = {"subjects": _subjects(sheets)}
    if "facts" in sheets:
        document["facts"] = [_fact(row) for row in sheets["facts"]]
        document["credits"] = [*_credits(sheets)]
    if "rates" in sheets:
        document["rates"] = _rates(sheets["rates"])
    for row in sheets.get("settings", []):
        document.update({name: text for name, text in row.items() if name in {"as_of", "elapsed"} and text})
    if "elapsed" in document:
        document["elapsed"] = _number(document["elapsed"])
    return document


def _sheets(data: bytes) -> dict[str, Rows]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found = {
            SHEETS.get(sheet.title.strip(), sheet.title.strip()): _rows(sheet.iter_rows(values_only=True))
            for sheet in book.worksheets
        }
    except Exception as error:  # the reader raises whatever the broken part of the file makes it raise
        raise InvalidDocument(
            [SchemeError("", 0, "工作簿打不开：文件已损坏、带密码，或不是真正的 .xlsx。")]
        ) from error
    known = set(SHEETS.values())
    if not known & set(found):
        names = "、".join(f"{word}（{code}）" for word, code in SHEETS.items())
        raise InvalidDocument([SchemeError("", 0, f"工作簿里没有可读的工作表，可用：{names}。")])
    return {name: rows for name, rows in found.items() if name in known}


def _rows(lines: Iterator[tuple[Any, ...]]) -> Rows:
    """The lines below the headings as text by heading; empty lines and cells are left out."""
    filled = (line for line in itertools.islice(lines, MOST_ROWS) if any(value is not None for value in line))
    headings = [_text(value) for value in next(filled, ())]
    names = [HEADINGS.get(heading, heading) for heading in headings]
    rows = []
    for line in filled:
        cells = {name: _text(value) for name, value in zip(names, line, strict=False) if name}
        rows.append({name: text for name, text in cells.items() if text})
    return rows


def _text(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "date") and callable(value.date):
        value = value.date()
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _subjects(sheets: Mapping[str, Rows]) -> list[dict[str, Any]]:
    """The subjects of the sheet of that name, or whoever the other sheets name."""
    found: dict[str, dict[str, Any]] = {}
    for index, row in enumerate(sheets.get("subjects", [])):
        code = _need(row, "code", "subjects", index)
        entry = {name: text for name, text in row.items() if name in {"code", "name", "kind"}}
        found[code] = {**entry, "targets": {}, "measures": {}}
    for name in ("targets", "measures", "categories", "ratings", "choices", "credits", "facts"):
        for row in sheets.get(name, []):
            if "subject" in row and "subjects" not in sheets:
                new: dict[str, Any] = {"code": row["subject"], "targets": {}, "measures": {}}
                found.setdefault(row["subject"], new)
    for index, row in enumerate(sheets.get("targets", [])):
        subject = _known(found, row, "targets", index)
        _put_target(subject, row, index)
    for index, row in enumerate(sheets.get("measures", [])):
        _put_measure(_known(found, row, "measures", index), row, index)
    _people(found, sheets)
    return list(found.values())


def _put_target(subject: dict[str, Any], row: Mapping[str, str], index: int) -> None:
    """A target of the year, or of the period and level (基本, 加压) written beside it."""
    targets, code = subject["targets"], _need(row, "target", "targets", index)
    value, period = _number(row.get("value")), row.get("period", "")
    stretch = row.get("level", "") in STRETCH
    held = targets.get(code)
    if not period and not stretch and not isinstance(held, dict):
        targets[code] = value
        return
    by_period = held if isinstance(held, dict) else {} if held is None else {"year": held}
    if stretch:
        by_period["stretch"] = {**by_period.get("stretch", {}), period or "year": value}
    else:
        by_period[period or "year"] = value
    targets[code] = by_period


def _put_measure(subject: dict[str, Any], row: Mapping[str, str], index: int) -> None:
    """A measure given ready, for the subject or for one of its projects."""
    indicator = _need(row, "indicator", "measures", index)
    if "project" in row:
        values = subject.setdefault("projects", {}).setdefault(indicator, {}).setdefault(row["project"], {})
    else:
        values = subject["measures"].setdefault(indicator, {})
    code = _need(row, "measure", "measures", index)
    value = _number(_need(row, "value", "measures", index))
    if "band" not in row:
        values[code] = value
    elif isinstance(values.setdefault(code, {}), dict):
        values[code][row["band"]] = value


def _people(found: Mapping[str, dict[str, Any]], sheets: Mapping[str, Rows]) -> None:
    """What people decided: categories by date, ballots (an empty mark is one not handed in), chosen points."""
    for index, row in enumerate(sheets.get("categories", [])):
        subject = _known(found, row, "categories", index)
        held = {
            "from": _need(row, "from", "categories", index),
            "category": _need(row, "category", "categories", index),
        }
        subject.setdefault("categories", []).append(held)
    for index, row in enumerate(sheets.get("ratings", [])):
        subject = _known(found, row, "ratings", index)
        ballots = subject.setdefault("ratings", {}).setdefault(_need(row, "rating", "ratings", index), [])
        ballot = {name: _need(row, name, "ratings", index) for name in ("panel", "by")}
        ballots.append({**ballot, "mark": _number(row["mark"]) if "mark" in row else None})
    for index, row in enumerate(sheets.get("choices", [])):
        subject = _known(found, row, "choices", index)
        chosen = {name: _need(row, name, "choices", index) for name in ("points", "by", "reason")}
        chosen["points"] = _number(chosen["points"])
        subject.setdefault("choices", {})[_need(row, "choice", "choices", index)] = chosen


def _rates(rows: Rows) -> dict[str, dict[str, Any]]:
    """The rates by currency and day."""
    found: dict[str, dict[str, Any]] = {}
    for index, row in enumerate(rows):
        days = found.setdefault(_need(row, "currency", "rates", index), {})
        days[_need(row, "on", "rates", index)] = _number(_need(row, "rate", "rates", index))
    return found


def _known(
    found: Mapping[str, dict[str, Any]], row: Mapping[str, str], sheet: str, index: int
) -> dict[str, Any]:
    code = _need(row, "subject", sheet, index)
    if code not in found:
        raise InvalidDocument(
            [SchemeError(f"{sheet}[{index}].subject", 0, f"没有代码为“{code}”的考核对象。")]
        )
    return found[code]


def _need(row: Mapping[str, str], name: str, sheet: str, index: int) -> Any:
    if name not in row:
        words = next((word for word, code in HEADINGS.items() if code == name), name)
        raise InvalidDocument([SchemeError(f"{sheet}[{index}]", 0, f"缺少“{words}”（{name}）。")])
    return row[name]


def _fact(row: Mapping[str, str]) -> dict[str, Any]:
    fact: dict[str, Any] = {name: row[name] for name in FACT_FIELDS if name in row}
    if "count" in fact:
        fact["count"] = _number(fact["count"])
    attributes = {name: text for name, text in row.items() if name not in (*FACT_FIELDS, *CREDIT_FIELDS)}
    return {**fact, "attributes": {name: _number(text) for name, text in attributes.items()}}


def _credits(sheets: Mapping[str, Rows]) -> Iterator[dict[str, str]]:
    """The lines of the sheet of credits, and the subject written beside a fact."""
    for row in sheets.get("credits", []):
        yield {name: text for name, text in row.items() if name in {"fact", *CREDIT_FIELDS}} | _share(row)
    for row in sheets["facts"]:
        if "subject" in row and "id" in row:
            credit = {name: row[name] for name in CREDIT_FIELDS if name in row}
            yield {"fact": row["id"], **credit} | _share(row)


def _share(row: Mapping[str, str]) -> dict[str, Any]:
    return {"share": _number(row["share"])} if "share" in row else {}


def _number(text: str | None) -> Any:
    """Text as the number it is, or as it stands."""
    try:
        value = Decimal(text or "")
    except InvalidOperation:
        return {"true": True, "false": False}.get(text or "", text)
    return int(value) if value == value.to_integral_value() else value
