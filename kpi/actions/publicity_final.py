"""The final list (定案): drawn by a second person once the time to answer is past and every objection is settled."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.actions.publicity_rows import (
    address_of,
    locked_publicity,
    named,
    need_publicist,
    present_run,
    save_publicity,
)
from kpi.models import Publicity, PublicityState, Run, RunState
from kpi.models.score_objection import GRANTED
from kpi.queries.publicity import is_behind, tally_of, undecided_words
from kpi.queries.publicity_people import concerned_accounts
from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import Conflict, Refused
from promotion.web.formats import day
from staff.models import Account


@action("publicity.finalise", gettext_lazy("定案"))
def finalise_publicity(
    *, actor: Account, publicity: Publicity, seen: int | None = None, seen_run: str = ""
) -> Publicity:
    """Draw the final list from the year's present result, once the time to answer is past and every objection is settled.

    It takes the place of a former final list. `seen_run` is the id of the run whose changes the actor looked at. Raises NotAllowed, Conflict for a newer run, and Refused with
    what is in the way.
    """
    need_publicist(actor)
    present = present_run(publicity.year)
    locked = locked_publicity(actor, publicity, seen)
    if locked.drafted_by_id == actor.pk:
        raise Refused(_("这次公示是您拟定的；请由另一位人事或分管领导定案。"))
    _check_over(locked)
    _check_objections(locked)
    _check_run(locked, present)
    if seen_run and seen_run != present.public_id:
        raise Conflict(_("您看到变动清单之后又核算过一次；请核对最新的变动再定案。"))
    former = None if locked.is_interim else _replaced(locked.year)
    locked.state, locked.final_run = PublicityState.FINAL, present
    locked.finalised_by, locked.finalised_at = actor, timezone.now()
    save_publicity(locked, "state", "final_run", "finalised_by", "finalised_at")
    tally = {reply.value: count for reply, count in tally_of(locked).items()}
    detail: dict[str, Any] = {"public": locked.run.number, "final": present.number, **tally}
    if former is not None:
        detail["replaces"] = former.public_id
    record(actor=actor, verb="publicity.finalise", target=locked, detail=detail)
    told = concerned_accounts(locked.run)
    text = _("%(year)s 年考核结果已定案；公示以来的变动一并列出。") % {"year": locked.year}
    notify(recipients=told, text=text, url=address_of(locked))
    return locked


def _replaced(year: int) -> Publicity | None:
    """The former final list of a year that was made public once more; it stays to be read, and decides no longer."""
    rows = Publicity.objects.select_for_update().filter(
        year=year, state=PublicityState.FINAL, is_interim=False
    )
    former = rows.first()
    if former is not None:
        former.state = PublicityState.REPLACED
        save_publicity(former, "state")
    return former


def _check_over(locked: Publicity) -> None:
    """Raises Conflict for a publicity that does not run, Refused while one may still answer."""
    if locked.state != PublicityState.OPEN:
        raise Conflict(_("这次公示%(state)s，不能定案。") % {"state": locked.get_state_display()})
    if not locked.is_over_on(timezone.localdate()):
        raise Refused(_("公示到 %(day)s 为止，期满后才能定案。") % {"day": day(locked.closes_on)})


def _check_objections(locked: Publicity) -> None:
    """Raises Refused for an objection that is not decided, or granted and not carried out."""
    found = list(locked.objections.select_related("standing"))
    waiting = [str(one) for one in found if one.state == "open"]
    if waiting:
        raise Refused(_("还有异议没有处理：%(names)s。") % {"names": named(waiting)})
    granted = [one for one in found if one.state in GRANTED]
    undone = [str(one) for one in granted if one.remedied_at is None]
    if undone:
        raise Refused(_("采纳的异议还没有登记更正情况：%(names)s。") % {"names": named(undone)})


def _check_run(locked: Publicity, run: Run) -> None:
    """Raises Refused when the run is not decided and up to date."""
    running = Run.objects.filter(year=locked.year, state__in=(RunState.QUEUED, RunState.RUNNING)).first()
    if running is not None:
        raise Refused(_("第 %(number)s 批正在核算；等它完成再定案。") % {"number": running.number})
    if is_behind(run):
        raise Refused(_("这次核算之后又有认定、更正、录入或目标调整；请先核算一次，再定案。"))
    if waiting := undecided_words(run):
        raise Refused(_("有待定项，不能定案：%(items)s。") % {"items": waiting})
