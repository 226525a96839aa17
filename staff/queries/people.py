"""People with their posts: the one of a day, all of them, and the rows of the roster."""

from datetime import date
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils import timezone

from promotion.chinese import fold
from staff.access import appointments_visible_to, in_force, people_visible_to
from staff.models import Account, Appointment, Grade, Person, Team
from staff.queries.skill import with_languages


def matching(text: str) -> Q:
    """The people whom the typed text means: part of the name, pinyin, initials, or the start of a staff number."""
    wanted = fold(text)
    if not wanted:
        return Q(pk=None)
    return (
        Q(name__contains=wanted)
        | Q(name__icontains=text.strip())
        | Q(pinyin__contains=wanted)
        | Q(initials__startswith=wanted)
        | Q(staff_number__istartswith=wanted)
    )


def with_post(people: QuerySet[Person], on: date | None = None) -> QuerySet[Any]:
    """The people with the post held on the day (at most one, by constraint): team, grade, whether leading, since when."""
    day = on or timezone.localdate()
    in_force_on_day = Q(appointments__starts_on__lte=day) & (
        Q(appointments__ends_on__isnull=True) | Q(appointments__ends_on__gt=day)
    )
    return people.annotate(post=FilteredRelation("appointments", condition=in_force_on_day)).annotate(
        team_name=F("post__team__name"),
        team_public_id=F("post__team__public_id"),
        team_position=F("post__team__position"),
        grade=F("post__grade"),
        leads=F("post__is_leader"),
        post_since=F("post__starts_on"),
        post_until=F("post__ends_on"),
    )


def people_listed(actor: Account) -> QuerySet[Any]:
    """The people list: everybody visible with today's post and languages."""
    return with_languages(with_post(people_visible_to(actor)))


def team_on(person: Person, day: date) -> Team | None:
    """The team in which the person was appointed on the day, or None."""
    post = Appointment.objects.filter(in_force(day), person=person).select_related("team").first()
    return post.team if post else None


def appointments_of(actor: Account, person: Person) -> QuerySet[Appointment]:
    """The person's posts, newest first, with their teams."""
    return appointments_visible_to(actor).filter(person=person).select_related("team")


def members_of(actor: Account, team: Team, day: date) -> tuple[list[Appointment], list[Appointment]]:
    """The team's posts in force on the day (leader first, then by grade), and those that had ended by then."""
    posts = list(
        with_languages(appointments_visible_to(actor), "person", day)
        .filter(team=team, starts_on__lte=day)
        .select_related("person")
        .order_by("-is_leader", "starts_on", "person__pinyin")
    )
    rank = {grade: place for place, grade in enumerate(Grade.values)}
    present = [post for post in posts if post.ends_on is None or post.ends_on > day]
    past = [post for post in posts if post.ends_on is not None and post.ends_on <= day]
    present.sort(key=lambda post: (not post.is_leader, rank[post.grade], post.starts_on))
    past.sort(key=lambda post: post.ends_on or day, reverse=True)
    return present, past


def headcount(actor: Account, team: Team, day: date) -> int:
    """How many people serve in the team and in the teams below it on the day, as the organisation counts them."""
    here = Q(team=team) | Q(team__parent=team) | Q(team__parent__parent=team)
    return appointments_visible_to(actor).filter(here, in_force(day)).count()


def roster_rows(people: QuerySet[Any]) -> QuerySet[Any]:
    """Listed people as the exported roster writes them: with the log-in and its role, by team."""
    listed: QuerySet[Any] = people.annotate(login=F("account__username"), role=F("account__role"))
    return listed.order_by(F("team_position").asc(nulls_last=True), "staff_number")
