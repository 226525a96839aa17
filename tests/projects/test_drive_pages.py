"""Pages of supervised drives: begun, filled from the list, reported on, judged and closed; bad input keeps what was typed."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from projects.actions.drive import start_drive
from projects.actions.drive_lines import Target, add_to_drive
from projects.models import Drive, Project
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]


def in_days(count: int) -> date:
    return timezone.localdate() + timedelta(count)


def begun(manager: Account, leader: Account, *projects: Project) -> Drive:
    assert leader.person is not None
    return start_drive(
        actor=manager, name="百日攻坚", leader=leader.person, starts_on=in_days(0), ends_on=in_days(90),
        projects=projects, target=Target(in_days(60), text="厂房交付"),
    )  # fmt: skip


def test_a_drive_goes_from_its_start_to_its_result(
    manager: Account, leader: Account, officer: Account, client_as: SignIn
) -> None:
    project, browser = make_project(officer, name="动力电池"), client_as(manager)
    assert leader.person is not None
    assert "没有进行中的督查行动" in browser.get("/drives/").content.decode()
    browser.post(
        "/drives/new/",
        {"name": "百日攻坚", "leader": leader.person.public_id, "starts_on": in_days(0),
         "last_day": in_days(89), "rhythm": "weekly"},
    )  # fmt: skip
    drive = Drive.objects.get()
    base = f"/drives/{drive.public_id}/"
    assert (drive.ends_on, "动力电池" in browser.get(f"{base}projects/?q=动力").content.decode()) == (
        in_days(90),
        True,
    )
    browser.post(
        f"{base}projects/", {"project": [project.public_id], "text": "厂房交付", "due_on": in_days(60)}
    )
    line = drive.lines.get()
    own = client_as(officer)
    own.post(f"{base}projects/{line.pk}/report/", {"done": "已开挖", "progress": 20, "on": in_days(0)})
    own.post(f"{base}projects/{line.pk}/report/", {"done": "已封顶", "progress": 100, "on": in_days(0)})
    browser.post(f"{base}projects/{line.pk}/done/", {"result": "已交付", "on": in_days(0)})
    browser.post(f"{base}close/", {"result": "一个项目完成", "on": in_days(0)})

    page = own.get(base).content.decode()
    record = own.get(f"/projects/{project.public_id}/").content.decode()
    assert [
        text in page for text in ("已开挖", "历次填报 2", "已封顶", "已交付", "一个项目完成", "填报</a>")
    ] == [*[True] * 5, False]
    assert "百日攻坚" in record
    assert "百日攻坚" in browser.get("/drives/?state=closed").content.decode()


def test_what_was_typed_stays_when_it_is_refused(
    manager: Account, leader: Account, officer: Account, client_as: SignIn
) -> None:
    project, browser = make_project(officer, name="动力电池"), client_as(manager)
    drive = begun(manager, leader)
    given = {"project": [project.public_id], "text": "厂房交付", "due_on": in_days(400)}

    answer = browser.post(f"/drives/{drive.public_id}/projects/", given)

    page = answer.content.decode()
    assert (answer.status_code, "完成期限须在列入日期之后" in page, 'value="厂房交付"' in page) == (
        422,
        True,
        True,
    )
    assert f'value="{project.public_id}" checked' in page
    assert not drive.lines.exists()


def test_two_editors_get_a_sentence_and_keep_their_text(
    manager: Account, leader: Account, officer: Account, client_as: SignIn
) -> None:
    drive = begun(manager, leader, make_project(officer))
    line = drive.lines.get()
    url = f"/drives/{drive.public_id}/projects/{line.pk}/report/"
    given = {"done": "已封顶", "progress": 50, "on": in_days(0), "seen": line.version}
    client_as(officer).post(url, given)

    answer = client_as(leader).post(url, {**given, "done": "约谈了企业"})

    assert (answer.status_code, "约谈了企业" in answer.content.decode()) == (422, True)
    assert line.check_ins.get().done == "已封顶"


def test_a_target_is_changed_and_a_project_removed_by_a_judge(
    manager: Account, leader: Account, officer: Account, client_as: SignIn
) -> None:
    drive = begun(manager, leader, make_project(officer))
    line, judge = drive.lines.get(), client_as(manager)
    base = f"/drives/{drive.public_id}/projects/{line.pk}/"
    given = {"stage": "signed", "due_on": in_days(30), "seen": line.version}
    panel = judge.get(f"{base}target/").content.decode()
    silent = judge.post(f"{base}target/", given)
    forbidden = [client_as(leader).get(f"{base}{verb}/").status_code for verb in ("target", "nothing")]

    judge.post(f"{base}target/", {**given, "reason": "先签约"})
    line.refresh_from_db()
    judge.post(f"{base}remove/", {"reason": "改由市级调度", "seen": line.version})

    assert ('value="厂房交付"' in panel, silent.status_code, line.target_stage) == (True, 422, "signed")
    assert forbidden == [403, 404]
    page = judge.get(f"/drives/{drive.public_id}/").content.decode()
    assert ("已移出的项目" in page, "改由市级调度" in page) == (True, True)


def test_a_drive_is_changed_with_a_reason(
    manager: Account, leader: Account, officer: Account, client_as: SignIn
) -> None:
    drive = begun(manager, leader, make_project(officer))
    assert leader.person is not None
    url = f"/drives/{drive.public_id}/change/"
    given = {
        "name": "年末冲刺",
        "leader": leader.person.public_id,
        "last_day": in_days(99),
        "rhythm": "weekly",
    }
    silent = client_as(manager).post(url, given)

    client_as(manager).post(url, {**given, "reason": "延到年底", "seen": drive.version})

    drive.refresh_from_db()
    assert (silent.status_code, "改期限或牵头人请写明理由" in silent.content.decode()) == (422, True)
    assert (drive.name, drive.ends_on) == ("年末冲刺", in_days(100))
    assert client_as(officer).get(url).status_code == 403


def test_a_record_and_the_list_put_projects_into_a_running_drive(
    manager: Account, leader: Account, officer: Account, client_as: SignIn
) -> None:
    first, second, browser = make_project(officer), make_project(officer), client_as(manager)
    drive = begun(manager, leader)
    given = {"drive": drive.public_id, "stage": "signed", "due_on": in_days(30)}

    browser.post(f"/projects/{first.public_id}/drive/", given)
    browser.post("/drives/choose/", {**given, "row": [second.pk]})

    assert list(drive.lines.order_by("pk").values_list("project", flat=True)) == [first.pk, second.pk]
    assert client_as(officer).get(f"/projects/{first.public_id}/drive/").status_code == 403


def test_a_reader_learns_only_how_many_projects_stay_hidden(
    manager: Account, leader: Account, officer: Account, outsider: Account, client_as: SignIn
) -> None:
    drive = begun(
        manager, leader, make_project(officer, name="动力电池"), make_project(outsider, name="二号芯片")
    )

    page = client_as(officer).get(f"/drives/{drive.public_id}/").content.decode()

    assert ("动力电池" in page, "二号芯片" in page, "另有 1 个项目不在您的可见范围" in page) == (
        True,
        False,
        True,
    )


def test_the_workbook_holds_the_visible_lines_and_is_audited(
    manager: Account, leader: Account, officer: Account, outsider: Account, client_as: SignIn
) -> None:
    drive = begun(
        manager, leader, make_project(officer, name="动力电池"), make_project(outsider, name="二号芯片")
    )

    answer = client_as(officer).get(f"/drives/{drive.public_id}/export/")

    sheet = load_workbook(BytesIO(answer.getvalue())).worksheets[0]
    assert [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["动力电池"]
    assert AuditEntry.objects.get(verb="drive.export").detail["rows"] == 1
    assert client_as(outsider).get("/drives/export/").status_code == 200


def test_a_workbook_that_is_too_long_is_refused(
    manager: Account,
    leader: Account,
    officer: Account,
    client_as: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun(manager, leader, make_project(officer), make_project(officer))
    monkeypatch.setattr("projects.exports.drive.MOST_ROWS", 1)

    answer = client_as(manager).get("/drives/export/")

    assert (answer.status_code, "一次最多导出 1 行，现在有 2 行" in answer.content.decode()) == (422, True)
    assert not AuditEntry.objects.filter(verb="drive.export").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_for_one_project_and_for_three(
    manager: Account,
    leader: Account,
    officer: Account,
    client_as: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    drive = begun(manager, leader)
    projects = [make_project(officer) for _ in range(count)]
    add_to_drive(actor=manager, drive=drive, projects=projects, target=Target(in_days(60), stage="signed"))
    browser = client_as(manager)
    browser.get("/drives/")

    with django_assert_num_queries(QUERIES["detail"]):
        browser.get(f"/drives/{drive.public_id}/")
    with django_assert_num_queries(QUERIES["list"]):
        browser.get("/drives/")


QUERIES = {"detail": 12, "list": 11}
