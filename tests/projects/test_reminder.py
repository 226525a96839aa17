"""Reminders: each once, none lost, none in quiet hours; the leader hears of what lies too long."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connections
from django.test import Client

from projects.actions import reminder
from projects.actions.reminder import remind, send_waiting_mails, set_reminders
from projects.models import Reminder, ReminderSetting
from promotion.errors import Refused
from promotion.models import Notice
from staff.models import Account
from tests.factories.projects import make_project

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = date(2026, 3, 11)
MORNING = datetime(2026, 3, 11, 8, 30, tzinfo=SHANGHAI)


def step(officer: Account, days: int, text: str = "来访", **fields: Any) -> None:
    make_project(officer, next_step=text, next_step_on=WEDNESDAY + timedelta(days), **fields)


def notices(account: Account) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(recipient=account).order_by("pk").values_list("kind", "text"))


def wish(account: Account, **wishes: Any) -> None:
    given = {
        "mode": "digest",
        "days_ahead": 1,
        "quiet_from": time(20),
        "quiet_until": time(8),
        "by_email": True,
    }
    set_reminders(actor=account, **(given | wishes))


def test_one_digest_a_morning_however_often_the_task_runs(officer: Account, outsider: Account) -> None:
    step(officer, -1, "催供地方案")
    step(officer, 0, "高层会见")
    step(officer, 1, "送资料")
    step(officer, 2, "以后")

    for _turn in range(3):
        remind(MORNING)

    assert notices(officer) == [
        ("reminder", "逾期 1 件，今天 1 件，将到期 1 件：催供地方案；高层会见；送资料")
    ]
    assert notices(outsider) == []
    assert Reminder.objects.get().occasion == "digest"


def test_one_by_one_says_each_thing_once_at_each_occasion(officer: Account) -> None:
    wish(officer, mode="single", days_ahead=2)
    step(officer, 2, "送资料")

    for day in range(6):
        remind(MORNING + timedelta(day))

    assert [text.split("：")[0] for _kind, text in notices(officer)] == [
        "03-13 到期",
        "今天到期",
        "已逾期（03-13）",
    ]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2026, 3, 11, 7, 59, tzinfo=SHANGHAI), False),
        (datetime(2026, 3, 11, 8, 0, tzinfo=SHANGHAI), True),
        (datetime(2026, 3, 11, 21, 0, tzinfo=SHANGHAI), False),
        (datetime(2026, 3, 14, 9, 0, tzinfo=SHANGHAI), False),
        (datetime(2026, 10, 1, 9, 0, tzinfo=SHANGHAI), False),
    ],
)
def test_quiet_hours_and_free_days_are_kept(officer: Account, now: datetime, said: bool) -> None:
    step(officer, 0)

    remind(now)

    assert bool(notices(officer)) == said


def test_an_appointment_is_told_half_an_hour_before(officer: Account, colleague: Account) -> None:
    wish(officer, quiet_from=time(0), quiet_until=time(0))
    remind(MORNING)
    assert colleague.person
    step(officer, 0, "客商座谈", next_step_at=time(14, 0), next_step_person=colleague.person)

    for minute in (0, 20, 40, 45):
        remind(datetime(2026, 3, 11, 13, minute, tzinfo=SHANGHAI))

    assert [text for _kind, text in notices(colleague) if text.startswith("14:00")] == [
        text for _kind, text in notices(colleague) if "客商座谈" in text and "14:00" in text
    ]
    assert Reminder.objects.filter(account=colleague, occasion="soon").count() == 1
    assert not Reminder.objects.filter(account=officer, occasion="soon").exists()


def test_the_leader_hears_after_three_working_days(
    officer: Account, leader: Account, outsider: Account
) -> None:
    step(officer, -2, "拖着的事")

    remind(MORNING)
    early = notices(leader)
    remind(MORNING + timedelta(1))
    remind(MORNING + timedelta(1))

    assert early == []
    assert notices(leader) == [("escalation", f"{officer.display_name} 有 1 件事逾期满 3 个工作日：拖着的事")]
    assert notices(outsider) == []


def test_a_worker_that_dies_loses_nothing(
    officer: Account, colleague: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    step(officer, 0)
    step(colleague, 0)
    whole = reminder.notify

    def die(**told: Any) -> None:
        whole(**told)
        raise SystemExit

    monkeypatch.setattr(reminder, "notify", die)
    with pytest.raises(SystemExit):
        remind(MORNING)
    after_death = Notice.objects.count(), Reminder.objects.count()
    monkeypatch.setattr(reminder, "notify", whole)
    remind(MORNING)

    assert after_death == (0, 0)
    assert (len(notices(officer)), len(notices(colleague))) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_say_it_once(officer: Account, leader: Account) -> None:
    step(officer, -9)

    def work(_number: int) -> None:
        try:
            remind(MORNING)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))

    assert (len(notices(officer)), len(notices(leader))) == (1, 1)


def test_mails_go_out_once_and_wait_while_the_server_is_away(
    officer: Account, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_HOST, settings.SITE_URL = "smtp.example", "https://zs.example"
    officer.email = "officer@example.com"
    officer.save()
    step(officer, 0, "高层会见")
    remind(MORNING)

    def away(*_arguments: Any) -> None:
        raise ConnectionRefusedError

    real = reminder.send_mail
    monkeypatch.setattr(reminder, "send_mail", away)
    while_away = send_waiting_mails()
    monkeypatch.setattr(reminder, "send_mail", real)
    sent = [send_waiting_mails(), send_waiting_mails()]

    assert (while_away, sent, len(mail.outbox)) == (0, [1, 0], 1)
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (["officer@example.com"], "五化招商：汇总")
    assert "今天 1 件：高层会见" in mail.outbox[0].body
    assert "https://zs.example/" in mail.outbox[0].body
    assert (Reminder.objects.get().mail, Reminder.objects.get().mail_tries) == ("sent", 2)


def test_settings_on_the_page_and_over_the_api(
    officer: Account, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(officer)
    typed = {"mode": "single", "days_ahead": "3", "quiet_from": "21:00", "quiet_until": "07:30"}

    right = client.post("/profile/reminders/", typed)
    wrong = client.post("/profile/reminders/", {**typed, "days_ahead": "99"})
    patched = client.patch("/api/reminder-settings/", {"days_ahead": 0}, content_type="application/json")

    assert (right.status_code, wrong.status_code, patched.status_code) == (302, 422, 200)
    held = ReminderSetting.objects.get()
    assert (held.mode, held.days_ahead, held.quiet_until, held.by_email) == ("single", 0, time(7, 30), False)
    with pytest.raises(Refused):
        wish(officer, days_ahead=15)


def test_notices_are_filtered_counted_and_read_by_opening(
    officer: Account, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(officer)
    Notice.objects.create(recipient=officer, text="签约已认定")
    due = Notice.objects.create(recipient=officer, kind="reminder", text="今天 1 件", url="/projects/")

    page = client.get("/notices/?kind=reminder").content.decode()
    opened = client.post(f"/notices/{due.pk}/")

    assert ("今天 1 件" in page, "签约已认定" in page) == (True, False)
    assert (opened["Location"], Notice.objects.filter(read_at=None).count()) == ("/projects/", 1)
    assert "签约已认定" in client.get("/notices/?unread=1").content.decode()
    client.post("/notices/read/", {"kind": "reminder"})
    assert Notice.objects.filter(read_at=None).count() == 1
