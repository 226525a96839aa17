"""Saved views: kept, shared, made the default; a shared one applies conditions only, and each list can be kept."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from promotion import access
from promotion.actions import change_view, delete_view, save_view
from promotion.errors import NotFound, Refused
from promotion.models import AuditEntry, SavedView
from staff.models import Account, Role, Team
from tests.factories.projects import make_project
from tests.factories.staff import make_account, make_team
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db
ClientAs = Callable[[Account], Client]
ROOT = Path(__file__).parents[2]


def kept(actor: Account, name: str = "在谈", **given: object) -> SavedView:
    values = {"url_name": "projects:list", "query": "stage=lead", **given}
    return save_view(actor=actor, name=name, **values)  # type: ignore[arg-type]


def seen(actor: Account) -> list[str]:
    return list(access.saved_views_visible_to(actor).values_list("name", flat=True))


def test_a_view_reaches_its_owner_its_team_or_everybody(
    officer: Account, leader: Account, outsider: Account, manager: Account, first_team: Team
) -> None:
    office = make_account(Role.OFFICER, team=make_team(code="LL1", name="联络处", parent=first_team))
    kept(officer, "自己")
    kept(leader, "本队", audience=f"team:{first_team.public_id}")
    kept(manager, "大家", audience="everyone")

    for actor, names in (
        (officer, {"自己", "本队", "大家"}),
        (leader, {"本队", "大家"}),
        (office, {"本队", "大家"}),
        (outsider, {"大家"}),
        (manager, {"大家"}),
    ):
        assert set(seen(actor)) == names, actor


def test_what_one_may_not_share_is_refused_and_nothing_is_kept(
    officer: Account, leader: Account, manager: Account, first_team: Team, second_team: Team
) -> None:
    for actor, audience in (
        (officer, "everyone"),
        (officer, f"team:{first_team.public_id}"),
        (leader, "everyone"),
        (leader, f"team:{second_team.public_id}"),
        (manager, "team:nowhere"),
    ):
        with pytest.raises(Refused) as refusal:
            kept(actor, audience=audience)
        assert list(refusal.value.fields) == ["audience"]
    with pytest.raises(Refused, match="不能收藏"):
        kept(manager, url_name="projects:lead-new")
    with pytest.raises(Refused, match="条件太多"):
        kept(manager, query="q=" + "a" * 1000)
    assert not SavedView.objects.exists()
    assert kept(manager, audience=f"team:{second_team.public_id}").audience == f"team:{second_team.public_id}"


def test_a_name_is_used_once_and_only_the_owner_changes_or_deletes(
    officer: Account, colleague: Account, manager: Account
) -> None:
    first, second = kept(officer, "甲"), kept(officer, "乙")
    with pytest.raises(Refused, match="您已有名为“甲”的视图"):
        kept(officer, " 甲 ")
    with pytest.raises(Refused, match="您已有名为“甲”的视图"):
        change_view(actor=officer, pk=second.pk, name="甲", audience="", is_default=False)
    kept(colleague, "甲")
    shared = kept(manager, "共享", audience="everyone")
    for perform in (
        lambda: change_view(actor=officer, pk=shared.pk, name="丙", audience="", is_default=False),
        lambda: delete_view(actor=officer, pk=shared.pk),
    ):
        with pytest.raises(NotFound):
            perform()
    change_view(actor=officer, pk=first.pk, name="丙", audience="", is_default=True)
    delete_view(actor=officer, pk=second.pk)

    assert list(SavedView.objects.filter(owner=officer).values_list("name", "is_default")) == [("丙", True)]
    verbs = list(AuditEntry.objects.filter(actor=officer).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["view.save", "view.save", "view.change", "view.delete"]


def test_a_shared_view_shows_each_reader_only_the_rows_that_he_may_see(
    officer: Account, outsider: Account, manager: Account, client_as: ClientAs
) -> None:
    make_project(officer, name="甲厂"), make_project(outsider, name="丁厂")
    view = kept(manager, "线索", audience="everyone")

    for account, names in ((officer, ["甲厂"]), (outsider, ["丁厂"]), (manager, ["甲厂", "丁厂"])):
        client = client_as(account)
        assert f"/projects/list/?{view.query}".replace("/projects/list/", reverse("projects:list")) in (
            client.get(reverse("views")).content.decode()
        )
        rows = client.get(f"{reverse('projects:list')}?{view.query}").context["list"].page.object_list
        assert sorted(row.name for row in rows) == sorted(names)


def test_the_default_view_opens_its_list_and_is_left_by_clearing(
    officer: Account, client_as: ClientAs
) -> None:
    client, url = client_as(officer), reverse("projects:list")
    assert client.get(url).status_code == 200
    kept(officer, "甲", is_default=True)
    kept(officer, "乙", query="stage=signed&view=all&page=3", is_default=True)
    kept(officer, "板", url_name="projects:board", query="mine=1", is_default=True)

    assert client.get(url)["Location"] == f"{url}?stage=signed"
    cleared = client.get(f"{url}?view=all")
    assert (cleared.status_code, cleared.context["list"].is_filtered) == (200, False)
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 200
    taken_off = client.get(f"{url}?stage=signed").context["list"].active_filters[0]["remove_url"]
    assert taken_off == "?view=all"
    board = reverse("projects:board")
    assert client.get(board)["Location"] == f"{board}?mine=1"
    assert SavedView.objects.filter(is_default=True).count() == 2


def test_the_rail_and_the_page_show_the_visible_views(
    officer: Account, colleague: Account, manager: Account, client_as: ClientAs
) -> None:
    own, hidden = kept(officer, "自己的"), kept(colleague, "别人的")
    shared = kept(manager, "大家的", audience="everyone")
    client = client_as(officer)

    home = client.get(reverse("notices")).content.decode()
    listed = client.get(reverse("views")).content.decode()

    for text in (home, listed):
        assert ("自己的" in text, "大家的" in text, "别人的" in text) == (True, True, False)
        assert f"{manager.display_name} 共享" in text
        assert reverse("view-delete", args=[own.pk]) in text
        assert reverse("view-delete", args=[shared.pk]) not in text
    assert client.get(reverse("view-edit", args=[shared.pk])).status_code == 404
    assert client.get(reverse("view-edit", args=[hidden.pk])).status_code == 404


def test_a_view_is_changed_on_its_page_and_a_wrong_name_loses_nothing(
    leader: Account, first_team: Team, client_as: ClientAs
) -> None:
    client, view = client_as(leader), kept(leader)
    url, team = reverse("view-edit", args=[view.pk]), f"team:{first_team.public_id}"

    wrong = client.post(url, {"name": " ", "audience": team, "is_default": "on"})
    right = client.post(url, {"name": "本队在谈", "audience": team, "is_default": "on"})

    assert (wrong.status_code, f'value="{team}" selected' in wrong.content.decode()) == (422, True)
    view.refresh_from_db()
    assert (right.status_code, view.name, view.audience, view.is_default) == (302, "本队在谈", team, True)


def test_every_list_answers_a_fragment_and_can_be_kept(manager: Account, client_as: ClientAs) -> None:
    named = {
        name
        for app in ("projects", "staff", "kpi")
        for path in (ROOT / app / "views").glob("*.py")
        if "ListPage(" in (text := path.read_text("utf-8"))
        for name in re.findall(r'url_name="([a-z:-]+)"', text)
    }
    assert named <= set(settings.VIEW_PAGES)
    client = client_as(manager)
    for name in settings.VIEW_PAGES:
        region = client.get(f"{reverse(name)}?view=all", headers={"HX-Request": "true"})
        assert region.status_code in (200, 403), name
        assert "<html" not in region.content.decode(), name
        saved = client.post(reverse("view-save"), {"name": name, "url_name": name, "query": "sort=name"})
        assert saved["Location"] == f"{reverse(name)}?sort=name", name
        page = client.get(f"{reverse(name)}?sort=name")
        if page.status_code == 200:
            assert f'name="url_name" value="{name}"' in page.content.decode(), name
    assert SavedView.objects.count() == len(settings.VIEW_PAGES)


def test_views_over_the_api(officer: Account, manager: Account, client_as: ClientAs) -> None:
    client = client_as(officer)
    body = {"name": "在谈", "page": "projects:list", "query": "stage=negotiation"}
    shared = kept(manager, "大家的", audience="everyone")

    made = client.post("/api/saved-views/", body, content_type="application/json")
    again = client.post("/api/saved-views/", body, content_type="application/json")
    forbidden = client.post(
        "/api/saved-views/", {**body, "name": "乙", "audience": "everyone"}, content_type="application/json"
    )
    own = f"/api/saved-views/{made.json()['id']}/"
    changed = client.patch(own, {"is_default": True}, content_type="application/json")
    foreign = client.patch(
        f"/api/saved-views/{shared.pk}/", {"name": "我的"}, content_type="application/json"
    )
    listed = client.get("/api/saved-views/").json()
    dropped = client.delete(own)

    assert (made.status_code, again.status_code, forbidden.status_code) == (201, 422, 422)
    assert (changed.json()["is_default"], changed.json()["name"]) == (True, "在谈")
    assert (foreign.status_code, dropped.status_code) == (404, 204)
    assert sorted((one["name"], one["owner"]) for one in listed) == sorted(
        [("在谈", officer.display_name), ("大家的", manager.display_name)]
    )


@pytest.mark.django_db(transaction=True)
def test_a_list_opens_with_one_view_even_when_two_are_made_the_default_at_once(officer: Account) -> None:
    views = [kept(officer, name) for name in ("甲", "乙")]

    said = at_once(
        *(
            lambda view=view: change_view(
                actor=officer, pk=view.pk, name=view.name, audience="", is_default=True
            )
            for view in views
        )
    )

    assert "done" in said
    assert set(said) <= {"done", "Conflict"}
    assert SavedView.objects.filter(owner=officer, is_default=True).count() == 1
