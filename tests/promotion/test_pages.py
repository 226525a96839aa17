"""The frame's own pages: language, health, saved views, notices, refusals, and a database that goes away."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from promotion.actions import notify
from promotion.models import SavedView
from staff.models import Account


@pytest.mark.django_db
def test_language_switch_turns_the_page_english(client: Client) -> None:
    response = client.post("/language/", {"language": "en", "next": "/sign-in/"})

    assert (response.status_code, response["Location"]) == (302, "/sign-in/")
    assert 'lang="en"' in client.get("/sign-in/").content.decode()


@pytest.mark.django_db
def test_language_switch_leads_to_no_foreign_site(client: Client) -> None:
    response = client.post("/language/", {"language": "en", "next": "https://example.org/"})

    assert response["Location"] == "/"


@pytest.mark.django_db
def test_health_names_what_answers(client: Client) -> None:
    response = client.get("/health/")

    told = {"ok": True, "database": True, "cache": True, "sealed_archives": "unused", "year_seals": "unused"}
    assert (response.status_code, response.json()) == (200, told)


@pytest.mark.django_db
def test_view_is_kept_and_dropped_and_a_name_is_used_once(
    officer: Account, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(officer)
    kept = {"name": "我的在谈", "url_name": "projects:list", "query": "stage=negotiation"}

    client.post("/views/save/", kept)
    again = client.post("/views/save/", {**kept, "query": "stage=signed"})

    view = SavedView.objects.get(owner=officer)
    assert (view.name, view.query) == ("我的在谈", "stage=negotiation")
    assert again.status_code == 422
    assert "您已有名为“我的在谈”的视图" in again.content.decode()
    assert 'value="stage=signed"' in again.content.decode()
    client.post(f"/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


@pytest.mark.django_db
def test_view_of_another_is_not_there(
    officer: Account, outsider: Account, client_as: Callable[[Account], Client]
) -> None:
    view = SavedView.objects.create(owner=officer, name="我的", url_name="projects:list")

    response = client_as(outsider).post(f"/views/{view.pk}/delete/")

    assert (response.status_code, SavedView.objects.count()) == (404, 1)


@pytest.mark.django_db
def test_view_without_name_is_refused_with_a_sentence(
    officer: Account, client_as: Callable[[Account], Client]
) -> None:
    response = client_as(officer).post("/views/save/", {"name": " ", "url_name": "projects:list"})

    assert response.status_code == 422
    assert "请给这个视图起一个名字" in response.content.decode()


@pytest.mark.django_db
def test_notices_are_counted_and_read(officer: Account, client_as: Callable[[Account], Client]) -> None:
    notify(recipients=[officer], text="签约已认定", url="/")
    client = client_as(officer)

    assert "签约已认定" in client.get("/notices/").content.decode()
    client.post("/notices/read/")
    assert not officer.notices.filter(read_at=None).exists()


@pytest.mark.django_db
def test_every_page_forbids_inline_script_and_style(
    officer: Account, client_as: Callable[[Account], Client]
) -> None:
    policy = client_as(officer).get("/notices/")["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_refusal_reaches_htmx_as_a_toast(officer: Account, client_as: Callable[[Account], Client]) -> None:
    response = client_as(officer).post(
        "/views/save/", {"name": "", "url_name": "projects:list"}, headers={"HX-Request": "true"}
    )

    assert response.status_code == 422
    assert "toast" in response["HX-Trigger"]
    assert response["HX-Reswap"] == "none"


@pytest.mark.django_db(transaction=True)
def test_database_restart_gives_a_clear_page_and_then_recovery(
    officer: Account, client_as: Callable[[Account], Client]
) -> None:
    """The server ends the connection under the request, as a restart does; the next request reconnects."""
    client = client_as(officer)
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()

    away = client.get("/notices/")
    back = client.get("/notices/")

    assert (away.status_code, away["Retry-After"], back.status_code) == (503, "3", 200)
    assert "数据库正在重启" in away.content.decode()
