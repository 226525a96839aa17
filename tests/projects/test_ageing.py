"""Standing still counts working days since the last verified progress, by stage and class."""

from datetime import date

from projects.models import AgeingRule, Project
from projects.queries.ageing import ageing_cutoffs, stalled_on
from promotion.working_days import working_calendar
from staff.models import Account
from tests.factories.projects import make_project

MONDAY = date(2026, 3, 16)


def stalled() -> list[str]:
    rule = stalled_on(ageing_cutoffs(MONDAY, working_calendar()))
    return list(Project.objects.filter(rule).order_by("pk").values_list("name", flat=True))


def test_a_lead_stalls_after_ten_working_days_and_a_rule_of_its_class_comes_first(officer: Account) -> None:
    for name, day, size in (
        ("新", date(2026, 3, 2), "ordinary"),
        ("旧", date(2026, 2, 27), "ordinary"),
        ("重大", date(2026, 3, 9), "major"),
    ):
        make_project(officer, name=name, stage_since=day, reported_on=day, project_class=size)
    assert stalled() == ["旧"]

    AgeingRule.objects.create(
        stage="lead", project_class="major", working_days=3, holds_from=date(2026, 1, 1)
    )
    assert stalled() == ["旧", "重大"]

    AgeingRule.objects.create(
        stage="lead", project_class="major", working_days=30, holds_from=date(2026, 3, 1)
    )
    assert stalled() == ["旧"]
