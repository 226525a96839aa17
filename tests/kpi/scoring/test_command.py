"""`manage.py kpi_evaluate`: facts by credit, workbooks, tables, and every way in which a file can be wrong."""

import json
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.scoring.document import parse_scheme
from kpi.scoring.facts_document import parse_facts
from kpi.scoring.trial import try_out
from tests.kpi.scoring.examples import SCHEMES

SCHEME = str(SCHEMES / "high-tech-zone-2026.yaml")

FACTS: dict[str, Any] = {
    "as_of": "2026-11-22",
    "subjects": [
        {
            "code": "GJ3",
            "name": "项目攻坚三队",
            "kind": "task_force",
            "targets": {"signing": 14, "foreign_capital": 20000, "output": 10, "tax": 2},
        },
        {
            "code": "zhou",
            "name": "周演示",
            "kind": "officer",
            "targets": {"signing": 2, "foreign_capital": 400},
        },
    ],
    "facts": [
        {"id": "F1", "kind": "signed", "on": "2026-11-05", "amount": "51.8亿元", "project": "P1"},
        {"id": "F2", "kind": "signed", "on": "2026-03-05", "amount": "2000万元", "project": "P2"},
        {
            "id": "F3",
            "kind": "paid_in",
            "on": "2026-06-01",
            "amount": "7.1亿元",
            "project": "P1",
            "attributes": {"capital_source": "foreign", "amount_usd": 100000000},
        },
    ],
    "credits": [
        {"fact": fact, "subject": subject, "role": "introduction", "share": "50%"}
        for fact in ("F1", "F2", "F3")
        for subject in ("GJ3", "zhou")
    ],
}


def evaluate(facts: Path, **options: Any) -> str:
    out = StringIO()
    call_command("kpi_evaluate", SCHEME, str(facts), stdout=out, **options)
    return out.getvalue()


def write(path: Path, facts: Any) -> Path:
    path.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    return path


def test_facts_are_credited_measured_scored_ranked_and_explained(tmp_path: Path) -> None:
    found = json.loads(evaluate(write(tmp_path / "facts.json", FACTS), format="json"))
    team, officer = found["sheets"]
    points = {item["code"]: (item["points"], item["explanation"]) for item in team["items"]}
    assert points == {
        "signing": ("9", "50 亿元以上 0.5×18 = 9"),
        "foreign_capital": ("6.25", "5000÷20000×25 = 6.25"),
        "wins": ("0", "无计分事项 0"),
        "contribution": ("0", "(0÷10×50% + 0÷2×50%)×20 = 0"),
        "landing": ("0", "无计分事项 0"),
    }
    assert [item["excluded"] for item in team["items"]] == [
        [
            {
                "measure": "signed_by_size",
                "fact": "F2",
                "role": "introduction",
                "reason": "金额 0.2 亿元，未满 0.3 亿元起点。",
            }
        ],
        *([] for _ in range(4)),
    ]
    assert (team["total"], officer["total"], officer["undecided"]) == ("15.25", "34", 1)
    assert officer["items"][3]["undecided_reason"] == "未下达目标“产值”，本项无法计算；请先录入目标。"
    assert [(entry["title"], entry["subject"], entry["status"]) for entry in found["awards"]] == [
        ("卓越奖", "GJ3", "candidate"),
        ("蜗牛奖", "GJ3", "candidate"),
        ("金牌招商能手", "zhou", "undecided"),
        ("末两名人员提示", "zhou", "undecided"),
    ]
    assert len(found["fingerprint"]) == 64


def test_table_shows_sheets_standings_and_awards(tmp_path: Path) -> None:
    text = evaluate(write(tmp_path / "facts.json", FACTS))
    assert "周演示  总分 34.00，1 项未定未计入" in text
    assert "外资到账          25    25.00  5000÷400×25 = 312.5 → 封顶 25" in text
    assert "团队排名\n名次  对象          总分   备注\n1     项目攻坚三队  15.25" in text
    assert "蜗牛奖" in text


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


SHEETS: dict[str, list[list[Any]]] = {
    "说明": [["截至"], ["2026-11-22"]],
    "对象": [["代码", "名称", "类别"], ["GJ3", "项目攻坚三队", "task_force"], ["zhou", "周演示", "officer"]],
    "事实": [
        ["编号", "种类", "日期", "金额", "项目", "capital_source", "amount_usd"],
        ["F1", "signed", "2026-11-05", "51.8亿元", "P1"],
        ["F2", "signed", "2026-03-05", 20000000, "P2"],
        ["F3", "paid_in", "2026-06-01", "7.1亿元", "P1", "foreign", 100000000],
    ],
    "归属": [
        ["事实", "对象", "角色", "份额"],
        *([fact, subject, "introduction", 0.5] for fact in ("F1", "F2", "F3") for subject in ("GJ3", "zhou")),
    ],
    "目标": [
        ["对象", "目标", "数值"],
        ["GJ3", "signing", 14],
        ["GJ3", "foreign_capital", 20000],
        ["GJ3", "output", 10],
        ["GJ3", "tax", 2],
        ["zhou", "signing", 2],
        ["zhou", "foreign_capital", 400],
    ],
}


def test_workbook_gives_the_same_result_as_json(tmp_path: Path) -> None:
    book = tmp_path / "facts.xlsx"
    book.write_bytes(workbook(**SHEETS))
    of_book = json.loads(evaluate(book, format="json"))
    of_json = json.loads(evaluate(write(tmp_path / "facts.json", FACTS), format="json"))
    assert of_book == of_json


def test_workbook_may_hold_ready_measures(tmp_path: Path) -> None:
    measures = [["对象", "指标", "度量", "档", "数值"], ["zhou", "signing", "signed_by_size", "large", 2]]
    book = tmp_path / "facts.xlsx"
    book.write_bytes(workbook(measures=measures))
    signing = json.loads(evaluate(book, format="json"))["sheets"][0]
    assert (signing["kind"], signing["undecided"]) == ("subject", 0)
    book.write_bytes(workbook(subjects=[["code", "kind"], ["zhou", "officer"]], measures=measures))
    signing = json.loads(evaluate(book, format="json"))["sheets"][0]
    assert (signing["items"][0]["points"], signing["total"], signing["undecided"]) == ("20", "20", 4)


def fault(facts: Path, scheme: str = SCHEME) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("kpi_evaluate", scheme, str(facts), stdout=StringIO())
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"subjects": []}, "subjects：这里至少要写一项。"),
        ({"as_of": "2026-02-30"}, "as_of：“2026-02-30”不是存在的日期。"),
        ({"credits": [{"fact": "F9", "subject": "zhou"}]}, "credits[0].fact：没有编号为“F9”的事实。"),
        ({"credits": [{"fact": "F1", "subject": "li"}]}, "credits[0].subject：没有编号为“li”的考核对象。"),
        (
            {"subjects": [{"code": "a", "targets": {"fdi": 1}}]},
            "subjects[0].targets.fdi：细则没有目标“fdi”。",
        ),
        ({"subjects": [{"code": "a"}, {"code": "a"}]}, "subjects[1].code：“a”重复。"),
        (
            {"facts": [{"id": 1, "kind": "signed", "on": "2026-01-01", "amount": "很多"}]},
            "facts[0].amount：“很多”不是金额；可写 350000000 或“3.5亿元”。",
        ),
        (
            {"fact": []},
            "fact：不认识“fact”，这里可写：elapsed、as_of、subjects、facts、rates、credits。是否想写“facts”？",
        ),
    ],
)
def test_faulty_facts_are_refused_with_the_place(
    change: dict[str, Any], message: str, tmp_path: Path
) -> None:
    assert message in fault(write(tmp_path / "facts.json", {**FACTS, **change}))


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    facts = write(tmp_path / "facts.json", FACTS)
    assert "不能读取" in fault(tmp_path / "none.json")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"not a workbook")
    assert "工作簿打不开" in fault(broken)
    foreign = tmp_path / "gb.yaml"
    foreign.write_bytes("细则: 一".encode("gb18030"))
    assert "不是 UTF-8 文本" in fault(facts, str(foreign))
    bad = tmp_path / "bad.yaml"
    bad.write_text("scheme: x\ntitle: 示例\nyear: 2026\n", encoding="utf-8")
    assert fault(facts, str(bad)).endswith("第 1 行 文件：缺少“indicators”。")


def test_workbook_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    book = tmp_path / "facts.xlsx"
    book.write_bytes(workbook(targets=[["对象", "数值"], ["zhou", 1]]))
    assert "targets[0]：缺少“目标”（target）。" in fault(book)
    book.write_bytes(workbook(notes=[["a"]]))
    assert "工作簿里没有可读的工作表" in fault(book)


WHOLE: dict[str, Any] = {
    "scheme": "whole",
    "title": "全部输入",
    "year": 2026,
    "targets": {"goal": {"title": "任务", "unit": "万元"}},
    "exchange": {"rate": "day"},
    "categories": {"when_changed": "as_of", "kinds": {"a": "甲类", "b": "乙类"}},
    "indicators": [
        {
            "code": "funds",
            "title": "到位资金",
            "weight": {"a": "50%", "b": "100%"},
            "measures": {"sum": {"title": "资金", "facts": ["paid_in"], "aggregate": "sum", "unit": "万元"}},
            "rule": {
                "kind": "ratio_times_points",
                "of": "sum",
                "target": "goal",
                "timing": "Q1",
                "level": "stretch",
                "points": 10,
            },
        },
        {
            "code": "marks",
            "title": "评议",
            "measures": {},
            "rule": {
                "kind": "rating",
                "rating": "r",
                "panels": [{"panel": "p"}],
                "missing": "skip",
                "scale": 100,
                "points": 10,
            },
        },
        {
            "code": "extra",
            "title": "酌定",
            "measures": {},
            "rule": {"kind": "choice", "choice": "c", "from": 0, "to": 5},
        },
        {
            "code": "cards",
            "title": "项目",
            "measures": {"done": {"title": "完成"}},
            "rule": {"kind": "per_project", "part": {"kind": "amount", "of": "done"}},
        },
    ],
}
WHOLE_SHEETS: dict[str, list[list[Any]]] = {
    "事实": [
        ["编号", "种类", "日期", "金额", "币种", "对象"],
        ["F1", "paid_in", "2026-03-05", 10000, "USD", "u"],
    ],
    "目标": [
        ["对象", "目标", "时段", "档次", "数值"],
        ["u", "goal", None, None, 40],
        ["u", "goal", "Q1", "加压", 10],
        ["u", "goal", "", "加压", 44],
    ],
    "类别": [["对象", "起始日", "考核类别"], ["u", "2026-01-01", "a"], ["u", "2026-05-01", "b"]],
    "评议": [
        ["对象", "评议", "评议组", "评分人", "评分"],
        ["u", "r", "p", "甲", 80],
        ["u", "r", "p", "乙", None],
    ],
    "酌定": [["对象", "酌定项", "分值", "酌定人", "理由"], ["u", "c", 3, "考核组", "配合"]],
    "度量": [
        ["对象", "指标", "度量", "项目", "数值"],
        ["u", "cards", "done", "P1", 2],
        ["u", "cards", "done", "P2", 4],
    ],
    "汇率": [["币种", "日期", "汇率"], ["USD", "2026-03-01", 7]],
}


def test_workbook_holds_every_kind_of_input_and_of_result(tmp_path: Path) -> None:
    scheme, book, result = tmp_path / "scheme.json", tmp_path / "facts.xlsx", tmp_path / "result.xlsx"
    write(scheme, WHOLE)
    book.write_bytes(workbook(**WHOLE_SHEETS))
    said = StringIO()
    call_command("kpi_evaluate", str(scheme), str(book), output=result, stderr=said)
    read = openpyxl.load_workbook(result)
    assert read.sheetnames == ["得分", "得分明细", "排名", "奖项", "评定", "不计入", "说明"]
    lines = [(row[1], row[4], row[6]) for row in read["得分明细"].iter_rows(min_row=2, values_only=True)]
    assert lines == [
        ("到位资金", 7, "7÷10×10×权重 100% = 7"),
        ("评议", 8, "p 80÷满分 100×10 = 8"),
        ("酌定", 3, "c（考核组：配合） 3"),
        ("项目", 6, "P1（完成 2） + P2（完成 4） = 6"),
    ]
    assert said.getvalue().splitlines() == [
        "细则 全部输入：4 项指标；数据：1 个对象。",
        "计量 1/1",
        "计分 1/1",
        "排名与评定 1/1",
        f"已写入 {result}。",
    ]
    with pytest.raises(CommandError, match="请用 --output"):
        call_command("kpi_evaluate", str(scheme), str(book), format="xlsx")


@pytest.mark.parametrize(
    ("time", "counted"),
    [
        ({"as_of": "2026-11-04"}, "0"),
        ({"as_of": "2026-11-05"}, "9"),
        ({"elapsed": 0.85}, "9"),
        ({"as_of": "2026-11-04", "elapsed": 1}, "0"),
    ],
)
def test_facts_after_the_day_of_the_file_do_not_count_and_say_so(
    tmp_path: Path, time: dict[str, Any], counted: str
) -> None:
    file = {key: value for key, value in FACTS.items() if key != "as_of"} | time
    team = json.loads(evaluate(write(tmp_path / "facts.json", file), format="json"))["sheets"][0]
    reasons = {one["fact"]: one["reason"] for one in team["items"][0]["excluded"]}

    assert team["items"][0]["points"] == counted
    late = "发生在 2026-11-05，晚于截至日 2026-11-04。" if counted == "0" else None
    assert reasons.get("F1") == late


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@settings(max_examples=30, deadline=None)
@given(day=DAYS, days=st.lists(DAYS, max_size=8))
def test_a_file_as_of_a_day_scores_as_the_file_without_what_comes_later(day: date, days: list[date]) -> None:
    scheme = parse_scheme(Path(SCHEME).read_text("utf-8"))
    facts = [
        {"id": f"F{place}", "kind": "signed", "on": on.isoformat(), "amount": 10**8 * (place + 1), "project": f"P{place}"}
        for place, on in enumerate(days)
    ]  # fmt: skip

    def totals(kept: list[dict[str, Any]]) -> list[Any]:
        held = [{"fact": one["id"], "subject": "zhou", "share": 1} for one in kept]
        file = {"as_of": day.isoformat(), "subjects": FACTS["subjects"], "facts": kept, "credits": held}
        return [sheet.total for sheet in try_out(scheme, parse_facts(file, scheme)).sheets]

    assert totals(facts) == totals([one for one in facts if one["on"] <= day.isoformat()])
