"""What leaves a round as a workbook is kept in the audit trail."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import NotFound
from staff.access.competition import competitions_visible_to
from staff.models import Account, Competition


@action("competition.export", gettext_lazy("导出竞聘"))
def note_export(*, actor: Account, competition: Competition, what: str, rows: int) -> None:
    """Keep who took which list out, and how many rows."""
    if not competitions_visible_to(actor).filter(pk=competition.pk).exists():
        raise NotFound(_("没有这次竞聘，或者它还没有公布。"))
    record(actor=actor, verb="competition.export", target=competition, detail={"what": what, "rows": rows})
