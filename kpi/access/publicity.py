"""Publicity (考核公示): who reads it, who answers for a result, who decides, and who draws the final list."""

from django.db.models import Q, QuerySet

from kpi.access import sees_all
from kpi.models import ObjectionPaper, Publicity, ScoreObjection, Standing
from staff.access import posts_of
from staff.access.concern import is_concerned
from staff.models import Account, Role


def can_publicise(actor: Account) -> bool:
    """HR and managers draft a publicity, announce each the other's, and draw the final list."""
    return actor.is_role(Role.HR, Role.MANAGER)


def can_decide_objections(actor: Account) -> bool:
    """HR and managers decide objections; about a single one see `decides_on`."""
    return actor.is_role(Role.HR, Role.MANAGER)


def sees_replies(actor: Account) -> bool:
    """Who confirmed, objected or said nothing is for those who run and watch the assessment."""
    return sees_all(actor)


def publicities_visible_to(actor: Account) -> QuerySet[Publicity]:
    """What was made public is open to every account; what was not yet, to those who run and watch the assessment."""
    if not actor.is_active:
        return Publicity.objects.none()
    if sees_all(actor):
        return Publicity.objects.all()
    return Publicity.objects.exclude(opens_on=None)


def answerable_standings(actor: Account) -> QuerySet[Standing]:
    """The results for which the actor answers: one's own, and those of the teams one leads."""
    own = Q(team__in=posts_of(actor).led)
    if actor.person_id is not None:
        own |= Q(person=actor.person_id)
    return Standing.objects.filter(own)


def objections_visible_to(actor: Account) -> QuerySet[ScoreObjection]:
    """All for those who run and watch the assessment; else one's own, and those about results one answers for."""
    if sees_all(actor):
        return ScoreObjection.objects.all()
    mine = Q(raised_by=actor.pk) | Q(standing__in=answerable_standings(actor).values("pk"))
    return ScoreObjection.objects.filter(mine)


def objection_papers_visible_to(actor: Account) -> QuerySet[ObjectionPaper]:
    """The files of the objections one sees."""
    return ObjectionPaper.objects.filter(objection__in=objections_visible_to(actor).values("pk"))


def decides_on(actor: Account, objection: ScoreObjection) -> bool:
    """Whether the actor may decide this objection: neither one's own, nor about oneself or one's team, nor for whom one stands in."""
    standing = objection.standing
    concerned = objection.raised_by_id == actor.pk or is_concerned(
        actor, [standing.person_id], [standing.team_id]
    )
    return can_decide_objections(actor) and not concerned
