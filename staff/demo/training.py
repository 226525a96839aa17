"""Training of the demo: five courses a year ago and now, held sessions with attendance, open ones, required credits and a plan."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from staff import actions
from staff.models import Account, Appointment, Course, Grade, Team, TrainingField

COURSES: tuple[tuple[str, TrainingField, str, str], ...] = (
    ("产业政策与扶持兑现", TrainingField.POLICY, "6", "2"),
    ("招商谈判实务", TrainingField.NEGOTIATION, "8", "3"),
    ("园区规划与产业链运营", TrainingField.PLANNING, "6", "2"),
    ("投资协议与外商投资法", TrainingField.LAW, "6", "2"),
    ("项目审批全流程", TrainingField.APPROVAL, "4", "2"),
    ("集成电路产业链入门", TrainingField.PLANNING, "4", "1"),
)
ROOMS = ("招商中心一楼报告厅", "招商中心三楼培训室")
TEACHERS = ("顾问讲师（演示）", "法务讲师（演示）", "审批局讲师（演示）")
ASKED = {Grade.SENIOR: "3", Grade.FIRST: "2", Grade.SECOND: "2"}


def tell_training(hr: Account, today: date) -> str:
    """Through the actions that HR uses; sessions of the past begin as coming ones would and are then dated back.

    In the first weeks of a year they were held in the last one, as in life.
    """
    courses = [
        actions.add_course(actor=hr, title=title, field=field, hours=Decimal(hours), credits=Decimal(earned))
        for title, field, hours, earned in COURSES
    ]
    for grade, asked in ASKED.items():
        for field in TrainingField:
            actions.require_credits(
                actor=hr, grade=grade, field=field, credits=Decimal(asked), holds_from=date(today.year, 1, 1)
            )
    held = [_held(hr, course, place, today) for place, course in enumerate(courses[:4])]
    for place, course in enumerate((courses[4], courses[5])):
        _coming(hr, course, place, today)
    team = Team.objects.get(code="GJ3")
    actions.plan_training(
        actor=hr, team=team, course=courses[5], due_on=today + timedelta(45), note="服务集成电路项目"
    )
    actions.plan_training(actor=hr, team=team, field=TrainingField.LAW, due_on=today + timedelta(60))
    return f"{len(courses)} courses, {sum(held)} attendances, 2 open sessions"


def _held(hr: Account, course: Course, place: int, today: date) -> int:
    """A session some weeks ago: two of three of every second team came."""
    starts = _at(today + timedelta(3 + place), 9)
    session = actions.hold_training(
        actor=hr,
        course=course,
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
        room=ROOMS[place % 2],
        teacher=TEACHERS[place % 3],
        seats=60,
    )
    posts = Appointment.objects.filter(ends_on=None).select_related("person").order_by("pk")
    people = [post.person for post in list(posts)[place::2]][:60]
    for person in people:
        actions.enrol(actor=hr, session=session, person=person)
    back = _at(today - timedelta(21 + 7 * place), 9)
    session.refresh_from_db()
    actions.change_training(actor=hr, session=session, starts_at=back, ends_at=back + timedelta(hours=3))
    came = {person.pk: number % 3 != 2 for number, person in enumerate(people)}
    actions.mark_attendance(actor=hr, session=session, came=came)
    return actions.close_training(actor=hr, session=session)


def _coming(hr: Account, course: Course, place: int, today: date) -> None:
    """A session to come; the second one is full and two wait."""
    starts = _at(today + timedelta(6 + place), 14)
    session = actions.hold_training(
        actor=hr,
        course=course,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        room=ROOMS[1],
        teacher=TEACHERS[place],
        seats=30 if place == 0 else 6,
    )
    posts = Appointment.objects.filter(ends_on=None).select_related("person").order_by("pk")
    for post in posts[4:12]:
        actions.enrol(actor=hr, session=session, person=post.person)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
