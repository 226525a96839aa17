"""A publicity on paper and in a workbook: the notice (公示公告), what changed until the final list, and the objections."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kpi.models import Publicity, ScoreObjection, Standing
from kpi.queries.publicity_changes import ChangedSubject, PublicityChanges
from kpi.scoring.scheme import Group
from promotion.papers import render_paper
from promotion.web.formats import number
from promotion.web.workbooks import Sheet, SheetColumn
from staff.exports.placement import written
from staff.models import BodyName


def publicity_notice(
    publicity: Publicity, ranked: Iterable[tuple[Group, list[Standing]]], body_name: str = ""
) -> bytes:
    """The notice of a publicity, or of the final list, under one of the two names of the body. An official paper is in Chinese."""
    body = BodyName(body_name if body_name in BodyName.values else publicity.body_name)
    run = publicity.final_run or publicity.run
    issued = timezone.localdate(publicity.finalised_at) if publicity.finalised_at else publicity.opens_on
    with translation.override(settings.LANGUAGE_CODE):
        data: dict[str, Any] = {
            "year": publicity.year,
            "final": publicity.final_run_id is not None,
            "interim": publicity.is_interim,
            "number": run.number,
            "fingerprint": run.fingerprint[:16],
            "as_of": written(run.as_of),
            "scheme": str(run.scheme),
            "from": written(publicity.opens_on) if publicity.opens_on else "",
            "until": written(publicity.closes_on) if publicity.closes_on else "",
            "days": publicity.days,
            "contact": publicity.contact,
            "note": publicity.note,
            "body": str(body.label),
            "on": written(issued) if issued else "",
            "groups": [_group(group, standings) for group, standings in ranked],
        }
    return render_paper("publicity", data)


def _group(group: Group, standings: list[Standing]) -> dict[str, Any]:
    return {
        "title": group.title,
        "people": any(one.person_id for one in standings),
        "merits": any(one.merit for one in standings),
        "rows": [
            [
                str(one.rank),
                one.subject_name,
                one.home_team.name if one.home_team else "",
                number(one.total),
                one.merit,
            ]
            for one in standings
        ],
    }


def changes_sheet(found: PublicityChanges) -> Sheet:
    """One row for each item that differs, and one for who differs in nothing but place, total or grade."""
    run = found.run or found.publicity.run
    words = {"old": found.publicity.run.number, "new": run.number, "day": run.as_of.isoformat()}
    return Sheet(
        name=_("公示后变动"),
        title=_("%(year)s 年考核公示后变动") % {"year": found.publicity.year},
        note=_("公示第 %(old)s 批与第 %(new)s 批（截至 %(day)s）比较") % words,
        columns=[
            SheetColumn(_("组别"), width=12),
            SheetColumn(_("对象"), width=20),
            SheetColumn(_("任职团队"), width=20),
            SheetColumn(_("原名次"), "integer", 8),
            SheetColumn(_("现名次"), "integer", 8),
            SheetColumn(_("原总分"), "number", 10),
            SheetColumn(_("现总分"), "number", 10),
            SheetColumn(_("总分变化"), "number", 10),
            SheetColumn(_("等次"), width=14),
            SheetColumn(_("指标"), width=20),
            SheetColumn(_("原得分"), "number", 10),
            SheetColumn(_("现得分"), "number", 10),
            SheetColumn(_("得分变化"), "number", 10),
            SheetColumn(_("原因"), width=50),
            SheetColumn(_("依据"), width=18),
        ],
        rows=[row for subject in found.subjects for row in _change_rows(subject)],
        freeze_columns=2,
    )


def _change_rows(one: ChangedSubject) -> Iterator[list[Any]]:
    team = one.standing.home_team.name if one.standing.home_team else ""
    both = (one.before, one.after)
    head = [
        one.group,
        one.standing.subject_name,
        team,
        *(each.rank if each else None for each in both),
        *(each.total if each else None for each in both),
        one.points,
        one.merit_words,
    ]
    if not one.items:
        yield [*head, "", None, None, None, "", one.ground]
    for item in one.items:
        causes = item.cause_words if one.can_open else ""
        ground = _("异议采纳") if item.objections else _("没有异议的变动")
        found = item.found
        yield [*head, item.item.title, found.before, found.after, found.points, causes, ground]


def objections_sheet(publicity: Publicity, objections: Iterable[ScoreObjection]) -> Sheet:
    """Every objection with its decision and what was done about it."""
    return Sheet(
        name=_("异议清单"),
        title=_("%(year)s 年考核异议清单") % {"year": publicity.year},
        columns=[
            SheetColumn(_("对象"), width=18),
            SheetColumn(_("针对"), width=18),
            SheetColumn(_("哪里不对、为什么"), width=44),
            SheetColumn(_("希望怎样更正"), width=30),
            SheetColumn(_("提出人"), width=12),
            SheetColumn(_("提出时间"), "date", 12),
            SheetColumn(_("处理"), width=12),
            SheetColumn(_("处理意见"), width=44),
            SheetColumn(_("处理人"), width=12),
            SheetColumn(_("处理时间"), "date", 12),
            SheetColumn(_("更正方式"), width=20),
            SheetColumn(_("更正情况"), width=40),
        ],
        rows=[_objection_row(one) for one in objections],
        freeze_columns=1,
    )


def _objection_row(one: ScoreObjection) -> list[Any]:
    return [
        one.standing.subject_name,
        one.title or _("整个结果"),
        one.text,
        one.asked,
        one.raised_by.display_name,
        timezone.localdate(one.raised_at),
        str(one.get_state_display()),
        one.decision,
        one.decided_by.display_name if one.decided_by else "",
        timezone.localdate(one.decided_at) if one.decided_at else None,
        str(one.get_remedy_kind_display()) if one.remedy_kind else "",
        one.remedy,
    ]
