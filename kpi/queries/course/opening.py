"""The first steps of a year: its scheme, its targets, what people owe, and the nightly calculation."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.models import AssessmentInput, InputState, Run, SchemeState, SchemeVersion, Standing, Target
from kpi.queries.course.step import Progress, Step
from kpi.queries.scheme import scheme_in_force
from promotion.web.formats import day, number
from staff.models import Account


def scheme(actor: Account, year: int, run: Run | None) -> Step:
    """A published scheme, and since when it holds."""
    held = scheme_in_force(year, timezone.localdate())
    title, url = _("考核细则"), f"{reverse('kpi:schemes')}?year={year}"
    if held is not None:
        words = {"title": held.title, "number": held.number, "day": day(held.holds_from)}
        sentence = _("《%(title)s》第 %(number)s 版，自 %(day)s 起施行。") % words
        return Step("scheme", title, Progress.DONE, sentence, url)
    drafted = SchemeVersion.objects.filter(year=year, state=SchemeState.DRAFT).exists()
    if drafted:
        return Step("scheme", title, Progress.OPEN, _("正在起草，尚未发布。"), url)
    return Step("scheme", title, Progress.AHEAD, _("还没有起草。"), url)


def targets(actor: Account, year: int, run: Run | None) -> Step:
    """How many people and teams have targets."""
    own = Target.objects.filter(year=year, amount__isnull=False)
    people = own.exclude(person=None).values("person").distinct().count()
    teams = own.exclude(team=None).values("team").distinct().count()
    title, url = _("目标任务"), f"{reverse('kpi:targets')}?year={year}"
    if not people and not teams:
        return Step("targets", title, Progress.AHEAD, _("还没有下达。"), url)
    words = {"people": number(people, 0), "teams": number(teams, 0)}
    sentence = _("已下达 %(people)s 人、%(teams)s 个团队和单位。") % words
    return Step("targets", title, Progress.DONE, sentence, url)


def calculation(actor: Account, year: int, run: Run | None) -> Step:
    """The run that readers see, and how many items are undecided in it."""
    title, url = _("核算"), f"{reverse('kpi:ranking')}?year={year}"
    if run is None:
        return Step("run", title, Progress.AHEAD, _("还没有核算。"), url)
    undecided = Standing.objects.filter(run=run, undecided_count__gt=0).count()
    waiting = AssessmentInput.objects.filter(Q(year=year), state=InputState.SUBMITTED).count()
    words = {"number": run.number, "day": day(run.as_of)}
    sentence = _("第 %(number)s 批，截至 %(day)s。") % words
    if undecided:
        sentence += _("%(count)s 份考核表有待定项。") % {"count": number(undecided, 0)}
    if waiting:
        sentence += _("%(count)s 项考评录入待确认。") % {"count": number(waiting, 0)}
    state = Progress.OPEN if undecided or waiting else Progress.DONE
    return Step("run", title, state, sentence, url)
