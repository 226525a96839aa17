"""The year-end ranking workbook (年终排名工作簿): rankings, score lines, awards, and what the figures rest on."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kpi.models import AwardCandidate, Item, Run, Standing
from kpi.queries.scheme import read_scheme
from kpi.queries.standing import award_candidates
from kpi.scoring.scheme import Group, Indicator, Scheme
from promotion.web.formats import moment
from promotion.web.workbooks import Sheet, SheetColumn
from staff.models import Grade

Items = dict[int, dict[str, Item]]
GRADES = dict(Grade.choices)


def workbook_name(run: Run) -> str:
    """The file's name."""
    return _("%(year)s年招商考核排名_第%(number)s次核算.xlsx") % {"year": run.year, "number": run.number}


def ranking_sheets(run: Run) -> list[Sheet]:
    """One ranking per group of the scheme, then the lines behind it, the awards, and the foundations."""
    scheme = read_scheme(run.scheme)
    standings = list(
        Standing.objects.filter(run=run)
        .select_related("home_team")
        .order_by("group", "rank", "subject_name", "pk")
    )
    items: Items = defaultdict(dict)
    for item in Item.objects.filter(standing__run=run).order_by("position"):
        items[item.standing_id][item.indicator] = item
    by_group = {code: [one for one in standings if one.group == code] for code in scheme.groups}
    return [
        *(_ranking(run, scheme, group, by_group[code], items) for code, group in scheme.groups.items()),
        _lines(run, scheme, by_group, items),
        *([_gates(run, scheme, standings)] if scheme.gates else []),
        _awards(run),
        _foundations(run, scheme, standings),
    ]


def _note(run: Run) -> str:
    return _("%(scheme)s；截至 %(day)s；第 %(number)s 次核算；指纹 %(digest)s…") % {
        "scheme": run.scheme,
        "day": run.as_of.isoformat(),
        "number": run.number,
        "digest": run.fingerprint[:12],
    }


def _ranking(run: Run, scheme: Scheme, group: Group, standings: Sequence[Standing], items: Items) -> Sheet:
    indicators = _indicators(scheme, group)
    has_people = any(one.person_id for one in standings)
    beside = bool(scheme.gates or scheme.grades)
    columns = [
        SheetColumn(_("名次"), "integer", 7),
        SheetColumn(_("姓名") if has_people else _("团队"), width=22),
    ]
    if has_people:
        columns += [SheetColumn(_("级别"), width=14), SheetColumn(_("任职团队"), width=20)]
    columns += [
        SheetColumn(_("总分"), "number", 9),
        *([SheetColumn(_("等次"), width=9), SheetColumn(_("评奖资格"), width=10)] if beside else []),
        *([SheetColumn(_("亮牌"), width=12)] if beside else []),
        *(SheetColumn(_heading(indicator), "number", 14) for indicator in indicators),
        SheetColumn(_("上次名次"), "integer", 9),
        SheetColumn(_("名次变化"), "integer", 9),
        SheetColumn(_("待定项"), "integer", 8),
        SheetColumn(_("完成任务"), width=10),
    ]
    rows = [_ranking_row(one, indicators, items.get(one.pk, {}), has_people, beside) for one in standings]
    return Sheet(
        name=_sheet_name(group),
        title=_("%(year)s 年%(group)s排名") % {"year": run.year, "group": group.title},
        note=_note(run),
        columns=columns,
        rows=rows,
        freeze_columns=2,
    )


def _sheet_name(group: Group) -> str:
    return {"teams": _("团队排名"), "officers": _("专员排名")}.get(
        group.code, _("%(group)s排名") % {"group": group.title}
    )


def _heading(indicator: Indicator) -> str:
    if indicator.full_marks is None:
        return indicator.title
    return _("%(title)s（满分 %(marks)s）") % {
        "title": indicator.title,
        "marks": f"{indicator.full_marks.normalize():f}",
    }


def _indicators(scheme: Scheme, group: Group) -> list[Indicator]:
    """The indicators that apply to any kind of subject in the group."""
    applicable = {one.code for kind in group.subjects for one in scheme.indicators_for(kind)}
    return [one for one in scheme.indicators if one.code in applicable]


def _ranking_row(
    one: Standing, indicators: Sequence[Indicator], items: dict[str, Item], has_people: bool, beside: bool
) -> list[Any]:
    person = [GRADES.get(one.grade, ""), one.home_team.name if one.home_team else ""] if has_people else []
    moved = None if one.previous_rank is None else one.previous_rank - one.rank
    points = [items[indicator.code].points if indicator.code in items else None for indicator in indicators]
    return [
        one.rank,
        one.subject_name,
        *person,
        one.total,
        *([one.merit, _eligibility(one), "、".join(one.cards)] if beside else []),
        *points,
        one.previous_rank,
        moved,
        one.undecided_count or None,
        "" if one.target_missed is None else _("未完成") if one.target_missed else _("完成"),
    ]


def _eligibility(one: Standing) -> str:
    """Whether awards are open to the subject, in a word."""
    if one.eligible is None:
        return str(_("未定"))
    return str(_("有") if one.eligible else _("取消"))


def _gates(run: Run, scheme: Scheme, standings: Sequence[Standing]) -> Sheet:
    """What each gate came to for each subject."""
    columns = [
        SheetColumn(_("组别"), width=12),
        SheetColumn(_("名次"), "integer", 7),
        SheetColumn(_("对象"), width=20),
        SheetColumn(_("门槛"), width=24),
        SheetColumn(_("结果"), width=9),
        SheetColumn(_("后果"), width=30),
        SheetColumn(_("依据"), width=50),
    ]
    words = {True: _("成立"), False: _("不成立"), None: _("未定")}
    rows = [
        [
            scheme.groups[one.group].title,
            one.rank,
            one.subject_name,
            gate["title"],
            words[gate["holds"]],  # type: ignore[index]
            gate["effect"] if gate["holds"] else "",
            gate["reason"],
        ]
        for one in standings
        for gate in one.gates
    ]
    title = _("%(year)s 年门槛评定") % {"year": run.year}
    return Sheet(name=_("门槛"), title=title, note=_note(run), columns=columns, rows=rows, freeze_columns=3)


def _lines(run: Run, scheme: Scheme, by_group: dict[str, list[Standing]], items: Items) -> Sheet:
    columns = [
        SheetColumn(_("组别"), width=12),
        SheetColumn(_("名次"), "integer", 7),
        SheetColumn(_("对象"), width=20),
        SheetColumn(_("指标"), width=20),
        SheetColumn(_("条款"), width=10),
        SheetColumn(_("得分"), "number", 9),
        SheetColumn(_("满分"), "number", 9),
        SheetColumn(_("完成"), "number", 14),
        SheetColumn(_("目标"), "number", 14),
        SheetColumn(_("单位"), width=9),
        SheetColumn(_("完成率"), "percent", 10),
        SheetColumn(_("状态"), width=10),
        SheetColumn(_("算式"), width=64),
    ]
    return Sheet(
        name=_("得分明细"),
        title=_("%(year)s 年得分明细") % {"year": run.year},
        note=_note(run),
        columns=columns,
        rows=list(_line_rows(scheme, by_group, items)),
        freeze_columns=4,
    )


def _line_rows(scheme: Scheme, by_group: dict[str, list[Standing]], items: Items) -> Iterator[list[Any]]:
    for code, standings in by_group.items():
        for one in standings:
            for item in items.get(one.pk, {}).values():
                yield [
                    scheme.groups[code].title,
                    one.rank,
                    one.subject_name,
                    item.title,
                    item.clause,
                    item.points,
                    item.full_marks,
                    item.actual,
                    item.target,
                    item.unit,
                    item.progress,
                    str(item.get_status_display()),
                    item.explanation,
                ]


def _awards(run: Run) -> Sheet:
    columns = [
        SheetColumn(_("奖项"), width=18),
        SheetColumn(_("对象"), width=22),
        SheetColumn(_("类别"), width=8),
        SheetColumn(_("名次"), "integer", 7),
        SheetColumn(_("总分"), "number", 9),
        SheetColumn(_("并列"), width=7),
        SheetColumn(_("结论"), width=12),
        SheetColumn(_("依据"), width=80),
    ]
    rows = [_award_row(candidate) for candidate in award_candidates(run)]
    return Sheet(
        name=_("评奖"),
        title=_("%(year)s 年评奖候选") % {"year": run.year},
        note=_("由细则推出，由人决定；没有列出的奖项目前无人符合条件。"),
        columns=columns,
        rows=rows,
        freeze_columns=1,
    )


def _award_row(candidate: AwardCandidate) -> list[Any]:
    standing = candidate.standing
    return [
        candidate.title,
        standing.subject_name if standing else "",
        _("警示") if candidate.is_warning else _("表彰"),
        standing.rank if standing else None,
        standing.total if standing else None,
        _("并列") if candidate.is_tied else "",
        _("待定") if candidate.undecided else _("候选"),
        candidate.reason,
    ]


def _foundations(run: Run, scheme: Scheme, standings: Sequence[Standing]) -> Sheet:
    undecided = sum(one.undecided_count for one in standings)
    rows: list[list[Any]] = [
        [_("考核年度"), str(run.year)],
        [_("考核细则"), str(run.scheme)],
        [_("细则指纹"), run.scheme.fingerprint],
        [_("核算批次"), _("第 %(number)s 次") % {"number": run.number}],
        [_("截至日期"), run.as_of.isoformat()],
        [_("完成时间"), moment(run.finished_at)],
        [_("输入指纹"), run.fingerprint],
        [_("账本末行"), str(run.last_line)],
        [_("参评对象"), str(len(standings))],
        [
            _("待定项"),
            _("%(count)s 项，未计入总分，公示前须确定。") % {"count": undecided} if undecided else _("无"),
        ],
        *([_("细则设定"), text] for text in scheme.assumptions),
    ]
    return Sheet(
        name=_("说明"),
        columns=[SheetColumn(_("项目"), width=14), SheetColumn(_("内容"), width=100)],
        rows=rows,
        title=_("%(year)s 年考核结果说明") % {"year": run.year},
    )
