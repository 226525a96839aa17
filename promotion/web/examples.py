"""What the component page shows: invented projects and figures, marked as demo, and a form with every kind of field."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator

STAGES = ("线索", "洽谈", "准入审查", "签约", "注册登记", "开工建设", "竣工", "投产")
DATES = (
    "23-03-14",
    "23-04-02 · 61 天",
    "23-06-02 · 18 天",
    "23-06-20 已认定",
    "23-07-11 已认定",
    "24-02-28 · 第 268 天",
)
COUNTS = (92, 71, 44, 36, 31, 28, 19, 14)


class ExampleForm(forms.Form):
    """Every kind of field once."""

    company = forms.CharField(
        label="企业", help_text="全称或统一社会信用代码，支持拼音首字母。", max_length=120
    )
    amount = forms.CharField(label="拟投资额", help_text="可写 3.5亿、5000万 或 35000（万元）。")
    channel = forms.ChoiceField(
        label="渠道", choices=[("", "请选择"), ("visit", "上门招商"), ("forum", "论坛展会")]
    )
    next_on = forms.DateField(
        label="下一步日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(
        label="资金来源",
        choices=[("domestic", "内资"), ("foreign", "外资")],
        widget=forms.RadioSelect,
        initial="domestic",
    )
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    is_major = forms.BooleanField(label="重特大项目", required=False)


def steps() -> list[dict[str, str]]:
    """A project in construction."""
    states = ["past"] * 5 + ["current"] + ["future"] * 2
    details = (*DATES, "计划 27-03", "计划 27-06")
    return [
        {"label": label, "detail": detail, "state": state}
        for label, detail, state in zip(STAGES, details, states, strict=True)
    ]


def radar_example() -> dict[str, Any]:
    """Two shapes over five edges."""
    radar: dict[str, Any] = {
        "categories": ["政策", "谈判", "规划", "法务", "审批"],
        "maxima": [3, 3, 2, 2, 2],
        "series": [
            {"name": "已取得", "values": [3, 2, 1, 0, 2]},
            {"name": "要求", "values": [3, 3, 2, 2, 2], "dashed": True},
        ],
    }
    rows = list(zip(radar["categories"], *(one["values"] for one in radar["series"]), strict=True))
    return {"data": radar, "table": {"head": ["领域", "已取得", "要求"], "rows": rows}}


def charts() -> dict[str, dict[str, Any]]:
    """One data set per kind of chart, with the table behind it."""
    funnel = {"items": [{"name": name, "value": value} for name, value in zip(STAGES, COUNTS, strict=True)]}
    teams = [f"项目攻坚{n}队" for n in "一二三四五"]
    target: dict[str, Any] = {
        "categories": teams,
        "names": ["完成", "时序目标"],
        "values": [18.6, 15.2, 12.4, 9.8, 6.1],
        "marks": [14.0, 15.5, 11.0, 11.0, 9.0],
    }
    months = [f"{n} 月" for n in range(1, 12)]
    line: dict[str, Any] = {
        "categories": months,
        "unit": "亿元",
        "series": [
            {"name": "今年", "values": [8, 14, 21, 33, 41, 52, 66, 78, 90, 104, 118]},
            {"name": "去年", "values": [6, 11, 17, 24, 33, 40, 49, 60, 71, 80, 92], "dashed": True},
        ],
    }
    return {
        "funnel": {
            "data": funnel,
            "table": {"head": ["阶段", "项目"], "rows": list(zip(STAGES, COUNTS, strict=True))},
        },
        "target": {
            "data": target,
            "table": {
                "head": ["团队", "完成（亿元）", "时序目标（亿元）"],
                "rows": list(zip(teams, target["values"], target["marks"], strict=True)),
            },
        },
        "radar": radar_example(),
        "line": {
            "data": line,
            "table": {
                "head": ["月份", "今年（亿元）", "去年（亿元）"],
                "rows": list(
                    zip(months, line["series"][0]["values"], line["series"][1]["values"], strict=True)
                ),
            },
        },
    }


def heading(place: int, label: str, align: str) -> SimpleNamespace:
    """A sortable column's head; the fourth is the one sorted by."""
    order = "desc" if place == 3 else ""
    return SimpleNamespace(
        key=str(place), label=label, align=align, sortable=True, sorted=order, sort_url="?sort=x"
    )


def listing() -> SimpleNamespace:
    """A list as promotion.web.lists gives it."""
    rows = [
        ("移动智慧建筑总部（演示）", "示例建筑", "洽谈", "51.00", "2026-11-23"),
        ("生物医药 CDMO 基地（演示）", "示例药业", "洽谈", "21.00", "2026-11-25"),
        ("车规级功率模块（演示）", "示例微电子", "准入审查", "15.00", "—"),
        ("医学影像设备（演示）", "示例医疗", "洽谈", "1.80", "2026-11-30"),
    ]
    heads = (("项目", ""), ("企业", ""), ("阶段", ""), ("投资额（亿元）", "end"), ("下一步", ""))
    cells = [
        SimpleNamespace(
            key=str(n),
            url="#",
            cells=[
                SimpleNamespace(text=text, align=head[1] or "start", label=head[0], wide=False)
                for text, head in zip(row, heads, strict=True)
            ],
        )
        for n, row in enumerate(rows)
    ]
    totals = [
        SimpleNamespace(text=text, align=head[1])
        for text, head in zip(("合计", "", "", "88.80", ""), heads, strict=True)
    ]
    return SimpleNamespace(
        headings=[heading(n, label, align) for n, (label, align) in enumerate(heads)],
        rows=cells,
        totals=totals,
        page=Paginator(range(188), 4).get_page(1),
        total_count=188,
        active_filters=[
            {"label": "阶段：洽谈", "remove_url": "?"},
            {"label": "投资额 ≥ 1 亿", "remove_url": "?"},
        ],
        is_filtered=True,
        query="",
        url_name="",
        export_url="#",
        filter_form=None,
        empty={},
    )


def columns() -> list[dict[str, Any]]:
    """A board with its cards."""
    card = ("title", "amount", "company", "next", "mark", "tone")
    cards = {
        "线索": [
            ("智能网联商用车二期", "12.0", "示例汽车（演示）", "11-24 首次洽谈", "剩 1 天研判", "attention"),
            ("氢能储运装备", "3.2", "示例氢能（演示）", "未排下一步", "缺下一步", "alarm"),
        ],
        "洽谈": [("生物医药 CDMO 基地", "21.0", "示例药业（演示）", "11-25 土地方案", "31 天", "plain")],
        "准入审查": [("车规级功率模块", "15.0", "示例微电子（演示）", "联审会签 4/6", "9 天", "plain")],
        "签约": [("先进封装测试", "30.0", "示例封测（演示）", "待认定 · 佐证 4/5", "待认定", "accent")],
    }
    sums = {"线索": "41.2 亿", "洽谈": "96.7 亿", "准入审查": "33.4 亿", "签约": "118.0 亿"}
    return [
        {"stage": stage, "sum": sums[stage], "cards": [dict(zip(card, one, strict=True)) for one in listed]}
        for stage, listed in cards.items()
    ]


def examples() -> dict[str, Any]:
    """The whole context of the component page."""
    wrong = ExampleForm({"company": "", "amount": "三个亿左右", "channel": "visit", "kind": "foreign"})
    wrong.is_valid()
    wrong.add_error("amount", "看不懂金额“三个亿左右”。请写成 3.5亿、5000万 或 35000（万元）。")
    return {
        "title": "组件",
        "marks": [("重特大", "alarm"), ("新能源", "accent"), ("内外资合作", "plain")],
        "steps": steps(),
        "charts": charts(),
        "list": listing(),
        "columns": columns(),
        "bulk_actions": [{"url": "#", "label": "指派专员"}, {"url": "#", "label": "导出所选"}],
        "form": ExampleForm(auto_id="first_%s"),
        "wrong": wrong,
        "parts": [("捕捉", 30), ("引进", 50), ("推进落地", 20)],
        "tabs": [
            {"label": "里程碑与佐证", "url": "#", "active": True},
            {"label": "时间线", "url": "#", "count": 46},
            {"label": "部门与堵点", "url": "#", "count": 1, "alarm": True},
            {"label": "得分", "url": "#", "count": "38.4"},
        ],
        "indicators": [
            ("重大项目签约备案", "12 个 / 目标 14 · 认定 18.6 亿", 30, 24.6, 0.82, 0.78),
            ("外资到账", "$1.42 亿 / 目标 $2.00 亿", 25, 17.9, 0.71, 0.89),
            ("推进落地", "开工 5，竣工 2，超期未开工 −0.4", 15, 12.8, 0.85, 0.89),
        ],
    }
