"""The step of the year that bulletins are: how many are out, and whether the last month over has one."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.models import Bulletin, BulletinState, Run
from kpi.queries.course.step import Progress, Step
from promotion.web.formats import number
from staff.models import Account


def bulletins(actor: Account, year: int, run: Run | None) -> Step:
    """Months that are over and have an issued bulletin, of all that are over."""
    today = timezone.localdate()
    months = [f"M{month:02}" for month in range(1, 13) if (year, month) < (today.year, today.month)]
    issued = Q(state=BulletinState.ISSUED)
    found = Bulletin.objects.filter(year=year).aggregate(
        issued=Count("pk", filter=issued),
        months=Count("pk", filter=issued & Q(period__in=months)),
        drafts=Count("pk", filter=Q(state=BulletinState.DRAFT)),
    )
    title, url = _("通报"), f"{reverse('kpi:bulletins')}?year={year}"
    if not found["issued"] and not found["drafts"]:
        return Step("bulletins", title, Progress.AHEAD, _("还没有印发。"), url)
    words = {name: number(value, 0) for name, value in found.items()} | {"past": len(months)}
    sentence = _("已印发 %(issued)s 期；过去的 %(past)s 个月中 %(months)s 个月有通报。") % words
    if found["drafts"]:
        sentence += _("%(drafts)s 份草稿待签发。") % words
    is_done = year < today.year and found["months"] == len(months) and not found["drafts"]
    return Step("bulletins", title, Progress.DONE if is_done else Progress.OPEN, sentence, url)
