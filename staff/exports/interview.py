"""Interviews as a calendar file, and applications, scores and ranking of a round as workbooks."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from promotion.web.workbooks import Sheet, SheetColumn
from staff.access.interview import sessions_visible_to
from staff.models import Account, Competition
from staff.queries.interview import own_interviews
from staff.queries.ranking import Place


def interview_calendar(account: Account) -> bytes:
    """What the account judges and where the person is heard; the same things give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//wuhua-zhaoshang//interviews//ZH")
    calendar.add("version", "2.0")
    judged = sessions_visible_to(account).filter(judges__account=account).select_related("competition")
    for session in judged.order_by("starts_at", "pk"):
        title = _("担任评委：%(name)s") % {"name": session.competition.name}
        calendar.add_component(
            _event(f"session-{session.public_id}", title, session.room, session.starts_at, session.ends_at)
        )
    for each in own_interviews(account).order_by("starts_at", "pk"):
        title = _("面试：%(name)s") % {"name": each.session.competition.name}
        calendar.add_component(
            _event(f"interview-{each.pk}", title, each.session.room, each.starts_at, each.ends_at)
        )
    return bytes(calendar.to_ical())


def _event(key: str, title: str, room: str, starts_at: datetime, ends_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{key}@wuhua-zhaoshang")
    event.add("summary", title)
    event.add("location", room)
    event.add("url", f"{settings.SITE_URL}{reverse('staff:interviews-own')}")
    event.add("dtstamp", starts_at.astimezone(UTC))
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    return event


def application_sheet(competition: Competition, applications: Iterable[Any]) -> Sheet:
    """The applications that were handed in, one a row."""
    columns = [
        SheetColumn(_("工号"), "text", 10),
        SheetColumn(_("姓名"), "text", 10),
        SheetColumn(_("第一志愿"), "text", 30),
        SheetColumn(_("第二志愿"), "text", 30),
        SheetColumn(_("第三志愿"), "text", 30),
        SheetColumn(_("服从调剂"), "text", 10),
        SheetColumn(_("状态"), "text", 12),
        SheetColumn(_("审核意见"), "text", 40),
    ]
    rows = []
    for each in applications:
        posts = [str(choice.post) for choice in each.choices.all()][:3]
        wanted = posts + [""] * (3 - len(posts))
        state = str(each.get_state_display())
        rows.append(
            [
                each.person.staff_number,
                each.person.name,
                *wanted,
                each.accepts_reassignment,
                state,
                each.reason,
            ]
        )
    return Sheet(name=_("报名"), title=competition.name, columns=columns, rows=rows, freeze_columns=2)


def ranking_sheets(competition: Competition, places: list[Place]) -> list[Sheet]:
    """The ranking, and every judge's points behind it; for closed sessions only."""
    criteria = list(competition.criteria.order_by("position"))
    ranking = Sheet(
        name=_("排名"),
        title=competition.name,
        columns=[
            SheetColumn(_("名次"), "integer", 8),
            SheetColumn(_("并列"), "text", 8),
            SheetColumn(_("工号"), "text", 10),
            SheetColumn(_("姓名"), "text", 10),
            SheetColumn(_("得分"), "number", 10),
            SheetColumn(_("达到合格线"), "text", 12),
            SheetColumn(_("计算"), "text", 70),
        ],
        rows=[
            [
                each.rank, each.shared, each.application.person.staff_number, each.application.person.name, each.mark,
                each.passed, each.words,
            ]
            for each in places
        ],
    )  # fmt: skip
    scores = Sheet(
        name=_("评分"),
        columns=[
            SheetColumn(_("姓名"), "text", 10),
            SheetColumn(_("评委"), "text", 14),
            *(SheetColumn(f"{each.name}（{each.weight.normalize():f}%）", "number", 14) for each in criteria),
            SheetColumn(_("加权合计"), "number", 12),
            SheetColumn(_("说明"), "text", 14),
        ],
        rows=[
            [each.application.person.name, line.judge, *line.points, line.total, line.dropped]
            for each in places
            for line in each.judges
        ],
    )
    return [ranking, scores]
