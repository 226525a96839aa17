"""The ranking as an official table (考核排名表): one part per group, points by indicator, and what it rests on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kpi.models import Item, Run, Standing
from kpi.queries.course import decisive_run
from kpi.queries.scheme import read_scheme
from kpi.queries.standing import tied_ranks
from kpi.scoring.scheme import Group, Indicator, Scheme
from promotion.errors import NotFound
from promotion.papers.layouts import Column, Layout, Part
from promotion.web.formats import day
from staff.models import Account, Grade

#: More columns than these do not stand beside one another on A4; then the points by indicator are left to the workbook.
MOST_INDICATORS = 9
GRADES = dict(Grade.choices)
Points = Mapping[int, Mapping[str, Any]]


def ranking_layout(actor: Account, year: int) -> Layout:
    """Names, ranks and totals are open to the house; the queries do not grow with the people. Raises NotFound without a run."""
    run = decisive_run(year)
    if run is None:
        raise NotFound(_("%(year)s 年还没有核算结果；请先发起一次核算。") % {"year": year})
    scheme = read_scheme(run.scheme)
    standings = list(
        Standing.objects.filter(run=run)
        .select_related("home_team")
        .order_by("group", "rank", "subject_name", "pk")
    )
    points: dict[int, dict[str, Any]] = defaultdict(dict)
    for standing, indicator, number in Item.objects.filter(standing__run=run).values_list(
        "standing_id", "indicator", "points"
    ):
        points[standing][indicator] = number
    by_group = {code: [one for one in standings if one.group == code] for code in scheme.groups}
    return Layout(
        title=_("%(year)s 年度招商绩效考核排名表") % {"year": year},
        body=str(settings.BODY_NAMES[0]),
        facts=_facts(run),
        parts=[
            _part(scheme, group, by_group[code], points)
            for code, group in scheme.groups.items()
            if by_group[code]
        ],
        notes=_notes(standings),
        signatures=[_("制表"), _("审核"), _("监督")],
        dated_on=run.as_of,
        landscape=True,
    )


def _facts(run: Run) -> list[tuple[str, str]]:
    return [
        (_("考核细则"), str(run.scheme)),
        (
            _("核算"),
            _("第 %(number)s 批，截至 %(day)s") % {"number": run.number, "day": day(run.as_of)},
        ),
        (_("输入指纹"), run.fingerprint[:16]),
    ]


def _notes(standings: Sequence[Standing]) -> list[str]:
    notes = [_("注：总分相同的名次相同。")]
    if undecided := sum(1 for one in standings if one.undecided_count):
        notes.append(_("有 %(count)s 份考核表尚有待定项，未计入总分。") % {"count": undecided})
    return notes


def _part(scheme: Scheme, group: Group, standings: Sequence[Standing], points: Points) -> Part:
    people = any(one.person_id for one in standings)
    shown = _indicators(scheme, group)
    beside = bool(scheme.gates or scheme.grades)
    columns = [
        Column(_("名次"), 6, "integer"),
        Column(_("姓名") if people else _("团队"), 14 if people else 26),
    ]
    if people:
        columns += [Column(_("级别"), 14), Column(_("任职团队"), 24)]
    columns += [Column(_heading(one), 10, "number") for one in shown]
    columns.append(Column(_("总分"), 10, "number"))
    columns += [Column(_("等次"), 9)] if beside else []
    columns.append(Column(_("备注"), 12))
    tied = tied_ranks(list(standings))
    rows = [
        [
            one.rank,
            one.subject_name,
            *([GRADES.get(one.grade, ""), one.home_team.name if one.home_team else ""] if people else []),
            *(points.get(one.pk, {}).get(indicator.code) for indicator in shown),
            one.total,
            *([one.merit] if beside else []),
            _remark(one, is_tied=one.rank in tied),
        ]
        for one in standings
    ]
    return Part(title=group.title, columns=columns, rows=rows)


def _indicators(scheme: Scheme, group: Group) -> list[Indicator]:
    """The indicators that count for the group, none where they are too many for a page."""
    applicable = {one.code for kind in group.subjects for one in scheme.indicators_for(kind)}
    counted = [one for one in scheme.indicators if one.code in applicable and not one.report_only]
    return counted if len(counted) <= MOST_INDICATORS else []


def _heading(indicator: Indicator) -> str:
    if indicator.full_marks is None:
        return indicator.title
    words = {"title": indicator.title, "marks": f"{indicator.full_marks.normalize():f}"}
    return _("%(title)s（%(marks)s）") % words


def _remark(one: Standing, *, is_tied: bool) -> str:
    words = [*one.cards]
    if is_tied:
        words.append(_("并列"))
    if one.undecided_count:
        words.append(_("有待定项"))
    return "、".join(words)
