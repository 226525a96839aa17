"""The last step of a year: its close."""

from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.models import AssessmentYear, Run, YearRequest, YearRequestState
from kpi.queries.course.step import Progress, Step
from promotion.web.formats import day
from staff.models import Account


def close(actor: Account, year: int, run: Run | None) -> Step:
    """Whether the year is closed, or somebody asked for it."""
    title, url = _("关账"), f"{reverse('kpi:closing')}?year={year}"
    assessed = AssessmentYear.objects.filter(year=year).first()
    waiting = YearRequest.objects.filter(year=year, state=YearRequestState.WAITING).first()
    if assessed is not None and assessed.closed_at is not None:
        sentence = _("%(day)s 关账，数据已锁定。") % {"day": day(assessed.closed_at)}
        if waiting is not None:
            sentence += _("有重开申请待确认。")
        return Step("close", title, Progress.OPEN if waiting else Progress.DONE, sentence, url)
    if waiting is not None:
        return Step("close", title, Progress.OPEN, _("人事已准备，待分管领导确认。"), url)
    return Step("close", title, Progress.AHEAD, _("还没有关账。"), url)
