"""The decision of a round: proposed by the calculation, decided by people, approved by a second person, made public."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.web.formats import day
from promotion.working_days import working_calendar
from staff.access.competition import applies_in, competitions_visible_to
from staff.access.placement import can_approve_placements, can_decide_placements, objections_visible_to
from staff.actions.competition import locked_competition, said, save_competition
from staff.models import (
    Account,
    Application,
    Competition,
    CompetitionPost,
    CompetitionState,
    Objection,
    Placement,
)
from staff.queries.placement import all_places, board_of, proposal_of, told_of


@action("placement.accept", gettext_lazy("采纳拟聘建议"))
def accept_proposal(*, actor: Account, competition: Competition) -> list[Placement]:
    """Write down what ranking and wishes propose, for everybody without a decision; ties are left to people."""
    locked = _deciding(actor, competition)
    places = all_places(locked)
    proposal = proposal_of(locked, places)
    decided = set(locked.placements.values_list("application", flat=True))
    posts = {post.pk: post for post in locked.posts.all()}
    made = []
    for place in places:
        post = posts.get(proposal.placed.get(place.application.pk, 0))
        if post is None or place.application.pk in decided:
            continue
        seat = _free_seat(post)
        if seat is not None:
            made.append(_placed(actor, place.application, post, seat, "", proposed=True))
    record(actor=actor, verb="placement.accept", target=locked, detail={"placed": len(made)})
    return made


@action("placement.decide", gettext_lazy("决定拟聘"))
def place_candidate(
    *,
    actor: Account,
    competition: Competition,
    application: Application,
    post: CompetitionPost | None,
    reason: str = "",
) -> Placement | None:
    """Give a candidate a seat of a post, or none. A reason is needed whenever that is not what is proposed, or a tie is broken.

    Raises Refused for a post without a free seat, a candidate below the pass mark, or a departure without reason.
    """
    locked = _deciding(actor, competition)
    places = {each.application.pk: each for each in all_places(locked)}
    place = places.get(application.pk)
    if place is None or (post is not None and post.competition_id != locked.pk):
        raise NotFound(_("没有这位报名人或这个岗位。"))
    proposal = proposal_of(locked, list(places.values()))
    departs = proposal.placed.get(application.pk) != (post.pk if post else None)
    words = said(reason, "reason", _("与排名建议不同的决定要写明理由。")) if departs else reason.strip()
    if post is not None and not place.passed:
        raise Refused(_("%(name)s 没有达到合格线，不能拟聘。") % {"name": application.person.name})
    locked.placements.filter(application=application).delete()
    made = None
    if post is not None:
        seat = _free_seat(post)
        if seat is None:
            raise Refused(_("“%(post)s”的名额已满；请先调整已占名额的人。") % {"post": post})
        made = _placed(actor, application, post, seat, words, proposed=not departs)
    detail = {"candidate": application.person.name, "post": str(post or ""), "departs": departs}
    record(actor=actor, verb="placement.decide", target=locked, reason=words, detail=detail)
    return made


@action("placement.submit", gettext_lazy("提交拟聘决定"))
def submit_decision(*, actor: Account, competition: Competition, seen: int | None = None) -> Competition:
    """Hand the decision to a manager. Raises Refused while a seat is free that a proposed or tied candidate could have."""
    locked = _deciding(actor, competition)
    check_version(seen=seen, current=locked)
    rows, posts = board_of(locked)
    free = {each.post.pk: each.free for each in posts}
    if not locked.placements.exists():
        raise Refused(_("还没有拟聘任何人。"))
    open_rows = [
        row.place.application.person.name
        for row in rows
        if row.placement is None
        and (
            (row.proposed is not None and free[row.proposed.pk] > 0)
            or (row.contested and any(free[c.post_id] > 0 for c in row.place.application.choices.all()))
        )
    ]
    if open_rows:
        raise Refused(_("还有名额可以给：%(names)s。请先决定。") % {"names": "、".join(open_rows)})
    locked.state, locked.decided_by = CompetitionState.DECIDED, actor
    save_competition(locked, "state", "decided_by")
    record(actor=actor, verb="placement.submit", target=locked, detail={"placed": locked.placements.count()})
    managers = Account.objects.filter(role="manager", is_active=True)
    notify(
        recipients=list(managers),
        text=_("“%(name)s”的拟聘决定待审批。") % {"name": locked.name},
        url=reverse("staff:competition-decision", args=[locked.public_id]),
    )
    return locked


@action("placement.approve", gettext_lazy("审批拟聘决定"))
def approve_decision(
    *, actor: Account, competition: Competition, approve: bool, reason: str = "", seen: int | None = None
) -> Competition:
    """Approve the decision, which makes it public for the working days of the round; or give it back with a reason."""
    locked = locked_competition(actor, competition)
    if not can_approve_placements(actor, locked):
        raise NotAllowed(_("拟聘决定由一位分管领导审批，不能是提交人，也不能是报名人。"))
    check_version(seen=seen, current=locked)
    if locked.state != CompetitionState.DECIDED:
        raise Refused(_("没有待审批的拟聘决定。"))
    if not approve:
        words = said(reason, "reason", _("退回请写明理由。"))
        locked.state = CompetitionState.SCORED
        save_competition(locked, "state")
        record(actor=actor, verb="placement.approve", target=locked, reason=words, detail={"approved": False})
        return locked
    today = timezone.localdate()
    locked.approved_by, locked.approved_at = actor, timezone.now()
    locked.publicity_from = today
    locked.publicity_until = working_calendar().after(today, locked.publicity_days)
    locked.state = CompetitionState.PUBLICITY
    save_competition(locked, "state", "approved_by", "approved_at", "publicity_from", "publicity_until")
    detail = {"approved": True, "until": str(locked.publicity_until)}
    record(actor=actor, verb="placement.approve", target=locked, reason=reason.strip(), detail=detail)
    notify(
        recipients=list(told_of(locked)),
        text=_("“%(name)s”拟聘名单公示至 %(day)s。")
        % {"name": locked.name, "day": day(locked.publicity_until)},
        url=reverse("staff:competition-publicity", args=[locked.public_id]),
    )
    return locked


@action("objection.raise", gettext_lazy("提出公示异议"))
def raise_objection(
    *, actor: Account, competition: Competition, text: str, application: Application | None = None
) -> Objection:
    """Object to the list while it is public; anybody on the staff may."""
    found = competitions_visible_to(actor).filter(pk=competition.pk).first()
    if found is None:
        raise NotFound(_("没有这次竞聘，或者它还没有公布。"))
    if found.state != CompetitionState.PUBLICITY:
        raise Refused(_("名单不在公示期，不能提出异议。"))
    if found.publicity_until is not None and timezone.localdate() > found.publicity_until:
        raise Refused(_("公示期已过。"))
    words = said(text, "text", _("请写明异议。"), longest=500)
    row = Objection.objects.create(competition=found, application=application, text=words, raised_by=actor)
    record(actor=actor, verb="objection.raise", target=found, detail={"objection": row.pk})
    keepers = Account.objects.filter(role="hr", is_active=True).exclude(pk=actor.pk)
    notify(
        recipients=list(keepers),
        text=_("“%(name)s”公示有新的异议。") % {"name": found.name},
        url=reverse("staff:competition-publicity", args=[found.public_id]),
    )
    return row


@action("objection.answer", gettext_lazy("答复公示异议"))
def answer_objection(*, actor: Account, objection: Objection, answer: str) -> Objection:
    """Answer an objection, by HR and not by whoever raised it; it is told the answer."""
    found = objections_visible_to(actor).select_for_update(of=("self",)).filter(pk=objection.pk).first()
    if found is None:
        raise NotFound(_("没有这条异议。"))
    if not can_decide_placements(actor) or found.raised_by_id == actor.pk:
        raise NotAllowed(_("异议由人事答复，自己提出的请另一位答复。"))
    if found.answered_at is not None:
        raise Refused(_("这条异议已经答复。"))
    found.answer = said(answer, "answer", _("请写明答复。"), longest=500)
    found.answered_by, found.answered_at = actor, timezone.now()
    found.save(update_fields=["answer", "answered_by", "answered_at"])
    record(actor=actor, verb="objection.answer", target=found.competition, detail={"objection": found.pk})
    notify(
        recipients=[found.raised_by],
        text=_("“%(name)s”公示异议已答复：%(answer)s")
        % {"name": found.competition.name, "answer": found.answer},
        url=reverse("staff:competition-publicity", args=[found.competition.public_id]),
    )
    return found


@action("placement.reconsider", gettext_lazy("撤回公示重新决定"))
def reconsider_decision(*, actor: Account, competition: Competition, reason: str) -> Competition:
    """Take the list back from the publicity to decide anew, by a manager, with the reason; it is approved and shown again."""
    locked = locked_competition(actor, competition)
    if not can_approve_placements(actor, locked):
        raise NotAllowed(_("撤回公示由提交人以外的一位分管领导办理。"))
    if locked.state != CompetitionState.PUBLICITY:
        raise Refused(_("名单不在公示期。"))
    words = said(reason, "reason", _("请写明重新决定的理由。"))
    locked.state = CompetitionState.SCORED
    locked.publicity_from = locked.publicity_until = None
    save_competition(locked, "state", "publicity_from", "publicity_until")
    record(actor=actor, verb="placement.reconsider", target=locked, reason=words)
    return locked


def _deciding(actor: Account, competition: Competition) -> Competition:
    """The round, locked, while it is being decided."""
    locked = locked_competition(actor, competition)
    if not can_decide_placements(actor):
        raise NotAllowed(_("拟聘由人事办理，由分管领导审批。"))
    if applies_in(actor, locked):
        raise NotAllowed(_("您在这次竞聘中报了名，拟聘由没有报名的人决定。"))
    if locked.state != CompetitionState.SCORED:
        raise Refused(_("这次竞聘不在拟聘决定阶段。"))
    return locked


def _free_seat(post: CompetitionPost) -> int | None:
    taken = set(post.placements.values_list("seat", flat=True))
    return next((seat for seat in range(1, post.seats + 1) if seat not in taken), None)


def _placed(
    actor: Account, application: Application, post: CompetitionPost, seat: int, reason: str, *, proposed: bool
) -> Placement:
    return Placement.objects.create(
        competition_id=post.competition_id,
        application=application,
        post=post,
        seat=seat,
        reason=reason,
        is_proposed=proposed,
        decided_by=actor,
    )
