"""The queue of those who recognise, and what deserves a second look there."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models import (
    MILESTONE_KINDS,
    MONEY_KINDS,
    Achievement,
    AchievementKind,
    Document,
    Recognition,
)

# Assumptions until the bureau settles them: what counts as far off, long ago, a burst.
LOWEST_RATIO, HIGHEST_RATIO = Decimal("0.5"), Decimal("1.5")
REGISTER_WITHIN = timedelta(days=180)
SIGNED_AGAIN_WITHIN = timedelta(days=365)
BURST = 3
# How many days of waiting are slow, and late.
SLOW_DAYS, LATE_DAYS = 3, 7
LIVE = (Recognition.SUBMITTED, Recognition.RECOGNISED)


@dataclass(frozen=True)
class Hint:
    """Something to look at before deciding (认定提示): a short word and a sentence. It decides nothing."""

    word: str
    sentence: str


def recognition_hints(
    achievements: Iterable[Achievement], today: date | None = None
) -> dict[int, list[Hint]]:
    """Hints per achievement (by key) for a page of them; four queries however many there are.

    The achievements come from a visible set with their projects; hints speak of what lies outside it only by number.
    """
    listed = list(achievements)
    hints: dict[int, list[Hint]] = defaultdict(list)
    _without_evidence(listed, hints)
    _far_from_plan(listed, hints)
    _not_registered(listed, hints, today or timezone.localdate())
    _signed_twice(listed, hints)
    _last_week(listed, hints)
    return hints


def days_waiting(achievement: Achievement) -> int:
    """How many days a report has waited."""
    return (timezone.localdate() - timezone.localdate(achievement.submitted_at)).days


def _without_evidence(listed: list[Achievement], hints: dict[int, list[Hint]]) -> None:
    proven = set(Document.objects.filter(achievement__in=listed).values_list("achievement", flat=True))
    for one in listed:
        if one.kind in (*MILESTONE_KINDS, *MONEY_KINDS) and one.pk not in proven:
            hints[one.pk].append(Hint(_("缺佐证"), _("没有附佐证材料，可退回请申报人补充。")))


def _far_from_plan(listed: list[Achievement], hints: dict[int, list[Hint]]) -> None:
    for one in listed:
        planned = one.project.planned_investment if one.project else None
        if one.kind != AchievementKind.SIGNED or not planned or not one.amount_cny:
            continue
        ratio = one.amount_cny / planned
        if not LOWEST_RATIO <= ratio <= HIGHEST_RATIO:
            percent = f"{ratio * 100:.0f}"
            sentence = _("签约额是计划总投资的 %(percent)s%%，请核对单位和合同。") % {"percent": percent}
            hints[one.pk].append(Hint(_("金额悬殊"), sentence))


def _not_registered(listed: list[Achievement], hints: dict[int, list[Hint]], today: date) -> None:
    """Signed more than half a year ago and still not registered."""
    early = [
        one
        for one in listed
        if one.kind == AchievementKind.SIGNED and one.project_id and one.happened_on < today - REGISTER_WITHIN
    ]
    if not early:
        return
    registered = set(
        Achievement.objects.filter(
            project__in={one.project_id for one in early}, kind=AchievementKind.REGISTERED, state__in=LIVE
        ).values_list("project", flat=True)
    )
    for one in early:
        if one.project_id not in registered:
            days = (today - one.happened_on).days
            hints[one.pk].append(
                Hint(_("久签未注册"), _("签约已 %(days)s 天，项目公司还没有注册登记。") % {"days": days})
            )


def _signed_twice(listed: list[Achievement], hints: dict[int, list[Hint]]) -> None:
    """Another signing of the same company within a year."""
    signings = [one for one in listed if one.kind == AchievementKind.SIGNED and one.project]
    if not signings:
        return
    others = Achievement.objects.filter(
        project__company__in={one.project.company_id for one in signings if one.project},
        kind=AchievementKind.SIGNED,
        state__in=LIVE,
    ).values_list("pk", "project__company", "project", "happened_on")
    by_company: dict[int | None, list[tuple[int, int | None, date]]] = defaultdict(list)
    for pk, company, project, day in others:
        by_company[company].append((pk, project, day))
    for one in signings:
        again = [
            day
            for pk, project, day in by_company[one.project.company_id if one.project else None]
            if pk != one.pk
            and project != one.project_id
            and abs(day - one.happened_on) <= SIGNED_AGAIN_WITHIN
        ]
        if again:
            sentence = _("同一企业一年内另有 %(count)s 个项目签约，请核对是否拆分或重复。") % {
                "count": len(again)
            }
            hints[one.pk].append(Hint(_("同企业再签约"), sentence))


def _last_week(listed: list[Achievement], hints: dict[int, list[Hint]]) -> None:
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
            hints[one.pk].append(Hint(_("年末集中"), sentence))
