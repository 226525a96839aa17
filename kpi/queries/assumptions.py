"""What somebody assumes by hand in a trial (自填假设), written as one short text so that an address or a request can carry it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from kpi.queries.assumed import Amount, Assumer
from kpi.queries.steps import Step
from kpi.queries.trial import Credited
from kpi.scoring.facts import AttributeValue
from kpi.scoring.rounding import plain
from projects.models import (
    MOST_PEOPLE,
    PEOPLE_KINDS,
    AchievementKind,
    CapitalSource,
    CreditRole,
    Currency,
    IncidentReason,
    Project,
    WinLevel,
)
from promotion.errors import Refused
from promotion.money import LARGEST, WAN
from promotion.web.formats import exact

#: Kinds that are no project's, each with what it must say.
ALONE: Mapping[str, type[WinLevel] | type[IncidentReason]] = {
    AchievementKind.WIN: WinLevel,
    AchievementKind.INCIDENT: IncidentReason,
}
KINDS = tuple(kind for kind in AchievementKind if kind != AchievementKind.ANNOUNCED)
CURRENCIES = (Currency.CNY, Currency.USD)
HUNDRED = Decimal(100)
BETWEEN = "~"
MOST = 20


@dataclass(frozen=True, slots=True)
class Assumption:
    """One assumed fact; the amount of 新增就业 is a number of people. `share` in per cent, None: the project's own shares, or all of it where there is no project.

    `detail` is the level of a win or the reason of an incident; `source` the capital source of a project that does not exist.
    """

    kind: str
    on: date
    amount: Decimal | None = None
    currency: str = Currency.CNY
    share: Decimal | None = None
    project: str = ""
    detail: str = ""
    source: str = ""

    @property
    def text(self) -> str:
        """The assumption as one text; `read_assumption` reads it."""
        return BETWEEN.join(_part(getattr(self, each.name)) for each in fields(self))


def _part(value: object) -> str:
    if value is None:
        return ""
    return plain(value) if isinstance(value, Decimal) else str(value)


def read_assumption(text: str) -> Assumption:
    """The assumption of a text. Raises Refused for what is none."""
    parts = text.split(BETWEEN)
    try:
        kind, on, amount, currency, share, project, detail, source = parts
        found = Assumption(
            kind, date.fromisoformat(on), _number(amount), currency, _number(share), project, detail, source
        )
    except (ValueError, InvalidOperation) as error:
        raise Refused(_("看不懂假设“%(text)s”。") % {"text": text[:60]}) from error
    return checked(found)


def _number(text: str) -> Decimal | None:
    if not text:
        return None
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def checked(assumption: Assumption) -> Assumption:
    """The assumption as it was given. Raises Refused with a sentence per wrong field."""
    wrong: dict[str, str] = {}
    if assumption.kind not in KINDS:
        wrong["kind"] = _("没有这种业绩；请从列表中选择。")
    if assumption.amount is not None and not 0 < assumption.amount <= LARGEST:
        wrong["amount"] = _("金额必须大于 0，不超过十万亿。")
    if assumption.kind in PEOPLE_KINDS:
        wrong |= _people_faults(assumption)
    if assumption.currency not in CURRENCIES:
        wrong["currency"] = _("试算只按人民币和美元计；其他币种请先折算。")
    if assumption.share is not None and not 0 < assumption.share <= HUNDRED:
        wrong["share"] = _("份额必须大于 0，且不超过 100。")
    known = ALONE.get(assumption.kind)
    if known is not None and assumption.detail not in known.values:
        wrong["detail"] = _("请选择争取到的级别或扣分事由。")
    if assumption.source and assumption.source not in CapitalSource.values:
        wrong["source"] = _("没有这种资金来源；请从列表中选择。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    return assumption


def _people_faults(assumption: Assumption) -> dict[str, str]:
    """People come in whole numbers, and a project of nobody employs none."""
    people = assumption.amount
    if people is None or people != people.to_integral_value() or not 0 < people <= MOST_PEOPLE:
        return {"people": _("请填写人数：大于 0 的整数，不超过一百万。")}
    return {}


def step_of(
    assumption: Assumption, person: int, year: int, projects: Mapping[int, Project], assumer: Assumer
) -> Step:
    """The assumption as a step. Raises Refused for another year, and for a project that is not the person's own."""
    if assumption.on.year != year:
        sentence = _("日期要在 %(year)s 年之内。") % {"year": year}
        raise Refused(sentence, fields={"on": sentence})
    project = None
    if assumption.project:
        project = next((one for one in projects.values() if one.public_id == assumption.project), None)
        if project is None:
            sentence = _("这不是您的项目；请从列表中选择，或留空按新项目计。")
            raise Refused(sentence, fields={"project": sentence})
    return Step(
        key=assumption.text,
        title=str(AchievementKind(assumption.kind).label),
        facts=(_credited(assumption, person, project, assumer),),
        project=project,
        state=_("自填假设"),
        tone="accent",
        detail=_words(assumption, project),
        is_next=False,
        is_assumed=True,
    )


def _credited(assumption: Assumption, person: int, project: Project | None, assumer: Assumer) -> Credited:
    alone = assumption.kind in ALONE
    attributes: dict[str, AttributeValue] = {}
    if assumption.detail and alone:
        attributes["level" if assumption.kind == AchievementKind.WIN else "reason"] = assumption.detail
    source = project.capital_source if project else assumption.source or CapitalSource.DOMESTIC
    if project is None and not alone:
        attributes["capital_source"] = source
    amount = _amount(assumption, source, assumer)
    fact = assumer.fact(
        assumption.kind,
        assumption.on,
        amount,
        project=project,
        attributes=attributes,
        new_project=project is None and not alone,
    )
    name = project.code if project else _("新项目")
    if project is not None and assumption.share is None:
        return Credited(fact, assumer.crediting.of(project.pk, assumption.on), name, amount.foreign)
    share = (assumption.share or HUNDRED) / HUNDRED
    role = "" if alone else CreditRole.INTRODUCTION
    if project is not None:
        role = assumer.crediting.role_of(project.pk, person, assumption.on)
    return Credited(fact, ((person, role, share),), name, amount.foreign)


def _amount(assumption: Assumption, source: str, assumer: Assumer) -> Amount:
    if assumption.amount is None:
        return Amount()
    if assumption.kind in PEOPLE_KINDS:
        return Amount(people=assumption.amount)
    if assumption.currency == Currency.USD:
        return assumer.in_dollars(assumption.amount)
    return assumer.in_yuan(assumption.amount, assumption.kind, source)


def _words(assumption: Assumption, project: Project | None) -> str:
    parts = [assumption.on.isoformat()]
    if assumption.amount is not None and assumption.kind in PEOPLE_KINDS:
        parts.append(_("%(people)s 人") % {"people": exact(assumption.amount)})
    elif assumption.amount is not None:
        unit = _("万元") if assumption.currency == Currency.CNY else _("万美元")
        parts.append(f"{exact(assumption.amount / WAN)} {unit}")
    known = ALONE.get(assumption.kind)
    if known is not None:
        parts.append(str(known(assumption.detail).label))
    elif project is None:
        parts.append(_("新项目"))
        parts.append(str(CapitalSource(assumption.source or CapitalSource.DOMESTIC).label))
    if assumption.share is not None:
        parts.append(_("份额 %(share)s%%") % {"share": exact(assumption.share)})
    return " · ".join(parts)
