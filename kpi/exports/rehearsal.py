"""A rehearsal as a workbook (细则演练表): rank moves, awards and sensitivity of each year."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from kpi.queries.rehearsal import Rehearsal, RehearsedYear
from kpi.scoring.rounding import rounded
from promotion.web.workbooks import Sheet, SheetColumn


def rehearsal_name(rehearsal: Rehearsal) -> str:
    """The file's name."""
    years = "、".join(str(one.year) for one in rehearsal.years)
    return _("细则演练_%(scheme)s_%(years)s.xlsx") % {"scheme": rehearsal.scheme, "years": years}


def rehearsal_sheets(rehearsal: Rehearsal) -> list[Sheet]:
    """For each year its moves, awards and sensitivity."""
    return [
        sheet
        for year in rehearsal.years
        for sheet in (_moves(rehearsal, year), _awards(rehearsal, year), _sensitivity(rehearsal, year))
    ]


def _note(rehearsal: Rehearsal, year: RehearsedYear) -> str:
    return _("演练：%(scheme)s；基准：%(base)s，第 %(number)s 次核算，截至 %(day)s；只算不存") % {
        "scheme": rehearsal.scheme,
        "base": year.base,
        "number": year.run_number,
        "day": year.as_of.isoformat(),
    }


def _moves(rehearsal: Rehearsal, year: RehearsedYear) -> Sheet:
    return Sheet(
        name=_("%(year)s 名次变动") % {"year": year.year},
        title=_("%(year)s 年名次变动") % {"year": year.year},
        note=_note(rehearsal, year),
        columns=[
            SheetColumn(_("组别"), width=12),
            SheetColumn(_("对象"), width=22),
            SheetColumn(_("任职团队"), width=20),
            SheetColumn(_("原名次"), "integer", 9),
            SheetColumn(_("演练名次"), "integer", 9),
            SheetColumn(_("名次变化"), "integer", 9),
            SheetColumn(_("原总分"), "number", 10),
            SheetColumn(_("演练总分"), "number", 10),
            SheetColumn(_("总分变化"), "number", 10),
            SheetColumn(_("待定项"), "integer", 8),
            SheetColumn(_("等次、门槛、评奖"), width=40),
        ],
        rows=list(_move_rows(year)),
        freeze_columns=2,
    )


def _move_rows(year: RehearsedYear) -> Iterator[list[Any]]:
    for group in year.groups:
        for move in group.moves:
            yield [
                group.title,
                move.subject.name,
                year.teams.get(move.subject.code, ""),
                move.place_before,
                move.place_after,
                move.places_gained,
                move.total_before,
                move.total_after,
                move.points_gained,
                move.undecided or None,
                group.said(move.subject.code),
            ]


def _awards(rehearsal: Rehearsal, year: RehearsedYear) -> Sheet:
    return Sheet(
        name=_("%(year)s 评奖变化") % {"year": year.year},
        title=_("%(year)s 年评奖候选的变化") % {"year": year.year},
        note=_note(rehearsal, year),
        columns=[
            SheetColumn(_("奖项"), width=18),
            SheetColumn(_("类别"), width=8),
            SheetColumn(_("原候选"), width=40),
            SheetColumn(_("演练候选"), width=40),
            SheetColumn(_("新进"), width=30),
            SheetColumn(_("退出"), width=30),
        ],
        rows=[
            [
                award.title,
                _("警示") if award.warning else _("表彰"),
                _("没有这个奖项") if award.before is None else "、".join(award.before),
                _("没有这个奖项") if award.after is None else "、".join(award.after),
                "、".join(award.gained),
                "、".join(award.lost),
            ]
            for award in year.awards
        ],
        freeze_columns=1,
    )


def _sensitivity(rehearsal: Rehearsal, year: RehearsedYear) -> Sheet:
    return Sheet(
        name=_("%(year)s 敏感性") % {"year": year.year},
        title=_("%(year)s 年名次对各指标权重的敏感性") % {"year": year.year},
        note=_("每次只把一项指标的分值乘以一个系数，其他不变；与演练细则本身的名次比较。"),
        columns=[
            SheetColumn(_("组别"), width=12),
            SheetColumn(_("指标"), width=24),
            SheetColumn(_("权重变化"), "percent", 10, "+0%;-0%"),
            SheetColumn(_("名次变动数"), "integer", 11),
            SheetColumn(_("最大变动"), "integer", 9),
            SheetColumn(_("首位变化"), width=9),
            SheetColumn(_("末位变化"), width=9),
            SheetColumn(_("秩相关（τ）"), "number", 11, "0.0000"),
        ],
        rows=[
            [
                group.title,
                one.indicator,
                one.factor - 1,
                one.shift.changed,
                one.shift.largest,
                one.shift.first_changed,
                one.shift.last_changed,
                None if one.shift.tau is None else rounded(one.shift.tau, 4),
            ]
            for group in year.groups
            for one in group.sensitivity
        ],
        freeze_columns=2,
    )
