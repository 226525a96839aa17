"""The appointment of a whole round on one day: earlier posts end, new ones begin with their contracts, in one transaction."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.web.formats import day
from staff.access.placement import can_decide_placements
from staff.actions.competition import locked_competition, save_competition
from staff.actions.contract import draft_contract
from staff.actions.round_role import settle_roles
from staff.models import Account, Appointment, Competition, CompetitionState, Person, Placement
from staff.queries.placement import later_posts, months_after, placements_of, running_posts


@action("competition.appoint", gettext_lazy("聘任"))
def appoint_round(*, actor: Account, competition: Competition, seen: int | None = None) -> list[Appointment]:
    """Carry the decision out: all of it or nothing.

    Raises Refused while the list is public or an objection is open, Conflict when somebody has a post from the day on.
    """
    locked = locked_competition(actor, competition)
    if not can_decide_placements(actor):
        raise NotAllowed(_("聘任由人事办理。"))
    check_version(seen=seen, current=locked)
    _check_publicity(locked)
    placements = list(placements_of(locked))
    people = [each.application.person_id for each in placements]
    list(Person.objects.select_for_update().filter(pk__in=people).order_by("pk"))
    if names := [str(each) for each in later_posts(locked)[:6]]:
        raise Conflict(_("聘任日起已有其他任职：%(names)s。请先处理。") % {"names": "；".join(names)})
    ended = running_posts(locked).order_by().update(ends_on=locked.appoint_on)
    until = months_after(locked.appoint_on, locked.term_months)
    made = [_appointed(actor, locked, each, until) for each in placements]
    locked.state = CompetitionState.APPOINTED
    save_competition(locked, "state")
    # A post that begins on a day to come is not worked in before, and one that ends then is worked in until.
    roles = settle_roles(actor, locked) if locked.appoint_on <= timezone.localdate() else 0
    detail = {"appointed": len(made), "ended": ended, "on": str(locked.appoint_on), "roles": roles}
    record(actor=actor, verb="competition.appoint", target=locked, detail=detail)
    told = Account.objects.filter(person__in=people, is_active=True)
    notify(
        recipients=list(told),
        text=_("“%(name)s”：您自 %(day)s 起聘任，请查收聘书。")
        % {"name": locked.name, "day": day(locked.appoint_on)},
        url=reverse("staff:competition-letters", args=[locked.public_id]),
    )
    return made


def _check_publicity(competition: Competition) -> None:
    if competition.state != CompetitionState.PUBLICITY or competition.publicity_until is None:
        raise Refused(_("公示之后才能聘任。"))
    if timezone.localdate() <= competition.publicity_until:
        raise Refused(_("公示到 %(day)s 为止，期满后才能聘任。") % {"day": day(competition.publicity_until)})
    if competition.objections.filter(answered_at=None).exists():
        raise Refused(_("还有公示异议没有答复。"))


def _appointed(actor: Account, competition: Competition, placement: Placement, until: date) -> Appointment:
    """The post and the contract to sign."""
    person, post = placement.application.person, placement.post
    made = Appointment.objects.create(
        person=person,
        team=post.team,
        grade=post.grade,
        is_leader=post.leads,
        starts_on=competition.appoint_on,
        ends_on=until,
    )
    placement.appointment = made
    placement.save(update_fields=["appointment"])
    draft_contract(
        actor=actor,
        person=person,
        starts_on=competition.appoint_on,
        ends_on=until,
        grade=post.grade,
        team=post.team,
        body_name=competition.body_name,
        end_earlier=True,
    )
    return made
