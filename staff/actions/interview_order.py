"""The order of a planned session set by hand, with a reason: the lot that was drawn stays in the trail."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, check_version, record
from promotion.errors import NotAllowed, Refused
from staff.access.interview import can_plan_interviews
from staff.actions.competition import said
from staff.actions.interview import locked_session, save_session, tell_session
from staff.models import Account, InterviewSession, ScoreSheet

# Above every place, so that no two interviews meet on the way.
ASIDE = 10_000


@action("session.order", gettext_lazy("调整面试顺序"))
def order_session(
    *,
    actor: Account,
    session: InterviewSession,
    interviews: Sequence[int],
    reason: str,
    seen: int | None = None,
) -> InterviewSession:
    """Hear the candidates in the order of these interviews; their times follow.

    Raises Refused unless each interview of the session is named once, without a reason, or once somebody has scored; Conflict
    when a candidate is heard elsewhere at the new time.
    """
    locked = locked_session(actor, session)
    if not can_plan_interviews(actor):
        raise NotAllowed(_("面试由人事安排。"))
    check_version(seen=seen, current=locked)
    words = said(reason, "reason", _("请写明调整顺序的理由。"), longest=200)
    rows = {
        each.pk: each for each in locked.interviews.select_for_update(of=("self",)).select_related("person")
    }
    if sorted(interviews) != sorted(rows):
        sentence = _("每位报名人要有且只有一个顺序。")
        raise Refused(sentence, fields={"order": sentence})
    if ScoreSheet.objects.filter(interview__in=rows).exists():
        raise Refused(_("这一场已有评分，不能再调整顺序。"))
    locked.interviews.update(position=F("position") + ASIDE)
    length = timedelta(minutes=locked.minutes)
    for place, pk in enumerate(interviews, start=1):
        each = rows[pk]
        each.position = place
        each.starts_at = locked.starts_at + length * (place - 1)
        each.ends_at = each.starts_at + length
        each.save(update_fields=["position", "starts_at", "ends_at"])
    drawn, locked.seed = locked.seed, ""
    save_session(locked, "seed")
    order = "、".join(rows[pk].person.name for pk in interviews)
    detail = {"session": str(locked), "order": order, "seed": drawn}
    record(actor=actor, verb="session.order", target=locked.competition, reason=words, detail=detail)
    tell_session(locked)
    return locked
