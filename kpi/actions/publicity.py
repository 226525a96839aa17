"""Publicity (考核公示): drafted by one, announced by another, confirmed by everybody in it, withdrawn with a reason."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access.publicity import answerable_standings
from kpi.actions.publicity_rows import (
    address_of,
    locked_publicity,
    need_publicist,
    needed,
    present_run,
    save_publicity,
    short,
)
from kpi.models import Acknowledgement, Publicity, PublicityState, Run, ScoreObjection, Standing
from kpi.models.publicity import DAYS, LIVE, MOST_DAYS
from kpi.queries.publicity import final_publicity, undecided_words, visible_publicity
from kpi.queries.publicity_again import may_publicise_after
from kpi.queries.publicity_people import concerned_accounts
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotFound, Refused
from promotion.web.formats import day
from promotion.working_days import working_calendar
from staff.models import Account, BodyName, Role


@action("publicity.draft", gettext_lazy("拟定考核公示"))
def draft_publicity(
    *,
    actor: Account,
    year: int,
    days: int = DAYS,
    contact: str = "",
    note: str = "",
    body_name: str = BodyName.CENTRE,
    seen: int | None = None,
    is_demo: bool = False,
) -> Publicity:
    """Propose to make the year's present result public for some working days; a draft that there is takes the present result.

    Raises NotAllowed, Conflict for a draft changed meanwhile, and Refused for a year that is closed, without a result, with a
    publicity that runs, or settled: unless it was reopened since, or what the final list counted was corrected.
    """
    need_publicist(actor)
    run = present_run(year)
    found = Publicity.objects.select_for_update().filter(year=year, state__in=LIVE).first()
    if found is not None and found.state == PublicityState.OPEN:
        raise Refused(_("%(year)s 年的结果正在公示；期满定案或撤回之后才能另行公示。") % {"year": year})
    final = final_publicity(year)
    if final is not None and not may_publicise_after(final):
        sentence = _(
            "%(year)s 年已经定案，不再公示；年度重开以后，或者定案所依据的数据更正以后，才能另行公示。"
        )
        raise Refused(sentence % {"year": year})
    found = found or Publicity(year=year, version=0, is_demo=is_demo)
    if found.pk:
        check_version(seen=seen, current=found)
    found.run, found.is_interim = run, run.as_of < date(year, 12, 31)
    found.days = _checked_days(days)
    found.contact, found.note = short(contact, "contact", 120), short(note, "note", 300)
    found.body_name = BodyName(body_name)
    found.drafted_by, found.drafted_at = actor, timezone.now()
    found.version += 1
    found.save()
    record(actor=actor, verb="publicity.draft", target=found, detail={"run": run.number, "days": found.days})
    _ask_second(actor, found)
    return found


@action("publicity.announce", gettext_lazy("发布考核公示"))
def announce_publicity(*, actor: Account, publicity: Publicity, seen: int | None = None) -> Publicity:
    """Make the drafted result public from today for its working days, and tell everybody concerned.

    Raises NotAllowed, Conflict, and Refused for one's own draft, undecided items, or a result that changed since the draft.
    """
    need_publicist(actor)
    present = present_run(publicity.year)
    locked = locked_publicity(actor, publicity, seen)
    if locked.state != PublicityState.DRAFT:
        raise Conflict(_("这次公示%(state)s，不能再发布。") % {"state": locked.get_state_display()})
    if locked.drafted_by_id == actor.pk:
        raise Refused(_("这次公示是您拟定的；请由另一位人事或分管领导发布。"))
    _check_publishable(locked, present)
    today = timezone.localdate()
    locked.state, locked.opens_on = PublicityState.OPEN, today
    locked.closes_on = working_calendar().after(today, locked.days)
    locked.announced_by, locked.announced_at = actor, timezone.now()
    save_publicity(locked, "state", "opens_on", "closes_on", "announced_by", "announced_at")
    told = concerned_accounts(locked.run)
    detail = {"run": locked.run.number, "until": str(locked.closes_on), "told": len(told)}
    record(actor=actor, verb="publicity.announce", target=locked, detail=detail)
    words = {"year": locked.year, "day": day(locked.closes_on)}
    text = _("%(year)s 年考核结果公示至 %(day)s：请核对自己的结果，确认或提出异议。") % words
    notify(recipients=told, text=text, url=address_of(locked))
    return locked


def _check_publishable(locked: Publicity, present: Run) -> None:
    """Raises Refused for undecided items, and for a present result other than the drafted one."""
    if waiting := undecided_words(locked.run):
        raise Refused(_("有待定项，不能公示：%(items)s。请补齐后重新核算，再拟定一次。") % {"items": waiting})
    if present.fingerprint != locked.run.fingerprint:
        words = {"drafted": locked.run.number, "present": present.number}
        raise Refused(
            _("拟定之后结果有变（第 %(drafted)s 批 → 第 %(present)s 批）；请用最新结果重新拟定。") % words
        )


@action("publicity.withdraw", gettext_lazy("撤回考核公示"))
def withdraw_publicity(
    *, actor: Account, publicity: Publicity, reason: str, seen: int | None = None
) -> Publicity:
    """Take a draft, or a publicity that runs, back with the reason. Raises NotAllowed, Conflict, Refused."""
    need_publicist(actor)
    locked = locked_publicity(actor, publicity, seen)
    if locked.state not in LIVE:
        raise Conflict(_("这次公示%(state)s，不能撤回。") % {"state": locked.get_state_display()})
    was_public = locked.state == PublicityState.OPEN
    locked.withdraw_reason = needed(reason, "reason", _("请写明撤回的原因。"), 300)
    locked.state, locked.withdrawn_by, locked.withdrawn_at = PublicityState.WITHDRAWN, actor, timezone.now()
    save_publicity(locked, "state", "withdraw_reason", "withdrawn_by", "withdrawn_at")
    record(actor=actor, verb="publicity.withdraw", target=locked, reason=locked.withdraw_reason)
    if was_public:
        words = {"year": locked.year, "reason": locked.withdraw_reason}
        text = _("%(year)s 年考核公示已撤回：%(reason)s") % words
        notify(recipients=concerned_accounts(locked.run), text=text, url=address_of(locked))
    return locked


@action("publicity.confirm", gettext_lazy("确认考核结果"))
def confirm_result(*, actor: Account, publicity: Publicity, standing: Standing) -> Acknowledgement:
    """Confirm one's own published result, or that of a team one leads, while the publicity runs.

    Raises NotFound for a result one does not answer for, Refused outside the window or beside an open objection.
    """
    found = visible_publicity(actor, publicity.public_id)
    mine = answerable_standings(actor).filter(pk=standing.pk, run=found.run_id).first()
    if mine is None:
        raise NotFound(_("这份结果不由您确认：只有本人，或者团队的队长可以确认。"))
    if not found.is_open_on(timezone.localdate()):
        raise Refused(_("公示期已过或还没有开始，不能确认。"))
    if ScoreObjection.objects.filter(publicity=found, standing=mine, state="open").exists():
        raise Refused(_("还有一条没有处理的异议；请等处理，或先撤回异议再确认。"))
    made, is_new = Acknowledgement.objects.get_or_create(
        publicity=found, standing=mine, defaults={"confirmed_by": actor}
    )
    if is_new:
        detail = {"standing": mine.pk, "subject": mine.subject_name}
        record(actor=actor, verb="publicity.confirm", target=found, detail=detail)
    return made


def _ask_second(actor: Account, found: Publicity) -> None:
    """A notice to those who may announce what the actor drafted."""
    others = Account.objects.filter(role__in=(Role.HR, Role.MANAGER), is_active=True).exclude(pk=actor.pk)
    text = _("%(year)s 年考核公示已拟定，待发布。") % {"year": found.year}
    notify(recipients=list(others), text=text, url=address_of(found))


def _checked_days(days: int) -> int:
    if not 1 <= days <= MOST_DAYS:
        sentence = _("公示期请填 1 到 %(most)s 个工作日。") % {"most": MOST_DAYS}
        raise Refused(sentence, fields={"days": sentence})
    return days
