"""Bulletins (通报): drafted in one click, edited, issued by a second person with a number, withdrawn with a reason."""

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access import bulletin as access
from kpi.models import AssessmentYear, Bulletin, BulletinState, Run, TargetPeriod
from kpi.queries.bulletin.taking import take_figures
from kpi.scoring.bulletin import as_of_day
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account, BodyName, Role

MOST_REASON = 300
FIRST_YEAR = 2000
#: What editors write, and how much of it.
WORDS = {"lead": 2000, "outlook": 4000, "sent_to": 200, "copied_to": 200}
#: Who is told that a bulletin is out.
TOLD = (Role.OFFICER, Role.LEADER, Role.MANAGER, Role.HR)


@action("bulletin.draft", gettext_lazy("起草通报"))
def draft_bulletin(*, actor: Account, year: int, period: str) -> Bulletin:
    """Take the figures of a period and begin its bulletin; report lines are those of the last bulletin.

    Raises NotAllowed, Refused for a period that has not begun, Conflict when the period has a bulletin already.
    """
    _permit(actor)
    if period not in TargetPeriod.values or not FIRST_YEAR <= year <= 2100:
        raise Refused(_("没有这个时段；请从列出的月、季、半年中选择。"), fields={"period": _("请改选时段。")})
    if Bulletin.objects.filter(year=year, period=period, state__in=("draft", "issued")).exists():
        raise Conflict(_("这个时段已有通报，没有另起一份；请打开已有的那份，或先撤回。"))
    last = Bulletin.objects.order_by("-pk").first()
    made = Bulletin(year=year, period=period, drafted_by=actor)
    if last is not None:
        made.sent_to, made.copied_to, made.body_name = last.sent_to, last.copied_to, last.body_name
    else:
        made.sent_to, made.copied_to = _("管委会领导"), _("各项目部、各攻坚队、各驻点联络处")
    _take(actor, made)
    made.save()
    record(
        actor=actor, verb="bulletin.draft", target=made, detail={"period": period, "as_of": str(made.as_of)}
    )
    return made


@action("bulletin.refresh", gettext_lazy("重新取数"))
def refresh_bulletin(*, actor: Account, bulletin: Bulletin, seen: int | None = None) -> Bulletin:
    """Take the figures of a draft anew; the editor's words stay."""
    found = _locked_draft(actor, bulletin, seen)
    _take(actor, found)
    _save(found, "run", "as_of", "figures", "drafted_at")
    record(actor=actor, verb="bulletin.refresh", target=found, detail={"as_of": str(found.as_of)})
    return found


@action("bulletin.edit", gettext_lazy("修改通报"))
def edit_bulletin(
    *,
    actor: Account,
    bulletin: Bulletin,
    lead: str,
    outlook: str,
    sent_to: str,
    copied_to: str,
    body_name: str,
    seen: int | None = None,
) -> Bulletin:
    """Write the editor's own words of a draft, its report lines and under which name it is issued.

    Who changes the words becomes the drafter, so that somebody else issues them. Raises Refused for what is too long.
    """
    found = _locked_draft(actor, bulletin, seen)
    given = {"lead": lead, "outlook": outlook, "sent_to": sent_to, "copied_to": copied_to}
    wrong = {
        name: _("最多 %(number)s 个字。") % {"number": most}
        for name, most in WORDS.items()
        if len(given[name].strip()) > most
    }
    if body_name not in BodyName.values:
        wrong["body_name"] = _("请选择落款。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    for name, text in given.items():
        setattr(found, name, text.strip())
    found.body_name, found.drafted_by = BodyName(body_name), actor
    _save(found, *given, "body_name", "drafted_by")
    record(actor=actor, verb="bulletin.edit", target=found)
    return found


@action("bulletin.issue", gettext_lazy("签发通报"))
def issue_bulletin(*, actor: Account, bulletin: Bulletin, seen: int | None = None) -> Bulletin:
    """Issue exactly what was read, under the next number of its year; everybody who works is told.

    Raises NotAllowed, Conflict for another version than was seen, Refused for one's own draft.
    """
    found = _locked_draft(actor, bulletin, seen)
    if found.drafted_by_id == actor.pk:
        raise Refused(_("拟稿人不能签发自己的通报；请由另一位同事签发。"))
    AssessmentYear.objects.get_or_create(year=found.year)
    AssessmentYear.objects.select_for_update().get(year=found.year)
    used = Bulletin.objects.filter(year=found.year).aggregate(most=Max("number"))["most"] or 0
    found.number, found.state = used + 1, BulletinState.ISSUED
    found.issued_by, found.issued_at = actor, timezone.now()
    _save(found, "number", "state", "issued_by", "issued_at")
    record(actor=actor, verb="bulletin.issue", target=found, detail={"number": found.number})
    words = {"period": found, "number": found.number}
    _tell(actor, found, _("%(period)s通报（第 %(number)s 期）已印发。") % words)
    return found


@action("bulletin.withdraw", gettext_lazy("撤回通报"))
def withdraw_bulletin(*, actor: Account, bulletin: Bulletin, reason: str) -> Bulletin:
    """Take an issued bulletin back with the reason; it stays readable with its number, and the period is free for a new one.

    Raises NotAllowed, Conflict for what is not issued, Refused without a reason.
    """
    found = _locked(actor, bulletin)
    if found.state != BulletinState.ISSUED:
        raise Conflict(_("这份通报%(state)s，不能撤回。") % {"state": found.get_state_display()})
    reason = checked_reason(reason, _("请写明撤回的理由；它会写在通报上。"))
    found.state, found.reason = BulletinState.WITHDRAWN, reason
    found.withdrawn_by, found.withdrawn_at = actor, timezone.now()
    _save(found, "state", "reason", "withdrawn_by", "withdrawn_at")
    record(actor=actor, verb="bulletin.withdraw", target=found, reason=reason)
    words = {"period": found, "number": found.number, "reason": reason}
    _tell(actor, found, _("%(period)s通报（第 %(number)s 期）已撤回：%(reason)s") % words)
    return found


@action("bulletin.discard", gettext_lazy("删除通报草稿"))
def discard_bulletin(*, actor: Account, bulletin: Bulletin) -> None:
    """Put a draft away; its events stay."""
    found = _locked_draft(actor, bulletin, None)
    record(actor=actor, verb="bulletin.discard", target=found, detail={"period": found.period})
    found.delete()


def checked_reason(text: str, sentence: str) -> str:
    """The reason without blanks around it. Raises Refused without one, or for one that is too long."""
    text = text.strip()
    if not text:
        raise Refused(sentence, fields={"reason": sentence})
    if len(text) > MOST_REASON:
        long = _("最多 %(number)s 个字。") % {"number": MOST_REASON}
        raise Refused(long, fields={"reason": long})
    return text


def _permit(actor: Account) -> None:
    if not access.can_write_bulletins(actor):
        raise NotAllowed(_("通报由人事和分管领导起草和签发。"))


def _locked(actor: Account, bulletin: Bulletin) -> Bulletin:
    found = access.bulletins_visible_to(actor).select_for_update().filter(pk=bulletin.pk).first()
    if found is None:
        raise NotFound(_("没有这份通报，或它还没有印发。"))
    _permit(actor)
    return found


def _locked_draft(actor: Account, bulletin: Bulletin, seen: int | None) -> Bulletin:
    found = _locked(actor, bulletin)
    if found.state != BulletinState.DRAFT:
        raise Conflict(
            _("这份通报%(state)s，不再修改；要更正请撤回后另起一份。") % {"state": found.get_state_display()}
        )
    check_version(seen=seen, current=found)
    return found


def _take(actor: Account, bulletin: Bulletin) -> None:
    """Put the figures of the day into the bulletin."""
    day = as_of_day(bulletin.period, bulletin.year, timezone.localdate())
    if day is None:
        label = TargetPeriod(bulletin.period).label
        sentence = _("%(period)s还没有开始，没有数字可通报。") % {"period": label}
        raise Refused(sentence, fields={"period": sentence})
    bulletin.as_of, bulletin.drafted_at = day, timezone.now()
    bulletin.figures = take_figures(actor, bulletin.year, bulletin.period, day)
    named = bulletin.figures["run"]
    bulletin.run = Run.objects.filter(public_id=named["id"]).first() if named else None


def _save(bulletin: Bulletin, *names: str) -> None:
    bulletin.version += 1
    bulletin.save(update_fields=[*names, "version"])


def _tell(actor: Account, bulletin: Bulletin, text: str) -> None:
    recipients = Account.objects.filter(is_active=True, role__in=TOLD).exclude(pk=actor.pk)
    notify(recipients=list(recipients), text=text, url=reverse("kpi:bulletin", args=[bulletin.public_id]))


@action("bulletin.export", gettext_lazy("导出通报"))
def export_bulletin(*, actor: Account, bulletin: Bulletin, form: str) -> Bulletin:
    """Note who took a bulletin out of the house as a file. Raises NotFound for what the actor does not see."""
    found = access.bulletins_visible_to(actor).filter(pk=bulletin.pk).first()
    if found is None:
        raise NotFound(_("没有这份通报，或它还没有印发。"))
    record(actor=actor, verb="bulletin.export", target=found, detail={"form": form})
    return found
