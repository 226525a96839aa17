"""Rounds as pages list and show them: counts, the steps of their way, what each grade asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from promotion.errors import NotFound
from promotion.web.formats import day, moment
from staff.access.competition import can_run_competitions, competitions_visible_to, own_applications
from staff.models import (
    Account,
    ApplicationState,
    Competition,
    CompetitionPost,
    CompetitionState,
    Grade,
    GradeRequirement,
)
from staff.queries.due_item import DueItem
from staff.queries.requirement import requirements_on

HANDED_IN = ~Q(applications__state__in=(ApplicationState.DRAFT, ApplicationState.WITHDRAWN))
ORDER = tuple(state for state in CompetitionState if state != CompetitionState.CANCELLED)
TONES = {
    CompetitionState.DRAFT: "plain",
    CompetitionState.ANNOUNCED: "accent",
    CompetitionState.INTERVIEWING: "accent",
    CompetitionState.SCORED: "accent",
    CompetitionState.DECIDED: "attention",
    CompetitionState.PUBLICITY: "attention",
    CompetitionState.APPOINTED: "done",
    CompetitionState.CANCELLED: "plain",
}


def competitions_listed(actor: Account) -> QuerySet[Any]:
    """The visible rounds with their seats and the number of applications handed in."""
    seats = (
        CompetitionPost.objects.filter(competition=OuterRef("pk"))
        .order_by()
        .values("competition")
        .annotate(total=Sum("seats"))
        .values("total")
    )
    return competitions_visible_to(actor).annotate(
        seats=Coalesce(Subquery(seats), 0), applied=Count("applications", filter=HANDED_IN)
    )


def visible_competition(actor: Account, public_id: str) -> Any:
    """The round, or NotFound."""
    found = competitions_listed(actor).select_related("created_by", "announced_by", "notice_paper")
    competition = found.filter(public_id=public_id).first()
    if competition is None:
        raise NotFound(_("没有这次竞聘，或者它还没有公布。"))
    return competition


def state_words(competition: Competition) -> str:
    """The state as people say it: an announced round is before, in or after its window."""
    if competition.state != CompetitionState.ANNOUNCED:
        return str(competition.get_state_display())
    if competition.takes_applications:
        return _("报名中")
    return _("报名已截止") if competition.window_closed else _("待报名")


@dataclass(frozen=True)
class RibbonStep:
    """A step of the ribbon above a round."""

    label: str
    detail: str
    state: str
    href: str = ""


def ribbon(competition: Competition) -> list[RibbonStep]:
    """The way of a round: announced, applications, checks, interviews, decision, publicity, appointment."""
    place = ORDER.index(CompetitionState(competition.state)) if competition.state in ORDER else -1
    window = f"{moment(competition.opens_at)} – {moment(competition.closes_at)}"
    closed = timezone.now() >= competition.closes_at
    steps = [
        (_("起草"), str(competition.created_by), place > 0, place == 0),
        (_("报名"), window, place > 1 or (place == 1 and closed), place == 1 and not closed),
        (_("资格审核"), "", place > 1, place == 1 and closed),
        (_("面试答辩"), "", place > 2, place == 2),
        (_("拟聘决定"), "", place > 3, place == 3),
        (_("公示"), "", place > 5, place in (4, 5)),
        (_("聘任"), day(competition.appoint_on), place == 6, False),
    ]
    return [
        RibbonStep(label, detail, "past" if past else "current" if now else "future")
        for label, detail, past, now in steps
    ]


def posts_of(competition: Competition) -> list[CompetitionPost]:
    """The posts in their order, with their teams."""
    return list(competition.posts.select_related("team").order_by("position"))


def requirements_of(
    competition: Competition, posts: Sequence[CompetitionPost]
) -> dict[Grade, list[GradeRequirement]]:
    """What each grade among the posts asks for on the day that the round names."""
    grades = {post.grade for post in posts}
    return {
        grade: list(requirements_on(grade, competition.requirements_on)) for grade in Grade if grade in grades
    }


def competitions_due(actor: Account, until: date) -> list[DueItem]:
    """Windows that close on an application that was begun, and publicity that ends for those who run the round."""
    now = timezone.now()
    begun = own_applications(actor).filter(
        state__in=(ApplicationState.DRAFT, ApplicationState.RETURNED),
        competition__state=CompetitionState.ANNOUNCED,
        competition__closes_at__gt=now,
        competition__closes_at__date__lte=until,
    )
    items = []
    for each in begun.select_related("competition"):
        closes = timezone.localtime(each.competition.closes_at)
        url = reverse("staff:application-write", args=[each.competition.public_id])
        title = _("报名还没有提交：%(name)s") % {"name": each.competition.name}
        items.append(DueItem(closes.date(), "application", str(each.pk), title, "", url, at=closes.time()))
    if can_run_competitions(actor):
        public = Competition.objects.filter(state=CompetitionState.PUBLICITY, publicity_until__lte=until)
        for found in public.exclude(publicity_until=None):
            url = reverse("staff:competition-decision", args=[found.public_id])
            title = _("公示期满，可以聘任：%(name)s") % {"name": found.name}
            items.append(DueItem(found.publicity_until or until, "publicity", str(found.pk), title, "", url))
    return items
