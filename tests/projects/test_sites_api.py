"""Plots, plants, reservations, promises and the map in the REST API: the same actions, the same sentences."""

from datetime import timedelta

import pytest
from django.utils import timezone

from projects.models import Plot, Project, Promise
from staff.models import Account, Role
from tests.factories.projects import make_company, make_project
from tests.factories.sites import make_plant, make_plot, make_promise
from tests.projects.test_api import Caller

TODAY = timezone.localdate()
UNTIL = str(TODAY + timedelta(90))


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, park="main", company=make_company(officer, region="无锡"))


@pytest.fixture
def as_officer(officer: Account) -> Caller:
    return Caller(officer, ["projects:read", "projects:write"])


@pytest.fixture
def as_manager(manager: Account) -> Caller:
    return Caller(manager, ["projects:read", "projects:write"])


def test_a_plot_is_entered_narrowed_and_changed(as_manager: Caller, as_officer: Caller) -> None:
    body = {
        "park": "main",
        "number": "B-07",
        "area": "60.00",
        "power": 8000,
        "corners": [[0, 0], [200, 0], [200, 200]],
    }

    made = as_manager("post", "plots/", body)
    again = as_manager("post", "plots/", body)
    forbidden = as_officer("post", "plots/", {**body, "number": "B-08"})
    listed = as_officer("get", "plots/", {"min_area": "50", "min_power": "8000"}).json()
    changed = as_manager("patch", f"plots/{made.json()['public_id']}/", {"area": "70", "version": 1})
    stale = as_manager("patch", f"plots/{made.json()['public_id']}/", {"area": "80", "version": 1})

    assert (made.status_code, made.json()["free"], again.status_code, forbidden.status_code) == (
        201, "60.00", 409, 403,
    )  # fmt: skip
    assert [row["number"] for row in listed["results"]] == ["B-07"]
    assert (changed.json()["area"], changed.json()["version"], stale.status_code) == ("70.00", 2, 409)


def test_a_place_is_asked_for_approved_and_released(
    as_officer: Caller, as_manager: Caller, manager: Account, outsider: Account, project: Project
) -> None:
    plot, rival = make_plot(manager), make_project(outsider)
    as_rival = Caller(outsider, ["projects:read", "projects:write"])
    body = {"project": project.public_id, "plot": plot.public_id, "area": "40.00", "ends_on": UNTIL}

    asked = as_officer("post", "reservations/", body, idempotency_key="land-1")
    repeated = as_officer("post", "reservations/", body, idempotency_key="land-1")
    taken = as_rival("post", "reservations/", {**body, "project": rival.public_id})
    foreign = as_rival("post", "reservations/", body)
    waits = as_rival("post", "reservations/", {**body, "project": rival.public_id, "wait": True})
    address = f"reservations/{asked.json()['public_id']}"
    own = as_officer("post", f"{address}/approve/", {})
    approved = as_manager("post", f"{address}/approve/", {"note": "同意", "version": 1})
    endless = as_manager("post", f"{address}/extend/", {"reason": "环评"})
    released = as_officer("post", f"{address}/release/", {"reason": "改选青阳"})
    claimed = as_rival("post", f"reservations/{waits.json()['public_id']}/claim/", {"ends_on": UNTIL})

    assert (asked.status_code, asked.json()["state"], asked.json()["extent"]) == (
        201,
        "requested",
        ["0.00", "40.00"],
    )
    assert repeated.json()["public_id"] == asked.json()["public_id"]
    assert (taken.status_code, taken.json()["code"], "没有重复承诺" in taken.json()["message"]) == (
        409,
        "conflict",
        True,
    )
    assert (foreign.status_code, waits.json()["state"]) == (422, "waiting")
    assert (own.status_code, approved.json()["state"], endless.status_code) == (403, "reserved", 422)
    assert (released.json()["state"], claimed.json()["state"]) == ("released", "requested")
    assert Plot.objects.get().reservations.count() == 2


def test_a_plant_is_entered_with_its_plot(as_manager: Caller, manager: Account) -> None:
    plot = make_plot(manager)
    body = {"park": "main", "building": "1 号楼", "floor": "2 层", "area": "3000", "plot": plot.public_id}

    made = as_manager("post", "plants/", body)
    changed = as_manager("patch", f"plants/{made.json()['public_id']}/", {"rent": "18.50"})

    assert (made.status_code, made.json()["plot"], changed.json()["rent"]) == (201, plot.public_id, "18.50")


def test_a_promise_is_written_down_kept_and_changed(
    as_officer: Caller, as_manager: Caller, officer: Account, project: Project
) -> None:
    body = {
        "project": project.public_id, "direction": "zone", "subject": "land", "text": "交付净地",
        "due_on": str(TODAY + timedelta(30)),
    }  # fmt: skip

    made = as_officer("post", "promises/", body)
    wrong = as_officer("post", "promises/", {**body, "direction": "company"})
    address = f"promises/{made.json()['public_id']}"
    foreign = as_officer("post", f"{address}/waive/", {"reason": "不做了"})
    changed = as_manager(
        "post", f"{address}/change/", {"due_on": str(TODAY + timedelta(60)), "reason": "规划调整"}
    )
    kept = as_officer("post", f"{address}/fulfil/", {"happened_on": str(TODAY)})
    listed = as_officer("get", "promises/", {"standing": "fulfilled"}).json()

    assert (made.status_code, made.json()["standing"], wrong.status_code) == (201, "open", 422)
    assert (foreign.status_code, changed.json()["standing"], len(changed.json()["changes"])) == (
        403,
        "changed",
        1,
    )
    assert (kept.status_code, kept.json()["standing"], listed["count"]) == (201, "fulfilled", 1)
    assert Promise.objects.get().person == officer.person


def test_a_second_person_confirms_over_the_api(
    as_officer: Caller, as_manager: Caller, officer: Account, project: Project
) -> None:
    promise = make_promise(project, officer)
    report = promise.fulfilments.create(happened_on=TODAY, reported_by=officer)
    address = f"promises/{promise.public_id}"

    own = as_officer("post", f"{address}/confirm/", {"fulfilment": report.public_id})
    confirmed = as_manager("post", f"{address}/confirm/", {"fulfilment": report.public_id})
    again = as_manager("post", f"{address}/return/", {"fulfilment": report.public_id, "reason": "缺页"})

    assert (own.status_code, confirmed.json()["standing"], again.status_code) == (403, "fulfilled", 409)


def test_the_map_gives_the_figures_of_both_views(
    as_manager: Caller, manager: Account, project: Project
) -> None:
    make_plant(manager)

    answer = as_manager("get", "map/").json()

    assert answer["homes"] == [{"home": "江苏", "count": 1, "amount": "100000000.00"}]
    assert answer["parks"][0] == {"park": "main", "count": 1, "amount": "100000000.00", "placed": 0}


def test_a_reading_token_writes_nothing(manager: Account) -> None:
    reader = Caller(manager, ["projects:read"])

    assert reader("post", "plots/", {"park": "main"}).status_code == 403
    assert manager.is_role(Role.MANAGER)
