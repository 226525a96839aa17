"""What every download of a list does before it writes: refuse too much, and keep in the audit trail that it left the house."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from promotion.action import record
from promotion.errors import Refused
from promotion.web.requests import SignedInRequest

MOST_ROWS = 50_000


def note_export(
    request: SignedInRequest, *, verb: str, rows: QuerySet[Any], most: int = MOST_ROWS, **detail: Any
) -> None:
    """Write the audit entry with the number of rows and the conditions. Raises Refused above `most` rows."""
    count = rows.count()
    if count > most:
        raise Refused(
            _("一次最多导出 %(most)s 行，现在有 %(count)s 行；请先缩小条件。")
            % {"most": most, "count": count}
        )
    query = request.GET.urlencode()[:500]
    record(
        actor=request.user, verb=verb, target=request.user, detail={"rows": count, **detail, "query": query}
    )
