"""What did not count, and why: facts outside the ledger, lines that no item uses, what a cap keeps out."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kpi.actions.run import execute_run, request_run
from kpi.models import Run, Target
from kpi.queries.statement import Statement, statement_of
from projects.models import Achievement, CreditShare, EvidenceRequirement, Project
from staff.models import Account, Team
from tests.factories.kpi import SCHEME, make_scheme
from tests.factories.projects import make_achievement, make_project, make_recognised, make_share

pytestmark = pytest.mark.django_db

REPORTED = datetime(2025, 2, 1, tzinfo=UTC)


def run_once() -> Run:
    run = execute_run(run_id=request_run(actor=None, year=2025).pk)
    assert run is not None
    return run


def fact(project: Project, officer: Account, manager: Account, **fields: Any) -> Achievement:
    given = {"happened_on": date(2025, 3, 1), "submitted_at": REPORTED, **fields}
    if given.pop("recognised", True):
        return make_recognised(
            project, officer, manager, **{"recognised_on": date(2025, 3, 5), "decided_at": REPORTED, **given}
        )
    return make_achievement(project, officer, **given)


def statement(run: Run, reader: Account, subject: Account) -> Statement:
    return statement_of(reader, run.standings.get(person=subject.person).pk)


def reasons(found: Statement) -> list[tuple[str, str]]:
    return [(one.achievement.get_kind_display(), one.reason) for one in found.uncounted_facts]


@pytest.fixture
def project(officer: Account) -> Project:
    make_scheme(2025)
    assert officer.person
    project = make_project(officer, reported_on=date(2024, 1, 1))
    make_share(project, officer.person, holds_from=date(2024, 1, 1))
    return project


def test_each_fact_that_is_not_in_the_ledger_says_why(
    project: Project, officer: Account, manager: Account
) -> None:
    EvidenceRequirement.objects.create(kind="incident", document_type="other", holds_from="2025-01-01")
    second = make_project(officer, reported_on=date(2025, 1, 1))
    make_share(second, officer.person, holds_from=date(2025, 1, 1))  # type: ignore[arg-type]
    third = make_project(officer, reported_on=date(2025, 1, 1))
    make_share(third, officer.person, holds_from=date(2025, 1, 1))  # type: ignore[arg-type]
    fact(project, officer, manager, state="reversed", reversed_on=date(2025, 6, 1))
    fact(second, officer, manager, recognised=False)
    fact(third, officer, manager, recognised=False, state="returned", decision_note="缺盖章页。")
    fact(project, officer, manager, kind="incident", recognised=False)
    fact(project, officer, manager, kind="incident", happened_on=date(2024, 12, 30))
    fact(project, officer, manager, kind="incident", recognised=False, state="withdrawn")

    found = statement(run_once(), officer, officer)

    assert sorted(reasons(found)) == sorted(
        [
            ("扣分事项", "发生在 2024 年，计入 2024 年度。"),
            ("扣分事项", "还没有认定：缺其他材料。"),
            ("签约", "2025-06-01 已冲销，不再计入。"),
            ("签约", "还没有认定。"),
            ("签约", "被退回：缺盖章页。"),
        ]
    )


def test_a_share_that_ended_or_began_later_is_said_with_its_day(
    officer: Account, colleague: Account, manager: Account
) -> None:
    make_scheme(2025)
    project = make_project(officer, reported_on=date(2025, 1, 1))
    before = make_share(project, officer.person, holds_from=date(2025, 1, 1))  # type: ignore[arg-type]
    CreditShare.objects.filter(pk=before.pk).update(holds_until=date(2025, 4, 1))
    make_share(project, colleague.person, holds_from=date(2025, 4, 1), settlement=2)  # type: ignore[arg-type]
    fact(project, officer, manager, happened_on=date(2025, 4, 1))
    fact(project, officer, manager, kind="incident", happened_on=date(2025, 3, 31))
    run = run_once()

    assert reasons(statement(run, officer, officer)) == [
        ("签约", "份额到 2025-04-01 为止，这件事发生在 2025-04-01。")
    ]
    assert reasons(statement(run, manager, colleague)) == [
        ("扣分事项", "份额从 2025-04-01 起，这件事发生在 2025-03-31，在此之前。")
    ]


def test_what_was_decided_or_happened_after_the_run_is_not_held_against_it(
    project: Project, officer: Account, manager: Account
) -> None:
    late = fact(project, officer, manager, recognised=False)
    run = run_once()
    Achievement.objects.filter(pk=late.pk).update(
        state="recognised",
        decided_by=manager,
        decided_at=timezone.now(),
        recognised_on=timezone.localdate(),
        recognised_cny=1,
    )
    fact(project, officer, manager, kind="incident", submitted_at=timezone.now() + timedelta(hours=1))

    assert reasons(statement(run, officer, officer)) == [("签约", "还没有认定。")]
    assert reasons(statement(run_once(), officer, officer)) == []


def test_a_reversed_line_is_named(project: Project, officer: Account, manager: Account) -> None:
    signed = fact(project, officer, manager)
    run_once()
    Achievement.objects.filter(pk=signed.pk).update(state="reversed", reversed_on=date(2025, 12, 1))

    (one,) = statement(run_once(), officer, officer).uncounted_facts

    assert one.reason == "2025-12-01 已冲销，不再计入。"
    assert one.reversal is not None
    assert one.reversal.share == -1


CAPPED = SCHEME.replace("    full_marks: 50\n", "    full_marks: 50\n    cap: 20\n", 1).replace(
    "{kind: points_minus_per_event, points: 0, terms: [{of: events, each: 2}]}",
    "{kind: points_minus_per_event, points: 0, terms: [{of: events, each: 8}]}",
)


def test_cap_and_floor_say_what_they_keep_out(officer: Account, manager: Account) -> None:
    make_scheme(2025, CAPPED)
    Target.objects.create(year=2025, indicator="signings", person=officer.person, amount=2)
    project = make_project(officer, reported_on=date(2025, 1, 1))
    make_share(project, officer.person, holds_from=date(2025, 1, 1))  # type: ignore[arg-type]
    fact(project, officer, manager)
    fact(project, officer, manager, kind="incident")
    fact(project, officer, manager, kind="incident")
    fact(project, officer, manager, kind="tax")

    found = statement(run_once(), officer, officer)

    assert found.notes == [
        ("项目签约", "封顶：算得 25 分，最高 20 分，超出的 5 分不计。"),
        ("扣分事项", "保底：算得 -16 分，最低 -10 分，多扣的 6 分不计。"),
    ]
    assert found.unread_kinds == [("税收", 1)]
    assert found.uncounted_count == 3


def test_a_team_is_told_of_its_members_facts_of_their_days(
    project: Project, officer: Account, manager: Account, first_team: Team, second_team: Team
) -> None:
    fact(project, officer, manager, recognised=False)
    run = run_once()

    first, second = (
        statement_of(manager, run.standings.get(team=team).pk) for team in (first_team, second_team)
    )

    assert [list(_reasons(one)) for one in (first, second)] == [["还没有认定。"], []]


def _reasons(found: Statement) -> Iterable[str]:
    return (one.reason for one in found.uncounted_facts)


def test_facts_of_projects_that_the_reader_may_not_open_are_not_told(
    officer: Account, manager: Account, hr: Account
) -> None:
    make_scheme(2025)
    secret = make_project(officer, reported_on=date(2025, 1, 1), is_secret=True, code_name="青鸟")
    make_share(secret, officer.person, holds_from=date(2025, 1, 1))  # type: ignore[arg-type]
    fact(secret, officer, manager, recognised=False)
    run = run_once()

    assert [one.name for one in statement(run, officer, officer).uncounted_facts] == [secret.name]
    assert statement(run, hr, officer).uncounted_facts == ()
