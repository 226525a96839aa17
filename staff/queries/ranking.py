"""The ranking of a round: marks by the pure calculation from sheets of closed sessions, with where each comes from."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from promotion.errors import NotAllowed
from staff.access.competition import SEES_APPLICATIONS
from staff.access.interview import is_on_panel
from staff.access.placement import can_read_own_mark
from staff.models import (
    Account,
    Application,
    ApplicationState,
    Competition,
    Interview,
    Recusal,
    ScoreSheet,
    SessionState,
    SheetState,
)
from staff.queries.application import with_parts
from staff.selection import Mark, judge_total, ranking, shown, trimmed, written


@dataclass
class JudgeLine:
    """What one judge gave: points by criterion, the weighted total, and whether it was dropped."""

    judge: str
    points: list[Decimal]
    total: Decimal
    dropped: str = ""
    remark: str = ""


@dataclass
class Place:
    """A candidate of the ranking; without a mark when the interview was missed."""

    application: Any
    rank: int | None = None
    shared: bool = False
    mark: Decimal | None = None
    exact: Fraction | None = None
    passed: bool = False
    judges: list[JudgeLine] = field(default_factory=list)
    words: str = ""


def can_see_ranking(actor: Account, competition: Competition) -> bool:
    """Those who watch a round, and its panel, once a session was closed."""
    return actor.is_role(*SEES_APPLICATIONS) or is_on_panel(actor, competition)


def ranking_of(actor: Account, competition: Competition) -> list[Place]:
    """The candidates of closed sessions by rank, then those who missed their interview. Raises NotAllowed.

    A judge reads no details of a candidate that he stands back from.
    """
    if not can_see_ranking(actor, competition):
        raise NotAllowed(_("排名由人事、分管领导、纪检审计和考核组查看。"))
    places = places_of(competition, ScoreSheet.objects.all())
    recused = set(
        Recusal.objects.filter(panelist__account=actor, panelist__competition=competition).values_list(
            "application", flat=True
        )
    )
    for place in places:
        if place.application.pk in recused:
            place.judges, place.words = [], _("您对这位报名人回避，不显示评分明细。")
    return places


def own_place(actor: Account, application: Application) -> Place | None:
    """What an applicant reads of the own marks once the list is public: rank, mark and arithmetic, no judge by name.

    None for anybody else, before that day, or without an interview.
    """
    if not can_read_own_mark(actor, application):
        return None
    places = places_of(application.competition, ScoreSheet.objects.all())
    found = next((each for each in places if each.application.pk == application.pk), None)
    if found is not None:
        found.judges = []
    return found


def places_of(competition: Competition, sheets: Any) -> list[Place]:
    """The same from the given sheets."""
    criteria = list(competition.criteria.order_by("position"))
    weights = {each.pk: each.weight for each in criteria}
    marks: dict[int, Mark[int]] = {}
    found = _sheets_by_application(competition, sheets)
    for key, rows in found.items():
        if len(rows) > 2 * competition.trim:
            totals = {row.pk: judge_total(_points(row), weights) for row in rows}
            marks[key] = trimmed(totals, competition.trim)
    applications = _heard(competition)
    places = {each.pk: Place(each) for each in applications}
    for each in ranking({key: mark.value for key, mark in marks.items() if key in places}):
        place = places[each.key]
        place.rank, place.shared, place.exact = each.rank, each.shared, each.mark
        place.mark = shown(each.mark)
        place.passed = each.mark >= Fraction(competition.pass_mark)
        place.judges = _lines(found[each.key], marks[each.key], [one.pk for one in criteria])
        place.words = explained(marks[each.key], competition.trim)
    return sorted(places.values(), key=lambda one: (one.rank is None, one.rank or 0))


def explained(mark: Mark[int], trim: int) -> str:
    """The mark in words and figures."""
    counted = " + ".join(written(mark.totals[judge]) for judge in mark.counted)
    words = {"count": len(mark.totals), "sum": counted, "left": len(mark.counted), "mark": shown(mark.value)}
    if trim:
        words |= {
            "high": "、".join(written(mark.totals[judge]) for judge in mark.dropped_high),
            "low": "、".join(written(mark.totals[judge]) for judge in mark.dropped_low),
        }
        return (
            _(
                "%(count)s 位评委，去掉最高 %(high)s 和最低 %(low)s，(%(sum)s) ÷ %(left)s = %(mark)s（四舍五入到两位小数）。"
            )
            % words
        )
    return _("%(count)s 位评委，(%(sum)s) ÷ %(left)s = %(mark)s（四舍五入到两位小数）。") % words


def _points(sheet: ScoreSheet) -> dict[int, Decimal]:
    return {each.criterion_id: each.points for each in sheet.scores.all()}


def _sheets_by_application(competition: Competition, sheets: Any) -> dict[int, list[ScoreSheet]]:
    rows = (
        sheets.filter(
            interview__session__competition=competition,
            interview__session__state=SessionState.CLOSED,
            interview__was_absent=False,
            state=SheetState.SUBMITTED,
        )
        .select_related("interview", "panelist__account")
        .prefetch_related("scores")
        .order_by("panelist", "pk")
    )
    found: dict[int, list[ScoreSheet]] = {}
    for row in rows:
        found.setdefault(row.interview.application_id, []).append(row)
    return found


def _heard(competition: Competition) -> list[Application]:
    interviews = Interview.objects.filter(
        session__competition=competition, session__state=SessionState.CLOSED
    )
    rows = Application.objects.filter(
        competition=competition, state=ApplicationState.ELIGIBLE, pk__in=interviews.values("application")
    )
    return list(with_parts(rows).order_by("person__pinyin", "pk"))


def _lines(rows: list[ScoreSheet], mark: Mark[int], criteria: list[int]) -> list[JudgeLine]:
    dropped = dict.fromkeys(mark.dropped_high, _("最高，去掉")) | dict.fromkeys(
        mark.dropped_low, _("最低，去掉")
    )
    return [
        JudgeLine(
            judge=str(row.panelist.account),
            points=[_points(row)[key] for key in criteria],
            total=shown(mark.totals[row.pk]),
            dropped=dropped.get(row.pk, ""),
            remark=row.remark,
        )
        for row in rows
    ]
