"""Joint reviews in the API: the same actions, the same sentences, the paper as PDF, the conditions to their end."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from projects.actions.joint_review import decide_joint_review, open_joint_review
from projects.actions.review_opinion import give_opinion
from projects.actions.secrecy import make_secret
from projects.models import Department, JointReview, Project, ProjectView
from projects.queries.review_record import fingerprint_of, record_data
from promotion.models import AuditEntry
from promotion.working_days import working_calendar
from staff.models import Account
from tests.factories.departments import make_department
from tests.factories.files import make_pdf
from tests.factories.projects import make_project
from tests.projects.test_evidence_api import SCOPES, Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, name="动力电池")


@pytest.fixture
def departments(db: None) -> list[Department]:
    return [make_department("planning", "规划建设局"), make_department("power", "供电公司")]


def begun(call: Caller, project: Project, **fields: Any) -> Any:
    body = {"subject": "供地和用能方案", "departments": ["planning", "power"], **fields}
    return call.post(f"/api/reviews/of-project/{project.public_id}/", body)


def test_a_round_goes_from_its_start_to_its_paper_and_its_conditions_to_their_end(
    officer: Account, manager: Account, project: Project, departments: list[Department]
) -> None:
    asker, decider = Caller(officer, SCOPES), Caller(manager, SCOPES)
    assert officer.person is not None
    started = begun(asker, project, body_name="bureau")
    base = f"/api/reviews/{started.json()['public_id']}/"
    line = {
        "text": "取得总量指标",
        "owner": officer.person.staff_number,
        "due_on": str(timezone.localdate() + timedelta(20)),
    }
    lines = [line, line | {"text": "补环评"}]
    given = {"department": "planning", "opinion": "conditional", "text": "须有指标", "conditions": lines}
    answered = asker.post(f"{base}opinions/", given)
    early = decider.post(f"{base}decide/", {"outcome": "passed", "note": "同意"})
    unpapered = asker.get(f"{base}paper/")
    asker.post(f"{base}opinions/", {"department": "power", "opinion": "agree"})
    forbidden = asker.post(f"{base}decide/", {"outcome": "passed", "note": "同意"})
    decided = decider.post(f"{base}decide/", {"outcome": "passed", "note": "同意"})
    paper = asker.get(f"{base}paper/")
    kept = asker.get("/api/conditions/?open=true").json()["results"]
    fulfilled = asker.upload(
        f"/api/conditions/{kept[0]['id']}/fulfil/", {"note": "已取得批复", "upload": make_pdf("批复.pdf")}
    )

    due = working_calendar().after(timezone.localdate(), 10)
    assert (started.status_code, started.json()["due_on"], started.json()["body_name"]) == (
        201,
        str(due),
        "bureau",
    )
    opinions = answered.json()["opinions"]
    assert [(one["department"]["code"], one["opinion"], len(one["conditions"])) for one in opinions] == [
        ("planning", "conditional", 2),
        ("power", "", 0),
    ]
    assert (early.status_code, "还缺：供电公司" in early.json()["message"]) == (422, True)
    assert (unpapered.status_code, forbidden.status_code) == (404, 403)
    assert (decided.json()["state"], decided.json()["given"], decided.json()["asked"]) == ("passed", 2, 2)
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert [one["text"] for one in kept] == ["取得总量指标", "补环评"]
    assert (fulfilled.status_code, fulfilled.json()["closed_on"]) == (200, str(timezone.localdate()))
    verbs = AuditEntry.objects.filter(verb__regex=r"^(review|condition)\.").order_by("id")
    assert [entry.verb for entry in verbs] == [
        "review.open",
        "review.opinion",
        "review.opinion",
        "review.decide",
        "condition.close",
    ]


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"departments": ["nowhere"]}, 400, "departments"),
        ({"departments": []}, 422, "departments"),
        ({"due_on": "2020-01-01"}, 422, "due_on"),
        ({"due_on": "2099-01-01"}, 422, "due_on"),
        ({"subject": ""}, 400, "subject"),
        ({"body_name": "ministry"}, 400, "body_name"),
        ({"quorum": 1}, 400, "quorum"),
    ],
)
def test_a_start_that_cannot_be_names_its_field(
    officer: Account,
    project: Project,
    departments: list[Department],
    changed: dict[str, Any],
    status: int,
    field: str,
) -> None:
    reply = begun(Caller(officer, SCOPES), project, **changed)

    assert (reply.status_code, list(reply.json()["fields"])) == (status, [field])
    assert not JointReview.objects.exists()


def test_a_chosen_day_is_the_deadline_and_a_second_round_waits_for_the_first(
    officer: Account, project: Project, departments: list[Department]
) -> None:
    call = Caller(officer, SCOPES)
    day = str(timezone.localdate() + timedelta(days=3))

    first, second = begun(call, project, due_on=day), begun(call, project)
    withdrawn = call.post(f"/api/reviews/{first.json()['public_id']}/withdraw/", {"reason": "方案有调整"})

    assert (first.json()["due_on"], second.status_code, withdrawn.json()["state"]) == (day, 409, "withdrawn")


def test_an_opinion_over_a_newer_one_is_a_conflict_that_names_it(
    officer: Account, leader: Account, project: Project, departments: list[Department]
) -> None:
    call = Caller(officer, SCOPES)
    base = f"/api/reviews/{begun(call, project).json()['public_id']}/"
    body = {"department": "power", "opinion": "agree", "version": 1}

    first = Caller(leader, SCOPES).post(f"{base}opinions/", body)
    second = call.post(f"{base}opinions/", body | {"opinion": "against", "text": "容量不足"})

    assert (first.status_code, second.status_code) == (200, 409)
    assert f"{leader.display_name} 已登记供电公司的意见“同意”" in second.json()["message"]


def test_a_department_out_of_use_is_not_asked(
    officer: Account, project: Project, departments: list[Department]
) -> None:
    Department.objects.filter(code="power").update(is_open=False)

    reply = begun(Caller(officer, SCOPES), project)

    assert (reply.status_code, reply.json()["fields"]) == (
        422,
        {"departments": "供电公司已停用，请改选在用的部门。"},
    )


def test_reading_the_review_of_a_secret_project_is_kept(
    officer: Account,
    manager: Account,
    deputy: Account,
    project: Project,
    departments: list[Department],
    client_as: Any,
) -> None:
    review = open_joint_review(actor=officer, project=project, subject="用地", departments=departments)
    make_secret(actor=manager, project=project, code_name="青松", reason="上市公司要求")

    hidden = Caller(deputy, SCOPES).get(f"/api/reviews/{review.public_id}/")
    Caller(officer, SCOPES).get(f"/api/reviews/{review.public_id}/")
    client_as(officer).get(f"/reviews/{review.public_id}/")

    assert hidden.status_code == 404
    assert [(one.account, one.kind) for one in ProjectView.objects.order_by("id")] == [
        (officer, "api"),
        (officer, "record"),
    ]


def test_conditions_come_with_the_stamped_paper_in_one_upload(
    officer: Account, project: Project, departments: list[Department]
) -> None:
    call = Caller(officer, SCOPES)
    base = f"/api/reviews/{begun(call, project).json()['public_id']}/"
    assert officer.person is not None
    line = {"text": "补环评", "owner": officer.person.staff_number, "due_on": str(timezone.localdate())}
    body = {"department": "power", "opinion": "conditional", "text": "须补", "upload": make_pdf("意见.pdf")}

    kept = call.upload(f"{base}opinions/", body | {f"conditions[0]{name}": line[name] for name in line})
    wrong = call.upload(f"{base}opinions/", {"department": "power", "opinion": "agree", "terms[0]text": "无"})

    row = JointReview.objects.get().opinions.get(department__code="power")
    assert (kept.status_code, [one.text for one in row.conditions.all()]) == (200, ["补环评"])
    assert row.evidence is not None
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["terms"])


def test_the_paper_and_its_number_are_chinese_for_whoever_reads_english(
    officer: Account, manager: Account, project: Project, departments: list[Department]
) -> None:
    with translation.override("en"):
        review = open_joint_review(actor=officer, project=project, subject="用地", departments=departments)
        for each in departments:
            give_opinion(actor=officer, review=review, department=each, opinion="agree")
        decided = decide_joint_review(actor=manager, review=review, outcome="passed", note="同意")

    assert decided.number == f"{project.code} 会签1"
    assert decided.document is not None
    assert decided.document.title == f"会签单 {project.code} 会签1.pdf"
    assert decided.fingerprint == fingerprint_of(record_data(decided))


def test_reviews_are_told_apart_and_hidden_from_whoever_does_not_see_the_project(
    officer: Account, outsider: Account, departments: list[Department]
) -> None:
    late, fresh = (make_project(officer, name=name) for name in ("一号", "二号"))
    day = timezone.localdate() - timedelta(days=30)
    old = open_joint_review(
        actor=officer, project=late, subject="用地", departments=departments[:1], opened_on=day
    )
    new = open_joint_review(actor=officer, project=fresh, subject="用能", departments=departments)
    call, stranger = Caller(officer, SCOPES), Caller(outsider, SCOPES)

    def found(query: str) -> list[str]:
        return [one["public_id"] for one in call.get(f"/api/reviews/?{query}").json()["results"]]

    assert found("overdue=true") == [old.public_id]
    assert found("overdue=false") == [new.public_id]
    assert found("department=power") == [new.public_id]
    assert found("state=passed") == []
    assert found(f"project={late.public_id}") == [old.public_id]
    assert stranger.get("/api/reviews/").json()["count"] == 0
    assert stranger.get(f"/api/reviews/{old.public_id}/").status_code == 404
    assert stranger.post(f"/api/reviews/{old.public_id}/withdraw/", {"reason": "无"}).status_code == 404


def test_lists_cost_the_same_with_one_and_with_three(officer: Account, departments: list[Department]) -> None:
    call = Caller(officer, SCOPES)
    call.get("/api/reviews/")  # the token's last use is written once
    counted = []
    for number in (1, 2):
        for each in range(number):
            project = make_project(officer, name=f"项目{number}{each}")
            review = open_joint_review(
                actor=officer, project=project, subject="用地", departments=departments
            )
            give_opinion(actor=officer, review=review, department=departments[0], opinion="agree")
        with CaptureQueriesContext(connection) as captured:
            assert call.get("/api/reviews/").json()["count"] == (1 if number == 1 else 3)
        counted.append(len(captured))
    assert counted[0] == counted[1]
