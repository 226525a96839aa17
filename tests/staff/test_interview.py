"""Panels, sessions and sheets: no clash, blind until closed, nothing written afterwards."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff.access.competition import applications_visible_to
from staff.access.interview import scores_visible_to, sheets_visible_to
from staff.actions.interview import (
    close_session,
    drop_session,
    mark_absent,
    move_session,
    plan_session,
    score_competition,
)
from staff.actions.interview_order import order_session
from staff.actions.panel import recuse, set_panel
from staff.actions.sheet import excuse_sheet, reopen_sheet, save_scores, submit_sheet
from staff.models import (
    Account,
    Application,
    Competition,
    Interview,
    InterviewSession,
    Role,
    Score,
    ScoreSheet,
)
from staff.queries.due import STAFF_SOURCES
from staff.queries.ranking import own_place, ranking_of
from tests.factories.competition import (
    make_application,
    make_competition,
    make_judges,
    make_post,
    make_session,
)
from tests.factories.staff import make_account
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def competition(db: None) -> Competition:
    """The window is over, two judges are enough."""
    now = timezone.now()
    return make_competition(
        opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1), least_judges=1
    )


@pytest.fixture
def judges(competition: Competition) -> list[Account]:
    return make_judges(competition, 2)


@pytest.fixture
def session(competition: Competition, judges: list[Account]) -> InterviewSession:
    post = make_post(competition)
    competition.state = "interviewing"
    competition.save()
    return make_session(competition, judges, *(make_application(competition, post) for _each in range(2)))


def full(session: InterviewSession, value: int) -> dict[int, Decimal]:
    return {each.pk: Decimal(value) for each in session.competition.criteria.all()}


def score_all(session: InterviewSession, judges: list[Account], *values: int) -> None:
    for interview in session.interviews.all():
        for judge, value in zip(judges, values, strict=True):
            save_scores(actor=judge, interview=interview, points=full(session, value))
            submit_sheet(actor=judge, interview=interview)


def test_a_session_is_drawn_by_lot_from_a_recorded_seed(
    competition: Competition, judges: list[Account], hr: Account
) -> None:
    post = make_post(competition)
    wanted = [make_application(competition, post) for _each in range(6)]
    given: dict[str, Any] = {"minutes": 15, "judges": list(competition.panel.all()), "applications": wanted}
    starts = timezone.now()

    drawn = plan_session(actor=hr, competition=competition, room="一", starts_at=starts, seed="2026", **given)
    order = [each.application_id for each in drawn.interviews.all()]
    drop_session(actor=hr, session=drawn)
    again = plan_session(actor=hr, competition=competition, room="一", starts_at=starts, seed="2026", **given)

    assert [each.application_id for each in again.interviews.all()] == order
    assert (again.seed, again.ends_at - again.starts_at) == ("2026", timedelta(minutes=90))
    competition.refresh_from_db()
    assert competition.state == "interviewing"


def test_nothing_is_planned_before_window_and_checks_are_over(
    competition: Competition, judges: list[Account], hr: Account
) -> None:
    post = make_post(competition)
    waiting = make_application(competition, post, state="withdrawn")
    given: dict[str, Any] = {
        "room": "一",
        "starts_at": timezone.now(),
        "minutes": 15,
        "judges": list(competition.panel.all()),
    }
    with pytest.raises(Refused, match="没有通过资格审核"):
        plan_session(actor=hr, competition=competition, applications=[waiting], **given)
    Competition.objects.update(closes_at=timezone.now() + timedelta(days=1))
    with pytest.raises(Refused, match="报名还没有截止"):
        plan_session(actor=hr, competition=competition, applications=[waiting], **given)


@pytest.mark.parametrize("what", ["room", "judge"])
def test_room_and_judge_are_in_one_session_at_a_time(
    competition: Competition, judges: list[Account], session: InterviewSession, hr: Account, what: str
) -> None:
    other = make_application(competition, competition.posts.get())
    panel = list(competition.panel.all())
    chosen = panel if what == "judge" else []
    competition.least_judges = 1
    room = session.room if what == "room" else "二号会议室"
    if what == "room":
        fresh = make_account()
        competition.panel.create(account=fresh)
        chosen = list(competition.panel.filter(account=fresh))

    with pytest.raises(Conflict, match="另一场面试"):
        plan_session(
            actor=hr, competition=competition, room=room, starts_at=session.starts_at, minutes=20,
            judges=chosen, applications=[other],
        )  # fmt: skip


def test_an_applicant_is_no_judge(competition: Competition, hr: Account, officer: Account) -> None:
    make_application(competition, make_post(competition), person=officer.person)

    with pytest.raises(Refused, match="不能当评委"):
        set_panel(actor=hr, competition=competition, chair=officer, members=[])


def test_a_moved_session_takes_everybody_along(session: InterviewSession, hr: Account) -> None:
    before = [each.starts_at for each in session.interviews.all()]

    moved = move_session(
        actor=hr, session=session, room="报告厅", starts_at=session.starts_at + timedelta(minutes=10)
    )

    shift = [each.starts_at - old for each, old in zip(moved.interviews.all(), before, strict=True)]
    assert (moved.room, shift) == ("报告厅", [timedelta(minutes=10)] * 2)
    assert {each.starts_at for each in moved.judges.all()} == {moved.starts_at}


def test_a_recused_judge_neither_sees_nor_scores_the_candidate(
    session: InterviewSession, judges: list[Account]
) -> None:
    interview = session.interviews.first()
    assert interview is not None
    panelist = session.competition.panel.get(account=judges[1])
    assert applications_visible_to(judges[1]).count() == 4 - 2
    recuse(actor=judges[1], panelist=panelist, application=interview.application, reason="亲属")

    outside = make_account()
    session.competition.panel.create(account=outside)

    with pytest.raises(NotFound, match="回避"):
        save_scores(actor=judges[1], interview=interview, points=full(session, 80))
    with pytest.raises(NotAllowed):
        recuse(actor=judges[0], panelist=panelist, application=interview.application, reason="代填")


def test_points_once_given_rule_a_recusal_out(session: InterviewSession, judges: list[Account]) -> None:
    interview = session.interviews.first()
    assert interview is not None
    save_scores(actor=judges[0], interview=interview, points=full(session, 80))

    with pytest.raises(Refused, match="已经给这位报名人打过分"):
        recuse(
            actor=judges[0],
            panelist=session.competition.panel.get(account=judges[0]),
            application=interview.application,
            reason="同事",
        )


def test_a_save_that_comes_again_changes_nothing_and_another_screen_is_told(
    session: InterviewSession, judges: list[Account]
) -> None:
    interview = session.interviews.first()
    assert interview is not None
    first, second = session.competition.criteria.all()
    kept = save_scores(actor=judges[0], interview=interview, points={first.pk: Decimal(80)}, key="a", seen=1)
    again = save_scores(actor=judges[0], interview=interview, points={first.pk: Decimal(80)}, key="a", seen=1)
    later = save_scores(
        actor=judges[0], interview=interview, points={second.pk: Decimal(70)}, key="b", seen=kept.version
    )

    with pytest.raises(Conflict, match="没有丢失"):
        save_scores(
            actor=judges[0], interview=interview, points={first.pk: Decimal(1)}, key="c", seen=kept.version
        )

    assert (again.version, later.version) == (kept.version, kept.version + 1)
    assert [each.points for each in Score.objects.order_by("criterion__position")] == [80, 70]


def test_sheets_are_blind_until_the_session_is_closed(
    session: InterviewSession, judges: list[Account], hr: Account, manager: Account, officer: Account
) -> None:
    score_all(session, judges, 80, 90)
    before = [sheets_visible_to(each).count() for each in (*judges, hr, manager, officer)]

    close_session(actor=hr, session=session)

    after = [sheets_visible_to(each).count() for each in (*judges, hr, manager, officer)]
    assert (before, after) == ([2, 2, 0, 0, 0], [4, 4, 4, 4, 0])
    assert scores_visible_to(officer).count() == 0


def test_a_session_closes_when_every_sheet_is_in_or_excused(
    session: InterviewSession, judges: list[Account], hr: Account
) -> None:
    first, second = session.interviews.all()
    for judge in judges:
        save_scores(actor=judge, interview=first, points=full(session, 80))
        submit_sheet(actor=judge, interview=first)
    with pytest.raises(Refused, match="还有评分表没有提交"):
        close_session(actor=hr, session=session)
    mark_absent(actor=hr, interview=second)
    reopen_sheet(actor=judges[1], interview=first)
    with pytest.raises(Refused, match="还有评分表没有提交"):
        close_session(actor=hr, session=session)
    excuse_sheet(
        actor=judges[0],
        interview=first,
        panelist=session.competition.panel.get(account=judges[1]),
        reason="临时离场",
    )

    closed = close_session(actor=judges[0], session=session)

    assert closed.state == "closed"
    places = ranking_of(hr, session.competition)
    assert [(each.rank, each.mark) for each in places] == [(1, Decimal("80.00")), (None, None)]


def test_after_closing_the_database_takes_no_score(
    session: InterviewSession, judges: list[Account], hr: Account
) -> None:
    score_all(session, judges, 80, 90)
    close_session(actor=hr, session=session)
    score, sheet = Score.objects.first(), ScoreSheet.objects.first()
    assert score is not None
    assert sheet is not None
    with pytest.raises(Refused, match="已经封场"):
        save_scores(actor=judges[0], interview=sheet.interview, points=full(session, 100))

    for write in (
        lambda: Score.objects.filter(pk=score.pk).update(points=100),
        lambda: Score.objects.filter(pk=score.pk).delete(),
        lambda: ScoreSheet.objects.filter(pk=sheet.pk).update(state="open"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()

    assert Score.objects.get(pk=score.pk).points == score.points


@pytest.mark.django_db(transaction=True)
def test_a_score_saved_beside_a_closing_is_in_or_refused(
    session: InterviewSession, judges: list[Account], hr: Account
) -> None:
    score_all(session, judges, 80, 90)
    interview = session.interviews.first()
    assert interview is not None

    said = at_once(
        lambda: close_session(actor=hr, session=session),
        lambda: reopen_sheet(actor=judges[0], interview=interview),
    )

    session.refresh_from_db()
    sheet = ScoreSheet.objects.get(interview=interview, panelist__account=judges[0])
    assert (session.state, sheet.state) in (("closed", "submitted"), ("planned", "open"))
    assert said.count("done") == 1


@pytest.mark.django_db(transaction=True)
def test_two_sessions_for_one_room_at_once(
    competition: Competition, judges: list[Account], hr: Account
) -> None:
    post = make_post(competition)
    one, two = (make_application(competition, post) for _each in range(2))
    starts = timezone.now()
    panel = list(competition.panel.all())

    said = at_once(
        *(
            lambda who=who, judge=judge: plan_session(
                actor=hr, competition=competition, room="一号会议室", starts_at=starts, minutes=20,
                judges=[judge], applications=[who],
            )
            for who, judge in zip((one, two), panel, strict=True)
        )
    )  # fmt: skip

    assert sorted(said) == ["Conflict", "done"]
    assert InterviewSession.objects.count() == 1


def test_ties_are_shown_and_the_arithmetic_is_told(
    session: InterviewSession, judges: list[Account], hr: Account, officer: Account
) -> None:
    score_all(session, judges, 80, 91)
    close_session(actor=hr, session=session)

    places = ranking_of(hr, session.competition)

    assert [(each.rank, each.shared, each.mark) for each in places] == [(1, True, Decimal("85.50"))] * 2
    assert places[0].words == "2 位评委，(80.00 + 91.00) ÷ 2 = 85.50（四舍五入到两位小数）。"
    with pytest.raises(NotAllowed):
        ranking_of(officer, session.competition)


def test_scoring_waits_for_everybody(session: InterviewSession, judges: list[Account], hr: Account) -> None:
    with pytest.raises(Refused, match="没有封场"):
        score_competition(actor=hr, competition=session.competition)
    left = make_application(session.competition, session.competition.posts.get())
    with pytest.raises(Refused, match="还没有安排面试"):
        score_competition(actor=hr, competition=session.competition)
    left.delete()
    score_all(session, judges, 80, 90)
    close_session(actor=hr, session=session)

    assert score_competition(actor=hr, competition=session.competition).state == "scored"


def test_the_sheet_saves_in_parts_says_a_conflict_and_is_handed_in(
    client_as: Callable[[Account], Client], session: InterviewSession, judges: list[Account], hr: Account
) -> None:
    interview = session.interviews.first()
    assert interview is not None
    first, second = session.competition.criteria.all()
    browser, address = client_as(judges[0]), f"/teams/interviews/{interview.pk}/"
    assert client_as(hr).get(address).status_code == 404

    saved = browser.post(f"{address}save/", {f"points_{first.pk}": "88.5", "key": "k1"}).json()
    stale = browser.post(f"{address}save/", {f"points_{first.pk}": "1", "key": "k2", "seen": "1"})
    wrong = browser.post(f"{address}save/", {f"points_{first.pk}": "120", "key": "k3"})
    missing = browser.post(address, {f"points_{first.pk}": "88.5", "submit": "1"})

    assert saved["version"] == 2
    assert (stale.status_code, stale.json()["points"]) == (409, {str(first.pk): "88.50"})
    assert (wrong.status_code, wrong.json()["message"]) == (422, "得分在 0 到 100 之间。")
    assert (missing.status_code, second.name in missing.content.decode()) == (422, True)
    done = browser.post(
        address, {f"points_{first.pk}": "88.5", f"points_{second.pk}": "90", "submit": "1"}, follow=True
    )
    assert "评分表已提交" in done.content.decode()


def test_pages_of_schedule_session_own_list_and_ranking(
    client_as: Callable[[Account], Client], session: InterviewSession, judges: list[Account], hr: Account
) -> None:
    score_all(session, judges, 77, 93)
    browser = client_as(hr)
    open_page = browser.get(f"/teams/interviews/sessions/{session.public_id}/").content.decode()
    assert "评分表 2/2" in open_page
    assert "77.00" not in open_page.split("<main")[1].split("</main")[0].replace(session.public_id, "")
    browser.post(f"/teams/interviews/sessions/{session.public_id}/close/")
    ranked = browser.get(f"/teams/competitions/{session.competition.public_id}/ranking/").content.decode()
    book = browser.get(f"/teams/competitions/{session.competition.public_id}/ranking.xlsx")
    mine = client_as(judges[0]).get("/teams/interviews/").content.decode()
    calendar = client_as(judges[0]).get("/teams/interviews/calendar.ics").content.decode()
    schedule = browser.get(
        f"/teams/competitions/{session.competition.public_id}/interviews/"
    ).content.decode()

    assert "并列" in ranked
    assert "85.00" in ranked
    assert book["Content-Type"].endswith("sheet")
    assert "已封场" in mine
    assert "BEGIN:VEVENT" in calendar
    assert session.room in schedule


def test_hr_plans_in_the_browser_and_everybody_concerned_is_told(
    client_as: Callable[[Account], Client],
    competition: Competition,
    judges: list[Account],
    hr: Account,
    officer: Account,
) -> None:
    application = make_application(competition, make_post(competition), person=officer.person)
    browser = client_as(hr)
    planned = browser.post(
        f"/teams/competitions/{competition.public_id}/plan/",
        {
            "room": "一号会议室",
            "starts_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
            "minutes": 20,
            "judges": [each.pk for each in competition.panel.all()],
            "applications": [application.pk],
        },
        follow=True,
    )

    assert "已通知评委和报名人" in planned.content.decode()
    assert officer.notices.filter(text__contains="面试").count() == 1
    due = [item.title for source in STAFF_SOURCES for item in source(judges[0], timezone.localdate())]
    assert due == [f"担任评委：{competition.name}"]


def test_the_api_plans_scores_closes_and_ranks(
    client_as: Callable[[Account], Client], session: InterviewSession, judges: list[Account], hr: Account
) -> None:
    for judge, value in zip(judges, ("80", "90"), strict=True):
        browser = client_as(judge)
        for interview in Interview.objects.all():
            points = {str(each.pk): value for each in session.competition.criteria.all()}
            kept = browser.post(
                f"/api/interviews/{interview.pk}/sheet/", {"points": points, "key": "k"}, "application/json"
            )
            assert kept.status_code == 200, kept.content
            browser.post(f"/api/interviews/{interview.pk}/sheet/submit/", {}, "application/json")
    desk = client_as(hr)
    ranking = f"/api/competitions/{session.competition.public_id}/ranking/"
    assert desk.get(ranking).json() == []
    closed = desk.post(f"/api/interview-sessions/{session.public_id}/close/", {}, "application/json")
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    assert [each["mark"] for each in desk.get(ranking).json()] == ["85.00", "85.00"]
    assert client_as(make_account()).get(ranking).status_code == 403


def test_a_total_is_written_with_every_place_that_was_counted(
    hr: Account, session: InterviewSession, judges: list[Account]
) -> None:
    first, second = session.competition.criteria.order_by("position")
    for interview in session.interviews.all():
        for judge in judges:
            save_scores(
                actor=judge,
                interview=interview,
                points={first.pk: Decimal("80.33"), second.pk: Decimal("80.34")},
            )
            submit_sheet(actor=judge, interview=interview)
    close_session(actor=hr, session=session)

    words = ranking_of(hr, session.competition)[0].words

    assert words == "2 位评委，(80.334 + 80.334) ÷ 2 = 80.33（四舍五入到两位小数）。"


def test_the_order_is_set_by_hand_with_a_reason_until_somebody_scores(
    hr: Account, officer: Account, session: InterviewSession, judges: list[Account]
) -> None:
    InterviewSession.objects.update(seed="抽签")
    first, second = session.interviews.order_by("position")
    times = [first.starts_at, second.starts_at]
    given: dict[str, Any] = {"session": session, "interviews": [second.pk, first.pk], "reason": "路上耽搁"}
    for wrong in ([first.pk], [first.pk, first.pk], [first.pk, second.pk, 0]):
        with pytest.raises(Refused, match="有且只有一个顺序"):
            order_session(actor=hr, **{**given, "interviews": wrong})
    with pytest.raises(Refused, match="理由"):
        order_session(actor=hr, **{**given, "reason": " "})
    with pytest.raises(NotAllowed, match="人事安排"):
        order_session(actor=judges[0], **given)
    with pytest.raises(Conflict):
        order_session(actor=hr, **given, seen=99)

    ordered = order_session(actor=hr, **given)

    rows = list(ordered.interviews.order_by("position"))
    assert ([each.pk for each in rows], [each.starts_at for each in rows]) == ([second.pk, first.pk], times)
    assert ordered.seed == ""
    assert AuditEntry.objects.get(verb="session.order").detail["seed"] == "抽签"
    save_scores(actor=judges[0], interview=first, points=full(session, 80))
    with pytest.raises(Refused, match="已有评分"):
        order_session(actor=hr, **given)


def test_the_order_from_the_page(
    client_as: Callable[..., Client], hr: Account, judges: list[Account], session: InterviewSession
) -> None:
    first, second = session.interviews.order_by("position")
    address = f"/teams/interviews/sessions/{session.public_id}/order/"
    twice = client_as(hr).post(
        address, {f"place_{first.pk}": "1", f"place_{second.pk}": "1", "reason": "路上耽搁"}
    )
    assert (twice.status_code, "路上耽搁" in twice.content.decode()) == (422, True)
    assert client_as(judges[0]).get(address).status_code == 403

    client_as(hr).post(address, {f"place_{first.pk}": "2", f"place_{second.pk}": "1", "reason": "路上耽搁"})

    assert [each.pk for each in session.interviews.order_by("position")] == [second.pk, first.pk]


def test_applicants_read_their_own_mark_once_the_list_is_public(
    client_as: Callable[..., Client], hr: Account, session: InterviewSession, judges: list[Account]
) -> None:
    score_all(session, judges, 80, 90)
    close_session(actor=hr, session=session)
    competition = session.competition
    first, second = (each.application for each in session.interviews.order_by("position"))
    own = make_account(Role.STAFF, person=first.person)
    address = f"/teams/applications/{first.public_id}/"
    for state in ("scored", "decided"):
        Competition.objects.update(state=state)
        assert "我的成绩" not in client_as(own).get(address).content.decode()
    Competition.objects.update(state="publicity")

    html = client_as(own).get(address).content.decode()

    assert ("我的成绩" in html, "85.00" in html, judges[0].display_name in html) == (True, True, False)
    assert "我的成绩" not in client_as(hr).get(address).content.decode()
    assert client_as(own).get(f"/teams/applications/{second.public_id}/").status_code == 404
    reader = make_account(Role.STAFF, person=second.person)
    first.refresh_from_db()
    competition.refresh_from_db()
    assert own_place(own, Application.objects.get(pk=first.pk)) is not None
    assert own_place(reader, Application.objects.get(pk=first.pk)) is None
