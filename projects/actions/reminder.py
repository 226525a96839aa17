"""Reminders: what a person wishes, and what is said; each once, and none lost when a worker dies."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import Occasion, Reminder, ReminderSetting
from projects.queries.reminder import (
    Saying,
    escalation_of,
    is_quiet,
    leaders_above,
    morning_of,
    starting_soon,
    waiting_for_morning,
)
from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import Refused
from promotion.models import NoticeKind
from promotion.working_days import WorkingCalendar, working_calendar
from staff.models import Account

MOST_TRIES = 5
MAILS_A_TURN = 200


@action("reminder.set", gettext_lazy("设定提醒"))
def set_reminders(
    *,
    actor: Account,
    mode: str,
    days_ahead: int,
    quiet_from: time,
    quiet_until: time,
    by_email: bool,
) -> ReminderSetting:
    """How the actor wishes to be reminded. Raises Refused for an unknown mode or too many days ahead."""
    wrong = {}
    if mode not in ReminderSetting.Mode.values:
        wrong["mode"] = _("请选择提醒方式。")
    if not 0 <= days_ahead <= 14:
        wrong["days_ahead"] = _("最多提前 14 个工作日提醒。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    values: dict[str, Any] = {
        "mode": mode,
        "days_ahead": days_ahead,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "by_email": by_email,
    }
    setting, _created = ReminderSetting.objects.update_or_create(account=actor, defaults=values)
    record(
        actor=actor,
        verb="reminder.set",
        target=actor,
        detail={name: str(value) for name, value in values.items()},
    )
    return setting


def remind(now: datetime | None = None, *, among: Sequence[Account] | None = None) -> int:
    """Say what is to be said now, each person in a transaction of its own; gives how many were seen to.

    On working days, once the quiet hours are over, the morning's reminders; at any time what begins shortly. Whoever was not
    reached because a worker died is still waiting at the next turn. `among` narrows it to some people.
    """
    moment = timezone.localtime(now or timezone.now())
    calendar = working_calendar()
    with translation.override(settings.LANGUAGE_CODE):
        soon = sum(bool(_remind_soon(actor=account, saying=one)) for account, one in starting_soon(moment))
        if not calendar.is_working(moment.date()):
            return soon
        seen = 0
        waiting = waiting_for_morning(moment.date())
        if among is not None:
            waiting = waiting.filter(pk__in=[account.pk for account in among])
        for account in waiting:
            setting = getattr(account, "reminder_setting", None) or ReminderSetting()
            if not is_quiet(setting, moment.time()):
                seen += _remind_morning(actor=account, now=moment, calendar=calendar)
    return soon + seen


@action("reminder.morning", gettext_lazy("晨间提醒"))
def _remind_morning(*, actor: Account, now: datetime, calendar: WorkingCalendar) -> bool:
    """One person's morning; the setting's row is the lock, so that two workers do not both speak."""
    ReminderSetting.objects.get_or_create(account=actor)
    setting = ReminderSetting.objects.select_for_update(skip_locked=True).filter(account=actor).first()
    if setting is None or (setting.reminded_on and setting.reminded_on >= now.date()):
        return False
    with translation.override(actor.language):
        sayings, escalated = morning_of(actor, setting, now.date(), calendar)
        _say(actor, setting, sayings, NoticeKind.REMINDER)
        if escalated:
            said = escalation_of(actor, escalated, now.date())
            for leader in leaders_above(actor).select_related("reminder_setting"):
                own = getattr(leader, "reminder_setting", None) or ReminderSetting()
                _say(leader, own, [said], NoticeKind.ESCALATION)
    setting.reminded_on = now.date()
    setting.save(update_fields=["reminded_on"])
    return True


@action("reminder.soon", gettext_lazy("临近提醒"))
def _remind_soon(*, actor: Account, saying: Saying) -> int:
    """What begins shortly; an appointment is told even in quiet hours, for the person arranged it."""
    setting = getattr(actor, "reminder_setting", None) or ReminderSetting()
    return _say(actor, setting, [saying], NoticeKind.REMINDER)


def _say(account: Account, setting: ReminderSetting, sayings: Sequence[Saying], kind: str) -> int:
    """Write what was not said yet, with its notice; the constraint says each once. Gives how many were new."""
    mails = bool(setting.by_email and account.email and settings.EMAIL_HOST)
    new = 0
    for one in sayings:
        _reminder, created = Reminder.objects.get_or_create(
            account=account,
            kind=one.kind,
            key=one.key,
            due_on=one.due_on,
            occasion=one.occasion,
            defaults={
                "text": one.text[:300],
                "url": one.url,
                "mail": Reminder.Mail.WAITING if mails else Reminder.Mail.NONE,
            },
        )
        if created:
            notify(recipients=[account], text=one.text, url=one.url, kind=kind)
            new += 1
    return new


def send_waiting_mails() -> int:
    """Send the e-mails that wait, one a reminder; what fails waits for the next turn, five times at most.

    At least once: a worker that dies between sending and noting it sends that one again.
    """
    sent = 0
    waiting = Reminder.objects.filter(mail=Reminder.Mail.WAITING).order_by("pk").values_list("pk", flat=True)
    for pk in list(waiting[:MAILS_A_TURN]):
        sent += _send_mail(actor=None, pk=pk)
    return sent


@action("reminder.mail", gettext_lazy("发提醒邮件"))
def _send_mail(*, actor: Account | None, pk: int) -> bool:
    held = Reminder.objects.select_for_update(skip_locked=True).select_related(None)
    reminder = held.filter(pk=pk, mail=Reminder.Mail.WAITING).first()
    if reminder is None:
        return False
    subject = _("五化招商：%(what)s") % {"what": Occasion(reminder.occasion).label}
    body = f"{reminder.text}\n\n{settings.SITE_URL}{reminder.url}\n"
    reminder.mail_tries += 1
    try:
        send_mail(subject, body, None, [reminder.account.email])
    except OSError:
        if reminder.mail_tries >= MOST_TRIES:
            reminder.mail = Reminder.Mail.FAILED
    else:
        reminder.mail, reminder.mailed_at = Reminder.Mail.SENT, timezone.now()
    reminder.save(update_fields=["mail", "mail_tries", "mailed_at"])
    return reminder.mail == Reminder.Mail.SENT
