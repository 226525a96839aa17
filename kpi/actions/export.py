"""Taking results out of the house is recorded like a write."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import access
from kpi.models import Run
from kpi.queries.run import current_run
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound
from staff.models import Account


@action("ranking.export", gettext_lazy("导出排名工作簿"))
def export_ranking(*, actor: Account, year: int) -> Run:
    """Record that the actor takes the year's ranking workbook, and give the run it shows.

    Raises NotAllowed, and NotFound before the first whole run.
    """
    if not access.can_export_ranking(actor):
        raise NotAllowed(_("只有人事、分管领导和纪检审计可以导出排名工作簿；请联系他们。"))
    run = current_run(year)
    if run is None:
        raise NotFound(_("%(year)s 年还没有核算结果；请先发起一次核算。") % {"year": year})
    record(actor=actor, verb="ranking.export", target=run, detail={"fingerprint": run.fingerprint})
    return run
