"""The step of the year in which its results are made public, answered and settled."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.models import Run, ScoreObjection
from kpi.models.publicity import Publicity, PublicityState
from kpi.queries.course.step import Progress, Step
from kpi.queries.publicity import shown_publicity
from promotion.web.formats import day, number
from staff.models import Account


def publicity(actor: Account, year: int, run: Run | None) -> Step:
    """How far the publicity of the year is: drafted, open until a day, over with objections left, or settled."""
    title, url = _("公示与定案"), f"{reverse('kpi:publicity')}?year={year}"
    found = shown_publicity(actor, year)
    if found is None:
        return Step("publicity", title, Progress.AHEAD, _("还没有公示。"), url)
    is_done = found.state == PublicityState.FINAL and not found.is_interim
    return Step("publicity", title, Progress.DONE if is_done else Progress.OPEN, _sentence(found), url)


def _sentence(found: Publicity) -> str:
    words = {"number": found.run.number, "until": day(found.closes_on)}
    if found.state == PublicityState.DRAFT:
        return _("第 %(number)s 批已拟定公示，待另一位发布。") % words
    if found.state == PublicityState.FINAL and found.final_run is not None:
        words = {"number": found.final_run.number, "day": day(timezone.localdate(found.finalised_at))}
        if found.is_interim:
            return _("阶段公示已于 %(day)s 结束；年度公示还没有开始。") % words
        return _("已于 %(day)s 定案，以第 %(number)s 批为准。") % words
    waiting = ScoreObjection.objects.filter(publicity=found, state="open").count()
    sentence = (
        _("公示期已于 %(until)s 结束，待定案。")
        if found.is_over_on(timezone.localdate())
        else _("第 %(number)s 批公示中，至 %(until)s 止。")
    ) % words
    return sentence + (_("%(count)s 条异议待处理。") % {"count": number(waiting, 0)} if waiting else "")
