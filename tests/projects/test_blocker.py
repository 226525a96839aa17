"""Blockers: the clock, the course, the ladder, and who may do what."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from projects import actions
from projects.actions.blocker import clock_from
from projects.models import Blocker, BlockerState, Level, Project, ProjectSpecialist
from projects.queries.blocker import at_level, figures_by_department, listed_blockers
from projects.queries.board import cards_of
from projects.queries.due import due_items
from projects.queries.timeline import Timeline
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, Notice
from promotion.working_days import working_calendar
from staff.models import Account, Person
from tests.factories.departments import make_contact, make_department
from tests.factories.files import make_pdf
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, name="动力电池")


@pytest.fixture
def blocker(officer: Account, project: Project) -> Blocker:
    return actions.raise_blocker(
        actor=officer, project=project, department=make_department(), title="外线接入方案未批"
    )


def course(blocker: Blocker) -> list[tuple[str, str]]:
    return list(blocker.entries.order_by("id").values_list("kind", "signed_by"))


def test_a_blocker_starts_the_clock_of_the_project_class_in_working_days(
    officer: Account, project: Project
) -> None:
    made = actions.raise_blocker(
        actor=officer, project=project, department=make_department(), title=" 外线未批 ", on=date(2025, 9, 30)
    )

    # National day of 2025: 1 to 8 October off, 11 October worked.
    assert (made.title, made.due_on, made.yellow_on) == ("外线未批", date(2025, 10, 11), date(2025, 10, 10))
    assert course(made) == [("raised", officer.display_name)]
    entry = AuditEntry.objects.get(verb="blocker.raise")
    assert entry.detail == {"department": "供电公司", "due_on": "2025-10-11", "project": project.code}


def test_the_department_s_specialist_is_asked_when_nobody_is_named(
    officer: Account, project: Project
) -> None:
    department = make_department()
    contact = make_contact(department)
    ProjectSpecialist.objects.create(project=project, department=department, contact=contact)

    made = actions.raise_blocker(actor=officer, project=project, department=department, title="外线未批")

    assert made.contact == contact


def test_raising_is_refused_for_strangers_and_with_a_sentence_per_field(
    officer: Account, outsider: Account, auditor: Account, project: Project
) -> None:
    department = make_department(is_open=False)
    stranger = make_contact(make_department("planning", "规划建设局"), "何建国")

    with pytest.raises(Refused) as refused:
        actions.raise_blocker(
            actor=officer,
            project=project,
            department=department,
            title=" ",
            contact=stranger,
            on=TODAY + timedelta(1),
        )
    with pytest.raises(NotFound):
        actions.raise_blocker(actor=outsider, project=project, department=department, title="甲")
    with pytest.raises(NotAllowed):
        actions.raise_blocker(actor=auditor, project=project, department=department, title="甲")

    assert refused.value.fields == {
        "title": "请用一句话写明卡在哪里。",
        "department": "这个部门已停用，请选择承接它职责的部门。",
        "contact": "这位联系人不在所选部门。",
        "on": "提出日期不能晚于今天。",
    }
    assert not Blocker.objects.exists()


def test_an_answer_starts_the_clock_to_solve_and_a_solution_ends_it(
    officer: Account, blocker: Blocker
) -> None:
    promised = working_calendar().after(TODAY, 2)

    answered = actions.answer_blocker(
        actor=officer, blocker=blocker, text="下周批", promised_on=promised, files=[make_pdf("答复.pdf")]
    )
    state, due_on, round_ = answered.state, answered.due_on, answered.round
    solved = actions.solve_blocker(actor=officer, blocker=answered, solution="已批复", seen=answered.version)

    assert (state, due_on, round_) == (BlockerState.ANSWERED, promised, 2)
    assert (solved.state, solved.closed_on, solved.is_running) == (BlockerState.SOLVED, TODAY, False)
    assert [kind for kind, _who in course(solved)] == ["raised", "answered", "solved"]
    assert [one.title for one in blocker.project.documents.all()] == ["答复.pdf"]


def test_a_promise_later_than_the_limit_does_not_lengthen_it(officer: Account, blocker: Blocker) -> None:
    limit = working_calendar().after(TODAY, 10)

    answered = actions.answer_blocker(
        actor=officer, blocker=blocker, text="明年", promised_on=limit + timedelta(60)
    )

    assert (answered.due_on, answered.promised_on) == (limit, limit + timedelta(60))


def test_moves_out_of_turn_are_refused_and_change_nothing(officer: Account, blocker: Blocker) -> None:
    with pytest.raises(Refused, match="没有可以退回的答复"):
        actions.reopen_blocker(actor=officer, blocker=blocker, reason="不对")
    with pytest.raises(Refused, match="请写明堵点怎么解决的"):
        actions.solve_blocker(actor=officer, blocker=blocker, solution=" ")
    with pytest.raises(Refused, match="办结日期应在提出日期"):
        actions.solve_blocker(actor=officer, blocker=blocker, solution="好", on=TODAY + timedelta(1))
    with pytest.raises(Refused, match="承诺办结日期已经过去"):
        actions.answer_blocker(actor=officer, blocker=blocker, text="好", promised_on=TODAY - timedelta(1))
    with pytest.raises(Conflict):
        actions.answer_blocker(actor=officer, blocker=blocker, text="好", seen=7)

    assert course(blocker) == [("raised", officer.display_name)]


def test_reopening_starts_the_clock_to_answer_anew(officer: Account, blocker: Blocker) -> None:
    answered = actions.answer_blocker(actor=officer, blocker=blocker, text="研究研究")

    reopened = actions.reopen_blocker(actor=officer, blocker=answered, reason="没有时间表")

    assert (reopened.state, reopened.round) == (BlockerState.OPEN, 3)
    assert reopened.due_on == working_calendar().after(TODAY, 3)


def test_only_leaders_and_managers_give_more_time_and_twice_at_most(
    officer: Account, leader: Account, blocker: Blocker
) -> None:
    later = [blocker.due_on + timedelta(days) for days in (5, 10, 15)]
    with pytest.raises(NotAllowed, match="延期由本团队队长或分管领导决定"):
        actions.extend_blocker(actor=officer, blocker=blocker, due_on=later[0], reason="等图审")

    actions.extend_blocker(actor=leader, blocker=blocker, due_on=later[0], reason="等图审")
    actions.extend_blocker(actor=leader, blocker=blocker, due_on=later[1], reason="再等")

    with pytest.raises(Refused, match="已经延期 2 次"):
        actions.extend_blocker(actor=leader, blocker=blocker, due_on=later[2], reason="又等")
    with pytest.raises(Refused, match="新期限要晚于"):
        actions.extend_blocker(actor=leader, blocker=blocker, due_on=blocker.raised_on, reason="提前")
    blocker.refresh_from_db()
    assert (blocker.due_on, blocker.round) == (later[1], 3)


def test_the_ladder_tells_owner_leader_and_managers_once_each(
    officer: Account,
    leader: Account,
    manager: Account,
    blocker: Blocker,
    django_capture_on_commit_callbacks: Callable,
) -> None:
    calendar = working_calendar()
    yellow = calendar.after(blocker.yellow_on, 0)
    red = calendar.after(blocker.due_on, 1)
    days = [calendar.before(yellow, 1), yellow, yellow, red, calendar.after(red, 2), calendar.after(red, 2)]

    with django_capture_on_commit_callbacks(execute=True):
        climbed = [actions.escalate_blockers(actor=None, on=day) for day in days]

    assert climbed == [0, 1, 0, 1, 1, 0]
    told = Notice.objects.filter(text__contains="外线接入").order_by("id").values_list("recipient", flat=True)
    assert list(told) == [officer.pk, leader.pk, manager.pk]
    steps = blocker.escalations.values_list("position", "level", "audience")
    assert list(steps) == [(1, "yellow", "owner"), (2, "red", "leader"), (3, "red", "manager")]


def test_no_rung_is_climbed_on_a_day_off(blocker: Blocker) -> None:
    saturday = blocker.due_on + timedelta(30)
    while working_calendar().is_working(saturday):
        saturday += timedelta(1)

    assert actions.escalate_blockers(actor=None, on=saturday) == 0


def test_limits_hold_from_their_day_and_for_their_class(
    manager: Account, officer: Account, project: Project
) -> None:
    given = {"answer_days": 5, "solve_days": 20, "warning_days": 2, "holds_from": TODAY}
    actions.settle_time_limit(actor=manager, project_class="", **given)
    actions.settle_time_limit(actor=manager, project_class="major", **given | {"answer_days": 4})
    department = make_department()

    ordinary = actions.raise_blocker(actor=officer, project=project, department=department, title="甲")
    major = make_project(officer, name="乙", project_class="major")
    other = actions.raise_blocker(actor=officer, project=major, department=department, title="乙")

    calendar = working_calendar()
    assert (ordinary.due_on, other.due_on) == (calendar.after(TODAY, 5), calendar.after(TODAY, 4))
    with pytest.raises(NotAllowed):
        actions.settle_time_limit(actor=officer, project_class="", **given)
    with pytest.raises(Refused, match="生效日不能早于今天"):
        actions.settle_time_limit(
            actor=manager, project_class="", **given | {"holds_from": TODAY - timedelta(1)}
        )


def test_a_ladder_goes_upwards(manager: Account) -> None:
    with pytest.raises(Refused, match="先黄牌后红牌"):
        actions.settle_ladder(actor=manager, rungs=[("red", 0, "leader"), ("yellow", 0, "owner")])
    with pytest.raises(Refused, match="至少要有一级"):
        actions.settle_ladder(actor=manager, rungs=[])

    rungs = actions.settle_ladder(actor=manager, rungs=[("yellow", 0, "leader"), ("red", 1, "manager")])

    assert [(rung.position, rung.audience) for rung in rungs] == [(1, "leader"), (2, "manager")]


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(1, 30), st.integers(0, 10))
def test_clocks_turn_yellow_before_they_are_due(day: date, count: int, warning: int) -> None:
    yellow_on, due_on = clock_from(day, count, warning)

    assert day <= yellow_on <= due_on
    assert working_calendar().between(day, due_on) == count


def test_level_in_the_database_agrees_with_the_row(officer: Account, blocker: Blocker) -> None:
    for shift in range(-3, 4):
        Blocker.objects.filter(pk=blocker.pk).update(
            yellow_on=TODAY + timedelta(shift), due_on=TODAY + timedelta(shift + 1)
        )
        row = listed_blockers(officer).get()
        levels = [level for level in Level if Blocker.objects.filter(at_level(level, TODAY)).exists()]
        assert (row.level_now, levels) == (row.level(TODAY), [row.level(TODAY)])


def test_figures_by_department_count_what_one_sees(
    officer: Account, outsider: Account, blocker: Blocker
) -> None:
    (row,) = figures_by_department(officer, listed_blockers(officer))

    assert (row.department, row.running, row.red, row.solved) == (blocker.department, 1, 0, 0)
    assert figures_by_department(outsider, listed_blockers(outsider)) == []


def test_a_running_blocker_is_due_for_whoever_answers_for_the_project(
    officer: Account, outsider: Account, blocker: Blocker
) -> None:
    found = [item for item in due_items(officer, blocker.due_on) if item.kind == "blocker"]

    assert [(item.key, item.on) for item in found] == [(blocker.public_id, blocker.due_on)]
    assert [item for item in due_items(outsider, blocker.due_on) if item.kind == "blocker"] == []


def test_the_list_costs_the_same_with_one_and_three_rows(
    officer: Account,
    project: Project,
    blocker: Blocker,
    client_as: Callable[[Account], Client],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_as(officer)
    client.get("/blockers/")
    with django_assert_num_queries(11) as one:
        client.get("/blockers/")
    for title in ("乙", "丙"):
        actions.raise_blocker(actor=officer, project=project, department=blocker.department, title=title)

    with django_assert_num_queries(len(one)):
        page = client.get("/blockers/").content.decode()

    assert page.count("data-row") >= 3


def test_the_pages_keep_what_was_typed_and_say_what_is_wrong(
    officer: Account, blocker: Blocker, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(officer)
    url = f"/blockers/{blocker.public_id}/"

    refused = client.post(f"{url}answer/", {"text": "研究中", "promised_on": "2020-01-01"})
    answered = client.post(f"{url}answer/", {"text": "研究中"})
    detail = client.get(url).content.decode()

    assert (refused.status_code, answered.status_code) == (422, 302)
    assert "研究中" in refused.content.decode()
    assert "承诺办结日期已经过去" in refused.content.decode()
    assert "部门答复" in detail
    assert client.get(f"{url}nothing/").status_code == 404


def test_outsiders_see_nothing_of_it(
    outsider: Account, blocker: Blocker, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(outsider)

    assert client.get(f"/blockers/{blocker.public_id}/").status_code == 404
    assert blocker.title not in client.get("/blockers/?state=all").content.decode()


def test_person_without_account_is_no_obstacle_for_the_ladder(person_less: Blocker) -> None:
    assert actions.escalate_blockers(actor=None, on=working_calendar().after(person_less.yellow_on, 0)) == 1


@pytest.fixture
def person_less(manager: Account, blocker: Blocker) -> Blocker:
    """The owner left: no open account."""
    owner = Person.objects.get(pk=blocker.project.owner_id)
    Account.objects.filter(person=owner).update(is_active=False)
    return blocker


def test_a_card_on_the_board_and_the_timeline_tell_of_it(officer: Account, blocker: Blocker) -> None:
    Blocker.objects.filter(pk=blocker.pk).update(yellow_on=TODAY - timedelta(9), due_on=TODAY - timedelta(1))

    (card,) = cards_of(officer, [blocker.project_id])
    events = Timeline(officer, blocker.project, "blockers")

    assert (card.mark.text, card.mark.tone) == ("堵点红牌", "alarm")
    assert [(event.kind, event.title, event.tone) for event in events[:5]] == [
        ("堵点", "外线接入方案未批 · 提出", "alarm")
    ]
    assert events.count() == 1
