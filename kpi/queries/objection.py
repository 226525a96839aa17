"""Objections to published results as pages and API read them, and the facts that one may be about."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kpi.access.publicity import objections_visible_to
from kpi.models import LedgerLine, Publicity, ScoreObjection, Standing
from projects.access import achievements_visible_to
from projects.models import Achievement, CreditShare
from promotion.errors import NotFound
from staff.models import Account

RELATED = (
    "publicity__run", "standing__person", "standing__team", "standing__run", "achievement__project", "raised_by",
    "decided_by", "remedied_by", "remedy_achievement__project", "remedy_input",
)  # fmt: skip


def listed_objections(actor: Account, publicity: Publicity) -> QuerySet[ScoreObjection]:
    """The objections to a publicity that the actor sees, those that wait first."""
    found = objections_visible_to(actor).filter(publicity=publicity).select_related(*RELATED)
    return found.order_by("-decided_at", "pk")


def visible_objection(actor: Account, public_id: str) -> ScoreObjection:
    """One objection. Raises NotFound."""
    found = objections_visible_to(actor).select_related(*RELATED).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("没有这条异议，或您无权查看。"))
    return found


def objectionable_achievements(actor: Account, standing: Standing) -> QuerySet[Achievement]:
    """The facts of the year that concern the subject as far as the actor sees them, counted or not, newest first."""
    year = standing.run.year
    seen = achievements_visible_to(actor).filter(happened_on__year=year).select_related("project")
    return seen.filter(_concerning(standing)).order_by("-happened_on", "-pk")


def _concerning(standing: Standing) -> Q:
    """Facts with a line or a share of the subject, its own, or of its team's projects."""
    lines = LedgerLine.objects.filter(year=standing.run.year)
    if standing.person_id is None:
        mine = lines.filter(ranked_team=standing.team_id)
        return Q(pk__in=mine.values("achievement")) | Q(project__team=standing.team_id)
    shared = CreditShare.objects.filter(person=standing.person_id)
    return (
        Q(pk__in=lines.filter(person=standing.person_id).values("achievement"))
        | Q(project__in=shared.values("project"))
        | Q(person=standing.person_id)
        | Q(submitted_by__person=standing.person_id)
    )
