"""The kinds of indicator that a form offers, each in plain words with an example; a shape is the parts its form is made of."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpi.forms.indicator.facts import FactsForm, TierFactsForm
from kpi.forms.indicator.gate import GateForm
from kpi.forms.indicator.goal import OptionalTargetForm, TargetForm
from kpi.forms.indicator.head import HeadForm
from kpi.forms.indicator.mean import MeanForm
from kpi.forms.indicator.part import Entry, Part
from kpi.forms.indicator.rule import OverForm, PowerForm, RatioForm, ShortfallForm, StepForm
from kpi.forms.indicator.table import BandsForm, PlacesForm, TierForm
from kpi.forms.indicator.terms import MinusForm, PlusForm, PlusMinusForm

SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of indicator: what it is called, one sentence, one example, its parts, and what a new one begins with."""

    name: str
    title: str | Promise
    sentence: str | Promise
    example: str | Promise
    kind: str
    parts: tuple[type[Part], ...]
    begin: Mapping[str, Any] = field(default_factory=dict)

    def start(self) -> Entry:
        """What a new indicator of this kind begins with."""
        return deepcopy(dict(self.begin))


def _begin(rule: Entry, measure: Entry | None = None) -> Entry:
    """A new indicator with one measure or none; the form asks for the rest."""
    return {"floor": 0, "measures": {} if measure is None else {"counted": measure}, "rule": rule}


SUM = {"aggregate": "sum", "unit": "万元", "share": "amount"}
PROJECTS = {"aggregate": "count_projects"}
RATIO = (HeadForm, FactsForm, TargetForm)

GROUPS: tuple[tuple[str | Promise, tuple[Shape, ...]], ...] = (
    (
        _("和目标比"),
        (
            Shape(
                "ratio",
                _("按完成率"),
                _("完成目标得满分，没完成的按比例得分。"),
                _("外资到账目标 400 万美元，到了 300 万，满分 25：300÷400×25 = 18.75 分"),
                "ratio_times_points",
                (*RATIO, RatioForm, GateForm),
                _begin({"kind": "ratio_times_points", "of": "counted"}, SUM),
            ),
            Shape(
                "reach",
                _("达标得分"),
                _("达到目标得分，没达到不得分。"),
                _("完成率 100% 以上得 10 分，100% 以下得 0 分"),
                "bands",
                (*RATIO, BandsForm, GateForm),
                _begin(
                    {
                        "kind": "bands",
                        "of": "counted",
                        "target": "",
                        "bands": [{"to": "100%", "points": 0}, {"from": "100%"}],
                    },
                    SUM,
                ),
            ),
            Shape(
                "over",
                _("完成得分，超额加分"),
                _("完成目标得基本分，每超过一档再加分，没完成的扣减。"),
                _("完成得 20 分，每超 10% 加 1 分，最多加 5 分"),
                "over_fulfilment",
                (*RATIO, OverForm, GateForm),
                _begin({"kind": "over_fulfilment", "of": "counted"}, SUM) | {"cap": "none"},
            ),
            Shape(
                "mean",
                _("几个目标加权"),
                _("几项完成率按权重合成一项得分。"),
                _("产值和税收的完成率各占一半，满分 20 分"),
                "mean_of_ratios_times_points",
                (HeadForm, MeanForm, GateForm),
                _begin({"kind": "mean_of_ratios_times_points", "ratios": []}),
            ),
            Shape(
                "shortfall",
                _("少一个扣几分"),
                _("完成目标得满分，每少一个扣分；超出的不倒补别处。"),
                _("目标签约 5 个，签了 3 个，每少一个扣 2 分：10 − 2×2 = 6 分"),
                "points_minus_per_shortfall",
                (*RATIO, ShortfallForm, GateForm),
                _begin(
                    {"kind": "points_minus_per_shortfall", "terms": [{"of": "counted"}]},
                    PROJECTS,
                ),
            ),
        ),
    ),
    (
        _("按件数和大小"),
        (
            Shape(
                "tiers",
                _("按档计分"),
                _("项目按金额分档，每一档每个项目几分。"),
                _("1—10 亿元每个 4 分，10 亿元以上每个 10 分"),
                "tiers",
                (HeadForm, TierFactsForm, TierForm, GateForm),
                _begin(
                    {"kind": "tiers", "of": "counted", "points": {}},
                    {"aggregate": "tiers", "amount_unit": "亿元", "once": "highest"},
                ),
            ),
            Shape(
                "count",
                _("每个加分"),
                _("做成一件加几分，可以写几种，各有各的分。"),
                _("国家级每项 5 分，省级每项 3 分，市级每项 1 分"),
                "count_times_points",
                (HeadForm, PlusForm, GateForm),
                _begin({"kind": "count_times_points"}),
            ),
            Shape(
                "step",
                _("每满一档得分"),
                _("数量或完成率每满多少得几分。"),
                _("到账每满 1000 万元得 2 分，最多 20 分"),
                "per_step",
                (HeadForm, FactsForm, OptionalTargetForm, StepForm, GateForm),
                _begin({"kind": "per_step", "of": "counted"}, SUM),
            ),
            Shape(
                "bands",
                _("分段得分"),
                _("看数量或完成率落在哪一段，各段得固定的分。"),
                _("开工 5 个以上得 10 分，3—5 个得 6 分，3 个以下得 0 分"),
                "bands",
                (HeadForm, FactsForm, OptionalTargetForm, BandsForm, GateForm),
                _begin({"kind": "bands", "of": "counted"}, PROJECTS),
            ),
        ),
    ),
    (
        _("扣分"),
        (
            Shape(
                "deduct",
                _("出现一次扣几分"),
                _("从基本分起，每出现一次扣分，可以写几种。"),
                _("从 10 分起，逾期未报进展每次扣 1 分，弄虚作假每次扣 5 分"),
                "points_minus_per_event",
                (HeadForm, MinusForm, GateForm),
                _begin({"kind": "points_minus_per_event"}),
            ),
            Shape(
                "mixed",
                _("有加有扣"),
                _("做成的每件加分，出问题的每次扣分，合成一项。"),
                _("开工每个 1 分，投产每个 2 分，超期未开工每次扣 0.5 分"),
                "points_minus_per_event",
                (HeadForm, PlusMinusForm, GateForm),
                _begin({"kind": "points_minus_per_event", "part": {"kind": "count_times_points"}}),
            ),
        ),
    ),
    (
        _("和同组比"),
        (
            Shape(
                "power",
                _("功效系数"),
                _("同组最好的得最高分，最差的得最低分，其余按比例。"),
                _("最好 200 得 100 分，最差 40 得 60 分，120 就得 80 分"),
                "power_coefficient",
                (HeadForm, FactsForm, OptionalTargetForm, PowerForm, GateForm),
                _begin({"kind": "power_coefficient", "part": {"kind": "amount", "of": "counted"}}, SUM),
            ),
            Shape(
                "place",
                _("按名次"),
                _("按同组名次分段得分。"),
                _("第 1 名 7 分，第 2—3 名 5 分，其余 0 分"),
                "rank_bands",
                (HeadForm, FactsForm, OptionalTargetForm, PlacesForm, GateForm),
                _begin({"kind": "rank_bands", "part": {"kind": "amount", "of": "counted"}}, SUM),
            ),
        ),
    ),
)
SHAPES: dict[str, Shape] = {shape.name: shape for _title, shapes in GROUPS for shape in shapes}
