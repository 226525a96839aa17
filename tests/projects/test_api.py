"""The REST API of projects: scopes, repeated writes, older versions, the feed of changes, refusals, and its document."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from projects.actions import change_project, log_lead
from projects.models import Achievement, Company, Project
from staff.authentication import key_hash
from staff.models import Account, ApiToken, Role
from tests.factories.files import make_pdf
from tests.factories.projects import make_achievement, make_company, make_project

CODE = "91350100M000100Y43"
LEAD = {
    "name": "动力电池",
    "company_name": "示例新能源",
    "channel": "fund",
    "planned_investment": "350000000.00",
}


class Caller:
    """Another system with a token."""

    def __init__(self, account: Account, scopes: list[str]) -> None:
        self.key = f"key-{account.pk}-{'-'.join(scopes)}"
        self.account = account
        ApiToken.objects.create(
            account=account, name="联网系统", prefix="key", key_hash=key_hash(self.key), scopes=scopes
        )

    def __call__(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        sent = {"authorization": f"Token {self.key}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        client = Client(headers=sent)
        if method == "get":
            return client.get(f"/api/{path}", data)
        return getattr(client, method)(f"/api/{path}", data, content_type="application/json")


@pytest.fixture
def system(db: None) -> Account:
    return Account.objects.create_user("statistics", role=Role.API_CLIENT, display_name="统计系统")


@pytest.fixture
def call(system: Account) -> Caller:
    return Caller(system, ["projects:read", "projects:write"])


def test_lead_is_logged_once_for_one_idempotency_key(call: Caller, officer: Account) -> None:
    body = LEAD | {"owner": officer.person.staff_number, "credit_code": CODE}

    first = call("post", "leads/", body, idempotency_key="a1")
    again = call("post", "leads/", body, idempotency_key="a1")
    other = call("post", "leads/", body | {"name": "另一个"}, idempotency_key="a1")

    project = Project.objects.get()
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    reply = first.json()
    assert reply["public_id"] == project.public_id
    assert reply["company"] == {
        "public_id": project.company.public_id,
        "name": "示例新能源",
        "credit_code": CODE,
    }
    assert (reply["planned_investment"], reply["stage"], reply["version"]) == ("350000000.00", "lead", 1)
    assert (reply["owner"]["staff_number"], reply["team"]) == (
        officer.person.staff_number,
        {"code": "GJ1", "name": "项目攻坚一队"},
    )


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"owner": "nobody"}, 422, "owner"),
        ({"credit_code": CODE[:-1] + "0"}, 422, "credit_code"),
        ({"company": "nowhere"}, 422, "company"),
        ({"stage": "signed"}, 400, "stage"),
        ({"channel": "telepathy"}, 400, "channel"),
        ({"planned_investment": "很多"}, 400, "planned_investment"),
        ({"next_step_on": "2026-02-30"}, 400, "next_step_on"),
    ],
)
def test_wrong_lead_is_refused_at_its_field(
    call: Caller, officer: Account, changed: dict, status: int, field: str
) -> None:
    reply = call("post", "leads/", LEAD | {"owner": officer.person.staff_number} | changed)

    assert (reply.status_code, list(reply.json()["fields"])) == (status, [field])
    assert set(reply.json()) == {"code", "message", "fields"}
    assert (Project.objects.count(), Company.objects.count()) == (0, 0)


def test_unknown_field_is_answered_with_the_known_ones(call: Caller) -> None:
    reply = call("post", "companies/check/", {"nmae": "示例"})

    assert reply.json()["fields"] == {
        "nmae": "没有这个字段，或不能在这里修改；可用的字段：credit_code、name。"
    }


def test_system_without_a_person_must_name_the_owner(call: Caller) -> None:
    reply = call("post", "leads/", LEAD)

    assert (reply.status_code, reply.json()["fields"]) == (422, {"owner": "请指定服务专员。"})


def test_lead_on_a_held_company_is_a_masked_conflict(
    call: Caller, officer: Account, outsider: Account
) -> None:
    log_lead(actor=outsider, name="秘密项目", company_name="示例新能源", channel="fund")

    reply = call("post", "leads/", LEAD | {"owner": officer.person.staff_number})

    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")
    assert "由 项目攻坚二队 自" in reply.json()["message"]
    assert "秘密项目" not in reply.content.decode()


@pytest.mark.parametrize(
    ("scopes", "reading", "writing"),
    [(["projects:read"], 200, 403), (["projects:write"], 403, 201), (["kpi:read", "staff:read"], 403, 403)],
)
def test_token_does_no_more_than_its_scopes(
    system: Account, officer: Account, scopes: list[str], reading: int, writing: int
) -> None:
    caller = Caller(system, scopes)

    assert caller("get", "projects/").status_code == reading
    assert caller("post", "leads/", LEAD | {"owner": officer.person.staff_number}).status_code == writing


def test_without_a_token_nothing_is_answered(db: None) -> None:
    for path in ("projects/", "companies/", "achievements/", "leads/"):
        assert Client().get(f"/api/{path}").status_code in (401, 302)
        assert Client(headers={"authorization": "Token wrong"}).get(f"/api/{path}").status_code == 401


def test_token_of_an_officer_sees_what_the_officer_sees(officer: Account, outsider: Account) -> None:
    mine, hidden = make_project(officer), make_project(outsider)
    caller = Caller(officer, ["projects:read"])

    listed = caller("get", "projects/").json()

    assert (listed["count"], [row["public_id"] for row in listed["results"]]) == (1, [mine.public_id])
    assert caller("get", f"projects/{mine.public_id}/").status_code == 200
    assert caller("get", f"projects/{hidden.public_id}/").status_code == 404


def test_project_list_filters_and_costs_the_same(
    call: Caller, officer: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_project(officer, stage="signed", channel="fund")
    call("get", "projects/")
    with django_assert_num_queries(3):
        call("get", "projects/")
    for _n in range(3):
        make_project(officer, channel="event")
    with django_assert_num_queries(3):
        assert call("get", "projects/").json()["count"] == 4

    def found(**filters: str) -> int:
        return call("get", "projects/", filters).json()["count"]

    assert (found(stage="signed"), found(channel="event"), found(team="GJ1"), found(team="GJ9")) == (
        1,
        3,
        4,
        0,
    )
    assert call("get", "projects/", {"page_size": "2", "page": "2"}).json()["previous"] is not None


@pytest.mark.parametrize("wrong", [{"stge": "signed"}, {"stage": "nowhere"}, {"changed_since": "yesterday"}])
def test_wrong_filter_is_refused(call: Caller, wrong: dict) -> None:
    reply = call("get", "projects/", wrong)

    assert (reply.status_code, list(reply.json()["fields"])) == (400, list(wrong))


def test_feed_of_changes_is_read_to_its_end_without_gap_or_repeat(call: Caller, officer: Account) -> None:
    projects = [make_project(officer) for _n in range(7)]
    moment = timezone.now()
    for place, project in enumerate(projects):
        # The first is from before; of the others, some share one moment, as a bulk change leaves them.
        at = moment + timedelta(seconds=place // 3) if place else moment - timedelta(days=1)
        Project.objects.filter(pk=project.pk).update(changed_at=at)

    seen: list[str] = []
    cursor = {"changed_since": moment.isoformat()}
    for _page in range(10):
        rows = call("get", "projects/", cursor | {"page_size": "2"}).json()["results"]
        if not rows:
            break
        seen += [row["public_id"] for row in rows]
        cursor = {"changed_since": rows[-1]["changed_at"], "after": rows[-1]["public_id"]}

    assert seen == [project.public_id for project in projects[1:]]


def test_change_needs_the_version_that_was_read(call: Caller, officer: Account) -> None:
    project = make_project(officer)
    path = f"projects/{project.public_id}/"

    changed = call("patch", path, {"version": 1, "next_step": "实地考察", "planned_investment": "5000.00"})
    late = call("patch", path, {"version": 1, "next_step": "别的"})
    blind = call("patch", path, {"next_step": "别的"})

    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert (changed.json()["next_step"], changed.json()["planned_investment"]) == ("实地考察", "5000.00")
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert "统计系统" in late.json()["message"]
    assert (blind.status_code, list(blind.json()["fields"])) == (400, ["version"])
    project.refresh_from_db()
    assert project.next_step == "实地考察"


def test_change_by_somebody_else_is_named(call: Caller, officer: Account) -> None:
    project = make_project(officer)
    change_project(actor=officer, project=project, seen=1, summary="补充")

    reply = call("patch", f"projects/{project.public_id}/", {"version": 1, "summary": "覆盖"})

    assert reply.status_code == 409
    assert officer.display_name in reply.json()["message"]


def test_stage_is_not_changed_by_patch(call: Caller, officer: Account) -> None:
    project = make_project(officer)

    reply = call("patch", f"projects/{project.public_id}/", {"version": 1, "stage": "produced"})

    assert (reply.status_code, list(reply.json()["fields"])) == (400, ["stage"])


def test_project_is_advanced_with_what_the_gate_misses(call: Caller, officer: Account) -> None:
    project = make_project(officer, industry="")
    path = f"projects/{project.public_id}/advance/"

    refused = call("post", path, {"to": "negotiation"})
    moved = call("post", path, {"to": "negotiation", "details": {"industry": "materials"}})
    skipped = call("post", path, {"to": "signed"})

    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["industry"])
    assert (moved.status_code, moved.json()["stage"], moved.json()["industry"]) == (
        200,
        "negotiation",
        "materials",
    )
    assert skipped.status_code == 422


def test_follow_up_is_written_with_its_next_step(call: Caller, officer: Account) -> None:
    project = make_project(officer)
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    body = {"kind": "visit", "text": "看了厂房", "next_step": "补材料", "next_step_on": day}

    written = call("post", f"projects/{project.public_id}/follow-ups/", body, idempotency_key="f1")
    again = call("post", f"projects/{project.public_id}/follow-ups/", body, idempotency_key="f1")
    wrong = call("post", f"projects/{project.public_id}/follow-ups/", body | {"kind": "dream"})

    assert (written.status_code, again.status_code, wrong.status_code) == (201, 201, 400)
    assert project.follow_ups.count() == 1
    project.refresh_from_db()
    assert (project.next_step, project.next_step_on.isoformat()) == ("补材料", day)


def test_money_is_reported_by_one_and_recognised_by_another(
    officer: Account, manager: Account, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    project = make_project(officer, stage="signed")
    reporter, decider = (Caller(a, ["projects:read", "projects:write"]) for a in (officer, manager))
    file = make_pdf("回单.pdf")
    body = {
        "kind": "paid_in",
        "happened_on": timezone.localdate().isoformat(),
        "amount": "1000000.00",
        "currency": "USD",
        "exchange_rate": "7.120300",
        "rate_on": timezone.localdate().isoformat(),
        "certificate": "YZ-1",
        "evidence": file,
    }
    client = Client(headers={"authorization": f"Token {reporter.key}"})

    reported = client.post(f"/api/projects/{project.public_id}/achievements/", body)
    assert reported.status_code == 201, reported.content.decode()
    own = reporter("post", f"achievements/{reported.json()['public_id']}/recognise/", {})
    decided = decider("post", f"achievements/{reported.json()['public_id']}/recognise/", {"version": 1})
    late = decider("post", f"achievements/{reported.json()['public_id']}/return/", {"reason": "缺验资报告"})

    assert (reported.json()["state"], reported.json()["amount_cny"]) == ("submitted", "7120300.00")
    assert own.status_code == 403
    assert (decided.status_code, decided.json()["state"], decided.json()["recognised_cny"]) == (
        200,
        "recognised",
        "7120300.00",
    )
    assert late.status_code in (409, 422)


def test_achievement_is_sent_back_with_a_reason(officer: Account, manager: Account) -> None:
    project = make_project(officer, stage="signed")
    achievement = make_achievement(project, officer)
    decider = Caller(manager, ["projects:read", "projects:write"])
    path = f"achievements/{achievement.public_id}/return/"

    nameless = decider("post", path, {"reason": ""})
    returned = decider("post", path, {"reason": "缺签字页"})

    assert nameless.status_code == 400
    assert (returned.status_code, returned.json()["state"], returned.json()["decision_note"]) == (
        200,
        "returned",
        "缺签字页",
    )
    assert Achievement.objects.get().state == "returned"


def test_achievements_are_listed_by_project_state_and_day(call: Caller, officer: Account) -> None:
    project, other = make_project(officer), make_project(officer)
    make_achievement(project, officer, happened_on=date(2026, 3, 1), amount=Decimal(5))
    make_achievement(other, officer, happened_on=date(2026, 4, 1))

    def found(**filters: str) -> list[str]:
        rows = call("get", "achievements/", filters).json()["results"]
        return [row["project"]["public_id"] for row in rows]

    assert found() == [other.public_id, project.public_id]
    assert found(project=project.public_id, state="submitted") == [project.public_id]
    assert found(happened_from="2026-04-01") == [other.public_id]
    assert found(kind="paid_in") == []


def test_company_check_answers_duplicates_and_the_fault_of_the_code(call: Caller, officer: Account) -> None:
    make_company(officer, name="示例新能源有限公司")

    reply = call("post", "companies/check/", {"name": "示例新能源", "credit_code": "123"}).json()

    assert reply["credit_code_fault"] == "统一社会信用代码应为 18 位，您填了 3 位；请对照营业执照补全。"
    assert [(hit["title"], hit["visible"]) for hit in reply["duplicates"]] == [("示例新能源有限公司", True)]
    assert [row["name"] for row in call("get", "companies/", {"q": "新能源"}).json()["results"]] == [
        "示例新能源有限公司"
    ]


def test_openapi_document_builds_without_warnings(tmp_path: Any) -> None:
    file = tmp_path / "openapi.yaml"

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))

    text = file.read_text()
    assert text.startswith("openapi: 3.1.0")
    for path in (
        "/api/leads/",
        "/api/projects/{public_id}/advance/",
        "/api/achievements/{public_id}/return/",
    ):
        assert f"  {path}:" in text


def test_api_page_has_no_inline_script_and_no_outside_asset(
    officer: Account, client_as: Callable[[Account], Client]
) -> None:
    html = client_as(officer).get("/api/").content.decode()

    assert "<script>" not in html
    assert "<style" not in html
    assert 'style="' not in html
    assert "//cdn" not in html
    assert client_as(officer).get("/api/openapi.json").status_code == 200
    assert Client().get("/api/").status_code in (302, 401, 403)
