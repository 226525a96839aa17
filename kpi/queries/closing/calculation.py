"""Checks of scheme and calculation: whether the run is the last word on the year."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.models import CreditDue, Run, RunState, Standing
from kpi.queries import calculation
from kpi.queries.closing.check import Check
from kpi.queries.gathered import gather
from kpi.queries.ledger import ledger_digest
from kpi.queries.measures import Extent
from kpi.queries.publicity import final_publicity
from kpi.queries.scheme import read_scheme, scheme_in_force
from promotion.web.formats import day, number

OPEN = (RunState.QUEUED, RunState.RUNNING)


def scheme(year: int, run: Run | None) -> Check:
    """The year has a published scheme, and the run counted by the one in force on its last day."""
    title, url = _("考核细则"), f"{reverse('kpi:schemes')}?year={year}"
    held = scheme_in_force(year, date(year, 12, 31))
    if held is None:
        return Check("scheme", title, 1, _("没有已发布的细则。"), url)
    if run is not None and run.scheme_id != held.pk:
        sentence = _("当前核算用的不是年末施行的第 %(number)s 版；请重新核算。") % {"number": held.number}
        return Check("scheme", title, 1, sentence, url)
    return Check("scheme", title, 0, _("第 %(number)s 版，已发布。") % {"number": held.number}, url)


def whole_year(year: int, run: Run | None) -> Check:
    """There is a run that counts to the last day of the year, and none is under way."""
    title, url = _("全年核算"), f"{reverse('kpi:runs')}?{urlencode({'year': year})}"
    if Run.objects.filter(year=year, state__in=OPEN).exists():
        return Check("whole-year", title, 1, _("有一次核算正在进行；请等它完成。"), url)
    if run is None:
        return Check("whole-year", title, 1, _("还没有核算。"), url)
    words = {"number": run.number, "day": day(run.as_of)}
    if run.as_of < date(year, 12, 31):
        sentence = _("第 %(number)s 批只算到 %(day)s；请在年度结束后再核算一次。") % words
        return Check("whole-year", title, 1, sentence, url)
    return Check("whole-year", title, 0, _("第 %(number)s 批，算到 %(day)s。") % words, url)


def due(year: int, run: Run | None) -> Check:
    """Nothing of the year waits to be posted."""
    title, url = _("待入账"), f"{reverse('kpi:runs')}?{urlencode({'year': year})}"
    waiting = CreditDue.objects.filter(year=year).count()
    if not waiting:
        return Check("due", title, 0, _("认定和份额的变动都已入账。"), url)
    sentence = _("有 %(count)s 处认定或份额的变动还没有入账；请重新核算。") % {"count": number(waiting, 0)}
    return Check("due", title, waiting, sentence, url)


def unchanged(year: int, run: Run | None) -> Check:
    """Targets, inputs, posts and ledger are those that the run counted."""
    title, url = _("核算之后的变动"), f"{reverse('kpi:runs')}?{urlencode({'year': year})}"
    if run is None:
        return Check("unchanged", title, 1, _("还没有核算。"), url)
    if input_fingerprint_now(run) == run.fingerprint:
        return Check("unchanged", title, 0, _("目标、录入、任职和归属账与核算时一致。"), url)
    if final_publicity(year) is not None:
        sentence = _("目标、录入、任职或归属账在定案之后有变动；请重新核算，再另行公示和定案。")
        return Check("unchanged", title, 1, sentence, url)
    return Check("unchanged", title, 1, _("目标、录入、任职或归属账在核算之后有变动；请重新核算。"), url)


def input_fingerprint_now(run: Run) -> str:
    """The fingerprint of what the run would read today; measuring is not needed for it."""
    extent = Extent(run.year, run.last_line, run.as_of)
    work = calculation.prepare(read_scheme(run.scheme), run.scheme.fingerprint, extent)
    work.ledger = ledger_digest(run.year, run.last_line)
    work.gathered = gather(work.scheme, extent)
    return calculation.input_fingerprint(work)


def undecided(year: int, run: Run | None) -> Check:
    """No sheet has an item that could not be scored."""
    title, url = _("待定项"), f"{reverse('kpi:ranking')}?year={year}"
    found = 0 if run is None else Standing.objects.filter(run=run, undecided_count__gt=0).count()
    if not found:
        return Check("undecided", title, 0, _("每份考核表都已算定。"), url, blocking=False)
    sentence = _("%(count)s 份考核表有待定项，不计入总分。") % {"count": number(found, 0)}
    return Check("undecided", title, found, sentence, url, blocking=False)
