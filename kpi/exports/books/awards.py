"""The awards of a year as an official table (评奖表): what was decided on which figures, with the reasons."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kpi.access.award import award_decisions_visible_to
from kpi.models import AwardDecision, AwardState
from kpi.queries.award import RELATED
from promotion.errors import NotFound
from promotion.papers.layouts import Column, Layout, Part
from promotion.web.formats import number
from staff.models import Account


def awards_layout(actor: Account, year: int) -> Layout:
    """Awards first, then notices, each with what is withheld. Raises NotFound before the first decision."""
    found = award_decisions_visible_to(actor).filter(year=year).exclude(state=AwardState.REVOKED)
    rows = list(found.select_related(*RELATED).order_by("award", "place", "pk"))
    if not rows:
        raise NotFound(_("%(year)s 年还没有评奖决定。") % {"year": year})
    approved = [one for one in rows if one.state == AwardState.APPROVED]
    granted = [one for one in approved if one.is_granted]
    words = {"all": len(rows), "approved": len(approved), "granted": len(granted)}
    return Layout(
        title=_("%(year)s 年度评奖表") % {"year": year},
        body=str(settings.BODY_NAMES[0]),
        facts=[
            (str(_("细则")), rows[0].run.scheme.title),
            (str(_("项数")), _("%(all)s 项：已批准 %(approved)s，授予和列入 %(granted)s") % words),
        ],
        parts=[
            _part(_("奖项"), [one for one in rows if not one.is_warning]),
            _part(_("警示类"), [one for one in rows if one.is_warning]),
        ],
        signatures=[_("制表"), _("审核"), _("监督")],
        dated_on=max(one.run.as_of for one in rows),
        landscape=True,
    )


def _part(title: str, rows: Sequence[AwardDecision]) -> Part:
    columns = [
        Column(_("奖项"), 16),
        Column(_("对象"), 16),
        Column(_("名次"), 7, "number", 0),
        Column(_("总分"), 9, "number"),
        Column(_("结果"), 9),
        Column(_("状态"), 9),
        Column(_("怎样处理"), 10),
        Column(_("证书编号"), 18),
        Column(_("依据和理由"), 40),
    ]
    lines: list[list[Any]] = [
        [
            one.title, one.subject_name, one.place, one.total, one.outcome_words, one.get_state_display(),
            one.get_consequence_display(), one.number, f"{one.basis}{one.reason}",
        ]
        for one in rows
    ]  # fmt: skip
    count = _("%(count)s 项") % {"count": number(len(rows), 0)}
    return Part(title=f"{title}（{count}）", columns=columns, rows=lines)
