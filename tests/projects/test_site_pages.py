"""The pages of plots, plants and reservations, and the map."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.access import projects_visible_to
from projects.geography import PROVINCES
from projects.models import Plot, Project, Reservation
from projects.queries.map import SQUARES, home_sums, park_plans
from projects.queries.site import Demand, candidates
from staff.models import Account
from tests.factories.projects import make_company, make_project
from tests.factories.sites import make_plant, make_plot, make_reservation

TODAY = timezone.localdate()
Sign = Callable[[Account], Client]


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, name="动力电池项目", park="main")


@pytest.fixture
def plot(manager: Account) -> Plot:
    return make_plot(manager, number="B-07")


def test_a_manager_enters_and_changes_a_plot(manager: Account, officer: Account, client_as: Sign) -> None:
    client = client_as(manager)
    typed = {
        "park": "main", "number": "B-07", "area": "60", "use": "industrial", "power": "8000", "ownership": "state",
        "status": "open", "price": "28", "corners": "0,0 200,0 200,200", "has_water": "on",
    }  # fmt: skip

    wrong = client.post("/sites/plots/new/", {**typed, "area": "0", "corners": "0,0 9"})
    made = client.post("/sites/plots/new/", typed)
    plot = Plot.objects.get()
    again = client.post("/sites/plots/new/", typed)
    stale = client.post(f"/sites/plots/{plot.public_id}/edit/", {**typed, "area": "70", "version": "9"})
    changed = client.post(f"/sites/plots/{plot.public_id}/edit/", {**typed, "area": "70", "version": "1"})
    plot.refresh_from_db()

    assert (wrong.status_code, made.status_code, again.status_code) == (422, 302, 422)
    assert "已有同一编号的地块" in again.content.decode()
    assert (stale.status_code, changed.status_code) == (422, 302)
    assert (plot.area, plot.price, plot.corners, plot.version) == (
        70,
        280_000,
        [[0, 0], [200, 0], [200, 200]],
        2,
    )
    assert client_as(officer).post("/sites/plots/new/", typed).status_code == 403


def test_the_list_says_what_is_free_and_narrows(
    officer: Account, manager: Account, project: Project, plot: Plot, client_as: Sign
) -> None:
    make_reservation(project, plot, officer, area=Decimal(25), extent=(Decimal(0), Decimal(25)))
    make_plot(manager, number="C-01", power=2000)
    client = client_as(officer)

    whole = client.get("/sites/").content.decode()
    large = client.get("/sites/?min_area=40").content.decode()
    strong = client.get("/sites/?min_power=5000").content.decode()
    later = client.get(f"/sites/?min_area=40&free_from={TODAY + timedelta(90)}").content.decode()

    assert ("B-07" in whole, "C-01" in whole, ">35<" in whole) == (True, True, True)
    assert ("B-07" in large, "C-01" in large) == (False, True)
    assert ("B-07" in strong, "C-01" in strong) == (True, False)
    assert "B-07" in later


@pytest.mark.parametrize("address", ["/sites/", "/sites/plants/", "/sites/reservations/", "/projects/map/",
                                     "/projects/map/homes/", "/sites/match/?area=10"])  # fmt: skip
def test_pages_cost_the_same_with_one_row_and_with_three(
    officer: Account, manager: Account, client_as: Sign, address: str
) -> None:
    client = client_as(officer)
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            project = make_project(officer, park="main")
            make_reservation(project, make_plot(manager), officer)
            make_plant(manager)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_officer_asks_on_the_project_and_what_was_typed_stays(
    officer: Account, outsider: Account, project: Project, plot: Plot, client_as: Sign
) -> None:
    url = f"/projects/{project.public_id}/reserve/"
    until = TODAY + timedelta(90)
    typed = {
        "site": plot.public_id,
        "area": "",
        "starts_on": str(TODAY),
        "ends_on": str(until),
        "reason": "一期",
    }
    client = client_as(officer)

    wrong = client.post(url, {**typed, "ends_on": str(TODAY), "reason": "首期厂房"})
    made = client.post(url, typed)
    kept = Reservation.objects.get()
    record = client.get(f"/projects/{project.public_id}/").content.decode()
    rival = make_project(outsider)
    second = client_as(outsider).post(f"/projects/{rival.public_id}/reserve/", typed)
    waits = client_as(outsider).post(f"/projects/{rival.public_id}/reserve/", {**typed, "wait": "on"})
    masked = client_as(outsider).get(f"/sites/plots/{plot.public_id}/").content.decode()

    assert (wrong.status_code, "首期厂房" in wrong.content.decode()) == (422, True)
    assert (made.status_code, made["Location"]) == (302, f"/sites/reservations/{kept.public_id}/")
    assert record.count("高新区本部 B-07") >= 2
    assert (second.status_code, "登记候补" in second.content.decode()) == (422, True)
    assert waits.status_code == 302
    assert ("动力电池项目" in masked, "其他团队的项目" in masked) == (False, True)


def test_the_leader_decides_on_the_page(
    officer: Account, leader: Account, project: Project, plot: Plot, client_as: Sign
) -> None:
    asked = make_reservation(project, plot, officer, state="requested")
    url = f"/sites/reservations/{asked.public_id}/"
    seen = {"officer": client_as(officer).get(url), "leader": client_as(leader).get(url)}

    refused = client_as(officer).post(f"{url}approve/", {"note": "", "seen": "1"})
    stale = client_as(leader).post(f"{url}approve/", {"note": "", "seen": "7"})
    done = client_as(leader).post(f"{url}approve/", {"note": "同意", "seen": "1"})
    unknown = client_as(leader).get(f"{url}burn/")
    asked.refresh_from_db()

    assert [("approve/" in page.content.decode()) for page in seen.values()] == [False, True]
    assert (refused.status_code, stale.status_code, done.status_code, unknown.status_code) == (
        403,
        422,
        302,
        404,
    )
    assert (asked.state, asked.decision_note) == ("reserved", "同意")


def test_candidates_are_ranked_with_why_and_why_not(
    officer: Account, manager: Account, project: Project
) -> None:
    large = make_plot(manager, number="B-01", area=100, power=10000)
    exact = make_plot(manager, number="B-02", area=62, power=8000)
    weak = make_plot(manager, number="B-03", area=60, power=4000)
    taken = make_plot(manager, number="B-04", area=60, power=9000)
    make_plot(manager, number="B-05", area=60, power=9000, status="closed")
    make_reservation(project, taken, officer)

    found = candidates(officer, Demand(area=Decimal(60), power=8000, use="industrial"))

    assert [(each.site, each.missing) for each in found] == [(exact, 0), (large, 0), (weak, 1), (taken, 1)]
    assert [reason.text for reason in found[2].reasons if not reason.fits] == ["供电 4000 kVA"]
    assert [reason.text for reason in found[3].reasons if not reason.fits] == ["可用 0 / 60 亩"]


def test_the_park_map_shows_ones_own_projects_and_masks_the_rest(
    officer: Account, outsider: Account, manager: Account, project: Project, plot: Plot, client_as: Sign
) -> None:
    Project.objects.filter(pk=project.pk).update(stage="signed")
    make_reservation(project, plot, officer)
    rival = make_project(outsider, name="对手项目", park="main")
    make_reservation(rival, make_plot(manager, number="B-08"), outsider)
    make_plot(manager, number="B-09")
    make_plot(manager, number="B-10", status="preparing")

    (main, qingyang) = park_plans(officer, projects_visible_to(officer))
    page = client_as(officer).get("/projects/map/").content.decode()

    assert [(shape.plot.number, shape.look, shape.words) for shape in main.shapes] == [
        ("B-07", "stage-4", "动力电池项目"),
        ("B-08", "other", "已占用"),
        ("B-09", "free", "可供 60 亩"),
        ("B-10", "closed", "整理中"),
    ]
    assert (main.count, main.amount, main.placed) == (1, 100_000_000, 1)
    assert (qingyang.shapes, qingyang.count) == ((), 0)
    assert ("动力电池项目" in page, "对手项目" in page, 'style="' in page) == (True, False, False)


def test_the_home_map_sums_by_province_and_country_and_leads_to_the_list(
    officer: Account, manager: Account, client_as: Sign
) -> None:
    for country, region in (
        ("中国", "江苏无锡"),
        ("中国", "苏州"),
        ("日本", ""),
        ("奥地利", ""),
        ("中国", ""),
    ):
        make_project(officer, company=make_company(officer, country=country, region=region))

    sums = home_sums(Project.objects.all())
    page = client_as(manager).get("/projects/map/homes/?industry=new_energy").content.decode()
    listed = {
        home: client_as(manager).get(f"/projects/list/?home={home}").content.decode().count("data-row")
        for home in ("江苏", "日本", "other", "unknown")
    }

    assert sums == {
        "江苏": (2, Decimal(200_000_000)),
        "日本": (1, Decimal(100_000_000)),
        "other": (1, Decimal(100_000_000)),
        "unknown": (1, Decimal(100_000_000)),
    }
    assert "/projects/list/?industry=new_energy&amp;home=%E6%B1%9F%E8%8B%8F" in page
    assert listed == {"江苏": 2, "日本": 1, "other": 1, "unknown": 1}


def test_every_province_has_one_square_of_its_own() -> None:
    assert set(SQUARES) == set(PROVINCES)
    assert len(set(SQUARES.values())) == len(SQUARES) == 34
