"""Facts (业绩事实) and who is credited for them (业绩归属): what every calculation starts from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

AttributeValue = str | Decimal | bool

#: The kinds of fact the product itself recognises, with their Chinese names. A scheme may use others.
FACT_KINDS: Mapping[str, str] = {
    "signed": "签约",
    "registered": "注册登记",
    "started": "开工",
    "completed": "竣工",
    "produced": "投产",
    "increase": "增资",
    "paid_in": "资金到账",
    "fixed_asset": "固定资产投资",
    "win": "对上争取",
    "output": "产值",
    "tax": "税收",
    "jobs": "新增就业",
    "incident": "扣分事项",
}

#: The roles (角色) in which somebody is credited, with their Chinese names.
ROLES: Mapping[str, str] = {
    "capture": "捕捉",
    "introduction": "引进",
    "landing": "推进落地",
    "service": "服务",
}

#: Chinese names of the attributes, for sentences.
ATTRIBUTES: Mapping[str, str] = {
    "on": "日期",
    "amount_usd": "美元金额",
    "people": "人数",
    "investor": "投资方",
    "stage": "阶段",
    "industry": "产业",
    "capital_source": "资金来源",
    "project_class": "项目等级",
    "channel": "渠道",
    "park": "园区",
    "level": "级别",
    "reason": "事由",
    "size": "规模",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated, recognised event. `amount` is in 元 (CNY); amounts in other units are attributes.

    Attributes the product gives, each only where it applies: stage, industry, capital_source, project_class,
    channel, park, level (对上争取: national, provincial, city), amount_usd (资金到账, 美元), people (新增就业, 人),
    investor (the company's name), reason (扣分事项: overdue_not_started, late_report, falsified). `also` holds further words for an attribute: an investor is known by its
    former and English names, its code and its group as well, and a list may hold any of them.
    """

    id: str
    kind: str
    on: date
    amount: Decimal | None = None
    count: int = 1
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    project: str | None = None
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict, metadata={"sparse": True})


@dataclass(frozen=True, slots=True)
class CreditLine:
    """The share (份额, 0 to 1) of one fact that one subject (person, team or office) holds in one role."""

    fact: Fact
    subject: str
    role: str
    share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Excluded:
    """A candidate line that does not count, and the sentence that says why."""

    line: CreditLine
    reason: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """One mark of a rating (评议): by whom, on which panel; None for a ballot that was not handed in."""

    panel: str
    by: str
    mark: Decimal | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Points a person chose within a range (酌定分), with author and reason."""

    points: Decimal
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class MeasureValue:
    """What a subject achieved in one measure (度量).

    `value` is the count or the sum in the measure's unit; for a measure by size bands it is the shared
    number over all bands and `bands` holds the shared number of each band by its code. `counted` and
    `excluded` are for explanation and may be empty when the value was summed elsewhere.
    """

    value: Decimal
    bands: Mapping[str, Decimal] = field(default_factory=dict)
    counted: tuple[CreditLine, ...] = ()
    excluded: tuple[Excluded, ...] = ()
