"""One change over several projects: what refuses says why, and it can be taken back where nobody changed it since."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from projects.actions import accept_handover, approve_handover
from projects.actions.bulk import UNDO_WITHIN, change_in_bulk, preview_bulk, undo_bulk
from projects.actions.project import change_project
from projects.models import BulkChange, Handover, Project
from promotion.errors import Conflict, Refused
from promotion.models import AuditEntry, Notice
from staff.models import Account
from tests.factories.projects import make_project, make_share
from tests.projects.test_protection_races import at_once


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
    tried = client.post("/projects/bulk/", {**given, "preview": "1"}).content.decode()
    assert ("可以修改" in tried, BulkChange.objects.count()) == (True, 0)
    empty = client.post("/projects/bulk/", {**given, "next_step": "", "apply": "1"})
    assert (empty.status_code, "2026-12-01" in empty.content.decode()) == (422, True)
    page = client.post("/projects/bulk/", {**given, "apply": "1"}, follow=True).content.decode()
    change = BulkChange.objects.get()
    assert project.name in page
    assert f'data-undo-url="/projects/bulk/{change.public_id}/undo/"' in page
    client.post(f"/projects/bulk/{change.public_id}/undo/")
    project.refresh_from_db()
    assert (project.next_step, outcomes(change)) == ("", ["restored"])


def test_a_row_that_changed_in_between_is_refused_and_says_who(
    officer: Account, leader: Account, client_as: Callable[[Account], Client]
) -> None:
    still, changed = make_project(officer), make_project(officer)
    client = client_as(leader)
    shown = {f"seen-{each.pk}": each.version for each in (still, changed)}
    change_project(actor=officer, project=changed, seen=None, summary="改过")

    rows = {"row": [still.pk, changed.pk], "what": "park", "park": "main", "apply": "1", **shown}
    page = client.post("/projects/bulk/", rows, follow=True).content.decode()

    assert outcomes(BulkChange.objects.get()) == ["changed", "refused"]
    assert officer.display_name in BulkChange.objects.get().rows.get(outcome="refused").note
    assert "未修改 1 个" in page


def test_a_preview_says_what_would_happen_and_writes_nothing(officer: Account, colleague: Account) -> None:
    mine, theirs = make_project(officer), make_project(colleague)
    before = AuditEntry.objects.count()

    rows = preview_bulk(actor=officer, projects=[mine, theirs], what="park", values={"park": "main"})

    assert [row.outcome for row in rows] == ["changed", "refused"]
    assert (rows[1].note != "", BulkChange.objects.count(), AuditEntry.objects.count()) == (True, 0, before)
    assert list(Project.objects.values_list("park", flat=True)) == ["", ""]


def test_another_owner_is_asked_for_and_undo_takes_the_request_back(
    officer: Account, colleague: Account, leader: Account
) -> None:
    first, second = make_project(officer), make_project(officer)
    given = {"projects": [first, second], "what": "owner", "values": {"receiver": colleague.person}}
    with pytest.raises(Refused) as refusal:
        change_in_bulk(actor=officer, **given)  # type: ignore[arg-type]
    assert list(refusal.value.fields) == ["reason"]

    change = change_in_bulk(actor=officer, **given, reason="分工调整")  # type: ignore[arg-type]
    assert outcomes(change) == ["changed", "changed"]
    assert set(Project.objects.values_list("owner", flat=True)) == {officer.person_id}
    asked = Handover.objects.get(project=first)
    accept_handover(actor=colleague, handover=asked)
    approve_handover(actor=leader, handover=asked)
    undo_bulk(actor=officer, change=change)

    assert outcomes(change) == ["kept", "restored"]
    assert list(Handover.objects.order_by("project_id").values_list("state", flat=True)) == [
        "approved",
        "cancelled",
    ]


def test_undo_ends_after_half_an_hour(officer: Account) -> None:
    change = change_in_bulk(
        actor=officer, projects=[make_project(officer)], what="park", values={"park": "main"}
    )
    BulkChange.objects.filter(pk=change.pk).update(made_at=timezone.now() - UNDO_WITHIN * 2)
    with pytest.raises(Refused, match="30 分钟"):
        undo_bulk(actor=officer, change=change)


def test_bulk_changes_over_the_api(
    officer: Account, outsider: Account, client_as: Callable[[Account], Client]
) -> None:
    mine, stale, theirs = make_project(officer), make_project(officer), make_project(outsider)
    client, url = client_as(officer), "/api/bulk-changes/"

    def send(address: str, **more: object) -> object:
        body = {
            "projects": [mine.public_id, stale.public_id],
            "versions": {stale.public_id: stale.version + 1},
            "what": "park",
            "park": "main",
            **more,
        }
        return client.post(address, body, content_type="application/json")

    tried = send(f"{url}preview/")
    assert [row["outcome"] for row in tried.json()] == ["changed", "refused"]  # type: ignore[attr-defined]
    assert not BulkChange.objects.exists()
    unseen = send(url, projects=[mine.public_id, theirs.public_id])
    assert (unseen.status_code, theirs.public_id in unseen.content.decode()) == (404, True)  # type: ignore[attr-defined]
    for wrong in ({"park": "moon"}, {"what": "status", "status": "suspended"}, {"what": "industry"}):
        assert send(url, **wrong).status_code in (400, 422)  # type: ignore[attr-defined]
    made = send(url).json()  # type: ignore[attr-defined]
    assert [row["outcome"] for row in made["rows"]] == ["changed", "refused"]
    assert client_as(outsider).get(f"{url}{made['public_id']}/").status_code == 404
    undone = client.post(f"{url}{made['public_id']}/undo/").json()
    assert [row["outcome"] for row in undone["rows"]] == ["restored", "refused"]
    assert client.post(f"{url}{made['public_id']}/undo/").status_code == 409
    assert Notice.objects.count() == 0


def test_every_state_of_a_change_stays_readable(officer: Account) -> None:
    change = change_in_bulk(
        actor=officer, projects=[make_project(officer)], what="park", values={"park": "main"}
    )
    undo_bulk(actor=officer, change=change)
    row = change.rows.get()
    assert list(row.events.order_by("pgh_id").values_list("outcome", flat=True)) == ["changed", "restored"]  # type: ignore[attr-defined]
    assert change.events.count() == 2  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_over_the_same_rows(officer: Account, leader: Account, manager: Account) -> None:
    projects = [make_project(officer) for _each in range(3)]
    seen = {project.pk: project.version for project in projects}
    sets = ((leader, projects[:2], "main"), (manager, projects[1:], "qingyang"))

    said = at_once(
        *(
            lambda actor=actor, chosen=chosen, park=park: change_in_bulk(
                actor=actor, projects=chosen, what="park", values={"park": park}, seen=seen
            )
            for actor, chosen, park in sets
        )
    )

    assert said == ["done", "done"]
    told = [row for change in BulkChange.objects.all() for row in change.rows.all()]
    refused = [row for row in told if row.outcome == "refused"]
    assert [row.project_id for row in refused] == [projects[1].pk]
    winner = next(row for row in told if row.project_id == projects[1].pk and row.outcome == "changed")
    assert winner.change.made_by.display_name in refused[0].note
    assert Project.objects.get(pk=projects[1].pk).park == winner.change.values["park"]
