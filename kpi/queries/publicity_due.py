"""What a publicity sets dates for: one's own result to confirm until the last day, and objections that wait for a decision."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.access.publicity import answerable_standings, can_decide_objections
from kpi.models import Publicity, PublicityState, ScoreObjection
from kpi.queries.publicity import Reply, replied_standings
from promotion.prepared import Prepared
from promotion.web.formats import number
from promotion.web.markup import address
from staff.models import Account
from staff.queries.due_item import DueItem

# Most of the year nothing is public, and every workbench asks.
_RUNNING = Prepared(
    lambda: Publicity.objects.filter(state=PublicityState.OPEN).order_by("pk").values_list("pk", "closes_on")
)


def publicities_due(actor: Account, until: date) -> list[DueItem]:
    """The results that the actor has neither confirmed nor objected to, while there is time; and what waits for a decision."""
    keys = [pk for pk, closes_on in _RUNNING.rows() if closes_on and closes_on <= until]
    if not keys:
        return []
    found: list[DueItem] = []
    for publicity in Publicity.objects.filter(pk__in=keys).select_related("run").order_by("pk"):
        if publicity.is_open_on(timezone.localdate()):
            found += _unanswered(actor, publicity)
        if can_decide_objections(actor):
            found += _undecided(publicity)
    return found


def _unanswered(actor: Account, publicity: Publicity) -> list[DueItem]:
    mine = replied_standings(publicity).filter(
        pk__in=answerable_standings(actor).values("pk"), reply=Reply.SILENT.value
    )
    return [
        DueItem(
            on=publicity.closes_on or timezone.localdate(),
            kind="publicity",
            key=f"{publicity.pk}-{standing.pk}",
            title=_("公示待确认：%(name)s %(year)s 年考核结果")
            % {"name": standing.subject_name, "year": publicity.year},
            detail=_("第 %(rank)s 名，总分 %(total)s；确认或提出异议")
            % {"rank": standing.rank, "total": number(standing.total)},
            url=address("kpi:publicity-of", publicity.public_id),
        )
        for standing in mine.order_by("pk")
    ]


def _undecided(publicity: Publicity) -> list[DueItem]:
    count = ScoreObjection.objects.filter(publicity=publicity, state="open").count()
    if not count:
        return []
    return [
        DueItem(
            on=publicity.closes_on or timezone.localdate(),
            kind="objection",
            key=str(publicity.pk),
            title=_("考核异议待处理 %(count)s 条") % {"count": count},
            detail=_("%(year)s 年考核公示") % {"year": publicity.year},
            url=address("kpi:publicity-of", publicity.public_id),
        )
    ]
