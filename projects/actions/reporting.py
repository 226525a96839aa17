"""What a report must carry, kind by kind, and whether its figures can be true. No writing here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models import (
    MOST_PEOPLE,
    AchievementKind,
    Currency,
    IncidentReason,
    Project,
    Recognition,
    WinLevel,
)
from promotion.errors import Refused
from promotion.money import LARGEST

CENT = Decimal("0.01")
RATE_STEP = Decimal("0.00000001")
EARLIEST_DAY = date(2000, 1, 1)
# 元 for one unit, wide enough for decades; banks quote per hundred units, which is the usual slip.
RATES: dict[str, tuple[Decimal, Decimal]] = {
    Currency.USD: (Decimal(1), Decimal(20)),
    Currency.EUR: (Decimal(1), Decimal(20)),
    Currency.HKD: (Decimal("0.3"), Decimal(3)),
    Currency.JPY: (Decimal("0.01"), Decimal("0.3")),
    Currency.KRW: (Decimal("0.001"), Decimal("0.03")),
}


@dataclass(frozen=True)
class Requirement:
    """What a kind of achievement asks for; `alone` kinds may belong to a person without a project.

    `people`: a whole number of people and no amount; `source`: where the figure was published; `dollars`: foreign money
    is counted in US dollars.
    """

    amount: bool = False
    people: bool = False
    certificate: bool = False
    evidence: bool = False
    source: bool = False
    dollars: bool = False
    title: bool = False
    level: bool = False
    incident_reason: bool = False
    alone: bool = False


REQUIREMENTS: dict[str, Requirement] = {
    AchievementKind.ANNOUNCED: Requirement(amount=True, source=True, evidence=True),
    AchievementKind.SIGNED: Requirement(amount=True, evidence=True),
    AchievementKind.REGISTERED: Requirement(amount=True, evidence=True),
    AchievementKind.STARTED: Requirement(evidence=True),
    AchievementKind.COMPLETED: Requirement(evidence=True),
    AchievementKind.PRODUCED: Requirement(evidence=True),
    AchievementKind.INCREASE: Requirement(amount=True, evidence=True, dollars=True),
    AchievementKind.PAID_IN: Requirement(amount=True, certificate=True, evidence=True, dollars=True),
    AchievementKind.FIXED_ASSET: Requirement(amount=True, evidence=True),
    AchievementKind.OUTPUT: Requirement(amount=True, evidence=True, alone=True),
    AchievementKind.TAX: Requirement(amount=True, evidence=True),
    AchievementKind.JOBS: Requirement(people=True, evidence=True),
    AchievementKind.WIN: Requirement(title=True, level=True, alone=True),
    AchievementKind.INCIDENT: Requirement(incident_reason=True, alone=True),
}


def requirement_of(kind: str) -> Requirement:
    """What this kind asks for. Raises Refused for a kind that does not exist."""
    requirement = REQUIREMENTS.get(kind)  # type: ignore[call-overload]
    if requirement is None:
        raise Refused(
            _("没有“%(kind)s”这种业绩；请从列表中选择。") % {"kind": kind}, fields={"kind": _("请选择种类。")}
        )
    return requirement


def checked_report(kind: str, project: Project | None, report: Mapping[str, Any]) -> dict[str, Any]:
    """The report's fields as they are stored, `amount_cny` computed (元, half rounded up to 0.01).

    Raises Refused with one sentence per wrong field.
    """
    requirement = requirement_of(kind)
    wrong: dict[str, str] = {}
    fields: dict[str, Any] = {
        "happened_on": report.get("happened_on"),
        "title": str(report.get("title") or "").strip(),
        "certificate": str(report.get("certificate") or "").strip(),
        "source": str(report.get("source") or "").strip(),
        "level": str(report.get("level") or ""),
        "incident_reason": str(report.get("incident_reason") or ""),
    }
    fields |= _money(report, requirement, wrong)
    fields["people"] = _people(report, requirement, wrong)
    _check_day(fields["happened_on"], project, wrong)
    if kind == AchievementKind.INCREASE and not _produces(project, fields["happened_on"]):
        wrong.setdefault("happened_on", _("增资在项目投产认定之后申报；投产之前追加的投资请改报公布投资。"))
    _check_words(fields, requirement, wrong)
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    return fields


def _produces(project: Project | None, day: date | None) -> bool:
    """Whether production was recognised by the day; a report that is being mended is asked again."""
    if project is None:
        return False
    produced = project.achievements.filter(kind=AchievementKind.PRODUCED, state=Recognition.RECOGNISED)
    return produced.filter(happened_on__lte=day or timezone.localdate()).exists()


def _check_day(day: date | None, project: Project | None, wrong: dict[str, str]) -> None:
    if day is None:
        wrong["happened_on"] = _("请填写发生日期。")
    elif day > timezone.localdate():
        wrong["happened_on"] = _("发生日期 %(day)s 还没有到；请在事情发生之后申报。") % {"day": day}
    elif day < EARLIEST_DAY:
        wrong["happened_on"] = _("发生日期 %(day)s 早于 2000 年，请检查年份。") % {"day": day}
    elif project is not None and day < project.reported_on:
        wrong["happened_on"] = _(
            "发生日期早于项目首报日期 %(day)s；请核对日期，首报日期有误时先请分管领导更正。"
        ) % {"day": project.reported_on}


def _check_words(fields: dict[str, Any], requirement: Requirement, wrong: dict[str, str]) -> None:
    asked = {
        "title": (requirement.title, _("请写明事项，例如资金或称号的名称。")),
        "certificate": (requirement.certificate, _("资金到账必须填写凭证编号（如外汇业务登记凭证号）。")),
        "source": (requirement.source, _("请写明出处，例如哪天的哪份公告或报道。")),
        "level": (requirement.level, _("请选择争取到的级别。")),
        "incident_reason": (requirement.incident_reason, _("请选择扣分事由。")),
    }
    wrong |= {name: sentence for name, (is_asked, sentence) in asked.items() if is_asked and not fields[name]}
    longest = {
        "title": (120, _("事项最多 120 个字。")),
        "certificate": (80, _("凭证编号最多 80 个字。")),
        "source": (120, _("出处最多 120 个字。")),
    }
    wrong |= {name: sentence for name, (most, sentence) in longest.items() if len(fields[name]) > most}
    if fields["level"] and fields["level"] not in WinLevel.values:
        wrong["level"] = _("没有这个级别，请从列表中选择。")
    if fields["incident_reason"] and fields["incident_reason"] not in IncidentReason.values:
        wrong["incident_reason"] = _("没有这个扣分事由，请从列表中选择。")


def _money(report: Mapping[str, Any], requirement: Requirement, wrong: dict[str, str]) -> dict[str, Any]:
    """Amount, currency, rates and the amount in 元."""
    currency = report.get("currency") or Currency.CNY
    amount = _amount(report.get("amount"), requirement, wrong)
    fields: dict[str, Any] = {
        "amount": amount,
        "currency": currency,
        "exchange_rate": None,
        "usd_rate": None,
        "rate_on": None,
        "amount_cny": amount,
    }
    if currency not in Currency.values:
        wrong["currency"] = _("没有这个币种，请从列表中选择。")
    elif amount is None:
        fields["currency"] = Currency.CNY
    elif currency != Currency.CNY:
        fields |= _rates(currency, report, requirement, wrong)
        fields["amount_cny"] = in_cny(amount, fields["exchange_rate"]) if fields["exchange_rate"] else None
    return fields


def _people(report: Mapping[str, Any], requirement: Requirement, wrong: dict[str, str]) -> int | None:
    """The number of people of a kind that is counted in them; the others have none."""
    given = report.get("people")
    if not requirement.people:
        if given is not None:
            wrong["people"] = _("只有新增就业按人数申报；这种业绩请留空。")
        return None
    if report.get("amount") is not None:
        wrong["amount"] = _("新增就业按人数申报，不填金额。")
    if given is None:
        wrong["people"] = _("请填写新增就业的人数。")
        return None
    if not 0 < given <= MOST_PEOPLE:
        wrong["people"] = _("人数必须是大于 0 的整数，不超过一百万；多报的人数请用冲销更正。")
        return None
    return int(given)


def _amount(given: Any, requirement: Requirement, wrong: dict[str, str]) -> Decimal | None:
    if given is None or given == "":
        if requirement.amount:
            wrong["amount"] = _("请填写金额。")
        return None
    amount = Decimal(given)
    if not amount.is_finite() or amount > LARGEST:
        wrong["amount"] = _("金额超过十万亿，请检查单位。")
        return None
    amount = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    if amount <= 0:
        wrong["amount"] = _("金额必须大于 0；多报的金额请用冲销更正。")
        return None
    return amount


def _rates(
    currency: str, report: Mapping[str, Any], requirement: Requirement, wrong: dict[str, str]
) -> dict[str, Any]:
    """The rate to 元, the rate of the dollar where one is needed, and their day."""
    rate = _rate("exchange_rate", currency, report, wrong)
    if rate is None and "exchange_rate" not in wrong:
        wrong["exchange_rate"] = _("外币金额必须填写汇率（1 %(currency)s合多少元人民币）。") % {
            "currency": Currency(currency).label
        }
    dollar = None if currency == Currency.USD else _rate("usd_rate", Currency.USD, report, wrong)
    if requirement.dollars and currency != Currency.USD and dollar is None and "usd_rate" not in wrong:
        wrong["usd_rate"] = _("到账外资按美元统计，请再填同一天 1 美元合多少元人民币。")
    rate_on = report.get("rate_on")
    if rate_on is None:
        wrong["rate_on"] = _("请填写汇率的日期，以便核对当日中间价。")
    elif rate_on > timezone.localdate() or rate_on < EARLIEST_DAY:
        wrong["rate_on"] = _("汇率日期 %(day)s 不可能，请检查。") % {"day": rate_on}
    return {"exchange_rate": rate, "usd_rate": dollar, "rate_on": rate_on}


def _rate(name: str, currency: str, report: Mapping[str, Any], wrong: dict[str, str]) -> Decimal | None:
    """The rate as it is stored, None when it is missing or cannot be."""
    given = report.get(name)
    if given is None or given == "":
        return None
    rate = Decimal(given).quantize(RATE_STEP, rounding=ROUND_HALF_UP)
    lowest, highest = RATES[currency]
    if lowest <= rate <= highest:
        return rate
    wrong[name] = _(
        "汇率 %(rate)s 不在 %(lowest)s 到 %(highest)s 之间；银行牌价按 100 %(currency)s报价时请除以 100。"
    ) % {
        "rate": f"{rate.normalize():f}",
        "lowest": lowest,
        "highest": highest,
        "currency": Currency(currency).label,
    }
    return None


def in_cny(amount: Decimal, rate: Decimal) -> Decimal:
    """A foreign amount in 元, half rounded up to the cent."""
    return (amount * rate).quantize(CENT, rounding=ROUND_HALF_UP)
