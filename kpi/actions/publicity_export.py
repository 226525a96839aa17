"""What leaves a publicity as a paper or a workbook is recorded like a write."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access import can_export_ranking
from kpi.models import Publicity
from kpi.queries.publicity import visible_publicity
from promotion.action import action, record
from promotion.errors import NotAllowed
from staff.models import Account


@action("publicity.export", gettext_lazy("导出考核公示"))
def export_publicity(*, actor: Account, publicity: Publicity, what: str) -> Publicity:
    """Record that the actor takes the notice, the changes or the objections, and give the publicity.

    Raises NotFound, NotAllowed.
    """
    found = visible_publicity(actor, publicity.public_id)
    if not can_export_ranking(actor):
        raise NotAllowed(_("公告、变动清单和异议清单由人事、分管领导和纪检审计导出；请联系他们。"))
    run = found.final_run or found.run
    record(
        actor=actor,
        verb="publicity.export",
        target=found,
        detail={"what": what, "fingerprint": run.fingerprint},
    )
    return found
