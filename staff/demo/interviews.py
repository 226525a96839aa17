"""A round of the demo in the middle of its interviews, whatever day it is: a session closed, one that runs, one to come."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from promotion.papers.layouts import Column, Layout, Part, written
from promotion.working_days import working_calendar
from staff.actions.competition import PostLine
from staff.actions.interview import close_session, plan_session
from staff.actions.panel import set_panel
from staff.actions.paper_sheet import keep_score_table
from staff.actions.round_history import PastCandidate, keep_applied_round
from staff.actions.sheet import save_scores, submit_sheet
from staff.demo.rounds import CRITERIA, SAYS, SHANGHAI, round_terms
from staff.models import Account, Competition, Grade, InterviewSession, Person, Team

HEARD, HEARING, TO_COME = 3, 4, 3
ROOM, OTHER_ROOM = "管委会二号会议室", "管委会三号会议室"
JUDGES = ("manager", "deputy", "leader", "admin", "staff")


def tell_interviews(accounts: Mapping[str, Account], today: date) -> None:
    """The round with three sessions; in the one that runs a judge scores on paper, typed in and not checked yet."""
    competition = _applied(accounts, today)
    panel = set_panel(
        actor=accounts["hr"],
        competition=competition,
        chair=accounts["manager"],
        members=[accounts[key] for key in JUDGES],
    )
    waiting = list(competition.applications.select_related("person").order_by("person__staff_number"))
    calendar, now = working_calendar(), timezone.now()
    earlier = (today - timedelta(days=count) for count in range(1, 15))
    before = next(day for day in earlier if calendar.is_working(day))
    plan = (
        (ROOM, _morning(before), HEARD),
        (ROOM, now - timedelta(minutes=50), HEARING),
        (OTHER_ROOM, _morning(calendar.after(today, 1)), TO_COME),
    )
    sessions = []
    for room, starts_at, count in plan:
        part, waiting = waiting[:count], waiting[count:]
        sessions.append(
            plan_session(
                actor=accounts["hr"],
                competition=competition,
                room=room,
                starts_at=starts_at,
                minutes=20,
                judges=panel,
                applications=part,
                seed=f"demo-{count}-{room}",
            )
        )
    judges = [accounts[key] for key in JUDGES]
    _score(sessions[0], judges, heard=HEARD)
    close_session(actor=accounts["hr"], session=sessions[0])
    _score(sessions[1], judges[:4], heard=2)
    _begin(sessions[1], accounts["deputy"])
    _on_paper(accounts["hr"], sessions[1], accounts["staff"])


def _applied(accounts: Mapping[str, Account], today: date) -> Competition:
    """Ten members of the committee who applied in time and were found eligible."""
    teams = Team.objects.in_bulk(["GJ1", "GJ7"], field_name="code")
    people = Person.objects.filter(staff_number__startswith="JG", account=None, left_on=None)
    terms = round_terms(
        f"{today.year}年一线岗位竞聘",
        timezone.now() - timedelta(days=30),
        timezone.now() - timedelta(days=16),
        today + timedelta(days=40),
    )
    return keep_applied_round(
        actor=accounts["hr"],
        announcer=accounts["manager"],
        terms=terms | {"replaces_all": False},
        posts=[PostLine(teams["GJ1"], Grade.SECOND, 2), PostLine(teams["GJ7"], Grade.SECOND, 2)],
        criteria=CRITERIA,
        candidates=[
            PastCandidate(person, (place % 2, (place + 1) % 2), says=SAYS[place % len(SAYS)])
            for place, person in enumerate(people.order_by("staff_number")[: HEARD + HEARING + TO_COME])
        ],
        is_demo=True,
    )


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


def _points(session: InterviewSession, place: int, judge: int) -> dict[int, Decimal]:
    """Points around a level for each candidate, a little apart from judge to judge."""
    criteria = session.competition.criteria.order_by("position")
    return {each.pk: Decimal(74 + place * 5 % 17 + (judge * 3 + at) % 7) for at, each in enumerate(criteria)}


def _score(session: InterviewSession, judges: Sequence[Account], *, heard: int) -> None:
    """The first candidates of the session are scored by these judges."""
    for place, interview in enumerate(session.interviews.order_by("position")[:heard]):
        for number, judge in enumerate(judges):
            save_scores(
                actor=judge,
                interview=interview,
                points=_points(session, place, number),
                remark="表达清楚，岗位设想具体。" if number == 0 else None,
            )
            submit_sheet(actor=judge, interview=interview)


def _begin(session: InterviewSession, judge: Account) -> None:
    """The candidate who is being heard: a sheet half filled in."""
    interview = session.interviews.order_by("position")[2]
    points = _points(session, 2, 1)
    save_scores(actor=judge, interview=interview, points=dict(list(points.items())[:2]))


def _on_paper(hr: Account, session: InterviewSession, judge: Account) -> None:
    """The sheets of a judge who writes on paper, for the two who were heard: typed in, and waiting for a second person."""
    criteria = list(session.competition.criteria.order_by("position"))
    panelist = session.judges.get(account=judge).panelist_id
    rows: list[dict[str, Any]] = [
        {
            "line": place + 2,
            "interview": interview.pk,
            "panelist": panelist,
            "staff_number": interview.person.staff_number,
            "name": interview.person.name,
            "judge": str(judge),
            "points": {str(each.pk): str(80 + place * 3 + at) for at, each in enumerate(criteria)},
            "remark": "",
        }
        for place, interview in enumerate(
            session.interviews.select_related("person").order_by("position")[:2]
        )
    ]
    columns = [Column("姓名"), *(Column(each.name) for each in criteria)]
    scan = Layout(
        title="面试答辩评分表",
        body="招商发展中心",
        parts=[Part(columns=columns, rows=[[row["name"], *row["points"].values()] for row in rows])],
        facts=[("评委", str(judge)), ("地点", session.room)],
        signatures=["评委签名"],
    )
    keep_score_table(
        actor=hr,
        session=session,
        file_name="纸质评分录入.xlsx",
        accepted=rows,
        rejected=[],
        upload=SimpleUploadedFile("纸质评分表扫描.pdf", written(scan, "pdf"), content_type="application/pdf"),
    )
