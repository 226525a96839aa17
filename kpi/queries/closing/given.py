"""Checks of what people give: achievements, inputs and targets."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.models import AssessmentInput, InputState, Run, Standing, Target
from kpi.queries.closing.check import Check
from projects.models import Achievement, Recognition
from promotion.web.formats import number


def achievements(year: int, run: Run | None) -> Check:
    """What was reported for the year is recognised or returned."""
    title, url = _("业绩认定"), reverse("projects:recognitions")
    waiting = Achievement.objects.filter(happened_on__year=year, state=Recognition.SUBMITTED).count()
    if not waiting:
        return Check("achievements", title, 0, _("报上来的业绩都已认定或退回。"), url)
    sentence = _("%(count)s 条业绩待认定；请认定或退回。") % {"count": number(waiting, 0)}
    return Check("achievements", title, waiting, sentence, url)


def inputs(year: int, run: Run | None) -> Check:
    """No input waits for a second person."""
    title, url = _("考评录入"), f"{reverse('kpi:inputs-waiting')}?year={year}"
    waiting = AssessmentInput.objects.filter(year=year, state=InputState.SUBMITTED).count()
    if not waiting:
        return Check("inputs", title, 0, _("录入都已确认或退回。"), url)
    sentence = _("%(count)s 项录入待确认；请确认或退回。") % {"count": number(waiting, 0)}
    return Check("inputs", title, waiting, sentence, url)


def targets(year: int, run: Run | None) -> Check:
    """Everybody who is ranked has a target."""
    title, url = _("目标任务"), f"{reverse('kpi:targets')}?year={year}"
    own = Target.objects.filter(year=year)
    ranked = Standing.objects.filter(run=run)
    without = (
        ranked.exclude(Exists(own.filter(person=OuterRef("person"))))
        .exclude(Exists(own.filter(team=OuterRef("team"))))
        .count()
        if run
        else 0
    )
    if not without:
        return Check("targets", title, 0, _("参评的人和团队都有目标。"), url, blocking=False)
    sentence = _("%(count)s 个参评对象没有目标。") % {"count": number(without, 0)}
    return Check("targets", title, without, sentence, url, blocking=False)
