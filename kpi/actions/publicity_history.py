"""A demo year's publicity is dated back to the weeks in which it would have run; what is no demo keeps its days."""

from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.actions.publicity_rows import locked_publicity, need_publicist
from kpi.models import Acknowledgement, Publicity, PublicityState, ScoreObjection
from promotion.action import action, record
from promotion.errors import Refused
from promotion.working_days import working_calendar
from staff.models import Account

# By how many days after its opening something of a demo publicity happened.
ANSWERED, DECIDED, SETTLED = 2, 5, 11


@action("publicity.date-back", gettext_lazy("演示公示改期"))
def date_back(*, actor: Account, publicity: Publicity, opens_on: date) -> Publicity:
    """Let a demo publicity have opened on a past day, with everything that was answered to it. Raises NotAllowed, Refused."""
    need_publicist(actor)
    locked = locked_publicity(actor, publicity)
    if not locked.is_demo or locked.state not in (PublicityState.OPEN, PublicityState.FINAL):
        raise Refused(_("只有演示数据的公示可以改期。"))
    closes_on = working_calendar().after(opens_on, locked.days)
    if closes_on >= timezone.localdate():
        raise Refused(_("公示的最后一天必须已经过去。"))
    locked.opens_on, locked.closes_on = opens_on, closes_on
    locked.drafted_at = _moment(opens_on, -1)
    locked.announced_at = _moment(opens_on, 0)
    if locked.finalised_at is not None:
        locked.finalised_at = _moment(opens_on, SETTLED)
    locked.save(update_fields=["opens_on", "closes_on", "drafted_at", "announced_at", "finalised_at"])
    answered, decided = _moment(opens_on, ANSWERED), _moment(opens_on, DECIDED)
    Acknowledgement.objects.filter(publicity=locked).update(confirmed_at=answered)
    raised: models.QuerySet[ScoreObjection] = locked.objections.all()
    raised.update(raised_at=answered)
    raised.exclude(decided_at=None).update(decided_at=decided)
    raised.exclude(remedied_at=None).update(remedied_at=decided + timedelta(hours=2))
    record(actor=actor, verb="publicity.date-back", target=locked, detail={"opens_on": str(opens_on)})
    return locked


def _moment(day: date, days: int) -> datetime:
    """Ten in the morning so many days after."""
    return datetime.combine(day + timedelta(days=days), time(10), timezone.get_current_timezone())
