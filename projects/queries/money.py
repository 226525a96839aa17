"""The five money lines of a project (五条资金线): what each says today, and the dated entries behind it.

公布总投资 is what was made public last (the latest entry holds; until there is one, the planned total stands in and is called
so), 合同额 and 注册资本 are one milestone each, 到账 and 固定资产投资 are sums of their entries. Amounts in 元 at the rate of
the day; foreign capital paid in also in US dollars. The money tab goes on with what the project yields (产出): output and
tax in 元, jobs in people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.access import achievements_visible_to
from projects.models import (
    PEOPLE_KINDS,
    Achievement,
    AchievementKind,
    CapitalSource,
    Currency,
    Project,
    Recognition,
)
from projects.workflow import Stage
from promotion.money import YI
from promotion.web.formats import number, yi
from staff.models import Account

COUNTED = (Recognition.RECOGNISED, Recognition.SUBMITTED)
KINDS = (
    AchievementKind.ANNOUNCED,
    AchievementKind.SIGNED,
    AchievementKind.REGISTERED,
    AchievementKind.INCREASE,
    AchievementKind.PAID_IN,
    AchievementKind.FIXED_ASSET,
)
YIELDS = (AchievementKind.OUTPUT, AchievementKind.TAX)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class MoneyLine:
    """One line, in 元: what is recognised, else what is reported; `detail` says what waits."""

    label: str
    amount: Decimal | None
    usd: str
    detail: str
    share: Decimal | None
    url: str
    tone: str


@dataclass(frozen=True)
class MoneyEntry:
    """One dated entry with the running total of its line up to it (元, recognised ones only)."""

    achievement: Achievement
    url: str
    counted: Decimal | None
    running: Decimal
    dollars: Decimal | None


@dataclass(frozen=True)
class MoneyTable:
    """The entries of a line in the order they happened."""

    kind: str
    label: str
    total: Decimal
    dollars: Decimal
    entries: tuple[MoneyEntry, ...]
    report_url: str


@dataclass(frozen=True)
class JobsEntry:
    """One dated entry of jobs with the running total up to it (people, recognised ones only)."""

    achievement: Achievement
    url: str
    counted: int | None
    running: int


@dataclass(frozen=True)
class JobsTable:
    """The jobs that a project brought (新增就业), in the order they happened; `total` in people."""

    total: int
    entries: tuple[JobsEntry, ...]
    report_url: str


def dollars_of(achievement: Achievement, amount: Decimal | None, in_cny: Decimal | None) -> Decimal | None:
    """An amount of the achievement in US dollars: as it is, or from 元 at the dollar rate of its day; else nothing."""
    if achievement.currency == Currency.USD:
        return amount
    if achievement.usd_rate and in_cny is not None:
        return (in_cny / achievement.usd_rate).quantize(CENT)
    return None


def money_lines(project: Project, achievements: Sequence[Achievement]) -> list[MoneyLine]:
    """The five lines, and a sixth where capital was increased: what was announced, else what is planned, is the whole."""
    announced = _latest([one for one in achievements if one.kind == AchievementKind.ANNOUNCED])
    whole = _amount(announced) if announced else project.planned_investment
    return [
        _announced(project, announced),
        *(_line(project, achievements, kind, whole) for kind in KINDS[1:] if _is_shown(achievements, kind)),
    ]


def _is_shown(achievements: Sequence[Achievement], kind: str) -> bool:
    """Five lines always; an increase of capital is the exception and shown where there is one."""
    return kind != AchievementKind.INCREASE or any(
        one.kind == kind and one.state in COUNTED for one in achievements
    )


def _announced(project: Project, entry: Achievement | None) -> MoneyLine:
    if entry is None:
        planned = project.planned_investment
        whole = Decimal(1) if planned else None
        return MoneyLine(_("计划总投资"), planned, "", "", whole, "", "accent")
    words = [f"{entry.happened_on:%y-%m-%d}"]
    if entry.state == Recognition.SUBMITTED:
        words.append(_("待认定"))
    url = _list_url(project, AchievementKind.ANNOUNCED)
    return MoneyLine(
        _("公布总投资"), _amount(entry), _original(entry), " · ".join(words), Decimal(1), url, "accent"
    )


def _latest(entries: Sequence[Achievement]) -> Achievement | None:
    """The newest recognised entry, else the newest that waits."""
    for state in COUNTED:
        of_state = [one for one in entries if one.state == state]
        if of_state:
            return max(of_state, key=lambda one: (one.happened_on, one.pk))
    return None


def _amount(entry: Achievement) -> Decimal | None:
    return entry.recognised_cny if entry.state == Recognition.RECOGNISED else entry.amount_cny


def _original(entry: Achievement) -> str:
    if entry.currency == Currency.CNY or entry.amount is None:
        return ""
    return _("%(amount)s 亿%(currency)s") % {
        "amount": number(entry.amount / YI),
        "currency": entry.get_currency_display(),
    }


def _line(
    project: Project, achievements: Sequence[Achievement], kind: str, whole: Decimal | None
) -> MoneyLine:
    """The money of a kind; what waits for recognition is said apart, or marked when there is nothing else."""
    own = [one for one in achievements if one.kind == kind and one.state in COUNTED]
    done = [one for one in own if one.state == Recognition.RECOGNISED]
    waiting = [one.amount_cny for one in own if one.state == Recognition.SUBMITTED and one.amount_cny]
    amount = sum((one.recognised_cny or Decimal(0) for one in done), Decimal(0)) if done else None
    dollars = sum(
        (dollars_of(one, one.recognised_amount, one.recognised_cny) or Decimal(0) for one in done), Decimal(0)
    )
    waits = sum(waiting, Decimal(0))
    detail = _("待认定 %(amount)s") % {"amount": yi(waits)} if waiting else ""
    if amount is None and waiting:
        amount, detail = waits, _("待认定")
    return MoneyLine(
        label=label_of(project, kind),
        amount=amount,
        usd=_("$%(amount)s 亿") % {"amount": number(dollars / YI)} if dollars else "",
        detail=detail,
        share=min(amount / whole, Decimal(1)) if amount is not None and whole else None,
        url=_list_url(project, kind) if own else "",
        tone="attention" if kind == AchievementKind.PAID_IN else "accent",
    )


def label_of(project: Project, kind: str) -> str:
    """What a line is called on the project."""
    foreign = project.capital_source != CapitalSource.DOMESTIC
    return {
        AchievementKind.ANNOUNCED: _("公布总投资"),
        AchievementKind.SIGNED: _("合同额"),
        AchievementKind.REGISTERED: _("注册资本"),
        AchievementKind.INCREASE: _("增资"),
        AchievementKind.PAID_IN: _("到账外资") if foreign else _("到账资金"),
        AchievementKind.FIXED_ASSET: _("固定资产投资"),
        AchievementKind.OUTPUT: _("产值"),
        AchievementKind.TAX: _("税收"),
    }[AchievementKind(kind)]


def _list_url(project: Project, kind: str) -> str:
    return f"{reverse('projects:achievements')}?project={project.public_id}&kind={kind}"


def money_tables(actor: Account, project: Project) -> list[MoneyTable]:
    """Every entry of the lines of money and yield with running totals."""
    return _money_tables(project, _entries(actor, project))


def _entries(actor: Account, project: Project) -> list[Achievement]:
    """What was reported of money, yield and jobs, in the order it happened; withdrawn ones left out; one query."""
    kinds = (*KINDS, *YIELDS, *PEOPLE_KINDS)
    listed = achievements_visible_to(actor).filter(project=project, kind__in=kinds)
    return list(
        listed.exclude(state=Recognition.WITHDRAWN)
        .select_related("submitted_by", "decided_by")
        .order_by("happened_on", "id")
    )


def _money_tables(project: Project, found: Sequence[Achievement]) -> list[MoneyTable]:
    """Five lines always; increases of capital and yields of a project that produces, or that has any."""
    produces = project.stage == Stage.PRODUCED
    asked = {one.kind for one in found}
    later = (AchievementKind.INCREASE, *YIELDS)
    kinds = [kind for kind in (*KINDS, *YIELDS) if produces or kind not in later or kind in asked]
    return [_table(project, kind, [one for one in found if one.kind == kind]) for kind in kinds]


def _jobs_table(project: Project, found: Sequence[Achievement]) -> JobsTable | None:
    """The jobs that a project brought; nothing before it is built, unless some were reported."""
    listed = [one for one in found if one.kind in PEOPLE_KINDS]
    if not listed and project.stage not in (Stage.STARTED, Stage.COMPLETED, Stage.PRODUCED):
        return None
    entries: list[JobsEntry] = []
    running = 0
    for one in listed:
        counted = one.recognised_people if one.state == Recognition.RECOGNISED else None
        running += counted or 0
        entries.append(
            JobsEntry(one, reverse("projects:achievement", args=[one.public_id]), counted, running)
        )
    report = reverse("projects:achievement-new", args=[project.public_id])
    return JobsTable(running, tuple(entries), f"{report}?kind={AchievementKind.JOBS}")


def _table(project: Project, kind: str, listed: Sequence[Achievement]) -> MoneyTable:
    entries: list[MoneyEntry] = []
    running = dollars = Decimal(0)
    for one in listed:
        counted = one.recognised_cny if one.state == Recognition.RECOGNISED else None
        usd = dollars_of(one, one.recognised_amount, one.recognised_cny) if counted is not None else None
        # What was announced last replaces what was announced before; the other lines add up.
        if counted is not None:
            running = counted if kind == AchievementKind.ANNOUNCED else running + counted
            dollars += usd or Decimal(0)
        address = reverse("projects:achievement", args=[one.public_id])
        entries.append(MoneyEntry(one, address, counted, running, usd))
    milestone = kind in (AchievementKind.SIGNED, AchievementKind.REGISTERED)
    report = reverse("projects:achievement-new", args=[project.public_id])
    return MoneyTable(
        kind=kind,
        label=label_of(project, kind),
        total=running,
        dollars=dollars,
        entries=tuple(entries),
        report_url="" if milestone else f"{report}?kind={kind}",
    )


def money_tab(actor: Account, project: Project) -> dict[str, Any]:
    """The money tab of the record page."""
    found = _entries(actor, project)
    return {"tables": _money_tables(project, found), "jobs": _jobs_table(project, found)}
