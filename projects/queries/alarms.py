"""What deserves a second look before a decision (认定提示): one function an alarm, each in a fixed number of queries.

They decide nothing. The thresholds are assumptions until the bureau settles them.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import sees_hints
from projects.models import (
    MILESTONE_KINDS,
    MONEY_KINDS,
    Achievement,
    AchievementKind,
    Project,
    Recognition,
)
from projects.outliers import distance, is_far, percent_of
from projects.queries.evidence import checklists_of, second_uses_of
from projects.queries.norms import paid_in_progress, progress_norms, signing_norms
from promotion.money import WAN
from staff.models import Account

# What counts as far off, long ago, a burst.
LOWEST_RATIO, HIGHEST_RATIO = Decimal("0.5"), Decimal("1.5")
REGISTER_WITHIN = timedelta(days=180)
PAY_WITHIN = timedelta(days=180)
SIGNED_AGAIN_WITHIN = timedelta(days=365)
BURST = 3
LIVE = (Recognition.SUBMITTED, Recognition.RECOGNISED)


@dataclass(frozen=True)
class Hint:
    """Something to look at before deciding: a short word and a sentence, its figures, and where to look."""

    word: str
    sentence: str
    code: str = ""
    url: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)


Hints = dict[int, list[Hint]]
Alarm = Callable[[list[Achievement], Hints, date], None]


def recognition_hints(achievements: Iterable[Achievement], today: date | None = None) -> Hints:
    """Hints per achievement (by key) for a page of them; a fixed number of queries however many there are.

    The achievements come from a visible set with their projects and companies; hints speak of what lies outside it, so
    only those who `sees_hints` lets may read them.
    """
    listed = list(achievements)
    hints: Hints = defaultdict(list)
    for alarm in ALARMS:
        alarm(listed, hints, today or timezone.localdate())
    return hints


def _without_evidence(listed: list[Achievement], hints: Hints, today: date) -> None:
    asked = [one for one in listed if one.kind in (*MILESTONE_KINDS, *MONEY_KINDS)]
    checklists = checklists_of(asked)
    for one in asked:
        checklist = checklists[one.pk]
        if checklist.missing:
            sentence = _("%(papers)s，补齐之前不能认定。") % {"papers": checklist.missing_text}
        elif not checklist.papers:
            sentence = _("没有附佐证材料，可退回请申报人补充。")
        else:
            continue
        figures = {"required": checklist.required, "fulfilled": checklist.fulfilled}
        hints[one.pk].append(Hint(_("缺佐证"), sentence, "evidence", f"{_page(one)}#evidence", figures))


def _far_from_plan(listed: list[Achievement], hints: Hints, today: date) -> None:
    for one in listed:
        planned = one.project.planned_investment if one.project else None
        if one.kind != AchievementKind.SIGNED or not planned or not one.amount_cny:
            continue
        ratio = one.amount_cny / planned
        if not LOWEST_RATIO <= ratio <= HIGHEST_RATIO:
            percent = f"{ratio * 100:.0f}"
            sentence = _("签约额是计划总投资的 %(percent)s%%，请核对单位和合同。") % {"percent": percent}
            figures = {"amount_cny": str(one.amount_cny), "planned_investment": str(planned)}
            hints[one.pk].append(Hint(_("金额悬殊"), sentence, "plan", _project(one), figures))


def _far_from_norm(listed: list[Achievement], hints: Hints, today: date) -> None:
    """A signing whose amount is an outlier among those of its industry (median and MAD of the logarithms)."""
    signings = [
        one for one in listed if one.kind == AchievementKind.SIGNED and one.project and one.amount_cny
    ]
    norms = signing_norms({one.project.industry for one in signings if one.project}) if signings else {}
    for one in signings:
        norm = norms.get(one.project.industry if one.project else "")
        amount = float(one.amount_cny or 0)
        if norm is None or amount <= 0 or not is_far(math.log(amount), norm.median, norm.deviation):
            continue
        usual = Decimal(math.exp(norm.median)) / WAN
        sentence = _(
            "签约额 %(amount)s 万元，同产业 %(count)s 个签约的中位数是 %(median)s 万元，偏离明显。"
        ) % {
            "amount": f"{(one.amount_cny or 0) / WAN:,.0f}",
            "count": norm.count,
            "median": f"{usual:,.0f}",
        }
        figures = {
            "amount_cny": str(one.amount_cny),
            "median_cny": f"{math.exp(norm.median):.2f}",
            "comparables": norm.count,
            "distance": round(distance(math.log(amount), norm.median, norm.deviation), 1),
        }
        url = f"{reverse('projects:achievements')}?kind=signed"
        hints[one.pk].append(Hint(_("偏离行业"), sentence, "norm", url, figures))


def _not_registered(listed: list[Achievement], hints: Hints, today: date) -> None:
    """Signed more than half a year ago and still not registered."""
    early = [
        one
        for one in listed
        if one.kind == AchievementKind.SIGNED and one.project_id and one.happened_on < today - REGISTER_WITHIN
    ]
    registered = _projects_with(early, AchievementKind.REGISTERED)
    for one in early:
        if one.project_id not in registered:
            days = (today - one.happened_on).days
            sentence = _("签约已 %(days)s 天，项目公司还没有注册登记。") % {"days": days}
            hints[one.pk].append(
                Hint(_("久签未注册"), sentence, "not_registered", _project(one), {"days": days})
            )


def _registered_unpaid(listed: list[Achievement], hints: Hints, today: date) -> None:
    """A project registered more than half a year ago into which nothing was paid."""
    ours = [one for one in listed if one.project_id and one.kind in MILESTONE_KINDS]
    if not ours:
        return
    days = dict(
        Achievement.objects.filter(
            project__in={one.project_id for one in ours},
            kind=AchievementKind.REGISTERED,
            state__in=LIVE,
            happened_on__lt=today - PAY_WITHIN,
        ).values_list("project", "happened_on")
    )
    paid = _projects_with([one for one in ours if one.project_id in days], AchievementKind.PAID_IN)
    for one in ours:
        if one.project_id in days and one.project_id not in paid:
            waited = (today - days[one.project_id]).days
            sentence = _("项目公司注册已 %(days)s 天，没有一笔资金到账。") % {"days": waited}
            hints[one.pk].append(Hint(_("注册未到账"), sentence, "unpaid", _project(one), {"days": waited}))


def _projects_with(listed: Sequence[Achievement], kind: str) -> set[int | None]:
    if not listed:
        return set()
    found = Achievement.objects.filter(
        project__in={one.project_id for one in listed}, kind=kind, state__in=LIVE
    )
    return set(found.values_list("project", flat=True))


def _signed_twice(listed: list[Achievement], hints: Hints, today: date) -> None:
    """Another signing within a year: of the same company, or of one with the same controller or address."""
    signings = [one for one in listed if one.kind == AchievementKind.SIGNED and one.project]
    if not signings:
        return
    companies = [one.project.company for one in signings if one.project]
    alike = Q(project__company__in={company.pk for company in companies})
    if controllers := {company.controller for company in companies} - {""}:
        alike |= Q(project__company__controller__in=controllers)
    if addresses := {company.address for company in companies} - {""}:
        alike |= Q(project__company__address__in=addresses)
    others = Achievement.objects.filter(alike, kind=AchievementKind.SIGNED, state__in=LIVE)
    found = list(others.select_related("project__company").order_by("happened_on", "id"))
    for one in signings:
        hints[one.pk] += _again(one, found)


def _again(one: Achievement, others: Sequence[Achievement]) -> list[Hint]:
    near = [
        other
        for other in others
        if other.project_id != one.project_id
        and abs(other.happened_on - one.happened_on) <= SIGNED_AGAIN_WITHIN
    ]
    own = one.project.company if one.project else None
    found = []
    for code, word, sentence, fits in (
        (
            "company",
            _("同企业再签约"),
            _("同一企业一年内另有 %(count)s 个项目签约，请核对是否拆分或重复。"),
            lambda company: company == own,
        ),
        (
            "controller",
            _("同控制人"),
            _("实际控制人“%(name)s”的其他企业一年内另有 %(count)s 个项目签约，请核对是否重复。"),
            lambda company: (
                own and company != own and own.controller and company.controller == own.controller
            ),
        ),
        (
            "address",
            _("同注册地址"),
            _("注册地址相同的其他企业一年内另有 %(count)s 个项目签约，请核对是否重复。"),
            lambda company: own and company != own and own.address and company.address == own.address,
        ),
    ):
        again = [other for other in near if other.project and fits(other.project.company)]
        if again:
            values = {"count": len(again), "name": own.controller if own else ""}
            figures = {"count": len(again), "achievements": [other.public_id for other in again]}
            found.append(Hint(word, sentence % values, code, _page(again[0]), figures))
    return found


def _last_week(listed: list[Achievement], hints: Hints, today: date) -> None:
    """Many reports of one person for the last week of a year."""
    late = [one for one in listed if (one.happened_on.month, one.happened_on.day) >= (12, 25)]
    if not late:
        return
    weeks = Q()
    for year in {one.happened_on.year for one in late}:
        weeks |= Q(happened_on__range=(date(year, 12, 25), date(year, 12, 31)))
    found = Achievement.objects.filter(
        weeks, submitted_by__in={one.submitted_by_id for one in late}, state__in=LIVE
    )
    counted = Counter((who, day.year) for who, day in found.values_list("submitted_by", "happened_on"))
    for one in late:
        count = counted[one.submitted_by_id, one.happened_on.year]
        if count >= BURST:
            sentence = _("申报人在年末最后一周共有 %(count)s 条业绩，请核对发生日期。") % {"count": count}
            year = one.happened_on.year
            url = f"{reverse('projects:achievements')}?from={year}-12-25&to={year}-12-31"
            hints[one.pk].append(Hint(_("年末集中"), sentence, "burst", url, {"count": count}))


def _same_paper(listed: list[Achievement], hints: Hints, today: date) -> None:
    """A paper whose content proves another achievement too."""
    for pk, uses in second_uses_of(listed).items():
        for use in uses[:3]:
            sentence = _("“%(name)s”还用在：%(elsewhere)s，请核对是否一份材料报了两次。") % {
                "name": use.title,
                "elsewhere": use.elsewhere,
            }
            figures = {"title": use.title, "elsewhere": use.elsewhere}
            hints[pk].append(Hint(_("一份多用"), sentence, "same_paper", use.url, figures))


def _slow_money(listed: list[Achievement], hints: Hints, today: date) -> None:
    """Money paid in, measured by the registered capital, below the median of projects of the same class."""
    money = [one for one in listed if one.kind == AchievementKind.PAID_IN and one.project]
    if not money:
        return
    progress = paid_in_progress({one.project_id for one in money})
    norms = progress_norms({one.project.project_class for one in money if one.project})
    for one in money:
        own = progress.get(one.project_id or 0)
        norm = norms.get(one.project.project_class if one.project else "")
        if own is None or norm is None or own >= norm.median:
            continue
        values = {
            "own": f"{percent_of(own, Decimal(1)):.0f}",
            "median": f"{percent_of(norm.median, Decimal(1)):.0f}",
            "count": norm.count,
        }
        sentence = _("到账进度 %(own)s%%，低于同类项目中位数 %(median)s%%（%(count)s 个）。") % values
        figures = {"progress": str(own), "median": str(norm.median), "comparables": norm.count}
        hints[one.pk].append(Hint(_("到账偏慢"), sentence, "slow_money", _project(one), figures))


def _page(achievement: Achievement) -> str:
    return reverse("projects:achievement", args=[achievement.public_id])


def _project(achievement: Achievement) -> str:
    return reverse("projects:detail", args=[achievement.project.public_id]) if achievement.project else ""


ALARMS: tuple[Alarm, ...] = (
    _without_evidence,
    _far_from_plan,
    _far_from_norm,
    _not_registered,
    _registered_unpaid,
    _signed_twice,
    _last_week,
    _same_paper,
    _slow_money,
)

# What the card of a project names when nothing was found: the alarms by their codes, in words.
QUIET: Mapping[str, Callable[[], str]] = {
    "company": lambda: _("重复签约"),
    "controller": lambda: _("同址同控制人"),
    "norm": lambda: _("金额偏离行业"),
    "unpaid": lambda: _("注册未到账"),
    "same_paper": lambda: _("一份材料多用"),
    "burst": lambda: _("年末集中"),
}
SHOWN = 4
HINTED = (AchievementKind.SIGNED, AchievementKind.REGISTERED)


def shows_alarms(actor: Account, achievements: Iterable[Achievement]) -> bool:
    """Whether the project of these has the card for this reader."""
    return sees_hints(actor) and any(
        one.state == Recognition.SUBMITTED or (one.state in LIVE and one.kind in HINTED)
        for one in achievements
    )


def alarm_card(actor: Account, project: Project) -> dict[str, Any] | None:
    """What waits for a decision on a project, else its signing and registration, with their hints; for those who see them."""
    if not sees_hints(actor):
        return None
    live = project.achievements.filter(state__in=LIVE)
    related = ("project__company", "submitted_by")
    listed = list(live.select_related(*related).order_by("-happened_on", "-id"))
    waiting = [one for one in listed if one.state == Recognition.SUBMITTED]
    settled = [one for one in listed if one.kind in HINTED]
    shown = (waiting or settled)[:SHOWN]
    if not shown:
        return None
    hints = recognition_hints(shown)
    codes = {hint.code for found in hints.values() for hint in found}
    quiet = [
        word()
        for code, word in QUIET.items()
        if code not in codes and not (code == "controller" and "address" in codes)
    ]
    return {"found": [(one, hints[one.pk]) for one in shown if hints[one.pk] or waiting], "quiet": quiet}
