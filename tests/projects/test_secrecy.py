"""A secret project exists for its owner, its named readers and auditors, and counts elsewhere without a name."""

import contextlib
from pathlib import Path

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from projects.access import companies_visible_to, hidden_from, projects_visible_to, shown_names
from projects.actions import end_reader, lift_secrecy, make_secret, name_reader
from projects.models import Project, ProjectView
from projects.queries.sight import viewers_of
from promotion.action import record
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff.models import Account, Person, Role
from tests.factories.projects import make_achievement, make_company, make_project, make_recognised, make_share

NAME, COMPANY, CODE = "天狼星电池基地", "天狼星控股", "青峰行动"


@pytest.fixture
def boss(manager: Account) -> Account:
    manager.person = Person.objects.create(staff_number="M1", name="分管领导", joined_on="2020-01-01")
    manager.save()
    return manager


@pytest.fixture
def secret(officer: Account, boss: Account) -> Project:
    project = make_project(officer, name=NAME, company=make_company(officer, name=COMPANY))
    make_share(project, officer.person)
    make_recognised(project, officer, boss)
    return make_secret(actor=boss, project=project, code_name=CODE, reason="涉及上市公司收购")


def sees(account: Account, project: Project) -> bool:
    return projects_visible_to(account).filter(pk=project.pk).exists()


def test_only_owner_readers_and_auditors_see_it(
    secret: Project, officer: Account, colleague: Account, leader: Account, boss: Account, deputy: Account,
    auditor: Account, outsider: Account,
) -> None:  # fmt: skip
    everybody = (officer, colleague, leader, boss, deputy, auditor, outsider)
    assert [sees(one, secret) for one in everybody] == [True, False, False, True, False, True, False]

    reader = name_reader(actor=boss, project=secret, person=outsider.person, reason="联合审查")
    assert sees(outsider, secret)
    assert [one.name for one in viewers_of(secret)][1:] == [
        officer.person.name,
        outsider.person.name,
        "分管领导",
    ]

    end_reader(actor=boss, reader=reader)
    assert not sees(outsider, secret)

    lift_secrecy(actor=boss, project=secret, reason="已公告")
    assert [sees(one, secret) for one in everybody] == [True, True, True, True, True, True, False]


def test_refusals_say_what_is_missing(officer: Account, boss: Account, leader: Account) -> None:
    project = make_project(officer, name=NAME)
    with pytest.raises(Refused) as refused:
        make_secret(actor=boss, project=project, code_name="天狼星", reason="")
    assert set(refused.value.fields) == {"code_name", "reason"}
    with pytest.raises(NotAllowed):
        make_secret(actor=leader, project=project, code_name="青峰", reason="保密")
    with pytest.raises(Refused):
        lift_secrecy(actor=boss, project=project, reason="不再需要")


def test_it_counts_under_its_code_name_and_the_company_is_masked(
    secret: Project, officer: Account, deputy: Account, boss: Account
) -> None:
    assert shown_names(deputy, [secret]) == {secret.pk: f"保密项目「{CODE}」"}
    assert shown_names(boss, [secret]) == {secret.pk: NAME}
    assert str(secret) == f"「{CODE}」"
    assert AuditEntry.objects.filter(verb="project.secret").get().target_label == f"「{CODE}」"
    assert [companies_visible_to(one).filter(name=COMPANY).exists() for one in (officer, boss, deputy)] == [
        True,
        True,
        False,
    ]
    assert hidden_from(deputy).get() == secret
    with pytest.raises(NotFound):
        name_reader(actor=deputy, project=secret, person=deputy.person or boss.person, reason="想看")


SEARCHES = (
    "/projects/list/?status=any&q=天狼星", "/companies/?q=天狼星", "/search/?q=天狼星", "/search/?q=tianlangxing",
    "/leads/check/?name=天狼星电池基地", "/projects/?q=天狼星", "/achievements/?q=天狼星", "/api/v1/projects/?q=天狼星",
)  # fmt: skip
NAMES = Path("tests/architecture/urls.txt").read_text()


def addresses() -> list[str]:
    """Every address that needs no record: lists, sums, exports, dashboards and the lists of the API."""
    found = []
    for name in (line.split()[0] for line in NAMES.splitlines() if line and not line.startswith("#")):
        with contextlib.suppress(NoReverseMatch):
            found.append(reverse(name))
    return [url for url in dict.fromkeys(found) if "logout" not in url]


@pytest.mark.parametrize("role", ["colleague", "leader", "deputy", "outsider", "hr", "administrator"])
def test_its_name_is_nowhere_for_whoever_does_not_see_it(
    role: str, secret: Project, request: pytest.FixtureRequest
) -> None:
    if role in ("hr", "administrator"):
        account = Account.objects.create(username=role, password="!", display_name=role, role=Role(role))
    else:
        account = request.getfixturevalue(role)
    client = Client()
    client.force_login(account)
    for url in addresses():
        answer = client.get(url)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode(errors="replace")
        assert ("天狼星" in text, secret.public_id in text) == (False, False), url
    for url in SEARCHES:
        assert secret.public_id not in client.get(url).content.decode(), url
    assert client.get(f"/projects/{secret.public_id}/").status_code == 404
    assert client.get(f"/projects/{secret.public_id}/sight/").status_code == 404


def test_every_reading_is_logged_and_the_owner_reads_the_log(
    secret: Project, officer: Account, auditor: Account, boss: Account, client: Client
) -> None:
    for account, url in ((auditor, ""), (boss, "?tab=timeline")):
        client.force_login(account)
        client.get(f"/projects/{secret.public_id}/{url}")
    client.force_login(auditor)
    client.get("/projects/workbook/?status=any")
    assert list(ProjectView.objects.order_by("pk").values_list("account", "kind")) == [
        (auditor.pk, "record"), (boss.pk, "record"), (auditor.pk, "export"),
    ]  # fmt: skip
    client.force_login(officer)
    assert auditor.display_name in client.get(f"/projects/{secret.public_id}/sight/").content.decode()


def test_pages_make_secret_name_and_open(
    secret: Project, boss: Account, colleague: Account, client: Client
) -> None:
    client.force_login(boss)
    base = f"/projects/{secret.public_id}"
    client.post(f"{base}/readers/", {"person": colleague.person.public_id, "reason": "协办"})
    assert sees(colleague, secret)
    assert client.post(f"{base}/readers/", {"reason": "协办"}).status_code == 422
    reader = secret.readers.get(person=colleague.person)
    client.post(f"{base}/readers/{reader.pk}/end/")
    assert not sees(colleague, secret)
    client.post(f"{base}/secret/", {"reason": "已公告"})
    secret.refresh_from_db()
    assert (secret.is_secret, secret.code_name) == (False, "")


def test_the_trail_holds_back_what_was_written_before_the_project_became_secret(
    officer: Account, boss: Account, auditor: Account, administrator: Account, client: Client
) -> None:
    project = make_project(officer, name=NAME, company=make_company(officer, name=COMPANY))
    record(actor=officer, verb="project.change", target=project, detail={"name": [NAME, "新名"]})
    achievement = make_achievement(project, officer)
    record(actor=officer, verb="achievement.report", target=achievement, reason=NAME)
    record(actor=officer, verb="company.change", target=project.company)
    make_secret(actor=boss, project=project, code_name=CODE, reason="涉及上市公司收购")

    client.force_login(administrator)
    held_back = client.get("/audit/").content.decode()
    client.force_login(auditor)
    whole = client.get("/audit/").content.decode()

    assert "天狼星" not in held_back
    assert held_back.count(f"保密项目「{CODE}」") >= 2
    assert NAME in whole


def test_the_api_makes_secret_names_readers_logs_and_opens(
    officer: Account, boss: Account, colleague: Account, deputy: Account, client: Client
) -> None:
    project = make_project(officer, name=NAME)
    base = f"/api/projects/{project.public_id}"
    json = {"content_type": "application/json"}
    client.force_login(officer)
    assert client.post(f"{base}/secrecy/", {"code_name": CODE, "reason": "收购"}, **json).status_code == 403
    client.force_login(boss)
    given_away = client.post(f"{base}/secrecy/", {"code_name": "天狼星", "reason": "收购"}, **json)
    made = client.post(f"{base}/secrecy/", {"code_name": CODE, "reason": "收购", "version": 1}, **json)
    stale = client.post(f"{base}/secrecy/", {"code_name": CODE, "reason": "收购", "version": 1}, **json)
    assert (given_away.status_code, made.json()["is_secret"], stale.status_code) == (422, True, 409)

    named = client.post(
        f"{base}/readers/", {"person": colleague.person.staff_number, "reason": "协办"}, **json
    )
    client.force_login(colleague)
    assert client.get(f"{base}/sight/").json()["code_name"] == CODE
    client.force_login(boss)
    assert client.get(f"{base}/views/").status_code == 403
    client.post(f"{base}/readers/{named.json()['id']}/end/", **json)
    client.force_login(deputy)
    assert client.get(f"{base}/sight/").status_code == 404
    client.force_login(officer)
    log = client.get(f"{base}/views/").json()["results"]
    assert [(line["account"], line["kind"]) for line in log] == [(colleague.display_name, "api")]
    client.force_login(boss)
    opened = client.post(f"{base}/secrecy/lift/", {"reason": "已公告"}, **json)
    assert opened.json()["is_secret"] is False
