"""The clocks of leads and reports: what starts, stops and pauses them, and the lists that show who is late."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from projects.access import projects_visible_to
from projects.actions import advance_project, log_lead, resume_project, suspend_project, write_follow_up
from projects.models import ClockKind, ClockRule, Project, ProjectClock
from projects.queries.clock import BASES, ClockBook, clock_book, late, pressing
from promotion.models import CalendarCorrection
from promotion.working_days import WorkingCalendar, working_calendar
from staff.models import Account
from tests.factories.projects import make_project

# A Monday with four ordinary weeks around it.
MONDAY = date(2026, 3, 9)


def lead(officer: Account, name: str = "储能电站", days: int = 0, **given: object) -> Project:
    """A lead that was reported so many working days ago."""
    today = timezone.localdate()
    return log_lead(
        actor=officer,
        name=name,
        company_name=f"演示{name}有限公司",
        channel="fund",
        next_step="首次联系",
        on=working_calendar().before(today, days) if days else today,
        **given,  # type: ignore[arg-type]
    )


def running(project: Project) -> list[tuple[str, int]]:
    fresh = Project.objects.select_related("clock").get(pk=project.pk)
    return [(one.kind.value, one.left) for one in clock_book().running(fresh)]


def test_a_lead_starts_all_clocks_by_the_defaults(officer: Account) -> None:
    assert running(lead(officer)) == [("answer", 1), ("judgement", 3), ("feedback", 7), ("report", 14)]


def test_facts_stop_clocks_and_ticks_do_not_exist(officer: Account) -> None:
    project = lead(officer, days=10)

    before = running(project)
    write_follow_up(actor=officer, project=project, kind="call", text="电话联系，对方有意来访。")
    answered = running(project)
    advance_project(actor=officer, project=project, to="negotiation", details={"industry": "new_energy"})
    judged = running(project)
    write_follow_up(actor=officer, project=project, kind="feedback", text="已向推荐人反馈研判意见。")

    assert before == [("answer", -9), ("judgement", -7), ("feedback", -3), ("report", 4)]
    assert answered == [("judgement", -7), ("feedback", -3), ("report", 14)]
    assert judged == [("feedback", -3), ("report", 14)]
    assert running(project) == [("report", 14)]


def test_a_suspended_lead_is_judged_and_its_clocks_wait(officer: Account) -> None:
    project = lead(officer, days=5)
    suspend_project(actor=officer, project=project, reason="投资方内部重组")
    paused_on = working_calendar().before(timezone.localdate(), 4)
    ProjectClock.objects.filter(project=project).update(paused_on=paused_on)

    waiting = running(project)
    project.refresh_from_db()
    resume_project(actor=officer, project=project, reason="重组完成")

    # Five working days since the report, four of them paused: one has passed.
    assert waiting == []
    assert running(project) == [("answer", 0), ("feedback", 6), ("report", 13)]


def test_a_rule_counts_by_class_from_its_day(officer: Account, manager: Account) -> None:
    today = timezone.localdate()
    for project_class, days, since in (("", 5, today - timedelta(60)), ("strategic", 2, today)):
        ClockRule.objects.create(
            kind=ClockKind.JUDGEMENT,
            project_class=project_class,
            working_days=days,
            holds_from=since,
            set_by=manager,
        )
    ordinary, strategic, earlier = lead(officer, "甲厂"), lead(officer, "乙厂"), lead(officer, "丙厂", days=3)
    Project.objects.filter(pk__in=[strategic.pk, earlier.pk]).update(project_class="strategic")

    left = [dict(running(one))["judgement"] for one in (ordinary, strategic, earlier)]

    assert left == [5, 2, 2]


bases = st.dates(MONDAY - timedelta(60), MONDAY)


@given(base=bases, days=st.integers(1, 20), corrected=st.dictionaries(bases, st.booleans(), max_size=5))
def test_cutoffs_say_the_same_as_counting(base: date, days: int, corrected: dict[date, bool]) -> None:
    """Late by the comparison of days if and only if late by counting working days."""
    calendar = WorkingCalendar(corrected)
    book = ClockBook(MONDAY, calendar)

    assert book.passed(base) == calendar.between(base, MONDAY)
    assert (base <= calendar.before(MONDAY, days + 1)) == (book.passed(base) > days)


def test_late_projects_are_found_by_plain_comparison(officer: Account) -> None:
    on_time, soon, over = lead(officer, "甲厂"), lead(officer, "乙厂", days=2), lead(officer, "丙厂", days=4)
    for project in (soon, over):
        write_follow_up(actor=officer, project=project, kind="call", text="联系。")
    other = make_project(officer, code="XM-2020-0001")
    book = clock_book()
    visible = projects_visible_to(officer)

    assert set(visible.filter(late(book))) == {over}
    assert set(visible.filter(late(book, "judgement"))) == {over}
    assert set(visible.filter(late(book, "feedback"))) == set()
    assert set(visible.filter(pressing(book))) == {on_time, soon, over}
    assert not visible.filter(late(book), pk=other.pk).exists()
    for project in (on_time, soon, over):
        listed = book.running(Project.objects.select_related("clock").get(pk=project.pk))
        assert bool([one for one in listed if one.left < 0]) == (project == over)


def test_a_correction_moves_the_cutoff(officer: Account, hr: Account) -> None:
    project = lead(officer, days=4)
    today = timezone.localdate()
    calendar = working_calendar()
    for day in (calendar.before(today, 1), calendar.before(today, 2)):
        shown = day + timedelta(1)
        while not calendar.is_working(shown):
            shown += timedelta(1)
        CalendarCorrection.objects.create(day=shown, is_working=False, note="临时放假", set_by=hr)

    assert dict(running(project))["judgement"] == 1


@pytest.mark.parametrize("kind", list(BASES))
def test_the_list_opens_what_is_late(
    officer: Account, client_as: Callable[[Account], Client], kind: ClockKind
) -> None:
    lead(officer, "甲厂")
    over = lead(officer, "丙厂", days=20)

    page = client_as(officer).get("/projects/list/", {"clock": kind.value}).content.decode()

    assert (over.name in page, "甲厂" in page) == (True, False)


def test_the_board_shows_the_worst_clock_at_a_constant_price(
    officer: Account, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(officer)
    lead(officer, "甲厂", days=20, planned_investment=Decimal(10_000_000))
    with CaptureQueriesContext(connection) as one:
        page = client.get("/projects/").content.decode()
    lead(officer, "乙厂"), lead(officer, "丙厂", days=4)
    with CaptureQueriesContext(connection) as three:
        client.get("/projects/")

    assert "响应超 19 天" in page
    assert len(one) == len(three)
