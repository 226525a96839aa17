"""One change over several projects: what refuses says why, and it can be taken back where nobody changed it since."""

import pytest
from django.test import Client

from projects.actions.bulk import change_in_bulk, undo_bulk
from projects.actions.project import change_project
from projects.models import BulkChange, Project
from promotion.errors import Conflict, Refused
from staff.models import Account
from tests.factories.projects import make_project, make_share


def outcomes(change: BulkChange) -> list[str]:
    return list(change.rows.order_by("project_id").values_list("outcome", flat=True))


def test_change_reports_refusals_and_undo_restores_what_nobody_touched(
    officer: Account, colleague: Account
) -> None:
    mine, touched, theirs = make_project(officer), make_project(officer), make_project(colleague)
    for project in (mine, touched, theirs):
        make_share(project, project.owner)
    change = change_in_bulk(
        actor=officer, projects=[theirs, mine, touched], what="park", values={"park": "main"}
    )
    assert outcomes(change) == ["changed", "changed", "refused"]
    assert list(Project.objects.order_by("pk").values_list("park", flat=True)) == ["main", "main", ""]

    change_project(actor=officer, project=touched, seen=None, summary="改过")
    undo_bulk(actor=officer, change=change)
    assert outcomes(change) == ["restored", "kept", "refused"]
    assert list(Project.objects.order_by("pk").values_list("park", flat=True)) == ["", "main", ""]
    with pytest.raises(Conflict):
        undo_bulk(actor=officer, change=change)


def test_status_needs_a_reason(officer: Account) -> None:
    project = make_project(officer)
    with pytest.raises(Refused):
        change_in_bulk(actor=officer, projects=[project], what="status", values={"status": "suspended"})
    change = change_in_bulk(
        actor=officer, projects=[project], what="status", values={"status": "suspended"}, reason="等土地"
    )
    undo_bulk(actor=officer, change=change)
    project.refresh_from_db()
    assert (outcomes(change), project.status) == (["restored"], "active")


def test_pages_from_the_selection_to_the_undo(officer: Account, client: Client) -> None:
    project = make_project(officer)
    client.force_login(officer)
    assert "批量修改" in client.post("/projects/bulk/", {"row": [project.pk]}).content.decode()
    given = {"row": [project.pk], "what": "next_step", "next_step": "回访", "next_step_on": "2026-12-01"}
    client.post("/projects/bulk/", given)
    change = BulkChange.objects.get()
    page = client.get(f"/projects/bulk/{change.public_id}/").content.decode()
    assert project.name in page
    client.post(f"/projects/bulk/{change.public_id}/undo/")
    project.refresh_from_db()
    assert (project.next_step, outcomes(change)) == ("", ["restored"])
