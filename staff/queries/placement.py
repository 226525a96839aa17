"""The decision of a round as it is prepared, shown and carried out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from promotion.models import AuditEntry
from staff.access import in_force
from staff.models import (
    Account,
    Appointment,
    Competition,
    CompetitionPost,
    Person,
    Placement,
    Role,
    ScoreSheet,
    TeamKind,
)
from staff.queries.competition import posts_of
from staff.queries.ranking import Place, places_of
from staff.selection import Proposal, Ranked, Wish, propose

# Roles that fall to that of the staff with the post.
FALLING = (Role.OFFICER, Role.LEADER)


@dataclass
class BoardRow:
    """A candidate on the decision board: the place, what is proposed, what was decided."""

    place: Place
    proposed: CompetitionPost | None
    contested: bool
    placement: Placement | None


@dataclass
class BoardPost:
    """A post with the seats that are taken."""

    post: CompetitionPost
    taken: list[Placement] = field(default_factory=list)

    @property
    def free(self) -> int:
        return self.post.seats - len(self.taken)


def proposal_of(competition: Competition, places: Sequence[Place]) -> Proposal[int]:
    """What the pure calculation proposes; posts for a language or a leader are for those who chose them."""
    posts = posts_of(competition)
    ranked = [
        Ranked(each.application.pk, each.exact, each.rank, each.shared)
        for each in places
        if each.rank is not None and each.exact is not None
    ]
    wishes: dict[Any, Wish[int]] = {}
    for each in places:
        chosen = [choice.post for choice in each.application.choices.all()]
        wishes[each.application.pk] = Wish(
            [post.pk for post in chosen],
            each.application.accepts_reassignment,
            frozenset(post.grade for post in chosen),
        )
    return propose(
        ranked,
        wishes,
        {post.pk: post.seats for post in posts},
        {post.pk: "" if post.language or post.leads else post.grade for post in posts},
        competition.pass_mark,
    )


def all_places(competition: Competition) -> list[Place]:
    """The ranking for those who decide; permission is asked before."""
    return places_of(competition, ScoreSheet.objects.all())


def placements_of(competition: Competition) -> QuerySet[Placement]:
    """Who gets which post, by post and seat."""
    rows = competition.placements.select_related("application__person", "post__team", "decided_by")
    return rows.order_by("post__position", "seat")


def board_of(competition: Competition) -> tuple[list[BoardRow], list[BoardPost]]:
    """The decision board: candidates by rank, and posts with their seats."""
    places = all_places(competition)
    proposal = proposal_of(competition, places)
    posts = {post.pk: BoardPost(post) for post in posts_of(competition)}
    decided = {each.application_id: each for each in placements_of(competition)}
    for each in decided.values():
        posts[each.post_id].taken.append(each)
    rows = [
        BoardRow(
            place,
            posts[proposal.placed[place.application.pk]].post
            if place.application.pk in proposal.placed
            else None,
            place.application.pk in proposal.contested,
            decided.get(place.application.pk),
        )
        for place in places
    ]
    return rows, list(posts.values())


@dataclass
class Consequence:
    """What the appointment does to a person: the post that ends, the one that begins, what the log-in was if it falls."""

    person: Person
    ends: Appointment | None
    begins: CompetitionPost | None
    words: str = ""
    role_before: str = ""


def running_posts(competition: Competition) -> QuerySet[Appointment]:
    """The posts that end on the day of appointment: everybody's, or those of the appointed."""
    day = competition.appoint_on
    posts = Appointment.objects.filter(in_force(day), starts_on__lt=day).exclude(team__kind=TeamKind.UNIT)
    if not competition.replaces_all:
        posts = posts.filter(person__in=competition.placements.values("application__person"))
    return posts.select_related("person", "team")


def later_posts(competition: Competition) -> QuerySet[Appointment]:
    """Posts of the appointed that begin on the day or later, and would stand in the way."""
    people = competition.placements.values("application__person")
    rows = Appointment.objects.filter(Q(person__in=people), starts_on__gte=competition.appoint_on)
    return rows.select_related("person", "team")


def consequences_of(competition: Competition) -> tuple[list[Consequence], list[Consequence]]:
    """(those who get a post, those who only lose theirs) if the round were carried out now."""
    ending = {each.person_id: each for each in running_posts(competition)}
    placed = [
        Consequence(each.application.person, ending.pop(each.application.person_id, None), each.post)
        for each in placements_of(competition)
    ]
    roles = {
        account.person_id: str(account.get_role_display())
        for account in Account.objects.filter(person__in=ending, role__in=FALLING)
    }
    losing = [
        Consequence(each.person, each, None, _("没有新的岗位"), roles.get(each.person_id, ""))
        for each in ending.values()
    ]
    return placed, sorted(losing, key=lambda each: each.person.pinyin)


def losing_accounts(competition: Competition) -> QuerySet[Account]:
    """Log-ins of officers and leaders whose post ended with a round that was carried out, and who hold none from then on."""
    day = competition.appoint_on
    posts = Appointment.objects.exclude(team__kind=TeamKind.UNIT)
    placed = competition.placements.values("application__person")
    ended = posts.filter(ends_on=day).exclude(person__in=placed)
    if not competition.replaces_all:
        ended = ended.none()
    return (
        Account.objects.filter(person__in=ended.values("person"), role__in=FALLING, person__left_on=None)
        .exclude(person__in=posts.filter(in_force(day)).values("person"))
        .order_by("pk")
    )


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    for candidate in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, min(day.day, candidate))
        except ValueError:
            continue
    raise AssertionError


def told_of(competition: Competition) -> QuerySet[Account]:
    """The accounts of the applicants who were heard."""
    return Account.objects.filter(is_active=True, person__applications__competition=competition).exclude(
        role=Role.API_CLIENT
    )


def changes_of(competition: Competition) -> QuerySet[AuditEntry]:
    """What was decided and changed, the latest first (变更记录)."""
    return AuditEntry.objects.filter(
        target_type=Competition._meta.label_lower,
        target_id=str(competition.pk),
        verb__in=("placement.decide", "placement.approve", "placement.reconsider"),
    ).order_by("-pk")[:100]
