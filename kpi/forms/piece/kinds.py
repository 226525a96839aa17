"""The parts of a scheme around its indicators, each in plain words, with the forms they are changed in."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpi.forms.indicator.part import Part
from kpi.forms.piece.award import AwardForm
from kpi.forms.piece.award_wanted import AwardExceptForm, AwardWantedForm
from kpi.forms.piece.basics import AssumptionsForm, BasicsForm
from kpi.forms.piece.gate import AsksForm, EffectsForm, GateHeadForm
from kpi.forms.piece.group import GroupForm
from kpi.forms.piece.listing import ListForm
from kpi.forms.piece.tables import CategoriesForm, ExchangeForm, GradesForm, SectionsForm
from kpi.forms.piece.target import TargetEntryForm
from kpi.scoring.editing import BASICS

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Start:
    """What a new entry may begin with: its name, one sentence, one example, and the entry."""

    name: str
    title: Words
    sentence: Words
    example: Words
    begin: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a document: `name` is its key there, `one` what a single entry is called; `table` is a part that is one form.

    `stem` is what the codes of new entries begin with; `begin` what an empty part is read as; `keys` what a part may say that is
    no key of the document itself but several of them.
    """

    name: str
    title: Words
    one: Words
    sentence: Words
    forms: tuple[type[Part], ...]
    starts: tuple[Start, ...] = ()
    stem: str = ""
    table: bool = False
    begin: Any = field(default_factory=dict)
    order: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def add(self) -> Words:
        """The words of the button that adds one."""
        return ADD[self.name]

    def empty(self) -> Any:
        """What the part, or a new entry of it, begins with."""
        return deepcopy(self.begin)

    def start(self, name: str) -> dict[str, Any]:
        """What a new entry of that kind begins with. Raises KeyError for an unknown kind."""
        if not self.starts:
            return {}
        return deepcopy(dict({one.name: one.begin for one in self.starts}[name]))


ADD: dict[str, Words] = {
    "groups": _("加一个分组"),
    "targets": _("加一个目标"),
    "lists": _("加一份名单"),
    "gates": _("加一个门槛"),
    "awards": _("加一个奖项"),
}
FALSIFIED = {
    "title": "弄虚作假",
    "facts": ["incident"],
    "aggregate": "count",
    "unit": "次",
    "share": "none",
    "where": [{"attribute": "reason", "operator": "eq", "value": "falsified"}],
}
TOTAL = {"kind": "item", "item": "total"}

GROUPS = Piece(
    "groups",
    _("分组"),
    _("分组"),
    _("谁和谁排在一起。例：招商专员一组；项目攻坚队和驻点招商攻坚队合并一组，同分先比签约。"),
    (GroupForm,),
    stem="group",
    order=("title", "subjects", "rank_by", "tie_breakers"),
)
TARGETS = Piece(
    "targets",
    _("目标"),
    _("目标"),
    _("指标要和什么比。例：外资到账，万美元；各人各队的数在“目标任务”里下达。"),
    (TargetEntryForm,),
    stem="target",
    order=("title", "unit", "default", "periods"),
)
LISTS = Piece(
    "lists",
    _("名单"),
    _("名单"),
    _("外部名单和它的各个版本。例：世界 500 强，2025 版 8 月 1 日起用。"),
    (ListForm,),
    stem="list",
    order=("title", "versions"),
)
SECTIONS = Piece(
    "sections",
    _("分项"),
    _("分项"),
    _("一级指标各占几成。例：招商实绩 70%，招商过程 30%。"),
    (SectionsForm,),
    table=True,
)
CATEGORIES = Piece(
    "categories",
    _("考核类别"),
    _("考核类别"),
    _("分类考核：各类的权重和目标不同。例：综合类、生态类、出口加工类。"),
    (CategoriesForm,),
    table=True,
)
EXCHANGE = Piece(
    "exchange",
    _("汇率"),
    _("汇率"),
    _("外币金额按什么汇率折成元。例：全年按 1 美元 7.1 元。"),
    (ExchangeForm,),
    table=True,
)
GRADES = Piece(
    "grades",
    _("等次"),
    _("等次"),
    _("总分或名次对应哪一等。例：90 分以上优秀，80 分以上良好，其余合格。"),
    (GradesForm,),
    table=True,
    begin=[],
)
GATES = Piece(
    "gates",
    _("门槛"),
    _("门槛"),
    _("不改分数，改评奖资格、亮牌或等次。"),
    (GateHeadForm, AsksForm, EffectsForm),
    (
        Start(
            "veto",
            _("取消评奖资格"),
            _("出了这样的事，分数照算，但不参加评奖（一票否决）。"),
            _("弄虚作假 1 次以上，取消全部评奖资格"),
            {
                "measures": {"falsified": FALSIFIED},
                "if": {"of": "falsified", "operator": "gte", "than": 1},
                "bars": "all",
            },
        ),
        Start(
            "missed",
            _("没完成任务的不评奖"),
            _("完成率或得分不到多少，不参加评奖。"),
            _("外资到账完成率不到 100% 的，不评卓越奖"),
            {"if": {"value": TOTAL, "operator": "lt", "than": 60}, "bars": "all"},
        ),
        Start(
            "card",
            _("亮牌：黄牌、红牌"),
            _("到了这个地步就亮牌，提醒大家看见。"),
            _("外资为 0 的亮黄牌"),
            {"if": {"value": TOTAL, "operator": "lt", "than": 60}, "card": "黄牌"},
        ),
        Start(
            "list",
            _("红榜、黑榜"),
            _("按名次或得分上榜。"),
            _("总分前 3 名上红榜，倒数 2 名上黑榜"),
            {
                "if": {"value": {"kind": "rank", "part": TOTAL}, "operator": "lte", "than": 3},
                "card": "红榜",
            },
        ),
        Start(
            "grade",
            _("调整等次"),
            _("符合条件的上调、下调等次，或最高、最低只能是哪一等。"),
            _("任务没完成的，等次最高为合格；任务外亿元项目 3 个以上，上调一档"),
            {"if": {"value": TOTAL, "operator": "lt", "than": 60}, "grade": {"down": 1}},
        ),
    ),
    stem="gate",
    order=("title", "clause", "applies_to", "measures", "if", "bars", "card", "grade"),
)
AWARDS = Piece(
    "awards",
    _("奖项和提示"),
    _("奖项"),
    _("由细则推出候选，由人决定。"),
    (AwardForm, AwardWantedForm, AwardExceptForm),
    (
        Start(
            "first",
            _("取前几名"),
            _("分组里名次在前的。"),
            _("卓越奖：团队第 1 名；金牌招商能手：招商专员前 5 名"),
            {"first": 1},
        ),
        Start(
            "missed",
            _("名次在后，且没完成任务"),
            _("末几名里没有完成任务的。"),
            _("蜗牛奖：团队末 1 名，且签约、外资任一项没达到时序目标"),
            {
                "last": 1,
                "warning": True,
                "if_target_missed": {"indicators": [], "when": "any", "timing": "elapsed"},
            },
        ),
        Start(
            "last",
            _("取末几名"),
            _("分组里名次在后的，只作提示。"),
            _("末两名人员提示：招商专员末 2 名"),
            {"last": 2, "warning": True},
        ),
        Start(
            "everybody",
            _("所有符合条件的"),
            _("不看名次，看身份、连续获奖、引进的项目。"),
            _("优先选拔：企业性质人员，连续两年获金牌，或引进重特大项目 2 个以上"),
            {"everybody": True},
        ),
    ),
    stem="award",
    order=(
        *(
            "title",
            "clause",
            "group",
            "first",
            "last",
            "everybody",
            "warning",
            "measures",
            "if_all",
            "if_any",
        ),
        *("if_target_missed", "except", "next_in_line"),
    ),
)
ASSUMPTIONS = Piece(
    "assumptions",
    _("设定"),
    _("设定"),
    _("来源没有给出、由起草人选定的。例：签约项目 1 亿元起计分，文件未写明。"),
    (AssumptionsForm,),
    table=True,
    begin=[],
)
BASICS_PIECE = Piece(
    "basics",
    _("基本信息"),
    _("基本信息"),
    _("名称、依据、从哪天起施行、怎么取舍、时序按天还是按月。"),
    (BasicsForm,),
    table=True,
    keys=BASICS,
)
PIECES: dict[str, Piece] = {
    one.name: one
    for one in (
        *(BASICS_PIECE, GROUPS, TARGETS, SECTIONS, CATEGORIES, EXCHANGE),
        *(LISTS, GATES, GRADES, AWARDS, ASSUMPTIONS),
    )
}
