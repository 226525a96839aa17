"""Units outside the house that are assessed, and the words by which the schemes call their kinds."""

from django.db.models import F, QuerySet

from kpi.models import SchemeVersion
from kpi.queries.roster import CREDITED_KINDS
from kpi.queries.scheme import read_scheme
from staff.access import assessed_teams_visible_to
from staff.models import Account, Team, TeamKind

NEWEST = 6


def units_visible_to(actor: Account) -> QuerySet[Team]:
    """All units, those that ended last."""
    units = assessed_teams_visible_to(actor).filter(kind=TeamKind.UNIT)
    return units.order_by(F("closed_on").desc(nulls_first=True), "assessed_as", "position", "code")


def unit_kinds() -> dict[str, str]:
    """The kinds of the newest schemes that nobody of the house is of, with the title of their group."""
    found: dict[str, str] = {}
    for version in SchemeVersion.objects.order_by("-pk")[:NEWEST]:
        for group in read_scheme(version).groups.values():
            found |= {kind: group.title for kind in group.subjects if kind not in (*CREDITED_KINDS, *found)}
    return found
