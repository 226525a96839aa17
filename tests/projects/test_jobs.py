"""New jobs: people instead of money, reported with papers, recognised in whole or in part, counted by a scheme, taken back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.actions import (
    recognise_achievement,
    report_achievement,
    resubmit_achievement,
    return_achievement,
    reverse_achievement,
    write_default_checklist,
)
from projects.models import Achievement, EvidenceRequirement, Project
from projects.queries.evidence import checklists_of
from projects.queries.money import money_tab
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.files import make_pdf
from tests.factories.projects import make_project, make_share
from tests.projects.test_evidence_api import SCOPES, Caller

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def project(officer: Account) -> Project:
    made = make_project(officer, stage="produced")
    make_share(made, officer.person)
    return made


def reported(officer: Account, project: Project, **fields: Any) -> Achievement:
    given = {"happened_on": TODAY, "people": 60, **fields}
    return report_achievement(
        actor=officer,
        kind="jobs",
        project=project,
        evidence=[make_pdf("社保缴纳证明.pdf")],
        evidence_types=["social_insurance"],
        **given,
    )


def test_a_second_person_recognises_whole_or_part_and_takes_back(
    officer: Account, manager: Account, project: Project
) -> None:
    whole, part = reported(officer, project), reported(officer, project, people=30)
    with pytest.raises(NotAllowed):
        recognise_achievement(actor=officer, achievement=whole)
    whole = recognise_achievement(actor=manager, achievement=whole)
    with pytest.raises(Refused, match="少认定时请写明原因"):
        recognise_achievement(actor=manager, achievement=part, recognised_people=18)
    with pytest.raises(Refused, match="不能超过申报人数"):
        recognise_achievement(actor=manager, achievement=part, recognised_people=31, note="多认")
    part = recognise_achievement(actor=manager, achievement=part, recognised_people=18, note="12 人为调入")
    jobs = money_tab(manager, project)["jobs"]
    taken = reverse_achievement(actor=manager, achievement=whole, reason="名单重复")

    assert (whole.recognised_people, part.people, part.recognised_people) == (60, 30, 18)
    assert (jobs.total, [entry.running for entry in jobs.entries]) == (78, [60, 78])
    assert (taken.state, taken.recognised_people) == ("reversed", 60)
    entry = AuditEntry.objects.filter(verb="achievement.reverse").latest("pk")
    assert entry.detail["recognised_people"] == 60


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"people": None}, "请填写新增就业的人数"),
        ({"people": 0}, "大于 0 的整数"),
        ({"people": 1_000_001}, "不超过一百万"),
        ({"amount": Decimal(5)}, "不填金额"),
        ({"happened_on": TODAY + timedelta(days=1)}, "还没有到"),
    ],
)
def test_what_is_no_number_of_people_is_refused(
    officer: Account, project: Project, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        reported(officer, project, **fields)
    assert not Achievement.objects.exists()


def test_money_has_no_people_and_jobs_have_a_project(officer: Account, project: Project) -> None:
    with pytest.raises(Refused, match="只有新增就业按人数申报"):
        report_achievement(
            actor=officer, kind="tax", project=project, happened_on=TODAY, amount=Decimal(5), people=3
        )
    with pytest.raises(Refused, match="必须属于一个项目"):
        report_achievement(actor=officer, kind="jobs", happened_on=TODAY, people=3)


def test_a_returned_report_keeps_and_changes_its_people(
    officer: Account, manager: Account, project: Project
) -> None:
    made = reported(officer, project)
    return_achievement(actor=manager, achievement=made, reason="名册不全")
    browser = Client()
    browser.force_login(officer)
    page = browser.get(f"/achievements/{made.public_id}/correct/").content.decode()
    again = resubmit_achievement(actor=officer, achievement=made, people=45)

    assert 'value="60"' in page
    assert (again.state, again.people, again.recognised_people) == ("submitted", 45, None)
    with pytest.raises(Conflict):
        resubmit_achievement(actor=officer, achievement=made, people=44)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    kind=st.sampled_from(["jobs", "tax", "win"]),
    people=st.sampled_from([None, 0, 1, 30]),
    recognised=st.sampled_from([None, 0, 1, 30, 31]),
    amount=st.sampled_from([None, 5]),
    state=st.sampled_from(["submitted", "recognised", "reversed", "withdrawn"]),
)
def test_the_database_takes_people_for_jobs_and_for_nothing_else(
    officer: Account,
    manager: Account,
    project: Project,
    kind: str,
    people: int | None,
    recognised: int | None,
    amount: int | None,
    state: str,
) -> None:
    decided = state in ("recognised", "reversed")
    right = (people is None and recognised is None) if kind != "jobs" else (bool(people) and amount is None)
    if kind == "jobs" and right and people is not None:
        fits = recognised is not None and 0 < recognised <= people
        right = fits if decided or recognised is not None else True
    try:
        with transaction.atomic():
            Achievement.objects.create(
                project=project, kind=kind, happened_on=TODAY, submitted_by=officer, state=state, people=people,
                recognised_people=recognised, amount=amount, amount_cny=amount,
                decided_by=manager if decided else None, recognised_on=TODAY if decided else None,
            )  # fmt: skip
    except IntegrityError:
        assert not right
    else:
        assert right


def test_jobs_have_a_checklist_from_the_beginning(
    officer: Account, manager: Account, project: Project
) -> None:
    EvidenceRequirement.objects.all().delete()
    write_default_checklist(actor=manager)
    made = report_achievement(
        actor=officer, kind="jobs", project=project, happened_on=TODAY, people=5,
        evidence=[make_pdf("用工备案.pdf")], evidence_types=["employment_filing"],
    )  # fmt: skip
    slots = checklists_of([made])[made.pk].slots

    assert [(str(one.label), one.is_required) for one in slots] == [
        ("社保缴纳证明", True),
        ("用工备案", False),
    ]
    with pytest.raises(Refused, match="缺社保缴纳证明"):
        recognise_achievement(actor=manager, achievement=made)


def test_pages_report_decide_and_list_people(officer: Account, manager: Account, project: Project) -> None:
    browser, decider = Client(), Client()
    browser.force_login(officer)
    decider.force_login(manager)
    url = f"/projects/{project.public_id}/achievements/new/?kind=jobs"
    refused = browser.post(url, {"happened_on": str(TODAY), "people": "0", "title": "二季度新增"})
    browser.post(
        url,
        {"happened_on": str(TODAY), "people": "36", "title": "二季度新增", "evidence": make_pdf("社保.pdf")},
    )
    made = Achievement.objects.get(kind="jobs")
    panel = decider.get(f"/achievements/{made.public_id}/recognition/").content.decode()
    decider.post(
        f"/achievements/{made.public_id}/recognition/",
        {"decision": "recognise", "recognised_people": "30", "note": "6 人为调入", "version": made.version,
         "exception_reason": "名册另附"},
    )  # fmt: skip
    made.refresh_from_db()
    listed = browser.get("/achievements/?columns=people,recognised_people").content.decode()
    money = browser.get(f"/projects/{project.public_id}/?tab=money").content.decode()
    told = browser.get(f"/achievements/{made.public_id}/").content.decode()

    assert (refused.status_code, "二季度新增" in refused.content.decode()) == (422, True)
    assert ("申报人数" in panel, "36 人" in panel) == (True, True)
    assert (made.state, made.recognised_people) == ("recognised", 30)
    assert ("新增就业" in money, "36" in money, "30" in listed) == (True, True, True)
    assert ("认定 30 人" in told, "认定人数" in told) == (True, True)


def test_the_api_reports_and_recognises_people(officer: Account, manager: Account, project: Project) -> None:
    body = {"kind": "jobs", "happened_on": str(TODAY), "people": "12"}
    made = Caller(officer, SCOPES).upload(
        f"/api/projects/{project.public_id}/achievements/", body | {"evidence": make_pdf("社保.pdf")}
    )
    number = made.json()["public_id"]
    decided = Caller(manager, SCOPES).post(
        f"/api/achievements/{number}/recognise/",
        {"recognised_people": 10, "note": "2 人为调入", "exception_reason": "名册另附"},
    )

    assert (made.status_code, made.json()["people"], made.json()["amount"]) == (201, 12, None)
    assert (decided.status_code, decided.json()["recognised_people"]) == (200, 10)


@pytest.mark.parametrize("count", [1, 3])
def test_the_money_tab_asks_once_however_many_jobs(officer: Account, project: Project, count: int) -> None:
    for _number in range(count):
        reported(officer, project)

    with CaptureQueriesContext(connection) as queries:
        money_tab(officer, project)
    assert len(queries) == 1
