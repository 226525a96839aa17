"""Whether each milestone of a project counts, for how much, and if not why."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpi.actions.run import execute_run, request_run
from kpi.models import Run
from kpi.queries.project_credit import project_verdicts
from projects.models import Achievement, EvidenceRequirement, Project
from staff.models import Account
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_achievement, make_project, make_recognised, make_share
from tests.kpi.test_explain import TIERED

pytestmark = pytest.mark.django_db


def run_once(year: int = 2025) -> Run:
    run = execute_run(run_id=request_run(actor=None, year=year).pk)
    assert run is not None
    return run


def fact(project: Project, officer: Account, manager: Account, **fields: Any) -> Achievement:
    amount = fields.pop("value", Decimal(200_000_000))
    return make_recognised(
        project,
        officer,
        manager,
        **{"happened_on": date(2025, 3, 1), "amount": amount, "amount_cny": amount, **fields},
    )


@pytest.fixture
def project(officer: Account) -> Project:
    assert officer.person
    project = make_project(officer, reported_on=date(2025, 1, 1))
    make_share(project, officer.person, holds_from=date(2025, 1, 1))
    return project


def test_every_milestone_says_whether_it_counts_and_why_not(
    project: Project, officer: Account, manager: Account
) -> None:
    make_scheme(2025, TIERED)
    EvidenceRequirement.objects.create(kind="paid_in", document_type="capital_proof", holds_from="2025-01-01")
    fact(project, officer, manager)
    fact(project, officer, manager, kind="registered")
    fact(project, officer, manager, kind="started", happened_on=date(2023, 3, 1))
    fact(project, officer, manager, kind="tax", happened_on=date(2024, 12, 31))
    fact(project, officer, manager, kind="output", state="reversed", reversed_on=date(2025, 4, 1))
    make_achievement(project, officer, kind="paid_in", happened_on=date(2025, 5, 1))
    make_achievement(project, officer, kind="completed", state="returned", decision_note="缺备案号")
    make_achievement(project, officer, kind="produced", state="withdrawn")
    make_scheme(2024, TIERED)
    run_once()
    run_once(2024)
    fact(project, officer, manager, kind="fixed_asset", happened_on=date(2025, 6, 1))

    told = {one.achievement.kind: one for one in project_verdicts(officer, project)}

    assert {kind: (one.counts, one.text) for kind, one in told.items()} == {
        "signed": (True, "计 10"),
        "registered": (False, "不计"),
        "started": (False, "不计"),
        "tax": (False, "不计"),
        "output": (False, "不计"),
        "paid_in": (None, "缺验资报告"),
        "completed": (False, "不计"),
        "fixed_asset": (None, "待核算"),
    }
    assert told["signed"].points == 10
    assert told["signed"].indicators == ("项目签约",)
    assert "指标不含" in told["registered"].reason
    assert "2023 年没有考核" in told["started"].reason
    assert "没有核定的业绩份额" in told["tax"].reason
    assert "已冲销" in told["output"].reason
    assert "缺备案号" in told["completed"].reason


def test_too_small_a_fact_is_told_its_rule(project: Project, officer: Account, manager: Account) -> None:
    make_scheme(2025, TIERED)
    fact(project, officer, manager, value=Decimal(50_000_000))
    run_once()

    (one,) = project_verdicts(officer, project)

    assert (one.counts, one.text) == (False, "不计")
    assert "1 亿元" in one.reason


def test_points_are_for_those_who_may_open_them(
    project: Project, officer: Account, manager: Account, outsider: Account, auditor: Account
) -> None:
    make_scheme(2025, TIERED)
    Project.objects.filter(pk=project.pk).update(owner=outsider.person)
    fact(project, officer, manager)
    run_once()

    assert [one.text for one in project_verdicts(auditor, project)] == ["计 10"]
    assert [one.text for one in project_verdicts(outsider, project)] == ["计入：项目签约"]


def test_cells_cost_the_same_for_one_and_for_three(
    project: Project, officer: Account, manager: Account, client_as: Any
) -> None:
    make_scheme(2025, TIERED)
    client, counts = client_as(officer), []
    for number, kind in enumerate(("signed", "registered", "tax")):
        made = fact(project, officer, manager, kind=kind)
        run_once()
        if number in (0, 2):
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(reverse("kpi:project-verdicts", args=[project.public_id]))
            counts.append(len(captured))
            assert f"achievement-{made.public_id}-credit" in answer.content.decode()

    assert counts[0] == counts[1]


def test_cells_of_another_team_are_not_shown(project: Project, outsider: Account, client_as: Any) -> None:
    answer = client_as(outsider).get(reverse("kpi:project-verdicts", args=[project.public_id]))

    assert answer.status_code == 404
