"""Training: seats that are never too many, who waits moves up, credits once, gaps and the plan, on pages and in the API."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from promotion.errors import Conflict, NotAllowed, Outcome, Refused
from promotion.models import Notice
from promotion.web.workbooks import write_workbook
from staff import actions
from staff.exports.training import attendance_sheet
from staff.models import Account, Course, Enrolment, Team, TrainingCredit, TrainingSession
from staff.queries.training import enrolled_in, gaps_on, plan_due, plan_rows, profile_of, sessions_due
from tests.factories.staff import make_account, make_appointment, make_person, make_team

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db


def make_course(**fields: Any) -> Course:
    return Course.objects.create(
        **{"title": "谈判实务", "field": "negotiation", "hours": 6, "credits": Decimal(2), **fields}
    )


def make_session(course: Course | None = None, *, days: int = 3, **fields: Any) -> TrainingSession:
    starts = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days)
    given = {"starts_at": starts, "ends_at": starts + timedelta(hours=3), "room": "报告厅", "teacher": "甲"}
    return TrainingSession.objects.create(course=course or make_course(), **{"seats": 2, **given, **fields})


def seated(session: TrainingSession, *people: Any, **fields: Any) -> None:
    for person in people:
        Enrolment.objects.create(session=session, person=person, state="enrolled", **fields)


def states(session: TrainingSession) -> dict[str, str]:
    return dict(session.enrolments.values_list("person__staff_number", "state"))


def at_once(*performers: Callable[[], object]) -> list[str]:
    barrier, outcomes = threading.Barrier(len(performers)), []

    def run(perform: Callable[[], object]) -> None:
        barrier.wait()
        try:
            perform()
            outcomes.append("done")
        except (Outcome, IntegrityError) as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(perform,)) for perform in performers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_seats_go_in_order_and_who_waits_moves_up(hr: Account) -> None:
    session = make_session(seats=1)
    accounts = [make_account("officer") for _each in range(3)]
    people = [account.person for account in accounts]
    for person in people:
        assert person is not None
        actions.enrol(actor=hr, session=session, person=person)
    numbers = [person.staff_number for person in people]  # type: ignore[union-attr]
    assert states(session) == dict(zip(numbers, ("enrolled", "waiting", "waiting"), strict=True))

    actions.withdraw_from_training(actor=accounts[0], session=session, person=people[0])  # type: ignore[arg-type]

    assert states(session) == dict(zip(numbers, ("withdrawn", "enrolled", "waiting"), strict=True))
    assert [notice.recipient for notice in Notice.objects.all()] == [accounts[1]]
    actions.change_training(actor=hr, session=session, seats=2)
    assert states(session)[numbers[2]] == "enrolled"
    with pytest.raises(Conflict, match="已报过"):
        actions.enrol(actor=hr, session=session, person=people[2])  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="多于新的名额"):
        actions.change_training(actor=hr, session=session, seats=1)


def test_only_oneself_or_ones_people_are_enrolled(
    officer: Account, leader: Account, outsider: Account
) -> None:
    session = make_session(seats=9)
    for actor, person in ((officer, officer.person), (leader, officer.person)):
        actions.enrol(actor=actor, session=session, person=person)  # type: ignore[arg-type]
        actions.withdraw_from_training(actor=actor, session=session, person=person)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        actions.enrol(actor=officer, session=session, person=outsider.person)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        actions.enrol(actor=leader, session=session, person=outsider.person)  # type: ignore[arg-type]


def test_the_database_refuses_the_seat_too_many_and_the_room_taken() -> None:
    session = make_session(seats=1)
    seated(session, make_person())
    with pytest.raises(IntegrityError, match="is full"), transaction.atomic():
        seated(session, make_person())
    with pytest.raises(IntegrityError, match="one_session_in_a_room"), transaction.atomic():
        make_session(session.course)
    make_session(session.course, room="三楼")
    TrainingSession.objects.filter(pk=session.pk).update(state="cancelled")
    make_session(session.course)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_seat_at_once_one_waits(hr: Account) -> None:
    session = make_session(seats=1)
    people = [make_person(), make_person()]

    outcomes = at_once(
        *(lambda person=person: actions.enrol(actor=hr, session=session, person=person) for person in people)
    )

    assert outcomes == ["done", "done"]
    assert sorted(states(session).values()) == ["enrolled", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_past_the_actions_the_database_gives_the_last_seat_once() -> None:
    session = make_session(seats=1)
    people = [make_person(), make_person()]

    outcomes = at_once(*(lambda person=person: seated(session, person) for person in people))

    assert outcomes == ["IntegrityError", "done"]
    assert session.enrolments.count() == 1


def test_sessions_refuse_what_cannot_be(hr: Account, officer: Account) -> None:
    course = make_course()
    starts = timezone.now() + timedelta(3)
    given = {
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "room": "甲",
        "teacher": "乙",
        "seats": 5,
    }
    for wrong, name in (
        ({"ends_at": starts}, "ends_at"),
        ({"room": " "}, "room"),
        ({"teacher": ""}, "teacher"),
        ({"seats": 0}, "seats"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.hold_training(actor=hr, course=course, **given | wrong)  # type: ignore[arg-type]
        assert list(refusal.value.fields) == [name]
    with pytest.raises(NotAllowed):
        actions.hold_training(actor=officer, course=course, **given)  # type: ignore[arg-type]
    session = actions.hold_training(actor=hr, course=course, **given)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="已有另一场"):
        actions.hold_training(actor=hr, course=course, **given)  # type: ignore[arg-type]
    actions.change_training(actor=hr, session=session, teacher="丙")
    with pytest.raises(Conflict, match="调整培训"):
        actions.change_training(actor=hr, session=session, seen=1, teacher="丁")
    with pytest.raises(Refused):
        actions.cancel_training(actor=hr, session=session, reason=" ")
    actions.cancel_training(actor=hr, session=session, reason="讲师生病")
    with pytest.raises(Conflict, match="已取消"):
        actions.enrol(actor=officer, session=session, person=officer.person)  # type: ignore[arg-type]


def test_credits_are_awarded_once_and_corrected_with_a_reason(hr: Account) -> None:
    session = make_session(days=-2, seats=9)
    came, absent, unmarked = (make_person() for _each in range(3))
    seated(session, came, absent, unmarked)
    actions.mark_attendance(actor=hr, session=session, came={came.pk: True, absent.pk: False})

    assert actions.close_training(actor=hr, session=session) == 1

    def holders() -> set[int]:
        return set(TrainingCredit.objects.values_list("person", flat=True))

    assert (holders(), session.enrolments.get(person=unmarked).attended) == ({came.pk}, False)
    with pytest.raises(Conflict):
        actions.close_training(actor=hr, session=session)
    with pytest.raises(Refused) as refusal:
        actions.mark_attendance(actor=hr, session=session, came={absent.pk: True})
    assert list(refusal.value.fields) == ["reason"]
    actions.mark_attendance(actor=hr, session=session, came={absent.pk: True, came.pk: False}, reason="漏签")
    assert holders() == {absent.pk}
    # The same course in the same year earns nothing more.
    again = make_session(session.course, days=-1, seats=9)
    seated(again, absent, attended=True)
    assert actions.close_training(actor=hr, session=again) == 0


def test_attendance_waits_for_the_day_and_for_those_on_the_list(hr: Account) -> None:
    coming, held = make_session(days=3), make_session(make_course(title="法律"), days=-1)
    person = make_person()
    seated(coming, person)
    with pytest.raises(Refused, match="当天"):
        actions.mark_attendance(actor=hr, session=coming, came={person.pk: True})
    with pytest.raises(Conflict, match="不在这一场的名单"):
        actions.mark_attendance(actor=hr, session=held, came={person.pk: True})
    with pytest.raises(Refused, match="还没有结束"):
        actions.close_training(actor=hr, session=coming)


def test_profile_and_gaps_count_what_a_grade_is_to_earn(hr: Account, first_team: Team) -> None:
    today = timezone.localdate()
    done, lacking = make_person(name="已学"), make_person(name="未学")
    for person in (done, lacking):
        make_appointment(person, first_team, grade="first")
    actions.require_credits(
        actor=hr, grade="first", field="negotiation", credits=Decimal(2), holds_from=date(today.year, 1, 1)
    )
    session = make_session(days=-1)
    seated(session, done, attended=True)
    actions.close_training(actor=hr, session=session)

    profile = {each.field: (each.earned, each.lacking) for each in profile_of(lacking, "first", today)}
    gap = next(gap for gap in gaps_on(hr, today)[0].gaps if gap.field == "negotiation")

    assert profile["negotiation"] == (0, 2)
    assert ([(lack.person, lack.credits) for lack in gap.lacks], gap.people, gap.level) == (
        [(lacking, 2)],
        2,
        2,
    )
    with pytest.raises(Conflict):
        actions.require_credits(
            actor=hr,
            grade="first",
            field="negotiation",
            credits=Decimal(3),
            holds_from=date(today.year, 1, 1),
        )


def test_a_plan_is_fulfilled_by_attendance(
    hr: Account, leader: Account, officer: Account, outsider: Account, first_team: Team
) -> None:
    today = timezone.localdate()
    course = make_course()
    line = actions.plan_training(actor=leader, team=first_team, course=course, due_on=today)
    own = actions.plan_training(actor=hr, person=officer.person, field="negotiation", due_on=today)
    with pytest.raises(NotAllowed):
        actions.plan_training(actor=leader, person=outsider.person, course=course, due_on=today)
    for wrong, name in (({}, "team"), ({"team": first_team, "field": "law"}, "field")):
        with pytest.raises(Refused) as refusal:
            actions.plan_training(actor=hr, due_on=today, course=course, **wrong)  # type: ignore[arg-type]
        assert name in refusal.value.fields
    assert [item.key for item in plan_due(officer, today)] == [own.public_id]
    TrainingCredit.objects.create(
        person=officer.person,
        session=make_session(course, days=-1),
        course=course,
        field="negotiation",
        credits=2,
        year=today.year,
        earned_on=today,
    )

    rows = {row.line: (row.done, row.people) for row in plan_rows(type(line).objects.all())}

    assert rows == {line: (1, 2), own: (1, 1)}
    assert plan_due(officer, today) == []
    actions.drop_plan_line(actor=leader, line=line, reason="改学法律")
    with pytest.raises(Conflict):
        actions.drop_plan_line(actor=leader, line=line, reason="再取消")


def test_what_one_is_enrolled_in_is_due_with_its_time(officer: Account) -> None:
    session = make_session(seats=2)
    seated(session, officer.person)

    found = sessions_due(officer, timezone.localdate() + timedelta(9))

    assert [(item.key, item.at) for item in found] == [
        (session.public_id, timezone.localtime(session.starts_at).time())
    ]
    assert sessions_due(officer, timezone.localdate()) == []


def test_pages_enrol_mark_and_close(hr: Account, officer: Account, client_as: SignIn) -> None:
    session = make_session(seats=1)
    seated(session, make_person())
    mine, keeper = client_as(officer), client_as(hr)
    mine.post(reverse("staff:session-enrol", args=[session.public_id]))
    page = mine.get(reverse("staff:training-session", args=[session.public_id])).content.decode()
    assert ("候补" in page, states(session)[officer.person.staff_number]) == (True, "waiting")  # type: ignore[union-attr]

    held = make_session(make_course(title="法律"), days=-1, seats=9)
    people = [make_person(), make_person()]
    seated(held, *people)
    address = reverse("staff:attendance", args=[held.public_id])
    sheet = keeper.get(address).content.decode()
    keeper.post(address, {"listed": [each.pk for each in people], "came": [people[0].pk]})
    closed = keeper.post(reverse("staff:session-close", args=[held.public_id]))

    assert sheet.count('name="came"') == 2
    assert list(held.enrolments.order_by("pk").values_list("attended", flat=True)) == [True, False]
    assert (closed.status_code, TrainingCredit.objects.count()) == (302, 1)
    assert mine.get(address).status_code == 403


def test_the_sheet_goes_out_and_comes_back_whole_or_not_at_all(hr: Account, client_as: SignIn) -> None:
    session = make_session(days=-1, seats=9)
    people = [make_person(), make_person()]
    seated(session, *people)
    client, address = client_as(hr), reverse("staff:attendance-import", args=[session.public_id])

    def upload(text: str) -> Any:
        return client.post(address, {"file": SimpleUploadedFile("签到.csv", text.encode())})

    numbers = [person.staff_number for person in people]
    refused = upload(f"工号,到场\n{numbers[0]},是\nX9,是\n{numbers[1]},也许\n")
    assert refused.status_code == 422
    assert "第 3 行：X9 不在名单里" in refused.content.decode()
    assert session.enrolments.filter(attended=None).count() == 2
    assert upload(f"工号,到场\n{numbers[0]},是\n{numbers[1]},\n").status_code == 302
    assert list(session.enrolments.order_by("pk").values_list("attended", flat=True)) == [True, None]
    export = client.get(reverse("staff:attendance-export", args=[session.public_id]))
    assert export.content[:2] == b"PK"
    assert write_workbook([attendance_sheet(session, enrolled_in(hr, session))])[:2] == b"PK"


def test_other_systems_do_the_same(hr: Account, administrator: Account, first_team: Team) -> None:
    _token, key = actions.issue_token(
        actor=administrator, account=hr, name="同步", scopes=["staff:read", "staff:write"]
    )
    client, kind = Client(headers={"Authorization": f"Token {key}"}), "application/json"
    person = make_person(staff_number="A1")
    make_appointment(person, first_team)
    starts = timezone.now() + timedelta(2)

    course = client.post(
        "/api/courses/", {"title": "法律", "field": "law", "hours": "4", "credits": "2"}, kind
    ).json()
    given = {
        "course": course["public_id"],
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=2)).isoformat(),
        "room": "三楼",
        "teacher": "甲",
        "seats": 1,
    }
    made = client.post("/api/training-sessions/", given, kind)
    address = f"/api/training-sessions/{made.json()['public_id']}/"
    enrolled = client.post(f"{address}enrol/", {"person": "A1"}, kind)
    clash = client.post("/api/training-sessions/", given, kind)
    moved = client.patch(address, {"seats": 3, "seen": 1}, kind)
    TrainingSession.objects.update(starts_at=starts - timedelta(3), ends_at=starts - timedelta(2.9))
    marked = client.post(f"{address}attendance/", {"came": {"A1": True}}, kind)
    closed = client.post(f"{address}close/", {}, kind)
    profile = client.get(f"/api/people/{person.public_id}/training/").json()

    assert [made.status_code, enrolled.json()["state"], clash.status_code] == [201, "enrolled", 409]
    assert (moved.json()["seats"], marked.json()[0]["attended"], closed.json()["state"]) == (
        3,
        True,
        "closed",
    )
    assert next(row["earned"] for row in profile if row["field"] == "law") == "2.0"
    rule = {
        "grade": "first",
        "field": "policy",
        "credits": "2",
        "holds_from": timezone.localdate().isoformat(),
    }
    assert client.post("/api/credit-requirements/", rule, kind).status_code == 201
    gaps = client.get("/api/training-gaps/").json()
    assert [lack["person"]["staff_number"] for lack in gaps[0]["gaps"][0]["lacks"]] == ["A1"]
    line = client.post(
        "/api/training-plan/",
        {"team": "GJ1", "field": "law", "due_on": timezone.localdate().isoformat()},
        kind,
    )
    assert (line.status_code, len(client.get("/api/training-plan/").json())) == (201, 1)
    dropped = client.post(f"/api/training-plan/{line.json()['public_id']}/drop/", {"reason": "改"}, kind)
    assert (dropped.status_code, client.get("/api/training-plan/").json()) == (200, [])


@pytest.mark.parametrize(
    "name", ["staff:training", "staff:courses", "staff:training-gaps", "staff:training-plan"]
)
def test_pages_cost_the_same_for_any_number(name: str, hr: Account, client_as: SignIn) -> None:
    client = client_as(hr)
    count = iter(range(99))

    def queries(rows: int) -> int:
        for _each in range(rows):
            course = make_course(title=f"课程 {next(count)}")
            session = make_session(course, room=course.title, seats=9)
            person = make_person()
            make_appointment(person, make_team())
            seated(session, person)
            actions.plan_training(actor=hr, person=person, course=course, due_on=timezone.localdate())
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    queries(1)
    assert queries(1) == queries(3)


def test_a_moment_typed_is_the_houses_own(hr: Account, client_as: SignIn) -> None:
    course = make_course()
    client_as(hr).post(
        reverse("staff:session-plan"),
        {
            "course": course.public_id,
            "starts_at": "2030-03-01T09:00",
            "ends_at": "2030-03-01T11:00",
            "room": "甲",
            "teacher": "乙",
            "seats": "5",
        },
    )
    session = TrainingSession.objects.get()
    assert timezone.localtime(session.starts_at) == timezone.make_aware(datetime(2030, 3, 1, 9))  # noqa: DTZ001
