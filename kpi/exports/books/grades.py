"""The grades of a year as an official table (职级评定表): who rises, stays and falls, with the reason of every departure."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kpi.models import GradeProposal
from kpi.queries.grades import grade_round_of, proposals_of, round_figures
from promotion.errors import NotFound
from promotion.papers.layouts import Column, Layout, Part
from promotion.web.formats import day, number
from staff.models import Account


def grades_layout(actor: Account, year: int) -> Layout:
    """Those whose grade changes first, then the others. Raises NotFound without a round."""
    found = grade_round_of(actor, year)
    if found is None:
        raise NotFound(_("%(year)s 年还没有职级评定。") % {"year": year})
    rows = list(proposals_of(actor, found).order_by("pk"))
    told = round_figures(found)
    words = {"people": told.people, "up": told.up, "stay": told.stay, "down": told.down}
    return Layout(
        title=_("%(year)s 年度职级评定表") % {"year": year},
        body=str(settings.BODY_NAMES[0]),
        facts=[
            (str(_("办法")), found.rule.title),
            (str(_("执行日")), day(found.applies_on)),
            (str(_("状态")), str(found.get_state_display())),
            (
                str(_("人数")),
                _("%(people)s 人：晋升 %(up)s，不变 %(stay)s，降低 %(down)s") % words,
            ),
        ],
        parts=[
            _part(_("有变动的"), [one for one in rows if one.steps]),
            _part(_("不变的"), [one for one in rows if not one.steps]),
        ],
        signatures=[_("制表"), _("审核"), _("监督")],
        dated_on=found.run.as_of,
        landscape=True,
    )


def _part(title: str, rows: Sequence[GradeProposal]) -> Part:
    columns = [
        Column(_("姓名"), 10),
        Column(_("团队"), 18),
        Column(_("总分"), 9, "number"),
        Column(_("名次"), 7, "number", 0),
        Column(_("现级别"), 14),
        Column(_("拟定级别"), 14),
        Column(_("依据和理由"), 40),
    ]
    lines: list[list[Any]] = [
        [
            one.person.name, one.team.name, one.standing.total if one.standing else None,
            one.standing.rank if one.standing else None, one.get_present_display(), one.get_decided_display(),
            f"{one.basis}{one.reason}",
        ]
        for one in rows
    ]  # fmt: skip
    count = _("%(count)s 人") % {"count": number(len(rows), 0)}
    return Part(title=f"{title}（{count}）", columns=columns, rows=lines)
