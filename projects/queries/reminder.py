"""Who is to be reminded of what now: set for all people at once, so that a lost wake-up loses nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models import Occasion, Project, ReminderSetting
from projects.queries.due import due_items
from projects.workflow import Status
from promotion.working_days import WorkingCalendar
from staff.access import in_force
from staff.models import Account, Appointment, Role
from staff.queries.due_item import DueItem

# After so many working days overdue the leader hears of it (assumption; no source names a period).
ESCALATE_AFTER = 3
# How long before an arranged time the reminder comes.
SHORTLY = timedelta(minutes=30)
# Who is reminded: those who work on projects, and HR of contracts.
REMINDED = (Role.OFFICER, Role.LEADER, Role.MANAGER, Role.HR)
NAMED = 3


@dataclass(frozen=True)
class Saying:
    """One thing to say to one person."""

    kind: str
    key: str
    due_on: date
    occasion: Occasion
    text: str
    url: str


def is_quiet(setting: ReminderSetting, now: time) -> bool:
    """Whether the person does not wish to be disturbed at this time of day."""
    start, end = setting.quiet_from, setting.quiet_until
    if start == end:
        return False
    return start <= now < end if start < end else now >= start or now < end


def waiting_for_morning(today: date) -> QuerySet[Account]:
    """Active accounts that were not seen to today."""
    accounts = Account.objects.filter(is_active=True, role__in=REMINDED)
    return accounts.exclude(reminder_setting__reminded_on__gte=today).select_related("reminder_setting")


def morning_of(
    actor: Account, setting: ReminderSetting, today: date, calendar: WorkingCalendar
) -> tuple[list[Saying], list[DueItem]]:
    """What to tell a person this morning, and what is so late that the leader hears of it."""
    until = calendar.after(today, setting.days_ahead)
    items = due_items(actor, until)
    # What is due on the free days before tomorrow's work is of today.
    late = [one for one in items if one.on < today]
    escalated = [one for one in late if calendar.between(one.on, today) >= ESCALATE_AFTER]
    if setting.mode == ReminderSetting.Mode.SINGLE:
        return [_single(one, today) for one in items], escalated
    return ([_digest(items, today)] if items else []), escalated


def _single(item: DueItem, today: date) -> Saying:
    words = {"title": item.title, "detail": item.detail, "day": f"{item.on:%m-%d}"}
    if item.on < today:
        occasion, text = Occasion.LATE, _("已逾期（%(day)s）：%(title)s · %(detail)s") % words
    elif item.on == today:
        occasion, text = Occasion.TODAY, _("今天到期：%(title)s · %(detail)s") % words
    else:
        occasion, text = Occasion.AHEAD, _("%(day)s 到期：%(title)s · %(detail)s") % words
    return Saying(item.kind, item.key[:60], item.on, occasion, text, item.url)


def _digest(items: Sequence[DueItem], today: date) -> Saying:
    late = sum(one.on < today for one in items)
    now = sum(one.on == today for one in items)
    parts = [
        _("逾期 %(count)s 件") % {"count": late} if late else "",
        _("今天 %(count)s 件") % {"count": now} if now else "",
        _("将到期 %(count)s 件") % {"count": len(items) - late - now} if len(items) > late + now else "",
    ]
    names = "；".join(one.title for one in items[:NAMED]) + ("…" if len(items) > NAMED else "")
    counted = "，".join(part for part in parts if part)
    text = _("%(counted)s：%(names)s") % {"counted": counted, "names": names}
    return Saying("digest", "", today, Occasion.DIGEST, text, reverse("home"))


def escalation_of(actor: Account, items: Sequence[DueItem], today: date) -> Saying:
    """One line a day for the leader about one person."""
    words = {
        "name": actor.display_name,
        "count": len(items),
        "days": ESCALATE_AFTER,
        "names": "；".join(one.title for one in items[:NAMED]),
    }
    text = _("%(name)s 有 %(count)s 件事逾期满 %(days)s 个工作日：%(names)s") % words
    url = f"{reverse('projects:list')}?step=overdue"
    if actor.person is not None:
        url += f"&owner={actor.person.public_id}"
    return Saying("escalation", str(actor.pk), today, Occasion.ESCALATION, text, url)


def leaders_above(actor: Account) -> QuerySet[Account]:
    """Who hears of what a person lets lie: the leaders of the team; of a leader, the managers."""
    if actor.role != Role.OFFICER:
        return Account.objects.filter(is_active=True, role=Role.MANAGER).exclude(pk=actor.pk)
    teams = Appointment.objects.filter(in_force(), person=actor.person_id)
    led = Appointment.objects.filter(
        in_force(),
        Q(team__in=teams.values("team")) | Q(team__in=teams.values("team__parent")),
        is_leader=True,
    )
    return Account.objects.filter(is_active=True, person__in=led.values("person")).exclude(pk=actor.pk)


def starting_soon(now: datetime) -> list[tuple[Account, Saying]]:
    """What was arranged for a time within the next half hour, over all people; one query."""
    local = timezone.localtime(now)
    end = local + SHORTLY
    if end.date() != local.date():
        end = local.replace(hour=23, minute=59)
    arranged = (
        Project.objects.filter(
            status=Status.ACTIVE,
            next_step_on=local.date(),
            next_step_at__gt=local.time(),
            next_step_at__lte=end.time(),
        )
        .exclude(next_step="")
        .select_related(
            "owner__account__reminder_setting", "next_step_person__account__reminder_setting", "company"
        )
    )
    found = []
    for project in arranged:
        account = getattr(project.next_step_person or project.owner, "account", None)
        if account is None or not account.is_active:
            continue
        words = {"at": f"{project.next_step_at:%H:%M}", "step": project.next_step, "project": project.name}
        text = _("%(at)s %(step)s · %(project)s") % words
        key = f"{project.pk}@{project.next_step_at:%H%M}"
        url = reverse("projects:detail", args=[project.public_id])
        found.append((account, Saying("next-step", key, local.date(), Occasion.SOON, text, url)))
    return found
