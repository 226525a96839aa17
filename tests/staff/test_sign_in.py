"""Signing in, the lock after five failures, where one goes afterwards, and signing out."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from promotion.models import AuditEntry
from staff import actions
from staff.models import Account

PASSWORD = "a-long-password"


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def sign_in(client: Client, username: str, password: str, wanted: str = "/profile/", **extra: str):
    return client.post(
        reverse("sign-in"), {"username": username, "password": password, "next": wanted}, **extra
    )


def test_right_password_goes_to_the_wanted_page_and_is_kept_in_the_trail(
    officer: Account, client: Client
) -> None:
    response = sign_in(client, officer.username.upper(), PASSWORD)

    assert (response.status_code, response["Location"]) == (302, "/profile/")
    assert AuditEntry.objects.filter(verb="account.sign-in", actor=officer).count() == 1


def test_wrong_password_says_so_and_keeps_the_name(officer: Account, client: Client) -> None:
    response = sign_in(client, officer.username, "wrong")

    page = response.content.decode()
    assert response.status_code == 422
    assert "登录名或密码不对，没有登录。请核对大小写后重试，还可以试 4 次。" in page
    assert f'value="{officer.username}"' in page
    assert "_auth_user_id" not in client.session


def test_unknown_name_gets_the_same_sentence(db: None, client: Client) -> None:
    assert "登录名或密码不对，没有登录。" in sign_in(client, "nobody", "wrong").content.decode()


def test_sixth_try_is_refused_even_with_the_right_password_but_not_from_elsewhere(
    officer: Account, client: Client
) -> None:
    for _try in range(5):
        sign_in(client, officer.username, "wrong")

    locked = sign_in(client, officer.username, PASSWORD)
    elsewhere = sign_in(client, officer.username, PASSWORD, REMOTE_ADDR="10.0.0.9")

    assert (locked.status_code, elsewhere.status_code) == (422, 302)
    assert "请 5 分钟后再试" in locked.content.decode()


def test_success_wipes_the_failures(officer: Account, client: Client) -> None:
    for password in ["wrong"] * 4 + [PASSWORD] + ["wrong"] * 4:
        sign_in(client, officer.username, password)
        client.logout()

    assert sign_in(client, officer.username, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_page_of_another_house_is_not_gone_to(officer: Account, client: Client, wanted: str) -> None:
    assert sign_in(client, officer.username, PASSWORD, wanted)["Location"] == reverse("home")


def test_first_password_must_be_changed(administrator: Account, client: Client) -> None:
    made, password = actions.create_account(
        actor=administrator, username="newcomer", display_name="新人", role="officer"
    )

    assert sign_in(client, made.username, password)["Location"] == f"{reverse('password')}?first=1"


def test_closed_account_cannot_sign_in(officer: Account, administrator: Account, client: Client) -> None:
    actions.deactivate_account(actor=administrator, account=officer, reason="离职")

    assert sign_in(client, officer.username, PASSWORD).status_code == 422


def test_sign_in_page_shows_both_names_and_needs_no_account(db: None, client: Client) -> None:
    page = client.get(reverse("sign-in")).content.decode()

    assert [name in page for name in ("招商发展中心", "招商局", "English")] == [True, True, True]


def test_sign_out_is_a_post_that_ends_the_session(
    officer: Account, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(officer)

    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out"))["Location"] == reverse("sign-in")
    assert "_auth_user_id" not in client.session


def test_every_other_page_sends_a_stranger_to_the_sign_in(db: None, client: Client) -> None:
    assert client.get(reverse("staff:teams"))["Location"] == "/sign-in/?next=/teams/"
