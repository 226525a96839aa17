"""Taking results out of the house is recorded like a write."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import access
from kpi.models import Run, Standing
from kpi.queries.run import current_run
from kpi.queries.statement import RELATED, opened_standing
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
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


@action("statement.export", gettext_lazy("导出对账单"))
def export_statement(*, actor: Account, pk: int) -> Standing:
    """Record that the actor takes one statement as a paper. Raises NotFound for what he may not open."""
    found = opened_standing(actor, pk)
    detail = {"group": found.group, "fingerprint": found.run.fingerprint}
    record(actor=actor, verb="statement.export", target=found, detail=detail)
    return found


@action("statement.export-all", gettext_lazy("导出全组对账单"))
def export_statements(*, actor: Account, run: Run, group: str, form: str) -> list[Standing]:
    """Record that the actor takes all statements of a group of a run, and give its standings, best first.

    Raises NotAllowed, NotFound for a run without results, and Refused for a group that the run did not rank.
    """
    if not access.can_export_ranking(actor):
        raise NotAllowed(_("只有人事、分管领导和纪检审计可以导出全组对账单；自己的对账单可以单独下载。"))
    ranked = access.explained_standings_visible_to(actor).filter(run=run, group=group)
    found = list(ranked.select_related(*RELATED).order_by("rank", "subject_name", "pk"))
    if not found:
        raise Refused(_("这次核算里没有这个组别的结果；请从排名页下载。"))
    detail = {"group": group, "form": form, "statements": len(found), "fingerprint": run.fingerprint}
    record(actor=actor, verb="statement.export-all", target=run, detail=detail)
    return found
